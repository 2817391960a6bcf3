/* input STROKES MODEL [DRAWINGS]: what the input methods of the kiosk cost; what input_bench.sh
 * prints. Typed key by key, five candidates shown after each: the names of the built-in topics and
 * their other names. STROKES is rime-data-stroke's list, MODEL zinnia's. DRAWINGS, if given, is a
 * folder of X.json with "medians", the strokes of character X on a grid of 900, upwards (npm:
 * hanzi-writer-data); the characters of the content are drawn from it. */
#include <json-glib/json-glib.h>
#include <malloc.h>
#include <string.h>
#include <time.h>

#include "charset/pinyin.h"
#include "kiosk/handwriting.h"
#include "kiosk/input.h"
#include "tests/db/starter.h"

#define SHOWN 5 /* candidates in the row above the keys */
#define GRID  900

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); /* the machine may have other work */
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double resident_kib(void)
{
    g_autofree char *status = NULL;

    malloc_trim(0);
    if (!g_file_get_contents("/proc/self/status", &status, NULL, NULL)) return 0;
    return g_ascii_strtod(strstr(status, "VmRSS:") + 6, NULL);
}

static int compare_doubles(gconstpointer a, gconstpointer b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static void print_times(GArray *times_us)
{
    double sum = 0;

    if (!times_us->len) return;
    g_array_sort(times_us, compare_doubles);
    for (guint i = 0; i < times_us->len; i++)
        sum += g_array_index(times_us, double, i);
    printf(" %7u %9.1f %9.1f %9.1f", times_us->len, sum / times_us->len,
           g_array_index(times_us, double, (guint)(0.99 * (times_us->len - 1))),
           g_array_index(times_us, double, times_us->len - 1));
}

/* ---- what is typed ---- */

static GPtrArray *names_of(const Catalogue *c)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < c->topic_count; i++) {
        g_ptr_array_add(names, (gpointer)c->topics[i].name);
        for (char **name = c->topics[i].alternate_names; *name; name++)
            g_ptr_array_add(names, *name);
    }
    return names;
}

/* Letters, or digits; what is neither is left out, as is what exceeds a composition. */
static char *keys_of(const char *name, PinyinInputKind kind)
{
    static const char digits[] = "22233344455566677778889999";
    g_autofree char *spaced = pinyin_text(name);
    GString *keys = g_string_new(NULL);

    for (const char *at = spaced; *at && keys->len < INPUT_KEYS_MAX; at++)
        if (*at >= 'a' && *at <= 'z')
            g_string_append_c(keys, kind == PINYIN_INPUT_NINE ? digits[*at - 'a'] : *at);
    return g_string_free(keys, FALSE);
}

static GHashTable *stroke_codes(const char *path)
{
    GHashTable *codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autofree char *content = NULL;

    if (!g_file_get_contents(path, &content, NULL, NULL)) return codes;
    g_auto(GStrv) lines = g_strsplit(content, "\n", -1);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, "\t", 2);
        if (g_strv_length(cells) == 2)
            g_hash_table_insert(codes, g_strdup(cells[0]), g_strdup(cells[1]));
    }
    return codes;
}

/* ---- measuring ---- */

typedef struct {
    GArray *times_us;   /* a key, and the first candidates */
    guint typed, first; /* texts, and those that then stood first */
    guint keys_needed;  /* STROKE: until the character was shown */
} Run;

static void type_keys(Input *input, const char *keys, const char *meant, Run *run)
{
    gboolean is_shown = FALSE;

    for (const char *key = keys; *key; key++) {
        double start = now_us();
        input_key(input, *key);
        for (guint i = 0; i < SHOWN; i++)
            input_candidate(input, i);
        double took = now_us() - start;
        g_array_append_val(run->times_us, took);
        run->keys_needed += !is_shown;
        for (guint i = 0; i < SHOWN && !is_shown; i++)
            is_shown = g_strcmp0(input_candidate(input, i), meant) == 0;
    }
    run->typed++;
    run->first += g_strcmp0(input_candidate(input, 0), meant) == 0;
    input_clear(input);
}

static void type_strokes(Input *input, const char *name, GHashTable *codes, Run *run)
{
    for (; *name; name = g_utf8_next_char(name)) {
        g_autofree char *ch = g_utf8_substring(name, 0, 1);
        const char *code = g_hash_table_lookup(codes, ch);
        if (code) type_keys(input, code, ch, run);
    }
}

static void measure(PinyinInputKind kind, const char *title, GPtrArray *names, GHashTable *codes)
{
    Run run = { .times_us = g_array_new(FALSE, FALSE, sizeof(double)) };
    g_autoptr(GError) error = NULL;
    double resident = resident_kib(), start = now_us();
    g_autoptr(Input) input = pinyin_input_new(kind, &error);
    g_assert_no_error(error);
    double open_us = now_us() - start;

    for (guint i = 0; i < names->len; i++) {
        if (kind == PINYIN_INPUT_STROKE) {
            type_strokes(input, names->pdata[i], codes, &run);
            continue;
        }
        g_autofree char *keys = keys_of(names->pdata[i], kind);
        type_keys(input, keys, names->pdata[i], &run);
    }
    printf("%-8s %8.2f %9.0f", title, open_us / 1e3, resident_kib() - resident);
    print_times(run.times_us);
    printf(" %7.1f%% %7.2f\n", 100.0 * run.first / run.typed, (double)run.keys_needed / run.typed);
    g_array_unref(run.times_us);
}

/* ---- handwriting ---- */

static GArray *read_drawing(const char *folder, const char *ch)
{
    g_autofree char *name = g_strconcat(ch, ".json", NULL);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(JsonParser) parser = json_parser_new_immutable();

    if (!json_parser_load_from_file(parser, path, NULL)) return NULL;
    JsonArray *strokes =
        json_object_get_array_member(json_node_get_object(json_parser_get_root(parser)), "medians");
    GArray *points = g_array_new(FALSE, FALSE, sizeof(HandwritingPoint));
    for (guint s = 0; s < json_array_get_length(strokes); s++) {
        JsonArray *stroke = json_array_get_array_element(strokes, s);
        for (guint i = 0; i < json_array_get_length(stroke); i++) {
            JsonArray *pair = json_array_get_array_element(stroke, i);
            HandwritingPoint point = { s, (int)json_array_get_int_element(pair, 0),
                                       GRID - (int)json_array_get_int_element(pair, 1) };
            g_array_append_val(points, point);
        }
    }
    return points;
}

static char *characters_of(GPtrArray *names)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    GString *all = g_string_new(NULL);

    for (guint i = 0; i < names->len; i++)
        for (const char *at = names->pdata[i]; *at; at = g_utf8_next_char(at)) {
            gunichar ch = g_utf8_get_char(at);
            if (g_unichar_get_script(ch) == G_UNICODE_SCRIPT_HAN &&
                g_hash_table_add(seen, GUINT_TO_POINTER(ch)))
                g_string_append_unichar(all, ch);
        }
    return g_string_free(all, FALSE);
}

static void draw_all(Handwriting *h, const char *characters, const char *folder)
{
    g_autoptr(GArray) times_us = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GString) never = g_string_new(NULL);
    guint first = 0, shown = 0;

    for (const char *at = characters; *at; at = g_utf8_next_char(at)) {
        g_autofree char *ch = g_utf8_substring(at, 0, 1);
        g_autoptr(GArray) points = read_drawing(folder, ch);
        if (!points) continue;
        double start = now_us();
        g_auto(GStrv) texts =
            handwriting_recognize(h, (gpointer)points->data, points->len, GRID, GRID);
        double took = now_us() - start;
        g_array_append_val(times_us, took);
        gboolean is_shown = g_strv_contains((const char *const *)texts, ch);
        first += g_strcmp0(texts[0], ch) == 0;
        shown += is_shown;
        if (!is_shown) g_string_append(never, ch);
    }
    if (!times_us->len) return;
    print_times(times_us);
    printf(" %7.1f%%\nshown among %d: %.1f%%; never: %s\n", 100.0 * first / times_us->len,
           HANDWRITING_CANDIDATES_MAX, 100.0 * shown / times_us->len, never->str);
}

static void measure_handwriting(const char *model, GPtrArray *names, const char *folder)
{
    g_autofree char *characters = characters_of(names);
    g_autoptr(GError) error = NULL;
    double resident = resident_kib(), start = now_us();
    g_autoptr(Handwriting) h = handwriting_new(model, characters, &error);

    if (!h) {
        printf("%s\n", error->message);
        return;
    }
    printf("%-8s %8.2f %9.0f", "zinnia", (now_us() - start) / 1e3, resident_kib() - resident);
    if (folder)
        draw_all(h, characters, folder);
    else
        printf("   (no drawings)\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, >=, 3);
    Catalogue *catalogue = starter_catalogue();
    g_autoptr(GPtrArray) names = names_of(catalogue);
    g_autoptr(GHashTable) codes = stroke_codes(argv[1]);

    printf("%-8s %8s %9s %7s %9s %9s %9s %8s %7s\n", "", "open ms", "RSS KiB", "keys", "mean us",
           "p99 us", "max us", "first", "needed");
    measure(PINYIN_INPUT_FULL, "full", names, codes);
    measure(PINYIN_INPUT_NINE, "nine", names, codes);
    measure(PINYIN_INPUT_STROKE, "stroke", names, codes);
    measure_handwriting(argv[2], names, argc > 3 ? argv[3] : NULL);
    catalogue_free(catalogue);
    return 0;
}

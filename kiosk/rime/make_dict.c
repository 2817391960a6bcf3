/* make_dict FOLDER PINYIN STROKES WORDS — part of the build: writes FOLDER/bianmin.dict.yaml and
 * FOLDER/bianmin_stroke.dict.yaml, which rime_deployer compiles. PINYIN and STROKES are the lists
 * of rime-data-pinyin-simp and rime-data-stroke, WORDS is words.txt.
 *
 * bianmin: the words of the built-in content, read as charset/pinyin.h reads them, on top of the
 * whole of PINYIN.
 * bianmin_stroke: the characters of GB 2312 by how they begin. Each beginning of a character's
 * strokes is an entry of its own, with the PREFIX_MAX characters most likely meant: rime's own
 * completion puts short codes first, not common characters, and walks the whole tree for it. */
#include <stdio.h>
#include <string.h>

#include "charset/convert.h"
#include "charset/fold.h"
#include "charset/pinyin.h"
#include "db/catalogue.h"

#define WORD_MIN      2 /* characters */
#define WORD_MAX      14
#define CODE_MAX      40    /* strokes */
#define PREFIX_MAX    40    /* what the keyboard shows at most (INPUT_CANDIDATES_MAX) */
#define EXACT         1e9   /* a character that is written to its end comes before all others */
#define CONTENT_BOOST 50000 /* a character of a topic's name, beside those of daily use */

/* In the scale of PINYIN: 请 is 55964, the words of daily use lie around 10000. */
enum { NAME_WEIGHT = 120000, OFFICIAL_WEIGHT = 90000, PLACE_WEIGHT = 60000 };
enum { VARIANT_WEIGHT = 30000, LAY_WEIGHT = 8000 };

typedef struct {
    GHashTable *word;    /* of the content: text → weight */
    GHashTable *common;  /* all of PINYIN: text → its greatest weight */
    GHashTable *content; /* characters of topics' names */
} Words;

/* ---- the words of the content ---- */

static void add_word(Words *words, const char *text, gsize len, guint weight)
{
    g_autofree char *word = g_strndup(text, len);
    glong count = g_utf8_strlen(word, -1);

    if (count < WORD_MIN || count > WORD_MAX) return;
    guint common = GPOINTER_TO_UINT(g_hash_table_lookup(words->common, word));
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(words->word, word));
    weight = MAX(weight, MAX(common, known));
    g_hash_table_insert(words->word, g_steal_pointer(&word), GUINT_TO_POINTER(weight));
}

/* Each run of Han characters is a word: 最低生活保障（低保） are two. */
static void add_text(Words *words, const char *text, guint weight)
{
    const char *start = text, *at = text;

    for (;; at = g_utf8_next_char(at)) {
        if (*at && g_unichar_get_script(g_utf8_get_char(at)) == G_UNICODE_SCRIPT_HAN) continue;
        add_word(words, start, (gsize)(at - start), weight);
        if (!*at) return;
        start = g_utf8_next_char(at);
    }
}

static void add_texts(Words *words, char **texts, guint weight)
{
    for (; *texts; texts++)
        add_text(words, *texts, weight);
}

static void note_content(Words *words, const char *text)
{
    for (; *text; text = g_utf8_next_char(text))
        g_hash_table_add(words->content, GUINT_TO_POINTER(g_utf8_get_char(text)));
}

static void add_topics(Words *words, const Catalogue *c)
{
    for (guint i = 0; i < c->topic_count; i++) {
        const Topic *topic = &c->topics[i];
        add_text(words, topic->name, NAME_WEIGHT);
        add_texts(words, topic->alternate_names, NAME_WEIGHT);
        add_text(words, topic->category, OFFICIAL_WEIGHT);
        note_content(words, topic->name);
        for (char **name = topic->alternate_names; *name; name++)
            note_content(words, *name);
    }
}

static void add_content(Words *words, const Catalogue *c)
{
    add_topics(words, c);
    for (guint i = 0; i < c->figure_count; i++)
        add_text(words, c->figures[i].subject, OFFICIAL_WEIGHT);
    for (guint i = 0; i < c->project_count; i++) {
        add_text(words, c->projects[i].name, PLACE_WEIGHT);
        add_text(words, c->projects[i].place, PLACE_WEIGHT);
    }
    for (guint i = 0; i < c->synonym_count; i++) {
        add_text(words, c->synonyms[i].term, OFFICIAL_WEIGHT);
        add_texts(words, c->synonyms[i].variants, VARIANT_WEIGHT);
    }
    for (guint i = 0; i < c->lay_word_count; i++) {
        add_text(words, c->lay_words[i].word, LAY_WEIGHT);
        for (char **meaning = c->lay_words[i].meanings; *meaning; meaning++)
            add_text(words, *meaning, OFFICIAL_WEIGHT);
    }
}

/* ---- rime's lists: text TAB code [TAB weight], below a line of dots ---- */

typedef void (*EntryFunc)(const char *text, const char *code, guint weight, gpointer data);

static gboolean read_list(const char *path, EntryFunc func, gpointer data, GError **error)
{
    g_autofree char *content = NULL;
    gsize len = 0;

    if (!g_file_get_contents(path, &content, &len, error)) return FALSE;
    char *body = strstr(content, "\n...\n"), *next = NULL;
    /* line by line: under AddressSanitizer a search in all of the rest for each would take a minute
     */
    for (char *line = body ? body + 5 : content; line; line = next) {
        char *end = memchr(line, '\n', (gsize)(content + len - line));
        if (end) *end = '\0';
        next = end ? end + 1 : NULL;
        g_auto(GStrv) cells = g_strsplit(line, "\t", 3);
        guint count = g_strv_length(cells);
        if (count == 0 || *cells[0] == '#' || !*cells[0]) continue;
        func(cells[0], count > 1 ? cells[1] : "",
             count > 2 ? (guint)g_ascii_strtoull(cells[2], NULL, 10) : 0, data);
    }
    return TRUE;
}

static void on_common(const char *text, const char *code G_GNUC_UNUSED, guint weight, gpointer data)
{
    GHashTable *common = data;

    if (weight > GPOINTER_TO_UINT(g_hash_table_lookup(common, text)))
        g_hash_table_insert(common, g_strdup(text), GUINT_TO_POINTER(weight));
}

static void on_place(const char *text, const char *code G_GNUC_UNUSED, guint weight G_GNUC_UNUSED,
                     gpointer words)
{
    add_text(words, text, OFFICIAL_WEIGHT);
}

/* ---- bianmin ---- */

/* FALSE: a character without a reading. */
static gboolean append_reading(GString *out, const char *word)
{
    g_autofree char *folded = fold_text(word, -1);
    g_autoptr(GArray) readings = pinyin_readings(folded);

    for (guint i = 0; i < readings->len; i++) {
        const PinyinReading *reading = &g_array_index(readings, PinyinReading, i);
        if (!reading->count) return FALSE;
        g_string_append_printf(out, "%s%s", i ? " " : "", pinyin_syllable(reading->syllable[0]));
    }
    return TRUE;
}

static char *make_words(const Words *words)
{
    GString *out = g_string_new("---\nname: bianmin\nversion: '1'\nsort: by_weight\n"
                                "import_tables: [pinyin_simp]\n...\n");
    g_autoptr(GList) sorted = g_hash_table_get_keys(words->word);

    sorted = g_list_sort(sorted, (GCompareFunc)strcmp); /* the same content, the same file */
    for (GList *at = sorted; at; at = at->next) {
        g_autoptr(GString) reading = g_string_new(NULL);
        if (append_reading(reading, at->data))
            g_string_append_printf(out, "%s\t%s\t%u\n", (const char *)at->data, reading->str,
                                   GPOINTER_TO_UINT(g_hash_table_lookup(words->word, at->data)));
    }
    return g_string_free(out, FALSE);
}

/* ---- bianmin_stroke ---- */

typedef struct {
    gunichar ch;
    double weight;
} Meant;

typedef struct {
    const Words *words;
    GHashTable *by_code; /* beginning of a code → GArray of Meant */
} Strokes;

/* GB 2312's two levels: B0A1–F7FE with both octets above A0. */
static gboolean is_everyday(const char *text)
{
    gsize len = 0;
    g_autoptr(GError) error = NULL;
    g_autofree char *gbk =
        convert_text(CHARSET_UTF8, CHARSET_GBK, text, strlen(text), &len, NULL, &error);

    return gbk && len == 2 && (guint8)gbk[0] >= 0xb0 && (guint8)gbk[0] <= 0xf7 &&
           (guint8)gbk[1] > 0xa0;
}

static void add_meant(GArray *meant, gunichar ch, double weight)
{
    for (guint i = 0; i < meant->len; i++) {
        Meant *known = &g_array_index(meant, Meant, i);
        if (known->ch != ch) continue;
        known->weight = MAX(known->weight, weight);
        return;
    }
    g_array_append_vals(meant, &(Meant){ ch, weight }, 1);
}

static void on_strokes(const char *text, const char *code, guint weight G_GNUC_UNUSED,
                       gpointer data)
{
    Strokes *strokes = data;
    gunichar ch = g_utf8_get_char(text);
    gsize len = strlen(code);

    if (*g_utf8_next_char(text) || len > CODE_MAX || code[strspn(code, "hspnz")] ||
        !is_everyday(text))
        return;
    double often = 1 + GPOINTER_TO_UINT(g_hash_table_lookup(strokes->words->common, text));
    if (g_hash_table_contains(strokes->words->content, GUINT_TO_POINTER(ch)))
        often += CONTENT_BOOST;
    for (gsize i = 1; i <= len; i++) {
        g_autofree char *prefix = g_strndup(code, i);
        GArray *meant = g_hash_table_lookup(strokes->by_code, prefix);
        if (!meant) {
            meant = g_array_new(FALSE, FALSE, sizeof(Meant));
            g_hash_table_insert(strokes->by_code, g_steal_pointer(&prefix), meant);
        }
        add_meant(meant, ch, often + (i == len ? EXACT : 0));
    }
}

static int compare_meant(gconstpointer a, gconstpointer b)
{
    const Meant *left = a, *right = b;

    if (left->weight == right->weight) return (left->ch > right->ch) - (left->ch < right->ch);
    return left->weight < right->weight ? 1 : -1;
}

static char *make_strokes(const Strokes *strokes)
{
    GString *out = g_string_new("---\nname: bianmin_stroke\nversion: '1'\nsort: by_weight\n...\n");
    g_autoptr(GList) codes = g_hash_table_get_keys(strokes->by_code);

    codes = g_list_sort(codes, (GCompareFunc)strcmp);
    for (GList *at = codes; at; at = at->next) {
        GArray *meant = g_hash_table_lookup(strokes->by_code, at->data);
        g_array_sort(meant, compare_meant);
        for (guint i = 0; i < MIN(meant->len, PREFIX_MAX); i++) {
            char text[7] = "";
            g_unichar_to_utf8(g_array_index(meant, Meant, i).ch, text);
            g_string_append_printf(out, "%s\t%s\t%u\n", text, (const char *)at->data,
                                   PREFIX_MAX - i); /* the order is all that matters */
        }
    }
    return g_string_free(out, FALSE);
}

/* ---- both ---- */

static gboolean write_file(const char *folder, const char *name, const char *content,
                           GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    return g_file_set_contents(path, content, -1, error);
}

static gboolean write_dicts(char **argv, Words *words, const Catalogue *catalogue, GError **error)
{
    Strokes strokes = { .words = words };

    if (!read_list(argv[2], on_common, words->common, error) ||
        !read_list(argv[4], on_place, words, error))
        return FALSE;
    add_content(words, catalogue);
    g_autofree char *pinyin = make_words(words);
    if (!write_file(argv[1], "bianmin.dict.yaml", pinyin, error)) return FALSE;

    g_autoptr(GHashTable) by_code =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    strokes.by_code = by_code;
    if (!read_list(argv[3], on_strokes, &strokes, error)) return FALSE;
    g_autofree char *beginnings = make_strokes(&strokes);
    return write_file(argv[1], "bianmin_stroke.dict.yaml", beginnings, error);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) word = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) common = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) content = g_hash_table_new(NULL, NULL);
    Words words = { word, common, content };

    if (argc != 5) {
        g_printerr("usage: make_dict FOLDER PINYIN STROKES WORDS\n");
        return 64;
    }
    /* no data folder there: the built-in content */
    g_autoptr(Catalogue) catalogue = catalogue_open("/nonexistent", &error);
    if (catalogue && write_dicts(argv, &words, catalogue, &error)) return 0;
    g_printerr("make_dict: %s\n", error->message);
    return 1;
}

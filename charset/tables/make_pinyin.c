/* Makes the tables of charset/pinyin.c from a phrase list with readings (Rime's format: text, TAB,
 * syllables, TAB, weight) and our exceptions. Runs during the build and prints C.
 * usage: make_pinyin DICT EXCEPTIONS
 *
 * A character keeps at most PINYIN_READINGS_MAX readings, heaviest first: those in common use, then
 * those it has in a few phrases only (大夫 dai fu). A phrase is stored by which of them it takes (2
 * bits each). All phrases are stored, not only those that differ from the usual readings: the
 * others keep a wrong phrase from matching across their border (行长 in 银行长期). */
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "charset/pinyin_table.h"

#define CHAR_COUNT   (PINYIN_LAST_CHAR - PINYIN_FIRST_CHAR + 1)
#define COMMON_SHARE 0.03    /* of a character's weight: from here on a reading is in common use */
#define SINGLE_MIN   100     /* rarer than the rarest phrase of the list */
#define OUR_WEIGHT   3000000 /* of a phrase in the exceptions: beats what overlaps it */

typedef struct {
    guint16 syllable;
    double weight;
} Reading;

typedef struct {
    Reading readings[16];
    guint count;
    guint common;     /* how many are in common use */
    double single;    /* weight as a word of its own */
    gboolean is_ours; /* order and `common` come from the exceptions */
} Char;

typedef struct {
    guint16 ch[PINYIN_PHRASE_MAX]; /* 0 after the last */
    guint16 syllable[PINYIN_PHRASE_MAX];
    guint count;
    double weight;
    gboolean is_ours;
} Phrase;

static Char chars[CHAR_COUNT];
static GArray *phrases;
static GPtrArray *syllables; /* sorted */
static double *syllable_weight, *pair_weight;
static double total;

static void die(const char *what, const char *which)
{
    fprintf(stderr, "make_pinyin: %s: %s\n", what, which);
    exit(1);
}

/* ---- reading ---- */

static guint16 syllable_index(const char *name)
{
    guint index;
    if (!g_ptr_array_find_with_equal_func(syllables, name, g_str_equal, &index))
        die("no such syllable", name);
    return (guint16)index;
}

/* hm, m, n, ng: sounds, not syllables anybody types */
static gboolean has_vowel(const char *syllable)
{
    return strpbrk(syllable, "aeiouv") != NULL;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char **read_lines(const char *path)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &text, NULL, &error)) die("cannot read", error->message);
    if (!g_utf8_validate(text, -1, NULL)) die("not UTF-8", path);
    return g_strsplit(text, "\n", -1);
}

static void collect_syllables(char **lines)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) fields = g_strsplit(*line, "\t", 3);
        if (g_strv_length(fields) < 3) continue;
        g_auto(GStrv) names = g_strsplit(fields[1], " ", -1);
        for (char **name = names; *name; name++)
            if (has_vowel(*name)) g_hash_table_add(seen, g_strdup(*name));
    }
    syllables = g_ptr_array_new();
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, seen);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_ptr_array_add(syllables, g_strdup(key));
    g_ptr_array_sort(syllables, compare_names);
    if (syllables->len < 395 || syllables->len > 430) die("not a list of pinyin", "syllables");
    syllable_weight = g_new0(double, syllables->len);
    pair_weight = g_new0(double, syllables->len * syllables->len);
}

static Char *char_of(gunichar ch)
{
    return ch >= PINYIN_FIRST_CHAR && ch <= PINYIN_LAST_CHAR ? &chars[ch - PINYIN_FIRST_CHAR]
                                                             : NULL;
}

static void add_reading(Char *c, guint16 syllable, double weight)
{
    for (guint i = 0; i < c->count; i++) {
        if (c->readings[i].syllable != syllable) continue;
        c->readings[i].weight += weight;
        return;
    }
    if (c->count == G_N_ELEMENTS(c->readings)) return;
    c->readings[c->count++] = (Reading){ syllable, weight };
}

/* FALSE if the line is no phrase we can hold. */
static gboolean parse_phrase(const char *text, const char *latin, Phrase *p)
{
    g_auto(GStrv) names = g_strsplit(latin, " ", -1);
    *p = (Phrase){ .count = g_strv_length(names) };
    if (p->count == 0 || p->count > PINYIN_PHRASE_MAX || g_utf8_strlen(text, -1) != (glong)p->count)
        return FALSE;
    for (guint i = 0; i < p->count; i++, text = g_utf8_next_char(text)) {
        if (!has_vowel(names[i]) || !char_of(g_utf8_get_char(text))) return FALSE;
        p->ch[i] = (guint16)g_utf8_get_char(text);
        p->syllable[i] = syllable_index(names[i]);
    }
    return TRUE;
}

static void count_phrase(const Phrase *p)
{
    guint n = syllables->len;
    for (guint i = 0; i < p->count; i++) {
        syllable_weight[p->syllable[i]] += p->weight;
        if (i) pair_weight[p->syllable[i - 1] * n + p->syllable[i]] += p->weight;
    }
    total += p->weight;
}

static void read_dict(char **lines)
{
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) fields = g_strsplit(*line, "\t", 3);
        Phrase p;
        if (g_strv_length(fields) < 3 || !parse_phrase(fields[0], fields[1], &p)) continue;
        p.weight = g_ascii_strtod(fields[2], NULL) + 1;
        count_phrase(&p);
        for (guint i = 0; i < p.count; i++)
            add_reading(char_of(p.ch[i]), p.syllable[i], p.weight);
        if (p.count == 1)
            char_of(p.ch[0])->single += p.weight;
        else
            g_array_append_val(phrases, p);
    }
}

static int compare_readings(const void *a, const void *b)
{
    double left = ((const Reading *)a)->weight, right = ((const Reading *)b)->weight;
    return (left < right) - (left > right);
}

static void sort_readings(Char *c)
{
    double sum = 0;
    for (guint i = 0; i < c->count; i++)
        sum += c->readings[i].weight;
    qsort(c->readings, c->count, sizeof *c->readings, compare_readings);
    if (c->is_ours) return;
    while (c->common < MIN(c->count, PINYIN_READINGS_MAX) &&
           c->readings[c->common].weight >= COMMON_SHARE * sum)
        c->common++;
}

/* "长 chang zhang": the readings in common use, in this order. */
static void except_char(const char *text, char **names)
{
    Char *c = char_of(g_utf8_get_char(text));
    if (!c || g_strv_length(names) > PINYIN_READINGS_MAX) die("bad exception", text);
    c->is_ours = TRUE;
    c->common = g_strv_length(names);
    double weight = 1e12;
    for (char **name = names; *name; name++, weight /= 10)
        add_reading(c, syllable_index(*name), weight);
}

static void except_phrase(const char *text, const char *latin)
{
    Phrase p;
    if (!parse_phrase(text, latin, &p)) die("bad exception", text);
    p.weight = OUR_WEIGHT;
    p.is_ours = TRUE;
    for (guint i = 0; i < p.count; i++)
        add_reading(char_of(p.ch[i]), p.syllable[i], 1e6);
    for (guint i = phrases->len; i > 0; i--) /* what the list says of it is out */
        if (!memcmp(g_array_index(phrases, Phrase, i - 1).ch, p.ch, sizeof p.ch))
            g_array_remove_index_fast(phrases, i - 1);
    g_array_append_val(phrases, p);
}

static void read_exceptions(char **lines)
{
    for (char **line = lines; *line; line++) {
        if (strchr(*line, '#')) *strchr(*line, '#') = 0;
        g_auto(GStrv) words = g_strsplit_set(g_strstrip(*line), " \t", -1);
        if (!words[0] || !*words[0]) continue;
        if (g_utf8_strlen(words[0], -1) == 1) {
            except_char(words[0], words + 1);
        } else {
            g_autofree char *latin = g_strjoinv(" ", words + 1);
            except_phrase(words[0], latin);
        }
    }
}

/* ---- writing ---- */

/* Eighths of a bit. */
static guint cost_of(double weight)
{
    double cost = -8 * log2(weight / total);
    return cost < 0 ? 0 : cost > 255 ? 255 : (guint)lrint(cost);
}

/* Which of the character's readings; -1 if it was not kept. */
static int choice_of(guint16 ch, guint16 syllable)
{
    const Char *c = char_of(ch);
    for (guint i = 0; i < MIN(c->count, PINYIN_READINGS_MAX); i++)
        if (c->readings[i].syllable == syllable) return (int)i;
    return -1;
}

static gboolean encode_choices(const Phrase *p, guint *choices)
{
    *choices = 0;
    for (guint i = 0; i < p->count; i++) {
        int choice = choice_of(p->ch[i], p->syllable[i]);
        if (choice < 0) return FALSE;
        *choices |= (guint)choice << (2 * i);
    }
    return TRUE;
}

static int compare_phrases(const void *a, const void *b)
{
    const Phrase *left = a, *right = b;
    for (guint i = 0; i < PINYIN_PHRASE_MAX; i++)
        if (left->ch[i] != right->ch[i]) return left->ch[i] - right->ch[i];
    return (left->weight < right->weight) - (left->weight > right->weight);
}

/* Fills `first` with the place of the first phrase of each character, one more at the end. */
static void write_phrases(guint16 *first)
{
    g_array_sort(phrases, compare_phrases);
    guint written = 0, next = 0;
    const guint16 *last = NULL;
    puts("const PinyinPhrase pinyin_table_phrases[] = {");
    for (guint i = 0; i < phrases->len; i++) {
        const Phrase *p = &g_array_index(phrases, Phrase, i);
        guint choices;
        if (last && !memcmp(last, p->ch, sizeof p->ch))
            continue; /* the lighter reading of a word */
        if (!encode_choices(p, &choices)) {
            if (p->is_ours)
                die("exception needs too many readings",
                    g_ptr_array_index(syllables, p->syllable[0]));
            continue;
        }
        last = p->ch;
        while (next <= p->ch[0] - PINYIN_FIRST_CHAR)
            first[next++] = (guint16)written;
        printf("    { { 0x%x, 0x%x, 0x%x }, 0x%02x, %u },\n", p->ch[1], p->ch[2], p->ch[3], choices,
               cost_of(p->weight));
        written++;
    }
    while (next <= CHAR_COUNT)
        first[next++] = (guint16)written;
    if (written > G_MAXUINT16) die("too many phrases", "pinyin_table_phrases");
    puts("};");
}

/* Characters with the same readings share a set; set 0 is that of no reading. */
static void write_chars(const guint16 *first)
{
    g_autoptr(GHashTable) sets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) rows = g_string_new("    { 0, 0, { 0, 0, 0, 0 } },\n");
    puts("const PinyinChar pinyin_table_chars[] = {");
    for (guint i = 0; i < CHAR_COUNT; i++) {
        const Char *c = &chars[i];
        guint set = 0;
        if (c->count) {
            guint count = MIN(c->count, PINYIN_READINGS_MAX);
            guint16 s[PINYIN_READINGS_MAX] = { 0 };
            for (guint k = 0; k < count; k++)
                s[k] = c->readings[k].syllable;
            g_autofree char *row = g_strdup_printf("    { %u, %u, { %u, %u, %u, %u } },\n", count,
                                                   c->common, s[0], s[1], s[2], s[3]);
            set = GPOINTER_TO_UINT(g_hash_table_lookup(sets, row));
            if (!set) {
                set = g_hash_table_size(sets) + 1;
                g_hash_table_insert(sets, g_strdup(row), GUINT_TO_POINTER(set));
                g_string_append(rows, row);
            }
        }
        printf("    { %u, %u, %u },\n", set, first[i], cost_of(MAX(c->single, SINGLE_MIN)));
    }
    printf("    { 0, %u, 255 },\n};\n", first[CHAR_COUNT]);
    printf("const PinyinSet pinyin_table_sets[] = {\n%s};\n", rows->str);
}

/* zh → z, -ng → n (not -ong), lv → lu: what is left is the same for all that share a
 * representative. */
static char *fuzzy_key(const char *syllable)
{
    g_autoptr(GString) key = g_string_new(syllable);
    if (strchr("zcs", key->str[0]) && key->str[1] == 'h') g_string_erase(key, 1, 1);
    if (g_str_has_suffix(key->str, "ang") || g_str_has_suffix(key->str, "eng") ||
        g_str_has_suffix(key->str, "ing"))
        g_string_truncate(key, key->len - 1);
    if (strchr("ln", key->str[0]) && key->len > 1 && key->str[1] == 'v') key->str[1] = 'u';
    return g_strdup(key->str);
}

static guint16 fuzzy_of(guint index)
{
    g_autofree char *key = fuzzy_key(g_ptr_array_index(syllables, index));
    guint exact;
    if (g_ptr_array_find_with_equal_func(syllables, key, g_str_equal, &exact))
        return (guint16)exact;
    for (guint i = 0; i < syllables->len; i++) {
        g_autofree char *other = fuzzy_key(g_ptr_array_index(syllables, i));
        if (!strcmp(other, key)) return (guint16)i;
    }
    return (guint16)index;
}

static void write_syllables(void)
{
    printf("const guint pinyin_table_syllable_count = %u;\n", syllables->len);
    puts("const PinyinSyllable pinyin_table_syllables[] = {");
    for (guint i = 0; i < syllables->len; i++)
        printf("    { \"%s\", %u, %u },\n", (char *)g_ptr_array_index(syllables, i), fuzzy_of(i),
               cost_of(syllable_weight[i] + 1));
    puts("};");
}

/* How much cheaper a syllable is after another than alone: syllables that make a word together. */
static void write_pairs(void)
{
    guint n = syllables->len;
    puts("const guint8 pinyin_table_pairs[] = {");
    for (guint i = 0; i < n; i++) {
        printf("   ");
        for (guint k = 0; k < n; k++) {
            double pair = pair_weight[i * n + k];
            double saved =
                pair > 0 ? 8 * log2(pair * total / (syllable_weight[i] * syllable_weight[k])) : 0;
            printf(" %u,", saved <= 0 ? 0 : saved > 255 ? 255 : (guint)saved);
        }
        putchar('\n');
    }
    puts("};");
}

/* z ↔ zh, c ↔ ch, s ↔ sh */
static char *toggle_initial(const char *latin)
{
    if (!latin[0] || !strchr("zcs", latin[0])) return NULL;
    return latin[1] == 'h' ? g_strdup_printf("%c%s", latin[0], latin + 2)
                           : g_strdup_printf("%ch%s", latin[0], latin + 1);
}

/* an ↔ ang, en ↔ eng, in ↔ ing */
static char *toggle_final(const char *latin)
{
    gsize len = strlen(latin);
    if (len >= 3 && latin[len - 1] == 'g' && latin[len - 2] == 'n' && strchr("aei", latin[len - 3]))
        return g_strndup(latin, len - 1);
    if (len >= 2 && latin[len - 1] == 'n' && strchr("aei", latin[len - 2]))
        return g_strconcat(latin, "g", NULL);
    return NULL;
}

/* ü typed v where the list writes u: lve, jv, quan → qvan; and lvan for luan, which is a slip */
static char *toggle_u(const char *latin)
{
    if (!latin[0] || !strchr("lnjqxy", latin[0]) || latin[1] != 'u') return NULL;
    return g_strdup_printf("%cv%s", latin[0], latin + 2);
}

/* A spelling is kept if no syllable is written so and no other syllable took it before. */
static void add_spelling(GTree *spellings, char *latin, guint syllable, gboolean is_fuzzy)
{
    if (!latin || strlen(latin) > 6 || g_tree_lookup(spellings, latin) ||
        g_ptr_array_find_with_equal_func(syllables, latin, g_str_equal, NULL))
        g_free(latin);
    else
        g_tree_insert(spellings, latin, g_strdup_printf("%u, %d", syllable, is_fuzzy));
}

static gboolean write_spelling(gpointer latin, gpointer row, gpointer data G_GNUC_UNUSED)
{
    printf("    { \"%s\", %s },\n", (char *)latin, (char *)row);
    return FALSE;
}

static int compare_spellings(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

static void write_spellings(void)
{
    GTree *spellings = g_tree_new(compare_spellings);
    for (guint i = 0; i < syllables->len; i++) {
        const char *latin = g_ptr_array_index(syllables, i);
        gboolean is_plain = !strchr("ln", latin[0]) || g_str_has_suffix(latin, "ue");
        add_spelling(spellings, toggle_u(latin), i, !is_plain);
    }
    for (guint i = 0; i < syllables->len; i++) {
        const char *latin = g_ptr_array_index(syllables, i);
        g_autofree char *initial = toggle_initial(latin);
        add_spelling(spellings, g_strdup(initial), i, TRUE);
        add_spelling(spellings, toggle_final(latin), i, TRUE);
        if (initial) add_spelling(spellings, toggle_final(initial), i, TRUE);
    }
    puts("const PinyinSpelling pinyin_table_spellings[] = {");
    g_tree_foreach(spellings, write_spelling, NULL);
    printf("};\nconst guint pinyin_table_spelling_count = %d;\n", g_tree_nnodes(spellings));
}

int main(int argc, char **argv)
{
    if (argc != 3) die("usage", "make_pinyin DICT EXCEPTIONS");
    g_auto(GStrv) dict = read_lines(argv[1]);
    g_auto(GStrv) exceptions = read_lines(argv[2]);
    phrases = g_array_new(FALSE, FALSE, sizeof(Phrase));

    collect_syllables(dict);
    read_dict(dict);
    if (phrases->len < 1000) die("too few phrases", argv[1]);
    read_exceptions(exceptions);
    for (guint i = 0; i < CHAR_COUNT; i++)
        sort_readings(&chars[i]);

    puts("/* Made by charset/tables/make_pinyin.c; do not edit. */");
    puts("#include \"charset/pinyin_table.h\"");
    write_syllables();
    write_spellings();
    write_pairs();
    guint16 *first = g_new0(guint16, CHAR_COUNT + 1);
    write_phrases(first);
    write_chars(first);
    return fflush(stdout) || ferror(stdout);
}

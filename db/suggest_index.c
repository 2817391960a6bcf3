#include "db/suggest_index.h"

#include <string.h>

#include "charset/fold.h"

/* ---- characters ---- */

#define HAN_FIRST 0x4e00
#define HAN_LAST  0x9fff

guint suggest_units_of(gunichar ch, gunichar units[SUGGEST_UNITS_OF_CHAR])
{
    if (ch >= HAN_FIRST && ch <= HAN_LAST) {
        units[0] = fold_simplify(ch);
        return 1;
    }
    if (ch < 0x80) {
        units[0] = (guchar)g_ascii_tolower((char)ch);
        return g_ascii_isalnum((char)ch) ? 1 : 0;
    }
    if (ch >= 0x3001 && ch <= 0x3002) return 0; /* 、。: in nearly every question */
    if (ch == 0xff0c || ch == 0xff1f) return 0; /* ，？ */

    char utf8[6];
    guint count = 0;
    g_autofree char *folded = fold_text(utf8, g_unichar_to_utf8(ch, utf8));
    for (const char *at = folded; *at && count < SUGGEST_UNITS_OF_CHAR; at = g_utf8_next_char(at)) {
        gunichar unit = g_utf8_get_char(at);
        if (g_unichar_isalnum(unit)) units[count++] = unit;
    }
    return count;
}

char suggest_key_of(char letter)
{
    static const char keys[] = "22233344455566677778889999";

    return letter >= 'a' && letter <= 'z' ? keys[letter - 'a'] : letter;
}

/* ---- spellings of syllables ---- */

static void add_spelling(GArray *spellings, const char *latin, gboolean is_alike)
{
    Spelling spelling = { .len = (guint8)strlen(latin), .is_alike = is_alike };

    for (guint i = 0; i < spelling.len; i++) {
        spelling.letters |= (guint64)(guchar)latin[i] << (8 * i);
        spelling.keys |= (guint64)(guchar)suggest_key_of(latin[i]) << (8 * i);
    }
    g_array_append_val(spellings, spelling);
}

/* The letters of a syllable with the differences that pinyin_fuzzy() ignores, each both ways: h
 * behind z c s, g behind a final n, u for v. */
static void add_spellings(GArray *spellings, const char *latin)
{
    char plain[8], alike[12];
    gsize len = 0;
    guint takes_h = strchr("zcs", *latin) != NULL, has_h = takes_h && latin[1] == 'h';
    gboolean is_lv = strchr(latin, 'v') != NULL;

    for (const char *at = latin + 1 + has_h; *at && len < sizeof plain - 1; at++)
        plain[len++] = *at == 'v' ? 'u' : *at;
    guint has_g = len > 1 && plain[len - 1] == 'g';
    guint takes_g = has_g || (len > 0 && plain[len - 1] == 'n');
    plain[len - has_g] = '\0';

    add_spelling(spellings, latin, FALSE);
    for (guint with_h = 0; with_h <= takes_h; with_h++) {
        for (guint with_g = 0; with_g <= takes_g; with_g++) {
            if (with_h == has_h && with_g == has_g && !is_lv) continue;
            g_snprintf(alike, sizeof alike, "%c%s%s%s", *latin, with_h ? "h" : "", plain,
                       with_g ? "g" : "");
            if (strlen(alike) <= 7) add_spelling(spellings, alike, TRUE);
        }
    }
}

static void spell_syllables(SuggestIndex *s)
{
    guint count = pinyin_syllable_count();

    s->spellings = g_array_new(FALSE, FALSE, sizeof(Spelling));
    s->first_spelling = g_new(guint16, count + 1);
    for (guint i = 0; i < count; i++) {
        s->first_spelling[i] = (guint16)s->spellings->len;
        add_spellings(s->spellings, pinyin_syllable((guint16)i));
    }
    s->first_spelling[count] = (guint16)s->spellings->len;
}

/* ---- glyphs ---- */

/* While the index is built. */
typedef struct {
    SuggestIndex *index;
    GHashTable *glyph_of; /* character and reading → index into glyphs, + 1 */
    GHashTable *topic_of; /* code or name → topic + 1 */
    GArray *words;        /* Word */
    guint16 *simple;      /* of each Han character met so far: simplified; loading is mostly that */
} Builder;

G_STATIC_ASSERT(CATALOGUE_ROWS_PER_TOPIC <= G_MAXUINT16); /* Surface.question */

#define GLYPH_UNKNOWN 0 /* nothing matches it */

static guint16 intern_glyph(Builder *b, const PinyinReading *reading)
{
    guint sound = reading->count ? reading->syllable[0] : pinyin_syllable_count();
    gpointer key = GUINT_TO_POINTER(reading->ch << 9 | sound); /* 21 bits and 9 */
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(b->glyph_of, key));

    if (known) return (guint16)(known - 1);
    GArray *glyphs = b->index->glyphs;
    if (glyphs->len > G_MAXUINT16) return GLYPH_UNKNOWN;
    g_array_append_val(glyphs, *reading);
    g_hash_table_insert(b->glyph_of, key, GUINT_TO_POINTER(glyphs->len));
    return (guint16)(glyphs->len - 1);
}

/* suggest_units_of(), remembered for the characters that texts are made of. */
static guint units_of(Builder *b, gunichar ch, gunichar units[SUGGEST_UNITS_OF_CHAR])
{
    if (ch < HAN_FIRST || ch > HAN_LAST) return suggest_units_of(ch, units);
    guint16 *simple = &b->simple[ch - HAN_FIRST];
    if (!*simple) *simple = (guint16)fold_simplify(ch);
    units[0] = *simple;
    return 1;
}

/* The characters by which `text` can be typed. Of a text that is no UTF-8 (a damaged file), none.
 */
static void fold_units(Builder *b, const char *text, char folded[SURFACE_UNITS_MAX * 6 + 1])
{
    gunichar units[SUGGEST_UNITS_OF_CHAR];
    guint done = 0;

    if (!g_utf8_validate(text, -1, NULL)) text = "";
    for (const char *at = text; *at && done < SURFACE_UNITS_MAX; at = g_utf8_next_char(at)) {
        guint count = units_of(b, g_utf8_get_char(at), units);
        for (guint i = 0; i < count && done < SURFACE_UNITS_MAX; i++, done++)
            folded += g_unichar_to_utf8(units[i], folded);
    }
    *folded = '\0';
}

/* With no units if there is nothing in `text` that can be typed. */
static Surface surface_make(Builder *b, const char *text, SurfaceKind kind)
{
    char folded[SURFACE_UNITS_MAX * 6 + 1];
    GArray *units = b->index->units;
    Surface surface = { .text = text, .first = units->len, .kind = (guint8)kind };

    fold_units(b, text, folded);
    g_autoptr(GArray) readings = pinyin_readings(folded);
    for (guint i = 0; i < readings->len; i++) {
        guint16 glyph = intern_glyph(b, &g_array_index(readings, PinyinReading, i));
        g_array_append_val(units, glyph);
    }
    surface.unit_count = (guint8)readings->len;
    return surface;
}

static void add_surface(Builder *b, const char *text, SurfaceKind kind, guint question)
{
    Surface surface = surface_make(b, text, kind);

    surface.question = (guint16)question;
    if (surface.unit_count) g_array_append_val(b->index->surfaces, surface);
}

/* ---- words that stand in sheets of their own ---- */

typedef struct {
    guint32 topic;
    Surface surface; /* several words share the units of one that leads to several topics */
} Word;

static void remember_name(Builder *b, const char *name, guint topic)
{
    if (!g_hash_table_contains(b->topic_of, name))
        g_hash_table_insert(b->topic_of, (gpointer)name, GUINT_TO_POINTER(topic + 1));
}

/* Codes and names lead to their topics; a name of several to the first of them. */
static void remember_names(Builder *b)
{
    const Catalogue *c = b->index->catalogue;

    for (guint i = 0; i < c->topic_count; i++) {
        remember_name(b, c->topics[i].code, i);
        remember_name(b, c->topics[i].name, i);
    }
    for (guint i = 0; i < c->topic_count; i++)
        for (char **name = c->topics[i].alternate_names; *name; name++)
            remember_name(b, *name, i);
}

/* `name`: of a topic; what is none is left to search.h, which weighs what a word means. */
static void add_word(Builder *b, const char *name, Surface *surface)
{
    guint topic = GPOINTER_TO_UINT(g_hash_table_lookup(b->topic_of, name));

    if (!topic) return;
    if (!surface->unit_count) *surface = surface_make(b, surface->text, SURFACE_LAY_WORD);
    Word word = { .topic = topic - 1, .surface = *surface };
    if (surface->unit_count) g_array_append_val(b->words, word);
}

static void read_words(Builder *b)
{
    const Catalogue *c = b->index->catalogue;

    remember_names(b);
    for (guint i = 0; i < c->lay_word_count; i++) {
        Surface surface = { .text = c->lay_words[i].word };
        for (char **meaning = c->lay_words[i].meanings; *meaning; meaning++)
            add_word(b, *meaning, &surface);
    }
    for (guint i = 0; i < c->synonym_count; i++) {
        for (char **variant = c->synonyms[i].variants; *variant; variant++) {
            Surface surface = { .text = *variant };
            add_word(b, c->synonyms[i].term, &surface);
        }
    }
}

static int compare_words(gconstpointer a, gconstpointer b)
{
    const Word *left = a, *right = b;

    if (left->topic != right->topic) return left->topic < right->topic ? -1 : 1;
    return (left->surface.first > right->surface.first) -
           (left->surface.first < right->surface.first);
}

/* ---- all of it ---- */

/* `word`: the first of this topic, or of one behind; moves on to the next topic's. */
static void add_topic(Builder *b, guint topic, guint *word)
{
    const Catalogue *c = b->index->catalogue;
    const Topic *t = &c->topics[topic];

    add_surface(b, t->category, SURFACE_CATEGORY, 0);
    add_surface(b, t->name, SURFACE_NAME, 0);
    add_surface(b, t->code, SURFACE_CODE, 0);
    for (char **name = t->alternate_names; *name; name++)
        add_surface(b, *name, SURFACE_ALIAS, 0);
    for (guint i = 0; i < t->project_count; i++)
        add_surface(b, c->projects[t->first_project + i].name, SURFACE_PROJECT, 0);
    for (; *word < b->words->len; (*word)++) {
        const Word *w = &g_array_index(b->words, Word, *word);
        if (w->topic != topic) break;
        g_array_append_val(b->index->surfaces, w->surface);
    }
    for (guint i = 0; i < t->qa_count; i++)
        add_surface(b, c->qas[t->first_qa + i].question, SURFACE_QUESTION, i);
}

/* Arrays grow by doubling: what they have too much of is given back. */
static GArray *fitted(GArray *array)
{
    guint size = g_array_get_element_size(array);
    GArray *copy = g_array_sized_new(FALSE, FALSE, size, array->len);

    g_array_append_vals(copy, array->data, array->len);
    g_array_unref(array);
    return copy;
}

SuggestIndex *suggest_index_new(const Catalogue *catalogue)
{
    SuggestIndex *s = g_new0(SuggestIndex, 1);
    const PinyinReading unknown = { 0 };

    s->catalogue = catalogue;
    s->surfaces = g_array_new(FALSE, FALSE, sizeof(Surface));
    s->first_surface = g_new(guint32, (gsize)catalogue->topic_count + 1);
    s->units = g_array_new(FALSE, FALSE, sizeof(guint16));
    s->glyphs = g_array_new(FALSE, FALSE, sizeof(PinyinReading));
    g_array_append_val(s->glyphs, unknown);
    spell_syllables(s);

    Builder b = { .index = s,
                  .glyph_of = g_hash_table_new(NULL, NULL),
                  .topic_of = g_hash_table_new(g_str_hash, g_str_equal),
                  .words = g_array_new(FALSE, FALSE, sizeof(Word)),
                  .simple = g_new0(guint16, HAN_LAST - HAN_FIRST + 1) };
    guint word = 0;
    read_words(&b);
    g_array_sort(b.words, compare_words);
    for (guint i = 0; i < catalogue->topic_count; i++) {
        s->first_surface[i] = s->surfaces->len;
        add_topic(&b, i, &word);
    }
    s->first_surface[catalogue->topic_count] = s->surfaces->len;
    g_hash_table_unref(b.glyph_of);
    g_hash_table_unref(b.topic_of);
    g_array_unref(b.words);
    g_free(b.simple);
    s->surfaces = fitted(s->surfaces);
    s->units = fitted(s->units);
    s->glyphs = fitted(s->glyphs);
    return s;
}

void suggest_index_free(SuggestIndex *s)
{
    if (!s) return;
    g_array_unref(s->surfaces);
    g_array_unref(s->units);
    g_array_unref(s->glyphs);
    g_array_unref(s->spellings);
    g_free(s->first_surface);
    g_free(s->first_spelling);
    g_free(s);
}

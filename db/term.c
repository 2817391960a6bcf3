#include "db/term.h"

#include "charset/fold.h"
#include "charset/pinyin.h"

gboolean term_is_han(gunichar ch)
{
    return (ch >= 0x4e00 && ch <= 0x9fff) || (ch >= 0x3400 && ch <= 0x4dbf) || ch == 0x3007 ||
           (ch >= 0x20000 && ch <= 0x323af);
}

#define HAN_FIRST 0x4e00
#define HAN_COUNT 0x5200

/* A bit a character from U+4E00 on. */
static const guint8 *function_chars(void)
{
    static const char words[] =
        "的了吗呢啊吧呀么嘛哦喔哈诶啦咯我你您他她它们是在有和与及或也都就还要会能可"
        "这那哪什怎一个些把被给让从到为对于而且但如果请问想又很太着过去来得地之其所以";
    static guint8 bits[HAN_COUNT / 8];
    static gsize is_made;

    if (g_once_init_enter(&is_made)) {
        for (const char *p = words; *p; p = g_utf8_next_char(p)) {
            gunichar bit = g_utf8_get_char(p) - HAN_FIRST;
            bits[bit / 8] |= (guint8)(1 << bit % 8);
        }
        g_once_init_leave(&is_made, 1);
    }
    return bits;
}

gboolean term_is_function_char(gunichar ch)
{
    gunichar bit = ch - HAN_FIRST; /* below HAN_FIRST: far above HAN_COUNT */

    return bit < HAN_COUNT && (function_chars()[bit / 8] >> bit % 8 & 1);
}

/* ---- taking a text apart ---- */

static gboolean is_latin_letter(gunichar ch)
{
    return (ch >= 'a' && ch <= 'z') || ch == 0xfc; /* ü */
}

/* The folded text of at most TERM_TEXT_MAX characters. */
static char *fold_bounded(const char *text)
{
    /* folding may drop characters (spaces) but a text is cut well before it is folded */
    gsize len = strnlen(text, TERM_TEXT_MAX * 8);
    g_autofree char *folded = fold_text(text, (gssize)len);

    if (strlen(folded) <= TERM_TEXT_MAX || g_utf8_strlen(folded, -1) <= TERM_TEXT_MAX)
        return g_steal_pointer(&folded);
    return g_utf8_substring(folded, 0, TERM_TEXT_MAX);
}

/* A word of letters as syllables, or a break if it is no pinyin: initials, English. */
static void append_word(TermText *t, const char *word, gsize len)
{
    guint16 none = PINYIN_NONE;

    if (!pinyin_split(word, len, t->syllables)) g_array_append_val(t->syllables, none);
}

static gboolean is_word_char(const TermText *t, guint i, guint start)
{
    gunichar ch = i < t->chars->len ? g_array_index(t->chars, gunichar, i) : 0;

    return is_latin_letter(ch) || (ch == '\'' && i > start);
}

/* Spaces do not break the chain of sounds: "can ji ren", "canjiren butie". */
static void append_syllables(TermText *t)
{
    g_autoptr(GArray) readings = pinyin_readings(t->folded);
    guint16 none = PINYIN_NONE;

    for (guint i = 0; i < readings->len;) {
        const PinyinReading *r = &g_array_index(readings, PinyinReading, i);
        guint start = i;

        while (is_word_char(t, i, start))
            i++;
        if (i > start) {
            const char *word = g_utf8_offset_to_pointer(t->folded, start);
            append_word(t, word, (gsize)(g_utf8_offset_to_pointer(word, i - start) - word));
            continue;
        }
        if (r->count > 0)
            g_array_append_val(t->syllables, r->syllable[0]);
        else if (r->ch != ' ')
            g_array_append_val(t->syllables, none);
        i++;
    }
}

TermText *term_text_new(const char *text)
{
    TermText *t = g_new0(TermText, 1);

    t->chars = g_array_new(FALSE, FALSE, sizeof(gunichar));
    t->syllables = g_array_new(FALSE, FALSE, sizeof(guint16));
    term_text_set(t, text);
    return t;
}

void term_text_set(TermText *t, const char *text)
{
    gboolean has_han = FALSE, has_latin = FALSE;
    guint count = 0;

    g_free(t->folded);
    t->folded = fold_bounded(text);
    g_array_set_size(t->chars, 0);
    g_array_set_size(t->syllables, 0);
    g_array_set_size(t->chars, (guint)strlen(t->folded)); /* room enough */
    for (const char *p = t->folded; *p; p = g_utf8_next_char(p)) {
        gunichar ch = g_utf8_get_char(p);
        g_array_index(t->chars, gunichar, count++) = ch;
        has_han |= term_is_han(ch);
        has_latin |= is_latin_letter(ch);
    }
    g_array_set_size(t->chars, count);
    t->is_latin = has_latin && !has_han;
    append_syllables(t);
}

void term_text_free(TermText *t)
{
    if (!t) return;
    g_free(t->folded);
    g_array_unref(t->chars);
    g_array_unref(t->syllables);
    g_free(t);
}

/* ---- terms ---- */

static Term make_term(TermKind kind, guint64 payload)
{
    return (Term)kind << 56 | (payload & G_GUINT64_CONSTANT(0x00ffffffffffffff));
}

static guint64 mix(guint64 hash, guint64 value)
{
    hash ^= value;
    hash *= G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

guint64 term_hash_add_char(guint64 hash, gunichar ch)
{
    return mix(hash, ch);
}

guint64 term_hash_add_syllable(guint64 hash, guint16 syllable)
{
    return mix(hash, pinyin_fuzzy(syllable));
}

guint64 term_hash_chars(const gunichar *chars, gsize count)
{
    guint64 hash = TERM_HASH_CHARS;

    for (gsize i = 0; i < count; i++)
        hash = mix(hash, chars[i]);
    return hash;
}

static void put(GArray *terms, TermKind kind, guint64 payload)
{
    Term term = make_term(kind, payload);

    g_array_append_val(terms, term);
}

/* Room for `more` terms behind those there are: to be filled in, then given back by set_end(). */
static Term *make_room(GArray *terms, guint more)
{
    guint before = terms->len;

    if (more == 0) return (Term *)terms->data; /* which may be NULL: nothing is written there */
    g_array_set_size(terms, before + more);
    return &g_array_index(terms, Term, before);
}

static void set_end(GArray *terms, guint more, const Term *end)
{
    if (more == 0) return;
    g_array_set_size(terms, (guint)(end - (const Term *)terms->data));
}

static void collect_han(const TermText *t, guint kinds, GArray *terms)
{
    guint room = 2 * t->chars->len;
    Term *to = make_room(terms, room);
    gunichar before = 0;

    for (guint i = 0; i < t->chars->len; i++) {
        gunichar ch = g_array_index(t->chars, gunichar, i);

        if (!term_is_han(ch)) {
            before = 0;
            continue;
        }
        if ((kinds & 1 << TERM_BIGRAM) && before)
            *to++ = make_term(TERM_BIGRAM, (guint64)before << 24 | ch);
        if ((kinds & 1 << TERM_CHAR) && !term_is_function_char(ch))
            *to++ = make_term(TERM_CHAR, ch);
        before = ch;
    }
    set_end(terms, room, to);
}

static void collect_words(const TermText *t, GArray *terms)
{
    for (guint i = 0; i < t->chars->len;) {
        guint start = i;

        while (i < t->chars->len && g_array_index(t->chars, gunichar, i) < 0x80 &&
               (g_ascii_isalnum((char)g_array_index(t->chars, gunichar, i)) ||
                (g_array_index(t->chars, gunichar, i) == '.' && i > start)))
            i++;
        if (i > start)
            put(terms, TERM_WORD,
                term_hash_chars(&g_array_index(t->chars, gunichar, start), i - start));
        else
            i++;
    }
}

static void collect_pinyin(const TermText *t, GArray *terms)
{
    guint room = t->syllables->len;
    Term *to = make_room(terms, room);

    for (guint i = 1; i < t->syllables->len; i++) {
        guint16 a = g_array_index(t->syllables, guint16, i - 1);
        guint16 b = g_array_index(t->syllables, guint16, i);

        if (a != PINYIN_NONE && b != PINYIN_NONE)
            *to++ = make_term(TERM_PINYIN, (guint64)pinyin_fuzzy(a) << 16 | pinyin_fuzzy(b));
    }
    set_end(terms, room, to);
}

/* From the syllables of a Chinese text, or from the letters of a run that is no pinyin. */
static void collect_initials(const TermText *t, GArray *terms)
{
    g_autoptr(GString) letters = g_string_new(NULL);

    if (t->is_latin) {
        g_string_append(letters, t->folded);
    } else {
        for (guint i = 0; i < t->syllables->len; i++) {
            guint16 s = g_array_index(t->syllables, guint16, i);
            g_string_append_c(letters, s == PINYIN_NONE ? ' ' : pinyin_syllable(s)[0]);
        }
    }
    for (gsize i = 0; i < letters->len; i++) {
        guint64 gram = 0;

        for (gsize n = 1; n <= 4 && i + n <= letters->len; n++) {
            char c = letters->str[i + n - 1];
            if (!g_ascii_islower(c)) break;
            gram = gram << 8 | (guint8)c;
            if (n > 1) put(terms, TERM_INITIALS, gram);
        }
    }
}

void term_collect(const TermText *t, guint kinds, GArray *terms)
{
    if (kinds & (1 << TERM_BIGRAM | 1 << TERM_CHAR)) collect_han(t, kinds, terms);
    if (kinds & 1 << TERM_WORD) collect_words(t, terms);
    if (kinds & 1 << TERM_PINYIN) collect_pinyin(t, terms);
    if (kinds & 1 << TERM_INITIALS) collect_initials(t, terms);
}

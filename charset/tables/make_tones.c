/* Makes the tones of charset/pinyin.c from the readings in Unicode's Unihan database (on standard
 * input), and our exceptions. Runs during the build, after make_pinyin, and prints C.
 * usage: make_tones EXCEPTIONS < Unihan_Readings.txt
 *
 * pinyin_table.c knows which syllable a character has in a phrase; what is left is which tone that
 * syllable has. For nearly all pairs of character and syllable there is but one. Where there are
 * several the most frequent one is the usual one, and the words with another one are among the
 * exceptions. Source: Unicode Standard Annex #38, kHanyuPinlu, kTGHZ2013, kXHC1983, kMandarin and
 * kHanyuPinyin. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "charset/tone_table.h"

#define CHAR_COUNT (PINYIN_LAST_CHAR - PINYIN_FIRST_CHAR + 1)
#define NEUTRAL    5

typedef struct {
    float weight[NEUTRAL + 1]; /* of each tone; [0] is of none */
    gboolean is_standard;      /* kTGHZ2013 has this syllable … */
    gboolean has[NEUTRAL + 1]; /* … with these tones: the others are out of use */
    guint8 ours;               /* the exceptions' */
} Tones;

typedef struct {
    guint16 ch[PINYIN_PHRASE_MAX];
    guint8 tone[PINYIN_PHRASE_MAX];
    guint count;
    guint met; /* phrases of the list that contain it */
} Word;

static Tones tones[CHAR_COUNT][PINYIN_READINGS_MAX];
static GArray *words;

static void die(const char *what, const char *which)
{
    fprintf(stderr, "make_tones: %s: %s\n", what, which);
    exit(1);
}

/* ---- readings ---- */

/* Which of the character's readings; -1: not among them. */
static int reading_of(gunichar ch, const char *latin)
{
    if (ch < PINYIN_FIRST_CHAR || ch > PINYIN_LAST_CHAR) return -1;
    const PinyinSet *set = &pinyin_table_sets[pinyin_table_chars[ch - PINYIN_FIRST_CHAR].set];
    for (guint i = 0; i < set->count; i++)
        if (!strcmp(pinyin_table_syllables[set->syllable[i]].latin, latin)) return (int)i;
    return -1;
}

/* "lüè" → "lue" and 4: the list of syllables writes ü only where u is another syllable. */
static guint read_marks(const char *marked, GString *latin)
{
    g_autofree char *apart = g_utf8_normalize(marked, -1, G_NORMALIZE_NFD);
    guint tone = NEUTRAL;
    g_string_truncate(latin, 0);
    for (const char *at = apart; *at; at = g_utf8_next_char(at)) {
        gunichar ch = g_utf8_get_char(at);
        if (ch == 0x304)
            tone = 1;
        else if (ch == 0x301)
            tone = 2;
        else if (ch == 0x30c)
            tone = 3;
        else if (ch == 0x300)
            tone = 4;
        else if (ch == 0x308 && latin->len && latin->str[latin->len - 1] == 'u')
            latin->str[latin->len - 1] = 'v';
        else
            g_string_append_unichar(latin, ch);
    }
    if (g_str_has_suffix(latin->str, "ve")) latin->str[latin->len - 2] = 'u';
    return tone;
}

static void add_reading(gunichar ch, const char *marked, float weight, gboolean is_standard)
{
    g_autoptr(GString) latin = g_string_new(NULL);
    guint tone = read_marks(marked, latin);
    int reading = reading_of(ch, latin->str);
    if (reading < 0) return;
    Tones *t = &tones[ch - PINYIN_FIRST_CHAR][reading];
    t->weight[tone] += weight;
    if (!is_standard) return;
    t->is_standard = TRUE;
    t->has[tone] = TRUE;
}

/* kHanyuPinlu: "zhòng(1823) chóng(329)", how often it was met */
static void read_frequencies(gunichar ch, char *value)
{
    g_auto(GStrv) parts = g_strsplit(value, " ", -1);
    for (char **part = parts; *part; part++) {
        char *count = strchr(*part, '(');
        if (!count) die("no frequency", value);
        *count = 0;
        add_reading(ch, *part, (float)g_ascii_strtod(count + 1, NULL), FALSE);
    }
}

/* "10289.030:shuài,lǜ 10290.010:lüè" or "lǜ": the first one is the likeliest. */
static void read_dictionary(gunichar ch, const char *value, float weight, gboolean is_standard)
{
    g_auto(GStrv) parts = g_strsplit(value, " ", -1);
    for (char **part = parts; *part; part++) {
        const char *colon = strchr(*part, ':');
        g_auto(GStrv) names = g_strsplit(colon ? colon + 1 : *part, ",", -1);
        for (char **name = names; *name; name++, weight /= 2)
            add_reading(ch, *name, weight, is_standard);
    }
}

static void read_unihan(FILE *file)
{
    char *line = NULL;
    size_t size = 0;
    guint count = 0;
    while (getline(&line, &size, file) > 0) {
        g_auto(GStrv) fields = g_strsplit(g_strchomp(line), "\t", 3);
        if (g_strv_length(fields) != 3 || !g_str_has_prefix(fields[0], "U+")) continue;
        gunichar ch = (gunichar)g_ascii_strtoull(fields[0] + 2, NULL, 16);
        if (!strcmp(fields[1], "kHanyuPinlu"))
            read_frequencies(ch, fields[2]);
        else if (!strcmp(fields[1], "kTGHZ2013"))
            read_dictionary(ch, fields[2], 0.3f, TRUE);
        else if (!strcmp(fields[1], "kXHC1983"))
            read_dictionary(ch, fields[2], 0.2f, FALSE);
        else if (!strcmp(fields[1], "kMandarin"))
            read_dictionary(ch, fields[2], 0.4f, FALSE);
        else if (!strcmp(fields[1], "kHanyuPinyin"))
            read_dictionary(ch, fields[2], 0.1f, FALSE);
        else
            continue;
        count++;
    }
    free(line);
    if (count < 60000) die("too few readings", "Unihan_Readings.txt");
}

/* A neutral tone that the standard list does not have is a matter of the word: 服务 fu2 wu5. */
static guint usual_tone(const Tones *t)
{
    if (t->ours) return t->ours;
    guint best = 0;
    for (guint tone = 1; tone <= NEUTRAL; tone++) {
        if (t->is_standard && !t->has[tone]) continue;
        if (t->weight[tone] > t->weight[best]) best = tone;
    }
    return best;
}

/* ---- exceptions ---- */

/* Cuts the digit off "zhong4". */
static guint8 cut_tone(char *name)
{
    gsize len = strlen(name);
    if (len < 2 || name[len - 1] < '1' || name[len - 1] > '0' + NEUTRAL) die("no tone", name);
    guint8 tone = (guint8)(name[len - 1] - '0');
    name[len - 1] = 0;
    return tone;
}

static void except_word(const char *text, char **names)
{
    Word w = { .count = g_strv_length(names) };
    if (w.count > PINYIN_PHRASE_MAX || g_utf8_strlen(text, -1) != (glong)w.count)
        die("bad exception", text);
    const char *at = text;
    for (guint i = 0; i < w.count; i++, at = g_utf8_next_char(at)) {
        gunichar ch = g_utf8_get_char(at);
        w.ch[i] = (guint16)ch;
        w.tone[i] = cut_tone(names[i]);
        int reading = reading_of(ch, names[i]);
        if (reading < 0) die("no such reading", text);
        if (w.count == 1) tones[ch - PINYIN_FIRST_CHAR][reading].ours = w.tone[i];
    }
    if (w.count > 1) g_array_append_val(words, w);
}

static void read_exceptions(const char *path)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &text, NULL, &error)) die("cannot read", error->message);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (strchr(*line, '#')) *strchr(*line, '#') = 0;
        g_auto(GStrv) fields = g_strsplit(g_strstrip(*line), " ", -1);
        if (fields[0]) except_word(fields[0], fields + 1);
    }
}

/* ---- writing ---- */

static void write_chars(void)
{
    puts("const guint16 tone_table_chars[] = {");
    for (guint i = 0; i < CHAR_COUNT; i++) {
        guint packed = 0;
        for (guint k = 0; k < PINYIN_READINGS_MAX; k++)
            packed |= usual_tone(&tones[i][k]) << (4 * k);
        printf("    0x%x,\n", packed);
    }
    puts("};");
}

/* The characters of phrase `index`, and its tones as far as the words in it give them; the longest
 * word has the last say. */
static guint phrase_tones(guint16 first, const PinyinPhrase *phrase)
{
    guint16 ch[PINYIN_PHRASE_MAX + 1] = { first };
    guint8 tone[PINYIN_PHRASE_MAX] = { 0 };
    memcpy(ch + 1, phrase->rest, sizeof phrase->rest);
    for (guint length = 2; length <= PINYIN_PHRASE_MAX; length++) {
        for (guint i = 0; i < words->len; i++) {
            Word *w = &g_array_index(words, Word, i);
            if (w->count != length) continue;
            for (guint at = 0; at + length <= PINYIN_PHRASE_MAX; at++) {
                if (memcmp(ch + at, w->ch, length * sizeof *ch)) continue;
                memcpy(tone + at, w->tone, length);
                w->met++;
            }
        }
    }
    guint packed = 0;
    for (guint i = 0; i < PINYIN_PHRASE_MAX; i++)
        packed |= (guint)tone[i] << (4 * i);
    return packed;
}

/* A word that no phrase has is never found: it is to stand in pinyin_exceptions.txt too. */
static void write_words(void)
{
    guint count = 0;
    puts("const ToneWord tone_table_words[] = {");
    for (guint i = 0; i < CHAR_COUNT; i++) {
        guint end = pinyin_table_chars[i + 1].phrase;
        for (guint p = pinyin_table_chars[i].phrase; p < end; p++) {
            guint packed = phrase_tones((guint16)(PINYIN_FIRST_CHAR + i), &pinyin_table_phrases[p]);
            if (!packed) continue;
            printf("    { %u, 0x%x },\n", p, packed);
            count++;
        }
    }
    printf("};\nconst guint tone_table_word_count = %u;\n", count);
    for (guint i = 0; i < words->len; i++) {
        const Word *w = &g_array_index(words, Word, i);
        if (w->met) continue;
        g_autofree char *text = g_utf16_to_utf8(w->ch, (glong)w->count, NULL, NULL, NULL);
        die("exception is in no phrase", text);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) die("usage", "make_tones EXCEPTIONS < Unihan_Readings.txt");
    words = g_array_new(FALSE, FALSE, sizeof(Word));
    read_unihan(stdin);
    read_exceptions(argv[1]);
    puts("/* Made by charset/tables/make_tones.c; do not edit. */");
    puts("#include \"charset/tone_table.h\"");
    write_chars();
    write_words();
    return fflush(stdout) || ferror(stdout);
}

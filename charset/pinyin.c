#include "charset/pinyin.h"

#include "charset/tone_table.h"

static const PinyinChar *find_char(gunichar ch)
{
    return ch >= PINYIN_FIRST_CHAR && ch <= PINYIN_LAST_CHAR
               ? &pinyin_table_chars[ch - PINYIN_FIRST_CHAR]
               : NULL;
}

/* ---- syllables ---- */

guint pinyin_syllable_count(void)
{
    return pinyin_table_syllable_count;
}

const char *pinyin_syllable(guint16 syllable)
{
    return syllable < pinyin_table_syllable_count ? pinyin_table_syllables[syllable].latin : "";
}

guint16 pinyin_fuzzy(guint16 syllable)
{
    return syllable < pinyin_table_syllable_count ? pinyin_table_syllables[syllable].fuzzy
                                                  : syllable;
}

guint16 pinyin_syllable_find(const char *latin, gsize len)
{
    char key[sizeof pinyin_table_syllables[0].latin];
    if (len == 0 || len >= sizeof key) return PINYIN_NONE;
    memcpy(key, latin, len);
    key[len] = 0;

    guint low = 0, high = pinyin_table_syllable_count;
    while (low < high) {
        guint middle = (low + high) / 2;
        int order = strcmp(pinyin_table_syllables[middle].latin, key);
        if (order == 0) return (guint16)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return PINYIN_NONE;
}

/* ---- readings: the cheapest way through the words of a text ---- */

typedef struct {
    guint32 cost;   /* of the cheapest way to here */
    guint16 phrase; /* its last word … */
    guint8 count;   /* … and how many characters that has; 1: no phrase */
} Step;

/* The first phrase in [low, high) whose second character is not below `second`. */
static guint phrase_lower_bound(guint low, guint high, gunichar second)
{
    while (low < high) {
        guint middle = (low + high) / 2;
        if (pinyin_table_phrases[middle].rest[0] < second)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* How many characters `phrase` has, if it stands at the start of the `left` characters at `at`;
 * else 0. */
static guint phrase_match(const PinyinPhrase *phrase, const PinyinReading *at, guint left)
{
    guint count = 1;
    while (count < PINYIN_PHRASE_MAX && phrase->rest[count - 1]) {
        if (count == left || at[count].ch != phrase->rest[count - 1]) return 0;
        count++;
    }
    return count;
}

static void offer(Step *step, guint32 cost, guint count, guint phrase)
{
    if (step->count && step->cost <= cost) return;
    *step = (Step){ .cost = cost, .count = (guint8)count, .phrase = (guint16)phrase };
}

static void offer_phrases(const PinyinReading *at, guint left, Step *step)
{
    const PinyinChar *c = find_char(at->ch);
    if (!c || left < 2) return;
    guint end = c[1].phrase;
    for (guint i = phrase_lower_bound(c->phrase, end, at[1].ch);
         i < end && pinyin_table_phrases[i].rest[0] == at[1].ch; i++) {
        guint count = phrase_match(&pinyin_table_phrases[i], at, left);
        if (count) offer(&step[count], step->cost + pinyin_table_phrases[i].cost, count, i);
    }
}

/* The chosen reading first, then those in common use. */
static void set_reading(PinyinReading *r, guint choice)
{
    const PinyinChar *c = find_char(r->ch);
    const PinyinSet *set = c ? &pinyin_table_sets[c->set] : NULL;
    if (!set || !set->count) return;
    r->syllable[r->count++] = set->syllable[choice];
    for (guint i = 0; i < set->common; i++)
        if (i != choice && r->count < PINYIN_READINGS_MAX)
            r->syllable[r->count++] = set->syllable[i];
    r->tone = tone_table_chars[r->ch - PINYIN_FIRST_CHAR] >> (4 * choice) & 0xf;
}

/* 4 bits a character of the phrase; 0 where it has its usual tone. */
static guint phrase_tones(guint16 phrase)
{
    guint low = 0, high = tone_table_word_count;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (tone_table_words[middle].phrase == phrase) return tone_table_words[middle].tones;
        if (tone_table_words[middle].phrase < phrase)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

static void set_phrase(PinyinReading *readings, guint16 phrase, guint count)
{
    guint choices = pinyin_table_phrases[phrase].choices, tones = phrase_tones(phrase);
    for (guint i = 0; i < count; i++) {
        set_reading(&readings[i], choices >> (2 * i) & 3);
        guint tone = tones >> (4 * i) & 0xf;
        if (tone) readings[i].tone = (guint8)tone;
    }
}

#define STEPS_ON_STACK 256

/* The cheapest way through `count` characters that words may be made of. */
static void choose_by_words(PinyinReading *readings, guint count)
{
    Step on_stack[STEPS_ON_STACK];
    g_autofree Step *many = count < STEPS_ON_STACK ? NULL : g_new(Step, (gsize)count + 1);
    Step *steps = many ? many : on_stack;
    memset(steps, 0, sizeof *steps * ((gsize)count + 1));
    for (guint i = 0; i < count; i++) {
        const PinyinChar *c = find_char(readings[i].ch);
        offer(&steps[i + 1], steps[i].cost + (c ? c->cost : 0), 1, 0);
        offer_phrases(&readings[i], count - i, &steps[i]);
    }
    for (guint end = count; end > 0; end -= steps[end].count) {
        guint length = steps[end].count;
        PinyinReading *word = &readings[end - length];
        if (length > 1)
            set_phrase(word, steps[end].phrase, length);
        else
            set_reading(word, 0);
    }
}

/* No word goes across what is no Han character; and where all have one reading there is nothing to
 * choose, but for tones. */
static void choose_readings(PinyinReading *readings, guint count, gboolean has_tones)
{
    for (guint start = 0, end; start < count; start = end + 1) {
        gboolean has_choice = has_tones;
        for (end = start; end < count; end++) {
            const PinyinChar *c = find_char(readings[end].ch);
            if (!c) break;
            has_choice |= pinyin_table_sets[c->set].count > 1;
        }
        if (has_choice) {
            choose_by_words(readings + start, end - start);
            continue;
        }
        for (guint i = start; i < end; i++)
            set_reading(&readings[i], 0);
    }
}

static GArray *read_text(const char *folded, gboolean has_tones)
{
    glong count = g_utf8_strlen(folded, -1), i = 0;
    GArray *readings = g_array_sized_new(FALSE, TRUE, sizeof(PinyinReading), (guint)count);
    g_array_set_size(readings, (guint)count);
    for (const char *at = folded; *at; at = g_utf8_next_char(at))
        g_array_index(readings, PinyinReading, i++).ch = g_utf8_get_char(at);
    choose_readings((PinyinReading *)readings->data, readings->len, has_tones);
    return readings;
}

GArray *pinyin_readings(const char *folded)
{
    return read_text(folded, FALSE);
}

GArray *pinyin_readings_with_tones(const char *folded)
{
    return read_text(folded, TRUE);
}

char *pinyin_text(const char *folded)
{
    g_autoptr(GArray) readings = pinyin_readings(folded);
    GString *out = g_string_sized_new(readings->len * 4);
    gboolean after_syllable = FALSE, after_word = FALSE;
    for (guint i = 0; i < readings->len; i++) {
        const PinyinReading *r = &g_array_index(readings, PinyinReading, i);
        gboolean is_word = r->count || g_unichar_isalnum(r->ch);
        if (is_word && after_word && (r->count || after_syllable)) g_string_append_c(out, ' ');
        if (r->count)
            g_string_append(out, pinyin_syllable(r->syllable[0]));
        else
            g_string_append_unichar(out, r->ch);
        after_syllable = r->count > 0;
        after_word = is_word;
    }
    return g_string_free(out, FALSE);
}

char *pinyin_initials(const char *folded)
{
    g_autoptr(GArray) readings = pinyin_readings(folded);
    GString *out = g_string_sized_new(readings->len);
    for (guint i = 0; i < readings->len; i++) {
        const PinyinReading *r = &g_array_index(readings, PinyinReading, i);
        if (r->count)
            g_string_append_c(out, pinyin_syllable(r->syllable[0])[0]);
        else
            g_string_append_unichar(out, r->ch);
    }
    return g_string_free(out, FALSE);
}

/* ---- splitting: the cheapest way through the letters ---- */

#define RUN_MAX      200 /* letters; nobody types more at once */
#define SYLLABLE_MAX 6   /* letters: zhuang; no misspelling is longer */
#define FUZZY_COST   80  /* a misspelling is a thousand times rarer */
#define VOWEL_COST   40  /* a, e, o within a run: should be written after an apostrophe */
#define BORDER_COST  16  /* fewer syllables win where the rest is even */

typedef struct {
    char latin[RUN_MAX + 1];
    gboolean has_border[RUN_MAX + 1]; /* before the letter */
    guint count;
} Run;

/* The way that ends at a letter with a syllable of so many letters. */
typedef struct {
    guint32 cost; /* 0: there is none */
    guint16 syllable;
    guint8 before; /* letters of the syllable before; 0: none */
} Cut;

static gboolean run_read(Run *run, const char *latin, gsize len)
{
    run->count = 0;
    run->has_border[0] = FALSE;
    for (gsize i = 0; i < len; i++) {
        char letter = g_ascii_tolower(latin[i]);
        if (letter == ' ' || letter == '\'') {
            run->has_border[run->count] = TRUE;
            continue;
        }
        if (letter == '\xc3' && i + 1 < len && (latin[i + 1] == '\xbc' || latin[i + 1] == '\x9c')) {
            letter = 'v'; /* ü Ü */
            i++;
        }
        if (letter < 'a' || letter > 'z' || run->count == RUN_MAX) return FALSE;
        run->latin[run->count++] = letter;
        run->has_border[run->count] = FALSE;
    }
    return run->count > 0;
}

/* Also other ways to write a syllable: lve, jv, and what fuzzy reading allows (tin for ting). */
static guint16 find_spelling(const char *latin, gsize len, guint *cost)
{
    guint16 syllable = pinyin_syllable_find(latin, len);
    if (syllable != PINYIN_NONE) {
        *cost = pinyin_table_syllables[syllable].cost;
        return syllable;
    }
    guint low = 0, high = pinyin_table_spelling_count;
    while (low < high) {
        guint middle = (low + high) / 2;
        const PinyinSpelling *s = &pinyin_table_spellings[middle];
        int order = strncmp(s->latin, latin, len);
        if (order == 0) order = s->latin[len] != 0;
        if (order == 0) {
            *cost = pinyin_table_syllables[s->syllable].cost + (s->is_fuzzy ? FUZZY_COST : 0);
            return s->syllable;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return PINYIN_NONE;
}

/* The cheapest of the ways to `cuts`, followed by `syllable`; cost 0 if there is none. */
static Cut extend(const Cut cuts[SYLLABLE_MAX + 1], guint16 syllable, guint cost)
{
    Cut best = { .syllable = syllable };
    for (guint before = 1; before <= SYLLABLE_MAX; before++) {
        const Cut *c = &cuts[before];
        if (!c->cost) continue;
        guint saved =
            MIN(pinyin_table_pairs[c->syllable * pinyin_table_syllable_count + syllable], cost);
        guint32 sum = c->cost + cost - saved + BORDER_COST;
        if (best.cost && best.cost <= sum) continue;
        best.cost = sum;
        best.before = (guint8)before;
    }
    return best;
}

/* Appends from the last syllable back to the first, then turns them round. FALSE if single vowels
 * make up more than half: then the letters are initials. */
static gboolean append_way(const Run *run, Cut cuts[][SYLLABLE_MAX + 1], GArray *syllables)
{
    guint16 way[RUN_MAX];
    guint count = 0, single = 0, end = run->count, length = 0;
    for (guint i = 1; i <= SYLLABLE_MAX; i++)
        if (cuts[end][i].cost && (!length || cuts[end][i].cost < cuts[end][length].cost))
            length = i;
    while (length) {
        const Cut *c = &cuts[end][length];
        way[count++] = c->syllable;
        if (length == 1) single++;
        end -= length;
        length = c->before;
    }
    if (count == 0 || (count > 1 && single * 2 > count)) return FALSE;
    while (count > 0)
        g_array_append_val(syllables, way[--count]);
    return TRUE;
}

gboolean pinyin_split(const char *latin, gsize len, GArray *syllables)
{
    Run run;
    if (!run_read(&run, latin, len)) return FALSE;

    Cut cuts[RUN_MAX + 1][SYLLABLE_MAX + 1]; /* [letters so far][length of the last syllable] */
    memset(cuts, 0, sizeof cuts[0] * (run.count + 1));
    for (guint at = 0; at < run.count; at++) {
        for (guint length = 1; length <= SYLLABLE_MAX && at + length <= run.count; length++) {
            if (length > 1 && run.has_border[at + length - 1]) break;
            guint cost;
            guint16 syllable = find_spelling(run.latin + at, length, &cost);
            if (syllable == PINYIN_NONE) continue;
            if (length == 1 && !run.has_border[at]) cost += VOWEL_COST;
            cuts[at + length][length] =
                at ? extend(cuts[at], syllable, cost)
                   : (Cut){ .syllable = syllable, .cost = cost + BORDER_COST };
        }
    }
    return append_way(&run, cuts, syllables);
}

#include "db/suggest.h"

#include <string.h>

#include "charset/fold.h"
#include "db/suggest_index.h"
#include "db/suggest_pairs.h"

/* How a character was matched, best first. */
typedef enum {
    LEVEL_WRITTEN,
    LEVEL_SOUND,
    LEVEL_INITIAL,
    LEVEL_KEYS, /* the same two, on the pad */
    LEVEL_KEYS_INITIAL,
} Level;
#define LEVELS_TO_KEYS (LEVEL_KEYS - LEVEL_SOUND)

static const SuggestManner manners[] = {
    [LEVEL_WRITTEN] = SUGGEST_WRITTEN,        [LEVEL_SOUND] = SUGGEST_BY_SOUND,
    [LEVEL_INITIAL] = SUGGEST_BY_INITIALS,    [LEVEL_KEYS] = SUGGEST_BY_DIGITS,
    [LEVEL_KEYS_INITIAL] = SUGGEST_BY_DIGITS,
};

/* The level, and behind it whether that took letters of a syllable that only sounds alike, or a
 * reading the character has in other contexts. Less is better. */
typedef guint8 Quality;

static Quality quality_of(guint level, gboolean is_alike)
{
    return (Quality)(level << 1 | (is_alike ? 1 : 0));
}

static Level level_of(Quality quality)
{
    return (Level)(quality >> 1);
}

/* A run is as good as the worst of its characters. */
static Quality quality_of_both(Quality a, Quality b)
{
    return (Quality)((MAX(a, b) & ~1) | ((a | b) & 1));
}

/* What was typed, character by character. The window at a character holds the letters, or the keys
 * of the pad, from there on up to the next border, packed like a Spelling. */
typedef struct {
    guint count;
    gunichar chars[SUGGEST_TYPED_MAX];
    gboolean has_border[SUGGEST_TYPED_MAX + 1]; /* before the character */
    guint64 window[SUGGEST_TYPED_MAX];
    guint8 window_len[SUGGEST_TYPED_MAX];
} Typed;
#define WINDOW_MAX 8

/* A run that begins with a glyph: the classes of what can come next, none if there is no such run;
 * and how good it can be at best. */
typedef struct {
    guint64 next;
    Quality quality;
} Beginning;

struct Suggest {
    SuggestIndex *index;
    SuggestPairs *pairs;
    Typed typed;
    guint64 *wanted;       /* a bit a surface: worth a closer look */
    gsize wanted_len;      /* octets */
    Beginning *beginnings; /* by glyph */
};

Suggest *suggest_new(const Catalogue *catalogue)
{
    Suggest *s = g_new0(Suggest, 1);

    s->index = suggest_index_new(catalogue);
    s->pairs = suggest_pairs_new(s->index);
    s->beginnings = g_new(Beginning, s->index->glyphs->len);
    s->wanted_len = (s->index->surfaces->len / 64 + 1) * sizeof *s->wanted;
    s->wanted = g_malloc(s->wanted_len);
    return s;
}

void suggest_free(Suggest *s)
{
    if (!s) return;
    suggest_index_free(s->index);
    suggest_pairs_free(s->pairs);
    g_free(s->wanted);
    g_free(s->beginnings);
    g_free(s);
}

void suggest_forget(Suggest *s)
{
    explicit_bzero(&s->typed, sizeof s->typed);
}

gsize suggest_size(const Suggest *s)
{
    const SuggestIndex *i = s->index;

    return sizeof *s + s->wanted_len + suggest_pairs_size(s->pairs) + sizeof *i +
           i->glyphs->len * (sizeof(PinyinReading) + sizeof *s->beginnings) +
           i->units->len * sizeof(guint16) + i->surfaces->len * sizeof(Surface) +
           i->spellings->len * sizeof(Spelling) +
           (i->catalogue->topic_count + 1) * sizeof(guint32) +
           (pinyin_syllable_count() + 1) * sizeof(guint16);
}

/* ---- what was typed ---- */

static gboolean is_letter(gunichar ch)
{
    return ch >= 'a' && ch <= 'z';
}

static gboolean is_key(gunichar ch)
{
    return ch >= '2' && ch <= '9';
}

static void set_window(Typed *t, guint at)
{
    gboolean (*belongs)(gunichar) = is_key(t->chars[at]) ? is_key : is_letter;
    guint len = 0;

    t->window[at] = 0;
    while (len < WINDOW_MAX && at + len < t->count && belongs(t->chars[at + len]) &&
           (len == 0 || !t->has_border[at + len])) {
        t->window[at] |= (guint64)t->chars[at + len] << (8 * len);
        len++;
    }
    t->window_len[at] = (guint8)len;
}

/* FALSE if it is too long. Whatever is neither letter nor digit only parts syllables. */
static gboolean read_typed(Typed *t, const char *typed)
{
    gsize len = strnlen(typed, 8 * SUGGEST_TYPED_MAX + 1);
    if (len > 8 * SUGGEST_TYPED_MAX) return FALSE;
    g_autofree char *folded = fold_text(typed, (gssize)len);

    t->count = 0;
    t->has_border[0] = FALSE;
    for (const char *at = folded; *at; at = g_utf8_next_char(at)) {
        gunichar ch = g_utf8_get_char(at);
        if (!g_unichar_isalnum(ch)) {
            t->has_border[t->count] = TRUE;
            continue;
        }
        if (t->count == SUGGEST_TYPED_MAX) return FALSE;
        t->chars[t->count++] = ch == 0xfc ? 'v' : ch; /* ü */
        t->has_border[t->count] = FALSE;
    }
    for (guint i = 0; i < t->count; i++)
        set_window(t, i);
    return TRUE;
}

/* ---- a run: characters of a name beside characters typed ---- */

/* The places in what was typed that a run can have come to, and how well at best. Place n is in
 * bit n; SUGGEST_TYPED_MAX is the last. */
typedef struct {
    guint64 places;
    Quality quality[SUGGEST_TYPED_MAX + 1];
} Reached;

static void reach(Reached *r, guint place, Quality quality)
{
    if (r->places >> place & 1 && r->quality[place] <= quality) return;
    r->places |= G_GUINT64_CONSTANT(1) << place;
    r->quality[place] = quality;
}

static gboolean starts_alike(guint64 a, guint64 b, guint len)
{
    return len == 0 || (a ^ b) << (64 - 8 * len) == 0;
}

/* From `place` on by one syllable: whole, as much of it as there is, or its first letter. */
static void reach_by_syllable(Reached *r, const Typed *t, guint place, Quality quality,
                              const Spelling *spellings, guint count, gboolean is_other_reading)
{
    guint64 window = t->window[place];
    guint len = t->window_len[place];
    gboolean is_pad = is_key(t->chars[place]), is_last = place + len == t->count;
    guint pad = is_pad ? LEVELS_TO_KEYS : 0;
    guint64 own = is_pad ? spellings->keys : spellings->letters;

    if (!starts_alike(window, own, 1)) return; /* what sounds alike begins alike */
    for (guint i = 0; i < count; i++) {
        const Spelling *s = &spellings[i];
        guint taken = MIN(len, s->len);
        if (taken < s->len && !is_last) continue;
        if (!starts_alike(window, is_pad ? s->keys : s->letters, taken)) continue;
        Quality sound = quality_of(LEVEL_SOUND + pad, s->is_alike || is_other_reading);
        reach(r, place + taken, quality_of_both(quality, sound));
    }
    Quality initial = quality_of_both(quality, quality_of(LEVEL_INITIAL + pad, is_other_reading));
    reach(r, place + 1, initial);
    if (len >= 2 && (spellings->letters >> 8 & 0xff) == 'h' && starts_alike(window, own, 2))
        reach(r, place + 2, initial);
}

static void reach_by_glyph(Reached *r, const SuggestIndex *index, const Typed *t, guint place,
                           Quality quality, guint16 glyph)
{
    const PinyinReading *reading = &g_array_index(index->glyphs, PinyinReading, glyph);

    if (reading->ch == t->chars[place]) reach(r, place + 1, quality);
    if (t->window_len[place] == 0) return;
    for (guint i = 0; i < reading->count; i++) {
        guint first = index->first_spelling[reading->syllable[i]];
        guint count = index->first_spelling[reading->syllable[i] + 1u] - first;
        reach_by_syllable(r, t, place, quality, &g_array_index(index->spellings, Spelling, first),
                          count, i > 0);
    }
}

typedef struct {
    Quality quality;
    guint unit_count;
} Run;

/* All of what was typed, from the first of `units` on. Bounded: for each of the units once through
 * the places, and each place once through the spellings of a character. */
static gboolean match_run(const SuggestIndex *index, const Typed *t, const guint16 *units,
                          guint count, Run *run)
{
    Reached reached, next;
    gboolean is_found = FALSE;

    reached.places = 1;
    reached.quality[0] = quality_of(LEVEL_WRITTEN, FALSE);
    for (guint i = 0; i < count && reached.places; i++) {
        next.places = 0;
        for (guint64 left = reached.places; left; left &= left - 1) {
            guint place = (guint)__builtin_ctzll(left);
            reach_by_glyph(&next, index, t, place, reached.quality[place], units[i]);
        }
        if (next.places >> t->count & 1) {
            if (!is_found || next.quality[t->count] < run->quality)
                *run = (Run){ .quality = next.quality[t->count], .unit_count = i + 1 };
            is_found = TRUE;
            next.places &= ~(G_GUINT64_CONSTANT(1) << t->count);
        }
        reached.places = next.places;
        memcpy(reached.quality, next.quality, t->count);
    }
    return is_found;
}

/* ---- which names may hold such a run ---- */

/* The classes a character can be in that takes up what was typed from `place` on. */
static guint64 classes_at(const Suggest *s, guint place)
{
    gunichar ch = s->typed.chars[place];
    guint64 classes = 0;

    if (place == s->typed.count) return PAIR_CLASSES_ALL;
    if (is_letter(ch)) return G_GUINT64_CONSTANT(1) << suggest_pair_class(ch);
    for (char letter = 'a'; is_key(ch) && letter <= 'z'; letter++)
        if ((guchar)suggest_key_of(letter) == ch)
            classes |= G_GUINT64_CONSTANT(1) << suggest_pair_class((guchar)letter);
    for (guint i = 0; i < s->index->glyphs->len; i++)
        if (g_array_index(s->index->glyphs, PinyinReading, i).ch == ch)
            classes |= s->pairs->classes[i];
    return classes;
}

static void mark_wanted(Suggest *s)
{
    guint64 classes[SUGGEST_TYPED_MAX + 1], is_known = 1, second[PAIR_CLASSES] = { 0 };
    Reached reached;

    classes[0] = classes_at(s, 0); /* a glyph of none of them cannot begin a run */
    for (guint i = 0; i < s->index->glyphs->len; i++) {
        Beginning *b = &s->beginnings[i];
        *b = (Beginning){ .quality = G_MAXUINT8 };
        if (!(s->pairs->classes[i] & classes[0])) continue;
        reached.places = 0;
        reach_by_glyph(&reached, s->index, &s->typed, 0, 0, (guint16)i);
        for (guint64 left = reached.places; left; left &= left - 1) {
            guint place = (guint)__builtin_ctzll(left);
            if (!(is_known >> place & 1)) classes[place] = classes_at(s, place);
            is_known |= G_GUINT64_CONSTANT(1) << place;
            b->next |= classes[place];
            b->quality = MIN(b->quality, reached.quality[place]);
        }
        for (guint64 left = b->next ? s->pairs->classes[i] : 0; left; left &= left - 1)
            second[__builtin_ctzll(left)] |= b->next;
    }
    memset(s->wanted, 0, s->wanted_len);
    for (guint first = 0; first < PAIR_CLASSES; first++)
        suggest_pairs_mark(s->pairs, first, second[first], s->wanted);
}

/* Whether a run can begin with the first of `units`, as far as the next one tells. */
static gboolean may_begin(const Suggest *s, const guint16 *units, guint count)
{
    guint64 next =
        count > 1 ? s->pairs->classes[units[1]] : G_GUINT64_CONSTANT(1) << PAIR_CLASS_END;

    return (s->beginnings[units[0]].next & next) != 0;
}

/* ---- ranking ---- */

typedef struct {
    guint64 rank; /* less is better */
    guint32 topic, surface;
    guint8 start, unit_count;
    Quality quality;
} Found;

typedef struct {
    Found found[SUGGEST_MAX]; /* best first */
    guint count, max;
} Best;

#define OFFICIAL_LACKS_ALL G_MAXUINT /* what was typed is not in the topic's official name */

/* Set for what stands within a name; see rank_of(). */
#define RANK_INSIDE (G_GUINT64_CONSTANT(1) << 60)

/* How far what was typed is from what is meant, less is nearer: a name typed to its end; else what
 * lacks of the topic's official name, if that holds it, too; else what lacks of this one. So a
 * short other name does not put a topic that has little to do with the word before those named for
 * it. */
static guint64 distance_of(guint lacking, guint lacking_of_official)
{
    if (lacking == 0) return 0;
    if (lacking_of_official != OFFICIAL_LACKS_ALL) return 1 + MIN(lacking_of_official, 99u);
    return 101 + MIN(lacking, 99u);
}

/* In order: begins the name or not, quality, kind of name, distance, place in the sheets. Lay words
 * stand behind names, however short they are: the screen should not greet everybody who types a
 * letter with the blunt words for an illness. */
static guint64 rank_of(const Surface *surface, guint32 number, guint start, Quality quality,
                       guint unit_count, guint lacking_of_official)
{
    static const guint8 group[] = {
        [SURFACE_NAME] = 0,     [SURFACE_ALIAS] = 0,    [SURFACE_PROJECT] = 0,
        [SURFACE_LAY_WORD] = 1, [SURFACE_QUESTION] = 2, [SURFACE_CODE] = 0,
    };
    guint lacking = surface->unit_count - MIN(unit_count, surface->unit_count);

    return (start > 0 ? RANK_INSIDE : 0) | (guint64)quality << 56 |
           (guint64)group[surface->kind] << 52 | distance_of(lacking, lacking_of_official) << 44 |
           number;
}

static guint64 worst_of(const Best *best)
{
    return best->count < best->max ? G_MAXUINT64 : best->found[best->max - 1].rank;
}

static void keep_best(Best *best, const Found *found)
{
    if (found->rank >= worst_of(best)) return;
    guint at = best->count < best->max ? best->count++ : best->max - 1;
    for (; at > 0 && best->found[at - 1].rank > found->rank; at--)
        best->found[at] = best->found[at - 1];
    best->found[at] = *found;
}

/* Characters of a name at which a run may begin. CL alone are the first letters of too much: a code
 * counts from its first digit on. Letters and keys of the pad begin an everyday word: within one of
 * thousands they stand by chance. */
static guint starts_of(const Suggest *s, const Surface *surface)
{
    if (surface->kind == SURFACE_CODE) return s->typed.count > 2;
    if (surface->kind == SURFACE_LAY_WORD && s->typed.chars[0] < 0x80) return 1;
    return surface->unit_count;
}

/* The best run in a name. `limit`: nothing that ranks there or behind is wanted, which spares most
 * of the walk once eight names are found that begin with what was typed. */
static void match_surface(const Suggest *s, guint32 number, guint64 limit,
                          guint lacking_of_official, Found *best)
{
    const Surface *surface = &g_array_index(s->index->surfaces, Surface, number);
    const guint16 *units = &g_array_index(s->index->units, guint16, surface->first);
    guint count = starts_of(s, surface);
    Run run;

    best->rank = limit;
    for (guint start = 0; start < count; start++) {
        if (start > 0 && best->rank < RANK_INSIDE) break;
        if (!may_begin(s, units + start, surface->unit_count - start)) continue;
        Quality at_best = s->beginnings[units[start]].quality;
        if (rank_of(surface, number, start, at_best, s->typed.count, lacking_of_official) >=
            best->rank)
            continue;
        if (!match_run(s->index, &s->typed, units + start, surface->unit_count - start, &run))
            continue;
        guint64 rank =
            rank_of(surface, number, start, run.quality, run.unit_count, lacking_of_official);
        if (rank >= best->rank) continue;
        *best = (Found){ .rank = rank,
                         .topic = best->topic,
                         .surface = number,
                         .start = (guint8)start,
                         .unit_count = (guint8)run.unit_count,
                         .quality = run.quality };
    }
}

static gboolean is_wanted(const Suggest *s, guint32 surface)
{
    return s->wanted[surface / 64] >> (surface % 64) & 1;
}

/* Characters of the topic's official name, the first of its surfaces, that were not typed. */
static guint lacking_of_official(const Suggest *s, guint32 number)
{
    const Surface *surface = &g_array_index(s->index->surfaces, Surface, number);
    Found found;

    if (surface->kind != SURFACE_NAME || !is_wanted(s, number)) return OFFICIAL_LACKS_ALL;
    match_surface(s, number, G_MAXUINT64, OFFICIAL_LACKS_ALL, &found);
    return found.rank == G_MAXUINT64 ? OFFICIAL_LACKS_ALL
                                     : surface->unit_count - (guint)found.unit_count;
}

/* One row for the topic, and those of its best questions. */
static void match_topic(const Suggest *s, guint32 topic, Best *best)
{
    const guint32 *first = &s->index->first_surface[topic];
    guint official = lacking_of_official(s, first[0]);
    Best names, questions; /* not cleared: this is done for thousands of topics a key */

    names.count = questions.count = 0;
    names.max = 1;
    questions.max = SUGGEST_QUESTIONS_PER_TOPIC;
    for (guint32 i = first[0]; i < first[1]; i++) {
        if (!is_wanted(s, i)) continue;
        const Surface *surface = &g_array_index(s->index->surfaces, Surface, i);
        Best *mine = surface->kind == SURFACE_QUESTION ? &questions : &names;
        guint64 limit = MIN(worst_of(best), worst_of(mine));
        Found found = { .topic = topic };
        match_surface(s, i, limit,
                      surface->kind == SURFACE_QUESTION ? OFFICIAL_LACKS_ALL : official, &found);
        if (found.rank < limit) keep_best(mine, &found);
    }
    for (guint i = 0; i < names.count; i++)
        keep_best(best, &names.found[i]);
    for (guint i = 0; i < questions.count; i++)
        keep_best(best, &questions.found[i]);
}

/* The first surface from `at` on that is worth a look; the number of all if there is none. */
static guint32 next_wanted(const Suggest *s, guint32 at)
{
    guint32 count = s->index->surfaces->len;
    guint64 word = at < count ? s->wanted[at / 64] >> (at % 64) << (at % 64) : 0;

    while (!word && (at = (at / 64 + 1) * 64) < count)
        word = s->wanted[at / 64];
    return word ? at / 64 * 64 + (guint32)__builtin_ctzll(word) : count;
}

static void match_topics(const Suggest *s, Best *best)
{
    const guint32 *first = s->index->first_surface;
    guint32 topic = 0;

    for (guint32 at = next_wanted(s, 0); at < s->index->surfaces->len;
         at = next_wanted(s, first[topic + 1])) {
        while (first[topic + 1] <= at)
            topic++;
        match_topic(s, topic, best);
    }
}

/* ---- rows ---- */

/* Units are counted anew from the text, so that no place is stored for each. */
static void set_span(SuggestRow *row, const Found *found)
{
    gunichar units[SUGGEST_UNITS_OF_CHAR];
    guint unit = 0, character = 0, end = 0, last = found->start + found->unit_count;

    row->start = G_MAXUINT;
    for (const char *at = row->text; *at && unit < last; at = g_utf8_next_char(at), character++) {
        guint count = suggest_units_of(g_utf8_get_char(at), units);
        if (count == 0) continue;
        if (row->start == G_MAXUINT && unit + count > found->start) row->start = character;
        unit += count;
        end = character + 1;
    }
    row->length = end - row->start;
}

static void set_row(SuggestRow *row, const Suggest *s, const Found *found)
{
    const Surface *surface = &g_array_index(s->index->surfaces, Surface, found->surface);

    const Topic *topic = &s->index->catalogue->topics[found->topic];
    gboolean is_question = surface->kind == SURFACE_QUESTION;

    *row = (SuggestRow){ .text = surface->text,
                         .topic = found->topic,
                         .qa = is_question ? (int)(topic->first_qa + surface->question) : -1,
                         .manner = manners[level_of(found->quality)] };
    set_span(row, found);
}

guint suggest_query(Suggest *s, const char *typed, SuggestRow rows[SUGGEST_MAX])
{
    Best best = { .max = SUGGEST_MAX };

    if (!read_typed(&s->typed, typed) || s->typed.count == 0) return 0;
    mark_wanted(s);
    match_topics(s, &best);
    for (guint i = 0; i < best.count; i++)
        set_row(&rows[i], s, &best.found[i]);
    return best.count;
}

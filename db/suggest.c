#include "db/suggest.h"

#include <string.h>

#include "db/suggest_pairs.h"
#include "db/suggest_run.h"

static const SuggestManner manners[] = {
    [LEVEL_WRITTEN] = SUGGEST_WRITTEN,        [LEVEL_SOUND] = SUGGEST_BY_SOUND,
    [LEVEL_INITIAL] = SUGGEST_BY_INITIALS,    [LEVEL_KEYS] = SUGGEST_BY_DIGITS,
    [LEVEL_KEYS_INITIAL] = SUGGEST_BY_DIGITS,
};

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

/* ---- which names may hold such a run ---- */

/* The classes a character can be in that takes up what was typed from `place` on. */
static guint64 classes_at(const Suggest *s, guint place)
{
    gunichar ch = s->typed.chars[place];
    guint64 classes = 0;

    if (place == s->typed.count) return PAIR_CLASSES_ALL;
    if (typed_is_letter(ch)) return G_GUINT64_CONSTANT(1) << suggest_pair_class(ch);
    for (char letter = 'a'; typed_is_key(ch) && letter <= 'z'; letter++)
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
        run_reach(&reached, s->index, &s->typed, 0, 0, (guint16)i);
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

/* What a surface that was found is worth, best first. What a topic is about is said by its own name
 * and its category; an alias only says by what else it is called. Lay words stand behind names,
 * however short they are: the screen should not greet everybody who types a letter with the blunt
 * words for an illness. */
typedef enum {
    TIER_NAME,       /* all of the topic's name */
    TIER_OTHER_NAME, /* all of another of its names */
    TIER_ABOUT,    /* in the topic's own name, and another of its names or its category begins so */
    TIER_BEGINS,   /* another name begins so */
    TIER_LAY_WORD, /* all of a lay word, as written or by sound */
    TIER_IN_NAME,
    TIER_IN_OTHER_NAME,
    TIER_CATEGORY,
    TIER_IN_LAY_WORD,
    TIER_QUESTION,
} Tier;

/* Known of a topic before its other names are looked at. */
typedef struct {
    guint32 topic;
    gboolean has_category, has_name;
} Known;

static Tier tier_of(const Known *known, const Surface *surface, guint start, const Run *run)
{
    gboolean is_whole = start == 0 && run->unit_count >= surface->unit_count;

    switch ((SurfaceKind)surface->kind) {
    case SURFACE_NAME:
    case SURFACE_ALIAS:
    case SURFACE_PROJECT:
    case SURFACE_CODE:
        if (is_whole) return surface->kind == SURFACE_NAME ? TIER_NAME : TIER_OTHER_NAME;
        if (start == 0) return known->has_name ? TIER_ABOUT : TIER_BEGINS;
        if (surface->kind != SURFACE_NAME) return TIER_IN_OTHER_NAME;
        return known->has_category ? TIER_ABOUT : TIER_IN_NAME;
    case SURFACE_CATEGORY:
        return TIER_CATEGORY;
    case SURFACE_LAY_WORD:
        return is_whole && level_of(run->quality) <= LEVEL_SOUND ? TIER_LAY_WORD : TIER_IN_LAY_WORD;
    case SURFACE_QUESTION:
        break;
    }
    return TIER_QUESTION;
}

#define RANK_QUESTION (G_GUINT64_CONSTANT(1) << 61)
#define RANK_IN_PARTS (G_GUINT64_CONSTANT(1) << 60)
#define RANK_INSIDE   (G_GUINT64_CONSTANT(1) << 51)

/* In order: topics before questions, (whole runs before those in parts,) level, tier, exact before
 * alike; of lay words and questions what begins before what stands within, and what lacks little
 * before what lacks much; the place in the sheets, where staff put first what is asked for most;
 * and for one topic the kind of its name and what that lacks. */
static guint64 rank_of(const Known *known, const Surface *surface, Tier tier, guint start,
                       const Run *run)
{
    guint64 lacking = surface->unit_count - MIN(run->unit_count, surface->unit_count);
    guint64 rank = (guint64)level_of(run->quality) << 57 | (guint64)tier << 53 |
                   (guint64)is_alike(run->quality) << 52 | (guint64)known->topic << 12 |
                   (guint64)surface->kind << 8 | lacking;

    if (tier == TIER_QUESTION) rank |= RANK_QUESTION;
    if (tier == TIER_QUESTION || tier == TIER_IN_LAY_WORD)
        rank |= lacking << 44 | (start > 0 ? RANK_INSIDE : 0);
    return rank;
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
 * thousands they stand by chance. A category is what it begins with: 服务 ends too many. */
static guint starts_of(const Suggest *s, const Surface *surface)
{
    if (surface->kind == SURFACE_CATEGORY) return 1;
    if (surface->kind == SURFACE_CODE) return s->typed.count > 2;
    if (surface->kind == SURFACE_LAY_WORD && s->typed.chars[0] < 0x80) return 1;
    return surface->unit_count;
}

/* What a run from `start` can rank at best. A name and a category also lift the topic's others. */
static guint64 rank_at_best(const Suggest *s, const Known *known, const Surface *surface,
                            guint start, Quality quality)
{
    Run run = { .quality = quality, .unit_count = s->typed.count };
    Tier tier = tier_of(known, surface, start, &run);

    if (surface->kind <= SURFACE_NAME) tier = MIN(tier, TIER_ABOUT);
    return rank_of(known, surface, tier, start, &run);
}

/* The best run in a name. `limit`: nothing that ranks there or behind is wanted, which spares most
 * of the walk once eight names are found that begin with what was typed. */
static gboolean match_surface(const Suggest *s, const Known *known, guint32 number, guint64 limit,
                              Found *best)
{
    const Surface *surface = &g_array_index(s->index->surfaces, Surface, number);
    const guint16 *units = &g_array_index(s->index->units, guint16, surface->first);
    guint count = starts_of(s, surface);
    gboolean is_found = FALSE;
    Run run;

    for (guint start = 0; start < count; start++) {
        if (!may_begin(s, units + start, surface->unit_count - start)) continue;
        Quality at_best = s->beginnings[units[start]].quality;
        if (rank_at_best(s, known, surface, start, at_best) >= limit) continue;
        if (!run_match(s->index, &s->typed, units + start, surface->unit_count - start, &run))
            continue;
        guint64 rank = rank_of(known, surface, tier_of(known, surface, start, &run), start, &run);
        if (rank >= limit) continue;
        limit = rank;
        is_found = TRUE;
        *best = (Found){ .rank = rank,
                         .topic = known->topic,
                         .surface = number,
                         .start = (guint8)start,
                         .unit_count = (guint8)run.unit_count,
                         .quality = run.quality };
    }
    return is_found;
}

static gboolean is_wanted(const Suggest *s, guint32 surface)
{
    return (s->wanted[surface / 64] >> (surface % 64) & 1) != 0;
}

/* One row for the topic, and those of its best questions. */
static void match_topic(const Suggest *s, guint32 topic, Best *best)
{
    const guint32 *first = &s->index->first_surface[topic];
    Known known = { .topic = topic };
    Best names, questions; /* not cleared: this is done for thousands of topics a key */
    Found found;

    names.count = questions.count = 0;
    names.max = 1;
    questions.max = SUGGEST_QUESTIONS_PER_TOPIC;
    for (guint32 i = first[0]; i < first[1]; i++) {
        if (!is_wanted(s, i)) continue;
        const Surface *surface = &g_array_index(s->index->surfaces, Surface, i);
        Best *mine = surface->kind == SURFACE_QUESTION ? &questions : &names;
        if (surface->kind == SURFACE_NAME) known.has_name = TRUE; /* where it is found */
        guint64 limit =
            MIN(worst_of(best), surface->kind <= SURFACE_NAME ? G_MAXUINT64 : worst_of(mine));
        gboolean is_found = match_surface(s, &known, i, limit, &found);
        if (surface->kind == SURFACE_CATEGORY) known.has_category = is_found;
        if (surface->kind == SURFACE_NAME) known.has_name = is_found;
        if (is_found) keep_best(mine, &found);
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

static void match_topics(const Suggest *s, Best *best,
                         void (*match)(const Suggest *s, guint32 topic, Best *best))
{
    const guint32 *first = s->index->first_surface;
    guint32 topic = 0;

    for (guint32 at = next_wanted(s, 0); at < s->index->surfaces->len;
         at = next_wanted(s, first[topic + 1])) {
        while (first[topic + 1] <= at)
            topic++;
        match(s, topic, best);
    }
}

/* ---- in parts ---- */

#define IN_PARTS_LEAST 4 /* characters typed: two parts of two */

static gboolean has_row(const Best *best, guint32 topic)
{
    for (guint i = 0; i < best->count; i++)
        if (best->found[i].topic == topic && !(best->found[i].rank & RANK_QUESTION)) return TRUE;
    return FALSE;
}

static void match_surface_in_parts(const Suggest *s, const Known *known, guint32 number, Best *best)
{
    const Surface *surface = &g_array_index(s->index->surfaces, Surface, number);
    const guint16 *units = &g_array_index(s->index->units, guint16, surface->first);
    Tier tier = surface->kind == SURFACE_NAME ? TIER_IN_NAME : TIER_IN_OTHER_NAME;
    Run run;

    for (guint start = 0; start < surface->unit_count; start++) {
        guint count = surface->unit_count - start;
        if (!may_begin(s, units + start, count)) continue;
        if (!run_match_parts(s->index, &s->typed, units + start, count, &run)) continue;
        Found found = { .rank = RANK_IN_PARTS | rank_of(known, surface, tier, start, &run),
                        .topic = known->topic,
                        .surface = number,
                        .start = (guint8)start,
                        .unit_count = (guint8)run.unit_count,
                        .quality = run.quality };
        keep_best(best, &found);
    }
}

/* A topic that has no row yet, by a name that holds what was typed in parts. Everyday words do not
 * count: there are thousands of them. */
static void match_topic_in_parts(const Suggest *s, guint32 topic, Best *best)
{
    const guint32 *first = &s->index->first_surface[topic];
    const Known known = { .topic = topic };
    Best names;

    names.count = 0;
    names.max = 1;
    if (has_row(best, topic)) return;
    for (guint32 i = first[0]; i < first[1]; i++) {
        const Surface *surface = &g_array_index(s->index->surfaces, Surface, i);
        if ((surface->kind == SURFACE_NAME || surface->kind == SURFACE_ALIAS) && is_wanted(s, i))
            match_surface_in_parts(s, &known, i, &names);
    }
    if (names.count) keep_best(best, &names.found[0]);
}

/* Topics come first: the last row is a topic's only if all are. */
static gboolean has_room(const Best *best)
{
    return best->count < best->max || (best->found[best->max - 1].rank & RANK_QUESTION);
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
                         .manner = manners[level_of(found->quality)],
                         .is_in_parts = (found->rank & RANK_IN_PARTS) != 0 };
    set_span(row, found);
}

guint suggest_query(Suggest *s, const char *typed, SuggestRow rows[SUGGEST_MAX])
{
    Best best = { .max = SUGGEST_MAX };

    if (!typed_read(&s->typed, typed) || s->typed.count == 0) return 0;
    mark_wanted(s);
    match_topics(s, &best, match_topic);
    if (s->typed.count >= IN_PARTS_LEAST && has_room(&best))
        match_topics(s, &best, match_topic_in_parts);
    for (guint i = 0; i < best.count; i++)
        set_row(&rows[i], s, &best.found[i]);
    return best.count;
}

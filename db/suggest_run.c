#include "db/suggest_run.h"

#include <string.h>

#include "charset/fold.h"

#define LEVELS_TO_KEYS (LEVEL_KEYS - LEVEL_SOUND)
#define WINDOW_MAX     8

static Quality quality_of(guint level, gboolean alike)
{
    return (Quality)(level << 1 | (alike ? 1 : 0));
}

/* A run is as good as the worst of its characters. */
static Quality quality_of_both(Quality a, Quality b)
{
    return (Quality)((MAX(a, b) & ~1) | ((a | b) & 1));
}

/* ---- what was typed ---- */

gboolean typed_is_letter(gunichar ch)
{
    return ch >= 'a' && ch <= 'z';
}

gboolean typed_is_key(gunichar ch)
{
    return ch >= '2' && ch <= '9';
}

static void set_window(Typed *t, guint at)
{
    gboolean (*belongs)(gunichar) = typed_is_key(t->chars[at]) ? typed_is_key : typed_is_letter;
    guint len = 0;

    t->window[at] = 0;
    while (len < WINDOW_MAX && at + len < t->count && belongs(t->chars[at + len]) &&
           (len == 0 || !t->has_border[at + len])) {
        t->window[at] |= (guint64)t->chars[at + len] << (8 * len);
        len++;
    }
    t->window_len[at] = (guint8)len;
}

gboolean typed_read(Typed *t, const char *typed)
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
    gboolean is_pad = typed_is_key(t->chars[place]), is_last = place + len == t->count;
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

void run_reach(Reached *r, const SuggestIndex *index, const Typed *t, guint place, Quality quality,
               guint16 glyph)
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

gboolean run_match(const SuggestIndex *index, const Typed *t, const guint16 *units, guint count,
                   Run *run)
{
    Reached reached, next;
    gboolean is_found = FALSE;

    reached.places = 1;
    reached.quality[0] = quality_of(LEVEL_WRITTEN, FALSE);
    for (guint i = 0; i < count && reached.places; i++) {
        next.places = 0;
        for (guint64 left = reached.places; left; left &= left - 1) {
            guint place = (guint)__builtin_ctzll(left);
            run_reach(&next, index, t, place, reached.quality[place], units[i]);
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

/* ---- in parts ---- */

#define PART_LEAST         2
#define PART_LEAST_INITIAL 3

/* Where the parts have come to: within one of so many characters (PART_LEAST_INITIAL: or more), or
 * at the end of one ([0]). */
typedef struct {
    Reached in[PART_LEAST_INITIAL + 1];
} Parts;

static void reach_all(Reached *next, const SuggestIndex *index, const Typed *t, const Reached *from,
                      guint16 unit)
{
    for (guint64 left = from->places; left; left &= left - 1) {
        guint place = (guint)__builtin_ctzll(left);
        run_reach(next, index, t, place, from->quality[place], unit);
    }
}

static gboolean may_end(Quality quality, guint length)
{
    switch (level_of(quality)) {
    case LEVEL_WRITTEN:
    case LEVEL_SOUND:
    case LEVEL_KEYS:
        return length >= PART_LEAST;
    case LEVEL_INITIAL:
        return length >= PART_LEAST_INITIAL;
    case LEVEL_KEYS_INITIAL:
        break;
    }
    return FALSE;
}

static void end_parts(Parts *parts, guint typed_count)
{
    for (guint length = PART_LEAST; length <= PART_LEAST_INITIAL; length++) {
        Reached *in = &parts->in[length];
        for (guint64 left = in->places; left; left &= left - 1) {
            guint place = (guint)__builtin_ctzll(left);
            if (place < typed_count && may_end(in->quality[place], length))
                reach(&parts->in[0], place, in->quality[place]);
        }
    }
}

/* One unit on. What stands at the end of a part may also leave the unit out. */
static void move_parts(Parts *next, const Parts *parts, const SuggestIndex *index, const Typed *t,
                       guint16 unit)
{
    next->in[0] = parts->in[0];
    for (guint i = 1; i <= PART_LEAST_INITIAL; i++) {
        next->in[i].places = 0;
        reach_all(&next->in[i], index, t, &parts->in[i - 1], unit);
    }
    reach_all(&next->in[PART_LEAST_INITIAL], index, t, &parts->in[PART_LEAST_INITIAL], unit);
    end_parts(next, t->count);
}

/* Takes out what has come to the end of what was typed; TRUE if it may end there. The last part may
 * be of two, whatever it was typed by: those before it are not. */
static gboolean take_end(Parts *parts, guint typed_count, Quality *quality)
{
    Quality best = G_MAXUINT8;

    for (guint length = 1; length <= PART_LEAST_INITIAL; length++) {
        Reached *in = &parts->in[length];
        if (!(in->places >> typed_count & 1)) continue;
        in->places &= ~(G_GUINT64_CONSTANT(1) << typed_count);
        if (length >= PART_LEAST) best = MIN(best, in->quality[typed_count]);
    }
    *quality = best;
    return level_of(best) < LEVEL_KEYS_INITIAL;
}

gboolean run_match_parts(const SuggestIndex *index, const Typed *t, const guint16 *units,
                         guint count, Run *run)
{
    Parts parts[2];
    gboolean is_found = FALSE;

    for (guint i = 0; i <= PART_LEAST_INITIAL; i++)
        parts[0].in[i].places = 0;
    reach(&parts[0].in[0], 0, quality_of(LEVEL_WRITTEN, FALSE));
    for (guint i = 0; i < count; i++) {
        Parts *next = &parts[(i + 1) % 2];
        Quality quality;
        move_parts(next, &parts[i % 2], index, t, units[i]);
        next->in[0].places &= ~G_GUINT64_CONSTANT(1); /* only the first unit begins */
        if (!take_end(next, t->count, &quality) || (is_found && quality >= run->quality)) continue;
        *run = (Run){ .quality = quality, .unit_count = i + 1 };
        is_found = TRUE;
    }
    return is_found;
}

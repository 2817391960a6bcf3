#pragma once
/* What was typed, and whether a run of characters of a name takes it up. Knows nothing of topics
 * and of ranks. Only suggest.c includes this.
 *
 * A run takes up all of what was typed, character by character without gaps. In parts it may leave
 * characters of the name out, but only between parts of two characters or more (by first letters:
 * three, but for the last part), and by first letters on the pad, which fit nearly anything, not
 * at all. */
#include "db/suggest.h"
#include "db/suggest_index.h"

/* How a character was matched, best first. */
typedef enum {
    LEVEL_WRITTEN,
    LEVEL_SOUND,
    LEVEL_INITIAL,
    LEVEL_KEYS, /* the same two, on the pad */
    LEVEL_KEYS_INITIAL,
} Level;

/* The level, and behind it whether that took letters of a syllable that only sounds alike, or a
 * reading the character has in other contexts. Less is better. */
typedef guint8 Quality;

static inline Level level_of(Quality quality)
{
    return (Level)(quality >> 1);
}

static inline gboolean is_alike(Quality quality)
{
    return quality & 1;
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

/* FALSE if it is too long. Whatever is neither letter nor digit only parts syllables. */
gboolean typed_read(Typed *t, const char *typed);
gboolean typed_is_letter(gunichar ch);
gboolean typed_is_key(gunichar ch);

/* The places in what was typed that a run can have come to, and how well at best. Place n is in
 * bit n; SUGGEST_TYPED_MAX is the last. */
typedef struct {
    guint64 places;
    Quality quality[SUGGEST_TYPED_MAX + 1];
} Reached;

/* From `place`, come to with `quality`, on by one glyph. */
void run_reach(Reached *r, const SuggestIndex *index, const Typed *t, guint place, Quality quality,
               guint16 glyph);

typedef struct {
    Quality quality;  /* that of the worst of its characters */
    guint unit_count; /* of the name, from the first one on */
} Run;

/* All of what was typed, from the first of `units` on. Bounded: for each of the units once through
 * the places, and each place once through the spellings of a character. */
gboolean run_match(const SuggestIndex *index, const Typed *t, const guint16 *units, guint count,
                   Run *run);
/* The same in parts; what run_match() finds is found, too. */
gboolean run_match_parts(const SuggestIndex *index, const Typed *t, const guint16 *units,
                         guint count, Run *run);

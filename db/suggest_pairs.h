#pragma once
/* Which names have a run that can begin as what was typed does: for each pair of neighbouring
 * characters, by class, the names that hold it. Narrows the walk at a key from all names to the
 * likely ones; suggest.c then looks at these closely. Only suggest.c includes this.
 *
 * A class is what a character can be typed by at first: the first letter of a reading, or the
 * letter or digit that it is. A character with several readings is in several classes. */
#include "db/suggest_index.h"

enum {
    PAIR_CLASS_A,      /* … z */
    PAIR_CLASS_0 = 26, /* … 9 */
    PAIR_CLASS_OTHER = PAIR_CLASS_0 + 10,
    PAIR_CLASS_END, /* behind the last character of a name; only the second of a pair */
    PAIR_CLASSES,
};
#define PAIR_CLASSES_ALL ((G_GUINT64_CONSTANT(1) << PAIR_CLASSES) - 1)

typedef struct {
    guint64 *classes; /* of each glyph, a bit a class */
    guint32 *first;   /* of each pair, into `surfaces`; one more at the end */
    guint32 *surfaces;
    guint glyph_count;
} SuggestPairs;

SuggestPairs *suggest_pairs_new(const SuggestIndex *index);
void suggest_pairs_free(SuggestPairs *pairs); /* NULL is fine */
gsize suggest_pairs_size(const SuggestPairs *pairs);

/* The class of a letter a–z or a digit; PAIR_CLASS_OTHER for the rest. */
guint suggest_pair_class(gunichar ch);

/* Sets the bit of each surface that has a character of class `first` and next to it one of a class
 * in the mask `second`. */
void suggest_pairs_mark(const SuggestPairs *pairs, guint first, guint64 second, guint64 *wanted);

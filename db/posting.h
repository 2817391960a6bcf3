#pragma once
/* An inverted index in memory: which units (numbers, counted up from 0) hold a term, and how often.
 * A list is a run of octets, one or two for a unit that is near to the one before: base-128 numbers
 * (least significant group first) of the distance, shifted left by one, whose lowest bit says that
 * a count above 1 follows. Every POSTING_STRIDE units a skip remembers where the octets are. No
 * knowledge of topics in here. */
#include "db/term.h"

#define POSTING_STRIDE 64

typedef struct {
    Term term;
    guint32 offset; /* of its first octet */
    guint32 count;  /* units */
    guint32 skip;   /* its first skip; (count - 1) / POSTING_STRIDE of them */
    float idf;      /* for the owner to fill in */
} PostingList;

typedef struct {
    guint32 unit;   /* the one before … */
    guint32 offset; /* … the posting at this octet */
} PostingSkip;

typedef struct {
    PostingList *lists;
    guint32 list_count;
    guint32 *slots; /* hash table: index of a list + 1; 0 is free */
    guint32 slot_mask;
    guint8 *octets;
    PostingSkip *skips;
    guint32 octet_count, skip_count;
} Postings;

/* A builder; terms of one unit after those of the other. */
typedef struct PostingsBuilder PostingsBuilder;
PostingsBuilder *postings_builder_new(void);
/* `count` more of `term` in `unit`, which is the highest so far. */
void postings_add(PostingsBuilder *builder, Term term, guint32 unit, guint count);
/* Frees the builder. Free the result with postings_free(). */
Postings *postings_finish(PostingsBuilder *builder);
void postings_free(Postings *postings); /* NULL is fine */

/* NULL if no unit holds the term. */
const PostingList *postings_find(const Postings *postings, Term term);

/* One step after the other through a list. */
typedef struct {
    const guint8 *at;
    guint32 left; /* postings to come */
    guint32 unit, count;
} PostingCursor;

static inline PostingCursor posting_cursor(const Postings *postings, const PostingList *list)
{
    return (PostingCursor){ .at = postings->octets + list->offset, .left = list->count };
}

static inline guint32 posting_number(const guint8 **at)
{
    guint32 number = 0, octet;
    guint shift = 0;

    do {
        octet = *(*at)++;
        number |= (octet & 0x7f) << shift;
        shift += 7;
    } while (octet & 0x80);
    return number;
}

/* FALSE at the end. */
static inline gboolean posting_next(PostingCursor *cursor)
{
    guint32 code;

    if (cursor->left == 0) return FALSE;
    cursor->left--;
    code = posting_number(&cursor->at);
    cursor->unit += code >> 1;
    cursor->count = code & 1 ? posting_number(&cursor->at) : 1;
    return TRUE;
}

/* The first posting whose unit is not below `unit`: TRUE, and the cursor stands on it. */
gboolean posting_seek(const Postings *postings, const PostingList *list, guint32 unit,
                      PostingCursor *cursor);

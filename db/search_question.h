#pragma once
/* A question taken apart: its terms with their weights, and the names that stand in it. Only
 * search.c and explain.c include this. */
#include "db/search.h"
#include "db/search_index.h"

typedef struct {
    Term term;
    float weight;
} QueryTerm;

/* A name of a topic that stands in the question. */
typedef enum { NAME_WRITTEN, NAME_BY_SOUND, NAME_BY_INITIALS } NameManner;
typedef struct {
    guint topic;
    double score;
    guint16 start, length; /* characters, or syllables of TermText */
    guint8 manner;         /* NameManner */
    gboolean is_counted;   /* the topic's score has it; else a longer one covers it */
} NameMatch;

struct SearchQuestion {
    TermText *text;
    GArray *terms;      /* QueryTerm, each once */
    GArray *expanded;   /* … and those of the official words behind everyday ones */
    GArray *names;      /* NameMatch, best first */
    double *name_score; /* by topic: what its names in the question come to */
    guint *name_length; /* by topic: length of the best of them */
    gboolean is_initials;
};

/* A pair of characters of which one says nothing of the subject. */
gboolean search_is_function_bigram(Term term);

const SearchIndex *search_get_index(const Search *search);

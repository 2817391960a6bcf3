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

/* What the names of one topic that stand in the question come to. */
typedef struct {
    guint topic;
    guint length;  /* of the best of them */
    guint covered; /* characters or syllables that they cover together */
    double score;
} NamedTopic;

struct SearchQuestion {
    TermText *text;
    GArray *terms;    /* QueryTerm, each once */
    GArray *expanded; /* … and those of the official words behind everyday ones */
    GArray *names;    /* NameMatch, topic by topic, best first */
    GArray *named;    /* NamedTopic, by topic */
    gboolean is_initials;
    guint subject; /* … of which the first so many may name something: the sq of dbsq only asks */
};

/* NULL if none of the topic's names stands in the question. */
const NamedTopic *search_question_named(const SearchQuestion *question, guint topic);

/* A pair of characters of which one says nothing of the subject. */
gboolean search_is_function_bigram(Term term);

const SearchIndex *search_get_index(const Search *search);

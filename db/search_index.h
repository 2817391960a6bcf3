#pragma once
/* What search.c looks questions up in: postings by term with their share of the score worked out,
 * and tables of names by how they are written, how they sound, and their first letters. Built once
 * from a catalogue, read-only afterwards; the catalogue must outlive it. Only search.c includes
 * this. */
#include "db/catalogue.h"
#include "db/term.h"

/* The numbers, fitted on labelled questions (tests/search); `make bench` prints what they reach. */
typedef struct {
    double bm25_k1, bm25_b;
    float title, alias, body; /* how often a term counts, by where it stands */
    double kind[TERM_KINDS];  /* weight of a kind of term in a question … */
    double sound_of_han;      /* … PINYIN terms of a question written in characters */
    double row;             /* best question-and-answer, figure or project row, beside the topic */
    double figure_asked;    /* a figure's row, when the question asks for a number */
    double phrase;          /* a name that stands in the question */
    double phrase_more;     /* … each further one elsewhere in it */
    double phrase_by_sound; /* … only as it sounds */
    double phrase_by_two_sounds; /* … two syllables sound like a name by chance, too */
    double phrase_by_initials;
    double synonym;                   /* terms of the official word behind an everyday one */
    double function_bigram;           /* a bigram with a function character in it */
    double unknown_term;              /* in the match of a row: a term that stands nowhere */
    double answer_from, choices_from; /* confidence */
} SearchWeights;

extern const SearchWeights search_weights;

#define NAME_MAX_LENGTH                                                                            \
    16 /* characters or syllables of a name that is looked for in a question                       \
        */
#define NAME_MIN_LENGTH   2
#define ENDING_MIN_LENGTH 4 /* of a title's end that is looked for as a name of its own */

typedef enum { UNIT_TOPIC, UNIT_QA, UNIT_FIGURE, UNIT_PROJECT } UnitKind;

/* What is scored: a topic, or one of the rows that belong to it. A topic's units stand together. */
typedef struct {
    guint topic;
    UnitKind kind;
    float length;
} Unit;

typedef struct {
    guint32 unit;
    float weight; /* term frequency while the index is built, then its share of the score */
} Posting;

typedef struct {
    guint32 first, count; /* postings */
    float idf;
} Entry;

/* A name that leads somewhere; a chain of those with the same letters. */
typedef struct {
    guint32 target; /* topic, or row of official_terms */
    guint32 next;   /* index + 1; 0 ends the chain */
    guint16 length;
    gboolean is_synonym;
} NameRef;

typedef struct {
    GHashTable *by_hash; /* hash → index + 1 of the first NameRef */
    GArray *refs;
} NameTable;

typedef struct {
    const Catalogue *catalogue;
    GArray *units;
    guint32 *first_unit;  /* of each topic; one more at the end */
    GHashTable *entry_of; /* Term → index + 1 */
    GArray *entries;
    Posting *postings;
    GArray *raw; /* RawPosting, while the index is built */
    float unknown_idf;
    NameTable names, sounds, initials;
    GPtrArray *official_terms; /* of GArray of Term: the official words behind everyday ones */
} SearchIndex;

SearchIndex *search_index_new(const Catalogue *catalogue);
void search_index_free(SearchIndex *index); /* NULL is fine */

/* What is known of a term, or NULL. */
const Entry *search_index_find(const SearchIndex *index, Term term);
double search_index_idf(const SearchIndex *index, Term term); /* also of a term nobody uses */
/* Is `term` anywhere in the topic's units? */
gboolean search_index_has(const SearchIndex *index, Term term, guint topic);
gboolean search_index_unit_has(const SearchIndex *index, Term term, guint32 unit);
guint search_index_qa(const SearchIndex *index, guint32 unit); /* the row of a UNIT_QA */
guint32 search_index_figure_unit(const SearchIndex *index, guint figure);
guint32 search_index_project_unit(const SearchIndex *index, guint project);

const NameRef *name_table_first(const NameTable *table, guint64 hash);
const NameRef *name_table_next(const NameTable *table, const NameRef *ref);
guint64 name_hash_initials(const guint16 *syllables, gsize count);

#pragma once
/* What search.c looks questions up in: postings by term, and tables of names by how they are
 * written, how they sound, and their first letters. Built once from a catalogue, read-only
 * afterwards; the catalogue must outlive it. Only search.c, search_question.c and explain.c include
 * this. */
#include "db/catalogue.h"
#include "db/name_table.h"
#include "db/posting.h"

/* The numbers, fitted on labelled questions (tests/search); `make bench` prints what they reach. */
typedef struct {
    double bm25_k1, bm25_b;
    guint title, alias, body; /* how often a term counts, by where it stands */
    double kind[TERM_KINDS];  /* weight of a kind of term in a question … */
    double sound_of_han;      /* … PINYIN terms of a question written in characters */
    double row;             /* best question-and-answer, figure or project row, beside the topic */
    double figure_asked;    /* a figure's row, when the question asks for a number */
    double lay;             /* the everyday words of a topic, taken together */
    double phrase;          /* a name that stands in the question */
    double phrase_more;     /* … each further one elsewhere in it */
    double phrase_by_sound; /* … only as it sounds */
    double phrase_by_two_sounds; /* … two syllables sound like a name by chance, too */
    double phrase_by_initials;
    double synonym;                   /* terms of the official word behind an everyday one */
    double function_bigram;           /* a bigram with a function character in it */
    double unknown_term;              /* in the match of a row: a term that stands nowhere */
    double answer_from, choices_from; /* confidence */
    double guess_from;                /* … of what may be offered where that is too little */
    double near;                      /* of one word that no topic is called: as below */
    double collision; /* of first letters: the second topic's score, as a part of the first one's */
} SearchWeights;

extern const SearchWeights search_weights;

#define NAME_MAX_LENGTH                                                                            \
    16 /* characters or syllables of a name that is looked for in a question                       \
        */
#define NAME_MIN_LENGTH   2
#define ENDING_MIN_LENGTH 4 /* of a title's end that is looked for as a name of its own … */
#define ENDING_MAX_LENGTH 7
#define NAME_SHARED_MAX   200 /* topics; a name of more tells nothing that its characters do not */

typedef enum { UNIT_TOPIC, UNIT_QA, UNIT_FIGURE, UNIT_PROJECT, UNIT_LAY, UNIT_KINDS } UnitKind;

/* What is scored: a topic's own text; one of the rows that belong to it; all everyday words that
 * mean it. A topic's units stand together, in the order of UnitKind. Behind the catalogue's topics
 * stand those of other offices, the rows of redirect.h: everyday words and nothing else. */
/* What the target of a name is. */
typedef enum { NAME_OF_TOPIC, NAME_OF_OFFICIAL } NameKind;

typedef struct {
    const Catalogue *catalogue;
    guint topic_count; /* of the catalogue, and of other offices behind them */
    guint32 unit_count;
    guint8 *unit_kind;   /* UnitKind */
    float *unit_once;    /* what one occurrence of a term adds to the unit's score, for idf 1 */
    guint32 *first_unit; /* of each topic; one more at the end */
    Postings *postings;
    float unknown_idf;
    NameTable names, sounds, initials; /* as written, as they sound, by their first letters */
    GArray *official_terms;            /* Term: of the official words behind everyday ones … */
    GArray *officials;                 /* … guint32: where each word's terms begin; one more */
} SearchIndex;

SearchIndex *search_index_new(const Catalogue *catalogue);
SearchIndex *search_index_empty(const Catalogue *catalogue); /* to be filled by search_image.c */
void search_index_free(SearchIndex *index);                  /* NULL is fine */

double search_index_idf(const SearchIndex *index, Term term); /* also of a term nobody uses */
/* Is `term` anywhere in the topic's units? */
gboolean search_index_has(const SearchIndex *index, Term term, guint topic);
/* How often it stands in one unit, as weighted there. */
guint search_index_count(const SearchIndex *index, Term term, guint32 unit);
guint search_index_qa(const SearchIndex *index, guint topic, guint32 unit); /* of a UNIT_QA */
guint32 search_index_qa_unit(const SearchIndex *index, guint qa);
guint32 search_index_figure_unit(const SearchIndex *index, guint figure);
guint32 search_index_project_unit(const SearchIndex *index, guint project);

/* What `count` occurrences of a term add to a unit's score: idf * count * (k1 + 1) / (count +
 * damping), where damping is k1 * (1 - b + b * length / mean) and unit_once what this is for a
 * single one. */
static inline float search_index_share(const SearchIndex *index, float idf, guint32 unit,
                                       guint32 count)
{
    float once = index->unit_once[unit], full = (float)search_weights.bm25_k1 + 1, tf;

    if (count == 1) return idf * once;
    tf = (float)count;
    return idf * full * tf / (tf - 1 + full / once);
}

guint64 name_hash_initials(guint64 hash, guint16 syllable); /* one more first letter */

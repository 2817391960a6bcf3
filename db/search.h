#pragma once
/* Question → ranked topics, with how sure. An in-memory scorer filled from the catalogue: weighted
 * BM25 over the terms of term.h, a bonus for names that stand in the question (as written or as
 * they sound), synonyms, and a logistic confidence that decides between answer, choices and none.
 * A Search is for one thread; the catalogue must outlive it. Every number stands in search_weights.
 * Source: SEARCH.md §3; BM25: Robertson & Zaragoza 2009. */
#include "db/catalogue.h"

typedef struct Search Search;

Search *search_new(const Catalogue *catalogue);
void search_free(Search *search); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Search, search_free)

#define SEARCH_HITS_MAX 5

typedef enum { SEARCH_ANSWER, SEARCH_CHOICES, SEARCH_NONE } SearchOutcome;

typedef struct {
    guint topic; /* index into Catalogue.topics */
    double score;
    double confidence; /* 0 … 1: that this topic is what was asked for */
    int qa;            /* index into Catalogue.qas of the best matching question; -1: none */
    gboolean is_guess; /* near enough to be offered although nothing was found */
} SearchHit;

/* What the confidence is made of; for tuning and for the explanation. */
typedef enum {
    FEATURE_ONE,
    FEATURE_SCORE_BY_LENGTH,
    FEATURE_LOG_SCORE,
    FEATURE_LEAD,
    FEATURE_COVERED_TERMS,
    FEATURE_COVERED_CHARS,
    FEATURE_COVERED_SOUNDS,
    FEATURE_NAME_LENGTH,
    FEATURE_NAME_SCORE,
    FEATURE_NAMED,
    FEATURE_COMMON_RUN,
    FEATURE_LATIN,
    FEATURE_LATIN_SOUNDS,
    FEATURE_OTHER_OFFICE,
    FEATURE_OTHER_SCORE,
    FEATURE_COUNT
} SearchFeature;

typedef struct {
    SearchOutcome outcome;
    SearchHit hits[SEARCH_HITS_MAX]; /* best first */
    guint hit_count;
    int other; /* the row of redirect.h that fits best, -1: none; it is not among the hits */
    double other_score;
    double features[FEATURE_COUNT]; /* of the best hit */
    double believed;                /* … and the part of what they come to that is believed */
} SearchResult;

/* A question taken apart once, to be asked about several times. Free with search_question_free().
 */
typedef struct SearchQuestion SearchQuestion;
SearchQuestion *search_question_new(Search *search, const char *text);
void search_question_free(SearchQuestion *question); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SearchQuestion, search_question_free)

void search_query(Search *search, const SearchQuestion *question, SearchResult *result);

/* How much of the question's weight (0 … 1) a row explains; for picking rows. */
double search_match_figure(const Search *search, const SearchQuestion *question, guint figure);
double search_match_project(const Search *search, const SearchQuestion *question, guint project);
double search_match_qa(const Search *search, const SearchQuestion *question, guint qa);

/* What a feature counts for in the confidence. */
double search_confidence_weight(SearchFeature feature);

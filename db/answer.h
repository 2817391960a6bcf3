#pragma once
/* Ranked topics → the answer that all front ends show. They only lay it out: every word of it is
 * here. A figure is never shown without its qualifier and year; what is not verified says so; none
 * always names where to ask. Texts are Chinese, UTF-8, lines ended by '\n' but for the last. */
#include "db/catalogue.h"
#include "db/search.h"

#define ANSWER_CHOICES_MAX 4

typedef struct {
    const char *title; /* 所需材料 */
    char *text;
} AnswerSection;

typedef struct {
    const Topic *topic;
    double score, confidence;
    gboolean is_guess;     /* with none: may be offered, the rest only came nearest */
    char *choice;          /* one line that tells it from its neighbours among choices */
    char *conclusion;      /* one or two sentences: what was asked, or the short answer */
    gboolean is_published; /* … which is a published figure or project: nothing local to verify */
    char *text;            /* all of it, as a resident would read it */
    GArray *sections;      /* AnswerSection */
    guint asked_count;     /* … the first so many are what the question asks about */
    GPtrArray *figures;    /* const Figure *: those that were asked for, best first */
    GPtrArray *projects;   /* const Project *: likewise */
} AnswerItem;

typedef struct {
    char *query;
    SearchOutcome outcome;
    GPtrArray *items;   /* AnswerItem, best first; with none: what came nearest, if anything did */
    guint choice_count; /* with choices: the first 2 to ANSWER_CHOICES_MAX of them are offered */
    char *redirect;     /* where to ask; "" unless none */
    const char *urgent; /* what to do first (着火了: 119), whatever else is answered; or NULL */
    char *text;         /* what the front end says: the answer, the choices, or where to ask */
} Answer;

/* `search` belongs to `catalogue`; the answer must not outlive them. Never NULL. */
Answer *answer_question(const Catalogue *catalogue, Search *search, const char *question);
/* The answer about one topic, chosen by its code or from choices. */
Answer *answer_topic(const Catalogue *catalogue, Search *search, const char *question, guint topic);
void answer_free(Answer *answer); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answer, answer_free)

/* As a short message: the conclusion first, at most two messages long. Free with g_free(). */
char *answer_sms(const Answer *answer);

#pragma once
/* Why a question was answered as it was: the names, words and rows that led to each candidate, with
 * their weights, and what the confidence is made of. For staff who mend content, and for
 * developers. */
#include "db/search.h"

/* Chinese text, several lines. Free with g_free(). */
char *explain_question(const Catalogue *catalogue, Search *search, const char *question);

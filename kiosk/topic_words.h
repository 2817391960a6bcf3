#pragma once
/* What the texts of a topic's row say beside their own column: where one goes, and whether a
 * sentence has been said already. Quotes only; nothing is worked out. */
#include "db/catalogue.h"

/* "向户口所在地街道提交申请": the first words of the steps, the short answer or the description
 * that name who takes it (街道, 社区, 窗口 …), with the condition before them; NULL if none do.
 * Free with g_free(). */
char *topic_words_where(const Topic *topic);
/* The steps are taken by telephone: they say 打 and one of its numbers. */
gboolean topic_words_is_by_phone(const Topic *topic);
/* Whom to ask: 12345, which takes any question, if it is among them; else the first. */
const char *topic_words_phone(const Topic *topic);
/* All that `text` says stands in `told`: every number, and every character but those that only
 * join words. */
gboolean topic_words_are_told(const char *text, const char *told);

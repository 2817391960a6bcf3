#pragma once
/* What is not ours, and who handles it. The words and sentences are redirect_table.h; a word that
 * stands inside a longer one of the table (动车 in 电动车) does not count. The table's index is
 * built at first use and kept; look-up is thread-safe and costs about 1 µs a question.
 * Questions are given folded (fold.h), in valid UTF-8. */
#include <glib.h>

typedef enum {
    REDIRECT_OURS,   /* no word of another office's; may well be ours */
    REDIRECT_WEAK,   /* a hint: 贷款, 工资 */
    REDIRECT_STRONG, /* not ours, whatever else it says: 驾驶证, 公积金 */
} RedirectStrength;

/* How surely the question is not ours, by its strongest, then longest word. `word` may be NULL;
 * *word becomes that word, or NULL with REDIRECT_OURS. Free with g_free(). */
RedirectStrength redirect_find(const char *folded, char **word);

/* Where to ask, one sentence or two: of the rows whose words are in the question, an urgent one
 * first, then by strength and length of the word. NULL if none is; constant. */
const char *redirect_for(const char *folded);
#define REDIRECT_NOWHERE "可以问社区工作人员。" /* … and what is said then */

/* What to do first when somebody is in danger (着火了), or NULL; constant. */
const char *redirect_urgent(const char *folded);

/* Nothing but a greeting, thanks, a cry for help with the machine (你好, 谢谢, 帮助)? */
gboolean redirect_is_small_talk(const char *folded);

/* The rows of the table, for the search: what is not ours competes with what is. */
guint redirect_row_count(void);
const char *redirect_row_where(guint row); /* NULL: leads nowhere */
/* Calls `take` for each word of the row that speaks against ours, weak or strong. */
void redirect_row_words(guint row, void (*take)(const char *word, gpointer data), gpointer data);

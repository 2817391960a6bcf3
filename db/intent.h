#pragma once
/* What a question wants to know of its topic, from the words that ask: 多少钱, 带什么, 在哪里 …
 * Several at once are usual ("在哪里办，带什么"). */
#include <glib.h>

typedef enum {
    INTENT_WHO = 1 << 0,
    INTENT_AMOUNT = 1 << 1,
    INTENT_HOW = 1 << 2,
    INTENT_DOCUMENTS = 1 << 3,
    INTENT_WHERE = 1 << 4,
    INTENT_WHEN = 1 << 5,
    INTENT_PHONE = 1 << 6,
    INTENT_FIGURE = 1 << 7,   /* 多少, 几户, 总额, 增长, 去年: a published number */
    INTENT_LIST = 1 << 8,     /* 哪些, 哪几个 */
    INTENT_PROGRESS = 1 << 9, /* 改好了吗, 到哪一步 */
    INTENT_MINE = 1 << 10,    /* 我的 … 发了没有: the personal record */
} Intent;

/* Those that one section of a topic answers. */
#define INTENT_SECTIONS                                                                            \
    (INTENT_WHO | INTENT_AMOUNT | INTENT_HOW | INTENT_DOCUMENTS | INTENT_WHERE | INTENT_WHEN |     \
     INTENT_PHONE)

guint intent_of(const char *folded); /* a mask of Intent */

/* Does anything remain of a question without the words that only ask? FALSE for "多少钱",
 * "在哪里办". */
gboolean intent_has_subject(const char *folded);
/* Does it ask for the latest, by 去年 or 今年? */
gboolean intent_is_recent(const char *folded);

/* The year a question names (2000–2099), 0 if none. */
int intent_year(const char *folded);

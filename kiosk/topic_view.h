#pragma once
/* A topic as its page shows it: the conclusion and the amount first, then who, what to bring,
 * where, when, whom to ring, the published figures, the steps, the rest. Plain words of the sheets,
 * cut into blocks that fit a page of large letters; each thing is said once. No GTK. An amount is
 * taken out of 补贴标准 only where it stands there clause by clause; nothing is worked out, and
 * what is not known says whom to ask. */
#include "db/answer.h"

#define TOPIC_VIEW_BLOCK_MAX 66 /* characters of one block's text */
#define TOPIC_VIEW_OLD_DAYS  180

typedef struct {
    char *label;  /* 到期换领, or "" */
    char *number; /* "20"; "" where words say it */
    char *unit;   /* "元", or 免费 */
} TopicAmount;

typedef enum {
    TOPIC_BLOCK_FACT,    /* icon, title, text */
    TOPIC_BLOCK_MORE,    /* the rest of a fact's text */
    TOPIC_BLOCK_HEADING, /* title alone */
    TOPIC_BLOCK_STEP,    /* title is its number */
    TOPIC_BLOCK_TEXT,
    TOPIC_BLOCK_SOURCE, /* small */
} TopicBlockKind;

typedef struct {
    TopicBlockKind kind;
    const char *icon; /* constant; NULL if there is none */
    char *title, *text;
    const char *field; /* another block's title, with which it goes on; NULL: it begins one */
} TopicBlock;

typedef struct {
    const char *caption; /* 多少钱, 收费, 答复 */
    GArray *amounts;     /* TopicAmount */
    char *conclusion;
    gboolean is_conclusion_apart; /* it is not beside the amount: among the blocks, or said there */
    char *ask;                    /* 打 12345 或 12385, where the card does not say it; else "" */
    char *date;                   /* 资料日期 2023-12-31 */
    gboolean is_verified;
    gboolean is_old; /* by more than TOPIC_VIEW_OLD_DAYS */
    GArray *blocks;  /* TopicBlock */
} TopicView;

/* `now` tells what is old. */
TopicView *topic_view_new(const Catalogue *catalogue, const AnswerItem *item, GDateTime *now);
void topic_view_free(TopicView *view); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TopicView, topic_view_free)

/* "到期换领20元" in one piece, to be read aloud. Free with g_free(). */
char *topic_amount_text(const TopicAmount *amount);
/* Cuts at the end of a sentence, else at a comma, else anywhere, into parts of about one length.
 * NULL-ended; g_strfreev(). */
char **topic_view_split(const char *text, glong max_chars);

#pragma once
/* What a short message says → what is answered. No modem, no database of messages, no clock in it:
 * what it must remember of a number is a DialogueState that the caller keeps, the time is an
 * argument. The answer to a question is answer_sms()'s, so that `bianmin ask --sms` and a message
 * say the same. Texts are Chinese, UTF-8, at most two UCS-2 messages long (134 characters). */
#include <glib.h>

#define DIALOGUE_TEXT_MAX 134       /* characters */
#define DIALOGUE_KEPT_S   (30 * 60) /* how long a number still chooses from the last reply */
#define DIALOGUE_READ_MAX 2000      /* octets of a message that are looked at */

typedef struct {
    gboolean is_stopped; /* 退订: nothing is answered but 开通, 帮助 */
    char *choices;  /* codes that were offered last, ';'-separated in their order; NULL: none */
    char *question; /* what they were offered for; NULL */
    char *more;     /* what 更多 says next; NULL: nothing */
    char *topic;    /* code of the topic answered last; NULL */
    gint64 at_s;    /* when these were kept, Unix time */
} DialogueState;

DialogueState dialogue_state_copy(const DialogueState *state);
void dialogue_state_clear(DialogueState *state); /* frees its strings; the struct is the caller's */

typedef enum {
    DIALOGUE_SILENCE, /* empty, robots, a stopped number */
    DIALOGUE_ANSWER,
    DIALOGUE_CHOICES,
    DIALOGUE_NONE, /* no answer known: text says where to ask */
    DIALOGUE_MENU, /* help, stop, start, more, wrong number … */
    DIALOGUE_NOTE, /* a message for staff: `note` is to be kept */
} DialogueKind;

typedef struct {
    DialogueKind kind;
    char *text;         /* to be sent; NULL with DIALOGUE_SILENCE */
    char *note;         /* with DIALOGUE_NOTE: what the resident wrote; else NULL */
    char *code;         /* the topic answered about, for statistics; else NULL */
    gboolean is_urgent; /* somebody is in danger: 着火了 */
} DialogueReply;

typedef struct Dialogue Dialogue;

/* Opens the published content of `data_dir`; fails only if even the built-in one is unusable. */
Dialogue *dialogue_new(const char *data_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void dialogue_free(Dialogue *dialogue); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dialogue, dialogue_free)
/* `text` is the whole message, valid UTF-8. Looks first whether newer content has been published.
 * `state` is read and changed. Never NULL; free with dialogue_reply_free(). */
DialogueReply *dialogue_reply(Dialogue *dialogue, const char *text, gint64 now_s,
                              DialogueState *state);
void dialogue_reply_free(DialogueReply *reply); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DialogueReply, dialogue_reply_free)

/* A person's mobile or landline that may be answered: not 106…, 95…, 10086, 12345, letters, or
 * fewer than eleven digits (+86 does not count). */
gboolean dialogue_may_answer(const char *number);

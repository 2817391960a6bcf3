#pragma once
/* One AT command at a time over a port: its reply, told apart from what the modem says unasked, its
 * deadline, and the two steps of handing over a message. Knows nothing of messages themselves.
 * A deadline counts to the first line of the reply, then from line to line (at most 6 s): a long
 * list takes its time, one whose end got lost does not. */
#include <glib.h>

#include "sms/at_reply.h"
#include "sms/port.h"

typedef struct AtChat AtChat;

typedef struct {
    AtOutcome outcome;
    gint code;        /* of AT_CMS_ERROR, AT_CME_ERROR */
    GPtrArray *lines; /* char *: what came before the final line */
    gboolean had_echo;
    gboolean was_probed; /* replies to probes may still come: get into step first */
} AtReply;
typedef void (*AtDone)(const AtReply *reply, gpointer data);

typedef struct {
    /* A line nobody asked for. `body` is the message behind +CMT and +CDS, else NULL. */
    void (*urc)(const char *line, const char *body, gpointer data);
    void (*gone)(const char *why, gpointer data); /* the port; the chat may be freed */
    void (*trace)(gboolean is_sent, const char *line, gpointer data); /* may be NULL */
} AtChatEvents;

/* Takes the port. No callback comes before the main loop runs; a callback may free the chat or
 * start the next command. */
AtChat *at_chat_new(Port *port, const AtChatEvents *events, gpointer data);
void at_chat_free(AtChat *chat); /* NULL is fine; a running command is forgotten */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AtChat, at_chat_free)

/* `prefix` begins the lines of the reply ("+CSQ:"); NULL: any line that is no URC. */
void at_chat_send(AtChat *chat, const char *command, const char *prefix, guint timeout_ms,
                  AtDone done, gpointer data);
/* `command`, then `body` and Ctrl-Z behind the prompt. AT_NO_PROMPT, AT_DOUBTFUL: see AtOutcome. A
 * long silence is probed with AT+CMGF?, because a modem that has lost the result answers that. */
void at_chat_submit(AtChat *chat, const char *command, GBytes *body, AtDone done, gpointer data);
gboolean at_chat_is_busy(const AtChat *chat); /* or its port is gone */
/* The running command ends at once: AT_CANCELLED, or AT_DOUBTFUL when its message was handed over
 * (AT_OK if that got its reference). */
void at_chat_cancel(AtChat *chat);
/* Octets that belong to no command: ESC, CR. */
void at_chat_nudge(AtChat *chat, const char *octets);
/* Time since the modem said anything at all. */
gint64 at_chat_quiet_us(const AtChat *chat);
/* With echo off, an echo before the prompt says that the modem started anew unnoticed, maybe in
 * text mode, where a PDU would go out as a text: the message is not handed over then
 * (AT_NO_PROMPT). */
void at_chat_expect_echo(AtChat *chat, gboolean is_expected);
/* After ATV1 a digit by itself ends no reply. */
void at_chat_expect_words(AtChat *chat, gboolean is_expected);
/* Text mode: bodies need not be hex; with raw text (GBK) they may be several lines of anything. */
void at_chat_set_text(AtChat *chat, gboolean is_text, gboolean is_raw);
gboolean at_chat_set_baud(AtChat *chat, guint baud, GError **error);

#pragma once
/* Messages that came in. A message is added once, whatever how often the modem or the network
 * repeats it; the parts of a long one wait for each other. 3GPP TS 23.040 §9.2.3.24.1. */
#include "db/sms_store.h"

#define SMS_PARTS_APART_S (15 * 60) /* parts further apart belong to two messages: refs repeat */

typedef struct {
    const char *key; /* 32 hex digits: a digest of what makes the message itself */
    gint64 received_s;
    const char *modem, *sender;
    gint64 scts_s; /* 0: none */
    guint ref, ref_bits, total, seq;
    const char *raw;
} SmsInbound;

typedef struct {
    gint64 id;
    guint seq;
    char *raw;
} SmsPart;
void sms_part_free(SmsPart *part);

/* In state `waiting`. *id is 0 if the key is known already. */
gboolean sms_inbox_add(SmsStore *store, const SmsInbound *message, gint64 *id, GError **error);
/* `state` as in sms.sql; `text` and `topic` may be NULL. */
gboolean sms_inbox_settle(SmsStore *store, gint64 id, const char *state, const char *text,
                          const char *topic, GError **error);

/* The waiting parts that belong to the part `id`, itself included, one for each seq, in their
 * order: SmsPart *. */
GPtrArray *sms_inbox_parts(SmsStore *store, gint64 id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The others of the message become `joined`, under `head`. */
gboolean sms_inbox_join(SmsStore *store, gint64 head, GError **error);
/* The part `id` alone. */
gboolean sms_inbox_join_late(SmsStore *store, gint64 id, gint64 head, GError **error);
/* The head of a message that is settled and to which the part `id` comes too late; 0: none. */
gboolean sms_inbox_late_head(SmsStore *store, gint64 id, gint64 *head, GError **error);
/* A part that waits since before `before_s`, or since after `after_s`: the clock was set back
 * since; 0: none. *sender and *modem: free with g_free(). */
gboolean sms_inbox_overdue(SmsStore *store, gint64 before_s, gint64 after_s, gint64 *id,
                           char **sender, char **modem, GError **error);

/* Messages of that contact answered within ]from, to]. */
gboolean sms_inbox_count_answered(SmsStore *store, const char *contact, gint64 from_s, gint64 to_s,
                                  guint *count, GError **error);

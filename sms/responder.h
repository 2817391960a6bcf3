#pragma once
/* A question that came by SMS → its answer in the outbox, within the limits of SAFETY #23; what the
 * number may refer to next is kept with it. Writes within the caller's transaction, sends nothing.
 */
#include "db/sms_store.h"
#include "sms/dialogue.h"
#include "sms/settings.h"

typedef struct { /* borrowed, all of it */
    SmsStore *store;
    Dialogue *dialogue;
    const Settings *settings;
} Responder;

typedef struct {
    gint64 id; /* its row in the inbox; of a long message that of its head */
    const char *text, *sender, *modem; /* modem NULL: any */
    gboolean is_partial;               /* parts of it never came */
} Question;

/* The row is settled: answered, silent, limited or, from a sender that is no person's or sends back
 * what it got, ignored.
 * FALSE with *error (STORE_ERROR) if it cannot be written. */
gboolean responder_answer(const Responder *responder, const Question *question, gint64 now_s,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

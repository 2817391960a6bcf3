#pragma once
/* Messages that a modem has read → the inbox, each once whatever how often it is read; those that
 * are whole questions are answered in the same transaction, and delivery reports settle what they
 * report. What is committed here may be deleted from the SIM. SMS.md §5d, §5e. */
#include "sms/modem_message.h"
#include "sms/responder.h"

#define INTAKE_PART_WAIT_S 600 /* for the other parts of a long message */

/* ModemMessage *: all are committed, or none. Sets is_repeat of those that were known. FALSE with
 * *error (STORE_ERROR) if they cannot be written. */
gboolean intake_take(const Responder *responder, const char *modem, GPtrArray *messages,
                     gint64 now_s, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One long message whose parts have waited long enough is answered as far as it came. *is_more:
 * there was one, there may be another. */
gboolean intake_take_overdue(const Responder *responder, gint64 now_s, gboolean *is_more,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

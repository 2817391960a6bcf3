#pragma once
/* Messages that go out, a row a part. The way of one:
 *   queued → sending (committed before the modem gets Ctrl-Z) → sent → delivered
 *                    → queued once more, or failed: the modem refused it, surely not sent
 *                    → doubtful: no answer came. Settled as sent or not sent by a delivery report
 *                      or by the modem's message reference; never settled: an answer goes out a
 *                      second time, once; a notice does not: unknown. SMS.md has the argument. */
#include "db/sms_store.h"

typedef struct {
    gint64 id;
    gboolean is_notice;
    char *number, *text, *modem; /* modem NULL: any */
    gboolean is_ucs2;
    guint ref, total, seq;
    guint attempts, copies; /* before this one */
    gint64 created_s, changed_s;
    gint mr; /* -1: none */
} SmsOutbound;
void sms_outbound_free(SmsOutbound *message); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmsOutbound, sms_outbound_free)

/* Cuts `text` into its parts. `inbox_id` 0 and `modem` NULL: a notice. */
gboolean sms_outbox_add(SmsStore *store, gint64 inbox_id, const char *modem, const char *number,
                        const char *text, gint64 now_s, GError **error);
/* (Nothing is put off by more than 1200 s: what seems to be was queued before the clock was set
 * back, and is due.) Of those that are due for that modem the one least often tried, the oldest of
 * them; its own before a notice. *out is NULL
 * if there is none; *is_last says that no other is due behind it. */
gboolean sms_outbox_next(SmsStore *store, const char *modem, gint64 now_s, SmsOutbound **out,
                         gboolean *is_last, GError **error);
/* When the next one is due that is not yet, Unix time; 0: none is. */
gboolean sms_outbox_next_due(SmsStore *store, const char *modem, gint64 *due_s, GError **error);

gboolean sms_outbox_set_sending(SmsStore *store, gint64 id, const char *modem, gint64 now_s,
                                GError **error);
/* `mr` -1: the modem gave none. */
gboolean sms_outbox_set_sent(SmsStore *store, gint64 id, const char *modem, gint mr, gint64 now_s,
                             GError **error);
gboolean sms_outbox_set_doubtful(SmsStore *store, gint64 id, gint64 now_s, GError **error);
/* It did not go out: once more, from `due_s` on; 0: never. */
gboolean sms_outbox_set_unsent(SmsStore *store, gint64 id, gint64 due_s, const char *reason,
                               gint64 now_s, GError **error);
/* The modem did not even ask for it: this was no attempt. */
gboolean sms_outbox_set_untaken(SmsStore *store, gint64 id, gint64 due_s, gint64 now_s,
                                GError **error);
/* The modem's next reference will say nothing of what went before. */
gboolean sms_outbox_forget_mr(SmsStore *store, const char *modem, GError **error);
/* What waits for that modem since before `before_s` may go out by any. */
gboolean sms_outbox_release(SmsStore *store, const char *modem, gint64 before_s, GError **error);
/* Nothing settled it. */
gboolean sms_outbox_give_up_doubt(SmsStore *store, gint64 id, gint64 now_s, GError **error);
/* After a start, what was being sent is doubtful. Rows of modems that are no longer there go to
 * any. */
gboolean sms_outbox_recover(SmsStore *store, const char *const *modems, gint64 now_s,
                            GError **error);
/* The doubtful ones of a modem, oldest first: SmsOutbound *. */
GPtrArray *sms_outbox_doubtful(SmsStore *store, const char *modem,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The last message reference that the modem gave; -1: none. */
gboolean sms_outbox_last_mr(SmsStore *store, const char *modem, gint *mr, GError **error);

/* A delivery report for `number` and `mr`. *id: the message it settles, 0 if none is known; of two
 * the younger. A doubtful one has no reference yet and takes this one. */
gboolean sms_outbox_report(SmsStore *store, const char *modem, const char *number, guint mr,
                           gboolean is_delivered, gint64 now_s, gint64 *id, GError **error);

/* Messages made within ]from, to], second copies too; those that were surely never sent do not
 * count. */
gboolean sms_outbox_count(SmsStore *store, gint64 from_s, gint64 to_s, guint *count,
                          GError **error);
/* Whether `text` holds what was sent to that contact since `from_s`: it comes from a machine that
 * sends back what it gets, or from our own number. */
gboolean sms_outbox_has_said(SmsStore *store, const char *contact, const char *text, gint64 from_s,
                             gboolean *has_said, GError **error);

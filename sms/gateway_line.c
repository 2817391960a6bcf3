/* One modem in the gateway: what goes out by it, retries, and doubts about what did. */
#include "sms/gateway_private.h"

#include "charset/mask.h"
#include "db/sms_inbox.h"
#include "sms/intake.h"

#define HOUR_S           3600
#define DOUBT_S          60 /* a delivery report comes within, or hardly ever */
#define GIVE_UP_S        (2 * HOUR_S)
#define ATTEMPTS_MAX     5
#define TRIAL_S          600 /* without a network: one try, should the modem be mistaken */
#define FAILURES_MANY    4   /* in a row: it is not this message */
#define HOLD_FIRST_S     30
#define HOLD_FRESH_S     10
#define HOLD_MAX_S       600
#define VALIDITY_MINUTES 1440
#define SAVE_AGAIN_S     3
#define RELEASE_S        HOUR_S

/* ---- sending ---- */

static gboolean on_wake(gpointer data)
{
    Line *line = data;
    line->wake = 0;
    modem_wake(line->modem);
    return G_SOURCE_REMOVE;
}

static void wake_in(Line *line, gint64 seconds)
{
    if (line->wake) g_source_remove(line->wake);
    line->wake = g_timeout_add((guint)(CLAMP(seconds, 0, HOUR_S) * 1000 + 1), on_wake, line);
}

/* What has not been tried yet is tried all the same, one by one: it may be the numbers' fault. */
static void hold(Line *line, gint64 seconds)
{
    gint64 now = g_get_monotonic_time(), fresh_s = MIN(seconds, HOLD_FRESH_S);
    line->hold_until_us = now + seconds * G_USEC_PER_SEC;
    line->fresh_until_us = now + fresh_s * G_USEC_PER_SEC;
    wake_in(line, fresh_s);
}

static gboolean is_held(const Line *line, const SmsOutbound *message)
{
    return message->attempts > 0 && g_get_monotonic_time() < line->hold_until_us;
}

/* Nothing is due: sleep until something is. */
static void wake_when_due(Line *line)
{
    gint64 due = 0, held_s = (line->hold_until_us - g_get_monotonic_time()) / G_USEC_PER_SEC;
    if (sms_outbox_next_due(line->gateway->store, line->settings->name, &due, NULL) && due > 0)
        wake_in(line, MAX(MAX(due - gateway_now_s(line->gateway), 1), held_s + 1));
}

static gboolean may_send(Line *line)
{
    if (line->gateway->is_ending || line->current) return FALSE;
    gint64 now = g_get_monotonic_time();
    if (now < line->fresh_until_us) return FALSE;
    if (modem_can_send(line->modem)) {
        line->trial_us = 0;
        return TRUE;
    }
    /* no network, no service centre: heard when it changes, tried now and then */
    gboolean is_trial = line->trial_us && now >= line->trial_us;
    if (is_trial || !line->trial_us) line->trial_us = now + TRIAL_S * G_USEC_PER_SEC;
    wake_in(line, (line->trial_us - now) / G_USEC_PER_SEC + 1);
    return is_trial;
}

static gboolean mark_sending(Line *line, gboolean *is_last, GError **error)
{
    SmsStore *store = line->gateway->store;
    const char *modem = line->settings->name;
    if (!sms_outbox_next(store, modem, gateway_now_s(line->gateway), &line->current, is_last,
                         error))
        return FALSE;
    if (!line->current) return TRUE;
    if (is_held(line, line->current)) {
        g_clear_pointer(&line->current, sms_outbound_free);
        return TRUE;
    }
    if (sms_store_begin(store, error) &&
        sms_outbox_set_sending(store, line->current->id, modem, gateway_now_s(line->gateway),
                               error) &&
        sms_store_commit(store, error))
        return TRUE;
    sms_store_rollback(store);
    g_clear_pointer(&line->current, sms_outbound_free);
    return FALSE;
}

static gboolean on_next(TpduSubmit *out, gpointer data)
{
    Line *line = data;
    gboolean is_last = FALSE;
    g_autoptr(GError) error = NULL;

    if (!may_send(line)) return FALSE;
    if (!gateway_can_store(line->gateway, mark_sending(line, &is_last, &error), &error)) {
        hold(line, HOLD_FIRST_S);
        return FALSE;
    }
    if (!line->current) {
        wake_when_due(line);
        return FALSE;
    }
    const SmsOutbound *message = line->current;
    *out = (TpduSubmit){ .number = message->number,
                         .text = message->text,
                         .is_ucs2 = message->is_ucs2,
                         .ref = message->ref,
                         .total = message->total,
                         .seq = message->seq,
                         /* where no further message will tell by its reference */
                         .has_srr =
                             (is_last || line->last_mr < 0) && line->gateway->settings->has_reports,
                         .is_repeat = message->copies > 0,
                         .tp_mr = 0,
                         .validity_minutes = VALIDITY_MINUTES };
    return TRUE;
}

static guint others_in_gap(const Line *line, gint64 id)
{
    guint n = 0;
    for (guint i = 0; i < line->gap->len; i++)
        if (g_array_index(line->gap, gint64, i) != id) n++;
    return n;
}

/* The reference of the message `id` tells of the doubtful ones before it: by one further, none of
 * them went out; further by as many as they are, all did. Else nothing is known. */
static gboolean tells_of_gap(const Line *line, gint64 id, gint mr)
{
    guint step = (guint)(mr - line->last_mr) & 0xff;
    if (mr < 0 || line->last_mr < 0 || !line->is_counting) return FALSE;
    return step == 1 || step == others_in_gap(line, id) + 1;
}

static gboolean settle_gap(Line *line, gint64 id, gint mr, GError **error)
{
    SmsStore *store = line->gateway->store;
    gint64 now = gateway_now_s(line->gateway);
    guint step = (guint)(mr - line->last_mr) & 0xff;
    gint other_mr = line->last_mr;

    for (guint i = 0; i < line->gap->len; i++) {
        gint64 other = g_array_index(line->gap, gint64, i);
        if (other == id) continue;
        other_mr = (other_mr + 1) & 0xff;
        if (step == 1
                ? !sms_outbox_set_unsent(store, other, now, "settled", now, error)
                : !sms_outbox_set_sent(store, other, line->settings->name, other_mr, now, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean take_sent(Line *line, gint64 id, gint mr, GError **error)
{
    if (tells_of_gap(line, id, mr) && !settle_gap(line, id, mr, error)) return FALSE;
    return sms_outbox_set_sent(line->gateway->store, id, line->settings->name, mr,
                               gateway_now_s(line->gateway), error);
}

/* After the commit: what the reference says about the modem's counting. */
static void note_reference(Line *line, gint mr)
{
    if (mr < 0) return;
    if (line->gap->len == 0 && line->last_mr >= 0 && !line->has_rebooted)
        line->is_counting = ((guint)(mr - line->last_mr) & 0xff) == 1;
    line->last_mr = mr;
    line->has_rebooted = FALSE;
    g_array_set_size(line->gap, 0);
}

static gboolean is_permanent_for_number(gint code)
{
    return code == 1 || code == 21 || code == 28 || code == 304 || code == 305;
}

/* When to try again, Unix time; 0: never. */
static gint64 retry_at(const Line *line, const SmsOutbound *message, gint code)
{
    static const gint64 waits[] = { 5, 30, 120, 600 };
    gint64 now = gateway_now_s(line->gateway);
    gboolean is_general = line->failures + 1 >= FAILURES_MANY;

    if (!at_reply_cms_is_temporary(code) || now - message->created_s > GIVE_UP_S) return 0;
    if (message->attempts + 1 >= ATTEMPTS_MAX && !is_general) return 0;
    return now + waits[MIN(message->attempts, G_N_ELEMENTS(waits) - 1)];
}

/* Some modems count each attempt, others each message: after a refusal the next reference says
 * nothing of what is in doubt. */
static gboolean take_refused(Line *line, gint code, GError **error)
{
    const char *reason = at_reply_cms_reason(code);
    g_autofree char *text = g_strdup_printf("%d %s", code, reason ? reason : "");
    if (!sms_outbox_forget_mr(line->gateway->store, line->settings->name, error)) return FALSE;
    return sms_outbox_set_unsent(line->gateway->store, line->current->id,
                                 retry_at(line, line->current, code), text,
                                 gateway_now_s(line->gateway), error);
}

static gboolean take_not_sent(Line *line, GError **error)
{
    gint64 now = gateway_now_s(line->gateway);
    gint64 wait = line->misses + 1 >= FAILURES_MANY ? HOLD_FIRST_S : 0;
    return sms_outbox_set_untaken(line->gateway->store, line->current->id, now + wait, now, error);
}

static gboolean take_result(Line *line, const ModemResult *result, GError **error)
{
    gint64 id = line->current->id;
    switch (result->outcome) {
    case MODEM_SENT:
        return take_sent(line, id, result->mr, error);
    case MODEM_REFUSED:
        return take_refused(line, result->code, error);
    case MODEM_NOT_SENT:
        return take_not_sent(line, error);
    case MODEM_DOUBTFUL:
        return sms_outbox_set_doubtful(line->gateway->store, id, gateway_now_s(line->gateway),
                                       error);
    }
    return TRUE;
}

static void note_health(Line *line, gboolean is_failing)
{
    if (line->is_failing == is_failing) return;
    line->is_failing = is_failing;
    if (is_failing)
        g_warning("短信猫 %s：%s", line->settings->name, sms_alarm_text(SMS_ALARM_SEND));
    else
        g_message("短信猫 %s：又能发了", line->settings->name);
    gateway_changed(line->gateway);
}

static void watch_doubts(Line *line);

/* Many in a row: it is not the messages. One after the other is tried, more and more seldom. */
static void hold_if_failing(Line *line)
{
    guint in_a_row = MAX(line->failures, line->misses);
    if (in_a_row < FAILURES_MANY) return;
    guint steps = MIN(in_a_row - FAILURES_MANY, 5);
    hold(line, MIN(HOLD_FIRST_S << steps, HOLD_MAX_S));
    note_health(line, TRUE);
}

static void after_refusal(Line *line, gint code, const char *masked)
{
    const char *reason = at_reply_cms_reason(code);
    line->last_mr = -1;
    if (!is_permanent_for_number(code)) line->failures++;
    g_message("短信猫 %s：发给 %s 的短信没有发成：%d %s", line->settings->name, masked, code,
              reason ? reason : "");
}

static void after_result(Line *line, const ModemResult *result)
{
    gint64 id = line->current->id;
    g_autofree char *masked = mask_phone(line->current->number);

    switch (result->outcome) {
    case MODEM_SENT:
        note_reference(line, result->mr);
        line->failures = line->misses = 0;
        line->hold_until_us = 0;
        note_health(line, FALSE);
        g_debug("短信猫 %s：已发给 %s", line->settings->name, masked);
        break;
    case MODEM_DOUBTFUL:
        g_array_append_val(line->gap, id);
        watch_doubts(line);
        g_message("短信猫 %s：发给 %s 的短信没有回音，等网络确认", line->settings->name, masked);
        break;
    case MODEM_NOT_SENT:
        line->misses++;
        break;
    case MODEM_REFUSED:
        after_refusal(line, result->code, masked);
        break;
    }
    hold_if_failing(line);
}

static gboolean on_unsaved(gpointer data);

/* Until the disk knows the outcome nothing else is sent: it would be in doubt after a crash. */
static void save_result(Line *line)
{
    Gateway *gateway = line->gateway;
    g_autoptr(GError) error = NULL;
    gboolean is_ok = sms_store_begin(gateway->store, &error) &&
                     take_result(line, &line->unsaved, &error) &&
                     sms_store_commit(gateway->store, &error);

    if (!is_ok) sms_store_rollback(gateway->store);
    if (!gateway_can_store(gateway, is_ok, &error)) {
        line->save_timer = g_timeout_add_seconds(SAVE_AGAIN_S, on_unsaved, line);
        return;
    }
    gateway_has_stored(gateway);
    after_result(line, &line->unsaved);
    gateway_changed(line->gateway);
    g_clear_pointer(&line->current, sms_outbound_free);
    gateway_line_is_free(gateway);
}

static gboolean on_unsaved(gpointer data)
{
    Line *line = data;
    line->save_timer = 0;
    save_result(line);
    modem_wake(line->modem);
    return G_SOURCE_REMOVE;
}

static void on_result(const ModemResult *result, gpointer data)
{
    Line *line = data;
    if (!line->current) return;
    line->unsaved = *result;
    save_result(line);
}

/* ---- doubts ---- */

/* The result of the youngest doubtful one, after all. What it does not tell of the others, the next
 * reference does not tell either. */
static gboolean take_late(Line *line, gint64 id, gint mr, gboolean tells, GError **error)
{
    SmsStore *store = line->gateway->store;
    if (tells && !settle_gap(line, id, mr, error)) return FALSE;
    return sms_outbox_set_sent(store, id, line->settings->name, mr, gateway_now_s(line->gateway),
                               error) &&
           (tells || sms_outbox_forget_mr(store, line->settings->name, error));
}

static void on_late_result(guint mr, gpointer data)
{
    Line *line = data;
    SmsStore *store = line->gateway->store;
    g_autoptr(GError) error = NULL;

    if (line->gap->len == 0) return;
    gint64 id = g_array_index(line->gap, gint64, line->gap->len - 1);
    gboolean tells = line->gap->len == 1 || tells_of_gap(line, id, (gint)mr);
    gboolean is_ok = sms_store_begin(store, &error) &&
                     take_late(line, id, (gint)mr, tells, &error) &&
                     sms_store_commit(store, &error);
    if (!is_ok) sms_store_rollback(store);
    if (!gateway_can_store(line->gateway, is_ok, &error)) return;
    g_array_set_size(line->gap, 0);
    line->last_mr = tells ? (gint)mr : -1;
}

static void on_rebooted(gpointer data)
{
    Line *line = data;
    line->has_rebooted = TRUE;
}

/* What nothing has settled within DOUBT_S. TRUE while there are doubts. */
static gboolean give_up_doubts(Line *line)
{
    SmsStore *store = line->gateway->store;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) doubts = sms_outbox_doubtful(store, line->settings->name, &error);

    if (!doubts) return TRUE;
    for (guint i = 0; i < doubts->len; i++) {
        const SmsOutbound *message = doubts->pdata[i];
        gint64 age = gateway_now_s(line->gateway) - message->changed_s;
        if (age >= 0 && age < DOUBT_S) continue;
        if (!sms_outbox_give_up_doubt(store, message->id, gateway_now_s(line->gateway), &error))
            return TRUE;
    }
    return doubts->len > 0;
}

static gboolean on_doubt_timer(gpointer data)
{
    Line *line = data;
    gboolean has_doubts = give_up_doubts(line);
    modem_wake(line->modem);
    if (!has_doubts) line->doubt_timer = 0;
    return has_doubts ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void watch_doubts(Line *line)
{
    if (!line->doubt_timer) line->doubt_timer = g_timeout_add_seconds(5, on_doubt_timer, line);
}

/* ---- what else the modem tells ---- */

/* The centre's time of what has just come. */
static void hear_time(Gateway *gateway, GPtrArray *messages)
{
    for (guint i = 0; i < messages->len; i++) {
        const ModemMessage *message = messages->pdata[i];
        clock_hear(&gateway->clock,
                   message->is_pdu ? message->tpdu.tp_scts.unix_s : message->scts_s,
                   g_get_real_time() / G_USEC_PER_SEC, g_get_monotonic_time());
    }
}

static gboolean on_received(GPtrArray *messages, gpointer data)
{
    Line *line = data;
    g_autoptr(GError) error = NULL;
    hear_time(line->gateway, messages);
    gboolean is_ok = intake_take(&line->gateway->responder, line->settings->name, messages,
                                 gateway_now_s(line->gateway), &error);
    if (!gateway_can_store(line->gateway, is_ok, &error)) return FALSE;
    gateway_has_stored(line->gateway);
    gateway_changed(line->gateway);
    return TRUE;
}

static gboolean on_may_enter_pin(gpointer data)
{
    Line *line = data;
    g_autoptr(GError) error = NULL;
    if (sms_pin_begin(line->gateway->store, line->settings->pin_digest,
                      gateway_now_s(line->gateway), &error))
        return TRUE;
    if (error) g_warning("短信记录写不进去：%s", error->message);
    return FALSE;
}

static void on_pin_result(ModemPin result, gpointer data)
{
    Line *line = data;
    SmsStore *store = line->gateway->store;
    const char *digest = line->settings->pin_digest;
    g_autoptr(GError) error = NULL;
    gboolean is_ok = result == MODEM_PIN_UNTAKEN
                         ? sms_pin_undo(store, digest, &error)
                         : sms_pin_end(store, digest, result == MODEM_PIN_GOOD, &error);
    if (!is_ok) g_warning("短信记录写不进去：%s", error ? error->message : "?");
}

static void on_changed(gpointer data)
{
    gateway_changed(((Line *)data)->gateway);
}

/* ---- life ---- */

Line *gateway_line_new(Gateway *gateway, const SettingsModem *settings)
{
    static const ModemEvents events = { on_received,    on_next,     on_result,
                                        on_late_result, on_rebooted, on_may_enter_pin,
                                        on_pin_result,  on_changed };
    Line *line = g_new0(Line, 1);
    line->gateway = gateway;
    line->settings = settings;
    line->is_counting = TRUE;
    line->last_mr = -1;
    line->ready_us = g_get_monotonic_time();
    line->gap = g_array_new(FALSE, FALSE, sizeof(gint64));
    line->modem = modem_new(settings, gateway->settings->poll_s, &events, line);
    return line;
}

void gateway_line_free(gpointer data)
{
    Line *line = data;
    if (line->wake) g_source_remove(line->wake);
    if (line->doubt_timer) g_source_remove(line->doubt_timer);
    if (line->save_timer) g_source_remove(line->save_timer);
    modem_free(line->modem);
    sms_outbound_free(line->current);
    g_array_unref(line->gap);
    g_free(line);
}

/* What was being sent when the power went. */
gboolean gateway_line_recover(Line *line, GError **error)
{
    SmsStore *store = line->gateway->store;
    const char *modem = line->settings->name;
    if (!sms_outbox_last_mr(store, modem, &line->last_mr, error)) return FALSE;
    g_autoptr(GPtrArray) doubts = sms_outbox_doubtful(store, modem, error);
    if (!doubts) return FALSE;
    for (guint i = 0; i < doubts->len; i++) {
        const SmsOutbound *message = doubts->pdata[i];
        g_array_append_val(line->gap, message->id);
        /* in doubt before the last start: others may have gone out since */
        if (message->changed_s < gateway_now_s(line->gateway) - 1) line->last_mr = -1;
    }
    if (doubts->len) watch_doubts(line);
    return TRUE;
}

void gateway_line_release(Line *line)
{
    gint64 now_us = g_get_monotonic_time();
    g_autoptr(GError) error = NULL;
    if (modem_health(line->modem)->state == SMS_MODEM_READY) line->ready_us = now_us;
    if (now_us - line->ready_us < (gint64)RELEASE_S * G_USEC_PER_SEC) return;
    gint64 before = gateway_now_s(line->gateway) - RELEASE_S;
    if (!sms_outbox_release(line->gateway->store, line->settings->name, before, &error))
        g_debug("release: %s", error->message);
}

gboolean gateway_line_is_done(const Line *line)
{
    gint64 due = 0;
    return modem_is_idle(line->modem) && !line->current &&
           sms_outbox_next_due(line->gateway->store, line->settings->name, &due, NULL) &&
           (due == 0 || due > gateway_now_s(line->gateway));
}

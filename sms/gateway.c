#include "sms/gateway.h"

#include "charset/mask.h"
#include "charset/segment.h"
#include "db/disk.h"
#include "db/sms_health.h"
#include "db/sms_inbox.h"
#include "db/sms_outbox.h"
#include "sms/dialogue.h"
#include "sms/modem.h"
#include "sms/notify.h"

#include <glib-unix.h>
#include <string.h>

#define HOUR_S           3600
#define DAY_S            86400
#define DOUBT_S          60 /* a delivery report comes within, or hardly ever */
#define GIVE_UP_S        (2 * HOUR_S)
#define ATTEMPTS_MAX     5
#define PART_WAIT_S      600 /* for the other parts of a long message */
#define KEEP_DAYS        90  /* then messages and numbers are forgotten */
#define TRIAL_S          600 /* without a network: one try, should the modem be mistaken */
#define FAILURES_MANY    4   /* in a row: it is not this message */
#define HOLD_FIRST_S     30
#define HOLD_MAX_S       600
#define VALIDITY_MINUTES 1440
#define SAVE_AGAIN_S     3
#define HEALTH_SOON_MS   1000
#define HEALTH_EVERY_S   60
#define CLOCK_SKEW_S     120
#define ONCE_WAIT_S      60 /* for a modem to get ready */
#define END_WAIT_S       10 /* for the message that is being sent */

typedef struct {
    Gateway *gateway;
    const SettingsModem *settings;
    Modem *modem;
    SmsOutbound *current; /* handed to the modem, until its outcome is on the disk */
    ModemResult unsaved;
    gint last_mr;           /* -1: not known */
    gboolean is_counting;   /* its references rise by one */
    gboolean has_rebooted;  /* since last_mr */
    GArray *gap;            /* gint64: doubtful ones since last_mr, in their order */
    guint failures, misses; /* in a row: refused, not taken */
    gint64 hold_until_us;
    gint64 trial_us; /* when to try without a network */
    guint wake, doubt_timer, save_timer;
    gboolean is_failing; /* nothing goes out */
} Line;

struct Gateway {
    const Settings *settings;
    char *data_dir;
    SmsStore *store;
    Dialogue *dialogue;
    GPtrArray *lines; /* Line * */
    GMainLoop *loop;
    gint64 started_s, started_us, pruned_s;
    guint health_timer;
    gboolean is_ending, is_unwritable;
    gboolean is_dirty; /* status.json will be written soon */
    GatewayEnd end;
};

static gint64 now_s(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

/* Says why, once until it works again: a full disk would fill the log as well. */
static gboolean store_works(Gateway *gateway, gboolean is_ok, GError **error)
{
    if (is_ok) {
        gateway->is_unwritable = FALSE;
        return TRUE;
    }
    if (!gateway->is_unwritable)
        g_warning("短信记录写不进去：%s", *error ? (*error)->message : "?");
    gateway->is_unwritable = TRUE;
    g_clear_error(error);
    return FALSE;
}

/* ---- questions ---- */

typedef struct {
    gint64 id;
    const char *text, *sender, *modem;
    gboolean is_partial;
} Question;

static void state_from(DialogueState *state, const SmsContact *contact)
{
    state->is_stopped = contact->is_stopped;
    state->choices = g_strdup(contact->choices);
    state->question = g_strdup(contact->question);
    state->more = g_strdup(contact->more);
    state->topic = g_strdup(contact->topic);
    state->at_s = contact->at_s;
}

static gboolean save_state(Gateway *gateway, const char *contact, const DialogueState *state,
                           GError **error)
{
    SmsContact row = { state->is_stopped, state->choices, state->question,
                       state->more,       state->topic,   state->at_s };
    return sms_contact_save(gateway->store, contact, &row, error);
}

/* SAFETY #23: so many answers to a number in an hour and a day, so many messages in all. A clock
 * that was set back must not shut anybody out, hence the upper bound. */
static gboolean is_within_budget(Gateway *gateway, const char *contact, const char *text,
                                 gboolean *is_within, GError **error)
{
    gint64 now = now_s();
    guint hour = 0, day = 0, total = 0;
    g_auto(GStrv) parts = segment_text(text);
    guint limit = gateway->settings->limit_total;

    if (!sms_inbox_count_answered(gateway->store, contact, now - HOUR_S, now + CLOCK_SKEW_S, &hour,
                                  error) ||
        !sms_inbox_count_answered(gateway->store, contact, now - DAY_S, now + CLOCK_SKEW_S, &day,
                                  error) ||
        !sms_outbox_count(gateway->store, now - DAY_S, limit + 1, &total, error))
        return FALSE;
    *is_within = hour < gateway->settings->limit_per_hour &&
                 day < gateway->settings->limit_per_day && total + g_strv_length(parts) <= limit;
    return TRUE;
}

/* What is said when parts of a long message never came. */
static char *partial_text(const DialogueReply *reply)
{
    if (reply->kind == DIALOGUE_NONE || reply->kind == DIALOGUE_SILENCE)
        return g_strdup("您的短信没有收全，请再发一次，写短一点；也可以打12345。");
    char *text = g_strconcat("您的短信没有收全，先按收到的回答。", reply->text, NULL);
    if (g_utf8_strlen(text, -1) <= DIALOGUE_TEXT_MAX) return text;
    g_free(text);
    return g_strdup(reply->text);
}

static gboolean say(Gateway *gateway, const Question *question, const char *contact,
                    const DialogueReply *reply, GError **error)
{
    gboolean is_within = FALSE;
    g_autofree char *text = question->is_partial ? partial_text(reply) : g_strdup(reply->text);
    const char *state = "silent";

    if (text) {
        if (!is_within_budget(gateway, contact, text, &is_within, error)) return FALSE;
        state = is_within ? "answered" : "limited";
    }
    if (is_within && !sms_outbox_add(gateway->store, question->id, question->modem,
                                     question->sender, text, now_s(), error))
        return FALSE;
    return sms_inbox_settle(gateway->store, question->id, state, question->text, reply->code,
                            error);
}

static gboolean answer(Gateway *gateway, const Question *question, GError **error)
{
    SmsContact row = { 0 };
    DialogueState state = { 0 };

    if (!dialogue_may_answer(question->sender))
        return sms_inbox_settle(gateway->store, question->id, "ignored", NULL, NULL, error);
    g_autofree char *contact = sms_contact_of(question->sender);
    if (!sms_contact_load(gateway->store, contact, &row, error)) return FALSE;
    state_from(&state, &row);
    sms_contact_clear(&row);
    g_autoptr(DialogueReply) reply =
        dialogue_reply(gateway->dialogue, question->text, now_s(), &state);
    gboolean is_ok = save_state(gateway, contact, &state, error) &&
                     (!reply->note || sms_note_add(gateway->store, now_s(), question->sender,
                                                   reply->note, error)) &&
                     say(gateway, question, contact, reply, error);
    dialogue_state_clear(&state);
    return is_ok;
}

/* ---- parts of a long message ---- */

/* The text of the parts that are there. */
static char *parts_text(GPtrArray *parts)
{
    g_autofree Tpdu *tpdus = g_new0(Tpdu, parts->len);
    g_autofree const Tpdu **list = g_new0(const Tpdu *, parts->len);
    guint count = 0;
    for (guint i = 0; i < parts->len; i++) {
        const SmsPart *part = parts->pdata[i];
        if (tpdu_decode_hex(part->raw, -1, &tpdus[count], NULL)) {
            list[count] = &tpdus[count];
            count++;
        }
    }
    return tpdu_text(list, count);
}

/* `id` is the part that came last, or one that waits too long. */
static gboolean assemble(Gateway *gateway, gint64 id, const char *sender, const char *modem,
                         guint total, GError **error)
{
    gint64 head = 0;
    if (!sms_inbox_late_head(gateway->store, id, &head, error)) return FALSE;
    if (head > 0 && head != id) /* what it belongs to has been answered */
        return sms_inbox_join(gateway->store, head, error);
    g_autoptr(GPtrArray) parts = sms_inbox_parts(gateway->store, id, error);

    if (!parts) return FALSE;
    if (total > 0 && parts->len < total) return TRUE;
    g_autofree char *text = parts_text(parts);
    Question question = { id, text, sender, modem, total == 0 };
    return sms_inbox_join(gateway->store, id, error) && answer(gateway, &question, error);
}

static gboolean answer_overdue(Gateway *gateway, gboolean *is_more, GError **error)
{
    gint64 id = 0;
    g_autofree char *sender = NULL, *modem = NULL;
    *is_more = FALSE;
    if (!sms_inbox_overdue(gateway->store, now_s() - PART_WAIT_S, &id, &sender, &modem, error))
        return FALSE;
    *is_more = id != 0;
    return id == 0 || assemble(gateway, id, sender, modem, 0, error);
}

/* ---- what a modem has read ---- */

/* The same message again, whichever the store or the modem: same sender, same time at the centre,
 * same part, same content. */
static void key_of(const ModemMessage *message, char key[33])
{
    g_autoptr(GByteArray) octets = g_byte_array_new();
    const Tpdu *tpdu = &message->tpdu;
    g_autofree char *contact = sms_contact_of(message->is_pdu   ? tpdu->address.text
                                              : message->sender ? message->sender
                                                                : "");

    g_byte_array_append(octets, (const guint8 *)contact, (guint)strlen(contact) + 1);
    if (message->is_pdu && message->is_readable) {
        guint8 header[] = { (guint8)tpdu->kind,
                            (guint8)tpdu->udh.ref,
                            (guint8)(tpdu->udh.ref >> 8),
                            (guint8)tpdu->udh.total,
                            (guint8)tpdu->udh.seq,
                            tpdu->tp_dcs,
                            tpdu->tp_mr };
        g_byte_array_append(octets, header, sizeof header);
        g_byte_array_append(octets, tpdu->tp_scts.bcd, sizeof tpdu->tp_scts.bcd);
        for (guint i = 0; i < tpdu->ud_count; i++)
            g_byte_array_append(
                octets, i < TPDU_UD_MAX ? &tpdu->ud[i] : &tpdu->ud_extra[i - TPDU_UD_MAX], 1);
    } else {
        g_byte_array_append(octets, (const guint8 *)&message->scts_s, sizeof message->scts_s);
        g_byte_array_append(octets, (const guint8 *)message->raw, (guint)strlen(message->raw));
    }
    disk_short_digest(octets->data, octets->len, key);
}

static gboolean add_to_inbox(Line *line, ModemMessage *message, gint64 *id, GError **error)
{
    char key[33];
    key_of(message, key);
    const Tpdu *tpdu = &message->tpdu;
    SmsInbound row = { .key = key,
                       .received_s = now_s(),
                       .modem = line->settings->name,
                       .sender = message->is_pdu   ? tpdu->address.text
                                 : message->sender ? message->sender
                                                   : "",
                       .scts_s = message->is_pdu ? tpdu->tp_scts.unix_s : message->scts_s,
                       .raw = message->raw };
    if (message->is_pdu && message->is_readable && tpdu->kind == TPDU_DELIVER) {
        row.ref = tpdu->udh.ref;
        row.ref_bits = tpdu->udh.ref_bits;
        row.total = tpdu->udh.total;
        row.seq = tpdu->udh.seq;
    }
    if (!sms_inbox_add(line->gateway->store, &row, id, error)) return FALSE;
    message->is_repeat = *id == 0;
    return TRUE;
}

/* A machine's: a notice of an MMS, data for a program, a silent message, our own that somebody had
 * saved on the SIM. */
static gboolean is_for_nobody(const Tpdu *tpdu)
{
    return tpdu->kind != TPDU_DELIVER || tpdu->is_type0 || tpdu->is_compressed ||
           tpdu->udh.has_port || tpdu->alphabet == TPDU_8BIT;
}

static gboolean take_message(Line *line, ModemMessage *message, gint64 id, GError **error)
{
    Gateway *gateway = line->gateway;
    const Tpdu *tpdu = &message->tpdu, *const parts[] = { tpdu };
    const char *modem = line->settings->name;

    if (!message->is_readable)
        return sms_inbox_settle(gateway->store, id, "unreadable", NULL, NULL, error);
    if (message->is_pdu && is_for_nobody(tpdu))
        return sms_inbox_settle(gateway->store, id, "ignored", NULL, NULL, error);
    if (message->is_pdu && tpdu->udh.total > 1)
        return assemble(gateway, id, tpdu->address.text, modem, tpdu->udh.total, error);
    g_autofree char *text = message->is_pdu ? tpdu_text(parts, 1) : g_strdup(message->text);
    Question question = { id, text, message->is_pdu ? tpdu->address.text : message->sender, modem,
                          FALSE };
    return answer(gateway, &question, error);
}

static gboolean take_report(Line *line, const Tpdu *tpdu, GError **error)
{
    gboolean is_final = FALSE, is_delivered = tpdu_is_delivered(tpdu->tp_st, &is_final);
    gint64 id = 0;
    if (!is_final) return TRUE; /* the centre is still trying */
    return sms_outbox_report(line->gateway->store, line->settings->name, tpdu->address.text,
                             tpdu->tp_mr, is_delivered, now_s(), &id, error);
}

static gboolean take_one(Line *line, ModemMessage *message, GError **error)
{
    gint64 id = 0;
    if (message->is_pdu && message->is_readable && message->tpdu.kind == TPDU_STATUS_REPORT)
        return take_report(line, &message->tpdu, error);
    if (!add_to_inbox(line, message, &id, error)) return FALSE;
    return id == 0 || take_message(line, message, id, error);
}

static gboolean take_all(Line *line, GPtrArray *messages, GError **error)
{
    SmsStore *store = line->gateway->store;
    if (!sms_store_begin(store, error)) return FALSE;
    for (guint i = 0; i < messages->len; i++)
        if (!take_one(line, messages->pdata[i], error)) {
            sms_store_rollback(store);
            return FALSE;
        }
    return sms_store_commit(store, error);
}

static void log_received(const Line *line, GPtrArray *messages)
{
    for (guint i = 0; i < messages->len; i++) {
        const ModemMessage *message = messages->pdata[i];
        const char *sender = message->is_pdu ? message->tpdu.address.text : message->sender;
        g_autofree char *masked = mask_phone(sender ? sender : "");
        if (!message->is_readable)
            g_message("短信猫 %s：收到一条读不懂的短信，已存下", line->settings->name);
        else
            g_debug("短信猫 %s：收到 %s%s", line->settings->name, masked,
                    message->is_repeat ? "（重复）" : "");
    }
}

static void on_changed(gpointer data);

static void wake_all(Gateway *gateway)
{
    for (guint i = 0; i < gateway->lines->len; i++)
        modem_wake(((Line *)gateway->lines->pdata[i])->modem);
}

static gboolean on_received(GPtrArray *messages, gpointer data)
{
    Line *line = data;
    g_autoptr(GError) error = NULL;
    gboolean is_ok = take_all(line, messages, &error);
    if (!store_works(line->gateway, is_ok, &error)) return FALSE;
    log_received(line, messages);
    on_changed(line);
    return TRUE;
}

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

static void hold(Line *line, gint64 seconds)
{
    line->hold_until_us = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
    wake_in(line, seconds);
}

/* Nothing is due: sleep until something is. */
static void wake_when_due(Line *line)
{
    gint64 due = 0;
    if (sms_outbox_next_due(line->gateway->store, line->settings->name, &due, NULL) && due > 0)
        wake_in(line, MAX(due - now_s(), 1));
}

static gboolean may_send(Line *line)
{
    if (line->gateway->is_ending || line->current) return FALSE;
    gint64 now = g_get_monotonic_time();
    if (now < line->hold_until_us) return FALSE;
    if (modem_can_send(line->modem)) {
        line->trial_us = 0;
        return TRUE;
    }
    /* no network, no service centre: heard when it changes, tried now and then */
    gboolean is_trial = line->trial_us && now >= line->trial_us;
    if (is_trial || !line->trial_us) line->trial_us = now + TRIAL_S * G_USEC_PER_SEC;
    wake_in(line, (line->trial_us - now) / G_USEC_PER_SEC);
    return is_trial;
}

static gboolean mark_sending(Line *line, gboolean *is_last, GError **error)
{
    SmsStore *store = line->gateway->store;
    const char *modem = line->settings->name;
    if (!sms_outbox_next(store, modem, now_s(), &line->current, is_last, error)) return FALSE;
    if (!line->current) return TRUE;
    if (sms_store_begin(store, error) &&
        sms_outbox_set_sending(store, line->current->id, modem, now_s(), error) &&
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
    if (!store_works(line->gateway, mark_sending(line, &is_last, &error), &error)) {
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
                         .has_srr = is_last && line->gateway->settings->has_reports,
                         .is_repeat = message->copies > 0,
                         .tp_mr = 0,
                         .validity_minutes = VALIDITY_MINUTES };
    return TRUE;
}

/* The reference of this message tells of the doubtful ones before it: by one further, none of them
 * went out; further by as many as they are, all did. */
static gboolean settle_gap(Line *line, gint64 id, gint mr, GError **error)
{
    SmsStore *store = line->gateway->store;
    guint n = line->gap->len, step = (guint)(mr - line->last_mr) & 0xff;

    if (line->last_mr < 0 || !line->is_counting || (step != 1 && step != n + 1)) return TRUE;
    for (guint i = 0; i < n; i++) {
        gint64 other = g_array_index(line->gap, gint64, i);
        gint other_mr = (line->last_mr + 1 + (gint)i) & 0xff;
        if (other == id) continue;
        if (step == 1 ? !sms_outbox_set_unsent(store, other, now_s(), "settled", now_s(), error)
                      : !sms_outbox_set_sent(store, other, line->settings->name, other_mr, now_s(),
                                             error))
            return FALSE;
    }
    return TRUE;
}

static gboolean take_sent(Line *line, gint64 id, gint mr, GError **error)
{
    if (mr >= 0 && line->gap->len > 0 && !settle_gap(line, id, mr, error)) return FALSE;
    return sms_outbox_set_sent(line->gateway->store, id, line->settings->name, mr, now_s(), error);
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
    gint64 now = now_s();
    gboolean is_general = line->failures + 1 >= FAILURES_MANY;

    if (!at_reply_cms_is_temporary(code) || now - message->created_s > GIVE_UP_S) return 0;
    if (message->attempts + 1 >= ATTEMPTS_MAX && !is_general) return 0;
    return now + waits[MIN(message->attempts, G_N_ELEMENTS(waits) - 1)];
}

static gboolean take_refused(Line *line, gint code, GError **error)
{
    const char *reason = at_reply_cms_reason(code);
    g_autofree char *text = g_strdup_printf("%d %s", code, reason ? reason : "");
    return sms_outbox_set_unsent(line->gateway->store, line->current->id,
                                 retry_at(line, line->current, code), text, now_s(), error);
}

static gboolean take_not_sent(Line *line, GError **error)
{
    gint64 wait = line->misses + 1 >= FAILURES_MANY ? HOLD_FIRST_S : 0;
    return sms_outbox_set_unsent(line->gateway->store, line->current->id, now_s() + wait,
                                 "not taken", now_s(), error);
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
        return sms_outbox_set_doubtful(line->gateway->store, id, now_s(), error);
    }
    return TRUE;
}

static void note_health(Line *line, gboolean is_failing);
static void watch_doubts(Line *line);

static void after_result(Line *line, const ModemResult *result)
{
    gint64 id = line->current->id;
    g_autofree char *masked = mask_phone(line->current->number);

    if (result->outcome == MODEM_SENT) {
        note_reference(line, result->mr);
        line->failures = line->misses = 0;
        note_health(line, FALSE);
        g_debug("短信猫 %s：已发给 %s", line->settings->name, masked);
    } else if (result->outcome == MODEM_DOUBTFUL) {
        g_array_append_val(line->gap, id);
        watch_doubts(line);
        g_message("短信猫 %s：发给 %s 的短信没有回音，等网络确认", line->settings->name, masked);
    } else if (result->outcome == MODEM_NOT_SENT) {
        line->misses++;
    } else {
        if (!is_permanent_for_number(result->code)) line->failures++;
        const char *reason = at_reply_cms_reason(result->code);
        g_message("短信猫 %s：发给 %s 的短信没有发成：%d %s", line->settings->name, masked,
                  result->code, reason ? reason : "");
    }
    if (line->failures >= FAILURES_MANY) {
        guint steps = MIN(line->failures - FAILURES_MANY, 5);
        hold(line, MIN(HOLD_FIRST_S << steps, HOLD_MAX_S));
        note_health(line, TRUE);
    }
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
    if (!store_works(gateway, is_ok, &error)) {
        line->save_timer = g_timeout_add_seconds(SAVE_AGAIN_S, on_unsaved, line);
        return;
    }
    after_result(line, &line->unsaved);
    on_changed(line);
    g_clear_pointer(&line->current, sms_outbound_free);
    if (gateway->is_ending) g_main_loop_quit(gateway->loop);
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

static void forget_gap(Line *line, gint64 id)
{
    for (guint i = 0; i < line->gap->len; i++)
        if (g_array_index(line->gap, gint64, i) == id) {
            g_array_remove_index(line->gap, i);
            return;
        }
}

static void on_late_result(guint mr, gpointer data)
{
    Line *line = data;
    g_autoptr(GError) error = NULL;
    if (line->gap->len == 0) return;
    gint64 id = g_array_index(line->gap, gint64, line->gap->len - 1);
    gboolean is_ok = sms_outbox_set_sent(line->gateway->store, id, line->settings->name, (gint)mr,
                                         now_s(), &error);
    if (!store_works(line->gateway, is_ok, &error)) return;
    forget_gap(line, id);
    if (line->gap->len == 0) line->last_mr = (gint)mr;
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
        gint64 age = now_s() - message->changed_s;
        if (age >= 0 && age < DOUBT_S) continue;
        if (!sms_outbox_give_up_doubt(store, message->id, now_s(), &error)) return TRUE;
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

/* ---- health ---- */

static gboolean on_health_timer(gpointer data);

static void health_soon(Gateway *gateway, guint ms)
{
    if (gateway->health_timer) g_source_remove(gateway->health_timer);
    gateway->health_timer = g_timeout_add(ms, on_health_timer, gateway);
}

static void note_health(Line *line, gboolean is_failing)
{
    if (line->is_failing == is_failing) return;
    line->is_failing = is_failing;
    if (is_failing)
        g_warning("短信猫 %s：%s", line->settings->name, sms_alarm_text(SMS_ALARM_SEND));
    else
        g_message("短信猫 %s：又能发了", line->settings->name);
    health_soon(line->gateway, HEALTH_SOON_MS);
}

static gint64 midnight_s(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autoptr(GDateTime) day =
        g_date_time_new_local(g_date_time_get_year(now), g_date_time_get_month(now),
                              g_date_time_get_day_of_month(now), 0, 0, 0);
    return day ? g_date_time_to_unix(day) : 0;
}

static void write_health(Gateway *gateway, gboolean is_running)
{
    g_autoptr(GError) error = NULL;
    g_autofree SmsModemHealth *copies = g_new0(SmsModemHealth, gateway->lines->len);
    SmsHealth health = { .at_s = now_s(),
                         .started_s = gateway->started_s,
                         .is_running = is_running,
                         .modems = g_ptr_array_new() };
    for (guint i = 0; i < gateway->lines->len; i++) {
        const Line *line = gateway->lines->pdata[i];
        copies[i] = *modem_health(line->modem); /* its texts are the modem's */
        if (line->is_failing) copies[i].alarms |= SMS_ALARM_SEND;
        if (gateway->is_unwritable) copies[i].alarms |= SMS_ALARM_DISK;
        g_ptr_array_add(health.modems, &copies[i]);
    }
    if (!sms_store_count(gateway->store, midnight_s(), &health.today, &error) ||
        !sms_health_write(gateway->data_dir, &health, &error))
        g_debug("status.json: %s", error->message);
    g_ptr_array_unref(health.modems);
}

static void on_changed(gpointer data)
{
    Line *line = data;
    Gateway *gateway = line->gateway;
    if (gateway->is_dirty) return;
    gateway->is_dirty = TRUE;
    health_soon(gateway, HEALTH_SOON_MS);
}

static void do_overdue(Gateway *gateway)
{
    gboolean is_more = TRUE;
    g_autoptr(GError) error = NULL;
    while (is_more) {
        gboolean is_ok = sms_store_begin(gateway->store, &error) &&
                         answer_overdue(gateway, &is_more, &error) &&
                         sms_store_commit(gateway->store, &error);
        if (!is_ok) sms_store_rollback(gateway->store);
        if (!store_works(gateway, is_ok, &error)) return;
    }
    wake_all(gateway);
}

static void do_prune(Gateway *gateway)
{
    g_autoptr(GError) error = NULL;
    gint64 now = now_s();
    if (gateway->pruned_s && now - gateway->pruned_s < DAY_S) return;
    gateway->pruned_s = now;
    if (!sms_store_prune(gateway->store, now - (gint64)KEEP_DAYS * DAY_S, &error))
        g_debug("prune: %s", error->message);
}

static gboolean on_health_timer(gpointer data)
{
    Gateway *gateway = data;
    gateway->health_timer = 0;
    gateway->is_dirty = FALSE;
    do_overdue(gateway);
    do_prune(gateway);
    write_health(gateway, TRUE);
    health_soon(gateway, HEALTH_EVERY_S * 1000);
    return G_SOURCE_REMOVE;
}

static gboolean on_may_enter_pin(gpointer data)
{
    Line *line = data;
    g_autoptr(GError) error = NULL;
    if (sms_pin_begin(line->gateway->store, line->settings->pin_digest, now_s(), &error))
        return TRUE;
    if (error) g_warning("短信记录写不进去：%s", error->message);
    return FALSE;
}

static void on_pin_result(gboolean is_good, gpointer data)
{
    Line *line = data;
    g_autoptr(GError) error = NULL;
    if (!sms_pin_end(line->gateway->store, line->settings->pin_digest, is_good, &error))
        g_warning("短信记录写不进去：%s", error ? error->message : "?");
}

/* ---- life ---- */

static Line *line_new(Gateway *gateway, const SettingsModem *settings)
{
    static const ModemEvents events = { on_received,    on_next,     on_result,
                                        on_late_result, on_rebooted, on_may_enter_pin,
                                        on_pin_result,  on_changed };
    Line *line = g_new0(Line, 1);
    line->gateway = gateway;
    line->settings = settings;
    line->is_counting = TRUE;
    line->last_mr = -1;
    line->gap = g_array_new(FALSE, FALSE, sizeof(gint64));
    line->modem = modem_new(settings, gateway->settings->poll_s, &events, line);
    return line;
}

static void line_free(gpointer data)
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
static gboolean line_recover(Line *line, GError **error)
{
    SmsStore *store = line->gateway->store;
    const char *modem = line->settings->name;
    if (!sms_outbox_last_mr(store, modem, &line->last_mr, error)) return FALSE;
    g_autoptr(GPtrArray) doubts = sms_outbox_doubtful(store, modem, error);
    if (!doubts) return FALSE;
    for (guint i = 0; i < doubts->len; i++)
        g_array_append_val(line->gap, ((SmsOutbound *)doubts->pdata[i])->id);
    if (doubts->len) watch_doubts(line);
    return TRUE;
}

static gboolean recover(Gateway *gateway, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < gateway->lines->len; i++)
        g_ptr_array_add(names, ((Line *)gateway->lines->pdata[i])->settings->name);
    g_ptr_array_add(names, NULL);
    if (!sms_store_begin(gateway->store, error) ||
        !sms_outbox_recover(gateway->store, (const char *const *)names->pdata, now_s(), error) ||
        !sms_store_commit(gateway->store, error))
        return FALSE;
    for (guint i = 0; i < gateway->lines->len; i++)
        if (!line_recover(gateway->lines->pdata[i], error)) return FALSE;
    return TRUE;
}

Gateway *gateway_new(const char *data_dir, const Settings *settings, GError **error)
{
    gboolean was_damaged = FALSE;
    SmsStore *store = sms_store_open(data_dir, &was_damaged, error);
    if (!store) return NULL;
    if (was_damaged) g_warning("短信记录 sms.db 已损坏，改名 sms.db.bad，从空的开始");
    g_autoptr(Gateway) gateway = g_new0(Gateway, 1);
    gateway->store = store;
    gateway->settings = settings;
    gateway->data_dir = g_strdup(data_dir);
    gateway->started_s = now_s();
    gateway->started_us = g_get_monotonic_time();
    gateway->loop = g_main_loop_new(NULL, FALSE);
    gateway->lines = g_ptr_array_new_with_free_func(line_free);
    gateway->dialogue = dialogue_new(data_dir, error);
    if (!gateway->dialogue) return NULL;
    for (guint i = 0; i < settings->modems->len; i++)
        g_ptr_array_add(gateway->lines, line_new(gateway, settings->modems->pdata[i]));
    return recover(gateway, error) ? g_steal_pointer(&gateway) : NULL;
}

void gateway_free(Gateway *gateway)
{
    if (!gateway) return;
    if (gateway->health_timer) g_source_remove(gateway->health_timer);
    g_ptr_array_unref(gateway->lines);
    dialogue_free(gateway->dialogue);
    sms_store_free(gateway->store);
    g_main_loop_unref(gateway->loop);
    g_free(gateway->data_dir);
    g_free(gateway);
}

static gboolean on_end_timeout(gpointer data)
{
    Gateway *gateway = data;
    g_main_loop_quit(gateway->loop);
    return G_SOURCE_REMOVE;
}

/* A message that is being sent is waited for: it goes out once, and we know it. */
static gboolean on_signal(gpointer data)
{
    Gateway *gateway = data;
    gboolean is_sending = FALSE;
    gateway->is_ending = TRUE;
    for (guint i = 0; i < gateway->lines->len; i++)
        is_sending |= ((Line *)gateway->lines->pdata[i])->current != NULL;
    if (!is_sending)
        g_main_loop_quit(gateway->loop);
    else
        g_timeout_add_seconds(END_WAIT_S, on_end_timeout, gateway);
    return G_SOURCE_CONTINUE;
}

static gboolean has_nothing_due(const Line *line)
{
    gint64 due = 0;
    return sms_outbox_next_due(line->gateway->store, line->settings->name, &due, NULL) &&
           (due == 0 || due > now_s());
}

/* --once: everything read, everything due sent. */
static gboolean on_once_timer(gpointer data)
{
    Gateway *gateway = data;
    guint idle = 0;
    gint64 age_us = g_get_monotonic_time() - gateway->started_us;

    for (guint i = 0; i < gateway->lines->len; i++) {
        const Line *line = gateway->lines->pdata[i];
        gboolean is_done = modem_is_idle(line->modem) && !line->current && has_nothing_due(line);
        gboolean is_hopeless = modem_health(line->modem)->state != SMS_MODEM_READY &&
                               age_us > ONCE_WAIT_S * G_USEC_PER_SEC;
        if (is_hopeless) gateway->end = GATEWAY_NO_MODEM;
        if (is_done || is_hopeless) idle++;
    }
    if (idle < gateway->lines->len) return G_SOURCE_CONTINUE;
    g_main_loop_quit(gateway->loop);
    return G_SOURCE_REMOVE;
}

GatewayEnd gateway_run(Gateway *gateway, gboolean is_once)
{
    gateway->end = GATEWAY_ENDED;
    guint sources[] = { g_unix_signal_add(SIGTERM, on_signal, gateway),
                        g_unix_signal_add(SIGINT, on_signal, gateway) };
    for (guint i = 0; i < gateway->lines->len; i++)
        modem_start(((Line *)gateway->lines->pdata[i])->modem);
    guint once = is_once ? g_timeout_add(300, on_once_timer, gateway) : 0;
    health_soon(gateway, HEALTH_SOON_MS);
    notify_start();
    g_main_loop_run(gateway->loop);
    notify_stop();
    for (guint i = 0; i < G_N_ELEMENTS(sources); i++)
        g_source_remove(sources[i]);
    if (once && g_main_context_find_source_by_id(NULL, once)) g_source_remove(once);
    write_health(gateway, FALSE);
    return gateway->end;
}

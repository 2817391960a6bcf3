#include "sms/responder.h"

#include "charset/segment.h"
#include "db/sms_inbox.h"
#include "db/sms_outbox.h"

#define HOUR_S       3600
#define DAY_S        86400
#define CLOCK_SKEW_S 120

static void state_from(DialogueState *state, const SmsContact *contact)
{
    state->is_stopped = contact->is_stopped;
    state->choices = g_strdup(contact->choices);
    state->question = g_strdup(contact->question);
    state->more = g_strdup(contact->more);
    state->topic = g_strdup(contact->topic);
    state->at_s = contact->at_s;
}

static gboolean save_state(const Responder *responder, const char *contact,
                           const DialogueState *state, GError **error)
{
    SmsContact row = { state->is_stopped, state->choices, state->question,
                       state->more,       state->topic,   state->at_s };
    return sms_contact_save(responder->store, contact, &row, error);
}

/* SAFETY #23: so many answers to a number in an hour and a day, so many messages in all. A clock
 * that was set back must not shut anybody out, hence the upper bound. */
static gboolean is_within_budget(const Responder *responder, const char *contact, const char *text,
                                 gint64 now, gboolean *is_within, GError **error)
{
    guint hour = 0, day = 0, total = 0;
    g_auto(GStrv) parts = segment_text(text);
    guint limit = responder->settings->limit_total;

    if (!sms_inbox_count_answered(responder->store, contact, now - HOUR_S, now + CLOCK_SKEW_S,
                                  &hour, error) ||
        !sms_inbox_count_answered(responder->store, contact, now - DAY_S, now + CLOCK_SKEW_S, &day,
                                  error) ||
        !sms_outbox_count(responder->store, now - DAY_S, limit + 1, &total, error))
        return FALSE;
    *is_within = hour < responder->settings->limit_per_hour &&
                 day < responder->settings->limit_per_day && total + g_strv_length(parts) <= limit;
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

static gboolean say(const Responder *responder, const Question *question, const char *contact,
                    const DialogueReply *reply, gint64 now_s, GError **error)
{
    gboolean is_within = FALSE;
    g_autofree char *text = question->is_partial ? partial_text(reply) : g_strdup(reply->text);
    const char *state = "silent";

    if (text) {
        if (!is_within_budget(responder, contact, text, now_s, &is_within, error)) return FALSE;
        state = is_within ? "answered" : "limited";
    }
    if (is_within && !sms_outbox_add(responder->store, question->id, question->modem,
                                     question->sender, text, now_s, error))
        return FALSE;
    return sms_inbox_settle(responder->store, question->id, state, question->text, reply->code,
                            error);
}

gboolean responder_answer(const Responder *responder, const Question *question, gint64 now_s,
                          GError **error)
{
    SmsContact row = { 0 };
    DialogueState state = { 0 };

    if (!dialogue_may_answer(question->sender))
        return sms_inbox_settle(responder->store, question->id, "ignored", NULL, NULL, error);
    g_autofree char *contact = sms_contact_of(question->sender);
    if (!sms_contact_load(responder->store, contact, &row, error)) return FALSE;
    state_from(&state, &row);
    sms_contact_clear(&row);
    g_autoptr(DialogueReply) reply =
        dialogue_reply(responder->dialogue, question->text, now_s, &state);
    gboolean is_ok = save_state(responder, contact, &state, error) &&
                     (!reply->note || sms_note_add(responder->store, now_s, question->sender,
                                                   reply->note, error)) &&
                     say(responder, question, contact, reply, now_s, error);
    dialogue_state_clear(&state);
    return is_ok;
}

#include "sms/responder.h"

#include "charset/segment.h"
#include "db/sms_inbox.h"
#include "db/sms_outbox.h"

#define HOUR_S        3600
#define DAY_S         86400
#define CLOCK_SKEW_S  120
#define URGENT_FACTOR 3 /* who is in danger may ask so much more often */

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
                                 guint factor, gint64 now, gboolean *is_within, GError **error)
{
    guint hour = 0, day = 0, total = 0;
    g_auto(GStrv) parts = segment_text(text);
    guint limit = responder->settings->limit_total;

    if (!sms_inbox_count_answered(responder->store, contact, now - HOUR_S, now + CLOCK_SKEW_S,
                                  &hour, error) ||
        !sms_inbox_count_answered(responder->store, contact, now - DAY_S, now + CLOCK_SKEW_S, &day,
                                  error) ||
        !sms_outbox_count(responder->store, now - DAY_S, now + CLOCK_SKEW_S, &total, error))
        return FALSE;
    *is_within = hour < factor * responder->settings->limit_per_hour &&
                 day < factor * responder->settings->limit_per_day &&
                 total + g_strv_length(parts) <= limit;
    return TRUE;
}

/* What is said when parts of a long message never came. */
static char *partial_text(const DialogueReply *reply)
{
    if (!reply->text) return NULL; /* a stopped number, a robot */
    if (reply->kind == DIALOGUE_NONE)
        return g_strdup("您的短信没有收全，请再发一次，写短一点；也可以打12345。");
    char *text = g_strconcat("您的短信没有收全，先按收到的回答。", reply->text, NULL);
    if (g_utf8_strlen(text, -1) <= DIALOGUE_TEXT_MAX) return text;
    g_free(text);
    return g_strdup(reply->text);
}

/* What the number may refer to next is what it was told last: of an answer that is not sent nothing
 * is kept, but that it wants no more of them, or wants them again. */
static gboolean keep(const Responder *responder, const char *contact, const DialogueState *before,
                     const DialogueState *after, gboolean is_sent, GError **error)
{
    if (!is_sent && before->is_stopped == after->is_stopped) return TRUE;
    return save_state(responder, contact, after, error);
}

static gboolean say(const Responder *responder, const Question *question, const char *contact,
                    const DialogueReply *reply, gint64 now_s, gboolean *is_sent, GError **error)
{
    g_autofree char *text = question->is_partial ? partial_text(reply) : g_strdup(reply->text);
    const char *state = "silent";

    *is_sent = FALSE;
    if (text) {
        guint factor = reply->is_urgent ? URGENT_FACTOR : 1;
        if (!is_within_budget(responder, contact, text, factor, now_s, is_sent, error))
            return FALSE;
        state = *is_sent ? "answered" : "limited";
    }
    if (*is_sent && !sms_outbox_add(responder->store, question->id, question->modem,
                                    question->sender, text, now_s, error))
        return FALSE;
    return sms_inbox_settle(responder->store, question->id, state, question->text, reply->code,
                            error);
}

static gboolean reply_to(const Responder *responder, const Question *question, const char *contact,
                         const DialogueState *before, gint64 now_s, GError **error)
{
    DialogueState after = dialogue_state_copy(before);
    gboolean is_sent = FALSE;
    g_autoptr(DialogueReply) reply =
        dialogue_reply(responder->dialogue, question->text, now_s, &after);
    gboolean is_ok = (!reply->note || sms_note_add(responder->store, now_s, question->sender,
                                                   reply->note, error)) &&
                     say(responder, question, contact, reply, now_s, &is_sent, error) &&
                     keep(responder, contact, before, &after, is_sent, error);
    dialogue_state_clear(&after);
    return is_ok;
}

gboolean responder_answer(const Responder *responder, const Question *question, gint64 now_s,
                          GError **error)
{
    SmsContact row = { 0 };
    gboolean is_echo = FALSE;

    g_autofree char *contact = sms_contact_of(question->sender);
    if (!sms_outbox_has_said(responder->store, contact, question->text, now_s - DAY_S, &is_echo,
                             error))
        return FALSE;
    if (is_echo || !dialogue_may_answer(question->sender))
        return sms_inbox_settle(responder->store, question->id, "ignored", NULL, NULL, error);
    if (!sms_contact_load(responder->store, contact, &row, error)) return FALSE;
    /* the row's strings, borrowed */
    const DialogueState before = { row.is_stopped, row.choices, row.question,
                                   row.more,       row.topic,   row.at_s };
    gboolean is_ok = reply_to(responder, question, contact, &before, now_s, error);
    sms_contact_clear(&row);
    return is_ok;
}

#include "sms/intake.h"

#include "charset/mask.h"
#include "db/disk.h"
#include "db/sms_inbox.h"
#include "db/sms_outbox.h"

#include <string.h>

#define TIMELESS_S 3600

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
static gboolean assemble(const Responder *responder, gint64 id, const char *sender,
                         const char *modem, guint total, gint64 now_s, GError **error)
{
    gint64 head = 0;
    if (!sms_inbox_late_head(responder->store, id, &head, error)) return FALSE;
    if (head > 0 && head != id) /* what it belongs to has been answered */
        return sms_inbox_join_late(responder->store, id, head, error);
    g_autoptr(GPtrArray) parts = sms_inbox_parts(responder->store, id, error);

    if (!parts) return FALSE;
    if (total > 0 && parts->len < total) return TRUE;
    g_autofree char *text = parts_text(parts);
    Question question = { id, text, sender, modem, total == 0 };
    return sms_inbox_join(responder->store, id, error) &&
           responder_answer(responder, &question, now_s, error);
}

/* NULL if it is not in the settings any more: then any other may answer. */
static const char *modem_if_there(const Responder *responder, const char *modem)
{
    const GPtrArray *modems = responder->settings->modems;
    for (guint i = 0; i < modems->len; i++)
        if (g_strcmp0(((const SettingsModem *)modems->pdata[i])->name, modem) == 0) return modem;
    return NULL;
}

static gboolean answer_overdue(const Responder *responder, gint64 now_s, gboolean *is_more,
                               GError **error)
{
    gint64 id = 0;
    g_autofree char *sender = NULL, *modem = NULL;
    *is_more = FALSE;
    if (!sms_inbox_overdue(responder->store, now_s - INTAKE_PART_WAIT_S, now_s + INTAKE_PART_WAIT_S,
                           &id, &sender, &modem, error))
        return FALSE;
    *is_more = id != 0;
    return id == 0 ||
           assemble(responder, id, sender, modem_if_there(responder, modem), 0, now_s, error);
}

/* ---- what a modem has read ---- */

/* The same message again, whichever the store or the modem: same sender, same time at the centre,
 * same part, same content. Where the centre names no time, the same within the hour: a person may
 * ask again tomorrow. What cannot be read is the same for ever. */
static void key_of(const ModemMessage *message, gint64 now_s, char key[33])
{
    gint64 scts_s = message->is_pdu ? message->tpdu.tp_scts.unix_s : message->scts_s;
    gint64 hour = message->is_readable ? now_s / TIMELESS_S : 0;
    gint64 time_s = scts_s ? scts_s : hour;
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
        for (guint i = 0; i < tpdu->ud_count; i++)
            g_byte_array_append(
                octets, i < TPDU_UD_MAX ? &tpdu->ud[i] : &tpdu->ud_extra[i - TPDU_UD_MAX], 1);
    } else {
        g_byte_array_append(octets, (const guint8 *)message->raw, (guint)strlen(message->raw));
    }
    g_byte_array_append(octets, (const guint8 *)&time_s, sizeof time_s);
    disk_short_digest(octets->data, octets->len, key);
}

static gboolean add_to_inbox(const Responder *responder, const char *modem, ModemMessage *message,
                             gint64 now_s, gint64 *id, GError **error)
{
    char key[33];
    key_of(message, now_s, key);
    const Tpdu *tpdu = &message->tpdu;
    SmsInbound row = { .key = key,
                       .received_s = now_s,
                       .modem = modem,
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
    if (!sms_inbox_add(responder->store, &row, id, error)) return FALSE;
    message->is_repeat = *id == 0;
    return TRUE;
}

/* A machine's: a notice of an MMS or a voice mail, data for a program, a silent message, our own
 * that somebody had saved on the SIM. */
static gboolean is_for_nobody(const Tpdu *tpdu)
{
    guint group = tpdu->tp_dcs >> 4; /* 0xc to 0xe: a voice mail is waiting, TS 23.038 §4 */
    return tpdu->kind != TPDU_DELIVER || tpdu->is_type0 || tpdu->is_compressed ||
           tpdu->udh.has_port || tpdu->alphabet == TPDU_8BIT || (group >= 0xc && group <= 0xe);
}

static gboolean take_message(const Responder *responder, const char *modem,
                             const ModemMessage *message, gint64 id, gint64 now_s, GError **error)
{
    const Tpdu *tpdu = &message->tpdu, *const parts[] = { tpdu };

    if (!message->is_readable)
        return sms_inbox_settle(responder->store, id, "unreadable", NULL, NULL, error);
    if (message->is_pdu && is_for_nobody(tpdu))
        return sms_inbox_settle(responder->store, id, "ignored", NULL, NULL, error);
    if (message->is_pdu && tpdu->udh.total > 1)
        return assemble(responder, id, tpdu->address.text, modem, tpdu->udh.total, now_s, error);
    g_autofree char *text = message->is_pdu ? tpdu_text(parts, 1) : g_strdup(message->text);
    Question question = { id, text, message->is_pdu ? tpdu->address.text : message->sender, modem,
                          FALSE };
    return responder_answer(responder, &question, now_s, error);
}

/* One that settles nothing is a repeat, or about what we do not know. */
static gboolean take_report(const Responder *responder, const char *modem, ModemMessage *message,
                            gint64 now_s, GError **error)
{
    const Tpdu *tpdu = &message->tpdu;
    gboolean is_final = FALSE, is_delivered = tpdu_is_delivered(tpdu->tp_st, &is_final);
    gint64 id = 0;
    if (is_final && !sms_outbox_report(responder->store, modem, tpdu->address.text, tpdu->tp_mr,
                                       is_delivered, now_s, &id, error))
        return FALSE;
    message->is_repeat = id == 0;
    return TRUE;
}

static gboolean take_one(const Responder *responder, const char *modem, ModemMessage *message,
                         gint64 now_s, GError **error)
{
    gint64 id = 0;
    if (message->is_pdu && message->is_readable && message->tpdu.kind == TPDU_STATUS_REPORT)
        return take_report(responder, modem, message, now_s, error);
    if (!add_to_inbox(responder, modem, message, now_s, &id, error)) return FALSE;
    return id == 0 || take_message(responder, modem, message, id, now_s, error);
}

static gboolean take_all(const Responder *responder, const char *modem, GPtrArray *messages,
                         gint64 now_s, GError **error)
{
    SmsStore *store = responder->store;
    if (!sms_store_begin(store, error)) return FALSE;
    for (guint i = 0; i < messages->len; i++)
        if (!take_one(responder, modem, messages->pdata[i], now_s, error)) {
            sms_store_rollback(store);
            return FALSE;
        }
    return sms_store_commit(store, error);
}

static void log_received(const char *modem, GPtrArray *messages)
{
    for (guint i = 0; i < messages->len; i++) {
        const ModemMessage *message = messages->pdata[i];
        const char *sender = message->is_pdu ? message->tpdu.address.text : message->sender;
        g_autofree char *masked = mask_phone(sender ? sender : "");
        if (!message->is_readable && !message->is_repeat)
            g_message("短信猫 %s：收到一条读不懂的短信，已存下", modem);
        else
            g_debug("短信猫 %s：收到 %s%s", modem, masked, message->is_repeat ? "（重复）" : "");
    }
}

gboolean intake_take(const Responder *responder, const char *modem, GPtrArray *messages,
                     gint64 now_s, GError **error)
{
    if (!take_all(responder, modem, messages, now_s, error)) return FALSE;
    log_received(modem, messages);
    return TRUE;
}

gboolean intake_take_overdue(const Responder *responder, gint64 now_s, gboolean *is_more,
                             GError **error)
{
    if (!sms_store_begin(responder->store, error)) return FALSE;
    if (answer_overdue(responder, now_s, is_more, error))
        return sms_store_commit(responder->store, error);
    sms_store_rollback(responder->store);
    return FALSE;
}

/* Handing over a message and what becomes of it: AT+CMGS, TS 27.005 §3.5.1 and §4.3. */
#include "charset/convert.h"
#include "sms/modem_private.h"

#include <string.h>

#define CMS_DUPLICATE 197 /* TS 23.040 §9.2.3.22: 0xC5 */

static GBytes *pdu_body(const TpduSubmit *submit, char **command, GError **error)
{
    guint len = 0;
    g_autofree char *hex = tpdu_submit_hex(submit, &len, error);
    if (!hex) return NULL;
    *command = g_strdup_printf("AT+CMGS=%u", len);
    char *body = g_strconcat(hex, "\x1a", NULL);
    return g_bytes_new_take(body, strlen(body));
}

char *modem_hex_of(const char *text)
{
    gsize len = 0;
    g_autofree char *octets =
        convert_text(CHARSET_UTF8, CHARSET_UTF16BE, text, strlen(text), &len, NULL, NULL);
    GString *hex = g_string_new(NULL);
    for (gsize i = 0; octets && i < len; i++)
        g_string_append_printf(hex, "%02X", (guint8)octets[i]);
    return g_string_free(hex, FALSE);
}

static char *utf8_to_gbk(const char *text)
{
    g_autoptr(GString) octets = g_string_new(NULL);
    /* a character that GBK lacks becomes '?': the message must go out */
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gsize len = 0;
        g_autofree char *one = convert_text(CHARSET_UTF8, CHARSET_GBK, p,
                                            (gsize)(g_utf8_next_char(p) - p), &len, NULL, NULL);
        if (one)
            g_string_append_len(octets, one, (gssize)len);
        else
            g_string_append_c(octets, '?');
    }
    return g_string_free(g_steal_pointer(&octets), FALSE);
}

/* In text mode a part is a message by itself: the modem makes the header. */
static GBytes *text_body(const Modem *modem, const TpduSubmit *submit, char **command)
{
    g_autofree char *text = modem->is_raw ? utf8_to_gbk(submit->text) : modem_hex_of(submit->text);
    g_autofree char *number =
        modem->is_raw ? g_strdup(submit->number) : modem_hex_of(submit->number);
    *command = g_strdup_printf("AT+CMGS=\"%s\"", number);
    char *body = g_strconcat(text, "\x1a", NULL);
    return g_bytes_new_take(body, strlen(body));
}

static void tell_result(Modem *modem, ModemOutcome outcome, gint mr, gint code)
{
    ModemResult result = { outcome, mr, code };
    modem->is_sending = FALSE;
    if (outcome == MODEM_SENT) modem->health.sent_s = g_get_real_time() / G_USEC_PER_SEC;
    modem->events.result(&result, modem->data);
}

static gint reference_of(const AtReply *reply)
{
    for (guint i = 0; i < reply->lines->len; i++) {
        g_autoptr(GPtrArray) values = at_reply_values(reply->lines->pdata[i], "+CMGS:");
        gint mr = at_reply_number(values, 0, -1);
        if (mr >= 0 && mr <= 255) return mr;
    }
    return -1;
}

static void tell_reply(Modem *modem, const AtReply *reply)
{
    gint code = reply->outcome == AT_CMS_ERROR ? reply->code : AT_CODE_NONE;
    switch (reply->outcome) {
    case AT_OK:
        tell_result(modem, MODEM_SENT, reference_of(reply), AT_CODE_NONE);
        break;
    case AT_ERROR:
    case AT_CMS_ERROR:
    case AT_CME_ERROR:
        /* a duplicate: the first copy is there */
        tell_result(modem, code == CMS_DUPLICATE ? MODEM_SENT : MODEM_REFUSED, -1, code);
        break;
    case AT_DOUBTFUL:
        tell_result(modem, MODEM_DOUBTFUL, -1, AT_CODE_NONE);
        break;
    case AT_TIMEOUT:
    case AT_NO_PROMPT:
    case AT_CANCELLED:
        tell_result(modem, MODEM_NOT_SENT, -1, AT_CODE_NONE);
        break;
    }
}

static void on_submitted(const AtReply *reply, gpointer data)
{
    Modem *modem = data;
    gboolean was_ready = modem->state == MODEM_READY;

    tell_reply(modem, reply);
    if (!was_ready) return; /* the modem started anew, or is gone */
    if (reply->outcome == AT_DOUBTFUL || reply->outcome == AT_NO_PROMPT || reply->was_probed)
        modem_resync(modem);
    else if (modem_reply_is_sound(modem, reply))
        modem_go(modem);
}

/* What AT+CMGS gets; NULL if the number is none. */
static char *submit_command(Modem *modem, const TpduSubmit *submit, GBytes **body)
{
    g_autoptr(GError) error = NULL;
    char *command = NULL;

    *body =
        modem->is_text ? text_body(modem, submit, &command) : pdu_body(submit, &command, &error);
    if (error) g_message("短信猫 %s：%s", modem->settings->name, error->message);
    return command;
}

gboolean modem_send_go(Modem *modem)
{
    TpduSubmit submit = { 0 };
    GBytes *body = NULL;

    if (!modem->events.next(&submit, modem->data)) return FALSE;
    modem->is_sending = TRUE;
    char *command = submit_command(modem, &submit, &body);
    if (command) {
        at_chat_submit(modem->chat, command, body, on_submitted, modem);
        g_bytes_unref(body);
        g_free(command);
        return TRUE;
    }
    tell_result(modem, MODEM_REFUSED, -1, 304);
    modem_set_due(modem, DUE_FOLLOW, 1);
    return TRUE;
}

/* Signal, network, stores: asked every minute, and heard when the modem tells. */
#include "sms/modem_private.h"

#include <string.h>

#define HEALTH_EVERY_MS 60000
#define SEARCHING_MS    10000

void modem_take_signal(Modem *modem, const char *line)
{
    g_autoptr(GPtrArray) values = at_reply_values(line, "+CSQ:");
    if (values->len == 0) return;
    modem->health.signal = at_reply_number(values, 0, 99);
    modem_changed(modem);
}

/* "+CREG: 1" is told, "+CREG: 0,1" a reply; behind them may stand a cell's name. GSM or LTE, either
 * will do. */
void modem_take_registration(Modem *modem, const char *line, gboolean is_reply)
{
    gboolean is_lte = g_ascii_strncasecmp(line, "+CEREG:", 7) == 0;
    g_autoptr(GPtrArray) values = at_reply_values(line, is_lte ? "+CEREG:" : "+CREG:");
    gboolean is_second = is_reply && values->len >= 2;
    gint status = at_reply_number(values, is_second ? 1 : 0, -1);
    gint before = modem->health.registration;

    if (status < 0) return;
    modem->registrations[is_lte] = status;
    modem->has_lte |= is_lte;
    gint gsm = modem->registrations[0], lte = modem->registrations[1];
    modem->health.registration = gsm < 0 || sms_modem_is_registered(lte) ? lte : gsm;
    if (modem->health.registration == before) return;
    modem_set_alarm(modem, SMS_ALARM_NETWORK, !sms_modem_is_registered(modem->health.registration));
    modem_changed(modem);
}

static void take_operator(Modem *modem, const char *line)
{
    g_autoptr(GPtrArray) values = at_reply_values(line, "+COPS:");
    const char *name = at_reply_text(values, 2);
    if (*name && g_utf8_validate(name, -1, NULL))
        modem_set_text(modem, &modem->health.operator_name, name);
}

/* A store that fills without a word: the modem has stopped telling. */
static void take_stores(Modem *modem, const char *line)
{
    g_autoptr(GPtrArray) values = at_reply_values(line, "+CPMS:");
    gint used = at_reply_number(values, 1, -1), total = at_reply_number(values, 2, -1);
    if (used < 0 || total < 0) return;
    modem->health.store_used = (guint)used;
    modem->health.store_total = (guint)total;
    if (used > 0) modem_store_sweep(modem, FALSE);
}

/* A centre that was missing may have come with the network. */
void modem_take_centre(Modem *modem, const char *line)
{
    g_autoptr(GPtrArray) values = at_reply_values(line, "+CSCA:");
    if (values->len == 0) return;
    modem->has_smsc = strlen(at_reply_text(values, 0)) >= 3;
    if (modem->is_set_up) modem_set_alarm(modem, SMS_ALARM_SMSC, !modem->has_smsc);
}

static const struct {
    const char *command, *prefix;
} polls[] = {
    { "AT+CSQ", "+CSQ:" },    { "AT+CREG?", "+CREG:" }, { "AT+CEREG?", "+CEREG:" },
    { "AT+COPS?", "+COPS:" }, { "AT+CPMS?", "+CPMS:" }, { "AT+CSCA?", "+CSCA:" },
};

static void on_reply(const AtReply *reply, gpointer data)
{
    Modem *modem = data;
    if (!modem_reply_is_sound(modem, reply)) return;
    for (guint i = 0; i < reply->lines->len; i++) {
        const char *line = reply->lines->pdata[i];
        modem_take_signal(modem, line);
        modem_take_registration(modem, line, TRUE);
        take_operator(modem, line);
        take_stores(modem, line);
        modem_take_centre(modem, line);
    }
    modem_go(modem);
}

static gboolean is_wanted(const Modem *modem, guint step)
{
    const char *prefix = polls[step].prefix;
    if (strcmp(prefix, "+CEREG:") == 0) return modem->has_lte;
    if (strcmp(prefix, "+CPMS:") == 0) return modem->has_memories;
    return strcmp(prefix, "+CSCA:") != 0 || !modem->has_smsc;
}

gboolean modem_health_go(Modem *modem)
{
    while (modem->health_step < G_N_ELEMENTS(polls) && !is_wanted(modem, modem->health_step))
        modem->health_step++;
    if (modem->health_step >= G_N_ELEMENTS(polls)) {
        modem->health_step = 0;
        gboolean is_fine = sms_modem_is_registered(modem->health.registration) && modem->has_smsc;
        modem_set_due(modem, DUE_HEALTH, is_fine ? HEALTH_EVERY_MS : SEARCHING_MS);
        modem_changed(modem);
        return FALSE;
    }
    guint step = modem->health_step++;
    at_chat_send(modem->chat, polls[step].command, polls[step].prefix, 5000, on_reply, modem);
    return TRUE;
}

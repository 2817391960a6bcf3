#include "sms/modem.h"

#include "sms/modem_private.h"
#include "sms/port_list.h"
#include "sms/urc.h"

#include <string.h>

#define OPEN_AGAIN_MS   400
#define SETTLE_MS       300 /* after opening, and after a reboot's first word */
#define PROBE_MS        1000
#define DRAIN_MS        250
#define SILENT_S        30 /* then it is an alarm, and the port is opened anew */
#define RESET_AFTER_S   90
#define RESET_EVERY_S   300
#define BOOT_REPEAT_S   30 /* of a word that some repeat for ever */
#define BOOT_WORDS_S    2  /* the words of one start */
#define FORGET_S        60 /* after so long any modem will do, not only the one that went */
#define POWER_S         3600
#define ALL_MEMORIES    3 /* each so many sweeps the other stores are read too */
#define FIRST_HEALTH_MS 2000

/* ---- small things ---- */

static gboolean on_timer(gpointer data);

/* What is due in another state must wait for it. */
static gboolean is_of_state(ModemState state, Due due)
{
    switch (state) {
    case MODEM_CLOSED:
        return due == DUE_OPEN;
    case MODEM_SETTING_UP:
    case MODEM_RESYNC:
    case MODEM_DRAINING:
        return due == DUE_STEP;
    case MODEM_READY:
        return due != DUE_OPEN && due != DUE_STEP;
    }
    return TRUE;
}

static void plan(Modem *modem)
{
    gint64 next = G_MAXINT64, now = g_get_monotonic_time();
    for (guint i = 0; i < DUE_COUNT; i++)
        if (modem->due_us[i] && is_of_state(modem->state, i)) next = MIN(next, modem->due_us[i]);
    if (modem->timer) g_source_remove(modem->timer);
    modem->timer = 0;
    if (next == G_MAXINT64) return;
    guint ms = next > now ? (guint)((next - now) / 1000 + 1) : 0;
    modem->timer = g_timeout_add(ms, on_timer, modem);
}

void modem_set_due(Modem *modem, Due due, gint64 ms)
{
    modem->due_us[due] = g_get_monotonic_time() + ms * 1000;
    plan(modem);
}

static gboolean take_due(Modem *modem, Due due)
{
    if (!modem->due_us[due] || modem->due_us[due] > g_get_monotonic_time()) return FALSE;
    modem->due_us[due] = 0;
    return TRUE;
}

void modem_changed(Modem *modem)
{
    modem->events.changed(modem->data);
}

void modem_set_text(Modem *modem, char **field, const char *text)
{
    if (g_strcmp0(*field, text) == 0) return;
    g_free(*field);
    *field = g_strdup(text);
    modem_changed(modem);
}

void modem_set_alarm(Modem *modem, SmsAlarm alarm, gboolean is_on)
{
    guint before = modem->health.alarms;
    modem->health.alarms = is_on ? before | alarm : before & ~(guint)alarm;
    if (modem->health.alarms == before) return;
    if (is_on)
        g_warning("短信猫 %s：%s", modem->settings->name, sms_alarm_text(alarm));
    else
        g_message("短信猫 %s：恢复正常（%s）", modem->settings->name, sms_alarm_name(alarm));
    modem_changed(modem);
}

/* ---- back into step ---- */

static void on_probe(const AtReply *reply, gpointer data);

static void reopen(Modem *modem)
{
    g_clear_pointer(&modem->chat, at_chat_free);
    modem->state = MODEM_CLOSED;
    modem_set_due(modem, DUE_OPEN, OPEN_AGAIN_MS);
}

void modem_next_port(Modem *modem)
{
    modem->port_turn++;
    reopen(modem);
}

static void try_reset(Modem *modem, gint64 now)
{
    if (now - modem->silent_since_us < RESET_AFTER_S * G_USEC_PER_SEC ||
        (modem->reset_us && now - modem->reset_us < RESET_EVERY_S * G_USEC_PER_SEC))
        return;
    modem->reset_us = now;
    g_message("短信猫 %s：一直没有反应，让它重新启动", modem->settings->name);
    at_chat_nudge(modem->chat, "AT+CFUN=1,1\r");
}

static void probe(Modem *modem)
{
    gint64 now = g_get_monotonic_time();
    if (!modem->silent_since_us) modem->silent_since_us = now;
    if (now - modem->silent_since_us > SILENT_S * G_USEC_PER_SEC) {
        modem_set_alarm(modem, SMS_ALARM_SILENT, TRUE);
        modem->health.state = SMS_MODEM_SILENT;
        try_reset(modem, now);
        if (now - modem->opened_us > SILENT_S * G_USEC_PER_SEC) {
            reopen(modem);
            return;
        }
    }
    at_chat_nudge(modem->chat, "\x1b\r");
    at_chat_send(modem->chat, "AT+CMGF?", "+CMGF:", PROBE_MS, on_probe, modem);
}

static void on_probe(const AtReply *reply, gpointer data)
{
    Modem *modem = data;
    gboolean is_answer = reply->outcome == AT_OK && reply->lines->len > 0;

    if (reply->outcome == AT_CANCELLED) return;
    if (!is_answer && reply->outcome != AT_ERROR && reply->outcome != AT_CME_ERROR) {
        modem_set_due(modem, DUE_STEP, reply->outcome == AT_TIMEOUT ? 1 : 200);
        return;
    }
    g_autoptr(GPtrArray) values =
        at_reply_values(is_answer ? reply->lines->pdata[0] : "", "+CMGF:");
    gint mode = at_reply_number(values, 0, -1);
    modem->silent_since_us = 0;
    if (mode != (modem->is_text ? 1 : 0) || (reply->had_echo && modem->has_echo_off) ||
        !modem->is_set_up)
        modem->is_setup_again = TRUE;
    modem->state = MODEM_DRAINING;
    modem_set_due(modem, DUE_STEP, DRAIN_MS);
}

void modem_resync(Modem *modem)
{
    if (!modem->chat) return;
    at_chat_cancel(modem->chat);
    if (modem->state == MODEM_RESYNC) return;
    modem->health.resyncs++;
    modem->state = MODEM_RESYNC;
    modem_store_reset(modem);
    modem_set_due(modem, DUE_STEP, 1);
}

static void go_ready(Modem *modem)
{
    modem->state = MODEM_READY;
    modem->health.state = SMS_MODEM_READY;
    modem->silent_since_us = 0;
    modem_set_alarm(modem, SMS_ALARM_SILENT, FALSE);
    modem_store_sweep(modem, TRUE);
    modem_changed(modem);
    modem_go(modem);
}

static void drained(Modem *modem)
{
    if (at_chat_quiet_us(modem->chat) < DRAIN_MS * 1000)
        modem_set_due(modem, DUE_STEP, DRAIN_MS);
    else if (modem->is_setup_again)
        modem_setup_start(modem);
    else
        go_ready(modem);
}

void modem_is_set_up(Modem *modem)
{
    modem->is_set_up = TRUE;
    modem->set_up_us = g_get_monotonic_time();
    g_free(modem->identity);
    modem->identity = g_strdup(modem->open_identity);
    modem->good_baud = port_search_speeds[modem->baud_try];
    modem->port_turn = modem->setups_failed = 0;
    modem_set_alarm(modem, SMS_ALARM_SMSC, !modem->has_smsc);
    modem_set_alarm(modem, SMS_ALARM_MODE, FALSE);
    g_message("短信猫 %s：准备好了（%s，%s）", modem->settings->name,
              modem->health.model ? modem->health.model : "?",
              !modem->is_text ? "PDU"
              : modem->is_raw ? "GBK 文本"
                              : "UCS2 文本");
    modem_set_due(modem, DUE_HEALTH, FIRST_HEALTH_MS);
    go_ready(modem);
}

gboolean modem_reply_is_sound(Modem *modem, const AtReply *reply)
{
    if (reply->outcome == AT_CANCELLED) return FALSE;
    if (reply->outcome == AT_TIMEOUT) {
        modem_resync(modem);
        return FALSE;
    }
    if (reply->had_echo && modem->has_echo_off) modem->is_setup_again = TRUE;
    return TRUE;
}

/* ---- what it says unasked ---- */

static void note_power(Modem *modem, gint64 now)
{
    memmove(modem->boots_us, modem->boots_us + 1, sizeof modem->boots_us - sizeof(gint64));
    modem->boots_us[G_N_ELEMENTS(modem->boots_us) - 1] = now;
    modem_set_alarm(modem, SMS_ALARM_POWER,
                    modem->boots_us[0] &&
                        now - modem->boots_us[0] < (gint64)POWER_S * G_USEC_PER_SEC);
}

/* Some modems chatter ^BOOT for ever, and a start has several words: within a while of the one
 * before it is the same start. That such a chatterer has started is told by its echo. */
static gboolean is_same_start(Modem *modem, const char *line, gint64 now)
{
    gboolean is_chatter = g_ascii_strncasecmp(line, "^BOOT", 5) == 0;
    gint64 before = modem->boot_us, while_s = is_chatter ? BOOT_REPEAT_S : BOOT_WORDS_S;
    modem->boot_us = now;
    return before && now - before < while_s * G_USEC_PER_SEC;
}

static void take_boot(Modem *modem, const char *line)
{
    gint64 now = g_get_monotonic_time();
    if (is_same_start(modem, line, now)) return;
    if (modem->set_up_us) {
        modem->health.reboots++;
        note_power(modem, now);
        g_message("短信猫 %s：自己重新启动了", modem->settings->name);
    }
    modem->events.rebooted(modem->data);
    modem->is_setup_again = TRUE;
    modem->state = MODEM_DRAINING; /* before the cancelled command asks for more */
    at_chat_cancel(modem->chat);
    modem->state = MODEM_DRAINING;
    modem_store_reset(modem);
    modem_set_due(modem, DUE_STEP, SETTLE_MS);
}

static void take_ready(Modem *modem)
{
    if (modem->state != MODEM_READY) return;
    modem_store_sweep(modem, TRUE);
    /* the word of a start that went unheard */
    if (g_get_monotonic_time() - modem->set_up_us > BOOT_REPEAT_S * G_USEC_PER_SEC)
        modem->is_setup_again = TRUE;
    modem_go(modem);
}

static void take_late_result(Modem *modem, const char *line)
{
    g_autoptr(GPtrArray) values = at_reply_values(line, "+CMGS:");
    gint mr = at_reply_number(values, 0, -1);
    if (mr >= 0 && mr <= 255) modem->events.late_result((guint)mr, modem->data);
}

static void on_urc(const char *line, const char *body, gpointer data)
{
    Modem *modem = data;

    switch (urc_kind(line)) {
    case URC_MESSAGE:
    case URC_REPORT:
        modem_store_announce(modem, line);
        break;
    case URC_DIRECT:
        if (body) modem_store_direct(modem, line, body);
        break;
    case URC_REGISTRATION:
        modem_take_registration(modem, line, FALSE);
        break;
    case URC_FULL:
        modem_store_sweep(modem, TRUE);
        break;
    case URC_BOOT:
        take_boot(modem, line);
        return;
    case URC_SIM:
        if (modem->state == MODEM_READY && !strstr(line, "READY")) modem->is_setup_again = TRUE;
        take_ready(modem);
        return;
    case URC_READY:
        take_ready(modem);
        return;
    case URC_CALL:
    case URC_CHATTER:
        return;
    case URC_NONE:
        if (g_ascii_strncasecmp(line, "+CMGS:", 6) == 0) take_late_result(modem, line);
        return;
    }
    modem_go(modem);
}

/* ---- the port ---- */

void modem_lost(Modem *modem, const char *why)
{
    g_message("短信猫 %s：%s", modem->settings->name, why);
    g_clear_pointer(&modem->chat, at_chat_free);
    modem->state = MODEM_CLOSED;
    modem->health.state = SMS_MODEM_ABSENT;
    modem->set_up_us = modem->silent_since_us = modem->boot_us = 0;
    modem->closed_us = g_get_monotonic_time();
    modem->memory[0] = '\0';
    modem_store_reset(modem);
    memset(modem->due_us, 0, sizeof modem->due_us);
    modem_set_due(modem, DUE_OPEN, OPEN_AGAIN_MS);
    modem_changed(modem);
}

static void on_gone(const char *why, gpointer data)
{
    modem_lost(data, why);
}

/* Octets of messages and numbers stay out of the log; what is left is for `--verbose`. */
static void on_trace(gboolean is_sent, const char *line, gpointer data)
{
    Modem *modem = data;
    gboolean is_code = is_sent || strchr("+^*", *line);
    AtOutcome outcome;
    gint code;
    const char *end = is_code ? line + strcspn(line, "=:\"") : line; /* else it may be a message */
    if (!is_sent && at_reply_final(line, &outcome, &code)) end = line + strlen(line);
    g_debug("modem %s %s %.*s%s", modem->settings->name, is_sent ? ">" : "<", (int)(end - line),
            line, *end ? "…" : "");
}

static guint first_speed(Modem *modem)
{
    modem->baud_try = 0;
    if (modem->settings->baud) return modem->settings->baud;
    for (guint i = 0; modem->good_baud && port_search_speeds[i]; i++)
        if (port_search_speeds[i] == modem->good_baud) modem->baud_try = i;
    return port_search_speeds[modem->baud_try];
}

static Port *open_port(Modem *modem, GError **error)
{
    g_autofree char *path =
        port_list_resolve(modem->settings->port, modem->identity, modem->port_turn, error);
    if (!path) return NULL;
    PortSettings settings = { first_speed(modem), modem->settings->has_rts_cts };
    Port *port = port_open(path, &settings, error);
    if (port) modem_set_text(modem, &modem->health.port, path);
    return port;
}

static void on_open_due(Modem *modem)
{
    static const AtChatEvents chat_events = { on_urc, on_gone, on_trace };
    g_autoptr(GError) error = NULL;
    Port *port = open_port(modem, &error);

    if (!port) {
        if (!(modem->health.alarms & SMS_ALARM_PORT))
            g_warning("短信猫 %s：%s", modem->settings->name, error ? error->message : "?");
        modem_set_alarm(modem, SMS_ALARM_PORT, TRUE);
        modem_set_due(modem, DUE_OPEN, OPEN_AGAIN_MS);
        modem->port_turn++;
        /* another modem may have taken its place */
        if (g_get_monotonic_time() - modem->closed_us > FORGET_S * G_USEC_PER_SEC)
            g_clear_pointer(&modem->identity, g_free);
        return;
    }
    modem_set_alarm(modem, SMS_ALARM_PORT, FALSE);
    g_free(modem->open_identity);
    modem->open_identity = port_list_identity(port_path(port));
    modem->speeds_tried = 0;
    modem->chat = at_chat_new(port, &chat_events, modem);
    modem->opened_us = g_get_monotonic_time();
    modem->health.state = SMS_MODEM_SETUP;
    modem->state = MODEM_DRAINING;
    modem->is_setup_again = TRUE;
    at_chat_nudge(modem->chat, "\x1b\r");
    modem_set_due(modem, DUE_STEP, SETTLE_MS);
}

/* ---- what next ---- */

static void take_dues(Modem *modem)
{
    if (take_due(modem, DUE_FOLLOW)) modem_store_sweep(modem, FALSE);
    if (take_due(modem, DUE_SWEEP)) modem_store_sweep(modem, ++modem->sweeps % ALL_MEMORIES == 0);
}

void modem_go(Modem *modem)
{
    if (modem->state != MODEM_READY || !modem->chat || at_chat_is_busy(modem->chat)) return;
    if (modem->is_setup_again) {
        modem_setup_start(modem);
        return;
    }
    take_dues(modem);
    if (modem_store_go(modem)) return;
    if ((modem->health_step > 0 || take_due(modem, DUE_HEALTH)) && modem_health_go(modem)) return;
    if (modem_send_go(modem)) return;
    plan(modem);
}

static gboolean on_timer(gpointer data)
{
    Modem *modem = data;
    modem->timer = 0;
    if (modem->state == MODEM_CLOSED) {
        if (take_due(modem, DUE_OPEN)) on_open_due(modem);
    } else if (modem->state != MODEM_READY && take_due(modem, DUE_STEP)) {
        if (modem->state == MODEM_DRAINING)
            drained(modem);
        else if (modem->state == MODEM_RESYNC)
            probe(modem);
        else
            modem_setup_go(modem);
    } else {
        modem_go(modem);
    }
    if (!modem->timer && !(modem->chat && at_chat_is_busy(modem->chat))) plan(modem);
    return G_SOURCE_REMOVE;
}

/* ---- life ---- */

Modem *modem_new(const SettingsModem *settings, guint poll_s, const ModemEvents *events,
                 gpointer data)
{
    Modem *modem = g_new0(Modem, 1);
    modem->settings = settings;
    modem->poll_s = poll_s;
    modem->events = *events;
    modem->data = data;
    modem->pending = g_array_new(FALSE, FALSE, sizeof(Slot));
    modem->deletes = g_array_new(FALSE, FALSE, sizeof(Slot));
    modem->repeats = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    modem->bad_reads = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    modem->health.name = g_strdup(settings->name);
    modem->health.signal = 99;
    modem->health.registration = -1;
    modem->registrations[0] = modem->registrations[1] = -1;
    return modem;
}

void modem_free(Modem *modem)
{
    if (!modem) return;
    if (modem->timer) g_source_remove(modem->timer);
    at_chat_free(modem->chat);
    g_array_unref(modem->pending);
    g_array_unref(modem->deletes);
    g_hash_table_unref(modem->repeats);
    g_hash_table_unref(modem->bad_reads);
    g_free(modem->identity);
    g_free(modem->open_identity);
    g_free(modem->health.name);
    g_free(modem->health.port);
    g_free(modem->health.model);
    g_free(modem->health.operator_name);
    g_free(modem);
}

void modem_start(Modem *modem)
{
    modem_set_due(modem, DUE_OPEN, 0);
}

void modem_wake(Modem *modem)
{
    modem_go(modem);
}

const SmsModemHealth *modem_health(const Modem *modem)
{
    return &modem->health;
}

gboolean modem_can_send(const Modem *modem)
{
    return modem->state == MODEM_READY && modem->has_smsc &&
           (modem->health.registration < 0 || sms_modem_is_registered(modem->health.registration));
}

gboolean modem_is_idle(const Modem *modem)
{
    return modem->state == MODEM_READY && !at_chat_is_busy(modem->chat) && !modem->is_sending &&
           !modem_store_wants(modem);
}

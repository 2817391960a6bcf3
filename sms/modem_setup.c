/* The set-up table: each command with its own deadline and tries; the order matters (SMS.md §5a).
 */
#include "sms/modem_private.h"

#include <string.h>

#define PIN_WAIT_MS 3000
#define SEARCHES    3 /* of all speeds, then a resync */
#define SETUPS_MANY 4 /* given up in a row */

typedef enum { GO_ON, AGAIN, GIVE_UP } SetupNext;

typedef struct {
    const char *command; /* NULL: `build` */
    const char *prefix;  /* of its reply; NULL: any line */
    guint timeout_ms, tries, retry_ms;
    char *(*build)(Modem *modem); /* NULL if it is not needed; free with g_free() */
    SetupNext (*take)(Modem *modem, const AtReply *reply); /* NULL: whatever comes is fine */
} SetupStep;

static SetupNext must(Modem *modem, const AtReply *reply)
{
    (void)modem;
    return reply->outcome == AT_OK ? GO_ON : AGAIN;
}

static const char *first_line(const AtReply *reply)
{
    return reply->lines->len ? reply->lines->pdata[0] : "";
}

/* ---- who it is ---- */

/* The third call also reaches a modem whose profile forbids it to answer (ATQ1). */
static char *build_call(Modem *modem)
{
    return g_strdup(modem->setup_try < 2 ? "AT" : "ATQ0V1E0");
}

static SetupNext take_echo_off(Modem *modem, const AtReply *reply)
{
    modem->has_echo_off = reply->outcome == AT_OK;
    return reply->outcome == AT_OK ? GO_ON : AGAIN;
}

/* Whether the echo is off indeed shows with the next command: some say OK to ATE0 and go on. */
static SetupNext take_words(Modem *modem, const AtReply *reply)
{
    if (reply->outcome == AT_TIMEOUT) return AGAIN;
    if (reply->had_echo) modem->has_echo_off = FALSE;
    at_chat_expect_echo(modem->chat, !modem->has_echo_off);
    if (reply->outcome == AT_OK) at_chat_expect_words(modem->chat, TRUE);
    return GO_ON;
}

static SetupNext take_maker(Modem *modem, const AtReply *reply)
{
    g_autofree char *folded = g_ascii_strdown(first_line(reply), -1);
    modem->is_huawei = strstr(folded, "huawei") != NULL;
    return GO_ON;
}

static SetupNext take_model(Modem *modem, const AtReply *reply)
{
    const char *line = first_line(reply);
    if (g_ascii_strncasecmp(line, "+CGMM:", 6) == 0) line += 6;
    g_autofree char *model = g_strndup(line, 40);
    modem_set_text(modem, &modem->health.model, g_strstrip(model));
    return GO_ON;
}

/* ---- the SIM ---- */

static SetupNext blocked(Modem *modem, SmsAlarm alarm)
{
    modem_set_alarm(modem, alarm, TRUE);
    modem->state = MODEM_SETTING_UP;
    modem->health.state = SMS_MODEM_BLOCKED;
    return GIVE_UP;
}

/* The SIM's own PIN, and no other lock's. */
static gboolean wants_pin(const AtReply *reply)
{
    g_autoptr(GPtrArray) values = at_reply_values(first_line(reply), "+CPIN:");
    return strcmp(at_reply_text(values, 0), "SIM PIN") == 0;
}

static gboolean is_sim_busy(const AtReply *reply)
{
    return reply->outcome == AT_CME_ERROR && (reply->code == 14 || reply->code == 515);
}

static SetupNext take_sim(Modem *modem, const AtReply *reply)
{
    const char *line = first_line(reply);

    if (is_sim_busy(reply) || reply->outcome == AT_TIMEOUT) return AGAIN;
    if (strstr(line, "NOT READY") && modem->setup_try < 9) return AGAIN;
    if (strstr(line, "READY") && !strstr(line, "NOT")) {
        modem_set_alarm(modem, SMS_ALARM_SIM, FALSE);
        modem_set_alarm(modem, SMS_ALARM_PIN, FALSE);
        modem_set_alarm(modem, SMS_ALARM_PUK, FALSE);
        return GO_ON;
    }
    if (strstr(line, "SIM PUK")) return blocked(modem, SMS_ALARM_PUK);
    if (wants_pin(reply)) return GO_ON;              /* the next step enters it */
    if (*line) return blocked(modem, SMS_ALARM_SIM); /* another lock: PH-NET PIN, SIM PIN2 … */
    /* some modems know no +CPIN; what ails the SIM shows when it is used */
    if (reply->outcome == AT_ERROR && modem->setup_try >= 2) return GO_ON;
    return modem->setup_try < 3 ? AGAIN : blocked(modem, SMS_ALARM_SIM);
}

/* "AT+CPIN=…" only if the SIM wants it, and never again after a wrong one: the third locks it. */
static char *build_pin(Modem *modem)
{
    if (modem->health.alarms & SMS_ALARM_PUK || !modem->was_pin_entered) return NULL;
    return g_strdup_printf("AT+CPIN=\"%s\"", modem->settings->pin);
}

static SetupNext take_sim_first(Modem *modem, const AtReply *reply)
{
    SetupNext next = take_sim(modem, reply);

    modem->was_pin_entered = FALSE;
    if (next != GO_ON || !wants_pin(reply)) return next;
    if (!modem->settings->pin || !modem->events.may_enter_pin(modem->data))
        return blocked(modem, SMS_ALARM_PIN);
    modem->was_pin_entered = TRUE;
    return GO_ON;
}

static SetupNext take_pin(Modem *modem, const AtReply *reply)
{
    /* CME 16: wrong; 12, 17, 18: another is wanted now. TS 27.007 §9.2.1 */
    gboolean is_wrong = reply->outcome == AT_ERROR ||
                        (reply->outcome == AT_CME_ERROR &&
                         (reply->code == 16 || reply->code == 12 || reply->code == 17 ||
                          reply->code == 18 || reply->code == AT_CODE_NONE));
    gboolean is_busy = is_sim_busy(reply);
    if (is_busy) modem->events.pin_result(MODEM_PIN_UNTAKEN, modem->data);
    if (reply->outcome != AT_OK && !is_wrong) return GIVE_UP; /* begun again in a while */
    modem->events.pin_result(is_wrong ? MODEM_PIN_WRONG : MODEM_PIN_GOOD, modem->data);
    return reply->outcome == AT_OK ? GO_ON : blocked(modem, SMS_ALARM_PIN);
}

/* After the PIN the SIM takes a moment. */
static char *build_sim_again(Modem *modem)
{
    return modem->was_pin_entered ? g_strdup("AT+CPIN?") : NULL;
}

static SetupNext take_sim_again(Modem *modem, const AtReply *reply)
{
    if (strstr(first_line(reply), "READY") || modem->setup_try >= 8) return take_sim(modem, reply);
    return AGAIN;
}

/* ---- the network ---- */

static char *build_quiet(Modem *modem)
{
    return modem->is_huawei ? g_strdup("AT^CURC=0") : NULL;
}

static SetupNext take_network(Modem *modem, const AtReply *reply)
{
    for (guint i = 0; i < reply->lines->len; i++)
        modem_take_registration(modem, reply->lines->pdata[i], TRUE);
    return GO_ON;
}

static SetupNext take_signal(Modem *modem, const AtReply *reply)
{
    for (guint i = 0; i < reply->lines->len; i++)
        modem_take_signal(modem, reply->lines->pdata[i]);
    return GO_ON;
}

/* ---- how messages are handed over ---- */

static char *build_pdu_mode(Modem *modem)
{
    SettingsCharset charset = modem->settings->charset;
    modem->is_text = charset == SETTINGS_CHARSET_UCS2 || charset == SETTINGS_CHARSET_GBK;
    return modem->is_text ? NULL : g_strdup("AT+CMGF=0");
}

static SetupNext take_pdu_mode(Modem *modem, const AtReply *reply)
{
    if (reply->outcome == AT_OK) return GO_ON;
    if (reply->outcome == AT_TIMEOUT || modem->setup_try < 2) return AGAIN;
    if (modem->settings->charset == SETTINGS_CHARSET_PDU) return blocked(modem, SMS_ALARM_MODE);
    modem->is_text = TRUE;
    return GO_ON;
}

static char *build_text_mode(Modem *modem)
{
    return modem->is_text ? g_strdup("AT+CMGF=1") : NULL;
}

static char *build_charsets(Modem *modem)
{
    return modem->is_text ? g_strdup("AT+CSCS=?") : NULL;
}

static SetupNext take_charsets(Modem *modem, const AtReply *reply)
{
    g_autofree char *list = g_ascii_strup(first_line(reply), -1);
    modem->has_ucs2 = strstr(list, "UCS2") != NULL;
    modem->has_gbk = strstr(list, "GBK") || strstr(list, "GB2312") || strstr(list, "GB18030");
    return GO_ON;
}

static char *build_charset(Modem *modem)
{
    if (!modem->is_text) return NULL;
    gboolean is_auto = modem->settings->charset == SETTINGS_CHARSET_AUTO;
    gboolean wants_gbk = !modem->has_ucs2 && modem->has_gbk;
    /* the other one where the first is refused: not all of them list what they know */
    modem->is_raw = is_auto ? wants_gbk != (modem->setup_try > 0)
                            : modem->settings->charset == SETTINGS_CHARSET_GBK;
    at_chat_set_text(modem->chat, TRUE, modem->is_raw);
    return g_strdup(modem->is_raw ? "AT+CSCS=\"GBK\"" : "AT+CSCS=\"UCS2\"");
}

static SetupNext take_charset(Modem *modem, const AtReply *reply)
{
    if (reply->outcome == AT_OK) return GO_ON;
    return modem->setup_try < 2 ? AGAIN : blocked(modem, SMS_ALARM_MODE);
}

/* Validity: a day (167). Data coding: UCS-2. */
static char *build_parameters(Modem *modem)
{
    return modem->is_text && !modem->is_raw ? g_strdup("AT+CSMP=17,167,0,8") : NULL;
}

static SetupNext take_service(Modem *modem, const AtReply *reply)
{
    modem->has_csms1 = reply->outcome == AT_OK;
    return GO_ON;
}

static char *build_service0(Modem *modem)
{
    return modem->has_csms1 ? NULL : g_strdup("AT+CSMS=0");
}

/* ---- where they are kept ---- */

static void add_memory(Modem *modem, const char *name)
{
    if (modem->memory_count >= MEMORIES_MAX) return;
    g_strlcpy(modem->memories[modem->memory_count++], name, sizeof modem->memories[0]);
}

/* `+CPMS: ("ME","MT","SM"),("ME",…),…`: what may be read; ME before SM, as it is larger. MT is both
 * and only for modems that name nothing else. */
static SetupNext take_memories(Modem *modem, const AtReply *reply)
{
    static const char *const wanted[] = { "ME", "SM", "MT" };
    g_autoptr(GPtrArray) values = at_reply_values(first_line(reply), "+CPMS:");
    const char *first = at_reply_text(values, 0);

    /* not ready yet, or does not know the command: then the SIM's, which every modem has */
    if (reply->outcome != AT_OK)
        return modem->setup_try < (reply->outcome == AT_ERROR ? 8 : 15) ? AGAIN : GO_ON;
    modem->memory_count = 0;
    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_autofree char *quoted = g_strdup_printf("\"%s\"", wanted[i]);
        if (strstr(first, quoted) && (i < 2 || modem->memory_count == 0))
            add_memory(modem, wanted[i]);
    }
    if (modem->memory_count == 0) add_memory(modem, "SM");
    return GO_ON;
}

static char *build_memories(Modem *modem)
{
    modem->has_memories = TRUE;
    if (modem->memory_count == 0) add_memory(modem, "SM");
    const char *name = modem->memories[modem->setup_try >= 2 && modem->memory_count > 1 ? 1 : 0];
    g_strlcpy(modem->memory, name, sizeof modem->memory);
    return g_strdup_printf("AT+CPMS=\"%s\",\"%s\",\"%s\"", name, name, name);
}

/* The refused memory goes behind: a SIM800 refuses ME, others an empty SM. */
static SetupNext take_memory_set(Modem *modem, const AtReply *reply)
{
    g_autoptr(GPtrArray) values = at_reply_values(first_line(reply), "+CPMS:");
    if (reply->outcome == AT_ERROR && modem->setup_try >= 6) {
        modem->has_memories = FALSE; /* the one it has is in use */
        return GO_ON;
    }
    if (reply->outcome != AT_OK) return AGAIN;
    if (strcmp(modem->memory, modem->memories[0]) != 0) {
        g_strlcpy(modem->memories[1], modem->memories[0], sizeof modem->memories[0]);
        g_strlcpy(modem->memories[0], modem->memory, sizeof modem->memories[0]);
    }
    modem->health.store_used = (guint)MAX(0, at_reply_number(values, 0, 0));
    modem->health.store_total = (guint)MAX(0, at_reply_number(values, 1, 0));
    return GO_ON;
}

/* ---- how they are announced ---- */

static gint pick(const char *range, const gint *wishes, guint count)
{
    for (guint i = 0; i < count; i++)
        if (at_reply_range_has(range, wishes[i])) return wishes[i];
    return 0;
}

/* mode 2 (or 1), messages stored and announced, cell broadcasts not, reports stored (or direct),
 * bfr 0 where it may be: a TC35i wants 1. TS 27.005 §3.4.1. */
static SetupNext take_announcements(Modem *modem, const AtReply *reply)
{
    static const gint modes[] = { 2, 1, 3, 0 }, messages[] = { 1, 2, 0 }, reports[] = { 2, 1, 0 },
                      buffers[] = { 0, 1 };
    g_autoptr(GPtrArray) values = at_reply_values(first_line(reply), "+CNMI:");

    g_strlcpy(modem->cnmi, "2,1,0,0,0", sizeof modem->cnmi);
    if (reply->outcome != AT_OK || values->len < 5) return GO_ON;
    g_snprintf(modem->cnmi, sizeof modem->cnmi, "%d,%d,0,%d,%d",
               pick(at_reply_text(values, 0), modes, G_N_ELEMENTS(modes)),
               pick(at_reply_text(values, 1), messages, G_N_ELEMENTS(messages)),
               pick(at_reply_text(values, 3), reports, G_N_ELEMENTS(reports)),
               pick(at_reply_text(values, 4), buffers, G_N_ELEMENTS(buffers)));
    return GO_ON;
}

static char *build_announcements(Modem *modem)
{
    if (modem->setup_try == 2) g_strlcpy(modem->cnmi, "2,1,0,0,0", sizeof modem->cnmi);
    if (modem->setup_try > 2) g_strlcpy(modem->cnmi, "2,1", sizeof modem->cnmi);
    return g_strconcat("AT+CNMI=", modem->cnmi, NULL);
}

/* A modem that tells nothing is asked every `poll_seconds`. */
static SetupNext take_told(Modem *modem, const AtReply *reply)
{
    if (reply->outcome == AT_OK) return GO_ON;
    if (modem->setup_try < 4) return AGAIN;
    return reply->outcome == AT_TIMEOUT ? AGAIN : GO_ON;
}

/* ---- the service centre ---- */

/* A modem that does not tell has one, as far as we know. */
static SetupNext take_centre(Modem *modem, const AtReply *reply)
{
    if (reply->outcome != AT_OK && modem->setup_try < 3) return AGAIN;
    modem->has_smsc = TRUE;
    if (reply->outcome == AT_OK) modem_take_centre(modem, first_line(reply));
    return reply->outcome == AT_TIMEOUT ? AGAIN : GO_ON;
}

static char *build_centre(Modem *modem)
{
    const char *smsc = modem->settings->smsc;
    if (!smsc) return NULL;
    /* in the modem's character set, TS 27.005 §3.1 <sca> */
    g_autofree char *text = modem->is_text && !modem->is_raw ? modem_hex_of(smsc) : g_strdup(smsc);
    return g_strdup_printf("AT+CSCA=\"%s\",%d", text, *smsc == '+' ? 145 : 129);
}

static SetupNext take_centre_set(Modem *modem, const AtReply *reply)
{
    if (reply->outcome == AT_OK) modem->has_smsc = TRUE;
    return reply->outcome == AT_OK ? GO_ON : AGAIN;
}

static const SetupStep steps[] = {
    { NULL, NULL, 350, 3, 0, build_call, must },
    { "ATE0", NULL, 1000, 3, 100, NULL, take_echo_off },
    { "ATV1", NULL, 1000, 2, 100, NULL, take_words },
    { "ATQ0", NULL, 1000, 2, 100, NULL, NULL },
    { "AT+CMEE=1", NULL, 1000, 2, 100, NULL, NULL },
    { "AT+CGMI", NULL, 3000, 1, 0, NULL, take_maker },
    { "AT+CGMM", NULL, 3000, 1, 0, NULL, take_model },
    { NULL, NULL, 2000, 1, 0, build_quiet, NULL },
    { "AT+CPIN?", "+CPIN:", 5000, 10, 1500, NULL, take_sim_first },
    { NULL, NULL, 20000, 1, 0, build_pin, take_pin },
    { NULL, "+CPIN:", 5000, 10, PIN_WAIT_MS / 2, build_sim_again, take_sim_again },
    { NULL, NULL, 5000, 4, 1000, build_pdu_mode, take_pdu_mode },
    { NULL, NULL, 5000, 2, 500, build_text_mode, take_charset },
    { NULL, "+CSCS:", 5000, 1, 0, build_charsets, take_charsets },
    { NULL, NULL, 5000, 2, 500, build_charset, take_charset },
    { NULL, NULL, 5000, 2, 500, build_parameters, NULL },
    { "AT+CSMS=1", "+CSMS:", 5000, 1, 0, NULL, take_service },
    { NULL, "+CSMS:", 5000, 1, 0, build_service0, NULL },
    { "AT+CPMS=?", "+CPMS:", 5000, 15, 1000, NULL, take_memories },
    { NULL, "+CPMS:", 5000, 15, 1000, build_memories, take_memory_set },
    { "AT+CNMI=?", "+CNMI:", 5000, 1, 0, NULL, take_announcements },
    { NULL, NULL, 5000, 4, 500, build_announcements, take_told },
    { "AT+CSCA?", "+CSCA:", 5000, 3, 1000, NULL, take_centre },
    { NULL, NULL, 5000, 2, 500, build_centre, take_centre_set },
    { "AT+CREG=1", NULL, 5000, 2, 500, NULL, NULL },
    { "AT+CREG?", "+CREG:", 5000, 1, 0, NULL, take_network },
    { "AT+CEREG?", "+CEREG:", 5000, 1, 0, NULL, take_network },
    { "AT+CSQ", "+CSQ:", 5000, 1, 0, NULL, take_signal },
};

/* ---- walking the table ---- */

static void next_step(Modem *modem)
{
    modem->setup_step++;
    modem->setup_try = 0;
    modem_setup_go(modem);
}

/* The first step: nothing answers "AT" at this speed. */
static guint next_speed(Modem *modem)
{
    if (modem->settings->baud) return modem->settings->baud;
    if (!port_search_speeds[++modem->baud_try]) modem->baud_try = 0;
    return port_search_speeds[modem->baud_try];
}

/* Every speed has been tried: another port, if any will do; now and then a reset (modem_resync()).
 */
static void after_all_speeds(Modem *modem)
{
    modem->speeds_tried = 0;
    if (strcmp(modem->settings->port, "auto") == 0 && !modem->identity)
        modem_next_port(modem);
    else if (modem->settings->baud || ++modem->searches % SEARCHES == 0)
        modem_resync(modem);
    else
        modem_set_due(modem, DUE_STEP, 50);
}

static void try_next_speed(Modem *modem)
{
    if (!at_chat_set_baud(modem->chat, next_speed(modem), NULL)) g_debug("speed refused");
    if (g_get_monotonic_time() - modem->silent_since_us > 30 * G_USEC_PER_SEC)
        modem_set_alarm(modem, SMS_ALARM_SILENT, TRUE);
    modem->setup_try = 0;
    if (modem->settings->baud || ++modem->speeds_tried >= port_search_speed_count)
        after_all_speeds(modem);
    else
        modem_set_due(modem, DUE_STEP, 50);
}

/* Of a modem that is about to be set up: it may echo, say digits, and be in PDU mode. */
static void expect_nothing(Modem *modem)
{
    modem->is_text = modem->is_raw = modem->has_echo_off = FALSE;
    at_chat_set_text(modem->chat, FALSE, FALSE);
    at_chat_expect_words(modem->chat, FALSE);
    at_chat_expect_echo(modem->chat, TRUE);
}

static void give_up(Modem *modem)
{
    if (modem->setup_step == 0) {
        try_next_speed(modem);
        return;
    }
    g_message("短信猫 %s：设置停在第 %u 步，过一会儿再来", modem->settings->name,
              modem->setup_step + 1);
    if (++modem->setups_failed >= SETUPS_MANY && modem->health.state != SMS_MODEM_BLOCKED)
        modem_set_alarm(modem, SMS_ALARM_MODE, TRUE);
    modem->setup_step = 0;
    modem->setup_try = 0;
    expect_nothing(modem);
    modem_changed(modem);
    /* a missing SIM is asked for now and then; nothing is hammered */
    modem_set_due(modem, DUE_STEP, modem->health.state == SMS_MODEM_BLOCKED ? 15000 : 3000);
}

static void on_reply(const AtReply *reply, gpointer data)
{
    Modem *modem = data;
    const SetupStep *step = &steps[modem->setup_step];

    if (reply->outcome == AT_CANCELLED) return;
    if (reply->outcome != AT_TIMEOUT) modem->silent_since_us = 0;
    modem->setup_try++;
    SetupNext next = step->take                     ? step->take(modem, reply)
                     : reply->outcome == AT_TIMEOUT ? AGAIN
                                                    : GO_ON;
    if (next == AGAIN && modem->setup_try < step->tries)
        modem_set_due(modem, DUE_STEP, (gint64)step->retry_ms + 1);
    else if (next == GIVE_UP || (next == AGAIN && (step->take == must || step->tries > 4)))
        give_up(modem);
    else if (next == AGAIN && reply->outcome == AT_TIMEOUT)
        modem_resync(modem);
    else
        next_step(modem);
}

void modem_setup_go(Modem *modem)
{
    modem->due_us[DUE_STEP] = 0;
    for (; modem->setup_step < G_N_ELEMENTS(steps); modem->setup_step++, modem->setup_try = 0) {
        const SetupStep *step = &steps[modem->setup_step];
        g_autofree char *built = step->build ? step->build(modem) : g_strdup(step->command);
        if (!built) continue;
        at_chat_send(modem->chat, built, step->prefix, step->timeout_ms, on_reply, modem);
        return;
    }
    modem_is_set_up(modem);
}

void modem_setup_start(Modem *modem)
{
    modem->state = MODEM_SETTING_UP;
    modem->health.state = SMS_MODEM_SETUP;
    modem->setup_step = modem->setup_try = 0;
    modem->is_setup_again = modem->was_pin_entered = modem->has_smsc = FALSE;
    modem->is_set_up = FALSE;
    if (!modem->silent_since_us) modem->silent_since_us = g_get_monotonic_time();
    expect_nothing(modem);
    modem_store_reset(modem);
    modem_setup_go(modem);
}

#include "sms/probe_command.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#include "charset/terminal.h"
#include "db/json_line.h"
#include "db/sms_health.h"
#include "sms/at_chat.h"
#include "sms/port_list.h"
#include "charset/setting.h"
#include "sms/settings.h"

#define TRIES 3

typedef struct {
    AtChat *chat;
    GMainLoop *loop;
    AtOutcome outcome;
    char *line;       /* the first of the reply; "" if there was none */
    gboolean has_pin; /* in the settings */
    gboolean is_json, is_bad;
    JsonBuilder *checks;
} Probe;

/* ---- one command, waited for ---- */

static void on_reply(const AtReply *reply, gpointer data)
{
    Probe *probe = data;
    probe->outcome = reply->outcome;
    g_free(probe->line);
    probe->line = g_strdup(reply->lines->len ? reply->lines->pdata[0] : "");
    g_main_loop_quit(probe->loop);
}

static gboolean ask(Probe *probe, const char *command, const char *prefix, guint timeout_ms)
{
    if (!probe->chat) return FALSE;
    at_chat_send(probe->chat, command, prefix, timeout_ms, on_reply, probe);
    g_main_loop_run(probe->loop);
    return probe->outcome == AT_OK;
}

static void on_urc(const char *line, const char *body, gpointer data)
{
    (void)line;
    (void)body;
    (void)data;
}

static void on_gone(const char *why, gpointer data)
{
    Probe *probe = data;
    (void)why;
    g_clear_pointer(&probe->chat, at_chat_free);
    g_main_loop_quit(probe->loop);
}

/* ---- results ---- */

static void put(Probe *probe, const char *name, const char *title, gboolean is_good,
                const char *value, const char *remedy)
{
    g_autofree char *valid = g_utf8_make_valid(value, -1);
    probe->is_bad |= !is_good;
    if (!probe->is_json) {
        terminal_printf(stdout, "%s %s：%s%s%s\n", is_good ? "✓" : "✗", title, valid,
                        is_good ? "" : "。", is_good ? "" : remedy);
        fflush(stdout);
        return;
    }
    json_builder_begin_object(probe->checks);
    json_builder_set_member_name(probe->checks, "name");
    json_builder_add_string_value(probe->checks, name);
    json_builder_set_member_name(probe->checks, "ok");
    json_builder_add_boolean_value(probe->checks, is_good);
    json_builder_set_member_name(probe->checks, "value");
    json_builder_add_string_value(probe->checks, valid);
    json_builder_set_member_name(probe->checks, "remedy");
    json_builder_add_string_value(probe->checks, is_good ? "" : remedy);
    json_builder_end_object(probe->checks);
}

/* ---- the checks ---- */

static gboolean answers_at(Probe *probe, guint baud)
{
    if (!probe->chat || !at_chat_set_baud(probe->chat, baud, NULL)) return FALSE;
    at_chat_nudge(probe->chat, "\x1b\r");
    for (guint i = 0; i < TRIES; i++)
        if (ask(probe, "AT", NULL, 400)) return TRUE;
    return FALSE;
}

static gboolean check_answer(Probe *probe, guint baud)
{
    g_autofree char *text = NULL;
    for (const guint *next = port_search_speeds; *next; next++) {
        guint speed = baud ? baud : *next;
        if (answers_at(probe, speed)) {
            text = g_strdup_printf("有，速率 %u", speed);
            put(probe, "answer", "应答", TRUE, text, "");
            return TRUE;
        }
        if (baud) break;
    }
    put(probe, "answer", "应答", FALSE, "没有反应",
        "请检查电源和接线；几个口都试试（bianmin modem list）");
    return FALSE;
}

static void check_model(Probe *probe)
{
    ask(probe, "ATE0", NULL, 1000);
    ask(probe, "AT+CMEE=1", NULL, 1000);
    ask(probe, "AT+CGMI", NULL, 3000);
    g_autofree char *maker = g_strdup(probe->line);
    ask(probe, "AT+CGMM", NULL, 3000);
    g_autofree char *text = g_strdup_printf("%s %s", maker, probe->line);
    put(probe, "model", "型号", TRUE, text, "");
}

static gboolean check_sim(Probe *probe)
{
    for (guint i = 0; i < TRIES; i++)
        if (ask(probe, "AT+CPIN?", "+CPIN:", 5000)) break;
    g_autoptr(GPtrArray) values = at_reply_values(probe->line, "+CPIN:");
    const char *state = at_reply_text(values, 0);
    SmsAlarm alarm = strstr(state, "PUK")   ? SMS_ALARM_PUK
                     : strstr(state, "PIN") ? SMS_ALARM_PIN
                                            : SMS_ALARM_SIM;
    gboolean is_good = strcmp(state, "READY") == 0;
    put(probe, "sim", "SIM 卡", is_good,
        is_good  ? "正常"
        : *state ? state
                 : "没有",
        alarm == SMS_ALARM_PIN && probe->has_pin
            ? "设置里填了密码：检查时不试（试错会锁卡），启动短信服务就会用它"
            : sms_alarm_text(alarm));
    return is_good;
}

static void check_network(Probe *probe)
{
    gint status = -1;
    static const char *const commands[] = { "AT+CREG?", "AT+CEREG?" };
    for (guint i = 0; i < G_N_ELEMENTS(commands) && !sms_modem_is_registered(status); i++) {
        if (!ask(probe, commands[i], i ? "+CEREG:" : "+CREG:", 5000)) continue;
        g_autoptr(GPtrArray) values = at_reply_values(probe->line, i ? "+CEREG:" : "+CREG:");
        status = at_reply_number(values, 1, -1);
    }
    ask(probe, "AT+COPS?", "+COPS:", 10000);
    g_autoptr(GPtrArray) values = at_reply_values(probe->line, "+COPS:");
    gboolean is_good = sms_modem_is_registered(status);
    const char *name = at_reply_text(values, 2);
    put(probe, "network", "网络", is_good, is_good ? (*name ? name : "已连上") : "没有连上",
        sms_alarm_text(SMS_ALARM_NETWORK));
}

static void check_signal(Probe *probe)
{
    ask(probe, "AT+CSQ", "+CSQ:", 5000);
    g_autoptr(GPtrArray) values = at_reply_values(probe->line, "+CSQ:");
    gint level = at_reply_number(values, 0, 99);
    g_autofree char *text = g_strdup_printf("%s（%d/31）", sms_signal_text(level), level);
    put(probe, "signal", "信号", level >= 5 && level <= 31, text, "请移动天线，靠近窗户");
}

static void check_centre(Probe *probe)
{
    ask(probe, "AT+CSCA?", "+CSCA:", 5000);
    g_autoptr(GPtrArray) values = at_reply_values(probe->line, "+CSCA:");
    const char *number = at_reply_text(values, 0);
    put(probe, "centre", "短信中心", strlen(number) >= 3, *number ? number : "空的",
        sms_alarm_text(SMS_ALARM_SMSC));
}

static void check_mode(Probe *probe)
{
    gboolean is_pdu = ask(probe, "AT+CMGF=0", NULL, 5000);
    gboolean is_text = !is_pdu && ask(probe, "AT+CMGF=1", NULL, 5000);
    put(probe, "mode", "短信格式", is_pdu || is_text,
        is_pdu    ? "PDU"
        : is_text ? "文本"
                  : "不支持",
        sms_alarm_text(SMS_ALARM_MODE));
}

static void check_store(Probe *probe)
{
    gboolean is_good = ask(probe, "AT+CPMS?", "+CPMS:", 5000);
    g_autoptr(GPtrArray) values = at_reply_values(probe->line, "+CPMS:");
    g_autofree char *text =
        g_strdup_printf("%s 已用 %d，共 %d", at_reply_text(values, 0),
                        at_reply_number(values, 1, 0), at_reply_number(values, 2, 0));
    put(probe, "store", "短信存储", is_good, is_good ? text : "读不出来", "请换一张 SIM 卡试试");
}

static void run_checks(Probe *probe, guint baud)
{
    if (!check_answer(probe, baud)) return;
    check_model(probe);
    if (check_sim(probe)) {
        check_network(probe);
        check_signal(probe);
        check_centre(probe);
        check_mode(probe);
        check_store(probe);
    }
}

/* ---- the command ---- */

static Port *open_port(const char *configured, guint baud, char **path, GError **error)
{
    PortSettings settings = { baud ? baud : 115200, FALSE };
    *path = port_list_resolve(configured, NULL, 0, error);
    return *path ? port_open(*path, &settings, error) : NULL;
}

static int probe_port(Probe *probe, const char *configured, guint baud)
{
    static const AtChatEvents events = { on_urc, on_gone, NULL };
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    Port *port = open_port(configured, baud, &path, &error);

    if (!port) {
        gboolean is_busy = g_error_matches(error, PORT_ERROR, PORT_ERROR_BUSY);
        gboolean is_no_right = g_error_matches(error, PORT_ERROR, PORT_ERROR_NO_RIGHT);
        put(probe, "port", "串口", FALSE, error->message,
            is_busy       ? "短信服务正在用它时，请看 bianmin status"
            : is_no_right ? "用 sudo，或者 sudo usermod -aG dialout 用户名，再重新登录"
                          : sms_alarm_text(SMS_ALARM_PORT));
        return EX_UNAVAILABLE;
    }
    put(probe, "port", "串口", TRUE, path, "");
    probe->chat = at_chat_new(port, &events, probe);
    run_checks(probe, baud);
    if (!probe->chat)
        put(probe, "port", "串口", FALSE, "检查到一半断开了", sms_alarm_text(SMS_ALARM_PORT));
    at_chat_free(probe->chat);
    return probe->is_bad ? EX_UNAVAILABLE : EX_OK;
}

static int run_probe(const Settings *settings, const char *port, int baud, gboolean is_json)
{
    const SettingsModem *modem = settings->modems->pdata[0];
    Probe probe = { .has_pin = modem->pin != NULL,
                    .loop = g_main_loop_new(NULL, FALSE),
                    .line = g_strdup(""),
                    .is_json = is_json,
                    .checks = json_builder_new() };
    json_builder_begin_array(probe.checks);
    int status =
        probe_port(&probe, port ? port : modem->port, baud > 0 ? (guint)baud : modem->baud);
    json_builder_end_array(probe.checks);
    if (is_json) {
        g_autofree char *line = json_line(probe.checks);
        puts(line);
    } else {
        terminal_printf(stdout,
                        status == EX_OK ? "都好，可以用。\n" : "还不能用，请照上面说的做。\n");
    }
    g_object_unref(probe.checks);
    g_free(probe.line);
    g_main_loop_unref(probe.loop);
    return status;
}

int probe_main(CliGlobals *globals, int argc, char **argv)
{
    g_autofree char *port = NULL;
    int baud = 0;
    gboolean is_json = FALSE, is_done = FALSE;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        { "port", 0, 0, G_OPTION_ARG_FILENAME, &port, "串口，不填按设置", "设备" },
        { "baud", 0, 0, G_OPTION_ARG_INT, &baud, "速率，不填是自动试", "N" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, "输出一行 JSON", NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    int status = cli_parse(globals, "modem probe [选项]", entries, &argc, &argv, &is_done);
    if (is_done) return status;
    if (argc > 1 || baud < 0 || baud > 4000000)
        return cli_fail(EX_USAGE, "用法：bianmin modem probe [--port 设备] [--baud N] [--json]");
    g_autoptr(Settings) settings = settings_load(globals->config_file, &error);
    /* the system's settings may hold a PIN, which is not for everybody */
    if (!globals->config_file && g_error_matches(error, SETTING_ERROR, SETTING_ERROR_NO_RIGHT)) {
        terminal_printf(stderr, "bianmin: %s；这次按默认设置检查\n", error->message);
        settings = settings_new();
    }
    if (!settings) return setting_fail(error);
    return run_probe(settings, port, baud, is_json);
}

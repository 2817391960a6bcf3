#include "db/sms_health.h"

#include "db/disk.h"
#include "db/json_line.h"

#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "status.json"
#define FILE_MAX  (64 * 1024)
#define STALE_S   150 /* it is written every minute */
#define YOUNG_S   120 /* so long a modem may take to get ready */

static const struct {
    SmsAlarm alarm;
    const char *name, *text;
} alarms[] = {
    { SMS_ALARM_PORT, "no_port", "找不到短信猫：请检查 USB 线和电源，再看 bianmin modem list" },
    { SMS_ALARM_SILENT, "silent", "短信猫没有反应：请拔下来等十秒再插上" },
    { SMS_ALARM_SIM, "no_sim", "读不到 SIM 卡：请断电，把卡重新插好" },
    { SMS_ALARM_PIN, "pin",
      "SIM 卡要密码（PIN），设置里没有填或者填错了：请在 bianmin.conf 里改 pin=，"
      "同一个密码不会再试第二次" },
    { SMS_ALARM_PUK, "puk", "SIM 卡被锁住（要 PUK）：请到营业厅解锁" },
    { SMS_ALARM_NETWORK, "no_network", "短信猫没有连上网络：请检查天线、换个位置，或查卡是否停机" },
    { SMS_ALARM_SMSC, "no_smsc", "短信中心号码是空的：请在 bianmin.conf 里填 smsc=（向运营商问）" },
    { SMS_ALARM_SEND, "cannot_send", "短信一直发不出去：多半是欠费，请查话费、充值" },
    { SMS_ALARM_SLOT, "stuck_slot", "有短信删不掉：不影响使用，请有空时断电重启短信猫或换卡" },
    { SMS_ALARM_POWER, "power", "短信猫老是自己重启：多半是电源不够，请换带电源的 USB 集线器" },
    { SMS_ALARM_DISK, "disk", "磁盘写不进去：已停止读取短信（短信还在卡里），请清理磁盘" },
    { SMS_ALARM_MODE, "mode", "短信猫不支持收发短信的命令：请换一个型号" },
};

const char *sms_alarm_name(SmsAlarm alarm)
{
    for (guint i = 0; i < G_N_ELEMENTS(alarms); i++)
        if (alarms[i].alarm == alarm) return alarms[i].name;
    return "";
}

const char *sms_alarm_text(SmsAlarm alarm)
{
    for (guint i = 0; i < G_N_ELEMENTS(alarms); i++)
        if (alarms[i].alarm == alarm) return alarms[i].text;
    return "";
}

static const struct {
    const char *name, *text;
} states[] = {
    [SMS_MODEM_ABSENT] = { "absent", "没有找到" },
    [SMS_MODEM_SILENT] = { "silent", "没有反应" },
    [SMS_MODEM_SETUP] = { "setup", "正在准备" },
    [SMS_MODEM_BLOCKED] = { "blocked", "SIM 卡不能用" },
    [SMS_MODEM_READY] = { "ready", "正常" },
};

gboolean sms_modem_is_registered(gint registration)
{
    return registration == 1 || registration == 5 || registration == 6 || registration == 7;
}

const char *sms_signal_text(gint signal)
{
    if (signal < 0 || signal > 31) return "不清楚";
    if (signal >= 20) return "很好";
    if (signal >= 12) return "好";
    return signal >= 5 ? "弱" : "没有信号";
}

/* ---- writing ---- */

static void add_text(JsonBuilder *builder, const char *name, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);
    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, valid);
}

static void add_number(JsonBuilder *builder, const char *name, gint64 number)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, number);
}

static void add_alarms(JsonBuilder *builder, guint set)
{
    json_builder_set_member_name(builder, "alarms");
    json_builder_begin_array(builder);
    for (guint i = 0; i < G_N_ELEMENTS(alarms); i++) {
        if (!(set & alarms[i].alarm)) continue;
        json_builder_begin_object(builder);
        add_text(builder, "name", alarms[i].name);
        add_text(builder, "text", alarms[i].text);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void add_modem(JsonBuilder *builder, const SmsModemHealth *modem)
{
    json_builder_begin_object(builder);
    add_text(builder, "name", modem->name);
    add_text(builder, "port", modem->port);
    add_text(builder, "model", modem->model);
    add_text(builder, "operator", modem->operator_name);
    add_text(builder, "state", states[modem->state].name);
    add_number(builder, "signal", modem->signal);
    add_text(builder, "signal_text", sms_signal_text(modem->signal));
    json_builder_set_member_name(builder, "registered");
    json_builder_add_boolean_value(builder, sms_modem_is_registered(modem->registration));
    add_number(builder, "store_used", modem->store_used);
    add_number(builder, "store_total", modem->store_total);
    add_number(builder, "reboots", modem->reboots);
    add_number(builder, "resyncs", modem->resyncs);
    add_number(builder, "last_received", modem->received_s);
    add_number(builder, "last_sent", modem->sent_s);
    add_alarms(builder, modem->alarms);
    json_builder_end_object(builder);
}

static void add_counts(JsonBuilder *builder, const SmsCounts *counts)
{
    json_builder_set_member_name(builder, "today");
    json_builder_begin_object(builder);
    add_number(builder, "received", counts->received);
    add_number(builder, "answered", counts->answered);
    add_number(builder, "limited", counts->limited);
    add_number(builder, "unreadable", counts->unreadable);
    add_number(builder, "sent", counts->sent);
    add_number(builder, "failed", counts->failed);
    add_number(builder, "unknown", counts->unknown);
    json_builder_end_object(builder);
    add_number(builder, "queued", counts->queued);
    add_number(builder, "doubtful", counts->doubtful);
    add_number(builder, "notes", counts->notes);
}

static char *to_json(const SmsHealth *health)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    add_number(builder, "at", health->at_s);
    add_number(builder, "started", health->started_s);
    json_builder_set_member_name(builder, "running");
    json_builder_add_boolean_value(builder, health->is_running);
    add_counts(builder, &health->today);
    json_builder_set_member_name(builder, "modems");
    json_builder_begin_array(builder);
    for (guint i = 0; i < health->modems->len; i++)
        add_modem(builder, health->modems->pdata[i]);
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    return json_line(builder);
}

static int open_folder(const char *data_dir)
{
    g_autofree char *path = g_build_filename(data_dir, "sms", NULL);
    return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

gboolean sms_health_write(const char *data_dir, const SmsHealth *health, GError **error)
{
    g_autofree char *json = to_json(health);
    int folder = open_folder(data_dir);
    if (folder < 0) {
        g_set_error(error, DISK_ERROR, DISK_ERROR_MISSING, "sms 文件夹打不开");
        return FALSE;
    }
    gboolean is_ok = disk_replace(folder, FILE_NAME, json, strlen(json), 0644, error);
    /* for every user's `status`, whatever the service's umask */
    if (is_ok && fchmodat(folder, FILE_NAME, 0644, 0) != 0) g_debug("status.json: mode");
    close(folder);
    return is_ok;
}

/* ---- reading ---- */

char *sms_health_read(const char *data_dir)
{
    gsize len = 0;
    int folder = open_folder(data_dir);
    if (folder < 0) return NULL;
    char *json = disk_read(folder, FILE_NAME, FILE_MAX, &len, NULL);
    close(folder);
    return json;
}

static JsonObject *object_of(JsonParser *parser, const char *json)
{
    if (!json || !json_parser_load_from_data(parser, json, -1, NULL)) return NULL;
    JsonNode *root = json_parser_get_root(parser);
    return root && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
}

static gint64 number_of(JsonObject *object, const char *name)
{
    return json_object_get_int_member_with_default(object, name, 0);
}

static const char *text_of(JsonObject *object, const char *name)
{
    return json_object_get_string_member_with_default(object, name, "");
}

static JsonArray *array_of(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);
    return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

static const char *state_text(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(states); i++)
        if (g_strcmp0(states[i].name, name) == 0) return states[i].text;
    return "不清楚";
}

/* What is wrong with a modem that is ready is among the alarms. */
static const char *state_of(JsonObject *modem)
{
    JsonArray *list = array_of(modem, "alarms");
    gboolean is_ready = strcmp(text_of(modem, "state"), states[SMS_MODEM_READY].name) == 0;
    if (is_ready && list && json_array_get_length(list) > 0) return "有问题，见下面";
    return state_text(text_of(modem, "state"));
}

static gboolean is_there(JsonObject *modem)
{
    const char *state = text_of(modem, "state");
    return strcmp(state, states[SMS_MODEM_ABSENT].name) != 0 &&
           strcmp(state, states[SMS_MODEM_SILENT].name) != 0;
}

static void describe_modem(GString *text, JsonObject *modem, gboolean is_young, gboolean *is_well)
{
    JsonArray *list = array_of(modem, "alarms");
    const char *network = text_of(modem, "operator");

    g_string_append_printf(text, "短信猫 %s：%s", text_of(modem, "name"), state_of(modem));
    if (!is_young && strcmp(text_of(modem, "state"), states[SMS_MODEM_READY].name) != 0)
        *is_well = FALSE;
    if (*text_of(modem, "model")) g_string_append_printf(text, "，%s", text_of(modem, "model"));
    if (*text_of(modem, "port")) g_string_append_printf(text, "，%s", text_of(modem, "port"));
    if (*network && is_there(modem)) g_string_append_printf(text, "，网络 %s", network);
    if (is_there(modem)) g_string_append_printf(text, "，信号%s", text_of(modem, "signal_text"));
    g_string_append_c(text, '\n');
    for (guint i = 0; list && i < json_array_get_length(list); i++) {
        JsonNode *node = json_array_get_element(list, i);
        if (!JSON_NODE_HOLDS_OBJECT(node)) continue;
        g_string_append_printf(text, "  注意：%s\n", text_of(json_node_get_object(node), "text"));
        *is_well = FALSE;
    }
}

static void describe_counts(GString *text, JsonObject *health)
{
    JsonNode *node = json_object_get_member(health, "today");
    if (!node || !JSON_NODE_HOLDS_OBJECT(node)) return;
    JsonObject *today = json_node_get_object(node);
    g_string_append_printf(text,
                           "今天收到 %" G_GINT64_FORMAT " 条，回答 %" G_GINT64_FORMAT
                           " 条，发出 %" G_GINT64_FORMAT " 条",
                           number_of(today, "received"), number_of(today, "answered"),
                           number_of(today, "sent"));
    static const struct {
        const char *name, *text;
        gboolean is_of_today;
    } rest[] = {
        { "limited", "超过限额没有回答", TRUE }, { "failed", "没有发成", TRUE },
        { "unknown", "不知道发成没有", TRUE },   { "unreadable", "读不懂", TRUE },
        { "queued", "等着发", FALSE },           { "doubtful", "等网络确认", FALSE },
        { "notes", "居民留言未看", FALSE },
    };
    for (guint i = 0; i < G_N_ELEMENTS(rest); i++) {
        gint64 n = number_of(rest[i].is_of_today ? today : health, rest[i].name);
        if (n > 0) g_string_append_printf(text, "，%s %" G_GINT64_FORMAT " 条", rest[i].text, n);
    }
    g_string_append_c(text, '\n');
}

char *sms_health_describe(const char *data_dir, gint64 now_s, gboolean *is_well)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autofree char *json = sms_health_read(data_dir);
    JsonObject *health = object_of(parser, json);
    GString *text = g_string_new(NULL);

    if (!health) return g_string_free(text, FALSE);
    gint64 age = now_s - number_of(health, "at");
    gboolean is_running = json_object_get_boolean_member_with_default(health, "running", FALSE);
    if (!is_running || age > STALE_S || age < -STALE_S) {
        g_autoptr(GDateTime) last = g_date_time_new_from_unix_local(number_of(health, "at"));
        g_autofree char *when = last ? g_date_time_format(last, "%Y-%m-%d %H:%M") : g_strdup("?");
        g_string_append_printf(text, "短信服务：没有运行（最后一次是 %s）\n", when);
        if (is_running) *is_well = FALSE; /* it did not say good-bye */
        return g_string_free(text, FALSE);
    }
    gboolean is_young = number_of(health, "at") - number_of(health, "started") < YOUNG_S;
    g_string_append(text, "短信服务：正在运行\n");
    JsonArray *modems = array_of(health, "modems");
    for (guint i = 0; modems && i < json_array_get_length(modems); i++) {
        JsonNode *node = json_array_get_element(modems, i);
        if (JSON_NODE_HOLDS_OBJECT(node))
            describe_modem(text, json_node_get_object(node), is_young, is_well);
    }
    describe_counts(text, health);
    return g_string_free(text, FALSE);
}

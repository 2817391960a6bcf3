#include "kiosk/kiosk_settings.h"

#include <string.h>

#include "charset/setting.h"

#define SYSTEM_FILE "/etc/bianmin/kiosk.conf"
#define GROUP       "kiosk"

/* A hotline or any number in one piece (12345, 110, 13800577500); 0577-65880000 and 65880000, with
 * or without an extension; 400-800-1234. */
#define PHONE "[0-9]{3,12}|(?:0[0-9]{2,3}-)?[0-9]{7,8}(?:-[0-9]{1,5})?|[48]00-[0-9]{3}-[0-9]{4}"
#define TIME  "([0-9]{1,2})[:：]([0-9]{2})"
#define HOURS "(?<![0-9])" TIME "\\s*[-—–~～至到]{1,2}\\s*" TIME "(?![0-9])"

KioskSettings *kiosk_settings_new(void)
{
    KioskSettings *settings = g_new0(KioskSettings, 1);
    settings->place = g_strdup("锦湖街道");
    settings->counter = g_strdup("");
    settings->opening_hours = g_strdup("");
    settings->phone = g_strdup("12345");
    settings->sms_number = g_strdup("");
    settings->printer = g_strdup("");
    settings->paper_mm = 58;
    settings->speech_command =
        g_strdup("espeak-ng -v cmn-latn-pinyin -s 130 -a {volume} -- {pinyin}");
    settings->handwriting_model =
        g_strdup("/usr/share/tegaki/models/zinnia/handwriting-zh_CN.model");
    settings->update_folder = g_strdup("");
    settings->idle_s = 90;
    settings->warning_s = 30;
    settings->attract_s = 180;
    return settings;
}

void kiosk_settings_free(KioskSettings *settings)
{
    if (!settings) return;
    g_free(settings->place);
    g_free(settings->counter);
    g_free(settings->opening_hours);
    g_free(settings->phone);
    g_free(settings->sms_number);
    g_free(settings->printer);
    g_free(settings->speech_command);
    g_free(settings->handwriting_model);
    g_free(settings->update_folder);
    g_free(settings);
}

/* ---- opening hours ---- */

/* Since midnight; -1: there is no such time. `group`: that of the hour, before that of the minute.
 */
static int minutes_of(GMatchInfo *match, int group)
{
    g_autofree char *hour = g_match_info_fetch(match, group);
    g_autofree char *minute = g_match_info_fetch(match, group + 1);
    guint64 h = g_ascii_strtoull(hour, NULL, 10), m = g_ascii_strtoull(minute, NULL, 10);
    return m < 60 && h * 60 + m <= 24 * 60 ? (int)(h * 60 + m) : -1;
}

/* Every time stands in a pair, the earlier one first; days may be named between them. */
static gboolean are_hours(const char *text)
{
    g_autoptr(GRegex) hours = g_regex_new(HOURS, 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    gboolean is_found = g_regex_match(hours, text, 0, &match);

    for (gboolean is_there = is_found; is_there; is_there = g_match_info_next(match, NULL)) {
        int from = minutes_of(match, 1), to = minutes_of(match, 3);
        if (from < 0 || to <= from) return FALSE;
    }
    g_autofree char *rest = g_regex_replace_literal(hours, text, -1, 0, "", 0, NULL);
    return is_found && !strchr(rest, ':') && !strstr(rest, "：");
}

static void read_hours(SettingFile *file, KioskSettings *settings)
{
    g_autofree char *text = setting_text(file, GROUP, "opening_hours");

    if (text && !are_hours(text))
        setting_refuse(file, GROUP, "opening_hours",
                       "从几点到几点，先早后晚，例如 8:30—11:30，14:00—17:00");
    else
        setting_take_text(file, GROUP, "opening_hours", &settings->opening_hours);
}

/* ---- the others ---- */

static void read_texts(SettingFile *file, KioskSettings *settings)
{
    setting_take_text(file, GROUP, "place", &settings->place);
    setting_take_text(file, GROUP, "counter", &settings->counter);
    read_hours(file, settings);
    setting_take_match(file, GROUP, "phone", PHONE,
                       "一个电话号码，用半角数字，例如 12345 或 0577-65880000", &settings->phone);
    setting_take_match(file, GROUP, "sms_number", "\\+?[0-9]{3,20}", "收短信的号码，只写数字",
                       &settings->sms_number);
}

/* speech=none switches it off: an empty value is the default. */
static void read_speech(SettingFile *file, KioskSettings *settings)
{
    g_autofree char *text = setting_text(file, GROUP, "speech");

    if (text && !g_shell_parse_argv(text, NULL, NULL, NULL))
        setting_refuse(file, GROUP, "speech", "一条命令（引号要成对），或 none");
    setting_take_text(file, GROUP, "speech", &settings->speech_command);
    if (g_str_equal(settings->speech_command, "none")) *settings->speech_command = '\0';
}

static void read_devices(SettingFile *file, KioskSettings *settings)
{
    static const char *const widths[] = { "58", "80", NULL };
    guint index = settings->paper_mm == 80;

    setting_take_match(file, GROUP, "printer", "/.+", "以 / 开头的设备名", &settings->printer);
    setting_choice(file, GROUP, "paper", widths, &index);
    settings->paper_mm = index ? 80 : 58;
    setting_switch(file, GROUP, "printer_qr", &settings->has_printer_qr);
    read_speech(file, settings);
    setting_take_match(file, GROUP, "handwriting_model", "/.+", "以 / 开头的文件名",
                       &settings->handwriting_model);
}

static void read_times(SettingFile *file, KioskSettings *settings)
{
    setting_number(file, GROUP, "idle_seconds", 1, 3600, &settings->idle_s);
    setting_number(file, GROUP, "warning_seconds", 1, 600, &settings->warning_s);
    setting_number(file, GROUP, "attract_seconds", 1, 86400, &settings->attract_s);
    setting_number(file, GROUP, "night_from", 0, 23, &settings->night_from_h);
    setting_number(file, GROUP, "night_to", 0, 23, &settings->night_to_h);
}

KioskSettings *kiosk_settings_load(const char *path, GError **error)
{
    g_autoptr(KioskSettings) settings = kiosk_settings_new();
    g_autoptr(SettingFile) file = setting_open(path, SYSTEM_FILE, error);

    if (!file) return NULL;
    read_texts(file, settings);
    read_devices(file, settings);
    read_times(file, settings);
    setting_switch(file, GROUP, "person", &settings->has_person);
    setting_switch(file, GROUP, "staff", &settings->has_staff);
    setting_take_match(file, GROUP, "update_folder", "/.+", "以 / 开头的文件夹",
                       &settings->update_folder);
    return setting_check(file, error) ? g_steal_pointer(&settings) : NULL;
}

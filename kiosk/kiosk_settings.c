#include "kiosk/kiosk_settings.h"

#include <string.h>

#include "charset/setting.h"

#define SYSTEM_FILE "/etc/bianmin/kiosk.conf"
#define GROUP       "kiosk"

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
    g_free(settings);
}

static gboolean read_sms_number(GKeyFile *file, KioskSettings *settings, GError **error)
{
    setting_take_text(file, GROUP, "sms_number", &settings->sms_number);
    const char *digits = settings->sms_number + (*settings->sms_number == '+');
    gsize len = strlen(digits);
    if (strspn(digits, "0123456789") == len && len <= 20) return TRUE;
    return setting_refuse(error, GROUP, "sms_number", "收短信的号码，只写数字");
}

static gboolean read_paper(GKeyFile *file, KioskSettings *settings, GError **error)
{
    static const char *const widths[] = { "58", "80", NULL };
    guint index = settings->paper_mm == 80;
    if (!setting_choice(file, GROUP, "paper", widths, &index, error)) return FALSE;
    settings->paper_mm = index ? 80 : 58;
    return TRUE;
}

/* A key that nobody reads is most often a slip of the pen. */
static void warn_unknown_keys(GKeyFile *file)
{
    static const char *const keys[] = {
        "place",           "counter",
        "opening_hours",   "phone",
        "sms_number",      "printer",
        "paper",           "printer_qr",
        "speech",          "handwriting_model",
        "idle_seconds",    "warning_seconds",
        "attract_seconds", "night_from",
        "night_to",        "person",
        "staff",           NULL,
    };
    g_auto(GStrv) found = g_key_file_get_keys(file, GROUP, NULL, NULL);
    for (char **key = found; key && *key; key++)
        if (!g_strv_contains(keys, *key))
            g_warning("设置 [%s] 里的 %s= 没有用，是不是写错了？", GROUP, *key);
}

/* speech= none switches it off: an empty value is the default. */
static void read_texts(GKeyFile *file, KioskSettings *settings)
{
    setting_take_text(file, GROUP, "place", &settings->place);
    setting_take_text(file, GROUP, "counter", &settings->counter);
    setting_take_text(file, GROUP, "opening_hours", &settings->opening_hours);
    setting_take_text(file, GROUP, "phone", &settings->phone);
    setting_take_text(file, GROUP, "printer", &settings->printer);
    setting_take_text(file, GROUP, "speech", &settings->speech_command);
    setting_take_text(file, GROUP, "handwriting_model", &settings->handwriting_model);
    if (g_str_equal(settings->speech_command, "none")) *settings->speech_command = '\0';
}

KioskSettings *kiosk_settings_load(const char *path, GError **error)
{
    g_autoptr(KioskSettings) settings = kiosk_settings_new();
    g_autoptr(GKeyFile) file = setting_open(path, SYSTEM_FILE, error);

    if (!file) return NULL;
    warn_unknown_keys(file);
    read_texts(file, settings);
    if (!read_sms_number(file, settings, error) || !read_paper(file, settings, error) ||
        !setting_switch(file, GROUP, "printer_qr", &settings->has_printer_qr, error) ||
        !setting_number(file, GROUP, "idle_seconds", 1, 3600, &settings->idle_s, error) ||
        !setting_number(file, GROUP, "warning_seconds", 1, 600, &settings->warning_s, error) ||
        !setting_number(file, GROUP, "attract_seconds", 1, 86400, &settings->attract_s, error) ||
        !setting_number(file, GROUP, "night_from", 0, 23, &settings->night_from_h, error) ||
        !setting_number(file, GROUP, "night_to", 0, 23, &settings->night_to_h, error) ||
        !setting_switch(file, GROUP, "person", &settings->has_person, error) ||
        !setting_switch(file, GROUP, "staff", &settings->has_staff, error))
        return NULL;
    return g_steal_pointer(&settings);
}

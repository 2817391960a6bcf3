#include "sms/settings.h"

#include <string.h>

#include "charset/setting.h"

#define SYSTEM_FILE "/etc/bianmin/bianmin.conf"
#define PIN_MIN     4
#define PIN_MAX     8
#define MODEMS_MAX  16

#define MODEM_PREFIX "modem."

static void settings_modem_free(gpointer data)
{
    SettingsModem *modem = data;
    g_free(modem->name);
    g_free(modem->port);
    g_free(modem->pin);
    g_free(modem->smsc);
    g_free(modem->pin_digest);
    g_free(modem);
}

void settings_free(Settings *settings)
{
    if (!settings) return;
    g_ptr_array_unref(settings->modems);
    g_free(settings);
}

/* ---- values ---- */

static void read_port(SettingFile *file, const char *group, char **out)
{
    setting_take_match(file, group, "port", "auto|/.+", " auto 或以 / 开头的设备名", out);
}

static void read_baud(SettingFile *file, const char *group, guint *out)
{
    g_autofree char *text = setting_text(file, group, "baud");
    if (text && strcmp(text, "auto") != 0) setting_number(file, group, "baud", 0, 921600, out);
}

/* The PIN itself never goes into a message. */
static void read_pin(SettingFile *file, const char *group, char **out)
{
    g_autofree char *text = setting_text(file, group, "pin");
    gsize len = text ? strlen(text) : 0;
    if (!text) return;
    if (len < PIN_MIN || len > PIN_MAX || strspn(text, "0123456789") != len)
        setting_refuse_secret(file, group, "pin", " 4 到 8 位数字");
    else
        *out = g_steal_pointer(&text);
}

static void read_centre(SettingFile *file, const char *group, char **out)
{
    setting_take_match(file, group, "smsc", "\\+?[0-9]{5,20}", "电话号码，例如 +8613800577500",
                       out);
}

/* ---- groups ---- */

static SettingsModem *modem_with_defaults(const char *name)
{
    SettingsModem *modem = g_new0(SettingsModem, 1);
    modem->name = g_strdup(name);
    modem->port = g_strdup("auto");
    return modem;
}

static char *digest_of(const SettingsModem *modem)
{
    g_autofree char *text = g_strconcat(modem->name, "\n", modem->pin ? modem->pin : "", NULL);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

static void read_modem(SettingFile *file, const char *group, Settings *settings)
{
    static const char *const charset_names[] = { "auto", "pdu", "ucs2", "gbk", NULL };
    SettingsModem *modem = modem_with_defaults(group + strlen(MODEM_PREFIX));
    guint charset = SETTINGS_CHARSET_AUTO;

    g_ptr_array_add(settings->modems, modem);
    if (settings->modems->len > MODEMS_MAX) setting_refuse(file, group, NULL, "不超过 16 个短信猫");
    read_port(file, group, &modem->port);
    read_baud(file, group, &modem->baud);
    read_pin(file, group, &modem->pin);
    read_centre(file, group, &modem->smsc);
    setting_choice(file, group, "charset", charset_names, &charset);
    setting_switch(file, group, "rtscts", &modem->has_rts_cts);
    modem->charset = (SettingsCharset)charset;
    modem->pin_digest = digest_of(modem);
}

static void read_sms(SettingFile *file, Settings *settings)
{
    setting_number(file, "sms", "limit_per_hour", 1, 1000000, &settings->limit_per_hour);
    setting_number(file, "sms", "limit_per_day", 1, 1000000, &settings->limit_per_day);
    setting_number(file, "sms", "limit_total", 1, 100000000, &settings->limit_total);
    setting_number(file, "sms", "poll_seconds", 5, 3600, &settings->poll_s);
    setting_switch(file, "sms", "reports", &settings->has_reports);
}

static void read_groups(SettingFile *file, Settings *settings)
{
    g_autoptr(GPtrArray) groups = setting_groups(file);

    read_sms(file, settings);
    for (guint i = 0; i < groups->len; i++) {
        const char *group = groups->pdata[i];
        if (g_str_has_prefix(group, MODEM_PREFIX) && !g_str_equal(group, MODEM_PREFIX))
            read_modem(file, group, settings);
    }
}

static Settings *settings_without_modem(void)
{
    Settings *settings = g_new0(Settings, 1);
    settings->limit_per_hour = 5;
    settings->limit_per_day = 15;
    settings->limit_total = 200;
    settings->poll_s = 20;
    settings->has_reports = TRUE;
    settings->modems = g_ptr_array_new_with_free_func(settings_modem_free);
    return settings;
}

static void add_default_modem(Settings *settings)
{
    SettingsModem *modem = modem_with_defaults("1");
    modem->pin_digest = digest_of(modem);
    g_ptr_array_add(settings->modems, modem);
}

Settings *settings_new(void)
{
    Settings *settings = settings_without_modem();
    add_default_modem(settings);
    return settings;
}

Settings *settings_load(const char *path, GError **error)
{
    g_autoptr(Settings) settings = settings_without_modem();
    g_autoptr(SettingFile) file = setting_open(path, SYSTEM_FILE, error);

    if (!file) return NULL;
    read_groups(file, settings);
    if (!setting_check(file, error)) return NULL;
    if (settings->modems->len == 0) add_default_modem(settings);
    return g_steal_pointer(&settings);
}

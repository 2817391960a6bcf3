#include "sms/settings.h"

#include <string.h>

#include "charset/setting.h"

#define SYSTEM_FILE "/etc/bianmin/bianmin.conf"
#define PIN_MIN     4
#define PIN_MAX     8
#define MODEMS_MAX  16

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

static gboolean read_baud(GKeyFile *file, const char *group, guint *out, GError **error)
{
    g_autofree char *text = setting_text(file, group, "baud");
    if (!text || strcmp(text, "auto") == 0) return TRUE;
    return setting_number(file, group, "baud", 0, 921600, out, error);
}

/* The PIN itself never goes into a message. */
static gboolean read_pin(GKeyFile *file, const char *group, char **out, GError **error)
{
    g_autofree char *text = setting_text(file, group, "pin");
    if (!text) return TRUE;
    gsize len = strlen(text);
    if (len < PIN_MIN || len > PIN_MAX || strspn(text, "0123456789") != len)
        return setting_refuse(error, group, "pin", " 4 到 8 位数字");
    *out = g_steal_pointer(&text);
    return TRUE;
}

static gboolean read_centre(GKeyFile *file, const char *group, char **out, GError **error)
{
    g_autofree char *text = setting_text(file, group, "smsc");
    if (!text) return TRUE;
    const char *digits = *text == '+' ? text + 1 : text;
    gsize len = strlen(digits);
    if (len < 5 || len > 20 || strspn(digits, "0123456789") != len)
        return setting_refuse(error, group, "smsc", "电话号码，例如 +8613800577500");
    *out = g_steal_pointer(&text);
    return TRUE;
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

static gboolean read_modem(GKeyFile *file, const char *group, Settings *settings, GError **error)
{
    static const char *const charset_names[] = { "auto", "pdu", "ucs2", "gbk", NULL };
    SettingsModem *modem = modem_with_defaults(group + strlen("modem."));
    guint charset = SETTINGS_CHARSET_AUTO;
    char *port = setting_text(file, group, "port");

    g_ptr_array_add(settings->modems, modem);
    if (settings->modems->len > MODEMS_MAX)
        return setting_refuse(error, group, "", "不超过 16 个短信猫");
    if (port) {
        g_free(modem->port);
        modem->port = port;
    }
    if (strcmp(modem->port, "auto") != 0 && *modem->port != '/')
        return setting_refuse(error, group, "port", " auto 或以 / 开头的设备名");
    if (!read_baud(file, group, &modem->baud, error) ||
        !read_pin(file, group, &modem->pin, error) ||
        !read_centre(file, group, &modem->smsc, error) ||
        !setting_choice(file, group, "charset", charset_names, &charset, error) ||
        !setting_switch(file, group, "rtscts", &modem->has_rts_cts, error))
        return FALSE;
    modem->charset = (SettingsCharset)charset;
    modem->pin_digest = digest_of(modem);
    return TRUE;
}

static gboolean read_sms(GKeyFile *file, Settings *settings, GError **error)
{
    return setting_number(file, "sms", "limit_per_hour", 1, 1000000, &settings->limit_per_hour,
                          error) &&
           setting_number(file, "sms", "limit_per_day", 1, 1000000, &settings->limit_per_day,
                          error) &&
           setting_number(file, "sms", "limit_total", 1, 100000000, &settings->limit_total,
                          error) &&
           setting_number(file, "sms", "poll_seconds", 5, 3600, &settings->poll_s, error) &&
           setting_switch(file, "sms", "reports", &settings->has_reports, error);
}

/* A key that nobody reads is most often a slip of the pen. */
static void warn_unknown_keys(GKeyFile *file, const char *group)
{
    static const char *const keys[] = { "limit_per_hour", "limit_per_day", "limit_total",
                                        "poll_seconds",   "reports",       "port",
                                        "baud",           "pin",           "smsc",
                                        "charset",        "rtscts",        NULL };
    g_auto(GStrv) found = g_key_file_get_keys(file, group, NULL, NULL);
    for (char **key = found; key && *key; key++)
        if (!g_strv_contains(keys, *key))
            g_warning("设置 [%s] 里的 %s= 没有用，是不是写错了？", group, *key);
}

static gboolean read_groups(GKeyFile *file, Settings *settings, GError **error)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    if (!read_sms(file, settings, error)) return FALSE;
    for (char **group = groups; *group; group++) {
        gboolean is_modem = g_str_has_prefix(*group, "modem.");
        if (is_modem || strcmp(*group, "sms") == 0)
            warn_unknown_keys(file, *group);
        else if (g_str_has_prefix(*group, "modem") || g_str_has_prefix(*group, "sms"))
            g_warning("设置里的 [%s] 没有用，是不是 [sms] 或 [modem.1]？", *group);
        if (is_modem && !read_modem(file, *group, settings, error)) return FALSE;
    }
    return TRUE;
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
    g_autoptr(GKeyFile) file = setting_open(path, SYSTEM_FILE, error);

    if (!file || !read_groups(file, settings, error)) return NULL;
    if (settings->modems->len == 0) add_default_modem(settings);
    return g_steal_pointer(&settings);
}

#include "sms/settings.h"

#include <glib/gstdio.h>
#include <string.h>

#include "charset/setting.h"
static Settings *load(const char *text, GError **error)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("settings-XXXXXX", &path, NULL);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    Settings *settings = settings_load(path, error);
    g_unlink(path);
    return settings;
}

static void test_defaults(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Settings) settings = load("", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(settings->limit_per_hour, ==, 5);
    g_assert_cmpuint(settings->limit_per_day, ==, 15);
    g_assert_cmpuint(settings->limit_total, ==, 200);
    g_assert_cmpuint(settings->modems->len, ==, 1);
    const SettingsModem *modem = settings->modems->pdata[0];
    g_assert_cmpstr(modem->name, ==, "1");
    g_assert_cmpstr(modem->port, ==, "auto");
    g_assert_null(modem->pin);
    g_assert_cmpuint(modem->baud, ==, 0);
}

static void test_values(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Settings) settings = load("[sms]\nlimit_per_hour=7\nreports=no\n"
                                        "[modem.1]\nport=/dev/ttyUSB2\nbaud=9600\npin=1234\n"
                                        "[modem.2]\ncharset=gbk\nsmsc=+8613800577500\n",
                                        &error);
    g_assert_no_error(error);
    const SettingsModem *first = settings->modems->pdata[0], *second = settings->modems->pdata[1];
    g_assert_cmpuint(settings->limit_per_hour, ==, 7);
    g_assert_false(settings->has_reports);
    g_assert_cmpstr(first->pin, ==, "1234");
    g_assert_cmpuint(first->baud, ==, 9600);
    g_assert_cmpint(second->charset, ==, SETTINGS_CHARSET_GBK);
    g_assert_cmpstr(second->smsc, ==, "+8613800577500");
    /* another PIN is another try, the same is not */
    g_assert_cmpstr(first->pin_digest, !=, second->pin_digest);
    g_assert_null(strstr(first->pin_digest, "1234"));
}

static void test_refused(void)
{
    static const struct {
        const char *text, *group, *key;
    } rows[] = {
        { "[sms]\nlimit_per_hour=0\n", "[sms]", "limit_per_hour" },
        { "[sms]\nlimit_per_day=many\n", "[sms]", "limit_per_day" },
        { "[sms]\nlimit_total=-5\n", "[sms]", "limit_total" },
        { "[sms]\nreports=perhaps\n", "[sms]", "reports" },
        { "[modem.1]\nbaud=fast\n", "[modem.1]", "baud" },
        { "[modem.1]\npin=12ab\n", "[modem.1]", "pin" },
        { "[modem.2]\npin=123456789\n", "[modem.2]", "pin" },
        { "[modem.1]\nport=COM3\n", "[modem.1]", "port" },
        { "[modem.1]\ncharset=big5\n", "[modem.1]", "charset" },
        { "[modem.1]\nsmsc=none\n", "[modem.1]", "smsc" },
        { "[sms]\nlimit_per_houre=9\nlimit_per_day=0\n", "[sms]", "limit_per_hour=" },
        { "[modem]\nport=auto\n[sms]\nreports=9\n", "[modem]", "[modem.1]" },
        { "[modem.]\nport=auto\n[sms]\nreports=9\n", "[modem.]", "[modem.1]" },
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", rows[i].text);
        g_assert_null(load(rows[i].text, &error));
        g_assert_error(error, SETTING_ERROR, SETTING_ERROR_VALUE);
        g_assert_nonnull(strstr(error->message, rows[i].group));
        g_assert_nonnull(strstr(error->message, rows[i].key));
    }
    g_autoptr(GError) pin = NULL;
    g_assert_null(load("[modem.1]\npin=9876x\n", &pin));
    g_assert_null(strstr(pin->message, "9876"));
    g_clear_error(&pin);
    g_assert_null(load("[modem.1]\npni=9876\nbaud=x\n", &pin));
    g_assert_null(strstr(pin->message, "9876"));
    g_clear_error(&pin);
    g_assert_null(load("[modem.1]\npin 9876\n", &pin));
    g_assert_null(strstr(pin->message, "9876"));
    g_autoptr(GError) missing = NULL;
    g_assert_null(settings_load("/nonexistent/bianmin.conf", &missing));
    g_assert_error(missing, SETTING_ERROR, SETTING_ERROR_READ);
    g_autoptr(GError) syntax = NULL;
    g_assert_null(load("no group = 1\n", &syntax));
    g_assert_error(syntax, SETTING_ERROR, SETTING_ERROR_VALUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/settings/defaults", test_defaults);
    g_test_add_func("/settings/values", test_values);
    g_test_add_func("/settings/refused", test_refused);
    return g_test_run();
}

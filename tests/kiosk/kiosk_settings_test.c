#include "kiosk/kiosk_settings.h"

#include <glib/gstdio.h>
#include <string.h>

#include "charset/setting.h"

static KioskSettings *load(const char *text, GError **error)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("kiosk-XXXXXX", &path, NULL);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    KioskSettings *settings = kiosk_settings_load(path, error);
    g_unlink(path);
    return settings;
}

/* Equal but for the night, which the shipped file switches on. */
static void assert_defaults(const KioskSettings *settings)
{
    g_autoptr(KioskSettings) usual = kiosk_settings_new();
    g_assert_cmpstr(settings->place, ==, usual->place);
    g_assert_cmpstr(settings->counter, ==, usual->counter);
    g_assert_cmpstr(settings->opening_hours, ==, usual->opening_hours);
    g_assert_cmpstr(settings->phone, ==, usual->phone);
    g_assert_cmpstr(settings->sms_number, ==, usual->sms_number);
    g_assert_cmpstr(settings->printer, ==, usual->printer);
    g_assert_cmpuint(settings->paper_mm, ==, usual->paper_mm);
    g_assert_cmpint(settings->has_printer_qr, ==, usual->has_printer_qr);
    g_assert_cmpstr(settings->speech_command, ==, usual->speech_command);
    g_assert_cmpstr(settings->handwriting_model, ==, usual->handwriting_model);
    g_assert_cmpuint(settings->idle_s, ==, usual->idle_s);
    g_assert_cmpuint(settings->warning_s, ==, usual->warning_s);
    g_assert_cmpuint(settings->attract_s, ==, usual->attract_s);
    g_assert_cmpint(settings->has_person, ==, usual->has_person);
    g_assert_cmpint(settings->has_staff, ==, usual->has_staff);
}

static void test_defaults(void)
{
    static const char *const texts[] = { "", "[kiosk]\n", "[kiosk]\nplace=\nidle_seconds= \n",
                                         "[sms]\nlimit_per_hour=5\n" };
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(KioskSettings) settings = load(texts[i], &error);
        g_assert_no_error(error);
        assert_defaults(settings);
        g_assert_cmpuint(settings->night_from_h, ==, settings->night_to_h);
    }
    g_autoptr(KioskSettings) settings = kiosk_settings_new();
    g_assert_cmpuint(settings->idle_s, ==, 90);
    g_assert_cmpuint(settings->warning_s, ==, 30);
    g_assert_cmpuint(settings->attract_s, ==, 180);
    g_assert_cmpuint(settings->paper_mm, ==, 58);
}

static void test_values(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KioskSettings) settings =
        load("[kiosk]\nplace= 安阳街道 \ncounter=3 号窗口\nopening_hours=8:30—11:30\n"
             "phone=0577-65880000\nsms_number=+8613800577500\nprinter=/dev/usb/lp0\npaper=80\n"
             "printer_qr=yes\nspeech=none\nhandwriting_model=/opt/hand.model\nidle_seconds=3600\n"
             "warning_seconds=600\nattract_seconds=86400\nnight_from=0\nnight_to=23\nperson=是\n"
             "staff=on\n",
             &error);
    g_assert_no_error(error);
    g_assert_cmpstr(settings->place, ==, "安阳街道");
    g_assert_cmpstr(settings->counter, ==, "3 号窗口");
    g_assert_cmpstr(settings->opening_hours, ==, "8:30—11:30");
    g_assert_cmpstr(settings->phone, ==, "0577-65880000");
    g_assert_cmpstr(settings->sms_number, ==, "+8613800577500");
    g_assert_cmpstr(settings->printer, ==, "/dev/usb/lp0");
    g_assert_cmpuint(settings->paper_mm, ==, 80);
    g_assert_true(settings->has_printer_qr);
    g_assert_cmpstr(settings->speech_command, ==, "");
    g_assert_cmpstr(settings->handwriting_model, ==, "/opt/hand.model");
    g_assert_cmpuint(settings->idle_s, ==, 3600);
    g_assert_cmpuint(settings->warning_s, ==, 600);
    g_assert_cmpuint(settings->attract_s, ==, 86400);
    g_assert_cmpuint(settings->night_from_h, ==, 0);
    g_assert_cmpuint(settings->night_to_h, ==, 23);
    g_assert_true(settings->has_person);
    g_assert_true(settings->has_staff);
}

static void test_refused(void)
{
    static const struct {
        const char *line, *key;
    } rows[] = {
        { "sms_number=my telephone", "sms_number=" },
        { "sms_number=0577-65880000", "sms_number=" },
        { "sms_number=123456789012345678901", "sms_number=" },
        { "paper=76", "paper=" },
        { "paper=A4", "paper=" },
        { "printer_qr=perhaps", "printer_qr=" },
        { "idle_seconds=0", "idle_seconds=" },
        { "idle_seconds=3601", "idle_seconds=" },
        { "idle_seconds=-90", "idle_seconds=" },
        { "idle_seconds=90s", "idle_seconds=" },
        { "idle_seconds=99999999999999999999", "idle_seconds=" },
        { "warning_seconds=0", "warning_seconds=" },
        { "warning_seconds=601", "warning_seconds=" },
        { "attract_seconds=0", "attract_seconds=" },
        { "attract_seconds=86401", "attract_seconds=" },
        { "night_from=24", "night_from=" },
        { "night_from=18:00", "night_from=" },
        { "night_to=-1", "night_to=" },
        { "person=2", "person=" },
        { "staff=开", "staff=" },
        { "phone=abc", "phone=abc" },
        { "phone=12", "phone=12" },
        { "phone=０５７７", "phone=０５７７" },
        { "phone=0577-", "phone=0577-" },
        { "phone=65880000、65880001", "phone=" },
        { "phone=+", "phone=" },
        { "sms_number=+", "sms_number=+" },
        { "opening_hours=白天", "opening_hours=白天" },
        { "opening_hours=8:30", "opening_hours=" },
        { "opening_hours=25:00—26:00", "opening_hours=" },
        { "opening_hours=8:70—11:30", "opening_hours=" },
        { "opening_hours=11:30—8:30", "opening_hours=" },
        { "opening_hours=8:30—11:30，14:00", "opening_hours=" },
        { "opening_hours=8:30—24:01", "opening_hours=" },
        { "opening_hours=8:30—111:30", "opening_hours=" },
        { "printer=lp0", "printer=lp0" },
        { "handwriting_model=model", "handwriting_model=" },
        { "speech=espeak-ng 'cmn", "speech=" },
        { "place=\\q", "place=" },
        { "nonsense", "看不懂" },
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strconcat("[kiosk]\n", rows[i].line, "\n", NULL);
        g_test_message("%s", rows[i].line);
        g_assert_null(load(text, &error));
        g_assert_error(error, SETTING_ERROR, SETTING_ERROR_VALUE);
        g_assert_nonnull(strstr(error->message, "第 2 行"));
        g_assert_nonnull(strstr(error->message, rows[i].key));
    }
    g_autoptr(GError) missing = NULL, syntax = NULL;
    g_assert_null(kiosk_settings_load("/nonexistent/kiosk.conf", &missing));
    g_assert_error(missing, SETTING_ERROR, SETTING_ERROR_READ);
    g_assert_null(load("no group = 1\n", &syntax));
    g_assert_error(syntax, SETTING_ERROR, SETTING_ERROR_VALUE);
}

static void test_phones(void)
{
    static const char *const phones[] = {
        "12345",          "96345",        "110",          "65880000",
        "0577-65880000",  "057765880000", "010-12345678", "0577-65880000-801",
        "65880000-12345", "15400000000",  "400-800-1234", "4008001234",
    };
    for (guint i = 0; i < G_N_ELEMENTS(phones); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strconcat("[kiosk]\nphone=", phones[i], "\n", NULL);
        g_autoptr(KioskSettings) settings = load(text, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(settings->phone, ==, phones[i]);
    }
}

static void test_hours(void)
{
    static const char *const hours[] = {
        "8:30—11:30，14:00—17:00",
        "08:30-11:30",
        "8：30 至 17：00",
        "周一到周五 8:30～17:00，周六 9:00—11:00",
        "0:00—24:00",
        "9月1日起 8:00——16:30",
    };
    for (guint i = 0; i < G_N_ELEMENTS(hours); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strconcat("[kiosk]\nopening_hours=", hours[i], "\n", NULL);
        g_autoptr(KioskSettings) settings = load(text, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(settings->opening_hours, ==, hours[i]);
    }
}

/* All of them, in the order of the file. */
static void test_all_at_once(void)
{
    g_autoptr(GError) error = NULL;
    const char *at;

    g_assert_null(load("[kiosk]\nphone=abc\n\npaper=A4\nidle_second=9\n[kisok]\nplace=x\n"
                       "[kiosk]\nnight_to=24\n",
                       &error));
    g_assert_error(error, SETTING_ERROR, SETTING_ERROR_VALUE);
    at = error->message;
    for (guint i = 0; i < 6; i++) {
        static const char *const parts[] = { "5 处",
                                             "第 2 行：[kiosk] phone=abc",
                                             "第 4 行：[kiosk] paper=A4",
                                             "第 5 行：[kiosk] 里没有 idle_second=",
                                             "第 6 行：没有 [kisok]",
                                             "第 9 行：[kiosk] night_to=24 不对：应当是 0 到 23" };
        g_test_message("%s", parts[i]);
        at = strstr(at, parts[i]);
        g_assert_nonnull(at);
    }
}

/* Every key stands in it, with its default; only the night is switched on. */
static void test_shipped(void)
{
    static const char *const keys[] = {
        "place",        "counter",         "opening_hours",   "phone",      "sms_number",
        "printer",      "paper",           "printer_qr",      "speech",     "handwriting_model",
        "idle_seconds", "warning_seconds", "attract_seconds", "night_from", "night_to",
        "person",       "staff",           "update_folder",
    };
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "kiosk", "kiosk.conf", NULL);
    g_autoptr(KioskSettings) settings = kiosk_settings_load(path, &error);
    g_assert_no_error(error);
    assert_defaults(settings);
    g_assert_cmpuint(settings->night_from_h, ==, 18);
    g_assert_cmpuint(settings->night_to_h, ==, 6);
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_assert_true(g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_test_message("%s", keys[i]);
        g_assert_true(g_key_file_has_key(file, "kiosk", keys[i], NULL));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/kiosk-settings/defaults", test_defaults);
    g_test_add_func("/kiosk-settings/values", test_values);
    g_test_add_func("/kiosk-settings/refused", test_refused);
    g_test_add_func("/kiosk-settings/phones", test_phones);
    g_test_add_func("/kiosk-settings/hours", test_hours);
    g_test_add_func("/kiosk-settings/all-at-once", test_all_at_once);
    g_test_add_func("/kiosk-settings/shipped", test_shipped);
    return g_test_run();
}

#include "charset/setting.h"

#include <glib/gstdio.h>
#include <string.h>

/* Odd files: what an editor, an encoding or a hand makes of one. */

static SettingFile *open_octets(const char *octets, gssize len)
{
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;
    int fd = g_file_open_tmp("setting-XXXXXX", &path, NULL);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(path, octets, len, NULL));
    SettingFile *file = setting_open(path, NULL, &error);
    g_assert_no_error(error);
    g_unlink(path);
    return file;
}

static void test_read(void)
{
    static const char *const texts[] = {
        "[kiosk]\nplace=a b\n",
        "\xEF\xBB\xBF[kiosk]\nplace=a b\n",          /* Windows' Notepad */
        "[kiosk]\r\nplace=a b\r\n",                  /* the same */
        "  [kiosk]  \n\n # x\n  place  =   a b  \n", /* a tidy hand */
        "[kiosk]\nplace=a b",                        /* no line end */
        "[kiosk]\nplace=a\\sb\n",
        "[kiosk]\n[sms]\nlimit=1\n[kiosk]\nplace=a b\n", /* the other front end's, in between */
    };
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(SettingFile) file = open_octets(texts[i], -1);
        g_autofree char *place = setting_text(file, "kiosk", "place");
        g_test_message("%s", texts[i]);
        g_assert_cmpstr(place, ==, "a b");
        g_assert_true(setting_check(file, &error));
        g_assert_no_error(error);
    }
}

static void test_faults(void)
{
    static const struct {
        const char *name, *octets, *said, *not_said;
        gssize len;
    } rows[] = {
        { "twice", "[kiosk]\nplace=a\nplace=b\n", "第 3 行：[kiosk] place= 写了两次，第 2 行", "b",
          -1 },
        { "no group", "place=a\n", "第 1 行：place= 前面要先有", "=a", -1 },
        { "no bracket", "[kiosk\nplace=a\n[kiosk]\n", "第 1 行：看不懂", "第 2 行", -1 },
        { "no value", "[kiosk]\nplace\n", "第 2 行：看不懂", "place", -1 },
        { "a word behind", "[kiosk] # x\n", "第 1 行：看不懂", "x", -1 },
        { "full-width", "[kiosk]\nplace＝a\n", "第 2 行：看不懂", "＝", -1 },
        { "GBK", "[kiosk]\n# \xBD\xF5\nplace=a\n# \xBD\xF5\n", "第 2 行：不是 UTF-8", "第 4 行",
          -1 },
        { "UTF-16", "\xFF\xFE[\0k\0", "第 1 行：不是 UTF-8", "处", 6 },
        { "NUL", "[kiosk]\nplace=a\0b\n", "第 2 行：不是 UTF-8", "处", 19 },
        { "backslash", "[kiosk]\nplace=C:\\dev\n", "第 2 行：[kiosk] place= 里的反斜杠", "处", -1 },
        { "unknown group, too", "[a]\nb=1\n[kiosk]\nplace\n",
          "第 1 行：没有 [a] 这一组，可用：[kiosk]", "第 2 行", -1 },
        { "unknown key, too", "[kiosk]\nplcae=12345678\nplace\n",
          "没有 plcae= 这一项，是不是 place=", "1234", -1 },
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(SettingFile) file = open_octets(rows[i].octets, rows[i].len);
        g_autofree char *place = setting_text(file, "kiosk", "place");
        g_test_message("%s", rows[i].name);
        g_assert_false(setting_check(file, &error));
        g_assert_error(error, SETTING_ERROR, SETTING_ERROR_VALUE);
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, rows[i].said));
        const char *told = strstr(error->message, "行："); /* behind the file's name */
        g_assert_null(strstr(told, rows[i].not_said));
    }
}

/* A slip of the pen in a name stops no service. */
static void test_hints(void)
{
    static const struct {
        const char *octets, *said;
    } rows[] = {
        { "[a]\nb=1\nc=2\n", "*第 1 行：没有 ?a] 这一组，可用：?kiosk]*" },
        { "[kiosk]\nplcae=12345678\n", "*没有 plcae= 这一项，是不是 place=？（这一项不算）*" },
        { "[kiosk]\nplace[zh]=a\n", "*没有 place?zh]=*" },
    };
    for (guint i = 0; g_test_subprocess() && i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SettingFile) file = open_octets(rows[i].octets, -1);
        g_autofree char *place = setting_text(file, "kiosk", "place");
        g_assert_true(setting_check(file, NULL));
    }
    if (g_test_subprocess()) return;
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_passed();
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        g_test_trap_assert_stderr(rows[i].said);
    g_test_trap_assert_stderr_unmatched("*1234*");
}

/* Not longer than a line, and without what moves a terminal's cursor. */
static void test_shown_value(void)
{
    g_autofree char *many = g_strnfill(500, 'y');
    g_autofree char *text = g_strdup_printf("[kiosk]\npaper=a\033[31m\nplace=%s\n", many);
    g_autoptr(GError) error = NULL;
    g_autoptr(SettingFile) file = open_octets(text, -1);
    guint number = 0;

    setting_number(file, "kiosk", "paper", 1, 9, &number);
    setting_number(file, "kiosk", "place", 1, 9, &number);
    g_assert_false(setting_check(file, &error));
    g_assert_null(strchr(error->message, '\033'));
    g_assert_nonnull(strstr(error->message, "yyy… 不对：应当是 1 到 9 的数"));
    g_assert_cmpuint(strlen(error->message), <, 500);
}

static void test_unread(void)
{
    g_autoptr(GError) missing = NULL, folder = NULL;
    g_autoptr(SettingFile) none = setting_open(NULL, "/nonexistent/kiosk.conf", &missing);

    g_assert_no_error(missing);
    g_assert_true(setting_check(none, &missing));
    g_assert_null(setting_open("/nonexistent/kiosk.conf", NULL, &missing));
    g_assert_error(missing, SETTING_ERROR, SETTING_ERROR_READ);
    g_assert_null(setting_open("/", NULL, &folder));
    g_assert_error(folder, SETTING_ERROR, SETTING_ERROR_READ);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/setting/read", test_read);
    g_test_add_func("/setting/faults", test_faults);
    g_test_add_func("/setting/hints", test_hints);
    g_test_add_func("/setting/shown-value", test_shown_value);
    g_test_add_func("/setting/unread", test_unread);
    return g_test_run();
}

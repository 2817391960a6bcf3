#include "kiosk/staff_command.h"

#include <glib/gstdio.h>

#include "db/kiosk_store.h"

/* What is printed is seen by running a part of this program as a child. */

#define FOLDER "STAFF_COMMAND_TEST_FOLDER"

static char *make_folder(void)
{
    char *folder = g_dir_make_tmp("staff-XXXXXX", NULL);
    g_setenv(FOLDER, folder, TRUE);
    return folder;
}

static void remove_folder(char *folder)
{
    static const char *const names[] = {
        "kiosk/kiosk.db", "kiosk/kiosk.db-wal", "kiosk/kiosk.db-shm", "kiosk/lock", "kiosk", ""
    };
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        g_remove(path);
    }
    g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
    g_free(folder);
}

static CliGlobals globals(void)
{
    return (CliGlobals){ .data_dir = (char *)g_getenv(FOLDER) };
}

static void run_child(const char *path)
{
    g_test_trap_subprocess(path, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed();
}

static void child_notes(void)
{
    CliGlobals g = globals();
    g_assert_cmpint(staff_notes(&g, 0), ==, EX_OK);
}

static void child_done(void)
{
    CliGlobals g = globals();
    g_assert_cmpint(staff_notes(&g, 1), ==, EX_OK);
    g_assert_cmpint(staff_notes(&g, 1), ==, EX_DATAERR);
    g_assert_cmpint(staff_notes(&g, 99), ==, EX_DATAERR);
}

static void child_counts(void)
{
    CliGlobals g = globals();
    g_assert_cmpint(staff_counts(&g, STAFF_DAYS_USUAL), ==, EX_OK);
    g_assert_cmpint(staff_counts(&g, 0), ==, EX_USAGE);
    g_assert_cmpint(staff_counts(&g, 401), ==, EX_USAGE);
}

static void child_missing(void)
{
    CliGlobals g = globals();
    g_assert_cmpint(staff_notes(&g, 0), ==, EX_NOINPUT);
    g_assert_cmpint(staff_counts(&g, 7), ==, EX_NOINPUT);
}

/* While the touch screen runs. */
static void test_notes(void)
{
    char *folder = make_folder();
    KioskStore *store = kiosk_store_open(folder, NULL);
    run_child("/staff-command/notes/subprocess");
    g_test_trap_assert_stdout("*没有没办好的留言*");
    g_assert_true(kiosk_store_leave_question(store, "路灯坏了", "CL01", NULL));
    g_assert_true(kiosk_store_leave_question(store, "\033[31m几点开门", "", NULL));
    run_child("/staff-command/notes/subprocess");
    g_test_trap_assert_stdout("*1  20*:*  CL01 困难残疾人生活补贴*路灯坏了\n*"
                              "2  20*:*  [31m几点开门\n*--note-done*");
    g_test_trap_assert_stdout_unmatched("*\033*");
    run_child("/staff-command/done/subprocess");
    g_test_trap_assert_stdout("*1 号留言办好了*");
    g_test_trap_assert_stderr("*没有 1 号留言*没有 99 号留言*");
    run_child("/staff-command/notes/subprocess");
    g_test_trap_assert_stdout_unmatched("*路灯坏了*");
    kiosk_store_free(store);
    remove_folder(folder);
}

static void test_counts(void)
{
    char *folder = make_folder();
    KioskStore *store = kiosk_store_open(folder, NULL);
    run_child("/staff-command/counts/subprocess");
    g_test_trap_assert_stdout("*最近 30 天：用了 0 次\n*");
    for (guint i = 0; i < 3; i++) {
        kiosk_store_count(store, KIOSK_COUNT_TOPIC, "CL01");
        kiosk_store_count(store, KIOSK_COUNT_SEARCH, "飞机票");
        kiosk_store_count(store, KIOSK_COUNT_SPEECH, "");
        kiosk_store_count(store, KIOSK_COUNT_MODE, "large");
        kiosk_store_count(store, KIOSK_COUNT_INPUT, "hand");
        kiosk_store_visit_ended(store, 75);
    }
    kiosk_store_count(store, KIOSK_COUNT_TOPIC, "ZZ99");
    kiosk_store_count(store, KIOSK_COUNT_PRINT, "CL01");
    kiosk_store_count(store, KIOSK_COUNT_SEARCH, "王小明");
    g_assert_true(kiosk_store_flush(store, NULL));
    run_child("/staff-command/counts/subprocess");
    g_test_trap_assert_stdout("*用了 3 次，平均 1 分 15 秒\n"
                              "*看过的事项\n  CL01 *困难残疾人生活补贴*  3\n  ZZ99 * 1\n"
                              "*没查到的：4 次*\n  飞机票 * 3\n"
                              "*打印\n  CL01 * 1\n*朗读\n  其他 * 3\n"
                              "*大字 3  高对比 0  夜间 0\n*九键 0  全键 0  笔画 0  手写 3\n*");
    g_test_trap_assert_stdout_unmatched("*王小明*");
    kiosk_store_free(store);
    remove_folder(folder);
}

/* What is there is still to be read. */
static void test_not_written(void)
{
    char *folder = make_folder();
    g_autofree char *place = g_build_filename(folder, "kiosk", NULL);
    KioskStore *store = kiosk_store_open(folder, NULL);
    g_assert_true(kiosk_store_leave_question(store, "路灯坏了", "CL01", NULL));
    g_assert_cmpint(g_chmod(place, 0500), ==, 0);
    run_child("/staff-command/notes/subprocess");
    g_test_trap_assert_stdout("*路灯坏了*");
    g_test_trap_assert_stderr("*记不下来*");
    run_child("/staff-command/counts/subprocess");
    g_test_trap_assert_stderr("*记不下来*");
    g_assert_cmpint(g_chmod(place, 0700), ==, 0);
    run_child("/staff-command/notes/subprocess");
    g_test_trap_assert_stderr_unmatched("*记不下来*");
    kiosk_store_free(store);
    remove_folder(folder);
}

static void test_missing(void)
{
    char *folder = make_folder();
    run_child("/staff-command/missing/subprocess");
    g_test_trap_assert_stderr("*还没有开过触摸屏*");
    remove_folder(folder); /* and nothing was made there */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/staff-command/notes", test_notes);
    g_test_add_func("/staff-command/counts", test_counts);
    g_test_add_func("/staff-command/not-written", test_not_written);
    g_test_add_func("/staff-command/missing", test_missing);
    g_test_add_func("/staff-command/notes/subprocess", child_notes);
    g_test_add_func("/staff-command/done/subprocess", child_done);
    g_test_add_func("/staff-command/counts/subprocess", child_counts);
    g_test_add_func("/staff-command/missing/subprocess", child_missing);
    return g_test_run();
}

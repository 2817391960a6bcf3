#include "db/intake.h"

#include "db/disk.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char *data, *path;
    int intake;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->data = g_dir_make_tmp("intake_XXXXXX", NULL);
    f->path = g_build_filename(f->data, "intake", NULL);
    f->intake = intake_open(f->data, INTAKE_WRITE, NULL);
    g_assert_cmpint(f->intake, >=, 0);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    unlinkat(f->intake, "state.json", 0);
    intake_tidy(f->intake);
    close(f->intake);
    g_assert_cmpint(g_rmdir(f->path), ==, 0);
    g_rmdir(f->data);
    g_free(f->path);
    g_free(f->data);
}

static void write_state(Fixture *f, const char *text)
{
    g_assert_true(disk_replace(f->intake, "state.json", text, strlen(text), 0644, NULL));
}

static gboolean exists(Fixture *f, const char *name)
{
    struct stat status;
    return fstatat(f->intake, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

static void test_round_trip(Fixture *f, gconstpointer data)
{
    (void)data;
    char folder[] = "0123456789abcdef", message[] = "拷好了\n\"7\" 个", device[] = "/dev/sdb1",
         report[] = "更新结果-20260305-0911.xlsx";
    const IntakeState saved = { INTAKE_COPIED, message, NULL, device, 46, folder, report, 3 };
    g_auto(IntakeState) loaded = { 0 };
    g_assert_true(intake_save_state(f->intake, &saved, NULL));
    g_assert_true(intake_load_state(f->intake, &loaded));
    g_assert_cmpint(loaded.result, ==, INTAKE_COPIED);
    g_assert_cmpstr(loaded.message, ==, message);
    g_assert_cmpstr(loaded.device, ==, device);
    g_assert_cmpstr(loaded.folder, ==, folder);
    g_assert_cmpstr(loaded.report, ==, report);
    g_assert_cmpuint(loaded.disk, ==, 46);
    g_assert_cmpuint(loaded.passed_over, ==, 3);
    g_assert_cmpuint(strlen(loaded.time), ==, strlen("2026-03-05T09:10:11+08:00"));
    g_autofree char *path = intake_path(f->intake, f->data);
    g_autofree char *wanted = g_build_filename(f->path, folder, NULL);
    g_assert_cmpstr(path, ==, wanted);
}

static const char *const none_of_ours[] = {
    "",
    "{",
    "[]",
    "7",
    "null",
    "{\"state\":7}",
    "{\"state\":\"great\"}",
    "{\"state\":\"copied\"}",
    "{\"state\":\"copied\",\"folder\":\"../../../etc/cron\"}",
    "{\"state\":\"copied\",\"folder\":\"0123456789ABCDEF\"}",
    "{\"state\":\"pulled\",\"folder\":\"0123456789abcdef\"}",
};

static void test_damaged(Fixture *f, gconstpointer data)
{
    (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(none_of_ours); i++) {
        g_auto(IntakeState) loaded = { 0 };
        write_state(f, none_of_ours[i]);
        g_test_message("%s", none_of_ours[i]);
        g_assert_false(intake_load_state(f->intake, &loaded));
        g_assert_null(loaded.folder);
        g_assert_null(intake_path(f->intake, f->data));
    }
}

static void make_finished(Fixture *f, char name[INTAKE_NAME_LEN])
{
    int fd = intake_begin(f->intake, name, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_assert_true(disk_replace(fd, "事项.csv", "x", 1, intake_file_mode(f->intake), NULL));
    close(fd);
    g_assert_true(intake_finish(f->intake, name, NULL));
}

static void test_tidy(Fixture *f, gconstpointer data)
{
    (void)data;
    char kept[INTAKE_NAME_LEN], other[INTAKE_NAME_LEN], unfinished[INTAKE_NAME_LEN];
    make_finished(f, kept);
    make_finished(f, other);
    close(intake_begin(f->intake, unfinished, NULL));
    g_autofree char *unfinished_name = g_strconcat(unfinished, ".tmp", NULL);
    const IntakeState state = { .result = INTAKE_COPIED, .folder = kept };
    g_assert_true(exists(f, unfinished_name));

    write_state(f, "{"); /* cannot be read: may name any that is finished */
    intake_tidy(f->intake);
    g_assert_true(exists(f, kept) && exists(f, other) && !exists(f, unfinished_name));

    g_assert_true(intake_save_state(f->intake, &state, NULL));
    intake_tidy(f->intake);
    g_assert_true(exists(f, kept) && !exists(f, other) && exists(f, "state.json"));
    const IntakeState refused = { .result = INTAKE_REFUSED };
    g_assert_true(intake_save_state(f->intake, &refused, NULL));
    intake_tidy(f->intake);
    g_assert_false(exists(f, kept));
}

static void test_lock(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(intake_open(f->data, INTAKE_WRITE_NOW, &error), ==, -1);
    g_assert_nonnull(error);
    close(f->intake);
    int first = intake_open(f->data, INTAKE_READ, NULL);
    int second = intake_open(f->data, INTAKE_READ, NULL);
    g_assert_true(first >= 0 && second >= 0);
    g_assert_cmpint(intake_open(f->data, INTAKE_WRITE_NOW, NULL), ==, -1);
    close(first);
    close(second);
    f->intake = intake_open(f->data, INTAKE_WRITE_NOW, NULL);
    g_assert_cmpint(f->intake, >=, 0);
}

static void test_none(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(intake_open("/nonexistent", INTAKE_READ, &error), ==, -1);
    g_assert_error(error, DISK_ERROR, DISK_ERROR_MISSING);
}

/* Whoever may only look hears of each change once. */
static void test_peek(Fixture *f, gconstpointer data)
{
    g_auto(IntakeState) state = { 0 }, other = { 0 };
    const IntakeState copying = { .result = INTAKE_COPYING };
    guint64 id = 0;

    (void)data;
    g_assert_false(intake_peek(f->data, &id, &state));
    g_assert_true(intake_save_state(f->intake, &copying, NULL));
    g_assert_true(intake_peek(f->data, &id, &state));
    g_assert_cmpint(state.result, ==, INTAKE_COPYING);
    g_assert_false(intake_peek(f->data, &id, &other));
    g_assert_true(intake_save_state(f->intake, &copying, NULL));
    g_assert_true(intake_peek(f->data, &id, &other));
    id = 0;
    g_assert_false(intake_peek("/nonexistent", &id, &state));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/intake/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
    g_test_add("/intake/damaged", Fixture, NULL, set_up, test_damaged, tear_down);
    g_test_add("/intake/tidy", Fixture, NULL, set_up, test_tidy, tear_down);
    g_test_add("/intake/lock", Fixture, NULL, set_up, test_lock, tear_down);
    g_test_add("/intake/peek", Fixture, NULL, set_up, test_peek, tear_down);
    g_test_add_func("/intake/none", test_none);
    return g_test_run();
}

#include "db/report_outbox.h"

#include "db/disk.h"
#include "db/import_report.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *data, *folder;
    ImportReport *report;
    int stick;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->data = g_dir_make_tmp("outbox_XXXXXX", NULL);
    f->folder = g_build_filename(f->data, "update", "report", NULL);
    f->report = import_report_new();
    f->stick = open(f->data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void remove_all(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);

    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *child = g_build_filename(path, name, NULL);
        if (g_file_test(child, G_FILE_TEST_IS_DIR)) remove_all(child);
        g_remove(child);
    }
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    close(f->stick);
    remove_all(f->data);
    g_rmdir(f->data);
    import_report_free(f->report);
    g_free(f->folder);
    g_free(f->data);
}

static gboolean put(Fixture *f, int minute)
{
    g_autoptr(GDateTime) when = g_date_time_new_local(2026, 3, 5, 9, minute, 0);
    const ReportSheet sheet = { .outcome = UPDATE_REJECT, .report = f->report, .when = when };

    return report_outbox_put(f->data, &sheet, NULL);
}

static void test_newest(Fixture *f, gconstpointer data)
{
    g_autofree char *name = NULL;

    (void)data;
    g_assert_true(put(f, 10));
    g_assert_true(put(f, 11));
    g_assert_true(report_outbox_copy(f->data, f->stick, &name, NULL));
    g_assert_cmpstr(name, ==, "更新结果-20260305-0911.xlsx");
}

/* What cannot be kept leaves nothing, rather than the result of another update. */
static void test_failed(Fixture *f, gconstpointer data)
{
    g_autofree char *name = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *way = g_build_filename(f->folder, "更新结果-20260305-0911.xlsx.tmp", NULL);

    (void)data;
    g_assert_true(put(f, 10));
    g_assert_cmpint(g_mkdir(way, 0700), ==, 0);
    g_assert_false(put(f, 11));
    g_assert_false(report_outbox_copy(f->data, f->stick, &name, &error));
    g_assert_error(error, REPORT_OUTBOX_ERROR, REPORT_OUTBOX_ERROR_NOTHING);
}

static void test_wanted(Fixture *f, gconstpointer data)
{
    (void)data;
    g_assert_false(report_outbox_is_wanted(f->data));
    g_assert_true(report_outbox_want(f->data, NULL));
    g_assert_true(report_outbox_is_wanted(f->data));
    report_outbox_forget(f->data, g_get_real_time() / G_USEC_PER_SEC - 60);
    g_assert_true(report_outbox_is_wanted(f->data)); /* it was asked for later */
    report_outbox_forget(f->data, G_MAXINT64);
    g_assert_false(report_outbox_is_wanted(f->data));
}

/* On a stick is the result only what is the same octet for octet. */
static void test_found(Fixture *f, gconstpointer data)
{
    g_autofree char *name = NULL, *before = report_outbox_found_in(f->data, f->stick);

    (void)data;
    g_assert_cmpstr(before, ==, "");
    g_assert_true(put(f, 10));
    g_autofree char *not_yet = report_outbox_found_in(f->data, f->stick);
    g_assert_cmpstr(not_yet, ==, "");
    g_assert_true(report_outbox_copy(f->data, f->stick, &name, NULL));
    g_autofree char *found = report_outbox_found_in(f->data, f->stick);
    g_assert_cmpstr(found, ==, name);
    g_assert_true(disk_replace(f->stick, name, "PK", 2, 0644, NULL));
    g_autofree char *other = report_outbox_found_in(f->data, f->stick);
    g_assert_cmpstr(other, ==, "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/report_outbox/newest", Fixture, NULL, set_up, test_newest, tear_down);
    g_test_add("/report_outbox/failed", Fixture, NULL, set_up, test_failed, tear_down);
    g_test_add("/report_outbox/wanted", Fixture, NULL, set_up, test_wanted, tear_down);
    g_test_add("/report_outbox/found", Fixture, NULL, set_up, test_found, tear_down);
    return g_test_run();
}

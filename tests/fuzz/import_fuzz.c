/* Any octets as one of the sheets (the first octet says which) on top of a small catalogue: the
 * import either refuses with at least one error that says what and where, or the result holds every
 * rule of the schema. It never fails for another reason. */
#include "db/import.h"
#include "db/store.h"

#include <glib/gstdio.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static const char *const names[] = { "事项.csv",   "公示数据.csv", "工程项目.csv", "问答.csv",
                                     "同义词.csv", "俗语.csv",     "公告.csv",     "个人补贴.csv" };

static sqlite3 *make_base(void)
{
    sqlite3 *base = store_create_scratch(NULL);
    if (!base || !store_exec(base,
                             "INSERT INTO topic VALUES "
                             "('CL01',1,'残补','残疾人服务','答','说','','','','','','','12345','"
                             "文','2023-12-31','已核实')",
                             NULL))
        abort();
    return base;
}

static void check_issues(const GPtrArray *issues)
{
    for (guint i = 0; i < issues->len; i++) {
        const ImportIssue *issue = issues->pdata[i];
        g_assert_true(*issue->file && *issue->message && *issue->remedy);
        g_assert_true(g_utf8_validate(issue->value, -1, NULL));
    }
}

static void check_result(sqlite3 *target)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(sqlite3_stmt) row = store_prepare(target, "PRAGMA foreign_key_check", &error);
    g_assert_no_error(error);
    g_assert_false(store_step(row, &error));
    g_assert_no_error(error);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static char *dir;
    static sqlite3 *base;
    if (!dir) {
        dir = g_dir_make_tmp("import_fuzz.XXXXXX", NULL);
        base = make_base();
    }
    if (size == 0 || !dir) return 0;
    g_autofree char *path = g_build_filename(dir, names[data[0] % G_N_ELEMENTS(names)], NULL);
    if (!g_file_set_contents_full(path, (const char *)data + 1, (gssize)(size - 1),
                                  G_FILE_SET_CONTENTS_NONE, 0600, NULL))
        return 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(ImportReport) report = import_report_new();
    g_autoptr(sqlite3) target = store_create_scratch(NULL);
    gboolean is_done = import_sheets(dir, base, target, report, &error);
    g_assert_no_error(error);
    g_assert_true(is_done);
    check_issues(report->errors);
    check_issues(report->warnings);
    if (report->error_count == 0) check_result(target);
    g_unlink(path);
    return 0;
}

/* import_run SHEETS FILE: imports into a new catalogue FILE and prints "seconds peak-KiB rows";
 * what import_bench.sh measures. Exit 1 if anything is refused. */
#include "db/import.h"
#include "db/store.h"

#include <sys/resource.h>

static gboolean run(const char *sheets, const char *file, guint64 *rows, GError **error)
{
    g_autoptr(ImportReport) report = import_report_new();
    g_autoptr(sqlite3) target = store_create_content(file, error);
    if (!target || !import_sheets(sheets, NULL, target, report, error)) return FALSE;
    for (guint i = 0; i < report->sheets->len; i++)
        *rows += ((ImportSheet *)report->sheets->pdata[i])->rows;
    if (report->error_count == 0) return TRUE;
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_NO_SHEET, "refused: %s",
                ((ImportIssue *)report->errors->pdata[0])->message);
    return FALSE;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    guint64 rows = 0;
    if (argc != 3 || !run(argv[1], argv[2], &rows, &error)) {
        g_printerr("import_run: %s\n", error ? error->message : "usage: import_run SHEETS FILE");
        return 1;
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                 (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    printf("%.3f %ld %" G_GUINT64_FORMAT "\n", cpu, usage.ru_maxrss, rows);
    return 0;
}

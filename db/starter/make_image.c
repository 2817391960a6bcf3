/* make_image SHEETS FILE — part of the build: makes the generation that is built into the binary
 * from the starter sheets, by the product's own importer. Warnings are failures here: what we ship
 * obeys the data dictionary to the letter. */
#include "db/generation.h"
#include "db/import.h"
#include "db/search_image.h"
#include "db/store.h"

static void print_issues(const GPtrArray *issues)
{
    for (guint i = 0; i < issues->len; i++) {
        const ImportIssue *issue = issues->pdata[i];
        g_printerr("%s:%" G_GUINT64_FORMAT ": %s “%s”: %s\n", issue->file, issue->row,
                   issue->column, issue->value, issue->message);
    }
}

/* The same sheets give the same image, whenever and from wherever it is built. */
static gboolean make(const char *sheets, const char *file, GError **error)
{
    g_autoptr(ImportReport) report = import_report_new();
    g_autoptr(sqlite3) target = store_create_content(file, error);
    if (!target || !import_sheets(sheets, NULL, target, report, error)) return FALSE;
    print_issues(report->errors);
    print_issues(report->warnings);
    if (report->error_count + report->warning_count > 0) {
        g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_NO_SHEET, "起步内容不合数据字典");
        return FALSE;
    }
    g_autofree char *digest = generation_digest(target, error);
    return digest && generation_seal(target, digest, error) &&
           search_image_store(target, digest, error) &&
           store_exec(target, "UPDATE sheet SET origin = 'built-in', loaded = ''", error);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (argc == 3 && make(argv[1], argv[2], &error)) return 0;
    g_printerr("make_image: %s\n", error ? error->message : "usage: make_image SHEETS FILE");
    return 1;
}

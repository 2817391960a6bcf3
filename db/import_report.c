/* The report of import.h. */
#include "db/import_report.h"

static void issue_free(gpointer data)
{
    ImportIssue *issue = data;
    g_free(issue->file);
    g_free(issue->column);
    g_free(issue->value);
    g_free(issue->message);
    g_free(issue->remedy);
    g_free(issue);
}

static void sheet_free(gpointer data)
{
    ImportSheet *sheet = data;
    g_free(sheet->name);
    g_free(sheet->charset);
    g_free(sheet);
}

ImportReport *import_report_new(void)
{
    ImportReport *report = g_new0(ImportReport, 1);
    report->errors = g_ptr_array_new_with_free_func(issue_free);
    report->warnings = g_ptr_array_new_with_free_func(issue_free);
    report->sheets = g_ptr_array_new_with_free_func(sheet_free);
    return report;
}

void import_report_free(ImportReport *report)
{
    if (!report) return;
    g_ptr_array_unref(report->errors);
    g_ptr_array_unref(report->warnings);
    g_ptr_array_unref(report->sheets);
    g_free(report);
}

/* What a terminal would obey, or what would turn the sentence round. */
static gboolean is_wild(gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

/* A stick says what it likes; what is told of it is read on terminals and screens. */
static char *tamed(const char *text)
{
    GString *out = g_string_sized_new(strlen(text));
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        g_string_append_unichar(out, c == '\n' || c == '\r' || c == '\t' ? ' '
                                     : is_wild(c)                        ? 0xfffd
                                                                         : c);
    }
    return g_string_free(out, FALSE);
}

/* At most VALUE_CHARS_MAX characters of what stood there. */
static char *shortened(const char *value)
{
    enum { VALUE_CHARS_MAX = 40 };
    if (g_utf8_strlen(value, -1) <= VALUE_CHARS_MAX) return tamed(value);
    g_autofree char *start = g_utf8_substring(value, 0, VALUE_CHARS_MAX);
    g_autofree char *head = tamed(start);
    return g_strconcat(head, "…", NULL);
}

/* Whether no more of `file` is listed; the issues of a file come together. */
static gboolean is_full(const GPtrArray *list, const char *file)
{
    if (list->len < IMPORT_ISSUES_MAX) return FALSE;
    const ImportIssue *issue = list->pdata[list->len - IMPORT_ISSUES_EACH];
    return strcmp(issue->file, file) == 0;
}

void import_report_add(ImportReport *report, gboolean is_error, const char *file, guint64 row,
                       const char *column, const char *value, const char *message,
                       const char *remedy)
{
    GPtrArray *list = is_error ? report->errors : report->warnings;
    guint64 *count = is_error ? &report->error_count : &report->warning_count;
    ++*count;
    if (is_full(list, file)) return;
    ImportIssue *issue = g_new0(ImportIssue, 1);
    issue->file = g_strdup(file);
    issue->row = row;
    issue->column = g_strdup(column);
    issue->value = shortened(value);
    issue->message = tamed(message); /* of a header it has the names */
    issue->remedy = g_strdup(remedy);
    g_ptr_array_add(list, issue);
}

void import_report_add_sheet(ImportReport *report, const char *name, guint64 rows,
                             const char *charset)
{
    ImportSheet *sheet = g_new0(ImportSheet, 1);
    sheet->name = g_strdup(name);
    sheet->rows = rows;
    sheet->charset = g_strdup(charset);
    g_ptr_array_add(report->sheets, sheet);
}

static int compare_rows(gconstpointer a, gconstpointer b, gpointer data)
{
    const ImportIssue *one = *(const ImportIssue *const *)a,
                      *other = *(const ImportIssue *const *)b;
    (void)data;
    return one->row < other->row ? -1 : one->row > other->row;
}

static void sort_from(GPtrArray *issues, guint from)
{
    if (from < issues->len) /* stable */
        g_qsort_with_data(issues->pdata + from, (gint)(issues->len - from), sizeof(gpointer),
                          compare_rows, NULL);
}

void import_report_sort(ImportReport *report, guint errors_from, guint warnings_from)
{
    sort_from(report->errors, errors_from);
    sort_from(report->warnings, warnings_from);
}

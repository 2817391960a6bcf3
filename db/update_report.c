#include "db/update_report.h"

#include "charset/terminal.h"
#include "db/json_line.h"

#define ISSUES_SHOWN 100u /* on a terminal */
#define ROWS_SHOWN   20u

/* ---- JSON ---- */

static const char *outcome_name(UpdateOutcome outcome)
{
    switch (outcome) {
    case UPDATE_ACCEPT:
        return "accept";
    case UPDATE_WARN:
        return "warn";
    case UPDATE_REJECT:
        return "reject";
    case UPDATE_SAME:
        return "same";
    }
    return "reject";
}

static void add_text(JsonBuilder *builder, const char *name, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, valid);
}

static void add_number(JsonBuilder *builder, const char *name, guint64 number)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, (gint64)number);
}

static void add_issue(JsonBuilder *builder, const ImportIssue *issue)
{
    json_builder_begin_object(builder);
    add_text(builder, "file", issue->file);
    add_number(builder, "row", issue->row);
    add_text(builder, "column", issue->column);
    add_text(builder, "value", issue->value);
    add_text(builder, "message", issue->message);
    add_text(builder, "remedy", issue->remedy);
    json_builder_end_object(builder);
}

/* What is said of no file. */
static void add_remark(JsonBuilder *builder, const char *message, const char *remedy)
{
    char none[] = "";
    g_autofree char *what = g_strdup(message);
    g_autofree char *how = g_strdup(remedy);
    add_issue(builder, &(ImportIssue){ none, 0, none, none, what, how });
}

static void add_issues(JsonBuilder *builder, const char *name, const GPtrArray *issues,
                       guint64 count, const GError *trouble)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
    for (guint i = 0; i < issues->len; i++)
        add_issue(builder, issues->pdata[i]);
    if (count > issues->len) {
        g_autofree char *rest =
            g_strdup_printf("还有 %" G_GUINT64_FORMAT " 处没有列出", count - issues->len);
        add_remark(builder, rest, "先改好列出的，再检查一次");
    }
    if (trouble) add_remark(builder, trouble->message, update_remedy(trouble));
    json_builder_end_array(builder);
}

char *update_report_json(UpdateOutcome outcome, guint number, const ImportReport *report,
                         const Diff *diff, const GError *trouble)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    add_text(builder, "outcome", outcome_name(outcome));
    json_builder_set_member_name(builder, "generation");
    if (number > 0)
        json_builder_add_int_value(builder, number);
    else
        json_builder_add_null_value(builder);
    add_issues(builder, "errors", report->errors, report->error_count, trouble);
    add_issues(builder, "warnings", report->warnings, report->warning_count, NULL);
    json_builder_set_member_name(builder, "diff");
    json_builder_begin_object(builder);
    add_number(builder, "added", diff ? diff->added_count : 0);
    add_number(builder, "changed", diff ? diff->changed_count : 0);
    add_number(builder, "removed", diff ? diff->removed_count : 0);
    json_builder_end_object(builder);
    json_builder_end_object(builder);
    return json_line(builder);
}

/* ---- plain Chinese ---- */

void update_report_sheets(const ImportReport *report)
{
    for (guint i = 0; i < report->sheets->len; i++) {
        const ImportSheet *sheet = report->sheets->pdata[i];
        gboolean is_workbook = strcmp(sheet->charset, "xlsx") == 0;
        terminal_printf(stdout, "读了%s：%" G_GUINT64_FORMAT " 行%s%s\n", sheet->name, sheet->rows,
                        is_workbook ? "" : "，编码 ", is_workbook ? "" : sheet->charset);
    }
}

static char *place(const ImportIssue *issue)
{
    GString *text = g_string_new(issue->file);
    if (issue->row > 0) g_string_append_printf(text, " 第 %" G_GUINT64_FORMAT " 行", issue->row);
    if (*issue->column) g_string_append_printf(text, "“%s”", issue->column);
    return g_string_free(text, FALSE);
}

static void print_issue(FILE *stream, const ImportIssue *issue)
{
    g_autofree char *where = place(issue);
    g_autoptr(GString) line = g_string_new(NULL);
    g_string_append_printf(line, "  %s：%s", where, issue->message);
    if (*issue->value) g_string_append_printf(line, "（现在是“%s”）", issue->value);
    if (*issue->remedy) g_string_append_printf(line, "。改法：%s", issue->remedy);
    g_string_append(line, "。");
    g_autofree char *wrapped = terminal_wrap(line->str, terminal_width(), 4);
    terminal_printf(stream, "%s\n", wrapped);
}

static void print_issues(FILE *stream, const GPtrArray *issues, guint64 count)
{
    guint shown = MIN(issues->len, ISSUES_SHOWN);
    for (guint i = 0; i < shown; i++)
        print_issue(stream, issues->pdata[i]);
    if (count > shown)
        terminal_printf(stream, "  还有 %" G_GUINT64_FORMAT " 处没有列出。\n", count - shown);
}

void update_report_warnings(const ImportReport *report)
{
    if (report->warning_count == 0) return;
    terminal_printf(stdout, "提醒 %" G_GUINT64_FORMAT " 处（不影响发布）：\n",
                    report->warning_count);
    print_issues(stdout, report->warnings, report->warning_count);
}

void update_report_errors(const ImportReport *report)
{
    terminal_printf(stderr, "有 %" G_GUINT64_FORMAT " 处错误，这次不能发布，现用的内容没有变：\n",
                    report->error_count);
    print_issues(stderr, report->errors, report->error_count);
}

void update_report_diff(const Diff *diff)
{
    g_autofree char *text = diff_text(diff, ROWS_SHOWN);
    terminal_put(stdout, text);
}

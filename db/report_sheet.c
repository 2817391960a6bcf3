#include "db/report_sheet.h"

#include "db/csv_text.h"
#include "db/disk.h"
#include "db/rule.h"
#include "db/xlsx_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define COUNT        G_GUINT64_FORMAT
#define COLUMNS_MAX  7u
#define WIDTH_SHORT  10u
#define WIDTH_MIDDLE 24u
#define WIDTH_LONG   50u

/* Where the lines go: one of the two is set. */
typedef struct {
    XlsxWriter *writer;
    GString *csv;
    guint column_count; /* of the page at hand */
} Target;

/* ---- pages and lines ---- */

static void begin_page(Target *target, const char *name, const XlsxColumn *columns, guint count)
{
    const char *headers[COLUMNS_MAX];
    target->column_count = count;
    if (target->writer) {
        xlsx_writer_add_sheet(target->writer, name, columns, count);
        return;
    }
    for (guint i = 0; i < count; i++)
        headers[i] = columns[i].header;
    if (target->csv->len > strlen(CSV_TEXT_BOM)) csv_text_append(target->csv, NULL, 0);
    csv_text_append(target->csv, &name, 1);
    csv_text_append(target->csv, headers, count);
}

static void put(Target *target, const char *const *cells)
{
    if (target->writer)
        xlsx_writer_add_row(target->writer, cells);
    else
        csv_text_append(target->csv, cells, target->column_count);
}

/* ---- 结果 ---- */

static char *verdict(const ReportSheet *sheet)
{
    if (sheet->number > 0) return g_strdup_printf("已发布第 %u 版", sheet->number);
    if (sheet->report->error_count > 0)
        return g_strdup_printf("没有发布：有 %" COUNT " 处错误，现用的内容没有变",
                               sheet->report->error_count);
    if (sheet->trouble) return g_strdup_printf("没有发布，现用的内容没有变：%s", sheet->trouble);
    if (sheet->outcome == UPDATE_SAME) return g_strdup("没有发布：内容和现用的完全一样");
    if (sheet->is_check) return g_strdup("检查通过，可以发布（这次只检查，没有发布）");
    return g_strdup("没有发布：没有确认，现用的内容没有变");
}

static const char *next_step(const ReportSheet *sheet)
{
    if (sheet->report->error_count > 0)
        return "照“问题”里的“怎么改”改好这些格子，存盘，再带来更新一次";
    if (sheet->number > 0) return "照“变化”核对一遍；发布错了可以退回上一版";
    if (sheet->trouble) return "请技术人员看一看";
    return sheet->is_check && sheet->outcome != UPDATE_SAME ? "可以正式更新了" : "不用做什么";
}

static void put_fact(Target *target, const char *name, const char *text)
{
    put(target, (const char *const[]){ name, text });
}

static void put_count(Target *target, const char *name, guint64 count, const char *unit)
{
    g_autofree char *text = g_strdup_printf("%" COUNT " %s", count, unit);
    put_fact(target, name, text);
}

static void put_sheets(Target *target, const ImportReport *report)
{
    for (guint i = 0; i < report->sheets->len; i++) {
        const ImportSheet *sheet = report->sheets->pdata[i];
        g_autofree char *name = g_strdup_printf("读了%s", sheet->name);
        put_count(target, name, sheet->rows, "行");
    }
}

static void put_diff_counts(Target *target, const Diff *diff)
{
    put_count(target, "删除", diff->removed_count, "行");
    put_count(target, "改动", diff->changed_count, "行");
    put_count(target, "新增", diff->added_count, "行");
    g_auto(GStrv) cautions = diff_cautions(diff);
    for (char **caution = cautions; *caution; caution++)
        put_fact(target, "注意", *caution);
}

static void put_result(Target *target, const ReportSheet *sheet)
{
    static const XlsxColumn columns[] = {
        { .header = "项目", .width = WIDTH_MIDDLE },
        { .header = "内容", .width = WIDTH_LONG * 2, .is_wrapped = TRUE },
    };
    g_autofree char *result = verdict(sheet);
    g_autofree char *when = g_date_time_format(sheet->when, "%Y-%m-%d %H:%M");
    begin_page(target, "结果", columns, G_N_ELEMENTS(columns));
    put_fact(target, "结果", result);
    put_fact(target, "时间", when);
    if (sheet->source) put_fact(target, "从哪里更新", sheet->source);
    put_fact(target, "接下来", next_step(sheet));
    put_sheets(target, sheet->report);
    put_count(target, "错误", sheet->report->error_count, "处");
    put_count(target, "提醒（不影响发布）", sheet->report->warning_count, "处");
    if (sheet->diff) put_diff_counts(target, sheet->diff);
}

/* ---- 问题 ---- */

static void put_issues(Target *target, const char *kind, const GPtrArray *issues, guint64 count)
{
    for (guint i = 0; i < issues->len; i++) {
        const ImportIssue *issue = issues->pdata[i];
        g_autofree char *row =
            issue->row > 0 ? g_strdup_printf("%" COUNT, issue->row) : g_strdup("");
        put(target, (const char *const[]){ kind, issue->file, row, issue->column, issue->value,
                                           issue->message, issue->remedy });
    }
    if (count <= issues->len) return;
    g_autofree char *rest = g_strdup_printf("还有 %" COUNT " 处没有列出", count - issues->len);
    put(target, (const char *const[]){ kind, "", "", "", "", rest, "先改好列出的，再检查一次" });
}

static void put_problems(Target *target, const ImportReport *report)
{
    static const XlsxColumn columns[] = {
        { .header = "类别", .width = WIDTH_SHORT },
        { .header = "表", .width = WIDTH_MIDDLE, .is_wrapped = TRUE },
        { .header = "行", .width = WIDTH_SHORT },
        { .header = "列", .width = WIDTH_SHORT * 3 / 2 },
        { .header = "现在的值", .width = WIDTH_MIDDLE, .is_wrapped = TRUE },
        { .header = "问题", .width = WIDTH_LONG, .is_wrapped = TRUE },
        { .header = "怎么改", .width = WIDTH_LONG, .is_wrapped = TRUE },
    };
    begin_page(target, "问题", columns, G_N_ELEMENTS(columns));
    put_issues(target, "错误", report->errors, report->error_count);
    put_issues(target, "提醒", report->warnings, report->warning_count);
}

/* ---- 变化 ---- */

static void put_entry(Target *target, const char *verb, const char *file, const DiffEntry *entry)
{
    if (!entry->fields) put(target, (const char *const[]){ verb, file, entry->key, "", "", "" });
    for (guint i = 0; entry->fields && i < entry->fields->len; i++) {
        const DiffField *field = entry->fields->pdata[i];
        put(target, (const char *const[]){ verb, file, entry->key, field->header, field->before,
                                           field->after });
    }
}

static void put_entries(Target *target, const char *verb, const char *file,
                        const GPtrArray *entries, guint64 count)
{
    for (guint i = 0; i < entries->len; i++)
        put_entry(target, verb, file, entries->pdata[i]);
    if (count <= entries->len) return;
    g_autofree char *rest = g_strdup_printf("还有 %" COUNT " 行没有列出", count - entries->len);
    put(target, (const char *const[]){ verb, file, rest, "", "", "" });
}

/* What goes first: it is what a wrong file does most harm with. */
static void put_changes(Target *target, const Diff *diff)
{
    static const XlsxColumn columns[] = {
        { .header = "变化", .width = WIDTH_SHORT },
        { .header = "表", .width = WIDTH_SHORT * 3 / 2 },
        { .header = "哪一行", .width = WIDTH_LONG, .is_wrapped = TRUE },
        { .header = "列", .width = WIDTH_SHORT * 3 / 2 },
        { .header = "原来", .width = WIDTH_LONG, .is_wrapped = TRUE },
        { .header = "现在", .width = WIDTH_LONG, .is_wrapped = TRUE },
    };
    begin_page(target, "变化", columns, G_N_ELEMENTS(columns));
    if (!diff) return;
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        put_entries(target, "删除", diff->sheets[i].file, diff->sheets[i].removed,
                    diff->sheets[i].removed_count);
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        put_entries(target, "改动", diff->sheets[i].file, diff->sheets[i].changed,
                    diff->sheets[i].changed_count);
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        put_entries(target, "新增", diff->sheets[i].file, diff->sheets[i].added,
                    diff->sheets[i].added_count);
}

/* ---- the file ---- */

static void put_all(Target *target, const ReportSheet *sheet)
{
    put_result(target, sheet);
    put_problems(target, sheet->report);
    put_changes(target, sheet->diff);
}

char *report_sheet_name(GDateTime *when, ReportSheetFormat format)
{
    g_autofree char *stamp = g_date_time_format(when, "%Y%m%d-%H%M");
    return g_strdup_printf("更新结果-%s.%s", stamp, format == REPORT_SHEET_CSV ? "csv" : "xlsx");
}

const char *report_sheet_complaint(const char *path, ReportSheetFormat *format)
{
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *lower = g_ascii_strdown(name, -1);
    *format = g_str_has_suffix(lower, ".csv") ? REPORT_SHEET_CSV : REPORT_SHEET_XLSX;
    if (*format != REPORT_SHEET_CSV && !g_str_has_suffix(lower, ".xlsx"))
        return "写更新结果的文件名要以 .xlsx 或 .csv 结尾";
    *strrchr(name, '.') = '\0';
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++)
        if (strcmp(name, rule_sheets[id].stem) == 0)
            return "写更新结果的文件不能和表同名，会把表盖掉";
    return NULL;
}

gboolean report_sheet_write(const ReportSheet *sheet, int folder, const char *name,
                            ReportSheetFormat format, GError **error)
{
    if (format == REPORT_SHEET_CSV) {
        g_autoptr(GString) text = g_string_new(CSV_TEXT_BOM);
        put_all(&(Target){ .csv = text }, sheet);
        g_autofree char *valid = g_utf8_make_valid(text->str, (gssize)text->len);
        return disk_replace(folder, name, valid, strlen(valid), 0644, error);
    }
    g_autoptr(XlsxWriter) writer = xlsx_writer_new(error);
    if (!writer) return FALSE;
    put_all(&(Target){ .writer = writer }, sheet);
    return xlsx_writer_save(writer, folder, name, error);
}

gboolean report_sheet_write_path(const ReportSheet *sheet, const char *path, GError **error)
{
    ReportSheetFormat format = REPORT_SHEET_XLSX;
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *folder_path = g_path_get_dirname(path);
    (void)report_sheet_complaint(path, &format);
    int folder = open(folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return disk_fail(error, DISK_ERROR_WRITE, errno, folder_path);
    gboolean is_written = report_sheet_write(sheet, folder, name, format, error);
    close(folder);
    return is_written;
}

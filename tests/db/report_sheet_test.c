/* db/report_sheet.c: what the clerk reads of an update that was published, refused, the same, only
 * checked, or failed; the same in a workbook and in a CSV; no formula in either. */
#include "db/report_sheet.h"

#include "db/disk.h"
#include "db/import_report.h"
#include "db/sheet.h"
#include "tests/db/sample.h"

#include <fcntl.h>
#include <unistd.h>

typedef struct {
    char *top;
    int folder;
    ImportReport *report;
    GDateTime *when;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
    (void)unused;
    f->top = g_dir_make_tmp("report-sheet-XXXXXX", NULL);
    f->folder = open(f->top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    f->report = import_report_new();
    f->when = g_date_time_new_local(2026, 3, 5, 9, 10, 11);
    import_report_add_sheet(f->report, "公告.xlsx", 3, "xlsx");
}

static void tear_down(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_date_time_unref(f->when);
    import_report_free(f->report);
    close(f->folder);
    sample_remove(f->top);
    g_free(f->top);
}

static char *read_file(const Fixture *f, const char *name)
{
    gsize len = 0;
    g_autoptr(GError) error = NULL;
    char *text = disk_read(f->folder, name, 1000 * 1000, &len, &error);
    g_assert_no_error(error);
    return text;
}

static char *as_csv(const Fixture *f, const ReportSheet *sheet)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(report_sheet_write(sheet, f->folder, "r.csv", REPORT_SHEET_CSV, &error));
    g_assert_no_error(error);
    return read_file(f, "r.csv");
}

/* A page of the workbook, "cell|cell\n" a row. */
static char *as_page(const Fixture *f, const ReportSheet *sheet, const char *page)
{
    g_autoptr(GError) error = NULL;
    const SheetWanted wanted = { .worksheet = page };
    SheetRow row = { 0 };
    SheetFault fault = { 0 };
    GString *out = g_string_new(NULL);
    g_assert_true(report_sheet_write(sheet, f->folder, "r.xlsx", REPORT_SHEET_XLSX, &error));
    g_assert_no_error(error);
    int fd = openat(f->folder, "r.xlsx", O_RDONLY | O_CLOEXEC);
    g_autoptr(Sheet) reader = sheet_open(fd, SHEET_XLSX, &wanted, &error);
    g_assert_no_error(error);
    while (sheet_next_row(reader, &row, &fault, NULL) == SHEET_ROW)
        for (guint i = 0; i < row.cell_count; i++)
            g_string_append_printf(out, "%s%c", row.cells[i].text,
                                   i + 1 < row.cell_count ? '|' : '\n');
    return g_string_free(out, FALSE);
}

static void test_refused(Fixture *f, gconstpointer unused)
{
    (void)unused;
    import_report_add(f->report, TRUE, "公告.xlsx", 2, "标题", "=1+1", "是公式", "改成文字");
    import_report_add(f->report, TRUE, "事项.csv", 0, "", "", "没有表头", "加上");
    import_report_add(f->report, FALSE, "公告.xlsx", 4, "内容", " 好", "已去掉空格", "不用改");
    const ReportSheet sheet = {
        .outcome = UPDATE_REJECT, .source = "U盘", .report = f->report, .when = f->when
    };
    g_autofree char *csv = as_csv(f, &sheet);
    g_assert_cmpstr(csv, ==,
                    "\xef\xbb\xbf结果\r\n项目,内容\r\n"
                    "结果,没有发布：有 2 处错误，现用的内容没有变\r\n时间,2026-03-05 09:10\r\n"
                    "从哪里更新,U盘\r\n"
                    "接下来,照“问题”里的“怎么改”改好这些格子，存盘，再带来更新一次\r\n"
                    "读了公告.xlsx,3 行\r\n错误,2 处\r\n提醒（不影响发布）,1 处\r\n\r\n"
                    "问题\r\n类别,表,行,列,现在的值,问题,怎么改\r\n"
                    "错误,公告.xlsx,2,标题,'=1+1,是公式,改成文字\r\n"
                    "错误,事项.csv,,,,没有表头,加上\r\n"
                    "提醒,公告.xlsx,4,内容,\" 好\",已去掉空格,不用改\r\n\r\n"
                    "变化\r\n变化,表,哪一行,列,原来,现在\r\n");
    g_autofree char *page = as_page(f, &sheet, "问题");
    g_assert_cmpstr(page, ==,
                    "类别|表|行|列|现在的值|问题|怎么改\n"
                    "错误|公告.xlsx|2|标题|=1+1|是公式|改成文字\n"
                    "错误|事项.csv||||没有表头|加上\n"
                    "提醒|公告.xlsx|4|内容| 好|已去掉空格|不用改\n");
}

/* A clerk must not take a list that was cut for the whole. */
static void test_more_than_are_listed(Fixture *f, gconstpointer unused)
{
    (void)unused;
    for (guint i = 0; i < IMPORT_ISSUES_MAX + 5; i++)
        import_report_add(f->report, TRUE, "公告.xlsx", i + 2, "标题", "", "空的", "补上");
    const ReportSheet sheet = { .report = f->report, .when = f->when };
    g_autofree char *csv = as_csv(f, &sheet);
    g_assert_nonnull(strstr(csv, "有 1005 处错误"));
    g_assert_nonnull(strstr(csv, "错误,,,,,还有 5 处没有列出,先改好列出的，再检查一次\r\n"));
}

static Diff *sample_diff(const Fixture *f, sqlite3 **before, sqlite3 **after)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *old_path = g_build_filename(f->top, "old.db", NULL);
    g_autofree char *new_path = g_build_filename(f->top, "new.db", NULL);
    sample_create(old_path, SAMPLE_TOPIC("JZ01", "最低生活保障", "12345")
                                SAMPLE_QA("JZ01", "怎么办？", "去街道。")
                                    SAMPLE_QA("JZ01", "多少钱？", "不知道。"));
    sample_create(new_path, SAMPLE_TOPIC("JZ01", "最低生活保障", "12345;12385")
                                SAMPLE_QA("JZ01", "怎么办？", "-去社区。")
                                    SAMPLE_QA("JZ01", "在哪里？", "街道。"));
    *before = store_open_content(old_path, &error);
    g_assert_no_error(error);
    *after = store_open_content(new_path, &error);
    g_assert_no_error(error);
    Diff *diff = diff_new(*before, *after, &error);
    g_assert_no_error(error);
    return diff;
}

static void test_published(Fixture *f, gconstpointer unused)
{
    (void)unused;
    sqlite3 *before = NULL, *after = NULL;
    g_autoptr(Diff) diff = sample_diff(f, &before, &after);
    const ReportSheet sheet = {
        .outcome = UPDATE_ACCEPT, .number = 12, .report = f->report, .diff = diff, .when = f->when
    };
    g_autofree char *result = as_page(f, &sheet, "结果");
    g_assert_cmpstr(result, ==,
                    "项目|内容\n结果|已发布第 12 版\n时间|2026-03-05 09:10\n"
                    "接下来|照“变化”核对一遍；发布错了可以退回上一版\n读了公告.xlsx|3 行\n"
                    "错误|0 处\n提醒（不影响发布）|0 处\n删除|1 行\n改动|2 行\n新增|1 行\n"
                    "注意|有一张表删掉了三成以上的行\n注意|有电话号码变了，请拨打核对：12385\n");
    g_autofree char *changes = as_page(f, &sheet, "变化");
    g_assert_cmpstr(changes, ==,
                    "变化|表|哪一行|列|原来|现在\n"
                    "删除|问答.csv|多少钱？\n"
                    "改动|事项.csv|JZ01 最低生活保障|咨询电话|12345|12345;12385\n"
                    "改动|问答.csv|怎么办？|答复|去街道。|-去社区。\n"
                    "新增|问答.csv|在哪里？\n");
    g_autofree char *csv = as_csv(f, &sheet);
    g_assert_nonnull(strstr(csv, "改动,问答.csv,怎么办？,答复,去街道。,'-去社区。\r\n"));
    store_close(before);
    store_close(after);
}

static const struct {
    UpdateOutcome outcome;
    gboolean is_check;
    const char *trouble, *expected;
} verdicts[] = {
    { UPDATE_SAME, FALSE, NULL, "结果,没有发布：内容和现用的完全一样\r\n" },
    { UPDATE_SAME, TRUE, NULL, "结果,没有发布：内容和现用的完全一样\r\n" },
    { UPDATE_WARN, TRUE, NULL, "结果,检查通过，可以发布（这次只检查，没有发布）\r\n" },
    { UPDATE_ACCEPT, FALSE, NULL, "结果,没有发布：没有确认，现用的内容没有变\r\n" },
    { UPDATE_REJECT, FALSE, "磁盘已满", "结果,没有发布，现用的内容没有变：磁盘已满\r\n" },
};

static void test_verdicts(Fixture *f, gconstpointer unused)
{
    (void)unused;
    for (guint i = 0; i < G_N_ELEMENTS(verdicts); i++) {
        const ReportSheet sheet = { .outcome = verdicts[i].outcome,
                                    .is_check = verdicts[i].is_check,
                                    .trouble = verdicts[i].trouble,
                                    .report = f->report,
                                    .when = f->when };
        g_autofree char *csv = as_csv(f, &sheet);
        g_assert_nonnull(strstr(csv, verdicts[i].expected));
    }
}

static void test_names(Fixture *f, gconstpointer unused)
{
    (void)unused;
    ReportSheetFormat format = REPORT_SHEET_XLSX;
    g_autofree char *name = report_sheet_name(f->when, REPORT_SHEET_XLSX);
    g_assert_cmpstr(name, ==, "更新结果-20260305-0910.xlsx");
    g_assert_null(report_sheet_complaint("/a/b.c/更新结果.CSV", &format));
    g_assert_cmpint(format, ==, REPORT_SHEET_CSV);
    g_assert_null(report_sheet_complaint(name, &format));
    g_assert_cmpint(format, ==, REPORT_SHEET_XLSX);
    g_assert_nonnull(report_sheet_complaint("更新结果.txt", &format));
    g_assert_nonnull(report_sheet_complaint("更新结果", &format));
    g_assert_nonnull(report_sheet_complaint("/u/事项.csv", &format));
    g_assert_nonnull(report_sheet_complaint("个人补贴.xlsx", &format));
}

static void test_folder_that_is_missing(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    const ReportSheet sheet = { .report = f->report, .when = f->when };
    g_autofree char *path = g_build_filename(f->top, "没有", "r.xlsx", NULL);
    g_assert_false(report_sheet_write_path(&sheet, path, &error));
    g_assert_error(error, DISK_ERROR, DISK_ERROR_WRITE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)
    ADD("/report-sheet/refused", test_refused);
    ADD("/report-sheet/more", test_more_than_are_listed);
    ADD("/report-sheet/published", test_published);
    ADD("/report-sheet/verdicts", test_verdicts);
    ADD("/report-sheet/names", test_names);
    ADD("/report-sheet/no-folder", test_folder_that_is_missing);
    return g_test_run();
}

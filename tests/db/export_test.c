#include "db/export.h"

#include "db/sheet.h"
#include "tests/db/sample.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

typedef struct {
    char *top, *out;
    sqlite3 *db;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
    (void)unused;
    f->top = g_dir_make_tmp("export-XXXXXX", NULL);
    f->out = g_build_filename(f->top, "导出", NULL);
    g_autofree char *path = g_build_filename(f->top, "x.db", NULL);
    sample_create(path,
                  SAMPLE_BASE SAMPLE_QA("JZ01", "逗号，和,逗号？", "引号\"两个\"")
                      SAMPLE_QA("JZ01", "减号？", "-按月发") SAMPLE_QA("JZ01", "两行？", "一\n二")
                          SAMPLE_FIGURE("JZ01", "增减", "比上年", "-5"));
    f->db = store_open_content(path, NULL);
    g_assert_nonnull(f->db);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
    (void)unused;
    store_close(f->db);
    sample_remove(f->top);
    g_free(f->out);
    g_free(f->top);
}

static char *read_out(const Fixture *f, const char *name)
{
    char *text = NULL;
    g_autofree char *path = g_build_filename(f->out, name, NULL);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static const struct {
    const char *file, *text;
} sheets[] = {
    { "问答.csv", "\xef\xbb\xbf编号,问题,答复\r\n"
                  "JZ01,低保怎么申请？,向街道申请。\r\n"
                  "JZ01,\"逗号，和,逗号？\",\"引号\"\"两个\"\"\"\r\n"
                  "JZ01,减号？,'-按月发\r\n"
                  "JZ01,两行？,\"一\n二\"\r\n" },
    { "公示数据.csv", "\xef\xbb\xbf编号,年份,项目,指标,数值,单位,说明,来源\r\n"
                      "JZ01,2023,低保救助金,发放金额,100,万元,余,报道\r\n"
                      "JZ01,2023,增减,比上年,-5,万元,余,报道\r\n" },
    { "公告.csv", "\xef\xbb\xbf标题,内容,开始日期,结束日期,类别\r\n" },
    { "工程项目.csv", "\xef\xbb\xbf名称,类型,编号,位置/所属,状态,进度,年份,说明,来源\r\n" },
    { "同义词.csv", "\xef\xbb\xbf词,同义词\r\n" },
    { "俗语.csv", "\xef\xbb\xbf俗语,意思,说明\r\n" },
    { "事项.csv",
      "\xef\xbb\xbf编号,名称,类别,别名,一句话答复,详细说明,办理对象,补贴标准,办理流程,"
      "所需材料,办理地点,办理时间,咨询电话,依据,数据日期,核实状态\r\n"
      "JZ01,最低生活保障,社会救助,低保;吃低保,一句话,说明,,,,,,,12345;0577-12345,依据,"
      "2023-12-31,待社区核实\r\n"
      "CL01,困难残疾人生活补贴,社会救助,,一句话,说明,,,,,,,12385,依据,2023-12-31,待社区核实\r\n" },
};

static void test_sheets(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_assert_true(export_sheets(f->db, f->out, EXPORT_CSV, FALSE, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < G_N_ELEMENTS(sheets); i++) {
        g_autofree char *text = read_out(f, sheets[i].file);
        g_assert_cmpstr(text, ==, sheets[i].text);
    }
}

static void test_never_over_a_file(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(g_mkdir(f->out, 0755), ==, 0);
    g_autofree char *path = g_build_filename(f->out, "公告.csv", NULL);
    g_assert_true(g_file_set_contents(path, "我的", -1, NULL));
    g_assert_false(export_sheets(f->db, f->out, EXPORT_CSV, FALSE, &error));
    g_assert_error(error, EXPORT_ERROR, EXPORT_ERROR_EXISTS);
    g_clear_error(&error);
    g_autofree char *mine = read_out(f, "公告.csv");
    g_assert_cmpstr(mine, ==, "我的");
    g_autoptr(GDir) dir = g_dir_open(f->out, 0, NULL);
    g_assert_cmpstr(g_dir_read_name(dir), ==, "公告.csv");
    g_assert_null(g_dir_read_name(dir));

    g_assert_true(export_sheets(f->db, f->out, EXPORT_CSV, TRUE, &error));
    g_autofree char *replaced = read_out(f, "公告.csv");
    g_assert_cmpstr(replaced, !=, "我的");
}

static void test_a_link_is_replaced_not_followed(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_autofree char *victim = g_build_filename(f->top, "victim", NULL);
    g_autofree char *link_path = g_build_filename(f->out, "公告.csv.tmp", NULL);
    g_assert_true(g_file_set_contents(victim, "别动", -1, NULL));
    g_assert_cmpint(g_mkdir(f->out, 0755), ==, 0);
    g_assert_cmpint(symlink(victim, link_path), ==, 0);
    g_assert_false(export_sheets(f->db, f->out, EXPORT_CSV, FALSE, &error));
    g_assert_error(error, EXPORT_ERROR, EXPORT_ERROR_WRITE);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(victim, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "别动");
}

/* The same rows, as texts: nothing needs a guard there. */
static void test_workbooks(Fixture *f, gconstpointer unused)
{
    (void)unused;
    static const SheetWanted wanted = { .worksheet = "问答" };
    g_autoptr(GError) error = NULL;
    g_assert_true(export_sheets(f->db, f->out, EXPORT_XLSX, FALSE, &error));
    g_assert_no_error(error);
    g_autofree char *path = g_build_filename(f->out, "问答.xlsx", NULL);
    g_autoptr(Sheet) sheet =
        sheet_open(open(path, O_RDONLY | O_CLOEXEC), SHEET_XLSX, &wanted, &error);
    g_assert_no_error(error);
    g_autoptr(GString) out = g_string_new(NULL);
    SheetRow row = { 0 };
    SheetFault fault = { 0 };
    while (sheet_next_row(sheet, &row, &fault, NULL) == SHEET_ROW)
        g_string_append_printf(out, "%s=%s;", row.cells[1].text, row.cells[2].text);
    g_assert_cmpstr(out->str, ==,
                    "问题=答复;低保怎么申请？=向街道申请。;逗号，和,逗号？=引号\"两个\";"
                    "减号？=-按月发;两行？=一\n二;");
    g_autofree char *csv = g_build_filename(f->out, "问答.csv", NULL);
    g_assert_false(g_file_test(csv, G_FILE_TEST_EXISTS));
}

/* Two of a table in one folder is what the importer refuses. */
static void test_not_beside_the_other_format(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_assert_true(export_sheets(f->db, f->out, EXPORT_XLSX, FALSE, NULL));
    g_assert_false(export_sheets(f->db, f->out, EXPORT_CSV, FALSE, &error));
    g_assert_error(error, EXPORT_ERROR, EXPORT_ERROR_EXISTS);
    g_clear_error(&error);
    g_assert_false(export_sheets(f->db, f->out, EXPORT_XLSX, FALSE, &error));
    g_assert_error(error, EXPORT_ERROR, EXPORT_ERROR_EXISTS);
    g_assert_true(export_sheets(f->db, f->out, EXPORT_XLSX, TRUE, NULL));
}

static void test_no_parent(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_autofree char *deep = g_build_filename(f->out, "更深", NULL);
    g_assert_false(export_sheets(f->db, deep, EXPORT_CSV, FALSE, &error));
    g_assert_error(error, EXPORT_ERROR, EXPORT_ERROR_WRITE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)
    ADD("/export/sheets", test_sheets);
    ADD("/export/never-over-a-file", test_never_over_a_file);
    ADD("/export/link", test_a_link_is_replaced_not_followed);
    ADD("/export/workbooks", test_workbooks);
    ADD("/export/formats", test_not_beside_the_other_format);
    ADD("/export/no-parent", test_no_parent);
    return g_test_run();
}

/* db/xlsx_writer.c: what is written comes back as it was, as text, through our own reader and in
 * the XML itself; what does not fit, and a full temporary folder, are told and leave nothing. */
#include "db/xlsx_writer.h"

#include "db/disk.h"
#include "db/sheet.h"
#include "tests/db/sample.h"

#include <fcntl.h>
#include <unistd.h>
#include <zip.h>

static const char *const states[] = { "已核实", "待社区核实", NULL };
static const XlsxColumn columns[] = {
    { "编号", 8, "必填。\n例：CL01", NULL, 4, FALSE },
    { "名称", 30, NULL, NULL, 0, TRUE },
    { "核实状态", 12, NULL, states, 0, FALSE },
};

typedef struct {
    char *top;
    int folder;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
    (void)unused;
    f->top = g_dir_make_tmp("xlsx-writer-XXXXXX", NULL);
    f->folder = open(f->top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_assert_cmpint(f->folder, >=, 0);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
    (void)unused;
    close(f->folder);
    sample_remove(f->top);
    g_free(f->top);
}

static XlsxWriter *begin(void)
{
    g_autoptr(GError) error = NULL;
    XlsxWriter *writer = xlsx_writer_new(&error);
    g_assert_no_error(error);
    xlsx_writer_add_sheet(writer, "事项", columns, G_N_ELEMENTS(columns));
    return writer;
}

static Sheet *open_sheet(const Fixture *f, const char *name, const char *worksheet)
{
    static const char *const names[] = { "编号", "名称", "核实状态" };
    static SheetWanted wanted = { names, G_N_ELEMENTS(names), NULL };
    g_autoptr(GError) error = NULL;
    wanted.worksheet = worksheet;
    int fd = openat(f->folder, name, O_RDONLY | O_CLOEXEC);
    g_assert_cmpint(fd, >=, 0);
    Sheet *sheet = sheet_open(fd, SHEET_XLSX, &wanted, &error);
    g_assert_no_error(error);
    return sheet;
}

static void expect_row(Sheet *sheet, const char *const *cells, guint count)
{
    SheetRow row = { 0 };
    SheetFault fault = { 0 };
    g_assert_cmpint(sheet_next_row(sheet, &row, &fault, NULL), ==, SHEET_ROW);
    g_assert_cmpuint(row.cell_count, ==, count);
    for (guint i = 0; i < count; i++) {
        g_assert_null(row.cells[i].fault);
        g_assert_cmpstr(row.cells[i].text, ==, cells[i]);
    }
}

static const char *const header[] = { "编号", "名称", "核实状态" };

/* Each of them stands in the second column. */
static const char *const texts[] = {
    "=1+1",
    "+8615400000001",
    "-1",
    "@x",
    "\t制表",
    "\r回车",
    "一\n二",
    " 前后有空格 ",
    "'已有一撇",
    "0577",
    "999999199001011234",
    "2023-12-31",
    "1E5",
    "TRUE",
    "<b>&amp;\"'</b>",
    "_x0041_",
    "_x000D_\r_x",
    "𠅤㛃犇",
    "=HYPERLINK(\"http://x\",\"点我\")",
    "http://www.gov.cn",
    "{=1}",
    "=cmd|' /C calc'!A0",
};

static void test_texts_come_back(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_autoptr(XlsxWriter) writer = begin();
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        xlsx_writer_add_row(writer, (const char *const[]){ "", texts[i], "已核实" });
    g_assert_true(xlsx_writer_save(writer, f->folder, "a.xlsx", &error));
    g_assert_no_error(error);
    g_autoptr(Sheet) sheet = open_sheet(f, "a.xlsx", "事项");
    expect_row(sheet, header, 3);
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        expect_row(sheet, (const char *const[]){ "", texts[i], "已核实" }, 3);
    SheetRow row = { 0 };
    SheetFault fault = { 0 };
    g_assert_cmpint(sheet_next_row(sheet, &row, &fault, NULL), ==, SHEET_END);
}

static char *read_part(const Fixture *f, const char *name, const char *part)
{
    int code = 0;
    zip_stat_t status;
    g_autofree char *path = g_build_filename(f->top, name, NULL);
    zip_t *zip = zip_open(path, ZIP_RDONLY, &code);
    g_assert_nonnull(zip);
    g_assert_cmpint(zip_stat(zip, part, 0, &status), ==, 0);
    char *text = g_malloc0(status.size + 1);
    zip_file_t *file = zip_fopen(zip, part, 0);
    g_assert_cmpint(zip_fread(file, text, status.size), ==, (zip_int64_t)status.size);
    zip_fclose(file);
    zip_discard(zip);
    return text;
}

static guint count_of(const char *text, const char *word)
{
    guint count = 0;
    for (const char *at = text; (at = strstr(at, word)); at++)
        count++;
    return count;
}

/* No formula, no number, no link: each cell is a string. */
static void test_the_xml_has_texts_only(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(XlsxWriter) writer = begin();
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        xlsx_writer_add_row(writer, (const char *const[]){ "", texts[i], "" });
    g_assert_true(xlsx_writer_save(writer, f->folder, "a.xlsx", NULL));
    g_autofree char *xml = read_part(f, "a.xlsx", "xl/worksheets/sheet1.xml");
    g_assert_cmpuint(count_of(xml, "<c r="), ==, G_N_ELEMENTS(texts) + 3);
    g_assert_cmpuint(count_of(xml, "t=\"inlineStr\""), ==, G_N_ELEMENTS(texts) + 3);
    g_assert_null(strstr(xml, "<f>"));
    g_assert_null(strstr(xml, "<v>"));
    g_assert_null(strstr(xml, "<hyperlink"));
    g_assert_nonnull(strstr(xml, "state=\"frozen\""));
    g_assert_nonnull(strstr(xml, "\"已核实,待社区核实\""));
    g_assert_nonnull(strstr(xml, "numberStoredAsText=\"1\""));
    g_assert_nonnull(strstr(xml, "type=\"textLength\""));
    g_autofree char *note = read_part(f, "a.xlsx", "xl/comments1.xml");
    g_assert_nonnull(strstr(note, "例：CL01"));
}

static void test_what_xml_cannot_hold(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(XlsxWriter) writer = begin();
    xlsx_writer_add_row(writer, (const char *const[]){ "a\xff"
                                                       "b",
                                                       "c\xef\xbf\xbe"
                                                       "d",
                                                       "\x01" });
    g_assert_true(xlsx_writer_save(writer, f->folder, "a.xlsx", NULL));
    g_autoptr(Sheet) sheet = open_sheet(f, "a.xlsx", "事项");
    expect_row(sheet, header, 3);
    expect_row(sheet,
               (const char *const[]){ "a\xef\xbf\xbd"
                                      "b",
                                      "c\xef\xbf\xbd"
                                      "d",
                                      "\x01" },
               3);
}

static void test_several_sheets(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_autoptr(XlsxWriter) writer = begin();
    xlsx_writer_add_row(writer, (const char *const[]){ "CL01", "一", "" });
    xlsx_writer_add_sheet(writer, "空的", columns, 1);
    xlsx_writer_add_sheet(writer, "问答", columns, 2);
    xlsx_writer_add_row(writer, (const char *const[]){ "", "二" });
    g_assert_true(xlsx_writer_save(writer, f->folder, "a.xlsx", &error));
    g_assert_no_error(error);
    g_autoptr(Sheet) first = open_sheet(f, "a.xlsx", "事项");
    expect_row(first, header, 3);
    expect_row(first, (const char *const[]){ "CL01", "一" }, 2);
    g_autoptr(Sheet) last = open_sheet(f, "a.xlsx", "问答");
    expect_row(last, header, 2);
    expect_row(last, (const char *const[]){ "", "二" }, 2);
}

static void expect_nothing(const Fixture *f)
{
    g_autoptr(GDir) dir = g_dir_open(f->top, 0, NULL);
    g_assert_null(g_dir_read_name(dir));
}

static void test_too_long(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_autoptr(XlsxWriter) writer = begin();
    g_autofree char *fits = g_strnfill(32767, 'a'), *is_over = g_strnfill(32768, 'a');
    xlsx_writer_add_row(writer, (const char *const[]){ "", fits, "" });
    xlsx_writer_add_row(writer, (const char *const[]){ "", is_over, "" });
    g_assert_false(xlsx_writer_save(writer, f->folder, "a.xlsx", &error));
    g_assert_error(error, XLSX_WRITER_ERROR, XLSX_WRITER_ERROR_TOO_BIG);
    expect_nothing(f);
}

static void test_replaces_whole(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->top, "a.xlsx", NULL);
    g_assert_true(g_file_set_contents(path, "旧的", -1, NULL));
    g_autoptr(XlsxWriter) writer = begin();
    g_assert_true(xlsx_writer_save(writer, f->folder, "a.xlsx", &error));
    g_assert_no_error(error);
    g_autoptr(Sheet) sheet = open_sheet(f, "a.xlsx", "事项");
    expect_row(sheet, header, 3);
    g_autofree char *left = g_build_filename(f->top, "a.xlsx.tmp", NULL);
    g_assert_false(g_file_test(left, G_FILE_TEST_EXISTS));
}

static void test_folder_that_is_gone(Fixture *f, gconstpointer unused)
{
    (void)f;
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_autoptr(XlsxWriter) writer = begin();
    g_assert_false(xlsx_writer_save(writer, -1, "a.xlsx", &error));
    g_assert_error(error, DISK_ERROR, DISK_ERROR_WRITE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)
    ADD("/xlsx-writer/texts", test_texts_come_back);
    ADD("/xlsx-writer/xml", test_the_xml_has_texts_only);
    ADD("/xlsx-writer/not-for-xml", test_what_xml_cannot_hold);
    ADD("/xlsx-writer/sheets", test_several_sheets);
    ADD("/xlsx-writer/too-long", test_too_long);
    ADD("/xlsx-writer/replaces", test_replaces_whole);
    ADD("/xlsx-writer/no-folder", test_folder_that_is_gone);
    return g_test_run();
}

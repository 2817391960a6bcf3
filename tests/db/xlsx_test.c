/* db/xlsx.c: what each kind of cell arrives as, in workbooks made by hand and by libxlsxwriter.
 * What is refused of whole files is tests/e2e/xlsx_test.py's. */
#include "db/sheet.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include <zip.h>

#define MAIN   "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define RELS   "http://schemas.openxmlformats.org/package/2006/relationships"

static char *path; /* of the workbook at hand */

/* ---- making ---- */

static void add_part(zip_t *zip, const char *name, const char *text)
{
    zip_source_t *source = zip_source_buffer(zip, text, strlen(text), 0);
    g_assert_nonnull(source);
    g_assert_cmpint(zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8), >=, 0);
}

/* `sheet` is what stands in <worksheet>; `strings` in <sst>, `styles` in <styleSheet>, `properties`
 * in <workbookPr …/>; NULL: no such part. */
static void make_book(const char *sheet, const char *strings, const char *styles,
                      const char *properties)
{
    int code = 0;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    g_assert_nonnull(zip);
    g_autofree char *workbook =
        g_strdup_printf("<workbook xmlns='" MAIN "' xmlns:r='" OFFICE "'><workbookPr %s/><sheets>"
                        "<sheet name='表' sheetId='1' r:id='a'/></sheets></workbook>",
                        properties ? properties : "");
    g_autofree char *worksheet =
        g_strdup_printf("<worksheet xmlns='" MAIN "' "
                        "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' "
                        "xmlns:x='urn:x'>%s</worksheet>",
                        sheet);
    g_autofree char *sst =
        g_strdup_printf("<sst xmlns='" MAIN "'>%s</sst>", strings ? strings : "");
    g_autofree char *style_sheet =
        g_strdup_printf("<styleSheet xmlns='" MAIN "'>%s</styleSheet>", styles ? styles : "");
    g_autofree char *rels = g_strdup_printf(
        "<Relationships xmlns='" RELS "'>"
        "<Relationship Id='a' Type='" OFFICE "/worksheet' Target='/xl/s.xml'/>%s%s"
        "</Relationships>",
        strings ? "<Relationship Id='b' Type='" OFFICE "/sharedStrings' Target='sub/../sst.xml'/>"
                : "",
        styles ? "<Relationship Id='c' Type='" OFFICE "/styles' Target='styles.xml'/>" : "");
    add_part(zip, "_rels/.rels",
             "<Relationships xmlns='" RELS "'><Relationship Id='w' Type='" OFFICE
             "/officeDocument' Target='xl/workbook.xml'/></Relationships>");
    add_part(zip, "xl/workbook.xml", workbook);
    add_part(zip, "xl/_rels/workbook.xml.rels", rels);
    add_part(zip, "xl/s.xml", worksheet);
    add_part(zip, "xl/SST.xml", sst);
    add_part(zip, "xl/styles.xml", style_sheet);
    g_assert_cmpint(zip_close(zip), ==, 0);
}

/* ---- reading ---- */

/* "row:cell|cell\n" a row, a cell that cannot be used in [], "!row:column value\n" a fault */
static char *render(void)
{
    static const char *const columns[] = { "编号", "名称" };
    static const SheetWanted wanted = { columns, G_N_ELEMENTS(columns), NULL };
    g_autoptr(GError) error = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    g_assert_cmpint(fd, >=, 0);
    g_autoptr(Sheet) sheet = sheet_open(fd, SHEET_XLSX, &wanted, &error);
    if (!sheet) return g_strdup_printf("refused: %s", error->message);
    GString *out = g_string_new(NULL);
    SheetRow row = { 0 };
    SheetFault fault = { 0 };
    for (;;) {
        switch (sheet_next_row(sheet, &row, &fault, &error)) {
        case SHEET_ROW:
            g_string_append_printf(out, "%" G_GUINT64_FORMAT ":", row.line);
            for (guint i = 0; i < row.cell_count; i++) {
                const SheetCell *cell = &row.cells[i];
                g_assert_true(cell->text[cell->len] == '\0');
                g_string_append_printf(out, cell->fault ? "%s[%s]" : "%s%s", i ? "|" : "",
                                       cell->text);
            }
            g_string_append_c(out, '\n');
            break;
        case SHEET_FAULT:
            g_string_append_printf(out, "!%" G_GUINT64_FORMAT ":%u %s\n", fault.line, fault.column,
                                   fault.value ? fault.value : "");
            break;
        case SHEET_END:
            return g_string_free(out, FALSE);
        case SHEET_FAILED:
            g_string_append_printf(out, "failed: %s", error->message);
            return g_string_free(out, FALSE);
        }
    }
}

static void expect(const char *expected)
{
    g_autofree char *found = render();
    g_assert_cmpstr(found, ==, expected);
}

/* ---- cells ---- */

static const struct {
    const char *name, *cells, *expected; /* cells of one row; the texts */
} cells[] = {
    { "shared", "<c t='s'><v>0</v></c><c t='s'><v>1</v></c>", "1:甲|粗细\n" },
    { "no such shared string", "<c t='s'><v>99</v></c><c t='s'><v>-1</v></c><c t='s'><v>x</v></c>",
      "1:[99]|[-1]|[x]\n" },
    { "a shared cell without a value", "<c t='s'/><c><v>1</v></c>", "1:|1\n" },
    { "phonetic readings are no text", "<c t='s'><v>2</v></c>", "1:东京\n" },
    { "spaces only where they are preserved", "<c t='s'><v>3</v></c><c t='s'><v>4</v></c>",
      "1: 甲 |甲\n" },
    { "escapes", "<c t='s'><v>5</v></c>", "1:甲\r乙_x000D_丙_x12_😀\xef\xbf\xbd\n" },
    { "line end in a cell", "<c t='s'><v>6</v></c>", "1:甲\n乙\n" },
    { "inline", "<c t='inlineStr'><is><t>甲</t></is></c>", "1:甲\n" },
    { "inline with runs",
      "<c t='inlineStr'><is><r><rPr><b/></rPr><t xml:space='preserve'>甲 </t></r>"
      "<r><t>乙</t></r><rPh sb='0' eb='1'><t>yi</t></rPh></is></c>",
      "1:甲 乙\n" },
    { "two values in one cell",
      "<c t='inlineStr'><v>9</v><is><t>甲</t></is></c><c><v>1</v><v>2</v></c>"
      "<c t='inlineStr'><is><t>甲</t></is><is><t>乙</t></is></c>",
      "1:[9甲]|[12]|[甲乙]\n" },
    { "formula text", "<c t='str'><f>A1</f><v>甲_x0041_</v></c>", "1:甲A\n" },
    { "formula text, empty", "<c t='str'><f>A1</f><v></v></c><c><v>1</v></c>", "1:|1\n" },
    { "formula number", "<c><f>1+1</f><v>2</v></c>", "1:2\n" },
    { "formula without its result", "<c><f>1+1</f></c><c><f>1</f><v/></c><c t='str'><f>A1</f></c>",
      "1:[]|[]|[]\n" },
    { "error", "<c t='e'><f>1/0</f><v>#DIV/0!</v></c>", "1:[#DIV/0!]\n" },
    { "boolean", "<c t='b'><v>1</v></c><c t='b'><v>0</v></c><c t='b'><v>7</v></c>",
      "1:TRUE|FALSE|[7]\n" },
    { "ISO date", "<c t='d'><v>2023-01-05T00:00:00</v></c><c t='d'><v>2023-01-05T08:30:00</v></c>",
      "1:2023-01-05|2023-01-05T08:30:00\n" },
    { "unknown type", "<c t='q'><v>1</v></c>", "1:[1]\n" },
    { "numbers",
      "<c><v>12393.0</v></c><c><v>0.1</v></c><c><v>1.1000000000000001</v></c>"
      "<c><v>12393.119999999999</v></c><c><v>1E3</v></c><c><v>-4.50</v></c><c><v>0.00001</v></c>"
      "<c><v>-0</v></c><c><v>007</v></c>",
      "1:12393|0.1|1.1|12393.12|1000|-4.5|0.00001|0|7\n" },
    { "no numbers", "<c><v>1,5</v></c><c><v>0x10</v></c><c><v>nan</v></c><c><v>1e999</v></c>",
      "1:[1,5]|[0x10]|[nan]|[1e999]\n" },
    { "fifteen digits", "<c><v>999999199001011</v></c><c><v>1.54E+10</v></c>",
      "1:999999199001011|15400000000\n" },
    { "more than fifteen digits",
      "<c><v>999999199001011000</v></c><c><v>9.99999199001011E+17</v></c>",
      "1:[999999199001011000]|[9.99999199001011E+17]\n" },
    { "gaps", "<c r='C1'><v>3</v></c><c><v>4</v></c><c r='F1'><v>6</v></c>", "1:||3|4||6\n" },
    { "empty cells at the end", "<c><v>1</v></c><c s='1'/><c r='Z1' s='1'/>", "1:1\n" },
    { "foreign elements",
      "<c><v>1</v><extLst><ext><v>9</v></ext></extLst><x:v>9</x:v></c><x:c><v>9</v></x:c>",
      "1:1\n" },
    { "alternate content",
      "<mc:AlternateContent><mc:Choice Requires='x'><c><v>8</v></c></mc:Choice>"
      "<mc:Fallback><c><v>1</v></c></mc:Fallback></mc:AlternateContent>",
      "1:1\n" },
    { "too wide", "<c r='BL1'><v>64</v></c><c r='BM1'><v>65</v></c>", "!1:65 \n" },
    { "wide, but empty there", "<c><v>1</v></c><c r='BM1' s='1'/>", "1:1\n" },
};

#define STRINGS                                                                                     \
    "<si><t>甲</t></si>"                                                                           \
    "<si><r><rPr><b/></rPr><t>粗</t></r><r><t>细</t></r></si>"                                    \
    "<si><t>东京</t><rPh sb='0' eb='1'><t>トウキョウ</t></rPh><phoneticPr fontId='1'/></si>" \
    "<si><t xml:space='preserve'> 甲 </t></si><si><t>\n  甲 </t></si>"                            \
    "<si><t>甲_x000D_乙_x005F_x000D_丙_x12__xD83D__xDE00__xD83D_</t></si>"                       \
    "<si><t>甲\n乙</t></si>"

static void test_cells(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
        g_test_message("%s", cells[i].name);
        g_autofree char *sheet =
            g_strdup_printf("<sheetData><row>%s</row></sheetData>", cells[i].cells);
        make_book(sheet, STRINGS, NULL, NULL);
        expect(cells[i].expected);
    }
}

static void test_long_cells(void)
{
    g_autofree char *fits = g_strnfill(32767, 'a'), *long_one = g_strnfill(32768, 'a');
    g_autofree char *sheet =
        g_strdup_printf("<sheetData><row><c t='inlineStr'><is><t>%s</t></is></c>"
                        "<c t='inlineStr'><is><t>%s</t></is></c><c t='s'><v>0</v></c></row>"
                        "</sheetData>",
                        fits, long_one);
    g_autofree char *strings = g_strdup_printf("<si><t>%s</t></si>", long_one);
    g_autofree char *expected = g_strdup_printf("1:%s|[%s]|[%s]\n", fits, long_one, long_one);
    make_book(sheet, strings, NULL, NULL);
    expect(expected);
}

/* ---- number formats ---- */

static const struct {
    const char *code, *value, *expected;
} formats[] = {
    { "yyyy-mm-dd", "44931", "2023-01-05" },
    { "yyyy\"年\"m\"月\"d\"日\";@", "44931", "2023-01-05" },
    { "[$-804]yyyy/m/d", "44931.354166666664", "2023-01-05" },
    { "yyyy/m/d h:mm", "44931.354166666664", "2023-01-05 08:30" },
    { "yyyy/m/d h:mm", "44931", "2023-01-05" },
    { "yyyy/m/d h:mm:ss", "44931.999999999", "2023-01-06" },
    { "yyyy\"年\"m\"月\"", "44927", "2023-01" },
    { "mmm-yy", "44927", "2023-01" },
    { "yyyy", "44927", "2023" },
    { "m\"月\"d\"日\"", "44931", "01-05" },
    { "[$-F800]dddd, mmmm dd, yyyy", "44931", "2023-01-05" },
    { "上午/下午h\"时\"mm\"分\"", "0.354166666666667", "08:30" },
    { "[h]:mm:ss", "0.354166666666667", "08:30" },
    { "mm:ss", "0.01", "00:14:24" },
    { "yyyy-mm-dd", "1", "1900-01-01" },
    { "yyyy-mm-dd", "59", "1900-02-28" },
    { "yyyy-mm-dd", "60", "1900-02-29" },
    { "yyyy-mm-dd", "61", "1900-03-01" },
    { "yyyy-mm-dd", "2958465", "9999-12-31" },
    { "yyyy-mm-dd", "2958466", "[2958466]" },
    { "yyyy-mm-dd", "-1", "[-1]" },
    { "General", "44931", "44931" },
    { "G/通用格式", "44931", "44931" },
    { "G/通用格式\"元\"", "198", "198元" },
    { "@", "44931", "44931" },
    { "0.00", "4824", "4824" },
    { "#,##0.00_);[Red](#,##0.00)", "4824.5", "4824.5" },
    { "_ \"¥\"* #,##0.00_ ;_ \"¥\"* -#,##0.00_ ;_ \"¥\"* \"-\"??_ ;_ @_ ", "4824", "¥4824" },
    { "[$¥-804]#,##0.00", "4824", "¥4824" },
    { "0.00\"万元\"", "198", "198万元" },
    { "0%", "0.07", "7%" },
    { "0.0%", "0.123", "12.3%" },
    { "00000000000", "57765812345", "57765812345" },
    { "0000", "577", "0577" },
    { "\"CL\"00", "1", "CL01" },
    { "0.00E+00", "123456", "123456" },
    { "# ?/?", "0.5", "0.5" },
    { "0!.0,", "12345", "[12345]" },
    { "0.00,", "12345", "[12345]" },
    { "0000-00000000", "57765812345", "[57765812345]" },
    { "dddd", "44931", "[44931]" },
    { "aaaa", "44931", "[44931]" },
    { ";;;", "5", "[5]" },
    { "[>100]0\"高\";0", "5", "5高" },
    { "yyyy-mm-dd", "abc", "[abc]" },
};

static void test_formats(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_test_message("%s of %s", formats[i].code, formats[i].value);
        g_autofree char *code = g_markup_escape_text(formats[i].code, -1);
        g_autofree char *styles =
            g_strdup_printf("<numFmts><numFmt numFmtId='176' formatCode=\"%s\"/></numFmts>"
                            "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
                            "<cellXfs><xf numFmtId='0'/><xf numFmtId='176'/></cellXfs>"
                            "<dxfs><dxf><numFmt numFmtId='0' formatCode='0%%'/></dxf></dxfs>",
                            code);
        g_autofree char *sheet = g_strdup_printf(
            "<sheetData><row><c s='1'><v>%s</v></c></row></sheetData>", formats[i].value);
        g_autofree char *expected = g_strdup_printf("1:%s\n", formats[i].expected);
        make_book(sheet, NULL, styles, NULL);
        expect(expected);
    }
}

static void test_builtin_formats(void)
{
    make_book("<sheetData><row><c s='0'><v>44931</v></c><c s='1'><v>44931</v></c>"
              "<c s='2'><v>44931</v></c><c s='3'><v>44931</v></c><c s='4'><v>0.5</v></c>"
              "<c s='77'><v>44931</v></c></row></sheetData>",
              NULL,
              "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='31'/>"
              "<xf numFmtId='57'/><xf numFmtId='9'/></cellXfs>",
              NULL);
    expect("1:44931|2023-01-05|2023-01-05|2023-01|50%|44931\n");
}

static void test_1904(void)
{
    make_book("<sheetData><row><c s='1'><v>0</v></c><c s='1'><v>60</v></c>"
              "<c s='1'><v>43469</v></c></row></sheetData>",
              NULL, "<cellXfs><xf/><xf numFmtId='14'/></cellXfs>", "date1904='1'");
    expect("1:1904-01-01|1904-03-01|2023-01-05\n");
}

/* ---- rows ---- */

static const struct {
    const char *name, *sheet, *expected;
} sheets[] = {
    { "numbers of rows",
      "<sheetData><row><c><v>1</v></c></row><row r='5' hidden='1'><c r='A5'><v>2</v></c></row>"
      "<row><c><v>3</v></c></row></sheetData>",
      "1:1\n5:2\n6:3\n" },
    { "empty rows", "<sheetData><row r='1'/><row r='2'><c r='A2' s='1'/></row></sheetData>", "" },
    { "no rows", "<sheetData/>", "" },
    { "rows out of order", "<sheetData><row r='2'><c><v>1</v></c></row><row r='2'/></sheetData>",
      "2:1\nfailed: 文件坏了，行的次序不对或超过 1048576 行" },
    { "too many rows", "<sheetData><row r='1048577'/></sheetData>",
      "refused: 文件坏了，行的次序不对或超过 1048576 行" },
    { "cells out of order",
      "<sheetData><row><c r='B1'><v>1</v></c><c r='A1'><v>1</v></c></row></sheetData>",
      "refused: 文件坏了，单元格的次序不对" },
    { "a cell of another row", "<sheetData><row r='2'><c r='A3'><v>1</v></c></row></sheetData>",
      "refused: 文件坏了，单元格的次序不对" },
    { "merged cells",
      "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>"
      "<mergeCells><mergeCell ref='B1:B2'/><mergeCell ref='A1:A1'/><mergeCell ref='A3:B4'/>"
      "<mergeCell ref='C1:D1'/></mergeCells>",
      "1:1|2\n2:3\n!1:2 B1:B2\n" },
    { "a damaged part", "<sheetData><row><c><v>1</v></c></row></sheetData><", "refused: " },
};

static void test_rows(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(sheets); i++) {
        g_test_message("%s", sheets[i].name);
        make_book(sheets[i].sheet, NULL, NULL, NULL);
        g_autofree char *found = render();
        if (g_str_equal(sheets[i].expected, "refused: "))
            g_assert_nonnull(strstr(found, "读不通"));
        else
            g_assert_cmpstr(found, ==, sheets[i].expected);
    }
}

/* ---- what another program writes ---- */

static void test_libxlsxwriter(void)
{
    lxw_workbook_options options = { .constant_memory = LXW_FALSE };
    lxw_workbook *book = workbook_new_opt(path, &options);
    lxw_worksheet *hidden = workbook_add_worksheet(book, "旧");
    lxw_worksheet *note = workbook_add_worksheet(book, "说明");
    lxw_worksheet *sheet = workbook_add_worksheet(book, "表");
    lxw_format *date = workbook_add_format(book), *bold = workbook_add_format(book);
    format_set_num_format(date, "yyyy-mm-dd");
    format_set_bold(bold);
    worksheet_write_string(hidden, 0, 0, "编号", NULL);
    worksheet_write_string(hidden, 0, 1, "名称", NULL);
    worksheet_hide(hidden);
    worksheet_activate(note);
    worksheet_set_first_sheet(note);
    worksheet_write_string(note, 0, 0, "编号的写法", NULL);
    worksheet_write_string(sheet, 0, 0, "编号", bold);
    worksheet_write_string(sheet, 0, 1, "名称", bold);
    worksheet_write_number(sheet, 2, 0, 54.69, NULL);
    lxw_datetime day = { .year = 2023, .month = 1, .day = 5 };
    worksheet_write_datetime(sheet, 2, 1, &day, date);
    worksheet_write_formula_num(sheet, 2, 2, "=1+1", NULL, 2);
    worksheet_write_blank(sheet, 2, 3, bold);
    char first[] = "残", second[] = "补";
    lxw_rich_string_tuple thin = { NULL, first }, thick = { bold, second };
    lxw_rich_string_tuple *runs[] = { &thin, &thick, NULL };
    worksheet_write_rich_string(sheet, 3, 0, runs, NULL);
    worksheet_merge_range(sheet, 4, 0, 5, 0, "合", NULL);
    g_assert_cmpint(workbook_close(book), ==, LXW_NO_ERROR);
    expect("1:编号|名称\n3:54.69|2023-01-05|2\n4:残补\n5:合\n!5:1 A5:A6\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *dir = g_dir_make_tmp("xlsx_test.XXXXXX", NULL);
    path = g_build_filename(dir, "表.xlsx", NULL);
    g_test_add_func("/xlsx/cells", test_cells);
    g_test_add_func("/xlsx/long-cells", test_long_cells);
    g_test_add_func("/xlsx/formats", test_formats);
    g_test_add_func("/xlsx/builtin-formats", test_builtin_formats);
    g_test_add_func("/xlsx/1904", test_1904);
    g_test_add_func("/xlsx/rows", test_rows);
    g_test_add_func("/xlsx/libxlsxwriter", test_libxlsxwriter);
    int status = g_test_run();
    g_unlink(path);
    g_rmdir(dir);
    g_free(path);
    return status;
}

#include "db/xlsx.h"

#include "db/cell.h"
#include "db/xlsx_rows.h"
#include "db/xlsx_workbook.h"
#include "db/zip_directory.h"

#define SHEETS_TRIED_MAX 32u   /* whose header is looked at */
#define ROWS_TRIED_MAX   1000u /* until a row with content comes */

struct XlsxReader {
    XlsxWorkbook *workbook;
    XlsxStrings *strings;
    XlsxStyles *styles;
    XlsxShared shared;
    XlsxRows *rows;
};

static gboolean load_shared(XlsxReader *reader, GError **error)
{
    const XlsxWorkbook *workbook = reader->workbook;
    if (workbook->strings_part) {
        ZipStream *source =
            zip_stream_open(workbook->archive, workbook->strings_part, ZIP_INFLATED_MAX, error);
        reader->strings = source ? xlsx_strings_read(source, error) : NULL;
        if (!reader->strings) return FALSE;
    }
    if (workbook->styles_part) {
        ZipStream *source =
            zip_stream_open(workbook->archive, workbook->styles_part, XLSX_PART_MAX, error);
        reader->styles = source ? xlsx_styles_read(source, error) : NULL;
        if (!reader->styles) return FALSE;
    }
    reader->shared = (XlsxShared){ reader->strings, reader->styles, workbook->is_1904 };
    return TRUE;
}

static XlsxRows *open_rows(XlsxReader *reader, const XlsxWorksheet *worksheet, GError **error)
{
    ZipStream *source =
        zip_stream_open(reader->workbook->archive, worksheet->part, ZIP_INFLATED_MAX, error);
    return source ? xlsx_rows_new(source, &reader->shared) : NULL;
}

/* ---- which worksheet ---- */

static gboolean is_column(const SheetWanted *wanted, const char *name)
{
    for (guint i = 0; i < wanted->column_count; i++)
        if (strcmp(wanted->columns[i], name) == 0) return TRUE;
    return FALSE;
}

/* How many cells of the first row with content are names of columns. */
static gboolean count_columns(XlsxReader *reader, const XlsxWorksheet *worksheet,
                              const SheetWanted *wanted, guint *count, GError **error)
{
    g_autoptr(XlsxRows) rows = open_rows(reader, worksheet, error);
    g_autoptr(GString) scratch = g_string_new(NULL);
    SheetRow row = { 0 };
    SheetFault fault = { 0 };
    SheetStatus status = rows ? SHEET_ROW : SHEET_FAILED;
    for (guint i = 0; i < ROWS_TRIED_MAX && status == SHEET_ROW && row.cell_count == 0; i++)
        status = xlsx_rows_next(rows, &row, &fault, error);
    for (guint i = 0; status == SHEET_ROW && i < row.cell_count; i++) {
        CellText cell;
        cell_clean(row.cells[i].text, row.cells[i].len, FALSE, scratch, &cell);
        *count += is_column(wanted, cell.text);
    }
    return status != SHEET_FAILED;
}

/* The first visible worksheet with the whole header; else the first with some of it, so that what
 * is wrong with it can be told; else the first visible one. */
static const XlsxWorksheet *choose(XlsxReader *reader, const SheetWanted *wanted, GError **error)
{
    const XlsxWorksheet *first = NULL, *likely = NULL;
    const GPtrArray *all = reader->workbook->worksheets;
    for (guint i = 0, tried = 0; i < all->len && tried < SHEETS_TRIED_MAX; i++) {
        const XlsxWorksheet *worksheet = all->pdata[i];
        guint count = 0;
        if (!worksheet->is_visible) continue;
        if (!count_columns(reader, worksheet, wanted, &count, error)) return NULL;
        if (count >= wanted->column_count) return worksheet;
        if (!likely && count > 0) likely = worksheet;
        if (tried++ == 0) first = worksheet;
    }
    if (!first)
        g_set_error_literal(error, SHEET_ERROR, SHEET_ERROR_DAMAGED, "工作簿里没有看得见的工作表");
    return likely ? likely : first;
}

static const XlsxWorksheet *find(XlsxReader *reader, const SheetWanted *wanted, GError **error)
{
    if (!wanted->worksheet) return choose(reader, wanted, error);
    const XlsxWorksheet *worksheet = xlsx_workbook_find(reader->workbook, wanted->worksheet);
    if (!worksheet)
        g_set_error(error, SHEET_ERROR, SHEET_ERROR_DAMAGED, "工作簿里没有工作表“%s”",
                    wanted->worksheet);
    return worksheet;
}

/* ---- the reader ---- */

XlsxReader *xlsx_reader_new(int fd, const SheetWanted *wanted, GError **error)
{
    g_autoptr(XlsxReader) reader = g_new0(XlsxReader, 1);
    reader->workbook = xlsx_workbook_open(fd, error);
    if (!reader->workbook || !load_shared(reader, error)) return NULL;
    const XlsxWorksheet *worksheet = find(reader, wanted, error);
    reader->rows = worksheet ? open_rows(reader, worksheet, error) : NULL;
    return reader->rows ? g_steal_pointer(&reader) : NULL;
}

void xlsx_reader_free(XlsxReader *reader)
{
    if (!reader) return;
    xlsx_rows_free(reader->rows);
    xlsx_strings_free(reader->strings);
    xlsx_styles_free(reader->styles);
    xlsx_workbook_close(reader->workbook);
    g_free(reader);
}

SheetStatus xlsx_reader_next(XlsxReader *reader, SheetRow *row, SheetFault *fault, GError **error)
{
    return xlsx_rows_next(reader->rows, row, fault, error);
}

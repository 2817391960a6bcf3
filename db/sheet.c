#include "db/sheet.h"

#include "db/csv.h"
#include "db/xlsx.h"

G_DEFINE_QUARK(bianmin - sheet - error, sheet_error)

/* What a format has to offer. */
typedef struct {
    gpointer (*open)(int fd, const SheetWanted *wanted, GError **error);
    SheetStatus (*next_row)(gpointer reader, SheetRow *row, SheetFault *fault, GError **error);
    const char *(*charset)(gconstpointer reader);
    void (*free)(gpointer reader);
} Format;

struct Sheet {
    const Format *format;
    gpointer reader;
};

/* ---- CSV ---- */

static gboolean names_a_column(const char *first_line, gpointer data)
{
    const SheetWanted *wanted = data;
    for (guint i = 0; i < wanted->column_count; i++)
        if (strstr(first_line, wanted->columns[i])) return TRUE;
    return FALSE;
}

static gpointer csv_open(int fd, const SheetWanted *wanted, GError **error)
{
    return csv_reader_new(fd, names_a_column, (gpointer)wanted, error);
}

static SheetStatus csv_next(gpointer reader, SheetRow *row, SheetFault *fault, GError **error)
{
    return csv_reader_next(reader, row, fault, error);
}

static const char *csv_charset(gconstpointer reader)
{
    return charset_name(csv_reader_charset(reader));
}

static void csv_close(gpointer reader)
{
    csv_reader_free(reader);
}

/* ---- workbooks ---- */

static gpointer workbook_open(int fd, const SheetWanted *wanted, GError **error)
{
    return xlsx_reader_new(fd, wanted, error);
}

static SheetStatus workbook_next(gpointer reader, SheetRow *row, SheetFault *fault, GError **error)
{
    return xlsx_reader_next(reader, row, fault, error);
}

static const char *workbook_charset(gconstpointer reader)
{
    (void)reader;
    return "xlsx";
}

static void workbook_close(gpointer reader)
{
    xlsx_reader_free(reader);
}

/* ---- both ---- */

static const Format formats[] = {
    [SHEET_CSV] = { csv_open, csv_next, csv_charset, csv_close },
    [SHEET_XLSX] = { workbook_open, workbook_next, workbook_charset, workbook_close },
};

Sheet *sheet_open(int fd, SheetFormat format, const SheetWanted *wanted, GError **error)
{
    gpointer reader = formats[format].open(fd, wanted, error);
    if (!reader) return NULL;
    Sheet *sheet = g_new0(Sheet, 1);
    sheet->format = &formats[format];
    sheet->reader = reader;
    return sheet;
}

void sheet_free(Sheet *sheet)
{
    if (!sheet) return;
    sheet->format->free(sheet->reader);
    g_free(sheet);
}

static guint filled_cells(const SheetRow *row)
{
    guint count = row->cell_count;
    while (count > 0 && row->cells[count - 1].len == 0 && !row->cells[count - 1].fault)
        count--;
    return count;
}

SheetStatus sheet_next_row(Sheet *sheet, SheetRow *row, SheetFault *fault, GError **error)
{
    for (;;) {
        SheetStatus status = sheet->format->next_row(sheet->reader, row, fault, error);
        if (status != SHEET_ROW) return status;
        row->cell_count = filled_cells(row);
        if (row->cell_count > 0) return SHEET_ROW;
    }
}

const char *sheet_charset(const Sheet *sheet)
{
    return sheet->format->charset(sheet->reader);
}

const char *sheet_error_remedy(const GError *error)
{
    if (error->domain != SHEET_ERROR) return NULL;
    switch ((SheetError)error->code) {
    case SHEET_ERROR_READ:
    case SHEET_ERROR_TOO_LONG:
        return NULL;
    case SHEET_ERROR_ENCODING:
        return "用表格软件打开原来的表，另存为“CSV UTF-8”";
    case SHEET_ERROR_DAMAGED:
        return "用表格软件打开原来的表，另存为新的 .xlsx，再复制一次";
    case SHEET_ERROR_FORMAT:
        return "用表格软件打开（有密码的先去掉密码），请另存为 .xlsx 或 CSV";
    case SHEET_ERROR_UNSAFE:
        return "检查是不是放错了文件；没放错的，用表格软件打开，另存为新的 .xlsx 或 CSV";
    }
    return NULL;
}

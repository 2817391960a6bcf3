#include "db/sheet.h"

#include "db/csv.h"

G_DEFINE_QUARK(bianmin - sheet - error, sheet_error)

struct Sheet {
    CsvReader *csv;
};

Sheet *sheet_open_csv(int fd, SheetPlausible is_plausible, gpointer data, GError **error)
{
    CsvReader *csv = csv_reader_new(fd, is_plausible, data, error);
    if (!csv) return NULL;
    Sheet *sheet = g_new0(Sheet, 1);
    sheet->csv = csv;
    return sheet;
}

void sheet_free(Sheet *sheet)
{
    if (!sheet) return;
    csv_reader_free(sheet->csv);
    g_free(sheet);
}

static guint filled_cells(const SheetRow *row)
{
    guint count = row->cell_count;
    while (count > 0 && row->cells[count - 1].len == 0)
        count--;
    return count;
}

SheetStatus sheet_next_row(Sheet *sheet, SheetRow *row, SheetFault *fault, GError **error)
{
    for (;;) {
        SheetStatus status = csv_reader_next(sheet->csv, row, fault, error);
        if (status != SHEET_ROW) return status;
        row->cell_count = filled_cells(row);
        if (row->cell_count > 0) return SHEET_ROW;
    }
}

const char *sheet_charset(const Sheet *sheet)
{
    return charset_name(csv_reader_charset(sheet->csv));
}

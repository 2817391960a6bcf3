/* Any octets as a CSV: each row in order of lines and within its limits, valid UTF-8; where quotes
 * play no part both ways of cutting a line give the same; and it ends. */
#include "db/csv.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static gboolean knows_header(const char *first_line, gpointer data)
{
    (void)data;
    return strstr(first_line, "编号") != NULL || g_str_is_ascii(first_line);
}

static int file_of(const guint8 *data, gsize size)
{
    int fd = memfd_create("sheet", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (gssize)size || lseek(fd, 0, SEEK_SET) != 0) abort();
    return fd;
}

static void check_row(const SheetRow *row, GString *out)
{
    g_assert_cmpuint(row->cell_count, <=, SHEET_COLUMNS_MAX);
    for (guint i = 0; i < row->cell_count; i++) {
        const SheetCell *cell = &row->cells[i];
        g_assert_cmpuint(cell->len, <=, 2 * SHEET_ROW_MAX);
        g_assert_true(cell->text[cell->len] == '\0');
        for (gsize at = 0; at < cell->len; at += strlen(cell->text + at) + 1)
            g_assert_true(g_utf8_validate(cell->text + at, -1, NULL));
        g_string_append_len(out, cell->text, (gssize)cell->len);
        g_string_append_c(out, '\x1f');
    }
    g_string_append_printf(out, "\x1e%" G_GUINT64_FORMAT "\n", row->line);
}

static GString *read_all(const guint8 *data, gsize size, gboolean is_slow)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CsvReader) reader = csv_reader_new(file_of(data, size), knows_header, NULL, &error);
    g_assert_true((reader == NULL) == (error != NULL));
    GString *out = g_string_new(NULL);
    guint64 line = 0;
    SheetStatus status = SHEET_ROW;
    if (reader) csv_reader_set_slow(reader, is_slow);
    while (reader && (status == SHEET_ROW || status == SHEET_FAULT)) {
        SheetRow row = { 0 };
        SheetFault fault = { 0 };
        status = csv_reader_next(reader, &row, &fault, &error);
        g_assert_true((status == SHEET_FAILED) == (error != NULL));
        if (status == SHEET_ROW) {
            g_assert_cmpuint(row.line, >, line);
            line = row.line;
            check_row(&row, out);
        } else if (status == SHEET_FAULT) {
            g_assert_true(fault.message && fault.remedy && fault.line >= 1);
            g_string_append_printf(out, "!%" G_GUINT64_FORMAT ":%u\n", fault.line, fault.column);
        }
    }
    return out;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    GString *quick = read_all(data, size, FALSE);
    GString *slow = read_all(data, size, TRUE);
    g_assert_true(g_string_equal(quick, slow));
    g_string_free(quick, TRUE);
    g_string_free(slow, TRUE);
    return 0;
}

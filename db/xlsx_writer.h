#pragma once
/* Workbooks that staff open in Excel, WPS or LibreOffice: worksheets of texts under a header. Every
 * cell is written as a text and formatted as one (@), whatever it looks like: =1+1, 0577 and a
 * number of 18 digits stay what they are, also when somebody types over them later. Formulas,
 * numbers and dates are never written.
 * The library writes through stdio and does not tell when its temporary folder is full, so the
 * workbook is made in memory and read back by our own reader (sheet.h), cell for cell counted,
 * before it goes to its place by disk_replace(): whole or not at all, and what it gives is what
 * `bianmin update` can read. Memory: the finished file; the rows go by way of $TMPDIR.
 * Source: ECMA-376 part 1 §18. */
#include <glib.h>

#define XLSX_WRITER_ERROR (xlsx_writer_error_quark())
GQuark xlsx_writer_error_quark(void);
typedef enum {
    XLSX_WRITER_ERROR_TOO_BIG,   /* more than a worksheet holds, or than sheet.h reads again */
    XLSX_WRITER_ERROR_TEMPORARY, /* the temporary folder is full, or closed to us */
} XlsxWriterError;

#define XLSX_ROWS_MAX 1048576u /* of a worksheet, its header included */

typedef struct {
    const char *header;
    guint width;                /* in digits; a Chinese character is as wide as two */
    const char *note;           /* shown when the pointer rests on the header; NULL: none */
    const char *const *choices; /* drop-down, at most 255 characters in all; NULL: none */
    guint max_chars;            /* longer texts get an objection while they are typed; 0: none do */
    gboolean is_wrapped;        /* long texts in several lines */
} XlsxColumn;

typedef struct XlsxWriter XlsxWriter;

XlsxWriter *xlsx_writer_new(GError **error) G_GNUC_WARN_UNUSED_RESULT;
void xlsx_writer_free(XlsxWriter *writer); /* NULL is fine; what was not saved is gone */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XlsxWriter, xlsx_writer_free)

/* A worksheet, its header written, bold and fixed at the top; the rows that follow are its rows.
 * `name`: at most 31 characters, none of []:*?/\ in it, not yet taken. The columns are copied, but
 * not what they point to. */
void xlsx_writer_add_sheet(XlsxWriter *writer, const char *name, const XlsxColumn *columns,
                           guint column_count);
/* The next row: a text for each column, "" leaves a cell empty. What XML has no place for (broken
 * UTF-8, U+FFFE, U+FFFF) becomes U+FFFD. */
void xlsx_writer_add_row(XlsxWriter *writer, const char *const *cells);
/* Makes `name` in `folder` (mode 0644) hold the workbook, which is finished with that. Trouble of
 * the calls before comes out here. DISK_ERROR if it cannot be written there. */
gboolean xlsx_writer_save(XlsxWriter *writer, int folder, const char *name,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

#pragma once
/* A table of cells, whatever file it came from: what import.c reads, row by row, forwards only.
 * A Sheet owns its file descriptor. A row's cells are valid UTF-8, NUL-ended, and live until the
 * next call. Rows that are empty in every cell are skipped, empty cells at the end of a row are cut
 * off. Octets that are no character in the file's encoding arrive as U+FFFD, so that the rule of
 * the cell can name file, row and column; nobody may accept a cell that holds one. Limits (SAFETY
 * (g)): file 200 MB (a workbook 50 MB), row of a CSV 256 KiB, 64 columns. */
#include "charset/convert.h"

#define SHEET_FILE_MAX    (200ull * 1000 * 1000)
#define SHEET_ROW_MAX     (256u * 1024)
#define SHEET_COLUMNS_MAX 64u

#define SHEET_ERROR (sheet_error_quark())
GQuark sheet_error_quark(void);
typedef enum {
    SHEET_ERROR_READ,     /* the medium failed: pulled out too early */
    SHEET_ERROR_TOO_LONG, /* more than SHEET_FILE_MAX octets */
    SHEET_ERROR_ENCODING, /* no encoding fits, or this system lacks it */
    SHEET_ERROR_DAMAGED,  /* a workbook that is not whole */
    SHEET_ERROR_FORMAT,   /* a file of another kind than its name says, or locked */
    SHEET_ERROR_UNSAFE,   /* what a workbook has no business to hold, or too much of it */
} SheetError;

/* What staff can do about it; NULL: nothing, it is not the file's fault. */
const char *sheet_error_remedy(const GError *error);

typedef enum { SHEET_CSV, SHEET_XLSX } SheetFormat;

typedef struct {
    const char *message; /* 错在哪 */
    const char *remedy;  /* 怎么改 */
} SheetComplaint;

typedef struct {
    const char *text;
    gsize len;                   /* octets; a NUL octet of the file counts as one */
    const SheetComplaint *fault; /* constant: why this cell cannot be used; NULL: it can */
} SheetCell;

typedef struct {
    guint64 line; /* from 1: a CSV's physical line on which the row begins, a workbook's row */
    guint cell_count;
    const SheetCell *cells;
} SheetRow;

typedef struct {
    guint64 line;
    guint column;        /* from 1; 0: the row as a whole */
    const char *value;   /* what stands there, valid until the next call; NULL: nothing to show */
    const char *message; /* 错在哪, constant */
    const char *remedy;  /* 怎么改, constant */
} SheetFault;

typedef enum {
    SHEET_ROW,   /* *row is filled */
    SHEET_FAULT, /* *fault says why a row cannot be read; the next one may be asked for. What merges
                    cells is known only at the end of a workbook: these come last */
    SHEET_END,   /* no more rows */
    SHEET_FAILED, /* *error is set */
} SheetStatus;

/* What the sheet should be. The names of its columns tell encodings and worksheets apart. */
typedef struct {
    const char *const *columns;
    guint column_count;
    const char *worksheet; /* its name; NULL: the first visible one whose header fits */
} SheetWanted;

typedef struct Sheet Sheet; /* opaque */

/* Takes `fd`, a regular file read from its start, on success and on failure. What `wanted` points
 * to must outlive the sheet. */
Sheet *sheet_open(int fd, SheetFormat format, const SheetWanted *wanted,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sheet_free(Sheet *sheet); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sheet, sheet_free)

SheetStatus sheet_next_row(Sheet *sheet, SheetRow *row, SheetFault *fault, GError **error);
const char *sheet_charset(const Sheet *sheet); /* "gb18030", "xlsx"; constant */

/* Whether a line looks like a header: the tie-breaker between encodings (charset/detect.h). */
typedef gboolean (*SheetPlausible)(const char *first_line, gpointer data);

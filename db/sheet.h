#pragma once
/* A table of cells, whatever file it came from: what import.c reads, row by row, forwards only.
 * A Sheet owns its file descriptor. A row's cells are valid UTF-8, NUL-ended, and live until the
 * next call. Rows that are empty in every cell are skipped, empty cells at the end of a row are cut
 * off. Octets that are no character in the file's encoding arrive as U+FFFD, so that the rule of
 * the cell can name file, row and column; nobody may accept a cell that holds one. Limits (SAFETY
 * (g)): file 200 MB, row 256 KiB, 64 columns. */
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
} SheetError;

typedef struct {
    const char *text;
    gsize len; /* octets; a NUL octet of the file counts as one */
} SheetCell;

typedef struct {
    guint64 line; /* physical line on which the row begins, from 1 */
    guint cell_count;
    const SheetCell *cells;
} SheetRow;

typedef struct {
    guint64 line;
    guint column;        /* from 1; 0: the row as a whole */
    const char *message; /* 错在哪, constant */
    const char *remedy;  /* 怎么改, constant */
} SheetFault;

typedef enum {
    SHEET_ROW,    /* *row is filled */
    SHEET_FAULT,  /* this row cannot be read, *fault says why; the next one may be asked for */
    SHEET_END,    /* no more rows */
    SHEET_FAILED, /* *error is set */
} SheetStatus;

typedef struct Sheet Sheet; /* opaque */

/* Whether a line looks like this sheet's header: the tie-breaker between encodings (detect.h). */
typedef gboolean (*SheetPlausible)(const char *first_line, gpointer data);

/* Takes `fd`, a regular file read from its start, on success and on failure. */
Sheet *sheet_open_csv(int fd, SheetPlausible is_plausible, gpointer data,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sheet_free(Sheet *sheet); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sheet, sheet_free)

SheetStatus sheet_next_row(Sheet *sheet, SheetRow *row, SheetFault *fault, GError **error);
const char *sheet_charset(const Sheet *sheet); /* "gb18030"; constant */

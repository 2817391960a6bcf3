#pragma once
/* The rows of one worksheet. Source: ECMA-376 part 1 §18.3. */
#include "db/sheet.h"
#include "db/xlsx_strings.h"
#include "db/xlsx_styles.h"

typedef struct {
    const XlsxStrings *strings; /* NULL: none */
    const XlsxStyles *styles;   /* NULL: all is general */
    gboolean is_1904;
} XlsxShared;

typedef struct XlsxRows XlsxRows; /* opaque */

/* Takes `source`; `shared` must outlive the rows. */
XlsxRows *xlsx_rows_new(ZipStream *source, const XlsxShared *shared);
void xlsx_rows_free(XlsxRows *rows); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XlsxRows, xlsx_rows_free)

/* As sheet_next_row(), empty rows included. */
SheetStatus xlsx_rows_next(XlsxRows *rows, SheetRow *row, SheetFault *fault, GError **error);

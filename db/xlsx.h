#pragma once
/* .xlsx workbooks as Excel, WPS and their like write them (ECMA-376, transitional and strict): the
 * Sheet behind sheet_open(SHEET_XLSX). Streams: shared strings first, into one block of memory,
 * then the worksheet block by block. A row's line is its row number in the sheet, also after gaps.
 * Hidden rows and columns count; of formulas the saved result is read. A merged area that touches
 * rows with content is a fault at the end, at its first cell. */
#include "db/sheet.h"

typedef struct XlsxReader XlsxReader; /* opaque */

/* Takes `fd` in any case. */
XlsxReader *xlsx_reader_new(int fd, const SheetWanted *wanted,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void xlsx_reader_free(XlsxReader *reader); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XlsxReader, xlsx_reader_free)

SheetStatus xlsx_reader_next(XlsxReader *reader, SheetRow *row, SheetFault *fault, GError **error);

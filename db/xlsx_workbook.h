#pragma once
/* A workbook without its cells: which worksheets it has, where they lie, what they share. A ZIP
 * file that is something else is refused by the name of what it is. Source: ECMA-376 part 1 §12.3,
 * §18.2; part 2 §9.3 (relationships). Errors: SHEET_ERROR. */
#include "db/zip_archive.h"

typedef struct {
    char *name; /* what its tab says */
    char *part; /* xl/worksheets/sheet1.xml */
    gboolean is_visible;
} XlsxWorksheet;

typedef struct {
    ZipArchive *archive;
    GPtrArray *worksheets; /* XlsxWorksheet, in the order of the tabs */
    gboolean is_1904;      /* days are counted from 1904 */
    char *strings_part;    /* NULL: none */
    char *styles_part;     /* NULL: none */
} XlsxWorkbook;

/* The parts that are read whole, but for the strings: none is anywhere near as large. */
#define XLSX_PART_MAX (16ull * 1024 * 1024)

/* Takes `fd` in any case. */
XlsxWorkbook *xlsx_workbook_open(int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void xlsx_workbook_close(XlsxWorkbook *workbook); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XlsxWorkbook, xlsx_workbook_close)

/* The visible worksheet of that name, or NULL. */
const XlsxWorksheet *xlsx_workbook_find(const XlsxWorkbook *workbook, const char *name);

#pragma once
/* Finds the sheets at a path: a folder (looked at itself and in its subfolder 便民数据), or one
 * file. Names count without regard to case and Unicode form; what is not a sheet's name is passed
 * over, with a warning where it looks meant as one. Opens what it finds: regular files only, no
 * link is followed, nothing can block. Source: SAFETY.md (c) Stick, (b) 4 and 5.
 *
 * A table is brought along as
 *   事项.csv;
 *   事项.xlsx: its worksheet 事项, else the first visible one whose header fits;
 *   a visible worksheet named 事项 in any other .xlsx, whatever its name.
 * So one workbook may hold all tables, a worksheet each, and worksheets of other names may stand
 * beside them. The same table twice is refused, naming both. What a file is, its content says: one
 * whose name says otherwise is refused. */
#include "db/import.h"
#include "db/rule.h"
#include "db/sheet.h"

typedef struct {
    int fd; /* -1: not brought along; who reads it takes it and sets -1 */
    SheetFormat format;
    char *label;     /* what reports call it: 事项.csv, 资料.xlsx（工作表 事项） */
    char *worksheet; /* NULL: by its header */
} ImportFile;

typedef struct {
    ImportFile at[RULE_SHEET_COUNT];
} ImportFiles;

/* What is found but cannot be used (a link, an .xls, two of a kind) is an error in the report.
 * FALSE with *error if there is no such path or nothing at it has to do with sheets. */
gboolean import_find(const char *path, ImportFiles *files, ImportReport *report,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void import_files_close(ImportFiles *files);

/* import_sheets() of what is open already, wherever it was found; takes the descriptors. */
gboolean import_found(ImportFiles *files, sqlite3 *base, sqlite3 *target, ImportReport *report,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

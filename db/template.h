#pragma once
/* What a clerk starts from, in a folder:
 *   填表说明.xlsx        how to go about it, and each column of each table
 *   空白/事项.xlsx …     one workbook a table, its header alone; that of persons too
 *   示例/便民数据.xlsx   all tables as they are published now, a worksheet each
 * The example is the published content and no invention: on a stick as it is, it changes nothing.
 * Neither subfolder is one in which the importer looks, so the folder as a whole is no update. */
#include <glib.h>
#include <sqlite3.h>

/* `dir` is made if it is missing, its parent is not. Fails with an ExportError (export.h), with
 * EXPORT_ERROR_EXISTS before anything is written. Each file appears whole or not at all. */
gboolean template_write(sqlite3 *db, const char *dir, gboolean may_replace,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

#pragma once
/* A table of the data dictionary as a worksheet that a clerk can fill in: its header with a comment
 * a column (column_help.h), drop-downs where the rules know all values, text columns throughout;
 * and the rows that are published, so that importing them again gives the same content. */
#include "db/content.h"
#include "db/rule.h"
#include "db/xlsx_writer.h"

#include <sqlite3.h>

/* The worksheet, named after the table, with its header alone. */
void table_sheet_begin(XlsxWriter *writer, RuleSheetId id);
/* All rows of the table into the worksheet that was begun last. */
gboolean table_sheet_add_rows(XlsxWriter *writer, sqlite3 *db, const ContentSheet *sheet,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Told each row of a table in the order of the sheet: `column_count` cells, valid until it returns.
 * FALSE with *error ends it. */
typedef gboolean (*TableRowFunc)(const char *const *cells, gpointer data, GError **error);
gboolean table_sheet_each_row(sqlite3 *db, const ContentSheet *sheet, TableRowFunc take,
                              gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The table a content sheet is; tables of persons have no content. */
RuleSheetId table_sheet_id(const ContentSheet *sheet);

#pragma once
/* A catalogue as the sheets staff keep, with the headers and in the order of the data dictionary: a
 * file a table, as CSV (csv_text.h) or as workbook (table_sheet.h). Imported again, either gives
 * the same content digest. Personal records are not in it. */
#include "db/content.h"

#include <sqlite3.h>

#define EXPORT_ERROR (export_error_quark())
GQuark export_error_quark(void);
typedef enum {
    EXPORT_ERROR_EXISTS, /* a file of that name is there, and may_replace is FALSE: nothing was
                            written */
    EXPORT_ERROR_WRITE,
    EXPORT_ERROR_NO_RIGHT, /* to write there; or it is read-only */
    EXPORT_ERROR_READ,     /* the catalogue */
} ExportError;

typedef enum { EXPORT_CSV, EXPORT_XLSX } ExportFormat;

/* Writes all sheets to the folder `dir`, which is made if it is missing (its parent is not). Each
 * file appears whole or not at all. */
gboolean export_sheets(sqlite3 *db, const char *dir, ExportFormat format, gboolean may_replace,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the writing of sheets shares (template.h). */
/* A folder to write in, open; made if it is missing. -1 with *error. */
int export_open_folder(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Puts `cause` (taken) as an ExportError that names the file. Returns FALSE. */
gboolean export_fail(GError **error, const char *file, GError *cause);

/* One sheet as CSV into an open file, synced; octet for octet the same for the same rows.
 * DISK_ERROR or STORE_ERROR. */
gboolean export_sheet_csv(int fd, sqlite3 *db, const ContentSheet *sheet,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

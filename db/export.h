#pragma once
/* A catalogue as the sheets staff keep: one CSV a sheet, UTF-8 with BOM (without it Excel takes the
 * file for GBK), CRLF, quoted as RFC 4180 says, headers and order of the data dictionary, formulas
 * disarmed (formula.h). Imported again it gives the same content digest. Personal records are not
 * in it. */
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

/* Writes all sheets to the folder `dir`, which is made if it is missing (its parent is not). Each
 * file appears whole or not at all. */
gboolean export_csv(sqlite3 *db, const char *dir, gboolean may_replace,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One sheet into an open file, synced; octet for octet the same for the same rows. DISK_ERROR or
 * STORE_ERROR. */
gboolean export_sheet_csv(int fd, sqlite3 *db, const ContentSheet *sheet,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

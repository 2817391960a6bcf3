#pragma once
/* A signed package, 便民更新-000123.bmp: one generation's sheets on their way to other kiosks, which
 * build from them and must reach the same content digest. Never a database.
 *
 * The file, which can be written in one way only:
 *   header     text, one line each, in this order, then a blank line:
 *                bianmin-package 1
 *                version 123            of the signing key; 1 to 999999, no leading zero
 *                key 32 hex digits      id of the signing key (trust.h)
 *                digest 32 hex digits   content digest (generation.h)
 *                created 2026-03-05T09:10:11+08:00
 *                schema 1               of the catalogue
 *                sheet 事项.csv 12345   octets; one for each sheet, in the order of content_sheets
 *   sheets     their octets, one after the other, as export_sheet_csv() writes them
 *   signature  64 octets: Ed25519ph (RFC 8032 §5.1) of all before
 *
 * Limits are looked at before anything is read at length: PACKAGE_FILE_MAX, PACKAGE_HEADER_MAX. The
 * sheets are copied, while they are hashed, into nameless temporary files; what was verified is what
 * is read later, whatever becomes of the stick. Source: SAFETY.md (b) 5, 14, 15, (c). */
#include "db/content.h"
#include "db/import.h"

#define PACKAGE_FILE_MAX   (200ull * 1000 * 1000)
#define PACKAGE_HEADER_MAX 4096u
#define PACKAGE_KEY_LEN    32u
#define PACKAGE_SECRET_LEN 64u
#define PACKAGE_ID_HEX     33u
#define PACKAGE_TIME_LEN   26u
#define PACKAGE_SIGNED_LEN 64u

#define PACKAGE_ERROR (package_error_quark())
GQuark package_error_quark(void);
typedef enum {
    PACKAGE_ERROR_MISSING,
    PACKAGE_ERROR_READ,
    PACKAGE_ERROR_FORMAT, /* not one of ours, cut short, too long */
    PACKAGE_ERROR_NEWER,  /* for another version of this program */
    PACKAGE_ERROR_SIGNATURE,
    PACKAGE_ERROR_CONTENT, /* its sheets do not give the content that it promises */
    PACKAGE_ERROR_WRITE,
    PACKAGE_ERROR_NO_RIGHT,
} PackageError;

typedef struct {
    guint version;
    char key[PACKAGE_ID_HEX];
    char digest[PACKAGE_ID_HEX];
    char created[PACKAGE_TIME_LEN];
    guint schema;
    guint64 lens[CONTENT_SHEET_COUNT];
} PackageManifest;

/* The header, of the first octets of a file; `*header_len` is with the blank line. */
gboolean package_parse(const char *octets, gsize len, PackageManifest *manifest, gsize *header_len,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *package_format(const PackageManifest *manifest, gsize *len); /* free with g_free() */

/* ---- writing ---- */
char *package_name(guint version); /* 便民更新-000123.bmp; free with g_free() */
/* Writes `path` whole or not at all, over an older one. `manifest`: all but lens and schema, which
 * are filled in here; `db` is the generation with that digest. */
gboolean package_write(const char *path, sqlite3 *db, PackageManifest *manifest,
                       const guint8 secret[PACKAGE_SECRET_LEN],
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- reading ---- */
typedef struct Package Package;
/* Reads all of it, and believes none of it yet. */
Package *package_open(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void package_free(Package *package); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Package, package_free)
/* What it claims to be. */
const PackageManifest *package_manifest(const Package *package);
/* That `key` (whose id the manifest names) has signed it. */
gboolean package_verify(Package *package, const guint8 key[PACKAGE_KEY_LEN],
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* import_sheets() of a verified package, once, and that it gives the promised digest, where the
 * report has no errors. */
gboolean package_import(Package *package, sqlite3 *target, ImportReport *report,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The newest 便民更新-NNNNNN.bmp in a folder or its subfolder 便民数据; `path` itself if it is a file
 * with this ending; NULL: no package. Free with g_free(). */
char *package_find(const char *path);

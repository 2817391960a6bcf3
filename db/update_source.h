#pragma once
/* Where the content of an update comes from: sheets, or a signed package (package.h). One object
 * for both, so that whoever makes an update (update.h) need not know which. A package is believed
 * when its key is trusted here, its signature is right, its version is not an older one, and its
 * sheets give the content that it promises; its version counts from the moment before that content
 * is published: if power goes between the two, the same package comes again, an older one never.
 * Errors: UPDATE_SOURCE_ERROR; PACKAGE_ERROR, TRUST_ERROR, those of import.h. */
#include "db/package.h"
#include "db/trust.h"

#define UPDATE_SOURCE_ERROR (update_source_error_quark())
GQuark update_source_error_quark(void);
typedef enum {
    UPDATE_SOURCE_ERROR_KEY,        /* nobody here knows it */
    UPDATE_SOURCE_ERROR_DISTRUSTED, /* it is not trusted any more */
    UPDATE_SOURCE_ERROR_OLD,        /* version: replayed */
    UPDATE_SOURCE_ERROR_OTHER,      /* version: used for another content */
    UPDATE_SOURCE_ERROR_FAR,        /* version: too far ahead */
    UPDATE_SOURCE_ERROR_BOTH,       /* sheets and a package side by side */
} UpdateSourceError;

/* An error says what is wrong. What to do depends on who reads it: at a terminal a command, at the
 * screen a button or whom to call. */
typedef enum { UPDATE_READER_TECHNICIAN, UPDATE_READER_CLERK } UpdateReader;
/* Constant; NULL for others. */
const char *update_source_remedy(const GError *error, UpdateReader reader);
/* The message, of any error; after those above, what the reader can do. Free with g_free(). */
char *update_source_explain(const GError *error, UpdateReader reader);

typedef struct UpdateSource UpdateSource;

/* A folder, a sheet, a package, or a folder with a package in it. */
UpdateSource *update_source_open(const char *data_dir, const char *path,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void update_source_free(UpdateSource *source); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UpdateSource, update_source_free)
const PackageManifest *update_source_package(const UpdateSource *source); /* NULL: sheets */

/* import_sheets(), once. A package stands for itself: `base` is not looked at. To be called with
 * the lock on the data folder, when something is to be published: it is judged again. */
gboolean update_source_import(UpdateSource *source, sqlite3 *base, sqlite3 *target,
                              ImportReport *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* " package=<key>/<version>" for the audit, "" for sheets; free with g_free(). */
char *update_source_summary(const UpdateSource *source);
/* To be called once nothing but the switch is left to be done, or nothing at all: from now on no
 * older package of that key is taken. FALSE also if the key is not trusted any more: somebody may
 * have looked at the changes for long. */
gboolean update_source_settle(UpdateSource *source, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a verified package of this key and version may be taken: FALSE with the error. */
gboolean update_source_judge(const TrustKey *key, const PackageManifest *manifest, GError **error);
/* The key of a package, trusted; NULL with the error. */
TrustKey *update_source_key(const char *data_dir, const PackageManifest *manifest,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

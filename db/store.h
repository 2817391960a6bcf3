#pragma once
/* SQLite, opened in the only ways this product opens it. No file outside db/ includes sqlite3.h.
 * Every handle has the guards of a database that somebody else may have damaged: defensive, no
 * trusted schema, no extensions, no double-quoted strings, no triggers or views for content, cell
 * size check, no mmap, tight limits, a heap limit, application_id and user_version checked. Source:
 * https://www.sqlite.org/security.html */
#include <glib.h>
#include <sqlite3.h>

#define STORE_ERROR (store_error_quark())
GQuark store_error_quark(void);
typedef enum {
    STORE_ERROR_OPEN,   /* missing, not readable */
    STORE_ERROR_FORMAT, /* not ours: application_id, user_version, or damaged */
    STORE_ERROR_WRITE,  /* disk full, not writable */
    STORE_ERROR_SQL,
    STORE_ERROR_NEWER,
    STORE_ERROR_NO_RIGHT, /* this user may not read, or not write; or the medium is read-only */
} StoreError;

#define CATALOGUE_SCHEMA_VERSION 1

/* Content to read: mode=ro, immutable. Close with store_close(). */
sqlite3 *store_open_content(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same over an image in memory, which must outlive the handle (sqlite3_deserialize, read-only).
 */
sqlite3 *store_open_image(GBytes *image, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A new catalogue to fill, with catalogue.sql applied: journal and synchronous OFF (generation.c
 * fsyncs the finished file before it counts). `path` must not exist. */
sqlite3 *store_create_content(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, nameless: for a check that publishes nothing. In memory; what outgrows SQLite's cache
 * goes into an unlinked temporary file, because a million rows are more than the heap limit. */
sqlite3 *store_create_scratch(GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same file once more, to be checked and sealed before it is published (generation.c). */
sqlite3 *store_open_draft(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A database that is written while the service runs: made from the schema `resource` if it is
 * missing, WAL, synchronous=FULL. STORE_ERROR_FORMAT if it is damaged or another's,
 * STORE_ERROR_NEWER if a later version of this program made it. */
typedef struct {
    const char *resource; /* "/bianmin/db/sms.sql" */
    gint64 application_id, schema_version;
    /* Nobody else ever reads it: the index of its log is kept in memory, not in a mapped file. On a
     * full file system whose blocks are smaller than a page (ext4 below 512 MB) that file means
     * SIGBUS; with blocks of 4 KiB SQLite reserves what it maps. */
    gboolean is_alone;
} StoreSchema;
sqlite3 *store_open_runtime(const char *path, const StoreSchema *schema,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* To read what can still be read; no format is checked. NULL if it cannot even be opened. */
sqlite3 *store_open_damaged(const char *path) G_GNUC_WARN_UNUSED_RESULT;
/* Gives back the pages that it keeps in memory: for a handle that will hardly be asked again. */
void store_release_memory(sqlite3 *db);
void store_close(sqlite3 *db); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3, store_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

/* A prepared statement, NULL with *error on failure. Finalise with sqlite3_finalize(). */
sqlite3_stmt *store_prepare(sqlite3 *db, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE while there are rows; FALSE at the end, or on failure with *error set. On a handle to read,
 * a step that computes for more than 200 ms is broken off: no query of ours does. */
gboolean store_step(sqlite3_stmt *statement, GError **error);
gboolean store_exec(sqlite3 *db, const char *sql, GError **error);
/* Column `i` as text, never NULL; valid until the next step. */
const char *store_text(sqlite3_stmt *statement, int i);
/* integrity_check and foreign_key_check; takes as long as it takes. */
gboolean store_check(sqlite3 *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

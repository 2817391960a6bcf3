#pragma once
/* How a runtime database is opened, and its statements, prepared when they are first used and kept.
 * Only for the stores in db/. */
#include "db/runtime.h"
#include "db/salvage.h"
#include "db/store.h"

typedef struct {
    StoreSchema schema;
    const char *folder, *file; /* below the data folder: "sms", "sms.db" */
    int folder_mode;           /* of a new one */
    const char *busy;          /* the sentence for RUNTIME_ERROR_BUSY */
    const char *missing;       /* and for RUNTIME_ERROR_MISSING, before the path */
    SalvagePlan salvage;
} RuntimeKind;

/* Makes the folder and the file if need be. *was_damaged: a new one was begun. */
Runtime *runtime_open(const RuntimeKind *kind, const char *data_dir, gboolean *was_damaged,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Beside the service that runs: for what staff read and tick off. NULL with *error if there is
 * none. */
Runtime *runtime_open_beside(const RuntimeKind *kind, const char *data_dir,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The next runtime_open() begins a new one, whatever its own look says. */
void runtime_mark_damaged(const RuntimeKind *kind, const char *data_dir);

/* `sql` is a string constant: its address names the statement. Ready to be bound; NULL with *error.
 * Do not finalise; runtime_end() when its rows have been read. */
sqlite3_stmt *runtime_sql(Runtime *runtime, const char *sql, GError **error);
/* Ready for the next time. `cause` is what ended the reading before its end, or NULL: FALSE with
 * *error, which takes it. */
gboolean runtime_end(sqlite3_stmt *statement, GError *cause, GError **error);
/* Runs one without rows: `format` has a letter for each parameter: i gint64, s const char * (may be
 * NULL). */
gboolean runtime_run(Runtime *runtime, GError **error, const char *sql, const char *format, ...);
/* Binds parameters in the same way; NULL with *error. */
sqlite3_stmt *runtime_bind(Runtime *runtime, GError **error, const char *sql, const char *format,
                           ...);
/* The first column of the first row; `none` if there is no row. */
gboolean runtime_number(sqlite3_stmt *statement, gint64 none, gint64 *out, GError **error);
gint64 runtime_changes(Runtime *runtime);
gint64 runtime_last_id(Runtime *runtime);
/* What was deleted must not stay readable in the log either. */
gboolean runtime_empty_log(Runtime *runtime, GError **error);

#pragma once
/* The statements of the SMS store, prepared when they are first used and kept. Only for
 * db/sms_*.c. */
#include "db/sms_store.h"
#include "db/store.h"

/* `sql` is a string constant: its address names the statement. Ready to be bound; NULL with *error.
 * Do not finalise; sms_sql_end() when its rows have been read. */
sqlite3_stmt *sms_sql(SmsStore *store, const char *sql, GError **error);
/* Ready for the next time. `cause` is what ended the reading before its end, or NULL: FALSE with
 * *error, which takes it. */
gboolean sms_sql_end(sqlite3_stmt *statement, GError *cause, GError **error);
/* Runs one without rows: `format` has a letter for each parameter: i gint64, s const char * (may be
 * NULL). */
gboolean sms_sql_run(SmsStore *store, GError **error, const char *sql, const char *format, ...);
/* Binds parameters in the same way; NULL with *error. */
sqlite3_stmt *sms_sql_bind(SmsStore *store, GError **error, const char *sql, const char *format,
                           ...);
/* The first column of the first row; `none` if there is no row. */
gboolean sms_sql_number(sqlite3_stmt *statement, gint64 none, gint64 *out, GError **error);
gint64 sms_sql_changes(SmsStore *store);
gint64 sms_sql_last_id(SmsStore *store);

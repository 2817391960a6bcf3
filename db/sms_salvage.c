#include "db/sms_salvage.h"

/* Forwards up to the damage, backwards up to it from the other side. */
static const struct {
    const char *forwards, *backwards, *insert;
} tables[] = {
    { "SELECT * FROM contact", "SELECT * FROM contact ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO contact VALUES (?,?,?,?,?,?,?)" },
    { "SELECT * FROM note", "SELECT * FROM note ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO note VALUES (?,?,?,?,?)" },
    { "SELECT * FROM pin_try", "SELECT * FROM pin_try ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO pin_try VALUES (?,?,?,?)" },
    { "SELECT * FROM inbox", "SELECT * FROM inbox ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO inbox VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)" },
    { "SELECT * FROM outbox", "SELECT * FROM outbox ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO outbox VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)" },
};

/* Row after row: one that the new schema refuses is left out, one that cannot be read ends it.
 * FALSE with *error if the disk is full. */
static gboolean copy_rows(sqlite3 *damaged, sqlite3 *fresh, const char *select, const char *insert,
                          GError **error)
{
    g_autoptr(sqlite3_stmt) from = store_prepare(damaged, select, NULL);
    g_autoptr(sqlite3_stmt) to = store_prepare(fresh, insert, NULL);

    if (!from || !to || sqlite3_column_count(from) != sqlite3_bind_parameter_count(to)) return TRUE;
    while (store_step(from, NULL)) {
        g_autoptr(GError) cause = NULL;
        for (int i = 0; i < sqlite3_column_count(from); i++)
            sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
        store_step(to, &cause);
        sqlite3_reset(to);
        if (g_error_matches(cause, STORE_ERROR, STORE_ERROR_WRITE)) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return FALSE;
        }
    }
    return TRUE;
}

/* The parents of some rows are among what is lost. */
static const char mend[] =
    "UPDATE outbox SET inbox_id = NULL WHERE inbox_id NOT IN (SELECT id FROM inbox);"
    "UPDATE inbox SET head = NULL WHERE head NOT IN (SELECT id FROM inbox);";

static gboolean copy_all(sqlite3 *damaged, sqlite3 *fresh, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
        if (!copy_rows(damaged, fresh, tables[i].forwards, tables[i].insert, error) ||
            !copy_rows(damaged, fresh, tables[i].backwards, tables[i].insert, error))
            return FALSE;
    return store_exec(fresh, mend, error);
}

gboolean sms_salvage(const char *damaged_path, sqlite3 *fresh, GError **error)
{
    sqlite3 *damaged = store_open_damaged(damaged_path);
    gboolean is_ok = TRUE;

    if (!damaged) return TRUE;
    sqlite3_db_config(fresh, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
    is_ok = store_exec(fresh, "BEGIN IMMEDIATE", error) && copy_all(damaged, fresh, error) &&
            store_exec(fresh, "COMMIT", error);
    sqlite3_db_config(fresh, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    store_close(damaged);
    return is_ok;
}

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

/* Row after row: one that the new schema refuses is left out, one that cannot be read ends it. */
static guint copy_rows(sqlite3 *damaged, sqlite3 *fresh, const char *select, const char *insert)
{
    g_autoptr(sqlite3_stmt) from = store_prepare(damaged, select, NULL);
    g_autoptr(sqlite3_stmt) to = store_prepare(fresh, insert, NULL);
    guint count = 0;

    if (!from || !to || sqlite3_column_count(from) != sqlite3_bind_parameter_count(to)) return 0;
    while (store_step(from, NULL)) {
        for (int i = 0; i < sqlite3_column_count(from); i++)
            sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
        store_step(to, NULL);
        count += (guint)sqlite3_changes(fresh);
        sqlite3_reset(to);
    }
    return count;
}

/* The parents of some rows are among what is lost. */
static void mend_references(sqlite3 *fresh)
{
    store_exec(fresh,
               "UPDATE outbox SET inbox_id = NULL WHERE inbox_id NOT IN (SELECT id FROM inbox)",
               NULL);
    store_exec(fresh, "UPDATE inbox SET head = NULL WHERE head NOT IN (SELECT id FROM inbox)",
               NULL);
}

guint sms_salvage(const char *damaged_path, sqlite3 *fresh)
{
    sqlite3 *damaged = store_open_damaged(damaged_path);
    guint count = 0;

    if (!damaged) return 0;
    sqlite3_db_config(fresh, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
    if (store_exec(fresh, "BEGIN IMMEDIATE", NULL)) {
        for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
            count += copy_rows(damaged, fresh, tables[i].forwards, tables[i].insert);
            count += copy_rows(damaged, fresh, tables[i].backwards, tables[i].insert);
        }
        mend_references(fresh);
        if (!store_exec(fresh, "COMMIT", NULL)) {
            store_exec(fresh, "ROLLBACK", NULL);
            count = 0;
        }
    }
    sqlite3_db_config(fresh, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    store_close(damaged);
    return count;
}

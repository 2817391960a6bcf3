#include "db/salvage.h"

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

static gboolean copy_all(const SalvagePlan *plan, sqlite3 *damaged, sqlite3 *fresh, GError **error)
{
    for (guint i = 0; i < plan->table_count; i++) {
        const SalvageTable *table = &plan->tables[i];
        if (!copy_rows(damaged, fresh, table->forwards, table->insert, error) ||
            !copy_rows(damaged, fresh, table->backwards, table->insert, error))
            return FALSE;
    }
    return !plan->mend || store_exec(fresh, plan->mend, error);
}

gboolean salvage(const SalvagePlan *plan, const char *damaged_path, sqlite3 *fresh, GError **error)
{
    sqlite3 *damaged = store_open_damaged(damaged_path);
    gboolean is_ok = TRUE;

    if (!damaged) return TRUE;
    sqlite3_db_config(fresh, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
    is_ok = store_exec(fresh, "BEGIN IMMEDIATE", error) && copy_all(plan, damaged, fresh, error) &&
            store_exec(fresh, "COMMIT", error);
    sqlite3_db_config(fresh, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    store_close(damaged);
    return is_ok;
}

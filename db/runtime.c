#include "db/runtime.h"

#include "db/disk.h"
#include "db/runtime_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(bianmin_runtime_error, runtime_error)

static void finalize(gpointer statement)
{
    sqlite3_finalize(statement);
}

struct Runtime {
    sqlite3 *db;
    GHashTable *statements; /* SQL text (constant) → sqlite3_stmt * */
    gboolean is_in_transaction;
    int lock;
};

/* ---- opening ---- */

static const char *const suffixes[] = { "", "-wal", "-shm" };

static void remove_all(const char *path)
{
    for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *name = g_strconcat(path, suffixes[i], NULL);
        unlink(name);
    }
}

static void rename_all(const char *from, const char *to)
{
    remove_all(to);
    for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *old_name = g_strconcat(from, suffixes[i], NULL);
        g_autofree char *new_name = g_strconcat(to, suffixes[i], NULL);
        rename(old_name, new_name);
    }
}

/* Built beside with what can be read of the damaged one, and put in its place when it is whole: a
 * crash or a full disk on the way leaves the damaged one, to be tried again. */
static gboolean begin_anew(const RuntimeKind *kind, const char *path, GError **error)
{
    g_autofree char *fresh = g_strconcat(path, ".new", NULL);
    g_autofree char *aside = g_strconcat(path, ".bad", NULL);

    remove_all(fresh);
    sqlite3 *db = store_open_runtime(fresh, &kind->schema, error);
    if (!db) return FALSE;
    gboolean is_ok = salvage(&kind->salvage, path, db, error);
    store_close(db); /* its log goes into it */
    if (!is_ok) return FALSE;
    rename_all(path, aside);
    rename_all(fresh, path);
    return TRUE;
}

/* An index may be damaged that the quick look of every start does not see: the last run has. */
static char *mark_of(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    return g_build_filename(folder, "damaged", NULL);
}

static sqlite3 *open_or_begin_anew(const RuntimeKind *kind, const char *path, gboolean *was_damaged,
                                   GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *mark = mark_of(path), *fresh = g_strconcat(path, ".new", NULL);
    gboolean is_marked = access(mark, F_OK) == 0;

    /* a crash between the two renamings */
    if (access(path, F_OK) != 0 && access(fresh, F_OK) == 0) rename_all(fresh, path);
    sqlite3 *db = is_marked ? NULL : store_open_runtime(path, &kind->schema, &cause);
    *was_damaged = is_marked || g_error_matches(cause, STORE_ERROR, STORE_ERROR_FORMAT);
    if (*was_damaged) {
        if (!begin_anew(kind, path, error)) return NULL;
        unlink(mark);
        return store_open_runtime(path, &kind->schema, error);
    }
    if (cause) g_propagate_error(error, g_steal_pointer(&cause));
    return db;
}

/* A second gateway would take what the first is sending for doubtful; a second touch screen would
 * count beside the first. -1 with *error. */
static int take_lock(const RuntimeKind *kind, const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "lock", NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);

    if (fd < 0) {
        g_autofree char *what = g_strdup_printf("不能新建 %s/lock", kind->folder);
        disk_fail(error, DISK_ERROR_WRITE, errno, what);
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        g_set_error_literal(error, RUNTIME_ERROR, RUNTIME_ERROR_BUSY, kind->busy);
        close(fd);
        return -1;
    }
    return fd;
}

/* The data folder itself is everybody's: `folder_mode` is that of the last one alone. */
static gboolean make_folder(const RuntimeKind *kind, const char *data_dir, const char *folder,
                            GError **error)
{
    if (g_mkdir_with_parents(data_dir, 0750) == 0 &&
        g_mkdir_with_parents(folder, kind->folder_mode) == 0)
        return TRUE;
    int reason = errno;
    g_autofree char *what = g_strdup_printf("不能新建 %s 文件夹", kind->folder);
    return disk_fail(error,
                     reason == ENOSPC || reason == EDQUOT ? DISK_ERROR_WRITE : DISK_ERROR_MISSING,
                     reason, what);
}

/* The reasons that a caller tells apart. */
static void propagate(GError **error, GError *cause)
{
    gboolean is_no_right = g_error_matches(cause, STORE_ERROR, STORE_ERROR_NO_RIGHT) ||
                           g_error_matches(cause, DISK_ERROR, DISK_ERROR_NO_RIGHT);
    gboolean is_full = g_error_matches(cause, STORE_ERROR, STORE_ERROR_WRITE) ||
                       g_error_matches(cause, DISK_ERROR, DISK_ERROR_WRITE);

    if (!cause) return;
    if (is_no_right || is_full) {
        cause->domain = RUNTIME_ERROR;
        cause->code = is_full ? RUNTIME_ERROR_FULL : RUNTIME_ERROR_NO_RIGHT;
    }
    g_propagate_error(error, cause);
}

static Runtime *runtime_new(sqlite3 *db, int lock)
{
    Runtime *runtime = g_new0(Runtime, 1);
    runtime->db = db;
    runtime->lock = lock;
    runtime->statements = g_hash_table_new_full(NULL, NULL, NULL, finalize);
    return runtime;
}

Runtime *runtime_open(const RuntimeKind *kind, const char *data_dir, gboolean *was_damaged,
                      GError **error)
{
    g_autofree char *folder = g_build_filename(data_dir, kind->folder, NULL);
    g_autofree char *path = g_build_filename(folder, kind->file, NULL);
    g_autoptr(GError) cause = NULL;

    *was_damaged = FALSE;
    int lock = make_folder(kind, data_dir, folder, &cause) ? take_lock(kind, folder, &cause) : -1;
    sqlite3 *db = lock >= 0 ? open_or_begin_anew(kind, path, was_damaged, &cause) : NULL;
    if (!db) {
        if (lock >= 0) close(lock);
        propagate(error, g_steal_pointer(&cause));
        return NULL;
    }
    return runtime_new(db, lock);
}

Runtime *runtime_open_beside(const RuntimeKind *kind, const char *data_dir, GError **error)
{
    g_autofree char *path = g_build_filename(data_dir, kind->folder, kind->file, NULL);
    g_autoptr(GError) cause = NULL;

    if (access(path, F_OK) != 0 && errno == ENOENT) {
        g_set_error(error, RUNTIME_ERROR, RUNTIME_ERROR_MISSING, "%s：%s", kind->missing, path);
        return NULL;
    }
    sqlite3 *db = store_open_runtime(path, &kind->schema, &cause);
    if (!db) {
        propagate(error, g_steal_pointer(&cause));
        return NULL;
    }
    return runtime_new(db, -1);
}

void runtime_mark_damaged(const RuntimeKind *kind, const char *data_dir)
{
    g_autofree char *path = g_build_filename(data_dir, kind->folder, kind->file, NULL);
    g_autofree char *mark = mark_of(path);
    int fd = open(mark, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0) close(fd);
}

void runtime_free(Runtime *runtime)
{
    if (!runtime) return;
    runtime_rollback(runtime);
    g_hash_table_unref(runtime->statements);
    store_close(runtime->db);
    if (runtime->lock >= 0) close(runtime->lock);
    g_free(runtime);
}

/* ---- statements ---- */

sqlite3_stmt *runtime_sql(Runtime *runtime, const char *sql, GError **error)
{
    sqlite3_stmt *statement = g_hash_table_lookup(runtime->statements, sql);
    if (statement) return statement;
    statement = store_prepare(runtime->db, sql, error);
    if (statement) g_hash_table_insert(runtime->statements, (gpointer)sql, statement);
    return statement;
}

gboolean runtime_end(sqlite3_stmt *statement, GError *cause, GError **error)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (!cause) return TRUE;
    g_propagate_error(error, cause);
    return FALSE;
}

static void bind_all(sqlite3_stmt *statement, const char *format, va_list values)
{
    for (int i = 0; format[i]; i++) {
        if (format[i] == 'i') {
            sqlite3_bind_int64(statement, i + 1, va_arg(values, gint64));
        } else {
            const char *text = va_arg(values, const char *);
            sqlite3_bind_text(statement, i + 1, text, -1, SQLITE_TRANSIENT);
        }
    }
}

sqlite3_stmt *runtime_bind(Runtime *runtime, GError **error, const char *sql, const char *format,
                           ...)
{
    sqlite3_stmt *statement = runtime_sql(runtime, sql, error);
    if (!statement) return NULL;
    va_list values;
    va_start(values, format);
    bind_all(statement, format, values);
    va_end(values);
    return statement;
}

/* Whether a statement that ended, ended well. */
static gboolean run(sqlite3_stmt *statement, GError **error)
{
    g_autoptr(GError) cause = NULL;
    store_step(statement, &cause);
    return runtime_end(statement, g_steal_pointer(&cause), error);
}

gboolean runtime_run(Runtime *runtime, GError **error, const char *sql, const char *format, ...)
{
    sqlite3_stmt *statement = runtime_sql(runtime, sql, error);
    if (!statement) return FALSE;
    va_list values;
    va_start(values, format);
    bind_all(statement, format, values);
    va_end(values);
    return run(statement, error);
}

gboolean runtime_number(sqlite3_stmt *statement, gint64 none, gint64 *out, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (!statement) return FALSE;
    *out = none;
    if (store_step(statement, &cause)) *out = sqlite3_column_int64(statement, 0);
    return runtime_end(statement, g_steal_pointer(&cause), error);
}

gint64 runtime_changes(Runtime *runtime)
{
    return sqlite3_changes64(runtime->db);
}

gint64 runtime_last_id(Runtime *runtime)
{
    return sqlite3_last_insert_rowid(runtime->db);
}

/* ---- transactions ---- */

gboolean runtime_begin(Runtime *runtime, GError **error)
{
    g_return_val_if_fail(!runtime->is_in_transaction, FALSE);
    runtime->is_in_transaction = runtime_run(runtime, error, "BEGIN IMMEDIATE", "");
    return runtime->is_in_transaction;
}

gboolean runtime_commit(Runtime *runtime, GError **error)
{
    if (runtime_run(runtime, error, "COMMIT", "")) {
        runtime->is_in_transaction = FALSE;
        return TRUE;
    }
    runtime_rollback(runtime);
    return FALSE;
}

void runtime_rollback(Runtime *runtime)
{
    if (!runtime->is_in_transaction) return;
    runtime->is_in_transaction = FALSE;
    /* a full disk may have undone it already */
    if (!sqlite3_get_autocommit(runtime->db)) runtime_run(runtime, NULL, "ROLLBACK", "");
}

gboolean runtime_is_damaged(const GError *error)
{
    return g_error_matches(error, STORE_ERROR, STORE_ERROR_FORMAT);
}

gboolean runtime_empty_log(Runtime *runtime, GError **error)
{
    return store_exec(runtime->db, "PRAGMA wal_checkpoint(TRUNCATE)", error);
}

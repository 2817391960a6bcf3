#include "db/store.h"

#include "charset/errno_text.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <time.h>
#include <unistd.h>

#define APPLICATION_ID        0x62696d6e /* "bimn", as in catalogue.sql */
#define HEAP_LIMIT            (64 * 1024 * 1024)
#define QUERY_LIMIT_MS        200
#define PROGRESS_INSTRUCTIONS 2000 /* some 20 µs between two looks at the clock */

G_DEFINE_QUARK(bianmin_store_error, store_error)

/* Made by glib-compile-resources. Fetched by this call, not by name alone, because the linker would
 * leave an object that nothing refers to in its archive. */
GResource *db_get_resource(void);

static StoreError store_error_code(int result)
{
    switch (result & 0xff) {
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return STORE_ERROR_OPEN;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return STORE_ERROR_FORMAT;
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_IOERR:
        return STORE_ERROR_WRITE;
    default:
        return STORE_ERROR_SQL;
    }
}

static const char *store_error_sentence(StoreError code)
{
    switch (code) {
    case STORE_ERROR_OPEN:
        return "数据文件打不开";
    case STORE_ERROR_FORMAT:
        return "数据文件已损坏或不是便民查询的数据";
    case STORE_ERROR_WRITE:
        return "数据文件读写失败（磁盘已满、只读或有坏块）";
    case STORE_ERROR_SQL:
        return "数据库查询失败";
    case STORE_ERROR_NEWER:
        return "数据文件是更新的程序写的";
    case STORE_ERROR_NO_RIGHT:
        return "没有权限读写数据文件";
    }
    return "数据库出错";
}

static gboolean store_fail(sqlite3 *db, int result, GError **error)
{
    StoreError code = store_error_code(result);
    int system_error = db && code == STORE_ERROR_OPEN ? sqlite3_system_errno(db) : 0;
    if (errno_is_no_right(system_error)) code = STORE_ERROR_NO_RIGHT;
    const char *reason = system_error ? errno_text(system_error)
                         : db         ? sqlite3_errmsg(db)
                                      : sqlite3_errstr(result);
    g_set_error(error, STORE_ERROR, (gint)code, "%s：%s", store_error_sentence(code), reason);
    return FALSE;
}

/* ---- guards ---- */

static const struct {
    int id, value;
} switches[] = {
    { SQLITE_DBCONFIG_DEFENSIVE, 1 },      { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
    { SQLITE_DBCONFIG_DQS_DML, 0 },        { SQLITE_DBCONFIG_DQS_DDL, 0 },
    { SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 }, { SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
    { SQLITE_DBCONFIG_ENABLE_FKEY, 1 },    { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
};

/* Ours are far below: the longest statement has some 600 octets, the longest cell 400 characters.
 */
static const struct {
    int id, value;
} limits[] = {
    { SQLITE_LIMIT_LENGTH, 1000000 },    { SQLITE_LIMIT_SQL_LENGTH, 100000 },
    { SQLITE_LIMIT_COLUMN, 100 },        { SQLITE_LIMIT_EXPR_DEPTH, 20 },
    { SQLITE_LIMIT_COMPOUND_SELECT, 5 }, { SQLITE_LIMIT_VDBE_OP, 25000 },
    { SQLITE_LIMIT_ATTACHED, 0 },        { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50 },
};

static gboolean store_guard(sqlite3 *db, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(switches); i++) {
        int state = -1;
        int result = sqlite3_db_config(db, switches[i].id, switches[i].value, &state);
        if (result != SQLITE_OK || state != switches[i].value)
            return store_fail(db, result != SQLITE_OK ? result : SQLITE_ERROR, error);
    }
    for (guint i = 0; i < G_N_ELEMENTS(limits); i++)
        sqlite3_limit(db, limits[i].id, limits[i].value);
    /* temp_store: a sort must not spill into /tmp, nothing is written outside the data folder. */
    return store_exec(db, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY",
                      error);
}

static gboolean pragma_number(sqlite3 *db, const char *sql, gint64 *value, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = store_prepare(db, sql, error);
    if (!statement || !store_step(statement, error)) return FALSE;
    *value = sqlite3_column_int64(statement, 0);
    return TRUE;
}

static const StoreSchema catalogue_schema = { "/bianmin/db/catalogue.sql", APPLICATION_ID,
                                              CATALOGUE_SCHEMA_VERSION, FALSE };

static gboolean check_format(sqlite3 *db, const StoreSchema *schema, GError **error)
{
    gint64 id = 0, version = 0;
    if (!pragma_number(db, "PRAGMA application_id", &id, error) ||
        !pragma_number(db, "PRAGMA user_version", &version, error))
        return FALSE;
    if (id != schema->application_id) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_FORMAT, "不是便民查询的数据文件");
        return FALSE;
    }
    if (version != schema->schema_version) {
        g_set_error(error, STORE_ERROR,
                    version > schema->schema_version ? STORE_ERROR_NEWER : STORE_ERROR_FORMAT,
                    "数据格式是第 %" G_GINT64_FORMAT " 版，本程序只认第 %" G_GINT64_FORMAT " 版",
                    version, schema->schema_version);
        return FALSE;
    }
    return TRUE;
}

static gboolean store_check_format(sqlite3 *db, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (check_format(db, &catalogue_schema, &cause)) return TRUE;
    if (!cause) return FALSE;
    /* content is served from an older generation instead, whichever the reason */
    if (cause->code == STORE_ERROR_NEWER) cause->code = STORE_ERROR_FORMAT;
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
}

/* The first row of a check that is not "ok" is a finding. */
static gboolean run_check(sqlite3 *db, const char *sql, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = store_prepare(db, sql, error);
    if (!statement) return FALSE;
    int result = sqlite3_step(statement); /* not store_step(): this may take its time */
    if (result == SQLITE_DONE) return TRUE;
    if (result != SQLITE_ROW) return store_fail(db, result, error);
    if (strcmp(store_text(statement, 0), "ok") == 0) return TRUE;
    g_set_error(error, STORE_ERROR, STORE_ERROR_FORMAT, "数据文件没有通过完整性检查：%.100s",
                store_text(statement, 0));
    return FALSE;
}

/* ---- opening ---- */

/* `uri` may be ":memory:". The guards come later: journal_mode=OFF is refused once they stand. */
static sqlite3 *store_open_raw(const char *uri, int flags, GError **error)
{
    sqlite3 *db = NULL;
    sqlite3_hard_heap_limit64(HEAP_LIMIT);
    int result = sqlite3_open_v2(uri, &db, flags | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE, NULL);
    if (result == SQLITE_OK) return db;
    store_fail(db, result, error);
    store_close(db);
    return NULL;
}

static char *file_uri(const char *path, const char *parameters)
{
    g_autofree char *escaped = g_uri_escape_bytes((const guint8 *)path, strlen(path), "/");
    return g_strconcat("file:", escaped, parameters, NULL);
}

static sqlite3 *store_finish_reader(sqlite3 *db, GError **error)
{
    sqlite3_limit(db, SQLITE_LIMIT_TRIGGER_DEPTH, 0); /* see is_reader() */
    if (store_guard(db, error) && store_exec(db, "PRAGMA query_only=ON", error) &&
        store_check_format(db, error))
        return db;
    store_close(db);
    return NULL;
}

sqlite3 *store_open_content(const char *path, GError **error)
{
    g_autofree char *uri = file_uri(path, "?mode=ro&immutable=1");
    sqlite3 *db = store_open_raw(uri, SQLITE_OPEN_READONLY, error);
    return db ? store_finish_reader(db, error) : NULL;
}

sqlite3 *store_open_image(GBytes *image, GError **error)
{
    gsize size = 0;
    gconstpointer octets = g_bytes_get_data(image, &size);
    if (!octets || size == 0) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_FORMAT, "内存中的数据是空的");
        return NULL;
    }
    sqlite3 *db = store_open_raw(":memory:", SQLITE_OPEN_READWRITE, error);
    if (!db) return NULL;
    /* SQLite does not write to an image that is READONLY, whatever the type of its argument. */
    int result = sqlite3_deserialize(db, "main", (unsigned char *)octets, (sqlite3_int64)size,
                                     (sqlite3_int64)size, SQLITE_DESERIALIZE_READONLY);
    if (result != SQLITE_OK) {
        store_fail(db, result, error);
        store_close(db);
        return NULL;
    }
    return store_finish_reader(db, error);
}

static gboolean create_empty_file(const char *path, GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0) {
        close(fd);
        return TRUE;
    }
    StoreError code = errno_is_no_right(errno) ? STORE_ERROR_NO_RIGHT : STORE_ERROR_WRITE;
    g_set_error(error, STORE_ERROR, (gint)code, "不能新建数据文件：%s", errno_text(errno));
    return FALSE;
}

/* No journal and no syncs: the file counts for nothing before generation.c has checked and synced
 * it. */
static gboolean store_prepare_writer(sqlite3 *db, GError **error)
{
    return store_exec(db,
                      "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; "
                      "PRAGMA locking_mode=EXCLUSIVE",
                      error) &&
           store_guard(db, error);
}

static gboolean store_apply(sqlite3 *db, const char *resource, GError **error)
{
    g_autoptr(GBytes) sql =
        g_resource_lookup_data(db_get_resource(), resource, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

    if (!sql) return FALSE;
    gsize len = 0;
    const char *octets = g_bytes_get_data(sql, &len);
    g_autofree char *script = g_strndup(octets, len);
    return store_exec(db, "BEGIN", error) && store_exec(db, script, error) &&
           store_exec(db, "COMMIT", error);
}

static gboolean store_apply_schema(sqlite3 *db, GError **error)
{
    return store_apply(db, catalogue_schema.resource, error);
}

sqlite3 *store_create_content(const char *path, GError **error)
{
    if (!create_empty_file(path, error)) return NULL;
    g_autofree char *uri = file_uri(path, "?mode=rw");
    sqlite3 *db = store_open_raw(uri, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, error);
    if (db && store_prepare_writer(db, error) && store_apply_schema(db, error)) return db;
    store_close(db);
    unlink(path);
    return NULL;
}

sqlite3 *store_create_scratch(GError **error)
{
    sqlite3 *db =
        store_open_raw("", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, error);
    if (db && store_prepare_writer(db, error) && store_apply_schema(db, error)) return db;
    store_close(db);
    return NULL;
}

sqlite3 *store_open_draft(const char *path, GError **error)
{
    g_autofree char *uri = file_uri(path, "?mode=rw");
    sqlite3 *db = store_open_raw(uri, SQLITE_OPEN_READWRITE, error);
    if (db && store_prepare_writer(db, error) && store_check_format(db, error)) return db;
    store_close(db);
    return NULL;
}

/* ---- databases of a running service ---- */

static gboolean is_empty(sqlite3 *db, GError **error)
{
    g_autoptr(sqlite3_stmt) row = store_prepare(db, "SELECT 1 FROM sqlite_schema LIMIT 1", error);
    g_autoptr(GError) cause = NULL;
    if (!row || store_step(row, &cause)) return FALSE;
    if (!cause) return TRUE;
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
}

static gboolean prepare_runtime(sqlite3 *db, const StoreSchema *schema, GError **error)
{
    g_autoptr(GError) cause = NULL;

    sqlite3_busy_timeout(db, 5000); /* a report that is being written may hold it for a moment */
    if (schema->is_alone && !store_exec(db, "PRAGMA locking_mode=EXCLUSIVE", error)) return FALSE;
    if (!store_exec(db,
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-512; "
                    "PRAGMA journal_size_limit=4194304",
                    error) ||
        !store_guard(db, error))
        return FALSE;
    if (is_empty(db, &cause) && !store_apply(db, schema->resource, &cause)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    if (cause) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    return check_format(db, schema, error) && run_check(db, "PRAGMA quick_check(1)", error);
}

sqlite3 *store_open_runtime(const char *path, const StoreSchema *schema, GError **error)
{
    g_autofree char *uri = file_uri(path, "?mode=rw");
    /* made by ourselves: SQLite would let others read it */
    if (!g_file_test(path, G_FILE_TEST_EXISTS) && !create_empty_file(path, error)) return NULL;
    sqlite3 *db = store_open_raw(uri, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, error);
    if (db && prepare_runtime(db, schema, error)) return db;
    store_close(db);
    return NULL;
}

sqlite3 *store_open_damaged(const char *path)
{
    g_autofree char *uri = file_uri(path, "?mode=ro");
    sqlite3 *db = store_open_raw(uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    if (db && store_guard(db, NULL)) return db;
    store_close(db);
    return NULL;
}

void store_release_memory(sqlite3 *db)
{
    sqlite3_db_release_memory(db);
}

void store_close(sqlite3 *db)
{
    sqlite3_close_v2(db);
}

/* ---- statements ---- */

static gint64 thread_time_ms(void)
{
    struct timespec now = { 0 };
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (gint64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Of the step that runs in this thread; 0: the clock has not been asked yet, as most steps are over
 * before that. It is this thread's own time, not the wall clock: a busy machine or a slow disk is
 * no runaway query. */
static _Thread_local gint64 step_deadline_ms;

static int is_overdue(void *unused)
{
    gint64 now = thread_time_ms();
    (void)unused;
    if (step_deadline_ms == 0) step_deadline_ms = now + QUERY_LIMIT_MS;
    return now > step_deadline_ms;
}

/* SQLite cannot be asked whether query_only is set; that a handle runs no triggers at all can be,
 * and only store_finish_reader() sets it so. */
static gboolean is_reader(sqlite3 *db)
{
    return sqlite3_limit(db, SQLITE_LIMIT_TRIGGER_DEPTH, -1) == 0;
}

static void limit_step(sqlite3 *db)
{
    if (!is_reader(db)) return;
    step_deadline_ms = 0;
    sqlite3_progress_handler(db, PROGRESS_INSTRUCTIONS, is_overdue, NULL);
}

sqlite3_stmt *store_prepare(sqlite3 *db, const char *sql, GError **error)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (result != SQLITE_OK) {
        store_fail(db, result, error);
        return NULL;
    }
    return statement;
}

gboolean store_step(sqlite3_stmt *statement, GError **error)
{
    sqlite3 *db = sqlite3_db_handle(statement);
    limit_step(db);
    int result = sqlite3_step(statement);
    sqlite3_progress_handler(db, 0, NULL, NULL);
    if (result == SQLITE_ROW) return TRUE;
    if (result != SQLITE_DONE) store_fail(db, result, error);
    return FALSE;
}

gboolean store_exec(sqlite3 *db, const char *sql, GError **error)
{
    int result = sqlite3_exec(db, sql, NULL, NULL, NULL);
    return result == SQLITE_OK || store_fail(db, result, error);
}

const char *store_text(sqlite3_stmt *statement, int i)
{
    const char *text = (const char *)sqlite3_column_text(statement, i);
    return text ? text : "";
}

gboolean store_check(sqlite3 *db, GError **error)
{
    /* integrity_check does all that quick_check does */
    return run_check(db, "PRAGMA integrity_check(1)", error) &&
           run_check(db, "PRAGMA foreign_key_check", error);
}

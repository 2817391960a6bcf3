#include "db/sms_store.h"

#include "db/disk.h"
#include "db/sms_salvage.h"
#include "db/sms_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONTACT_DIGITS 11
#define PRUNE_ROWS     1000 /* at a time: others wait */
#define FILE_NAME      "sms.db"

G_DEFINE_QUARK(bianmin_sms_store_error, sms_store_error)

static const StoreSchema schema = { "/bianmin/db/sms.sql", 0x62696d73, 1 };

static void finalize(gpointer statement)
{
    sqlite3_finalize(statement);
}

struct SmsStore {
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
static gboolean begin_anew(const char *path, GError **error)
{
    g_autofree char *fresh = g_strconcat(path, ".new", NULL);
    g_autofree char *aside = g_strconcat(path, ".bad", NULL);

    remove_all(fresh);
    sqlite3 *db = store_open_runtime(fresh, &schema, error);
    if (!db) return FALSE;
    gboolean is_ok = sms_salvage(path, db, error);
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

static sqlite3 *open_or_begin_anew(const char *path, gboolean *was_damaged, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *mark = mark_of(path), *fresh = g_strconcat(path, ".new", NULL);
    gboolean is_marked = access(mark, F_OK) == 0;

    /* a crash between the two renamings */
    if (access(path, F_OK) != 0 && access(fresh, F_OK) == 0) rename_all(fresh, path);
    sqlite3 *db = is_marked ? NULL : store_open_runtime(path, &schema, &cause);
    *was_damaged = is_marked || g_error_matches(cause, STORE_ERROR, STORE_ERROR_FORMAT);
    if (*was_damaged) {
        if (!begin_anew(path, error)) return NULL;
        unlink(mark);
        return store_open_runtime(path, &schema, error);
    }
    if (cause) g_propagate_error(error, g_steal_pointer(&cause));
    return db;
}

/* A second gateway would take what the first is sending for doubtful. -1 with *error. */
static int take_lock(const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "lock", NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);

    if (fd < 0) {
        disk_fail(error, DISK_ERROR_WRITE, errno, "不能新建 sms/lock");
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        g_set_error(error, SMS_STORE_ERROR, SMS_STORE_ERROR_BUSY, "短信服务已经在运行");
        close(fd);
        return -1;
    }
    return fd;
}

static gboolean make_folder(const char *folder, GError **error)
{
    return g_mkdir_with_parents(folder, 0750) == 0 ||
           disk_fail(error,
                     errno == ENOSPC || errno == EDQUOT ? DISK_ERROR_WRITE : DISK_ERROR_MISSING,
                     errno, "不能新建 sms 文件夹");
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
        cause->domain = SMS_STORE_ERROR;
        cause->code = is_full ? SMS_STORE_ERROR_FULL : SMS_STORE_ERROR_NO_RIGHT;
    }
    g_propagate_error(error, cause);
}

static SmsStore *store_new(sqlite3 *db, int lock)
{
    SmsStore *store = g_new0(SmsStore, 1);
    store->db = db;
    store->lock = lock;
    store->statements = g_hash_table_new_full(NULL, NULL, NULL, finalize);
    return store;
}

SmsStore *sms_store_open(const char *data_dir, gboolean *was_damaged, GError **error)
{
    g_autofree char *folder = g_build_filename(data_dir, "sms", NULL);
    g_autofree char *path = g_build_filename(folder, FILE_NAME, NULL);
    g_autoptr(GError) cause = NULL;

    *was_damaged = FALSE;
    int lock = make_folder(folder, &cause) ? take_lock(folder, &cause) : -1;
    sqlite3 *db = lock >= 0 ? open_or_begin_anew(path, was_damaged, &cause) : NULL;
    if (!db) {
        if (lock >= 0) close(lock);
        propagate(error, g_steal_pointer(&cause));
        return NULL;
    }
    return store_new(db, lock);
}

SmsStore *sms_store_open_beside(const char *data_dir, GError **error)
{
    g_autofree char *path = g_build_filename(data_dir, "sms", FILE_NAME, NULL);
    g_autoptr(GError) cause = NULL;

    if (access(path, F_OK) != 0 && errno == ENOENT) {
        g_set_error(error, SMS_STORE_ERROR, SMS_STORE_ERROR_MISSING, "这里还没有收过短信：%s",
                    path);
        return NULL;
    }
    sqlite3 *db = store_open_runtime(path, &schema, &cause);
    if (!db) {
        propagate(error, g_steal_pointer(&cause));
        return NULL;
    }
    return store_new(db, -1);
}

void sms_store_free(SmsStore *store)
{
    if (!store) return;
    sms_store_rollback(store);
    g_hash_table_unref(store->statements);
    store_close(store->db);
    if (store->lock >= 0) close(store->lock);
    g_free(store);
}

/* ---- statements ---- */

sqlite3_stmt *sms_sql(SmsStore *store, const char *sql, GError **error)
{
    sqlite3_stmt *statement = g_hash_table_lookup(store->statements, sql);
    if (statement) return statement;
    statement = store_prepare(store->db, sql, error);
    if (statement) g_hash_table_insert(store->statements, (gpointer)sql, statement);
    return statement;
}

gboolean sms_sql_end(sqlite3_stmt *statement, GError *cause, GError **error)
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

sqlite3_stmt *sms_sql_bind(SmsStore *store, GError **error, const char *sql, const char *format,
                           ...)
{
    sqlite3_stmt *statement = sms_sql(store, sql, error);
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
    return sms_sql_end(statement, g_steal_pointer(&cause), error);
}

gboolean sms_sql_run(SmsStore *store, GError **error, const char *sql, const char *format, ...)
{
    sqlite3_stmt *statement = sms_sql(store, sql, error);
    if (!statement) return FALSE;
    va_list values;
    va_start(values, format);
    bind_all(statement, format, values);
    va_end(values);
    return run(statement, error);
}

gboolean sms_sql_number(sqlite3_stmt *statement, gint64 none, gint64 *out, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (!statement) return FALSE;
    *out = none;
    if (store_step(statement, &cause)) *out = sqlite3_column_int64(statement, 0);
    return sms_sql_end(statement, g_steal_pointer(&cause), error);
}

gint64 sms_sql_changes(SmsStore *store)
{
    return sqlite3_changes64(store->db);
}

gint64 sms_sql_last_id(SmsStore *store)
{
    return sqlite3_last_insert_rowid(store->db);
}

/* ---- transactions ---- */

gboolean sms_store_begin(SmsStore *store, GError **error)
{
    g_return_val_if_fail(!store->is_in_transaction, FALSE);
    store->is_in_transaction = sms_sql_run(store, error, "BEGIN IMMEDIATE", "");
    return store->is_in_transaction;
}

gboolean sms_store_commit(SmsStore *store, GError **error)
{
    if (sms_sql_run(store, error, "COMMIT", "")) {
        store->is_in_transaction = FALSE;
        return TRUE;
    }
    sms_store_rollback(store);
    return FALSE;
}

void sms_store_rollback(SmsStore *store)
{
    if (!store->is_in_transaction) return;
    store->is_in_transaction = FALSE;
    /* a full disk may have undone it already */
    if (!sqlite3_get_autocommit(store->db)) sms_sql_run(store, NULL, "ROLLBACK", "");
}

gboolean sms_store_is_damaged(const GError *error)
{
    return g_error_matches(error, STORE_ERROR, STORE_ERROR_FORMAT);
}

void sms_store_mark_damaged(const char *data_dir)
{
    g_autofree char *path = g_build_filename(data_dir, "sms", FILE_NAME, NULL);
    g_autofree char *mark = mark_of(path);
    int fd = open(mark, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0) close(fd);
}

static gboolean prune_some(SmsStore *store, gint64 before_s, gboolean *is_more, GError **error)
{
    static const char *const deletes[] = {
        "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE created < ?1 AND state NOT IN "
        "('queued','sending','doubtful') LIMIT ?2)",
        "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox AS i WHERE received < ?1 AND NOT "
        "EXISTS (SELECT 1 FROM inbox AS p WHERE p.head = i.id) AND NOT EXISTS (SELECT 1 FROM "
        "outbox AS o WHERE o.inbox_id = i.id) LIMIT ?2)",
        "DELETE FROM note WHERE id IN (SELECT id FROM note WHERE at < ?1 AND is_read LIMIT ?2)",
        "DELETE FROM contact WHERE contact IN (SELECT contact FROM contact WHERE at < ?1 AND NOT "
        "is_stopped LIMIT ?2)",
    };
    *is_more = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(deletes); i++) {
        if (!sms_sql_run(store, error, deletes[i], "ii", before_s, (gint64)PRUNE_ROWS))
            return FALSE;
        if (sms_sql_changes(store) > 0) *is_more = TRUE;
    }
    return TRUE;
}

gboolean sms_store_prune(SmsStore *store, gint64 before_s, gboolean *is_more, GError **error)
{
    if (!sms_store_begin(store, error)) return FALSE;
    if (!prune_some(store, before_s, is_more, error)) {
        sms_store_rollback(store);
        return FALSE;
    }
    if (!sms_store_commit(store, error)) return FALSE;
    /* what was deleted must not stay readable in the log either */
    return *is_more || store_exec(store->db, "PRAGMA wal_checkpoint(TRUNCATE)", error);
}

gboolean sms_store_last_seen(SmsStore *store, gint64 *at_s, GError **error)
{
    return sms_sql_number(sms_sql_bind(store, error,
                                       "SELECT max(coalesce((SELECT max(received) FROM inbox), 0), "
                                       "coalesce((SELECT max(created) FROM outbox), 0))",
                                       ""),
                          0, at_s, error);
}

/* ---- contacts ---- */

char *sms_contact_of(const char *number)
{
    gsize len = strlen(number), digits = 0;
    while (digits < len && digits < CONTACT_DIGITS && g_ascii_isdigit(number[len - digits - 1]))
        digits++;
    return g_strdup(digits == CONTACT_DIGITS ? number + len - digits : number);
}

void sms_contact_clear(SmsContact *state)
{
    g_free(state->choices);
    g_free(state->question);
    g_free(state->more);
    g_free(state->topic);
    *state = (SmsContact){ 0 };
}

static char *text_or_null(sqlite3_stmt *row, int i)
{
    return g_strdup((const char *)sqlite3_column_text(row, i));
}

gboolean sms_contact_load(SmsStore *store, const char *contact, SmsContact *out, GError **error)
{
    g_autoptr(GError) cause = NULL;
    sqlite3_stmt *row = sms_sql_bind(
        store, error,
        "SELECT is_stopped, choices, question, more, topic, at FROM contact WHERE contact = ?1",
        "s", contact);

    *out = (SmsContact){ 0 };
    if (!row) return FALSE;
    if (store_step(row, &cause)) {
        out->is_stopped = sqlite3_column_int(row, 0) != 0;
        out->choices = text_or_null(row, 1);
        out->question = text_or_null(row, 2);
        out->more = text_or_null(row, 3);
        out->topic = text_or_null(row, 4);
        out->at_s = sqlite3_column_int64(row, 5);
    }
    return sms_sql_end(row, g_steal_pointer(&cause), error);
}

gboolean sms_contact_save(SmsStore *store, const char *contact, const SmsContact *state,
                          GError **error)
{
    return sms_sql_run(store, error, "INSERT OR REPLACE INTO contact VALUES (?,?,?,?,?,?,?)",
                       "sissssi", contact, (gint64)state->is_stopped, state->choices,
                       state->question, state->more, state->topic, state->at_s);
}

gboolean sms_note_add(SmsStore *store, gint64 now_s, const char *number, const char *text,
                      GError **error)
{
    return sms_sql_run(store, error, "INSERT INTO note (at, number, text) VALUES (?,?,?)", "iss",
                       now_s, number, text);
}

void sms_note_free(SmsNote *note)
{
    if (!note) return;
    g_free(note->number);
    g_free(note->text);
    g_free(note);
}

GPtrArray *sms_note_unread(SmsStore *store, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func((GDestroyNotify)sms_note_free);
    sqlite3_stmt *row = sms_sql_bind(
        store, error, "SELECT id, at, number, text FROM note WHERE NOT is_read ORDER BY id", "");
    if (!row) return NULL;
    while (store_step(row, &cause)) {
        SmsNote *note = g_new0(SmsNote, 1);
        note->id = sqlite3_column_int64(row, 0);
        note->at_s = sqlite3_column_int64(row, 1);
        note->number = g_strdup(store_text(row, 2));
        note->text = g_strdup(store_text(row, 3));
        g_ptr_array_add(notes, note);
    }
    return sms_sql_end(row, g_steal_pointer(&cause), error) ? g_steal_pointer(&notes) : NULL;
}

gboolean sms_note_set_read(SmsStore *store, gint64 id, GError **error)
{
    return sms_sql_run(store, error, "UPDATE note SET is_read = 1 WHERE id = ?1", "i", id);
}

gboolean sms_pin_begin(SmsStore *store, const char *digest, gint64 now_s, GError **error)
{
    return sms_sql_run(store, error,
                       "INSERT INTO pin_try VALUES (?1, ?2, 'trying', 1) ON CONFLICT (digest) DO "
                       "UPDATE SET at = ?2, state = 'trying', tries = tries + 1 "
                       "WHERE state = 'good' OR (state = 'trying' AND tries < 2)",
                       "si", digest, now_s) &&
           sms_sql_changes(store) == 1;
}

gboolean sms_pin_end(SmsStore *store, const char *digest, gboolean is_good, GError **error)
{
    return sms_sql_run(store, error,
                       "UPDATE pin_try SET state = iif(?2, 'good', 'wrong'), tries = 0 WHERE "
                       "digest = ?1",
                       "si", digest, (gint64)is_good);
}

gboolean sms_pin_undo(SmsStore *store, const char *digest, GError **error)
{
    return sms_sql_run(store, error,
                       "UPDATE pin_try SET tries = max(tries - 1, 0) WHERE digest = ?1", "s",
                       digest);
}

/* ---- counts ---- */

typedef struct {
    const char *state;
    guint *count;
} CountSlot;

/* Rows of (state, number) into the slots of the same name. */
static gboolean count_states(sqlite3_stmt *row, const CountSlot *slots, guint slot_count,
                             GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (!row) return FALSE;
    while (store_step(row, &cause))
        for (guint i = 0; i < slot_count; i++)
            if (strcmp(store_text(row, 0), slots[i].state) == 0)
                *slots[i].count += (guint)sqlite3_column_int64(row, 1);
    return sms_sql_end(row, g_steal_pointer(&cause), error);
}

gboolean sms_store_count(SmsStore *store, gint64 since_s, SmsCounts *out, GError **error)
{
    *out = (SmsCounts){ 0 };
    gint64 notes = 0;
    guint waiting = 0;
    const CountSlot in[] = { { "answered", &out->answered },
                             { "silent", &out->received },
                             { "limited", &out->limited },
                             { "unreadable", &out->unreadable },
                             { "waiting", &waiting } };
    const CountSlot sent[] = { { "sent", &out->sent },
                               { "delivered", &out->sent },
                               { "failed", &out->failed },
                               { "unknown", &out->unknown } };
    const CountSlot open[] = { { "queued", &out->queued },
                               { "sending", &out->doubtful },
                               { "doubtful", &out->doubtful } };
    if (!count_states(sms_sql_bind(store, error,
                                   "SELECT state, count(*) FROM inbox WHERE received >= ?1 GROUP "
                                   "BY state",
                                   "i", since_s),
                      in, G_N_ELEMENTS(in), error) ||
        !count_states(sms_sql_bind(store, error,
                                   "SELECT state, count(*) FROM outbox WHERE created >= ?1 GROUP "
                                   "BY state",
                                   "i", since_s),
                      sent, G_N_ELEMENTS(sent), error) ||
        !count_states(sms_sql_bind(store, error,
                                   "SELECT state, count(*) FROM outbox INDEXED BY outbox_queue "
                                   "WHERE state = 'queued' UNION ALL SELECT state, count(*) FROM "
                                   "outbox INDEXED BY outbox_open WHERE state IN "
                                   "('sending','doubtful')",
                                   ""),
                      open, G_N_ELEMENTS(open), error) ||
        !sms_sql_number(
            sms_sql_bind(store, error, "SELECT count(*) FROM note WHERE NOT is_read", ""), 0,
            &notes, error))
        return FALSE;
    out->received += out->answered + out->limited + out->unreadable + waiting;
    out->notes = (guint)notes;
    return TRUE;
}

/* The writing half of generation.h: build beside, check, switch, tidy up.
 * At every moment a kill leaves the old or the new generation: what is not yet named by `current`
 * is cleared by the next writer, what is named has been on the disk before the name was. */
#include "db/generation.h"

#include "db/audit.h"
#include "db/content.h"
#include "db/pointer.h"
#include "db/search_image.h"
#include "db/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEEP_NEWEST 10
#define KEEP_MONTHS 6

struct GenerationDraft {
    char *data_dir;
    int folder;     /* the data folder; holds the flock */
    int content;    /* content/ */
    Pointer served; /* what readers get now: `previous` after the switch */
    gboolean is_served_by_current, is_served_by_previous, is_current_denied;
    guint last;   /* highest number given away */
    guint number; /* of this draft */
    char *path;   /* content/content-NNNNNN.db.tmp, below data_dir */
    gboolean is_renamed, is_published;
    GenerationSmokeTest smoke_test;
    gpointer smoke_data;
};

static gboolean is_no_right(const GError *cause)
{
    return g_error_matches(cause, DISK_ERROR, DISK_ERROR_NO_RIGHT) ||
           g_error_matches(cause, STORE_ERROR, STORE_ERROR_NO_RIGHT) ||
           g_error_matches(cause, POINTER_ERROR, POINTER_ERROR_NO_RIGHT) ||
           g_error_matches(cause, AUDIT_ERROR, AUDIT_ERROR_NO_RIGHT);
}

/* Every error of the disk, of SQLite and of the audit becomes one of ours, its sentence kept. */
static gboolean fail_as(GError **error, GenerationError code, GError *cause)
{
    if (is_no_right(cause)) code = GENERATION_ERROR_NO_RIGHT;
    g_set_error_literal(error, GENERATION_ERROR, (gint)code, cause ? cause->message : "不明原因");
    g_clear_error(&cause);
    return FALSE;
}

static gboolean fail_errno(GError **error, int saved_errno, const char *what)
{
    GError *cause = NULL;
    disk_fail(&cause, DISK_ERROR_WRITE, saved_errno, what);
    return fail_as(error, GENERATION_ERROR_WRITE, cause);
}

/* ---- taking hold of the data folder ---- */

static gboolean make_folder(GenerationDraft *draft, const char *name, mode_t mode, gboolean *is_new,
                            GError **error)
{
    if (mkdirat(draft->folder, name, mode) == 0) {
        *is_new = TRUE;
        return TRUE;
    }
    return errno == EEXIST || fail_errno(error, errno, "不能在数据文件夹里新建文件夹");
}

static gboolean lock_folder(GenerationDraft *draft, GError **error)
{
    draft->folder = open(draft->data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (draft->folder < 0) return fail_errno(error, errno, "数据文件夹打不开");
    if (flock(draft->folder, LOCK_EX | LOCK_NB) == 0) return TRUE;
    if (errno != EWOULDBLOCK) return fail_errno(error, errno, "数据文件夹锁不上");
    g_set_error(error, GENERATION_ERROR, GENERATION_ERROR_BUSY,
                "另一个更新正在进行，请等它结束再试");
    return FALSE;
}

static gboolean open_folders(GenerationDraft *draft, GError **error)
{
    gboolean is_new = !g_file_test(draft->data_dir, G_FILE_TEST_EXISTS);
    if (g_mkdir_with_parents(draft->data_dir, 0755) != 0)
        return fail_errno(error, errno, "不能新建数据文件夹");
    if (!lock_folder(draft, error) || !make_folder(draft, "content", 0755, &is_new, error) ||
        !make_folder(draft, "audit", 0750, &is_new, error))
        return FALSE;
    draft->content =
        openat(draft->folder, "content", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (draft->content < 0) return fail_errno(error, errno, "content 文件夹打不开");
    /* new folders all the way up must be on the disk before a success is reported */
    if (is_new && syncfs(draft->folder) != 0)
        return fail_errno(error, errno, "写入磁盘没有得到确认");
    return TRUE;
}

/* Before anything is tried: half the steps would fail without a word, and whoever may not write
 * would be told of the first that does not. */
static gboolean check_rights(GenerationDraft *draft, GError **error)
{
    if (faccessat(draft->folder, ".", R_OK | W_OK | X_OK, AT_EACCESS) != 0)
        return fail_errno(error, errno, "不能写数据文件夹");
    return faccessat(draft->content, ".", R_OK | W_OK | X_OK, AT_EACCESS) == 0 ||
           fail_errno(error, errno, "不能写数据文件夹里的 content");
}

static void read_state(GenerationDraft *draft, gboolean *is_current_known)
{
    Pointer current = { 0 }, previous = { 0 };
    g_autoptr(GError) cause = NULL;
    gboolean has_current = pointer_load(draft->folder, "current", &current, &cause);
    gboolean has_previous = pointer_load(draft->folder, "previous", &previous, NULL);
    *is_current_known = has_current;
    draft->last = MAX(current.last, previous.last);
    draft->is_served_by_current = has_current && pointer_verify(draft->folder, &current, &cause);
    draft->is_current_denied = is_no_right(cause);
    draft->is_served_by_previous = !draft->is_served_by_current && has_previous &&
                                   pointer_verify(draft->folder, &previous, NULL);
    if (draft->is_served_by_current) draft->served = current;
    if (draft->is_served_by_previous) draft->served = previous;
}

/* ---- leftovers ---- */

static gboolean is_leftover(const char *name)
{
    return strstr(name, ".tmp") != NULL; /* also what SQLite may put beside it */
}

static void remove_leftovers_in(int folder, const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        if (is_leftover(name)) unlinkat(folder, name, 0);
}

/* Files above the highest number given away were never named by a pointer. Where `current` cannot
 * be read nobody knows that number: then they stay, and the next number is above them all. */
static void clear_leftovers(GenerationDraft *draft, gboolean is_current_known)
{
    g_autofree char *content_path = g_build_filename(draft->data_dir, "content", NULL);
    remove_leftovers_in(draft->folder, draft->data_dir);
    remove_leftovers_in(draft->content, content_path);
    g_autoptr(GArray) numbers = generation_list(draft->data_dir);
    for (guint i = 0; i < numbers->len; i++) {
        guint number = g_array_index(numbers, guint, i);
        if (number <= draft->last) continue;
        g_autofree char *name = pointer_content_name(number);
        if (is_current_known)
            unlinkat(draft->folder, name, 0);
        else
            draft->last = number;
    }
}

static gboolean replace_pointer(GenerationDraft *draft, const char *name, const Pointer *pointer,
                                GError **error)
{
    gsize len = 0;
    GError *cause = NULL;
    g_autofree char *text = pointer_format(pointer, &len);
    return disk_replace(draft->folder, name, text, len, 0644, &cause) ||
           fail_as(error, GENERATION_ERROR_WRITE, cause);
}

/* In a folder where nothing has been published `current` names the built-in starter. */
static gboolean ensure_current(GenerationDraft *draft, GError **error)
{
    const Pointer builtin = { .schema = CATALOGUE_SCHEMA_VERSION };
    if (draft->last > 0 || disk_id(draft->folder, "current") || disk_id(draft->folder, "previous"))
        return TRUE;
    draft->is_served_by_current = TRUE;
    draft->served = builtin;
    return replace_pointer(draft, "current", &builtin, error);
}

static void give(int folder, const char *name, const struct stat *owner)
{
    if (fchownat(folder, name, owner->st_uid, (gid_t)-1, AT_SYMLINK_NOFOLLOW) != 0 &&
        errno != ENOENT)
        g_warning("%s stays root's: %s", name, g_strerror(errno));
}

/* What root publishes belongs to whoever publishes otherwise, the owner of content/, or he could
 * not replace it. What a power cut leaves undone here is done at the next boot
 * (bianmin.tmpfiles). */
static void give_to_owner(const GenerationDraft *draft, guint number)
{
    struct stat owner = { 0 };
    g_autofree char *name = pointer_content_name(number);

    if (geteuid() != 0 || fstat(draft->content, &owner) != 0 || owner.st_uid == 0) return;
    give(draft->folder, "current", &owner);
    give(draft->folder, "previous", &owner);
    if (number > 0) give(draft->folder, name, &owner);
}

/* A writer that has the lock and knows what is served; without a draft file of its own. */
static GenerationDraft *writer_new(const char *data_dir, GError **error)
{
    g_autoptr(GenerationDraft) draft = g_new0(GenerationDraft, 1);
    gboolean is_current_known = FALSE;
    draft->data_dir = g_strdup(data_dir);
    draft->folder = draft->content = -1;
    if (!open_folders(draft, error) || !check_rights(draft, error)) return NULL;
    read_state(draft, &is_current_known);
    clear_leftovers(draft, is_current_known);
    if (!ensure_current(draft, error)) return NULL;
    give_to_owner(draft, 0);
    return g_steal_pointer(&draft);
}

GenerationDraft *generation_draft_new(const char *data_dir, GError **error)
{
    g_autoptr(GenerationDraft) draft = writer_new(data_dir, error);
    if (!draft) return NULL;
    if (draft->last >= POINTER_NUMBER_MAX) {
        g_set_error(error, GENERATION_ERROR, GENERATION_ERROR_WRITE, "版本号已经用完");
        return NULL;
    }
    draft->number = draft->last + 1;
    g_autofree char *name = pointer_content_name(draft->number);
    g_autofree char *path = g_build_filename(data_dir, name, NULL);
    draft->path = g_strconcat(path, ".tmp", NULL);
    return g_steal_pointer(&draft);
}

const char *generation_draft_path(const GenerationDraft *draft)
{
    return draft->path;
}

void generation_draft_set_smoke_test(GenerationDraft *draft, GenerationSmokeTest test,
                                     gpointer data)
{
    draft->smoke_test = test;
    draft->smoke_data = data;
}

void generation_draft_free(GenerationDraft *draft)
{
    if (!draft) return;
    if (draft->path && !draft->is_renamed) unlink(draft->path);
    if (draft->is_renamed && !draft->is_published) {
        g_autofree char *name = pointer_content_name(draft->number);
        unlinkat(draft->folder, name, 0);
    }
    if (draft->content >= 0) close(draft->content);
    if (draft->folder >= 0) close(draft->folder); /* and with it the lock */
    g_free(draft->path);
    g_free(draft->data_dir);
    g_free(draft);
}

/* ---- checks ---- */

static gboolean read_number(sqlite3 *db, const char *sql, const char *bound, gint64 *number,
                            GError **error)
{
    g_autoptr(sqlite3_stmt) statement = store_prepare(db, sql, error);
    if (!statement) return FALSE;
    if (bound && sqlite3_bind_text(statement, 1, bound, -1, SQLITE_STATIC) != SQLITE_OK)
        return FALSE;
    *number = -1; /* no such row */
    g_autoptr(GError) failure = NULL;
    if (store_step(statement, &failure)) *number = sqlite3_column_int64(statement, 0);
    if (!failure) return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

/* As many rows as the sheet table says were read. */
static gboolean check_counts(sqlite3 *db, GError **error)
{
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++) {
        const ContentSheet *sheet = &content_sheets[i];
        gint64 promised = 0, rows = 0;
        g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM %s", sheet->table);
        if (!read_number(db, sql, NULL, &rows, error) ||
            !read_number(db, "SELECT rows FROM sheet WHERE name = ?1", sheet->file, &promised,
                         error))
            return FALSE;
        if (rows == promised || (promised == -1 && rows == 0)) continue;
        g_set_error(error, GENERATION_ERROR, GENERATION_ERROR_CHECK,
                    "%s 应有 %" G_GINT64_FORMAT " 行，库里是 %" G_GINT64_FORMAT " 行", sheet->file,
                    MAX(promised, 0), rows);
        return FALSE;
    }
    return TRUE;
}

static gboolean has_seal(sqlite3 *db, const char *digest, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = store_prepare(db, "SELECT digest FROM seal", error);
    if (!statement) return FALSE;
    if (store_step(statement, error) && strcmp(store_text(statement, 0), digest) == 0) return TRUE;
    if (error && !*error)
        g_set_error(error, GENERATION_ERROR, GENERATION_ERROR_DAMAGED, "内容与封存时的校验码不符");
    return FALSE;
}

static gboolean check_and_seal(GenerationDraft *draft, char digest[33], GError **error)
{
    g_autoptr(sqlite3) db = store_open_draft(draft->path, error);
    if (!db) return FALSE;
    g_autofree char *fresh = generation_digest(db, error);
    if (!fresh || !generation_seal(db, fresh, error) || !search_image_store(db, fresh, error) ||
        !store_check(db, error) || !check_counts(db, error))
        return FALSE;
    g_strlcpy(digest, fresh, 33);
    return !draft->smoke_test || draft->smoke_test(db, draft->smoke_data, error);
}

/* ---- the switch ---- */

/* Read-only from here on, and on the disk under its final name before a pointer names it. */
static gboolean settle_file(GenerationDraft *draft, GError **error)
{
    g_autofree char *name = pointer_content_name(draft->number);
    g_autofree char *fresh = g_strconcat(name, ".tmp", NULL);
    GError *cause = NULL;
    int fd = openat(draft->folder, fresh, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return fail_errno(error, errno, "新的数据文件打不开");
    gboolean is_synced = fchmod(fd, 0440) == 0 ? disk_sync(fd, &cause)
                                               : disk_fail(&cause, DISK_ERROR_WRITE, errno, fresh);
    close(fd);
    if (!is_synced) return fail_as(error, GENERATION_ERROR_WRITE, cause);
    if (renameat(draft->folder, fresh, draft->folder, name) != 0)
        return fail_errno(error, errno, "新的数据文件不能改名");
    draft->is_renamed = TRUE;
    return disk_sync(draft->content, &cause) || fail_as(error, GENERATION_ERROR_WRITE, cause);
}

/* The record precedes the switch: nothing is ever published that is not on record. */
static gboolean record(GenerationDraft *draft, const char *event, const char *summary,
                       const Pointer *pointer, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *number = g_strdup_printf("%u", pointer->content);
    g_autofree char *prev = g_strdup_printf("%u", pointer->prev);
    const char *const fields[] = { "number",        number,    "prev",  prev, "digest",
                                   pointer->digest, "summary", summary, NULL };
    GError *cause = NULL;
    return audit_append(draft->data_dir, now, event, fields, &cause) ||
           fail_as(error, GENERATION_ERROR_WRITE, cause);
}

/* `previous` is to be what readers got until now; where they fell back to it already, it stays. */
static gboolean keep_previous(GenerationDraft *draft, GError **error)
{
    Pointer previous = draft->served;
    if (draft->is_served_by_previous) return TRUE;
    if (!draft->is_served_by_current) previous = (Pointer){ .schema = CATALOGUE_SCHEMA_VERSION };
    previous.last = MAX(previous.last, draft->last);
    return replace_pointer(draft, "previous", &previous, error);
}

static gboolean switch_to(GenerationDraft *draft, const char *event, const char *summary,
                          const Pointer *pointer, GError **error)
{
    if (!keep_previous(draft, error) || !record(draft, event, summary, pointer, error))
        return FALSE;
    guint64 before = disk_id(draft->folder, "current");
    if (replace_pointer(draft, "current", pointer, error)) {
        draft->is_published = TRUE;
        return TRUE;
    }
    /* The rename was done and only its fsync failed: the new one is in force, but not promised. */
    draft->is_published = disk_id(draft->folder, "current") != before;
    if (!record(draft, "failed", draft->is_published ? "切换后未确认写入磁盘" : "切换失败", pointer,
                NULL))
        g_warning("publication failed and cannot be recorded number=%u", pointer->content);
    return FALSE;
}

/* ---- what is kept ---- */

static guint month_of(GenerationDraft *draft, const char *name)
{
    struct stat st;
    if (fstatat(draft->folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0) return 0;
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(st.st_mtim.tv_sec);
    return time ? (guint)(g_date_time_get_year(time) * 12 + g_date_time_get_month(time)) : 0;
}

/* From the newest to the oldest: the first of each month met is the last of that month. */
static void collect_garbage(GenerationDraft *draft, guint current)
{
    g_autoptr(GArray) numbers = generation_list(draft->data_dir);
    guint kept_month = 0, month_count = 0, newest_count = 0;
    for (guint i = numbers->len; i > 0; i--) {
        guint number = g_array_index(numbers, guint, i - 1);
        g_autofree char *name = pointer_content_name(number);
        guint month = month_of(draft, name);
        gboolean is_last_of_month = month != kept_month && month_count < KEEP_MONTHS;
        kept_month = month;
        if (is_last_of_month) month_count++;
        if (newest_count++ < KEEP_NEWEST || is_last_of_month) continue;
        if (number == current || number == draft->served.content) continue;
        unlinkat(draft->folder, name, 0);
    }
}

/* ---- publication and its return ---- */

static void fill_pointer(const GenerationDraft *draft, guint number, Pointer *pointer)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *published = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S%:z");
    pointer->content = number;
    pointer->prev = draft->served.content;
    pointer->last = MAX(draft->last, number);
    pointer->schema = CATALOGUE_SCHEMA_VERSION;
    g_strlcpy(pointer->published, published, sizeof pointer->published);
}

static gboolean digest_content(GenerationDraft *draft, guint number, Pointer *pointer,
                               GError **error)
{
    g_autofree char *name = pointer_content_name(number);
    GError *cause = NULL;
    return disk_digest(draft->folder, name, pointer->content_b2, &cause) ||
           fail_as(error, GENERATION_ERROR_DAMAGED, cause);
}

gboolean generation_draft_publish(GenerationDraft *draft, const char *summary, guint *number,
                                  GError **error)
{
    Pointer pointer = { 0 };
    GError *cause = NULL;
    if (!check_and_seal(draft, pointer.digest, &cause)) {
        gboolean is_write = g_error_matches(cause, STORE_ERROR, STORE_ERROR_WRITE);
        return fail_as(error, is_write ? GENERATION_ERROR_WRITE : GENERATION_ERROR_CHECK, cause);
    }
    fill_pointer(draft, draft->number, &pointer);
    if (!settle_file(draft, error) || !digest_content(draft, draft->number, &pointer, error) ||
        !switch_to(draft, "publish", summary, &pointer, error))
        return FALSE;
    give_to_owner(draft, draft->number);
    collect_garbage(draft, draft->number);
    *number = draft->number;
    return TRUE;
}

static gboolean find_older(GenerationDraft *draft, guint *number, GError **error)
{
    g_autoptr(GArray) numbers = generation_list(draft->data_dir);
    if (draft->is_current_denied) {
        g_set_error(error, GENERATION_ERROR, GENERATION_ERROR_NO_RIGHT, "没有权限读现用的版本");
        return FALSE;
    }
    if (!draft->is_served_by_current) { /* "before" which one? Perhaps it was read wrongly just now
                                         */
        g_set_error(error, GENERATION_ERROR, GENERATION_ERROR_DAMAGED,
                    "当前版本读不出来，请写明要退回到第几版");
        return FALSE;
    }
    if (draft->served.content == 0) {
        g_set_error(error, GENERATION_ERROR, GENERATION_ERROR_NOT_FOUND,
                    "现在用的就是程序自带的起步数据，没有更早的版本");
        return FALSE;
    }
    *number = 0;
    for (guint i = 0; i < numbers->len; i++) {
        guint found = g_array_index(numbers, guint, i);
        if (found < draft->served.content) *number = found;
    }
    return TRUE;
}

/* An old file has lain about: it must still be what was sealed. */
static gboolean check_sealed(GenerationDraft *draft, guint number, Pointer *pointer, GError **error)
{
    g_autofree char *name = pointer_content_name(number);
    g_autofree char *path = g_build_filename(draft->data_dir, name, NULL);
    if (!disk_id(draft->folder, name)) {
        g_set_error(error, GENERATION_ERROR, GENERATION_ERROR_NOT_FOUND, "没有第 %u 版", number);
        return FALSE;
    }
    /* first of all: refuses what is no regular file, on which SQLite would wait for ever */
    if (!digest_content(draft, number, pointer, error)) return FALSE;
    GError *cause = NULL;
    g_autoptr(sqlite3) db = store_open_content(path, &cause);
    g_autofree char *digest = db ? generation_digest(db, &cause) : NULL;
    if (!digest || !store_check(db, &cause) || !check_counts(db, &cause) ||
        !has_seal(db, digest, &cause)) {
        g_prefix_error(&cause, "第 %u 版不能再用：", number);
        return fail_as(error, GENERATION_ERROR_DAMAGED, cause);
    }
    g_strlcpy(pointer->digest, digest, sizeof pointer->digest);
    return TRUE;
}

gboolean generation_rollback(const char *data_dir, guint number, guint *published, GError **error)
{
    g_autoptr(GenerationDraft) draft = writer_new(data_dir, error);
    if (!draft || (number == GENERATION_BEFORE && !find_older(draft, &number, error))) return FALSE;
    if (draft->is_served_by_current && draft->served.content == number) {
        g_set_error(error, GENERATION_ERROR, GENERATION_ERROR_NOT_FOUND, "现在用的就是这一版");
        return FALSE;
    }
    Pointer pointer = { 0 };
    if (number > 0 && !check_sealed(draft, number, &pointer, error)) return FALSE;
    fill_pointer(draft, number, &pointer);
    if (!switch_to(draft, "rollback", "退回以前的版本", &pointer, error)) return FALSE;
    give_to_owner(draft, 0);
    *published = number;
    return TRUE;
}

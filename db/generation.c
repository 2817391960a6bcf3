#include "db/generation.h"

#include "db/content.h"
#include "db/pointer.h"
#include "db/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#define OPEN_ATTEMPTS 3

G_DEFINE_QUARK(bianmin_generation_error, generation_error)

/* The starter's image; the program that builds it, and the tests, are linked without. */
extern const guint8 starter_image[] __attribute__((weak));
extern const guint8 starter_image_end[] __attribute__((weak));

/* ---- the digest of the rows ---- */

static void append_text(GByteArray *row, const char *text, gsize len)
{
    guint32 len_le = GUINT32_TO_LE((guint32)len); /* SQLITE_LIMIT_LENGTH is far below */
    g_byte_array_append(row, (const guint8 *)&len_le, sizeof len_le);
    g_byte_array_append(row, (const guint8 *)text, (guint)len);
}

static void append_row(GByteArray *row, sqlite3_stmt *statement, guint column_count)
{
    for (guint i = 0; i < column_count; i++) {
        const char *text = store_text(statement, (int)i + 1);
        append_text(row, text, (gsize)sqlite3_column_bytes(statement, (int)i + 1));
    }
}

/* Each row is preceded by the table's name, each text by its length: no two contents read alike. */
static gboolean digest_sheet(crypto_generichash_state *state, sqlite3 *db,
                             const ContentSheet *sheet, GError **error)
{
    g_autofree char *sql = content_select(sheet, NULL);
    g_autoptr(sqlite3_stmt) statement = store_prepare(db, sql, error);
    g_autoptr(GByteArray) row = g_byte_array_new();
    g_autoptr(GError) failure = NULL;
    if (!statement) return FALSE;
    while (store_step(statement, &failure)) {
        g_byte_array_set_size(row, 0);
        append_text(row, sheet->table, strlen(sheet->table));
        append_row(row, statement, sheet->column_count);
        crypto_generichash_update(state, row->data, row->len);
    }
    if (!failure) return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

char *generation_digest(sqlite3 *db, GError **error)
{
    crypto_generichash_state state;
    guint8 digest[16];
    char hex[33];
    if (sodium_init() < 0) {
        g_set_error(error, GENERATION_ERROR, GENERATION_ERROR_CHECK, "libsodium 不能用");
        return NULL;
    }
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        if (!digest_sheet(&state, db, &content_sheets[i], error)) return NULL;
    crypto_generichash_final(&state, digest, sizeof digest);
    return g_strdup(sodium_bin2hex(hex, sizeof hex, digest, sizeof digest));
}

gboolean generation_seal(sqlite3 *db, const char *digest, GError **error)
{
    if (!store_exec(db, "DELETE FROM seal", error)) return FALSE;
    g_autoptr(sqlite3_stmt) statement = store_prepare(db, "INSERT INTO seal VALUES (?1)", error);
    if (!statement || sqlite3_bind_text(statement, 1, digest, -1, SQLITE_STATIC) != SQLITE_OK)
        return FALSE;
    g_autoptr(GError) failure = NULL;
    store_step(statement, &failure);
    if (!failure) return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

/* ---- opening ---- */

static gboolean open_builtin(Generation *generation, GError **error)
{
    gsize size = (guintptr)starter_image_end - (guintptr)starter_image; /* both NULL: not linked */
    if (size == 0) {
        g_set_error(error, GENERATION_ERROR, GENERATION_ERROR_NOT_FOUND, "本程序没有自带起步数据");
        return FALSE;
    }
    g_autoptr(GBytes) image = g_bytes_new_static(starter_image, size);
    g_autoptr(sqlite3) db = store_open_image(image, error); /* the octets are the binary's own */
    if (!db) return FALSE;
    generation->db = g_steal_pointer(&db);
    generation->source = GENERATION_BUILTIN;
    generation->number = 0;
    generation->published = g_strdup("");
    return TRUE;
}

static gboolean open_pointed(Generation *generation, int folder, const Pointer *pointer,
                             GError **error)
{
    if (!pointer_verify(folder, pointer, error)) return FALSE;
    g_autofree char *name = pointer_content_name(pointer->content);
    g_autofree char *path = g_build_filename(generation->data_dir, name, NULL);
    generation->db = store_open_content(path, error);
    if (!generation->db) return FALSE;
    generation->number = pointer->content;
    generation->digest = g_strdup(pointer->digest);
    generation->published = g_strdup(pointer->published);
    return TRUE;
}

static gboolean try_pointer(Generation *generation, int folder, GenerationSource source,
                            GError **error)
{
    Pointer pointer = { 0 };
    const char *name = source == GENERATION_CURRENT ? "current" : "previous";
    if (!pointer_load(folder, name, &pointer, error)) return FALSE;
    if (pointer.content == 0) return open_builtin(generation, error);
    generation->source = source;
    return open_pointed(generation, folder, &pointer, error);
}

static void warn(Generation *generation, const char *reason, gboolean is_denied)
{
    const char *remedy =
        is_denied ? "请换有权限的用户来运行，或请管理员把数据文件夹改成可读" : "请尽快重新更新数据";
    g_autofree char *instead = generation->number > 0
                                   ? g_strdup_printf("现在用的是上一次发布的第 %u 版（%.10s）",
                                                     generation->number, generation->published)
                                   : g_strdup("现在用的是程序自带的起步数据");
    g_ptr_array_add(generation->warnings, g_strdup_printf("%s。%s，%s。", reason, instead, remedy));
}

/* Neither pointer, and nothing was ever published: a new folder, nothing is lost. */
static gboolean is_blank(const char *data_dir, int folder)
{
    if (disk_id(folder, "current") || disk_id(folder, "previous")) return FALSE;
    g_autoptr(GArray) numbers = generation_list(data_dir);
    return numbers->len == 0;
}

static gboolean open_with_fallback(Generation *generation, int folder, GError **error)
{
    g_autoptr(GError) reason = NULL, second = NULL;
    generation->pointer_id = disk_id(folder, "current"); /* before it is read: never too new */
    if (is_blank(generation->data_dir, folder)) return open_builtin(generation, error);
    if (try_pointer(generation, folder, GENERATION_CURRENT, &reason)) return TRUE;
    g_autofree char *reasons = NULL;
    if (try_pointer(generation, folder, GENERATION_PREVIOUS, &second)) {
        reasons = g_strdup(reason->message);
    } else {
        reasons = g_strdup_printf("%s；%s", reason->message, second->message);
        if (!open_builtin(generation, NULL)) {
            g_set_error(error, GENERATION_ERROR, GENERATION_ERROR_DAMAGED, "%s", reasons);
            return FALSE;
        }
    }
    warn(generation, reasons, g_error_matches(reason, POINTER_ERROR, POINTER_ERROR_NO_RIGHT));
    return TRUE;
}

static Generation *open_once(const char *data_dir, GError **error)
{
    g_autoptr(Generation) generation = g_new0(Generation, 1);
    generation->data_dir = g_strdup(data_dir);
    generation->warnings = g_ptr_array_new_with_free_func(g_free);
    int folder = open(data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int saved_errno = errno;
    if (folder >= 0 && faccessat(folder, ".", X_OK, AT_EACCESS) != 0) {
        saved_errno = errno; /* it can be listed, but what is in it looks as if it were not there */
        close(folder);
        folder = -1;
    }
    gboolean is_open = folder >= 0 ? open_with_fallback(generation, folder, error)
                                   : open_builtin(generation, error);
    if (folder >= 0) close(folder);
    if (!is_open) return NULL;
    if (folder < 0 && saved_errno != ENOENT) {
        g_autoptr(GError) cause = NULL;
        disk_fail(&cause, DISK_ERROR_READ, saved_errno, "数据文件夹打不开");
        warn(generation, cause->message, g_error_matches(cause, DISK_ERROR, DISK_ERROR_NO_RIGHT));
    }
    return g_steal_pointer(&generation);
}

/* Between reading the pointer and opening what it names somebody may have published twice, and the
 * file be gone: then look again. */
Generation *generation_open(const char *data_dir, GError **error)
{
    for (guint attempt = 1;; attempt++) {
        g_autoptr(Generation) generation = open_once(data_dir, error);
        if (!generation || generation->warnings->len == 0 || attempt == OPEN_ATTEMPTS ||
            !generation_is_stale(generation))
            return g_steal_pointer(&generation);
    }
}

void generation_free(Generation *generation)
{
    if (!generation) return;
    store_close(generation->db);
    g_free(generation->digest);
    g_free(generation->published);
    g_free(generation->data_dir);
    if (generation->warnings) g_ptr_array_unref(generation->warnings);
    g_free(generation);
}

gboolean generation_is_stale(const Generation *generation)
{
    g_autofree char *path = g_build_filename(generation->data_dir, "current", NULL);
    return disk_id(AT_FDCWD, path) != generation->pointer_id;
}

/* ---- what is kept ---- */

static gint compare_numbers(gconstpointer a, gconstpointer b)
{
    guint x = *(const guint *)a, y = *(const guint *)b;
    return (x > y) - (x < y);
}

GArray *generation_list(const char *data_dir)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autofree char *path = g_build_filename(data_dir, "content", NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        guint64 number = 0;
        g_autofree char *digits = strlen(name) == 17 ? g_strndup(name + 8, 6) : NULL;
        if (!digits || !g_str_has_prefix(name, "content-") || !g_str_has_suffix(name, ".db") ||
            !g_ascii_string_to_unsigned(digits, 10, 1, POINTER_NUMBER_MAX, &number, NULL))
            continue;
        guint found = (guint)number;
        g_array_append_val(numbers, found);
    }
    g_array_sort(numbers, compare_numbers);
    return numbers;
}

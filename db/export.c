#include "db/export.h"

#include "db/content.h"
#include "db/disk.h"
#include "db/formula.h"
#include "db/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BOM         "\xef\xbb\xbf"
#define BUFFER_SIZE (64u * 1024)

G_DEFINE_QUARK(bianmin_export_error, export_error)

static gboolean fail_as(GError **error, ExportError code, const char *file, GError *cause)
{
    if (g_error_matches(cause, DISK_ERROR, DISK_ERROR_NO_RIGHT)) code = EXPORT_ERROR_NO_RIGHT;
    g_set_error(error, EXPORT_ERROR, (gint)code, "%s：%s", file,
                cause ? cause->message : "不明原因");
    g_clear_error(&cause);
    return FALSE;
}

static gboolean fail_errno(GError **error, const char *what)
{
    GError *cause = NULL;
    disk_fail(&cause, DISK_ERROR_WRITE, errno, "不能写");
    return fail_as(error, EXPORT_ERROR_WRITE, what, cause);
}

static void append_cell(GString *out, const char *text)
{
    gboolean is_guarded = formula_needs_guard(text);
    gsize len = strlen(text);
    gboolean is_quoted =
        strpbrk(text, ",\"\r\n") != NULL || (len > 0 && (text[0] == ' ' || text[len - 1] == ' '));
    if (is_quoted) g_string_append_c(out, '"');
    if (is_guarded) g_string_append_c(out, '\'');
    for (const char *at = text; *at; at++) {
        if (*at == '"') g_string_append_c(out, '"');
        g_string_append_c(out, *at);
    }
    if (is_quoted) g_string_append_c(out, '"');
}

static void append_header(GString *out, const ContentSheet *sheet)
{
    g_string_append(out, BOM);
    for (guint i = 0; i < sheet->column_count; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? "," : "", sheet->columns[i].header);
    g_string_append(out, "\r\n");
}

static gboolean flush_beyond(int fd, GString *out, gsize limit, GError **error)
{
    if (out->len <= limit) return TRUE;
    gboolean is_written = disk_write_all(fd, out->str, out->len, error);
    g_string_truncate(out, 0);
    return is_written;
}

gboolean export_sheet_csv(int fd, sqlite3 *db, const ContentSheet *sheet, GError **error)
{
    g_autoptr(GString) out = g_string_sized_new(BUFFER_SIZE + 4096);
    g_autofree char *sql = content_select(sheet, NULL);
    g_autoptr(sqlite3_stmt) row = store_prepare(db, sql, error);
    g_autoptr(GError) failure = NULL;
    if (!row) return FALSE;
    append_header(out, sheet);
    while (store_step(row, &failure)) {
        for (guint i = 0; i < sheet->column_count; i++) {
            if (i > 0) g_string_append_c(out, ',');
            append_cell(out, store_text(row, (int)i + 1));
        }
        g_string_append(out, "\r\n");
        if (!flush_beyond(fd, out, BUFFER_SIZE, error)) return FALSE;
    }
    if (!failure) return flush_beyond(fd, out, 0, error) && disk_sync(fd, error);
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean write_sheet(int folder, sqlite3 *db, const ContentSheet *sheet, GError **error)
{
    GError *cause = NULL;
    g_autofree char *fresh = g_strconcat(sheet->file, ".tmp", NULL);
    int fd = openat(folder, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0) return fail_errno(error, sheet->file);
    gboolean is_written = export_sheet_csv(fd, db, sheet, &cause);
    close(fd);
    if (is_written && renameat(folder, fresh, folder, sheet->file) == 0) return TRUE;
    if (is_written) fail_errno(error, sheet->file);
    unlinkat(folder, fresh, 0);
    if (is_written) return FALSE;
    gboolean is_reading = cause && cause->domain == STORE_ERROR;
    return fail_as(error, is_reading ? EXPORT_ERROR_READ : EXPORT_ERROR_WRITE, sheet->file, cause);
}

static gboolean check_absent(int folder, GError **error)
{
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++) {
        if (disk_id(folder, content_sheets[i].file) == 0) continue;
        g_set_error(error, EXPORT_ERROR, EXPORT_ERROR_EXISTS, "文件夹里已有 %s，没有覆盖",
                    content_sheets[i].file);
        return FALSE;
    }
    return TRUE;
}

static gboolean write_all_sheets(int folder, sqlite3 *db, GError **error)
{
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        if (!write_sheet(folder, db, &content_sheets[i], error)) return FALSE;
    GError *cause = NULL;
    return disk_sync(folder, &cause) || fail_as(error, EXPORT_ERROR_WRITE, "导出的文件夹", cause);
}

gboolean export_csv(sqlite3 *db, const char *dir, gboolean may_replace, GError **error)
{
    if (mkdir(dir, 0755) != 0 && errno != EEXIST) return fail_errno(error, "导出的文件夹");
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return fail_errno(error, "导出的文件夹");
    gboolean is_done =
        (may_replace || check_absent(folder, error)) && write_all_sheets(folder, db, error);
    close(folder);
    return is_done;
}

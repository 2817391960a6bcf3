#include "db/export.h"

#include "db/content.h"
#include "db/csv_text.h"
#include "db/disk.h"
#include "db/store.h"
#include "db/table_sheet.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE (64u * 1024)

G_DEFINE_QUARK(bianmin_export_error, export_error)

gboolean export_fail(GError **error, const char *file, GError *cause)
{
    ExportError code = EXPORT_ERROR_WRITE;
    if (cause && cause->domain == STORE_ERROR) code = EXPORT_ERROR_READ;
    if (g_error_matches(cause, DISK_ERROR, DISK_ERROR_NO_RIGHT)) code = EXPORT_ERROR_NO_RIGHT;
    const char *message = cause ? cause->message : "不明原因";
    gboolean is_named = g_str_has_prefix(message, file); /* 事项.xlsx：磁盘已满 */
    g_set_error(error, EXPORT_ERROR, (gint)code, "%s%s%s", is_named ? "" : file,
                is_named ? "" : "：", message);
    g_clear_error(&cause);
    return FALSE;
}

static gboolean fail_errno(GError **error, const char *what)
{
    GError *cause = NULL;
    disk_fail(&cause, DISK_ERROR_WRITE, errno, "不能写");
    return export_fail(error, what, cause);
}

int export_open_folder(const char *dir, GError **error)
{
    int folder = -1;
    if (mkdir(dir, 0755) == 0 || errno == EEXIST)
        folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) fail_errno(error, "导出的文件夹");
    return folder;
}

/* ---- CSV ---- */

typedef struct {
    int fd;
    GString *text;
    guint column_count;
} CsvTarget;

static gboolean flush_beyond(CsvTarget *target, gsize limit, GError **error)
{
    if (target->text->len <= limit) return TRUE;
    gboolean is_written = disk_write_all(target->fd, target->text->str, target->text->len, error);
    g_string_truncate(target->text, 0);
    return is_written;
}

static gboolean add_line(const char *const *cells, gpointer data, GError **error)
{
    CsvTarget *target = data;
    csv_text_append(target->text, cells, target->column_count);
    return flush_beyond(target, BUFFER_SIZE, error);
}

gboolean export_sheet_csv(int fd, sqlite3 *db, const ContentSheet *sheet, GError **error)
{
    const char *headers[CONTENT_COLUMNS_MAX];
    g_autoptr(GString) text = g_string_sized_new(BUFFER_SIZE + 4096);
    CsvTarget target = { fd, text, sheet->column_count };
    for (guint i = 0; i < sheet->column_count; i++)
        headers[i] = sheet->columns[i].header;
    g_string_append(text, CSV_TEXT_BOM);
    csv_text_append(text, headers, sheet->column_count);
    return table_sheet_each_row(db, sheet, add_line, &target, error) &&
           flush_beyond(&target, 0, error) && disk_sync(fd, error);
}

static gboolean write_csv(int folder, sqlite3 *db, const ContentSheet *sheet, const char *file,
                          GError **error)
{
    GError *cause = NULL;
    g_autofree char *fresh = g_strconcat(file, ".tmp", NULL);
    int fd = openat(folder, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0) return fail_errno(error, file);
    gboolean is_written = export_sheet_csv(fd, db, sheet, &cause);
    close(fd);
    if (is_written && renameat(folder, fresh, folder, file) == 0) return TRUE;
    if (is_written) fail_errno(error, file);
    unlinkat(folder, fresh, 0);
    return is_written ? FALSE : export_fail(error, file, cause);
}

/* ---- workbooks ---- */

static gboolean write_xlsx(int folder, sqlite3 *db, const ContentSheet *sheet, const char *file,
                           GError **error)
{
    GError *cause = NULL;
    g_autoptr(XlsxWriter) writer = xlsx_writer_new(&cause);
    if (!writer) return export_fail(error, file, cause);
    table_sheet_begin(writer, table_sheet_id(sheet));
    return (table_sheet_add_rows(writer, db, sheet, &cause) &&
            xlsx_writer_save(writer, folder, file, &cause)) ||
           export_fail(error, file, cause);
}

/* ---- all sheets ---- */

static char *file_name(const ContentSheet *sheet, ExportFormat format)
{
    const char *stem = rule_sheets[table_sheet_id(sheet)].stem;
    return g_strconcat(stem, format == EXPORT_CSV ? ".csv" : ".xlsx", NULL);
}

/* In neither format: the importer would refuse the same table twice. */
static gboolean check_absent(int folder, GError **error)
{
    for (guint i = 0; i < CONTENT_SHEET_COUNT * 2; i++) {
        g_autofree char *file = file_name(&content_sheets[i / 2], i % 2 ? EXPORT_XLSX : EXPORT_CSV);
        if (disk_id(folder, file) == 0) continue;
        g_set_error(error, EXPORT_ERROR, EXPORT_ERROR_EXISTS, "文件夹里已有 %s，没有覆盖", file);
        return FALSE;
    }
    return TRUE;
}

static gboolean write_all_sheets(int folder, sqlite3 *db, ExportFormat format, GError **error)
{
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++) {
        const ContentSheet *sheet = &content_sheets[i];
        g_autofree char *file = file_name(sheet, format);
        if (!(format == EXPORT_CSV ? write_csv : write_xlsx)(folder, db, sheet, file, error))
            return FALSE;
    }
    GError *cause = NULL;
    return disk_sync(folder, &cause) || export_fail(error, "导出的文件夹", cause);
}

gboolean export_sheets(sqlite3 *db, const char *dir, ExportFormat format, gboolean may_replace,
                       GError **error)
{
    int folder = export_open_folder(dir, error);
    if (folder < 0) return FALSE;
    gboolean is_done =
        (may_replace || check_absent(folder, error)) && write_all_sheets(folder, db, format, error);
    close(folder);
    return is_done;
}

#include "db/report_outbox.h"

#include "db/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WANTED     "wanted"
#define NAME_BEGIN "更新结果-"
#define NAME_END   ".xlsx"
#define OCTETS_MAX (32u * 1024 * 1024)

G_DEFINE_QUARK(bianmin - report - outbox - error, report_outbox_error)

static int open_folder(const char *data_dir, gboolean may_make, GError **error)
{
    g_autofree char *path = g_build_filename(data_dir, "update", "report", NULL);

    if (may_make && g_mkdir_with_parents(path, 0755) != 0) {
        disk_fail(error, DISK_ERROR_WRITE, errno, path);
        return -1;
    }
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) disk_fail(error, DISK_ERROR_MISSING, errno, path);
    return folder;
}

static gboolean is_name(const char *name)
{
    const char *digits = name + strlen(NAME_BEGIN);

    return g_str_has_prefix(name, NAME_BEGIN) && g_str_has_suffix(name, NAME_END) &&
           strspn(digits, "0123456789-") == strlen(digits) - strlen(NAME_END);
}

/* Free with g_free(); NULL: there is none. */
static char *find(const char *data_dir, const char *but)
{
    g_autofree char *path = g_build_filename(data_dir, "update", "report", NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);

    for (const char *name; dir && (name = g_dir_read_name(dir));)
        if (is_name(name) && g_strcmp0(name, but) != 0) return g_strdup(name);
    return NULL;
}

/* Whatever became of the new one, nobody is to take the one before for it. */
static gboolean remove_but(const char *data_dir, int folder, const char *name, GError **error)
{
    for (char *old; (old = find(data_dir, name)); g_free(old)) {
        if (unlinkat(folder, old, 0) == 0) continue;
        disk_fail(error, DISK_ERROR_WRITE, errno, old);
        g_free(old);
        return FALSE;
    }
    return TRUE;
}

gboolean report_outbox_put(const char *data_dir, const ReportSheet *sheet, GError **error)
{
    g_autofree char *name = report_sheet_name(sheet->when, REPORT_SHEET_XLSX);
    int folder = open_folder(data_dir, TRUE, error);
    gboolean is_put =
        folder >= 0 && report_sheet_write(sheet, folder, name, REPORT_SHEET_XLSX, error);

    if (is_put)
        is_put = remove_but(data_dir, folder, name, error);
    else if (folder >= 0)
        (void)!remove_but(data_dir, folder, NULL, NULL);
    if (folder >= 0) close(folder);
    return is_put;
}

/* ---- whether it is wanted ---- */

gboolean report_outbox_want(const char *data_dir, GError **error)
{
    int folder = open_folder(data_dir, TRUE, error);
    gboolean is_noted = folder >= 0 && disk_replace(folder, WANTED, "\n", 1, 0644, error);

    if (folder >= 0) close(folder);
    return is_noted;
}

void report_outbox_forget(const char *data_dir, gint64 until)
{
    g_autofree char *path = g_build_filename(data_dir, "update", "report", WANTED, NULL);
    struct stat status;

    if (lstat(path, &status) == 0 && status.st_mtime <= until) unlink(path);
}

gboolean report_outbox_is_wanted(const char *data_dir)
{
    g_autofree char *path = g_build_filename(data_dir, "update", "report", WANTED, NULL);
    struct stat status;
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;

    return lstat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_mtime <= now &&
           now - status.st_mtime < REPORT_OUTBOX_MINUTES * 60;
}

/* ---- copying ---- */

gboolean report_outbox_copy(const char *data_dir, int folder, char **name, GError **error)
{
    g_autofree char *found = find(data_dir, NULL);
    gsize len = 0;

    if (!found) {
        g_set_error(error, REPORT_OUTBOX_ERROR, REPORT_OUTBOX_ERROR_NOTHING, "还没有结果可以导出");
        return FALSE;
    }
    int from = open_folder(data_dir, FALSE, error);
    g_autofree char *octets = from >= 0 ? disk_read(from, found, OCTETS_MAX, &len, error) : NULL;
    if (from >= 0) close(from);
    if (!octets || !disk_replace(folder, found, octets, len, 0644, error)) return FALSE;
    *name = g_steal_pointer(&found);
    return TRUE;
}

/* Nothing is read of a file that has another length, for a stick may hold one without end. */
static gboolean is_same_file(int ours, int theirs, const char *name)
{
    struct stat a, b;
    char a_hex[DISK_DIGEST_HEX], b_hex[DISK_DIGEST_HEX];
    return fstatat(ours, name, &a, AT_SYMLINK_NOFOLLOW) == 0 &&
           fstatat(theirs, name, &b, AT_SYMLINK_NOFOLLOW) == 0 && a.st_size == b.st_size &&
           a.st_size <= (off_t)OCTETS_MAX && disk_digest(ours, name, a_hex, NULL) &&
           disk_digest(theirs, name, b_hex, NULL) && strcmp(a_hex, b_hex) == 0;
}

char *report_outbox_found_in(const char *data_dir, int folder)
{
    g_autofree char *name = find(data_dir, NULL);
    int from = name ? open_folder(data_dir, FALSE, NULL) : -1;
    gboolean is_same = from >= 0 && is_same_file(from, folder, name);

    if (from >= 0) close(from);
    return is_same ? g_steal_pointer(&name) : g_strdup("");
}

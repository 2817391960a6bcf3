/* package_write() of package.h. */
#include "db/package.h"

#include "db/disk.h"
#include "db/export.h"
#include "db/package_private.h"
#include "db/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

typedef struct {
    int out;
    crypto_sign_state state;
    int sheets[CONTENT_SHEET_COUNT]; /* nameless files; -1 */
} Writer;

static void writer_clear(Writer *writer)
{
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        if (writer->sheets[i] >= 0) close(writer->sheets[i]);
    if (writer->out >= 0) close(writer->out);
    sodium_memzero(&writer->state, sizeof writer->state);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Writer, writer_clear)

static gboolean fail_as(GError **error, GError *cause)
{
    PackageError code = cause->domain == STORE_ERROR ? PACKAGE_ERROR_READ : PACKAGE_ERROR_WRITE;
    if (g_error_matches(cause, DISK_ERROR, DISK_ERROR_NO_RIGHT)) code = PACKAGE_ERROR_NO_RIGHT;
    g_set_error_literal(error, PACKAGE_ERROR, (gint)code, cause->message);
    g_error_free(cause);
    return FALSE;
}

/* How long they are has to be known before the first octet is signed. */
static gboolean export_all(Writer *writer, sqlite3 *db, PackageManifest *manifest, GError **error)
{
    guint64 total = PACKAGE_HEADER_MAX + PACKAGE_SIGNED_LEN;
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++) {
        GError *cause = NULL;
        writer->sheets[i] = package_temporary(error);
        if (writer->sheets[i] < 0) return FALSE;
        if (!export_sheet_csv(writer->sheets[i], db, &content_sheets[i], &cause))
            return fail_as(error, cause);
        off_t len = lseek(writer->sheets[i], 0, SEEK_END);
        if (len < 0 || lseek(writer->sheets[i], 0, SEEK_SET) != 0) {
            disk_fail(&cause, DISK_ERROR_WRITE, errno, "临时文件");
            return fail_as(error, cause);
        }
        manifest->lens[i] = (guint64)len;
        total += (guint64)len;
    }
    if (total <= PACKAGE_FILE_MAX) return TRUE;
    g_set_error_literal(error, PACKAGE_ERROR, PACKAGE_ERROR_WRITE, "内容太多，更新包超过 200 MB");
    return FALSE;
}

static gboolean put(Writer *writer, const void *octets, gsize len, GError **error)
{
    crypto_sign_update(&writer->state, octets, len);
    return disk_write_all(writer->out, octets, len, error);
}

static gboolean put_sheet(Writer *writer, int fd, GError **error)
{
    g_autofree guint8 *block = g_malloc(PACKAGE_BLOCK);
    gssize got;
    while ((got = package_read(fd, block, PACKAGE_BLOCK)) > 0)
        if (!put(writer, block, (gsize)got, error)) return FALSE;
    return got == 0 || disk_fail(error, DISK_ERROR_READ, errno, "临时文件");
}

static gboolean put_all(Writer *writer, const PackageManifest *manifest,
                        const guint8 secret[PACKAGE_SECRET_LEN], GError **error)
{
    guint8 signature[PACKAGE_SIGNED_LEN];
    gsize len = 0;
    g_autofree char *header = package_format(manifest, &len);
    crypto_sign_init(&writer->state);
    if (!put(writer, header, len, error)) return FALSE;
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        if (!put_sheet(writer, writer->sheets[i], error)) return FALSE;
    if (crypto_sign_final_create(&writer->state, signature, NULL, secret) != 0)
        return disk_fail(error, DISK_ERROR_WRITE, EINVAL, "签名");
    return disk_write_all(writer->out, signature, sizeof signature, error) &&
           disk_sync(writer->out, error);
}

static gboolean write_file(Writer *writer, int folder, const char *name,
                           const PackageManifest *manifest,
                           const guint8 secret[PACKAGE_SECRET_LEN], GError **error)
{
    g_autofree char *fresh = g_strconcat(name, ".tmp", NULL);
    writer->out =
        openat(folder, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (writer->out < 0) return disk_fail(error, DISK_ERROR_WRITE, errno, name);
    if (put_all(writer, manifest, secret, error)) {
        if (renameat(folder, fresh, folder, name) == 0) return disk_sync(folder, error);
        disk_fail(error, DISK_ERROR_WRITE, errno, name);
    }
    unlinkat(folder, fresh, 0);
    return FALSE;
}

gboolean package_write(const char *path, sqlite3 *db, PackageManifest *manifest,
                       const guint8 secret[PACKAGE_SECRET_LEN], GError **error)
{
    g_auto(Writer) writer = { .out = -1 };
    g_autofree char *dir = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    GError *cause = NULL;

    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        writer.sheets[i] = -1;
    manifest->schema = CATALOGUE_SCHEMA_VERSION;
    if (!export_all(&writer, db, manifest, error)) return FALSE;
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        disk_fail(&cause, DISK_ERROR_WRITE, errno, dir);
        return fail_as(error, cause);
    }
    gboolean is_written = write_file(&writer, folder, name, manifest, secret, &cause);
    close(folder);
    return is_written || fail_as(error, cause);
}

/* The reading half of package.h. */
#include "db/package_private.h"

#include "db/disk.h"
#include "db/generation.h"
#include "db/import_find.h"
#include "db/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

struct Package {
    char *name; /* of the file, for reports */
    PackageManifest manifest;
    int sheets[CONTENT_SHEET_COUNT]; /* nameless copies; -1: taken */
    crypto_sign_state state;         /* has eaten all before the signature */
    guint8 signature[PACKAGE_SIGNED_LEN];
    gboolean is_verified;
};

static gboolean fail(GError **error, PackageError code, const char *message)
{
    g_set_error(error, PACKAGE_ERROR, (gint)code, "更新包不能用：%s", message);
    return FALSE;
}

static gboolean fail_errno(GError **error, PackageError code, int saved_errno, const char *what)
{
    GError *cause = NULL;
    disk_fail(&cause, DISK_ERROR_READ, saved_errno, what);
    if (g_error_matches(cause, DISK_ERROR, DISK_ERROR_NO_RIGHT)) code = PACKAGE_ERROR_NO_RIGHT;
    g_set_error_literal(error, PACKAGE_ERROR, (gint)code, cause->message);
    g_error_free(cause);
    return FALSE;
}

int package_temporary(GError **error)
{
    g_autofree char *path = NULL;
    g_autoptr(GError) cause = NULL;
    int fd = g_file_open_tmp("bianmin-XXXXXX", &path, &cause);
    if (fd >= 0) {
        unlink(path);
        return fd;
    }
    g_set_error_literal(error, PACKAGE_ERROR, PACKAGE_ERROR_WRITE, "不能新建临时文件");
    return -1;
}

gssize package_read(int fd, void *octets, gsize len)
{
    ssize_t got;
    do
        got = read(fd, octets, len);
    while (got < 0 && errno == EINTR);
    return got;
}

/* ---- from the file ---- */

/* Exactly so many octets; a file that is cut short is the usual damage. */
static gboolean read_exactly(int fd, void *octets, gsize len, GError **error)
{
    guint8 *at = octets;
    while (len > 0) {
        gssize got = package_read(fd, at, len);
        if (got < 0) return fail_errno(error, PACKAGE_ERROR_READ, errno, "更新包");
        if (got == 0) return fail(error, PACKAGE_ERROR_FORMAT, "没有复制完整");
        at += got;
        len -= (gsize)got;
    }
    return TRUE;
}

static int open_file(const char *path, guint64 *size, GError **error)
{
    struct stat status = { 0 };
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        fail_errno(error, errno == ENOENT ? PACKAGE_ERROR_MISSING : PACKAGE_ERROR_READ, errno,
                   path);
        return -1;
    }
    gboolean is_regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    *size = is_regular ? (guint64)status.st_size : 0;
    if (is_regular && *size <= PACKAGE_FILE_MAX) return fd;
    fail(error, PACKAGE_ERROR_FORMAT, is_regular ? "超过 200 MB" : "不是普通文件");
    close(fd);
    return -1;
}

/* How long it is only its text says; what was read beyond it is read once more. */
static gboolean read_header(Package *package, int fd, gsize *header_len, GError **error)
{
    char start[PACKAGE_HEADER_MAX];
    gsize len = 0;
    gssize got = 0;
    while (len < sizeof start && (got = package_read(fd, start + len, sizeof start - len)) > 0)
        len += (gsize)got;
    if (got < 0) return fail_errno(error, PACKAGE_ERROR_READ, errno, "更新包");
    if (!package_parse(start, len, &package->manifest, header_len, error)) return FALSE;
    crypto_sign_update(&package->state, (const guint8 *)start, *header_len);
    return lseek(fd, (off_t)*header_len, SEEK_SET) >= 0 ||
           fail_errno(error, PACKAGE_ERROR_READ, errno, "更新包");
}

/* Before any of it is read: no sum can overflow, each is at most PACKAGE_FILE_MAX. */
static gboolean check_size(const PackageManifest *manifest, gsize header_len, guint64 size,
                           GError **error)
{
    guint64 total = header_len + PACKAGE_SIGNED_LEN;
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        total += manifest->lens[i];
    if (size == total) return TRUE;
    return fail(error, PACKAGE_ERROR_FORMAT, size < total ? "没有复制完整" : "后面有多余的东西");
}

static gboolean copy_sheet(Package *package, int fd, guint index, guint8 *block, GError **error)
{
    GError *cause = NULL;
    package->sheets[index] = package_temporary(error);
    if (package->sheets[index] < 0) return FALSE;
    for (guint64 left = package->manifest.lens[index]; left > 0;) {
        gsize len = (gsize)MIN(left, PACKAGE_BLOCK);
        if (!read_exactly(fd, block, len, error)) return FALSE;
        crypto_sign_update(&package->state, block, len);
        if (!disk_write_all(package->sheets[index], block, len, &cause)) {
            g_set_error_literal(error, PACKAGE_ERROR, PACKAGE_ERROR_WRITE, cause->message);
            g_error_free(cause);
            return FALSE;
        }
        left -= len;
    }
    return lseek(package->sheets[index], 0, SEEK_SET) == 0 ||
           fail_errno(error, PACKAGE_ERROR_WRITE, errno, "临时文件");
}

static gboolean read_all(Package *package, int fd, guint64 size, GError **error)
{
    gsize header_len = 0;
    g_autofree guint8 *block = g_malloc(PACKAGE_BLOCK);
    if (!read_header(package, fd, &header_len, error) ||
        !check_size(&package->manifest, header_len, size, error))
        return FALSE;
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        if (!copy_sheet(package, fd, i, block, error)) return FALSE;
    return read_exactly(fd, package->signature, sizeof package->signature, error);
}

Package *package_open(const char *path, GError **error)
{
    guint64 size = 0;
    if (sodium_init() < 0) {
        fail(error, PACKAGE_ERROR_READ, "libsodium 不能用");
        return NULL;
    }
    g_autoptr(Package) package = g_new0(Package, 1);
    package->name = g_filename_display_basename(path);
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        package->sheets[i] = -1;
    crypto_sign_init(&package->state);
    int fd = open_file(path, &size, error);
    if (fd < 0) return NULL;
    gboolean is_read = read_all(package, fd, size, error);
    close(fd);
    return is_read ? g_steal_pointer(&package) : NULL;
}

void package_free(Package *package)
{
    if (!package) return;
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        if (package->sheets[i] >= 0) close(package->sheets[i]);
    g_free(package->name);
    g_free(package);
}

const PackageManifest *package_manifest(const Package *package)
{
    return &package->manifest;
}

gboolean package_verify(Package *package, const guint8 key[PACKAGE_KEY_LEN], GError **error)
{
    crypto_sign_state state = package->state;
    package->is_verified = crypto_sign_final_verify(&state, package->signature, key) == 0;
    return package->is_verified ||
           fail(error, PACKAGE_ERROR_SIGNATURE, "签名不对，内容坏了或者被改过，请重新拷一份");
}

/* ---- into a catalogue ---- */

static RuleSheetId rule_of(const ContentSheet *sheet)
{
    RuleSheetId id = RULE_SHEET_TOPIC;
    while (strcmp(rule_sheets[id].file, sheet->file) != 0)
        id++;
    return id;
}

static void give_sheets(Package *package, ImportFiles *files)
{
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++)
        files->at[id] = (ImportFile){ .fd = -1 };
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++) {
        char *label = g_strdup_printf("%s（%s）", package->name, content_sheets[i].file);
        files->at[rule_of(&content_sheets[i])] =
            (ImportFile){ package->sheets[i], SHEET_CSV, label, NULL };
        package->sheets[i] = -1;
    }
}

/* Every kiosk must come to the same content, or say that it does not. */
static gboolean check_digest(const Package *package, sqlite3 *target, GError **error)
{
    g_autofree char *digest = generation_digest(target, error);
    if (!digest) return FALSE;
    return strcmp(digest, package->manifest.digest) == 0 ||
           fail(error, PACKAGE_ERROR_CONTENT,
                "里面的表得不出它所说的内容（校验码不符），请用同一版的程序重做一个");
}

gboolean package_import(Package *package, sqlite3 *target, ImportReport *report, GError **error)
{
    ImportFiles files;
    if (!package->is_verified || package->sheets[0] < 0)
        return fail(error, PACKAGE_ERROR_SIGNATURE, "还没有核对过签名");
    give_sheets(package, &files);
    gboolean is_done = import_found(&files, NULL, target, report, error);
    import_files_close(&files);
    return is_done && (report->error_count > 0 || check_digest(package, target, error));
}

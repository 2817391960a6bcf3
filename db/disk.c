#include "db/disk.h"

#include "charset/errno_text.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (256u * 1024)

G_DEFINE_QUARK(bianmin_disk_error, disk_error)

gboolean disk_fail(GError **error, DiskError code, int saved_errno, const char *what)
{
    if (errno_is_no_right(saved_errno)) code = DISK_ERROR_NO_RIGHT;
    g_set_error(error, DISK_ERROR, (gint)code, "%s：%s", what, errno_text(saved_errno));
    return FALSE;
}

gboolean disk_write_all(int fd, const void *octets, gsize len, GError **error)
{
    const guint8 *at = octets;
    while (len > 0) {
        ssize_t written = write(fd, at, len);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0)
            return disk_fail(error, DISK_ERROR_WRITE, written < 0 ? errno : ENOSPC, "写入失败");
        at += written;
        len -= (gsize)written;
    }
    return TRUE;
}

gboolean disk_sync(int fd, GError **error)
{
    return fsync(fd) == 0 || disk_fail(error, DISK_ERROR_WRITE, errno, "写入磁盘没有得到确认");
}

static gboolean write_new(int folder, const char *name, const char *text, gsize len, guint mode,
                          GError **error)
{
    int fd =
        openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
    if (fd < 0) return disk_fail(error, DISK_ERROR_WRITE, errno, name);
    gboolean is_written = disk_write_all(fd, text, len, error) && disk_sync(fd, error);
    if (close(fd) != 0 && is_written) return disk_fail(error, DISK_ERROR_WRITE, errno, name);
    return is_written;
}

gboolean disk_replace(int folder, const char *name, const char *text, gsize len, guint mode,
                      GError **error)
{
    g_autofree char *fresh = g_strconcat(name, ".tmp", NULL);
    if (!write_new(folder, fresh, text, len, mode, error)) {
        unlinkat(folder, fresh, 0);
        return FALSE;
    }
    if (renameat(folder, fresh, folder, name) != 0) {
        int saved_errno = errno;
        unlinkat(folder, fresh, 0);
        return disk_fail(error, DISK_ERROR_WRITE, saved_errno, name);
    }
    return disk_sync(folder, error);
}

/* ---- reading ---- */

/* Inode, times and size: a file that was renamed into place has another inode or change time. */
static guint64 stat_id(const struct stat *st)
{
    const guint64 parts[] = { (guint64)st->st_ino, (guint64)st->st_ctim.tv_sec,
                              (guint64)st->st_ctim.tv_nsec, (guint64)st->st_size };
    guint64 id = 0xcbf29ce484222325u; /* FNV-1a, 64 bits at a time */
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
        id = (id ^ parts[i]) * 0x100000001b3u;
    return id ? id : 1;
}

guint64 disk_id(int folder, const char *name)
{
    struct stat st;
    return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? stat_id(&st) : 0;
}

/* O_NONBLOCK: a FIFO in the file's place must not make us wait. */
static int open_regular(int folder, const char *name, struct stat *st, GError **error)
{
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        disk_fail(error, errno == ENOENT ? DISK_ERROR_MISSING : DISK_ERROR_READ, errno, name);
        return -1;
    }
    if (fstat(fd, st) == 0 && S_ISREG(st->st_mode)) return fd;
    close(fd);
    g_set_error(error, DISK_ERROR, DISK_ERROR_READ, "%s：不是普通文件", name);
    return -1;
}

static gssize read_some(int fd, void *buffer, gsize len)
{
    ssize_t got;
    do
        got = read(fd, buffer, len);
    while (got < 0 && errno == EINTR);
    return got;
}

char *disk_read(int folder, const char *name, gsize max, gsize *len, GError **error)
{
    struct stat st;
    int fd = open_regular(folder, name, &st, error);
    if (fd < 0) return NULL;
    g_autofree char *octets = g_malloc(max + 2);
    gssize got = 0;
    *len = 0;
    while (*len <= max && (got = read_some(fd, octets + *len, max + 1 - *len)) > 0)
        *len += (gsize)got;
    int saved_errno = errno;
    close(fd);
    if (got < 0) {
        disk_fail(error, DISK_ERROR_READ, saved_errno, name);
        return NULL;
    }
    if (*len > max) {
        g_set_error(error, DISK_ERROR, DISK_ERROR_READ, "%s：文件太长", name);
        return NULL;
    }
    octets[*len] = '\0';
    return g_steal_pointer(&octets);
}

gboolean disk_digest(int folder, const char *name, char hex[DISK_DIGEST_HEX], GError **error)
{
    struct stat st;
    int fd = open_regular(folder, name, &st, error);
    if (fd < 0) return FALSE;
    crypto_generichash_state state;
    if (sodium_init() < 0) return disk_fail(error, DISK_ERROR_READ, ENOSYS, "libsodium");
    crypto_generichash_init(&state, NULL, 0, 32);
    g_autofree guint8 *block = g_malloc(BLOCK);
    gssize got;
    while ((got = read_some(fd, block, BLOCK)) > 0)
        crypto_generichash_update(&state, block, (unsigned long long)got);
    int saved_errno = errno;
    close(fd);
    if (got < 0) return disk_fail(error, DISK_ERROR_READ, saved_errno, name);
    guint8 digest[32];
    crypto_generichash_final(&state, digest, sizeof digest);
    sodium_bin2hex(hex, DISK_DIGEST_HEX, digest, sizeof digest);
    return TRUE;
}

void disk_short_digest(const void *octets, gsize len, char hex[33])
{
    guint8 digest[16];
    crypto_generichash(digest, sizeof digest, octets, len, NULL, 0);
    sodium_bin2hex(hex, 33, digest, sizeof digest);
}

#include "db/stick_key.h"

#include "db/disk.h"
#include "db/stick_name.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#define MAGIC_LEN 8u
#define SUM_LEN   8u
#define SUM_AT    (STICK_KEY_LEN - SUM_LEN)
#define FRESH     STICK_KEY_NAME ".tmp"

static const guint8 magic[MAGIC_LEN] = { 'B', 'M', 'K', 'E', 'Y', 0, 0, 1 };

G_DEFINE_QUARK(bianmin_stick_key_error, stick_key_error)

static gboolean fail(GError **error, StickKeyError code, const char *why)
{
    g_set_error(error, STICK_KEY_ERROR, (gint)code, STICK_KEY_NAME "：%s", why);
    return FALSE;
}

void stick_key_wipe(StickKey *key)
{
    sodium_memzero(key, sizeof *key);
}

gboolean stick_key_make(StickKey *key)
{
    if (sodium_init() < 0) return FALSE;
    randombytes_buf(key->id, sizeof key->id);
    randombytes_buf(key->secret, sizeof key->secret);
    return TRUE;
}

/* BLAKE2b-64: libsodium recommends 16 octets and more, which is for digests that must resist. */
static void sum_of(const guint8 *octets, gsize len, guint8 sum[SUM_LEN])
{
    if (crypto_generichash(sum, SUM_LEN, octets, len, NULL, 0) != 0) memset(sum, 0, SUM_LEN);
}

void stick_key_format(const StickKey *key, guint8 octets[STICK_KEY_LEN])
{
    memcpy(octets, magic, MAGIC_LEN);
    memcpy(octets + MAGIC_LEN, key->id, STICK_KEY_ID_LEN);
    memcpy(octets + MAGIC_LEN + STICK_KEY_ID_LEN, key->secret, STICK_KEY_SECRET_LEN);
    sum_of(octets, SUM_AT, octets + SUM_AT);
}

gboolean stick_key_parse(const guint8 *octets, gsize len, StickKey *key, GError **error)
{
    guint8 sum[SUM_LEN];

    if (len < MAGIC_LEN || memcmp(octets, magic, MAGIC_LEN) != 0)
        return fail(error, STICK_KEY_ERROR_FORMAT, "不是便民查询的密钥文件");
    if (len != STICK_KEY_LEN) return fail(error, STICK_KEY_ERROR_FORMAT, "长度不对，没有复制完整");
    sum_of(octets, SUM_AT, sum);
    if (memcmp(sum, octets + SUM_AT, SUM_LEN) != 0)
        return fail(error, STICK_KEY_ERROR_FORMAT, "已损坏，校验不符");
    memcpy(key->id, octets + MAGIC_LEN, STICK_KEY_ID_LEN);
    memcpy(key->secret, octets + MAGIC_LEN + STICK_KEY_ID_LEN, STICK_KEY_SECRET_LEN);
    return TRUE;
}

/* ---- on the stick ---- */

static gboolean load_from(const char *path, StickKey *key, GError **error)
{
    g_autoptr(GError) cause = NULL;
    gsize len = 0;
    char *octets = disk_read(AT_FDCWD, path, STICK_KEY_LEN + 1, &len, &cause);
    if (!octets && g_error_matches(cause, DISK_ERROR, DISK_ERROR_MISSING))
        return fail(error, STICK_KEY_ERROR_MISSING, "U盘上没有这个文件，这个U盘没有登记过");
    if (!octets) {
        g_set_error_literal(error, STICK_KEY_ERROR, STICK_KEY_ERROR_READ, cause->message);
        return FALSE;
    }
    gboolean is_parsed = stick_key_parse((const guint8 *)octets, len, key, error);
    sodium_memzero(octets, len);
    g_free(octets);
    return is_parsed;
}

gboolean stick_key_load(const char *dir, StickKey *key, GError **error)
{
    g_autofree char *below = g_build_filename(dir, STICK_NAME_SUBFOLDER, STICK_KEY_NAME, NULL);
    g_autofree char *path = g_build_filename(dir, STICK_KEY_NAME, NULL);
    g_autoptr(GError) cause = NULL;

    if (sodium_init() < 0) return fail(error, STICK_KEY_ERROR_READ, "libsodium 不能用");
    if (load_from(path, key, &cause)) return TRUE;
    if (g_error_matches(cause, STICK_KEY_ERROR, STICK_KEY_ERROR_MISSING) &&
        load_from(below, key, NULL))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
}

static gboolean fail_write(GError **error, GError *cause)
{
    fail(error, STICK_KEY_ERROR_WRITE, cause->message);
    g_error_free(cause);
    return FALSE;
}

/* A link() would be as safe, but FAT has none. */
static gboolean take_name(int folder, GError **error)
{
    GError *cause = NULL;
    if (renameat2(folder, FRESH, folder, STICK_KEY_NAME, RENAME_NOREPLACE) == 0) {
        if (disk_sync(folder, &cause)) return TRUE;
        unlinkat(folder, STICK_KEY_NAME, 0);
        return fail_write(error, cause);
    }
    if (errno == EEXIST)
        return fail(error, STICK_KEY_ERROR_EXISTS,
                    "这里已经有一个。换一个U盘；不再用它的话，先删掉它再登记");
    disk_fail(&cause, DISK_ERROR_WRITE, errno, "不能改名");
    return fail_write(error, cause);
}

static gboolean write_fresh(int folder, const StickKey *key, GError **error)
{
    guint8 octets[STICK_KEY_LEN];
    GError *cause = NULL;
    int fd =
        openat(folder, FRESH, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, (mode_t)0600);
    if (fd < 0) {
        disk_fail(&cause, DISK_ERROR_WRITE, errno, "不能写");
        return fail_write(error, cause);
    }
    stick_key_format(key, octets);
    gboolean is_written =
        disk_write_all(fd, octets, sizeof octets, &cause) && disk_sync(fd, &cause);
    sodium_memzero(octets, sizeof octets);
    if (close(fd) != 0 && is_written)
        is_written = disk_fail(&cause, DISK_ERROR_WRITE, errno, "不能写");
    return is_written || fail_write(error, cause);
}

gboolean stick_key_save(const char *dir, const StickKey *key, GError **error)
{
    GError *cause = NULL;
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        disk_fail(&cause, DISK_ERROR_WRITE, errno, dir);
        return fail_write(error, cause);
    }
    gboolean is_saved = FALSE;
    if (disk_id(folder, STICK_KEY_NAME) != 0)
        fail(error, STICK_KEY_ERROR_EXISTS,
             "这里已经有一个。换一个U盘；不再用它的话，先删掉它再登记");
    else
        is_saved = write_fresh(folder, key, error) && take_name(folder, error);
    if (!is_saved) unlinkat(folder, FRESH, 0);
    close(folder);
    return is_saved;
}

void stick_key_unsave(const char *dir)
{
    g_autofree char *path = g_build_filename(dir, STICK_KEY_NAME, NULL);
    unlink(path);
}

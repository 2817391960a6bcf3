#include "db/usb_copy.h"

#include "charset/errno_text.h"
#include "db/disk.h"
#include "db/stick_name.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sodium.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BLOCK (256u * 1024)

G_DEFINE_QUARK(bianmin_usb_copy_error, usb_copy_error)

static void file_free(gpointer data)
{
    UsbCopyFile *file = data;
    if (file->fd >= 0) close(file->fd);
    g_free(file->name);
    g_free(file);
}

void usb_copy_clear(UsbCopy *copy)
{
    g_clear_pointer(&copy->files, g_ptr_array_unref);
}

/* ---- errors ---- */

static gboolean refuse(GError **error, const char *name, const char *why)
{
    g_set_error(error, USB_COPY_ERROR, USB_COPY_ERROR_REFUSED, "%s：%s", name, why);
    return FALSE;
}

static gboolean fail_pulled(GError **error)
{
    g_set_error(error, USB_COPY_ERROR, USB_COPY_ERROR_PULLED, "U盘过早拔出，内容没有变化");
    return FALSE;
}

/* ENOENT: of a name that was there a moment ago. */
static gboolean fail_read(GError **error, int saved_errno, const char *name)
{
    switch (saved_errno) {
    case EIO:
    case ENODEV:
    case ENOENT:
    case ENOMEDIUM:
    case ESTALE:
        return fail_pulled(error);
    case EACCES:
    case EPERM:
        return refuse(error, name, "没有权限读");
    default: /* ELOOP, EXDEV, ENOTDIR; ENXIO: a socket */
        return refuse(error, name, "不是普通文件（是快捷方式、链接或设备），请把文件本身复制到U盘");
    }
}

static int open_beneath(int folder, const char *name, guint64 flags)
{
    const struct open_how how = {
        .flags = flags | O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
        .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH | RESOLVE_NO_XDEV,
    };
    return (int)syscall(SYS_openat2, folder, name, &how, sizeof how);
}

/* ---- finding ---- */

static gboolean is_taken(const UsbCopy *copy, const char *key)
{
    for (guint i = 0; i < copy->files->len; i++)
        if (strcmp(((UsbCopyFile *)copy->files->pdata[i])->name, key) == 0) return TRUE;
    return FALSE;
}

static gboolean take(UsbCopy *copy, int folder, const char *name, const char *key,
                     guint64 octets_max, GError **error)
{
    struct stat status = { 0 };
    if (is_taken(copy, key)) return refuse(error, key, "有两份，请只留一份，把另一份删掉或改名");
    int fd = open_beneath(folder, name, 0);
    if (fd < 0) return fail_read(error, errno, key);
    UsbCopyFile *file = g_new0(UsbCopyFile, 1);
    *file = (UsbCopyFile){ .name = g_strdup(key), .fd = fd };
    g_ptr_array_add(copy->files, file);
    if (fstat(fd, &status) != 0) return fail_read(error, errno, key);
    if (!S_ISREG(status.st_mode)) return fail_read(error, ELOOP, key);
    file->octets = (guint64)status.st_size;
    file->modified = status.st_mtim;
    copy->octets += file->octets; /* below 2^63 each, and checked here one by one */
    if (file->octets > octets_max) return refuse(error, key, "文件太大，请检查是不是放错了文件");
    return copy->octets <= USB_COPY_TOTAL_MAX ||
           refuse(error, "U盘上的表", "合起来超过 400 MB，请分几次更新");
}

static gboolean look_at(UsbCopy *copy, int folder, const char *name, gboolean is_own,
                        GError **error)
{
    g_autofree char *key = stick_name_fold(name);
    guint64 octets_max = stick_name_octets_max(key);
    if (octets_max > 0) return take(copy, folder, name, key, octets_max, error);
    copy->passed_over += stick_name_is_similar(key, is_own);
    return TRUE;
}

/* ---- folders ---- */

static struct dirent *next_entry(DIR *dir)
{
    errno = 0; /* what is left of it tells the end from a failure */
    return readdir(dir);
}

/* The names in a folder, at most STICK_NAMES_MAX; *is_cut if there are more. NULL: pulled out.
 */
static GPtrArray *list_names(int folder, gboolean *is_cut, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    int fd = open_beneath(folder, ".", O_DIRECTORY);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    struct dirent *entry = dir ? next_entry(dir) : NULL;
    for (; entry && names->len < STICK_NAMES_MAX; entry = next_entry(dir))
        g_ptr_array_add(names, g_strdup(entry->d_name));
    int saved_errno = entry ? 0 : errno;
    *is_cut = entry != NULL;
    if (dir) closedir(dir);
    if (!dir && fd >= 0) close(fd);
    if (saved_errno == 0) return g_steal_pointer(&names);
    fail_read(error, saved_errno, "U盘");
    return NULL;
}

/* What is found must not pass for all there is, unless the subfolder had files of ours: then this
 * is only the rest of a stick. */
static gboolean look_in(UsbCopy *copy, int folder, gboolean is_own, GError **error)
{
    gboolean is_cut = FALSE, is_chosen = copy->files->len > 0;
    g_autoptr(GPtrArray) names = list_names(folder, &is_cut, error);
    for (guint i = 0; names && i < names->len; i++)
        if (!look_at(copy, folder, names->pdata[i], is_own, error)) return FALSE;
    if (!names || !is_cut || is_chosen) return names != NULL;
    return refuse(error, "文件太多（超过 500 个）",
                  "请在U盘上新建文件夹“" STICK_NAME_SUBFOLDER "”，把表放进去，里面不放别的文件");
}

static gboolean look_in_subfolder(UsbCopy *copy, int source, GError **error)
{
    int fd = open_beneath(source, STICK_NAME_SUBFOLDER, O_DIRECTORY);
    if (fd < 0) return errno == ENOENT || fail_read(error, errno, STICK_NAME_SUBFOLDER);
    gboolean is_fine = look_in(copy, fd, TRUE, error);
    close(fd);
    return is_fine;
}

gboolean usb_copy_find(int source, UsbCopy *copy, GError **error)
{
    *copy = (UsbCopy){ .files = g_ptr_array_new_with_free_func(file_free) };
    gboolean is_fine =
        look_in_subfolder(copy, source, error) && look_in(copy, source, FALSE, error);
    if (is_fine && copy->files->len > 0) return TRUE;
    if (is_fine)
        g_set_error(error, USB_COPY_ERROR, USB_COPY_ERROR_NOTHING,
                    "U盘上没有便民查询的表（事项.csv、公告.xlsx 等；几张表在一个工作簿里，"
                    "就叫 便民数据.xlsx）");
    g_ptr_array_set_size(copy->files, 0);
    return FALSE;
}

/* ---- copying ---- */

/* Reads until one octet more than there was: whatever grows is seen and not followed. */
static gboolean copy_octets(UsbCopyFile *file, int target, guint8 *block,
                            crypto_generichash_state *hash, GError **error)
{
    guint64 copied = 0;
    while (copied <= file->octets) {
        ssize_t got = read(file->fd, block, MIN(BLOCK, file->octets - copied + 1));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_pulled(error);
        if (got == 0) break;
        copied += (guint64)got;
        crypto_generichash_update(hash, block, (unsigned long long)got);
        if (!disk_write_all(target, block, (gsize)got, error)) return FALSE;
    }
    return copied >= file->octets || fail_pulled(error);
}

static gboolean is_unchanged(const UsbCopyFile *file)
{
    struct stat after = { 0 };
    return fstat(file->fd, &after) == 0 && after.st_size == (off_t)file->octets &&
           after.st_mtim.tv_sec == file->modified.tv_sec &&
           after.st_mtim.tv_nsec == file->modified.tv_nsec;
}

static gboolean copy_file(UsbCopyFile *file, int folder, guint mode, guint8 *block, GError **error)
{
    guint8 digest[32];
    crypto_generichash_state hash;
    crypto_generichash_init(&hash, NULL, 0, sizeof digest);
    int target =
        openat(folder, file->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (target < 0) return disk_fail(error, DISK_ERROR_WRITE, errno, file->name);
    gboolean is_copied = copy_octets(file, target, block, &hash, error) && disk_sync(target, error);
    if (close(target) != 0 && is_copied)
        return disk_fail(error, DISK_ERROR_WRITE, errno, file->name);
    if (!is_copied) return FALSE;
    if (!is_unchanged(file))
        return refuse(error, file->name, "拷的时候还在变，请等它写完，安全弹出以后再插");
    crypto_generichash_final(&hash, digest, sizeof digest);
    sodium_bin2hex(file->digest, sizeof file->digest, digest, sizeof digest);
    close(file->fd); /* nothing must hold the medium once all is copied */
    file->fd = -1;
    return TRUE;
}

static gboolean has_space(const UsbCopy *copy, int target, GError **error)
{
    struct statvfs space = { 0 };
    if (fstatvfs(target, &space) != 0)
        return disk_fail(error, DISK_ERROR_WRITE, errno, "数据文件夹");
    return (guint64)space.f_bavail * space.f_frsize >= copy->octets + USB_COPY_SPACE_LEFT ||
           disk_fail(error, DISK_ERROR_WRITE, ENOSPC, "拷不进来");
}

gboolean usb_copy_run(UsbCopy *copy, int target, guint mode, GError **error)
{
    g_autofree guint8 *block = g_malloc(BLOCK);
    if (sodium_init() < 0) return disk_fail(error, DISK_ERROR_WRITE, ENOSYS, "libsodium");
    if (!has_space(copy, target, error)) return FALSE;
    for (guint i = 0; i < copy->files->len; i++)
        if (!copy_file(copy->files->pdata[i], target, mode, block, error)) return FALSE;
    return TRUE;
}

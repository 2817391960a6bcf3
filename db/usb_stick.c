#include "db/usb_stick.h"

#include "db/disk.h"
#include "db/usb_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define UDEV_FILE_MAX (64u * 1024)
#define ID_MAX        128
#define NUMBER_MAX    32

typedef struct {
    const char *name, *value; /* value NULL: a flag */
} MountOption;

/* Bare 8.3 names are in the code page of the PC that wrote them; long names are UTF-16. */
static const MountOption fat_options[] = {
    { "codepage", "936" },      { "iocharset", "utf8" }, { "shortname", "mixed" },
    { "errors", "remount-ro" }, { NULL, NULL },
};
static const MountOption exfat_options[] = {
    { "iocharset", "utf8" },
    { NULL, NULL },
};

void usb_stick_clear(UsbStick *stick)
{
    g_free(stick->device);
    g_free(stick->type);
}

static gboolean fail(GError **error, UsbCopyError code, const char *message)
{
    g_set_error_literal(error, USB_COPY_ERROR, (int)code, message);
    return FALSE;
}

/* ---- what it is ---- */

/* udev keeps what its rules found out in /run/udev/data, a line "E:KEY=value" each. */
static char *read_udev_file(dev_t number)
{
    gsize len = 0;
    g_autofree char *name = g_strdup_printf("b%u:%u", major(number), minor(number));
    int folder = open("/run/udev/data", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char *text = folder >= 0 ? disk_read(folder, name, UDEV_FILE_MAX, &len, NULL) : NULL;
    if (folder >= 0) close(folder);
    return text ? text : g_strdup("");
}

/* At most ID_MAX octets of printable ASCII: udev has replaced all else. */
static char *property_of(const char *udev, const char *key)
{
    g_autofree char *begin = g_strconcat("\nE:", key, "=", NULL);
    const char *given = g_getenv(key);
    const char *line = given ? NULL : strstr(udev, begin);
    g_autofree char *value = g_strdup(given ? given : line ? line + strlen(begin) : "");
    gsize len = 0;
    while (len < ID_MAX && g_ascii_isprint(value[len]))
        len++;
    return g_strndup(value, len);
}

guint64 usb_stick_disk(const char *device)
{
    static const char *const places[] = { "", "/.." }; /* of a disk; of a partition */
    struct stat status = { 0 };
    guint64 disk = 0;
    if (stat(device, &status) != 0 || !S_ISBLK(status.st_mode)) return 0;
    for (guint i = 0; i < G_N_ELEMENTS(places) && disk == 0; i++) {
        gsize len = 0;
        g_autofree char *path =
            g_strdup_printf("/sys/dev/block/%u:%u%s/diskseq", major(status.st_rdev),
                            minor(status.st_rdev), places[i]);
        g_autofree char *text = disk_read(AT_FDCWD, path, NUMBER_MAX, &len, NULL);
        disk = text ? g_ascii_strtoull(text, NULL, 10) : 0;
    }
    return disk;
}

gboolean usb_stick_identify(const char *device, UsbStick *stick, GError **error)
{
    struct stat status = { 0 };
    if (stat(device, &status) != 0)
        return fail(error, USB_COPY_ERROR_PULLED, "U盘已经拔出，内容没有变化");
    if (!S_ISBLK(status.st_mode)) return fail(error, USB_COPY_ERROR_REFUSED, "这不是U盘");
    g_autofree char *udev = read_udev_file(status.st_rdev);
    *stick = (UsbStick){
        .device = g_strdup(device),
        .type = property_of(udev, "ID_FS_TYPE"),
        .disk = usb_stick_disk(device),
    };
    return TRUE;
}

/* ---- mounting ---- */

static gboolean set_options(int context, const char *device, UsbStickMode mode,
                            const MountOption *option)
{
    gboolean is_set = fsconfig(context, FSCONFIG_SET_STRING, "source", device, 0) == 0;
    if (is_set && mode == USB_STICK_READ)
        is_set = fsconfig(context, FSCONFIG_SET_FLAG, "ro", NULL, 0) == 0;
    for (; is_set && option->name; option++)
        is_set = fsconfig(context, option->value ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG,
                          option->name, option->value, 0) == 0;
    return is_set;
}

/* What fsmount(2) returns is O_PATH: good to open files by, not to fsync. The folder opened anew
 * keeps the mount alive. */
static int open_top(int mount)
{
    int top = mount >= 0 ? openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int saved_errno = errno;
    if (mount >= 0) close(mount);
    errno = saved_errno;
    return top;
}

static int mount_detached(int context, const UsbStick *stick, UsbStickMode mode,
                          const MountOption *options)
{
    guint read_only = mode == USB_STICK_READ ? MOUNT_ATTR_RDONLY : 0;
    if (!set_options(context, stick->device, mode, options) ||
        fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) != 0)
        return -1;
    return open_top(fsmount(context, FSMOUNT_CLOEXEC,
                            read_only | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC |
                                MOUNT_ATTR_NOATIME));
}

static int fail_mount(GError **error, int saved_errno, const UsbStick *stick)
{
    g_warning("usb-copy: %s does not mount: %s", stick->device, g_strerror(saved_errno));
    switch (saved_errno) {
    case EIO:
    case ENXIO:
    case ENODEV:
    case ENOENT:
    case ENOMEDIUM:
        fail(error, USB_COPY_ERROR_PULLED, "U盘过早拔出或读不出来，内容没有变化。请重新插一次");
        break;
    case EROFS:
        fail(error, USB_COPY_ERROR_REFUSED, "U盘写保护了。请拨一下U盘侧面的开关，或换一个U盘");
        break;
    case EPERM:
    case EACCES:
        fail(error, USB_COPY_ERROR_REFUSED, "没有权限打开U盘，请叫技术人员");
        break;
    default:
        fail(error, USB_COPY_ERROR_REFUSED,
             "U盘的文件系统坏了。请在电脑上修复，或换一个U盘，重新复制一次");
    }
    return -1;
}

int usb_stick_mount(const UsbStick *stick, UsbStickMode mode, GError **error)
{
    const MountOption *options = strcmp(stick->type, "vfat") == 0    ? fat_options
                                 : strcmp(stick->type, "exfat") == 0 ? exfat_options
                                                                     : NULL;
    if (!options) {
        fail(error, USB_COPY_ERROR_REFUSED, "请把U盘格式化为 exFAT 或 FAT32");
        return -1;
    }
    int context = fsopen(stick->type, FSOPEN_CLOEXEC);
    int fd = context >= 0 ? mount_detached(context, stick, mode, options) : -1;
    int saved_errno = errno;
    if (context >= 0) close(context);
    return fd >= 0 ? fd : fail_mount(error, saved_errno, stick);
}

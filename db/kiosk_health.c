#include "db/kiosk_health.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#define FREE_MIN (1024 * 1024) /* octets: a day's counts and the log beside them */

#define LOST  "触摸屏的使用次数和居民留言记不下来："
#define AGAIN "，触摸屏过一会儿自己再试，不用重启"

static const struct {
    const char *name, *text;
} kinds[] = {
    [KIOSK_HEALTH_NONE] = { "none", "" },
    [KIOSK_HEALTH_WELL] = { "well", "" },
    [KIOSK_HEALTH_READ_ONLY] = { "read_only",
                                 LOST "磁盘只能读，多半是出了错。请重启电脑，还不行就换磁盘" },
    [KIOSK_HEALTH_FULL] = { "full", LOST "磁盘满了。请删掉不要的文件" AGAIN },
    [KIOSK_HEALTH_NO_RIGHT] = { "no_right",
                                LOST "数据文件夹里的 kiosk 不归触摸屏的账户写。请 sudo chown -R "
                                     "bm-kiosk: 这个文件夹" AGAIN },
};

static gboolean is_right(const struct stat *folder, const char *path)
{
    struct stat file;

    if ((folder->st_mode & (S_IWUSR | S_IXUSR)) != (S_IWUSR | S_IXUSR)) return FALSE;
    if (stat(path, &file) != 0) return TRUE; /* not yet, or not for us to see */
    return file.st_uid == folder->st_uid && (file.st_mode & S_IWUSR);
}

KioskHealth kiosk_health(const char *data_dir)
{
    g_autofree char *folder = g_build_filename(data_dir, "kiosk", NULL);
    g_autofree char *path = g_build_filename(folder, "kiosk.db", NULL);
    struct stat status;
    struct statvfs disk;

    if (stat(folder, &status) != 0 || statvfs(folder, &disk) != 0) return KIOSK_HEALTH_NONE;
    if (disk.f_flag & ST_RDONLY) return KIOSK_HEALTH_READ_ONLY;
    if ((guint64)disk.f_bavail * disk.f_frsize < FREE_MIN) return KIOSK_HEALTH_FULL;
    if (disk.f_files > 0 && disk.f_favail == 0) return KIOSK_HEALTH_FULL;
    return is_right(&status, path) ? KIOSK_HEALTH_WELL : KIOSK_HEALTH_NO_RIGHT;
}

gboolean kiosk_health_is_bad(KioskHealth health)
{
    return health != KIOSK_HEALTH_NONE && health != KIOSK_HEALTH_WELL;
}

const char *kiosk_health_name(KioskHealth health)
{
    return kinds[health].name;
}

const char *kiosk_health_text(KioskHealth health)
{
    return kinds[health].text;
}

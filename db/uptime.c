#include "db/uptime.h"

#include "db/disk.h"

#include <fcntl.h>
#include <time.h>

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

Uptime uptime_now(void)
{
    struct timespec time = { 0 };
    gsize len = 0;
    Uptime now = { 0 };

    if (clock_gettime(CLOCK_BOOTTIME, &time) == 0) now.s = (guint64)time.tv_sec;
    g_autofree char *text = disk_read(AT_FDCWD, BOOT_ID, UPTIME_BOOT_LEN, &len, NULL);
    if (text) g_strlcpy(now.boot, g_strstrip(text), sizeof now.boot);
    return now;
}

guint64 uptime_since(const Uptime *before, const Uptime *now)
{
    gboolean is_known = *before->boot && *now->boot;
    gboolean is_other_boot = is_known && strcmp(before->boot, now->boot) != 0;
    return is_other_boot || now->s < before->s ? now->s : now->s - before->s;
}

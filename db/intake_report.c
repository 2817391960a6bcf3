#include "db/intake_report.h"

#include "charset/json_text.h"
#include "db/disk.h"
#include "db/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "check.json"

static int open_folder(const char *data_dir)
{
    g_autofree char *path = g_build_filename(data_dir, "update", NULL);
    (void)!mkdir(path, 0755);
    return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

gboolean intake_report_save(const char *data_dir, const char *copies, const char *report,
                            GError **error)
{
    int folder = open_folder(data_dir);
    if (folder < 0) return disk_fail(error, DISK_ERROR_WRITE, errno, "update 文件夹");
    g_autofree char *name = g_path_get_basename(copies);
    g_autofree char *now = intake_now();
    g_autoptr(GString) json = g_string_new("{\"folder\":");
    json_text_string(json, name);
    g_string_append(json, ",\"checked\":");
    json_text_string(json, now);
    g_string_append_printf(json, ",\"report\":%s}\n", report);
    gboolean is_saved = disk_replace(folder, FILE_NAME, json->str, json->len, 0644, error);
    close(folder);
    return is_saved;
}

void intake_report_remove(const char *data_dir)
{
    g_autofree char *path = g_build_filename(data_dir, "update", FILE_NAME, NULL);
    (void)!unlink(path);
}

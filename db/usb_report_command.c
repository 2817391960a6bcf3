#include "db/usb_report_command.h"

#include "charset/terminal.h"
#include "db/disk.h"
#include "db/folder.h"
#include "db/report_outbox.h"
#include "db/usb_copy_command.h"
#include "db/usb_stick.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int open_target(const char *folder, const char *device, GError **error)
{
    g_auto(UsbStick) stick = { 0 };
    if (!folder)
        return usb_stick_identify(device, &stick, error)
                   ? usb_stick_mount(&stick, USB_STICK_WRITE, error)
                   : -1;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) disk_fail(error, DISK_ERROR_READ, errno, folder);
    return fd;
}

static int run(const char *data_dir, const char *folder, const char *device)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;
    int target = open_target(folder, device, &error);
    gboolean is_copied = target >= 0 && report_outbox_copy(data_dir, target, &name, &error);
    if (target >= 0) close(target); /* unmounts */
    if (!is_copied)
        return cli_fail(usb_copy_exit_status(error), "结果没有写进U盘：%s", error->message);
    terminal_printf(stdout, "结果写进了U盘：%s\n", name);
    return EX_OK;
}

int usb_report_main(CliGlobals *globals, int argc, char **argv)
{
    gboolean is_done = FALSE;
    g_autofree char *folder = NULL;
    const GOptionEntry entries[] = {
        { "folder", 0, 0, G_OPTION_ARG_FILENAME, &folder, "写进文件夹，不挂载U盘", "文件夹" },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    int status = cli_parse(globals,
                           "usb-report [选项] /dev/设备\n"
                           "工作人员在触摸屏上点了“导出结果”的话，把上次更新的结果写进U盘；"
                           "插上U盘时由系统运行。",
                           entries, &argc, &argv, &is_done);
    if (is_done) return status;
    if (argc - 1 + (folder != NULL) != 1)
        return cli_fail(EX_USAGE,
                        "请写出U盘的设备：bianmin usb-report /dev/sdb1，或者 --folder 文件夹");
    g_autofree char *data_dir = folder_locate(globals->data_dir);
    return report_outbox_is_wanted(data_dir) ? run(data_dir, folder, argv[1]) : EX_OK;
}

#include "db/usb_copy_command.h"

#include "charset/terminal.h"
#include "db/disk.h"
#include "db/folder.h"
#include "db/intake.h"
#include "db/report_outbox.h"
#include "db/usb_copy.h"
#include "db/usb_stick.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    int intake, source, target;
    UsbStick stick; /* empty for a folder */
    UsbCopy copy;
    IntakeState before; /* what the last run left */
    char name[INTAKE_NAME_LEN];
    char *report; /* the result of the last update, if it is on the stick; else "" */
} Run;

static void run_clear(Run *run)
{
    if (run->intake >= 0) close(run->intake);
    if (run->source >= 0) close(run->source);
    if (run->target >= 0) close(run->target);
    usb_stick_clear(&run->stick);
    usb_copy_clear(&run->copy);
    intake_state_clear(&run->before);
    g_free(run->report);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

/* ---- what the last run left ---- */

/* Another stick, or another partition of the same, was copied and is still there. Its name alone
 * does not tell: /dev/sda may be the disk of a stick that came after it. */
static gboolean is_other_inserted(const Run *run)
{
    return run->before.result == INTAKE_COPIED && *run->before.device && run->stick.device &&
           strcmp(run->before.device, run->stick.device) != 0 && run->before.disk != 0 &&
           usb_stick_disk(run->before.device) == run->before.disk;
}

/* Most sticks have a partition, many have two: the one without tables must not take back what was
 * said of the other. */
static gboolean is_side_partition(const Run *run)
{
    gboolean has_files = run->copy.files && run->copy.files->len > 0;
    return !has_files && is_other_inserted(run) && run->stick.disk == run->before.disk;
}

/* ---- what this run leaves ---- */

static gboolean save(const Run *run, IntakeResult result, const char *message, GError **error)
{
    const IntakeState state = {
        .result = result,
        .message = (char *)message,
        .device = run->stick.device,
        .disk = run->stick.disk,
        .folder = result == INTAKE_COPIED ? (char *)run->name : NULL,
        .report = run->report,
        .passed_over = run->copy.passed_over,
    };
    return intake_save_state(run->intake, &state, error);
}

static IntakeResult result_of(const GError *error)
{
    if (g_error_matches(error, USB_COPY_ERROR, USB_COPY_ERROR_NOTHING)) return INTAKE_NOTHING;
    if (g_error_matches(error, USB_COPY_ERROR, USB_COPY_ERROR_PULLED)) return INTAKE_PULLED;
    return INTAKE_REFUSED;
}

int usb_copy_exit_status(const GError *error)
{
    if (g_error_matches(error, USB_COPY_ERROR, USB_COPY_ERROR_NOTHING)) return EX_OK;
    if (g_error_matches(error, USB_COPY_ERROR, USB_COPY_ERROR_PULLED)) return EX_IOERR;
    if (g_error_matches(error, DISK_ERROR, DISK_ERROR_NO_RIGHT)) return EX_NOPERM;
    if (g_error_matches(error, DISK_ERROR, DISK_ERROR_READ)) return EX_NOINPUT;
    if (g_error_matches(error, DISK_ERROR, DISK_ERROR_BUSY)) return EX_TEMPFAIL;
    return error->domain == DISK_ERROR ? EX_CANTCREAT : EX_DATAERR;
}

static int leave_failed(Run *run, const GError *why)
{
    g_autoptr(GError) error = NULL;
    IntakeResult result = result_of(why);
    if (is_side_partition(run)) {
        terminal_printf(stdout, "%s（同一个U盘的另一个分区，表已经拷好）\n", why->message);
        return EX_OK;
    }
    g_autofree char *hint =
        run->copy.passed_over > 0
            ? g_strdup_printf("%s。另有 %u 个名字相近的文件没有拷：名字要和表的名字一样，"
                              "存成 .csv 或 .xlsx",
                              why->message, run->copy.passed_over)
            : g_strdup(why->message);
    intake_tidy(run->intake); /* what was begun may have filled the disk */
    if (!save(run, result, hint, &error)) return cli_fail(EX_CANTCREAT, "%s", error->message);
    intake_tidy(run->intake);
    if (result != INTAKE_NOTHING) return cli_fail(usb_copy_exit_status(why), "%s", hint);
    terminal_printf(stdout, "%s\n", hint);
    return EX_OK;
}

static int leave_copied(Run *run, GError **error)
{
    g_autofree char *message =
        run->copy.passed_over > 0
            ? g_strdup_printf("拷好了 %u 个文件，可以拔出U盘。另有 %u 个名字相近的文件没有拷",
                              run->copy.files->len, run->copy.passed_over)
            : g_strdup_printf("拷好了 %u 个文件，可以拔出U盘", run->copy.files->len);
    if (!save(run, INTAKE_COPIED, message, error)) return leave_failed(run, *error);
    intake_tidy(run->intake);
    for (guint i = 0; i < run->copy.files->len; i++) {
        const UsbCopyFile *file = run->copy.files->pdata[i];
        terminal_printf(stdout, "%s  %s\n", file->digest, file->name); /* as b2sum -l 256 does */
    }
    terminal_printf(stdout, "%s\n", message);
    return EX_OK;
}

/* ---- the steps ---- */

static gboolean open_source(Run *run, const char *folder, const char *device, GError **error)
{
    if (!folder)
        return usb_stick_identify(device, &run->stick, error) &&
               (run->source = usb_stick_mount(&run->stick, USB_STICK_READ, error)) >= 0;
    run->source = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return run->source >= 0 || disk_fail(error, DISK_ERROR_READ, errno, folder);
}

static gboolean find(Run *run, const char *data_dir, GError **error)
{
    run->report = report_outbox_found_in(data_dir, run->source);
    if (!usb_copy_find(run->source, &run->copy, error)) return FALSE;
    if (!is_other_inserted(run)) return TRUE;
    g_set_error(error, USB_COPY_ERROR, USB_COPY_ERROR_REFUSED,
                "同时插着两个有表的U盘（或一个U盘的两个分区都有表）。请都拔下，只留一份，重新插");
    return FALSE;
}

/* Whole and on the disk before the folder gets its name; that is named by state.json after it. */
static gboolean copy(Run *run, GError **error)
{
    if (!save(run, INTAKE_COPYING, "正在拷U盘上的表，请不要拔出", error)) return FALSE;
    run->target = intake_begin(run->intake, run->name, error);
    return run->target >= 0 &&
           usb_copy_run(&run->copy, run->target, intake_file_mode(run->intake), error) &&
           disk_sync(run->target, error) && intake_finish(run->intake, run->name, error);
}

static int run_copy(const char *data_dir, const char *folder, const char *device)
{
    g_auto(Run) run = { .intake = -1, .source = -1, .target = -1 };
    g_autoptr(GError) error = NULL;
    run.intake = intake_open(data_dir, INTAKE_WRITE, &error);
    if (run.intake < 0) return cli_fail(usb_copy_exit_status(error), "%s", error->message);
    intake_load_state(run.intake, &run.before);
    intake_tidy(run.intake);
    if (!open_source(&run, folder, device, &error) || !find(&run, data_dir, &error) ||
        !copy(&run, &error))
        return leave_failed(&run, error);
    close(run.source); /* unmounts */
    run.source = -1;
    return leave_copied(&run, &error);
}

/* After a run that was killed: who waits for the end of the copying must hear of it. */
static int run_clean(const char *data_dir)
{
    g_auto(Run) run = { .intake = -1, .source = -1, .target = -1 };
    g_autoptr(GError) error = NULL;
    run.intake = intake_open(data_dir, INTAKE_WRITE_NOW, &error);
    if (run.intake < 0) return EX_OK; /* another one is copying, and will clean up itself */
    intake_load_state(run.intake, &run.before);
    intake_tidy(run.intake);
    if (run.before.result != INTAKE_COPYING) return EX_OK;
    if (save(&run, INTAKE_PULLED, "没有拷完，内容没有变化。请把U盘重新插一次", &error))
        return EX_OK;
    return cli_fail(EX_CANTCREAT, "%s", error->message);
}

int usb_copy_main(CliGlobals *globals, int argc, char **argv)
{
    gboolean is_done = FALSE, is_clean = FALSE;
    g_autofree char *folder = NULL;
    const GOptionEntry entries[] = {
        { "folder", 0, 0, G_OPTION_ARG_FILENAME, &folder, "从文件夹拷，不挂载U盘", "文件夹" },
        { "clean", 0, 0, G_OPTION_ARG_NONE, &is_clean, "只清理没有拷完的", NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    int status = cli_parse(globals,
                           "usb-copy [选项] /dev/设备\n"
                           "把U盘上的表拷进数据文件夹的 intake；插上U盘时由系统运行。",
                           entries, &argc, &argv, &is_done);
    if (is_done) return status;
    if (argc - 1 + (folder != NULL) + is_clean != 1)
        return cli_fail(EX_USAGE,
                        "请写出U盘的设备：bianmin usb-copy /dev/sdb1，或者 --folder 文件夹");
    g_autofree char *data_dir = folder_locate(globals->data_dir);
    return is_clean ? run_clean(data_dir) : run_copy(data_dir, folder, argv[1]);
}

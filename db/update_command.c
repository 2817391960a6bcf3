#include "db/update_command.h"

#include "charset/terminal.h"
#include "db/admit.h"
#include "db/folder.h"
#include "db/report_sheet.h"
#include "db/update.h"
#include "db/update_report.h"
#include "db/update_serve.h"
#include "db/update_source.h"

#define ERASE_LINE "\r\033[K"

typedef struct {
    Update *update;
    char *report;           /* file to write the result to; NULL: none */
    char *trouble;          /* why it failed apart from the sheets */
    char *pin_file;         /* NULL: none */
    char who[TRUST_ID_HEX]; /* the stick whose PIN was right; "" */
    gboolean is_check, is_yes, is_json, is_fresh, is_intake, is_serve, has_progress;
} Command;

static void command_clear(Command *command)
{
    update_free(command->update);
    g_free(command->report);
    g_free(command->trouble);
    g_free(command->pin_file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Command, command_clear)

/* ---- what it says ---- */

static void put_json(const Command *command, UpdateOutcome outcome, const GError *trouble)
{
    const Update *update = command->update;
    g_autofree char *text = update_report_json(
        outcome, update_number(update), update_import_report(update), update_diff(update), trouble);

    fputs(text, stdout); /* JSON is UTF-8 whatever the terminal */
    fputc('\n', stdout);
}

static int fail(Command *command, const GError *error)
{
    command->trouble = update_source_explain(error, UPDATE_READER_TECHNICIAN);
    if (command->is_json) put_json(command, UPDATE_REJECT, error);
    int status =
        cli_fail(update_exit_status(error), "没有更新，现用的内容没有变：%s", command->trouble);
    if (status == EX_NOPERM && error->domain != ADMIT_ERROR && error->domain != UPDATE_SOURCE_ERROR)
        terminal_printf(stderr, "请换有权限的用户来更新，或用 --data 指定一个可以写的文件夹。\n");
    return status;
}

static int finish(const Command *command, const char *sentence)
{
    if (command->is_json)
        put_json(command, update_outcome(command->update), NULL);
    else
        terminal_printf(stdout, "%s\n", sentence);
    return EX_OK;
}

static int reject(const Command *command)
{
    if (command->is_json) {
        put_json(command, UPDATE_REJECT, NULL);
    } else {
        fflush(stdout);
        update_report_errors(update_import_report(command->update));
    }
    return EX_DATAERR;
}

static void tell_warnings(const Update *update)
{
    const GPtrArray *warnings = update_warnings(update);

    for (guint i = 0; warnings && i < warnings->len; i++)
        cli_fail(EX_OK, "%s", (const char *)warnings->pdata[i]);
}

/* On a terminal alone: a line that is written over. */
static void on_progress(const ImportProgress *progress, gpointer data)
{
    (void)data;
    terminal_printf(stderr,
                    ERASE_LINE "正在检查 %s（第 %u 张，共 %u 张）：%" G_GUINT64_FORMAT " 行",
                    progress->sheet, progress->index + 1, progress->count, progress->rows);
}

/* ---- the command ---- */

static gboolean ask(const char *question)
{
    char reply[64] = "";
    terminal_printf(stdout, "%s（输入 y 回车表示同意）：", question);
    fflush(stdout);
    if (!fgets(reply, sizeof reply, stdin)) return FALSE;
    g_autofree char *text = terminal_to_utf8(g_strstrip(reply), -1);
    return g_ascii_strcasecmp(text, "y") == 0 || g_ascii_strcasecmp(text, "yes") == 0 ||
           strcmp(text, "是") == 0;
}

/* What a wrong file or a wrong hand does most harm with is asked for once more. */
static gboolean is_confirmed(const Command *command)
{
    const Diff *diff = update_diff(command->update);

    if (command->is_yes) return TRUE;
    if (!ask("发布这些变化吗？")) return FALSE;
    g_auto(GStrv) cautions = diff_cautions(diff);
    for (char **caution = cautions; *caution; caution++) {
        g_autofree char *question = g_strconcat(*caution, "。确实要发布吗？", NULL);
        if (!ask(question)) return FALSE;
    }
    return TRUE;
}

static int publish(Command *command)
{
    g_autoptr(GError) error = NULL;

    if (!is_confirmed(command)) {
        terminal_printf(stdout, "没有发布，现用的内容没有变。\n");
        return EX_OK;
    }
    if (!update_publish(command->update, *command->who ? command->who : NULL, &error))
        return fail(command, error);
    g_autofree char *done = g_strdup_printf("已发布第 %u 版。", update_number(command->update));
    return finish(command, done);
}

static int run(Command *command)
{
    Update *update = command->update;
    UpdatePurpose purpose = command->is_check ? UPDATE_CHECK : UPDATE_PUBLISH;
    g_autoptr(GError) error = NULL;

    gboolean is_read = update_read(update, purpose, command->is_fresh, &error);
    if (command->has_progress) fputs(ERASE_LINE, stderr);
    tell_warnings(update);
    if (!is_read) return fail(command, error);
    if (!command->is_json) {
        update_report_sheets(update_import_report(update));
        update_report_warnings(update_import_report(update));
    }
    if (update_outcome(update) == UPDATE_REJECT) return reject(command);
    if (update_outcome(update) == UPDATE_SAME)
        return finish(command, "内容和现用的完全一样，不用发布。");
    if (!command->is_json) update_report_diff(update_diff(update));
    return command->is_check ? finish(command, "检查通过，可以发布（这次只检查，没有发布）。")
                             : publish(command);
}

static int write_report(const Command *command, const char *path, int status)
{
    const Update *update = command->update;
    g_autoptr(GError) error = NULL;
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *source = path ? terminal_to_utf8(path, -1) : g_strdup("U盘");
    const ReportSheet sheet = {
        .outcome = command->trouble ? UPDATE_REJECT : update_outcome(update),
        .is_check = command->is_check,
        .number = update_number(update),
        .source = source,
        .trouble = command->trouble,
        .report = update_import_report(update),
        .diff = update_diff(update),
        .when = now,
    };

    if (report_sheet_write_path(&sheet, command->report, &error)) return status;
    cli_fail(EX_CANTCREAT, "更新结果没有写成文件（更新本身不受影响）：%s", error->message);
    return status == EX_OK ? EX_CANTCREAT : status;
}

/* FALSE, with *status, if nothing was copied or it cannot be read. */
static gboolean open_copies(Command *command, int *status)
{
    g_autoptr(GError) error = NULL;

    if (update_open_copies(command->update, &error)) return TRUE;
    *status = g_error_matches(error, UPDATE_ERROR, UPDATE_ERROR_NO_COPIES)
                  ? cli_fail(EX_NOINPUT, "%s。", error->message)
                  : cli_fail(update_exit_status(error), "%s", error->message);
    return FALSE;
}

/* What came on a stick takes its key and PIN, or an administrator. */
static gboolean admit(Command *command, const char *data_dir, const char *path, GError **error)
{
    if (command->pin_file)
        return admit_stick(data_dir, path, command->pin_file, command->who, error);
    return !command->is_intake || command->is_check || admit_administrator(data_dir, error);
}

static int check_usage(const Command *command, int argc)
{
    ReportSheetFormat format;
    const char *complaint =
        command->report ? report_sheet_complaint(command->report, &format) : NULL;

    if (complaint) return cli_fail(EX_USAGE, "%s", complaint);
    if (command->is_serve && argc <= 2) return EX_OK;
    if (argc + command->is_intake != 2)
        return cli_fail(EX_USAGE, "请写出表放在哪个文件夹：bianmin update 文件夹");
    if (!command->is_check && !command->is_yes && (command->is_json || !terminal_is_interactive()))
        return cli_fail(EX_USAGE,
                        "不在终端上运行，没法问“是否发布”：只检查请加 --check，直接发布请加 --yes");
    return EX_OK;
}

int update_main(CliGlobals *globals, int argc, char **argv)
{
    gboolean is_done = FALSE;
    g_autoptr(GError) error = NULL;
    g_auto(Command) command = { 0 };
    const GOptionEntry entries[] = {
        { "check", 0, 0, G_OPTION_ARG_NONE, &command.is_check, "只检查，不发布", NULL },
        { "yes", 'y', 0, G_OPTION_ARG_NONE, &command.is_yes, "不再询问，检查通过就发布", NULL },
        { "json", 0, 0, G_OPTION_ARG_NONE, &command.is_json, "结果写成一个 JSON 对象", NULL },
        { "fresh", 0, 0, G_OPTION_ARG_NONE, &command.is_fresh, "没带来的表清空，不沿用现在的",
          NULL },
        { "report", 0, 0, G_OPTION_ARG_FILENAME, &command.report,
          "结果写成 .xlsx 或 .csv，给填表的人看", "文件" },
        { "serve", 0, 0, G_OPTION_ARG_NONE, &command.is_serve,
          "由触摸屏启动：一问一答，一行一个 JSON；不写文件夹就是从U盘拷来的表", NULL },
        { "intake", 0, 0, G_OPTION_ARG_NONE, &command.is_intake, "从U盘拷来的表", NULL },
        { "pin-file", 0, 0, G_OPTION_ARG_FILENAME, &command.pin_file,
          "核对U盘的密钥和密码，密码在这个文件里（- 是标准输入）", "文件" },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    int status = cli_parse(
        globals, "update [选项] 文件夹|表.csv|表.xlsx|更新包.bmp\n没带来的表沿用现在发布的。",
        entries, &argc, &argv, &is_done);
    if (is_done) return status;
    status = check_usage(&command, argc);
    if (status != EX_OK) return status;
    g_autofree char *data_dir = folder_locate(globals->data_dir);
    if (command.is_serve) return update_serve(data_dir, argv[1]);
    command.update = update_new(data_dir);
    if (command.is_intake && !open_copies(&command, &status)) return status;
    if (!command.is_intake) update_set_path(command.update, argv[1]);
    if (!admit(&command, data_dir, update_path(command.update), &error))
        return fail(&command, error);
    command.has_progress = !command.is_json && terminal_is_interactive();
    if (command.has_progress) update_set_progress(command.update, on_progress, NULL);
    status = run(&command);
    return command.report ? write_report(&command, argv[1], status) : status;
}

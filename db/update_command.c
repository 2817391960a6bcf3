#include "db/update_command.h"

#include "charset/terminal.h"
#include "db/disk.h"
#include "db/folder.h"
#include "db/generation.h"
#include "db/intake.h"
#include "db/intake_report.h"
#include "db/report_sheet.h"
#include "db/sheet.h"
#include "db/smoke.h"
#include "db/store.h"
#include "db/update_report.h"

#include <unistd.h>

typedef struct {
    const char *path;
    char *report; /* file to write the result to; NULL: none */
    gboolean is_check, is_yes, is_json, is_fresh, is_intake;
} Options;

/* One update under way; everything it holds goes with it. */
typedef struct {
    Options options;
    Generation *published;
    GenerationDraft *draft; /* NULL: --check */
    sqlite3 *target;
    ImportReport *report;
    Diff *diff;
    guint number; /* of the new generation; 0: none was published */
    UpdateOutcome outcome;
    char *trouble; /* why it failed apart from the sheets */
    char *data_dir;
    int intake; /* --intake: shares its lock, so that the copies stay while they are read; or -1 */
    char *copies; /* the folder of them */
} Update;

static void update_clear(Update *update)
{
    diff_free(update->diff);
    store_close(update->target);
    generation_draft_free(update->draft);
    generation_free(update->published);
    import_report_free(update->report);
    g_free(update->data_dir);
    g_free(update->copies);
    g_free(update->trouble);
    g_free(update->options.report);
    if (update->intake >= 0) close(update->intake);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Update, update_clear)

static int generation_status(GenerationError code)
{
    switch (code) {
    case GENERATION_ERROR_NOT_FOUND:
        return EX_NOINPUT;
    case GENERATION_ERROR_DAMAGED:
    case GENERATION_ERROR_CHECK:
        return EX_DATAERR;
    case GENERATION_ERROR_WRITE:
        return EX_CANTCREAT;
    case GENERATION_ERROR_BUSY:
        return EX_TEMPFAIL;
    case GENERATION_ERROR_NO_RIGHT:
        return EX_NOPERM;
    }
    return EX_SOFTWARE;
}

static int exit_status(const GError *error)
{
    if (error->domain == GENERATION_ERROR) return generation_status((GenerationError)error->code);
    if (g_error_matches(error, STORE_ERROR, STORE_ERROR_NO_RIGHT)) return EX_NOPERM;
    if (g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_NO_INPUT)) return EX_NOINPUT;
    if (error->domain == IMPORT_ERROR || g_error_matches(error, SHEET_ERROR, SHEET_ERROR_TOO_LONG))
        return EX_DATAERR;
    return error->domain == SHEET_ERROR || error->domain == STORE_ERROR ? EX_IOERR : EX_SOFTWARE;
}

static void put_json(const Update *update, UpdateOutcome outcome, const Diff *diff,
                     const char *trouble)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        update_report_json(outcome, update->number, update->report, diff, trouble);
    fputs(text, stdout); /* JSON is UTF-8 whatever the terminal */
    fputc('\n', stdout);
    if (update->copies && !intake_report_save(update->data_dir, update->copies, text, &error))
        cli_fail(EX_CANTCREAT, "检查的结果没有写下来：%s", error->message);
}

static int fail(Update *update, const GError *error)
{
    update->outcome = UPDATE_REJECT;
    update->trouble = g_strdup(error->message);
    if (update->options.is_json) put_json(update, UPDATE_REJECT, update->diff, error->message);
    int status = cli_fail(exit_status(error), "没有更新，现用的内容没有变：%s", error->message);
    if (status == EX_NOPERM)
        terminal_printf(stderr, "请换有权限的用户来更新，或用 --data 指定一个可以写的文件夹。\n");
    return status;
}

/* ---- the steps ---- */

static gboolean open_target(Update *update, GError **error)
{
    if (update->options.is_check) {
        update->target = store_create_scratch(error);
        return update->target != NULL;
    }
    update->draft = generation_draft_new(update->data_dir, error);
    if (update->draft) generation_draft_set_smoke_test(update->draft, smoke_test, NULL);
    if (update->draft)
        update->target = store_create_content(generation_draft_path(update->draft), error);
    return update->target != NULL;
}

/* After this the report is complete; the diff is there if nothing was refused. */
static gboolean read_sheets(Update *update, GError **error)
{
    /* the lock first: what is published now must not change under us */
    if (!open_target(update, error)) return FALSE;
    update->published = generation_open(update->data_dir, error);
    if (!update->published) return FALSE;
    for (guint i = 0; i < update->published->warnings->len; i++)
        cli_fail(EX_OK, "%s", (const char *)update->published->warnings->pdata[i]);
    sqlite3 *base = update->options.is_fresh ? NULL : update->published->db;
    if (!import_sheets(update->options.path, base, update->target, update->report, error))
        return FALSE;
    if (update->report->error_count > 0) return TRUE;
    update->diff = diff_new(update->published->db, update->target, error);
    /* publication asks the same questions; who only checks shall hear of it as well */
    return update->diff && (!update->options.is_check || smoke_test(update->target, NULL, error));
}

/* Nothing to publish: the very same rows are published already. If what should be shown is damaged
 * (then there are warnings), publishing them anew is the cure; and the built-in starter is not
 * published: whoever brings the first sheets gets generation 1, also when they hold nothing new. */
static gboolean is_same(const Update *update, gboolean *is_known, GError **error)
{
    g_autofree char *digest = generation_digest(update->target, error);
    *is_known = digest != NULL;
    return digest && update->published->source != GENERATION_BUILTIN &&
           update->published->warnings->len == 0 && strcmp(digest, update->published->digest) == 0;
}

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
static gboolean is_confirmed(const Update *update)
{
    if (update->options.is_yes) return TRUE;
    if (!ask("发布这些变化吗？")) return FALSE;
    if (update->diff->is_mass_removal && !ask("有一张表删掉了三成以上的行。确实要发布吗？"))
        return FALSE;
    return !update->diff->has_phone_change ||
           ask("有咨询电话变了。打过电话核对了吗？确实要发布吗？");
}

static gboolean publish(Update *update, GError **error)
{
    g_autofree char *summary = g_strdup_printf(
        "update added=%" G_GUINT64_FORMAT " changed=%" G_GUINT64_FORMAT
        " removed=%" G_GUINT64_FORMAT,
        update->diff->added_count, update->diff->changed_count, update->diff->removed_count);
    g_clear_pointer(&update->target, store_close); /* the file has to be finished */
    return generation_draft_publish(update->draft, summary, &update->number, error);
}

/* ---- the command ---- */

static int finish(Update *update, UpdateOutcome outcome, const char *sentence)
{
    update->outcome = outcome;
    if (update->options.is_json)
        put_json(update, outcome, update->diff, NULL);
    else
        terminal_printf(stdout, "%s\n", sentence);
    return EX_OK;
}

static int reject(const Update *update)
{
    if (update->options.is_json) {
        put_json(update, UPDATE_REJECT, NULL, NULL);
    } else {
        fflush(stdout);
        update_report_errors(update->report);
    }
    return EX_DATAERR;
}

static int run_update(Update *update)
{
    gboolean is_known = FALSE;
    g_autoptr(GError) error = NULL;
    if (!read_sheets(update, &error)) return fail(update, error);
    if (!update->options.is_json) {
        update_report_sheets(update->report);
        update_report_warnings(update->report);
    }
    if (update->report->error_count > 0) return reject(update);
    if (is_same(update, &is_known, &error))
        return finish(update, UPDATE_SAME, "内容和现用的完全一样，不用发布。");
    if (!is_known) return fail(update, error);

    if (!update->options.is_json) update_report_diff(update->diff);
    UpdateOutcome outcome = update->report->warning_count > 0 ? UPDATE_WARN : UPDATE_ACCEPT;
    if (update->options.is_check)
        return finish(update, outcome, "检查通过，可以发布（这次只检查，没有发布）。");
    if (!is_confirmed(update)) {
        update->outcome = outcome;
        terminal_printf(stdout, "没有发布，现用的内容没有变。\n");
        return EX_OK;
    }
    if (!publish(update, &error)) return fail(update, error);
    g_autofree char *done = g_strdup_printf("已发布第 %u 版。", update->number);
    return finish(update, outcome, done);
}

/* The result as a file for who brought the tables; `status` is the update's, which goes first. */
static int write_report(const Update *update, int status)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *source =
        update->options.is_intake ? g_strdup("U盘") : terminal_to_utf8(update->options.path, -1);
    const ReportSheet sheet = { update->outcome, update->options.is_check, update->number, source,
                                update->trouble, update->report,           update->diff,   now };
    if (report_sheet_write_path(&sheet, update->options.report, &error)) return status;
    cli_fail(EX_CANTCREAT, "更新结果没有写成文件（更新本身不受影响）：%s", error->message);
    return status == EX_OK ? EX_CANTCREAT : status;
}

/* FALSE, with *status, if nothing was copied or it cannot be read. */
static gboolean open_intake(Update *update, int *status)
{
    g_autoptr(GError) error = NULL;
    update->intake = intake_open(update->data_dir, INTAKE_READ, &error);
    if (update->intake < 0 && !g_error_matches(error, DISK_ERROR, DISK_ERROR_MISSING)) {
        *status = cli_fail(EX_NOPERM, "%s", error->message);
        return FALSE;
    }
    if (update->intake >= 0) update->copies = intake_path(update->intake, update->data_dir);
    update->options.path = update->copies;
    if (update->copies) return TRUE;
    intake_report_remove(update->data_dir);
    terminal_printf(stdout, "没有从U盘拷来的表。\n");
    *status = EX_OK;
    return FALSE;
}

static int check_usage(const Options *options, int argc)
{
    ReportSheetFormat format;
    const char *complaint =
        options->report ? report_sheet_complaint(options->report, &format) : NULL;
    if (complaint) return cli_fail(EX_USAGE, "%s", complaint);
    if (argc + options->is_intake != 2)
        return cli_fail(EX_USAGE, "请写出表放在哪个文件夹：bianmin update 文件夹");
    if (!options->is_check && !options->is_yes && (options->is_json || !terminal_is_interactive()))
        return cli_fail(EX_USAGE,
                        "不在终端上运行，没法问“是否发布”：只检查请加 --check，直接发布请加 --yes");
    return EX_OK;
}

int update_main(CliGlobals *globals, int argc, char **argv)
{
    gboolean is_done = FALSE;
    g_auto(Update)
        update = { .report = import_report_new(), .intake = -1, .outcome = UPDATE_REJECT };
    Options *options = &update.options;
    const GOptionEntry entries[] = {
        { "check", 0, 0, G_OPTION_ARG_NONE, &options->is_check, "只检查，不发布", NULL },
        { "yes", 'y', 0, G_OPTION_ARG_NONE, &options->is_yes, "不再询问，检查通过就发布", NULL },
        { "json", 0, 0, G_OPTION_ARG_NONE, &options->is_json, "结果写成一个 JSON 对象", NULL },
        { "fresh", 0, 0, G_OPTION_ARG_NONE, &options->is_fresh, "没带来的表清空，不沿用现在的",
          NULL },
        { "report", 0, 0, G_OPTION_ARG_FILENAME, &options->report,
          "结果写成 .xlsx 或 .csv，给填表的人看", "文件" },
        { "intake", 0, 0, G_OPTION_ARG_NONE, &options->is_intake,
          "从U盘拷来的表；有 --json 时，结果也写进数据文件夹的 update/check.json", NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    int status =
        cli_parse(globals, "update [选项] 文件夹|表.csv|表.xlsx\n没带来的表沿用现在发布的。",
                  entries, &argc, &argv, &is_done);
    if (is_done) return status;
    status = check_usage(options, argc);
    if (status != EX_OK) return status;
    options->path = argv[1];
    update.data_dir = folder_locate(globals->data_dir);
    if (options->is_intake && !open_intake(&update, &status)) return status;
    status = run_update(&update);
    return options->report ? write_report(&update, status) : status;
}

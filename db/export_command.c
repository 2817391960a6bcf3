#include "db/export_command.h"

#include "charset/terminal.h"
#include "db/export.h"
#include "db/folder.h"
#include "db/generation.h"

static int exit_status(const GError *error)
{
    if (g_error_matches(error, EXPORT_ERROR, EXPORT_ERROR_EXISTS)) return EX_CANTCREAT;
    if (g_error_matches(error, EXPORT_ERROR, EXPORT_ERROR_NO_RIGHT)) return EX_NOPERM;
    return g_error_matches(error, EXPORT_ERROR, EXPORT_ERROR_WRITE) ? EX_IOERR : EX_DATAERR;
}

int export_complain(const GError *error)
{
    int status = exit_status(error);
    cli_fail(status, "%s", error->message);
    if (status == EX_CANTCREAT)
        terminal_printf(stderr, "换一个空文件夹，或者加上 --force 覆盖。\n");
    if (status == EX_NOPERM)
        terminal_printf(stderr, "换一个可以写的文件夹，或换有权限的用户来运行。\n");
    return status;
}

static int run_export(const CliGlobals *globals, const char *dir, ExportFormat format,
                      gboolean may_replace)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *data_dir = folder_locate(globals->data_dir);
    g_autoptr(Generation) generation = generation_open(data_dir, &error);
    if (!generation) return cli_fail(EX_DATAERR, "%s", error->message);
    for (guint i = 0; i < generation->warnings->len; i++)
        cli_fail(EX_OK, "%s", (char *)generation->warnings->pdata[i]);
    if (!export_sheets(generation->db, dir, format, may_replace, &error))
        return export_complain(error);
    g_autofree char *shown = terminal_to_utf8(dir, -1);
    terminal_printf(stdout, "已导出到 %s。改好以后用 bianmin update %s 更新。\n", shown, shown);
    return EX_OK;
}

int export_main(CliGlobals *globals, int argc, char **argv)
{
    gboolean is_csv = FALSE, is_xlsx = FALSE, may_replace = FALSE, is_done = FALSE;
    const GOptionEntry entries[] = {
        { "csv", 0, 0, G_OPTION_ARG_NONE, &is_csv, "导出 CSV 表（默认）", NULL },
        { "xlsx", 0, 0, G_OPTION_ARG_NONE, &is_xlsx, "导出工作簿：有下拉列表，表头上有说明", NULL },
        { "force", 0, 0, G_OPTION_ARG_NONE, &may_replace, "覆盖文件夹里同名的表", NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    int status = cli_parse(globals, "export [选项] 文件夹", entries, &argc, &argv, &is_done);
    if (is_done) return status;
    if (argc != 2) return cli_fail(EX_USAGE, "请写出要导出到哪个文件夹：bianmin export 文件夹");
    if (is_csv && is_xlsx) return cli_fail(EX_USAGE, "--csv 和 --xlsx 只能选一个");
    return run_export(globals, argv[1], is_xlsx ? EXPORT_XLSX : EXPORT_CSV, may_replace);
}

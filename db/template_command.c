#include "db/template_command.h"

#include "charset/terminal.h"
#include "db/export_command.h"
#include "db/folder.h"
#include "db/generation.h"
#include "db/template.h"

static int run_template(const CliGlobals *globals, const char *dir, gboolean may_replace)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *data_dir = folder_locate(globals->data_dir);
    g_autoptr(Generation) generation = generation_open(data_dir, &error);
    if (!generation) return cli_fail(EX_DATAERR, "%s", error->message);
    for (guint i = 0; i < generation->warnings->len; i++)
        cli_fail(EX_OK, "%s", (char *)generation->warnings->pdata[i]);
    if (!template_write(generation->db, dir, may_replace, &error)) return export_complain(error);
    g_autofree char *shown = terminal_to_utf8(dir, -1);
    terminal_printf(stdout,
                    "已写到 %s。先看“填表说明.xlsx”；“空白”里一张表一个文件，"
                    "“示例”里是现在发布的全部内容。\n",
                    shown);
    return EX_OK;
}

int template_main(CliGlobals *globals, int argc, char **argv)
{
    gboolean may_replace = FALSE, is_done = FALSE;
    const GOptionEntry entries[] = {
        { "force", 0, 0, G_OPTION_ARG_NONE, &may_replace, "覆盖文件夹里同名的文件", NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    int status = cli_parse(globals, "template [选项] 文件夹", entries, &argc, &argv, &is_done);
    if (is_done) return status;
    if (argc != 2) return cli_fail(EX_USAGE, "请写出要写到哪个文件夹：bianmin template 文件夹");
    return run_template(globals, argv[1], may_replace);
}

#include "db/rollback_command.h"

#include "charset/terminal.h"
#include "db/folder.h"
#include "db/generation.h"

static int exit_status(const GError *error)
{
    if (error->domain != GENERATION_ERROR) return EX_SOFTWARE;
    switch ((GenerationError)error->code) {
    case GENERATION_ERROR_NOT_FOUND:
        return EX_NOINPUT;
    case GENERATION_ERROR_DAMAGED:
    case GENERATION_ERROR_CHECK:
        return EX_DATAERR;
    case GENERATION_ERROR_WRITE:
        return EX_IOERR;
    case GENERATION_ERROR_BUSY:
        return EX_TEMPFAIL;
    case GENERATION_ERROR_NO_RIGHT:
        return EX_NOPERM;
    }
    return EX_SOFTWARE;
}

int rollback_main(CliGlobals *globals, int argc, char **argv)
{
    guint64 number = GENERATION_BEFORE;
    guint published = 0;
    gboolean is_done = FALSE;
    g_autoptr(GError) error = NULL;
    int status =
        cli_parse(globals, "rollback [版本号]\n不写版本号就退回上一版；0 是程序自带的起步数据。",
                  NULL, &argc, &argv, &is_done);
    if (is_done) return status;
    if (argc > 2 ||
        (argc == 2 && !g_ascii_string_to_unsigned(argv[1], 10, 0, 999999, &number, NULL)))
        return cli_fail(EX_USAGE, "版本号是一个数，用 bianmin status 可以看到有哪些");

    g_autofree char *data_dir = folder_locate(globals->data_dir);
    if (!g_file_test(data_dir, G_FILE_TEST_IS_DIR))
        return cli_fail(EX_NOINPUT, "还没有更新过数据，没有可以退回的版本");
    if (!generation_rollback(data_dir, (guint)number, &published, &error)) {
        status = cli_fail(exit_status(error), "没有退回：%s", error->message);
        if (status == EX_NOPERM) terminal_printf(stderr, "请换有权限的用户来退回。\n");
        return status;
    }
    if (published > 0)
        terminal_printf(stdout, "已退回到第 %u 版，马上生效。\n", published);
    else
        terminal_printf(stdout, "已退回到程序自带的起步数据，马上生效。\n");
    return EX_OK;
}

/* The table of commands, and nothing else: each is a function of the room that does it. */
#include "charset/cli.h"
#include "charset/convert_command.h"
#include "charset/terminal.h"
#include "db/export_command.h"
#include "db/package_command.h"
#include "db/rollback_command.h"
#include "db/status_command.h"
#include "db/stick_command.h"
#include "db/template_command.h"
#if WITH_KIOSK
#include "kiosk/application.h"
#endif
#include "db/update_command.h"
#include "db/usb_copy_command.h"
#include "db/usb_report_command.h"
#include "sms/ask_sms_command.h"
#include "sms/modem_command.h"
#include "sms/sms_command.h"

#include <fcntl.h>
#include <locale.h>
#include <unistd.h>

#define USAGE "[选项] 命令 …"

static int help_main(CliGlobals *globals, int argc, char **argv);
static int version_main(CliGlobals *globals, int argc, char **argv);

static const CliCommand commands[] = {
    { "ask", "提问：bianmin ask 残疾人补贴怎么领", ask_sms_main },
    { "update", "用表格（Excel、WPS、CSV）更新内容", update_main },
#if WITH_KIOSK
    { "kiosk", "触摸屏", kiosk_main },
#endif
    { "sms", "短信问答：接上短信猫，居民发短信来问", sms_main },
    { "modem", "短信猫：有哪些、好不好用", modem_main },
    { "rollback", "退回到以前发布的一版内容", rollback_main },
    { "export", "把已发布的内容导出成表格，好拿去修改", export_main },
    { "template", "空白表和填写说明，给工作人员填", template_main },
    { "stick", "登记、停用可以发布内容的U盘", stick_main },
    { "package", "签了名的更新包，给别的机器用", package_main },
    { "status", "现在用的是哪一版内容，有没有毛病", status_main },
    { "usb-copy", "把U盘上的表拷进来（插上U盘时由系统运行）", usb_copy_main },
    { "usb-report", "把更新结果写进U盘（工作人员要了，插上U盘时由系统运行）", usb_report_main },
    { "convert", "转换文字文件的编码（GBK、GB18030、UTF-8、UTF-16……）", convert_main },
    { "version", "版本", version_main },
    { "help", "这份说明；help 命令：那个命令的说明", help_main },
};

static char *list_commands(void)
{
    g_autoptr(GString) list =
        g_string_new(USAGE "\n\n便民查询：居民问补贴、问办事，不用上网就能回答。\n\n命令：");
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        g_string_append_printf(list, "\n  %-10s%s", commands[i].name, commands[i].summary);
    g_string_append(list, "\n\n先试试：bianmin ask 残疾人补贴怎么领");
    return g_string_free(g_steal_pointer(&list), FALSE);
}

static int run_command(CliGlobals *globals, int argc, char **argv)
{
    const char *names[G_N_ELEMENTS(commands) + 1] = { NULL };

    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        names[i] = commands[i].name;
        if (strcmp(argv[0], names[i]) == 0) return commands[i].run(globals, argc, argv);
    }
    g_autofree char *typed = terminal_to_utf8(argv[0], (gssize)strnlen(argv[0], 64));
    const char *nearest = cli_nearest(argv[0], names);
    if (nearest)
        cli_fail(EX_USAGE, "没有“%s”这个命令。是不是 bianmin %s？", typed, nearest);
    else
        cli_fail(EX_USAGE, "没有“%s”这个命令。要提问请用：bianmin ask 问题", typed);
    terminal_printf(stderr, "用法：bianmin " USAGE "\n全部命令：bianmin help\n");
    return EX_USAGE;
}

static int help_main(CliGlobals *globals, int argc, char **argv)
{
    char help[] = "--help";
    g_autofree char *usage = list_commands();
    gboolean is_done = FALSE;

    int status = cli_parse(globals, usage, NULL, &argc, &argv, &is_done);
    if (is_done) return status;
    char *command[] = { argc > 1 ? argv[1] : argv[0], help, NULL };
    return run_command(globals, 2, command);
}

static int version_main(CliGlobals *globals, int argc, char **argv)
{
    gboolean is_done = FALSE;

    int status = cli_parse(globals, "version", NULL, &argc, &argv, &is_done);
    if (is_done) return status;
    terminal_printf(stdout, "bianmin " BIANMIN_VERSION "\n");
    return EX_OK;
}

/* A program started with standard streams closed would open its databases as numbers 0 to 2 and
 * print into them. FALSE if /dev/null is not to be had. */
static gboolean have_standard_streams(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

int main(int argc, char **argv)
{
    CliGlobals globals = { 0 };
    char help[] = "help";
    char *no_command[] = { help, NULL };
    gboolean is_done = FALSE;

    if (!have_standard_streams()) return EX_OSERR;
    setlocale(LC_ALL, "");
    terminal_init();

    g_autofree char *usage = list_commands();
    int status = cli_parse_leading(&globals, usage, &argc, &argv, &is_done);
    if (!is_done)
        status = argc > 1 ? run_command(&globals, argc - 1, argv + 1)
                          : run_command(&globals, 1, no_command);
    cli_globals_clear(&globals);

    /* an answer that did not arrive (full disk, closed pipe) is not a success */
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == EX_OK) status = EX_IOERR;
    return status;
}

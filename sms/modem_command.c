#include "sms/modem_command.h"

#include <string.h>

#include "charset/terminal.h"
#include "sms/decode_command.h"
#include "sms/list_command.h"
#include "sms/probe_command.h"

#define USAGE                                                                                      \
    "modem list|probe|decode [选项]\n\n"                                                         \
    "  list      有哪些串口，哪个是短信猫\n"                                           \
    "  probe     检查短信猫：SIM 卡、信号、网络、短信中心，一项一行\n"      \
    "  decode    把标准输入里的十六进制 PDU 翻译出来，一行一条"

static const CliCommand commands[] = {
    { "list", "有哪些串口", list_main },
    { "probe", "检查短信猫", probe_main },
    { "decode", "翻译 PDU", decode_main },
};

int modem_main(CliGlobals *globals, int argc, char **argv)
{
    const char *names[G_N_ELEMENTS(commands) + 1] = { NULL };
    gboolean is_done = FALSE;

    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        names[i] = commands[i].name;
        if (argc > 1 && strcmp(argv[1], names[i]) == 0)
            return commands[i].run(globals, argc - 1, argv + 1);
    }
    int status = cli_parse(globals, USAGE, NULL, &argc, &argv, &is_done);
    if (is_done) return status;
    const char *nearest = argc > 1 ? cli_nearest(argv[1], names) : NULL;
    return nearest ? cli_fail(EX_USAGE, "是不是 bianmin modem %s？", nearest)
                   : cli_fail(EX_USAGE, "用法：bianmin modem list|probe|decode");
}

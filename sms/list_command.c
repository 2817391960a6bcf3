#include "sms/list_command.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

#include "charset/terminal.h"
#include "db/json_line.h"
#include "sms/port_list.h"

static void put_json(const GPtrArray *ports)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    json_builder_begin_array(b);
    for (guint i = 0; i < ports->len; i++) {
        const PortInfo *port = ports->pdata[i];
        g_autofree char *description = g_utf8_make_valid(port->description, -1);
        json_builder_begin_object(b);
        json_builder_set_member_name(b, "port");
        json_builder_add_string_value(b, port->path);
        json_builder_set_member_name(b, "description");
        json_builder_add_string_value(b, description);
        json_builder_set_member_name(b, "identity");
        json_builder_add_string_value(b, port->identity);
        json_builder_set_member_name(b, "allowed");
        json_builder_add_boolean_value(b, port->is_allowed);
        json_builder_set_member_name(b, "chosen");
        json_builder_add_boolean_value(b, i == 0 && port->is_allowed);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
    g_autofree char *line = json_line(b);
    puts(line);
}

static void put_words(const GPtrArray *ports)
{
    for (guint i = 0; i < ports->len; i++) {
        const PortInfo *port = ports->pdata[i];
        g_autofree char *description = g_utf8_make_valid(port->description, -1);
        const char *verdict = !port->is_allowed ? "不认识，不会碰它；确实是短信猫就在设置里写 port="
                              : i == 0 ? "← 自动选这个"
                                       : "也可能是";
        terminal_printf(stdout, "%s  %s%s%s  %s\n", port->path,
                        *description ? description : "（没有名字）", *port->identity ? "  " : "",
                        port->identity, verdict);
    }
    if (ports->len == 0)
        terminal_printf(stdout, "没有串口。短信猫插好了吗？灯亮吗？换个 USB 口试试。\n");
}

int list_main(CliGlobals *globals, int argc, char **argv)
{
    gboolean is_json = FALSE, is_done = FALSE;
    const GOptionEntry entries[] = {
        { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, "输出一行 JSON", NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    int status = cli_parse(globals, "modem list [--json]", entries, &argc, &argv, &is_done);
    if (is_done) return status;
    if (argc > 1) return cli_fail(EX_USAGE, "modem list 后面不用再写别的");
    g_autoptr(GPtrArray) ports = port_list();
    if (is_json)
        put_json(ports);
    else
        put_words(ports);
    const PortInfo *first = ports->len ? ports->pdata[0] : NULL;
    return first && first->is_allowed ? EX_OK : EX_UNAVAILABLE;
}

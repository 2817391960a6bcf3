#include "db/stick_command.h"

#include "charset/terminal.h"
#include "db/folder.h"
#include "db/json_line.h"
#include "db/trust.h"
#include "db/trust_status.h"

#include <sodium.h>

#define USAGE                                                                                      \
    "stick enrol [--label 名字] [--pin-file 文件] U盘的文件夹\n"                                   \
    "      bianmin stick enrol --pin-only --label 名字        只登记密码，用来做第二个人的确认\n"  \
    "      bianmin stick revoke 编号|名字                     停用\n"                              \
    "      bianmin stick list [--json]                        登记了哪些"

typedef struct {
    char *data_dir, *label, *pin_file;
    gboolean is_pin_only, is_json;
} Command;

static void command_clear(Command *command)
{
    g_free(command->data_dir);
    g_free(command->label);
    g_free(command->pin_file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Command, command_clear)

static int fail(const GError *error)
{
    int status = trust_status(error);
    cli_fail(status ? status : EX_IOERR, "%s", error->message);
    if (status == EX_NOPERM)
        terminal_printf(stderr, "请换有权限的用户来运行（例如 sudo），或用 --data 指定文件夹。\n");
    return status ? status : EX_IOERR;
}

/* ---- enrol ---- */

static gboolean get_pin(const Command *command, char pin[PIN_TEXT_LEN], GError **error)
{
    if (command->pin_file) return pin_read_file(command->pin_file, pin, error);
    return pin_ask("给这个U盘定一个密码", TRUE, pin, error);
}

static char *label_of(const Command *command)
{
    if (command->label) return terminal_to_utf8(command->label, -1);
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    return g_date_time_format(now, "U盘 %Y-%m-%d %H:%M:%S");
}

static int say_enrolled(const Command *command, const char *dir, const char *label, const char *id)
{
    if (command->is_json) {
        g_autoptr(JsonBuilder) builder = json_builder_new();
        json_builder_begin_object(builder);
        json_builder_set_member_name(builder, "id");
        json_builder_add_string_value(builder, id);
        json_builder_set_member_name(builder, "label");
        json_builder_add_string_value(builder, label);
        json_builder_end_object(builder);
        g_autofree char *text = json_line(builder);
        printf("%s\n", text);
        return EX_OK;
    }
    terminal_printf(stdout, "已登记“%s”，编号 %s。\n", label, id);
    if (!dir) return EX_OK;
    g_autofree char *shown = terminal_to_utf8(dir, -1);
    terminal_printf(stdout,
                    "密钥写在 %s/" STICK_KEY_NAME "，不要删它，也不要拷给别人。"
                    "U盘丢了：bianmin stick revoke %s\n",
                    shown, label);
    return EX_OK;
}

static int enrol_holder(const Command *command, const char *dir)
{
    char pin[PIN_TEXT_LEN] = "", id[TRUST_ID_HEX] = "";
    g_autofree char *label = label_of(command);
    g_autoptr(GError) error = NULL;

    if (!command->pin_file && !terminal_is_interactive())
        return cli_fail(EX_USAGE, "不在终端上运行，没法问密码：请用 --pin-file 文件");
    sodium_mlock(pin, sizeof pin);
    gboolean is_done = get_pin(command, pin, &error) && pin_check_new(pin, &error);
    if (is_done) {
        g_autoptr(Trust) trust = trust_open(command->data_dir, TRUST_MAKE, NULL, &error);
        is_done = trust && trust_enrol(trust, dir, label, pin, id, &error);
    }
    sodium_munlock(pin, sizeof pin); /* and wipes it */
    return is_done ? say_enrolled(command, dir, label, id) : fail(error);
}

/* ---- revoke ---- */

static int revoke_holder(const Command *command, const char *typed)
{
    char id[TRUST_ID_HEX] = "";
    g_autofree char *which = terminal_to_utf8(typed, -1);
    g_autoptr(GError) error = NULL;
    g_autoptr(Trust) trust = trust_open(command->data_dir, TRUST_FIND, NULL, &error);

    if (!trust || !trust_revoke(trust, which, id, &error)) return fail(error);
    terminal_printf(stdout, "已停用，编号 %s。\n", id);
    return EX_OK;
}

/* ---- list ---- */

static void add_holder(JsonBuilder *builder, const TrustHolder *holder)
{
    const struct {
        const char *name, *value;
    } texts[] = { { "id", holder->id },
                  { "label", holder->label },
                  { "kind", holder->has_stick ? "stick" : "pin" },
                  { "enrolled", holder->enrolled },
                  { "revoked", holder->revoked } };
    json_builder_begin_object(builder);
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        json_builder_set_member_name(builder, texts[i].name);
        if (*texts[i].value)
            json_builder_add_string_value(builder, texts[i].value);
        else
            json_builder_add_null_value(builder);
    }
    json_builder_set_member_name(builder, "tries_left");
    json_builder_add_int_value(builder, lockout_tries_left(&holder->lockout));
    json_builder_set_member_name(builder, "locked_minutes");
    json_builder_add_int_value(builder, (gint64)lockout_minutes_left(&holder->lockout));
    json_builder_end_object(builder);
}

static void print_json(const GPtrArray *holders)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "sticks");
    json_builder_begin_array(builder);
    for (guint i = 0; holders && i < holders->len; i++)
        add_holder(builder, holders->pdata[i]);
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    g_autofree char *text = json_line(builder);
    fputs(text, stdout); /* JSON is UTF-8 whatever the terminal */
    fputc('\n', stdout);
}

static void print_holder(const TrustHolder *holder)
{
    terminal_printf(stdout, "%s  %s  %s，%.10s 登记", holder->id, holder->label,
                    holder->has_stick ? "U盘和密码" : "只有密码", holder->enrolled);
    if (*holder->revoked)
        terminal_printf(stdout, "，%.10s 停用", holder->revoked);
    else if (holder->lockout.left_s > 0)
        terminal_printf(stdout, "，已锁住，还要 %" G_GUINT64_FORMAT " 分钟",
                        lockout_minutes_left(&holder->lockout));
    else if (holder->lockout.tries > 0)
        terminal_printf(stdout, "，还可以试 %u 次", lockout_tries_left(&holder->lockout));
    terminal_printf(stdout, "\n");
}

static int list_holders(const Command *command, const char *unused)
{
    const Uptime now = uptime_now();
    g_autoptr(GError) error = NULL;
    g_autoptr(Trust) trust = trust_open(command->data_dir, TRUST_FIND, NULL, &error);
    g_autoptr(GPtrArray) holders = trust ? trust_holders(trust, &now, &error) : NULL;

    (void)unused;
    if (!holders && !g_error_matches(error, TRUST_ERROR, TRUST_ERROR_MISSING)) return fail(error);
    if (command->is_json) {
        print_json(holders);
        return EX_OK;
    }
    for (guint i = 0; holders && i < holders->len; i++)
        print_holder(holders->pdata[i]);
    if (!holders || holders->len == 0)
        terminal_printf(stdout, "还没有登记过U盘。登记：bianmin stick enrol U盘的文件夹\n");
    return EX_OK;
}

/* ---- the command ---- */

static const struct {
    const char *name;
    int words; /* after it */
    int (*run)(const Command *command, const char *word);
} verbs[] = { { "enrol", 1, enrol_holder }, { "revoke", 1, revoke_holder }, { "list", 0, list_holders } };

static int run_verb(const Command *command, int argc, char **argv)
{
    const char *names[G_N_ELEMENTS(verbs) + 1] = { NULL };
    const char *typed = argc > 1 ? argv[1] : "";

    for (guint i = 0; i < G_N_ELEMENTS(verbs); i++) {
        names[i] = verbs[i].name;
        if (strcmp(typed, names[i]) != 0) continue;
        int words = verbs[i].run == enrol_holder && command->is_pin_only ? 0 : verbs[i].words;
        if (argc == 2 + words) return verbs[i].run(command, words > 0 ? argv[2] : NULL);
        return cli_fail(EX_USAGE, words == 0 ? "stick %s 后面不用再写别的"
                                             : "stick %s 后面要写一样：bianmin stick --help",
                        typed);
    }
    const char *nearest = *typed ? cli_nearest(typed, names) : NULL;
    if (nearest) return cli_fail(EX_USAGE, "没有 stick %s。是不是 bianmin stick %s？", typed, nearest);
    return cli_fail(EX_USAGE, "请写出要做什么：bianmin stick enrol、revoke 或 list");
}

int stick_main(CliGlobals *globals, int argc, char **argv)
{
    gboolean is_done = FALSE;
    g_auto(Command) command = { 0 };
    const GOptionEntry entries[] = {
        { "label", 0, 0, G_OPTION_ARG_FILENAME, &command.label, "谁的U盘，或哪一个U盘", "名字" },
        { "pin-file", 0, 0, G_OPTION_ARG_FILENAME, &command.pin_file,
          "密码在这个文件里（- 是标准输入），不问", "文件" },
        { "pin-only", 0, 0, G_OPTION_ARG_NONE, &command.is_pin_only, "只登记密码，没有U盘", NULL },
        { "json", 0, 0, G_OPTION_ARG_NONE, &command.is_json, "输出一行 JSON", NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    int status = cli_parse(globals, USAGE, entries, &argc, &argv, &is_done);
    if (is_done) return status;
    command.data_dir = folder_locate(globals->data_dir);
    return run_verb(&command, argc, argv);
}

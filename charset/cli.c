#include "charset/cli.h"
#include "charset/terminal.h"

#include <unistd.h>

#define WORD_MAX    40 /* longer than any option: no use looking for its nearest */
#define HELP_COLUMN 22 /* where the explanation of an option begins */

int cli_fail(int status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    terminal_printf(stderr, "bianmin: %s\n", message);
    return status;
}

void cli_globals_clear(CliGlobals *globals)
{
    g_clear_pointer(&globals->data_dir, g_free);
    g_clear_pointer(&globals->config_file, g_free);
}

/* ---- the nearest word ---- */

/* Damerau-Levenshtein (optimal string alignment) over octets; both at most WORD_MAX long. */
static guint edit_distance(const char *a, gsize a_len, const char *b, gsize b_len)
{
    guint d[WORD_MAX + 1][WORD_MAX + 1];

    for (gsize i = 0; i <= a_len; i++)
        d[i][0] = (guint)i;
    for (gsize j = 0; j <= b_len; j++)
        d[0][j] = (guint)j;
    for (gsize i = 1; i <= a_len; i++) {
        for (gsize j = 1; j <= b_len; j++) {
            guint best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            best = MIN(best, d[i - 1][j] + 1);
            best = MIN(best, d[i][j - 1] + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = MIN(best, d[i - 2][j - 2] + 1);
            d[i][j] = best;
        }
    }
    return d[a_len][b_len];
}

/* Near: at most a third of the letters wrong, or the word's beginning, from three letters on. */
const char *cli_nearest(const char *typed, const char *const *words)
{
    gsize typed_len = strlen(typed);
    const char *nearest = NULL;
    guint least = G_MAXUINT;

    if (typed_len == 0 || typed_len > WORD_MAX) return NULL;
    for (; *words; words++) {
        gsize len = strlen(*words);
        if (len > WORD_MAX) continue;
        guint distance = edit_distance(typed, typed_len, *words, len);
        gboolean is_prefix = typed_len >= 3 && g_str_has_prefix(*words, typed);
        if (!is_prefix && distance > MAX(1, MIN(typed_len, len) / 3)) continue;
        if (is_prefix) distance = 0;
        if (distance < least) {
            least = distance;
            nearest = *words;
        }
    }
    return nearest;
}

/* ---- help ---- */

static void put_entry(const GOptionEntry *entry)
{
    g_autoptr(GString) line = g_string_new("  ");
    if (entry->short_name) g_string_append_printf(line, "-%c, ", entry->short_name);
    g_string_append_printf(line, "--%s", entry->long_name);
    if (entry->arg_description) g_string_append_printf(line, " %s", entry->arg_description);
    do
        g_string_append_c(line, ' ');
    while (terminal_columns(line->str) < HELP_COLUMN);
    if (entry->description) g_string_append(line, entry->description);
    g_autofree char *wrapped = terminal_wrap(line->str, terminal_width(), HELP_COLUMN);
    terminal_printf(stdout, "%s\n", wrapped);
}

static void put_entries(const char *title, const GOptionEntry *entries)
{
    if (!entries || !entries->long_name) return;
    terminal_printf(stdout, "\n%s\n", title);
    for (; entries->long_name; entries++)
        if (!(entries->flags & G_OPTION_FLAG_HIDDEN) && *entries->long_name) put_entry(entries);
}

/* ---- what was wrong with an option ---- */

/* GOption names the option only within its translated text: the longest argument found there. */
static char *offending_option(const char *message, char **argv)
{
    g_autofree char *found = NULL;

    for (char **arg = argv + 1; *arg && strcmp(*arg, "--") != 0; arg++) {
        if ((*arg)[0] != '-') continue;
        g_autofree char *name = g_strndup(*arg, strcspn(*arg, "="));
        if (strstr(message, name) && (!found || strlen(name) > strlen(found))) {
            g_free(found);
            found = g_steal_pointer(&name);
        }
    }
    return found ? terminal_to_utf8(found, -1) : g_strdup("");
}

static void add_names(GPtrArray *names, const GOptionEntry *entries)
{
    for (; entries && entries->long_name; entries++)
        if (!(entries->flags & G_OPTION_FLAG_HIDDEN) && *entries->long_name)
            g_ptr_array_add(names, g_strconcat("--", entries->long_name, NULL));
}

static int fail_option(const GError *error, char **argv, const char *usage,
                       const GOptionEntry *entries, const GOptionEntry *globals)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *option = offending_option(error->message, argv);
    g_autofree char *usage_line = g_strndup(usage, strcspn(usage, "\n"));

    if (g_error_matches(error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION)) {
        add_names(names, entries);
        add_names(names, globals);
        g_ptr_array_add(names, NULL);
        const char *nearest = cli_nearest(option, (const char *const *)names->pdata);
        if (nearest)
            cli_fail(EX_USAGE, "没有 %s 这个选项。是不是 %s？", option, nearest);
        else
            cli_fail(EX_USAGE, "没有 %s 这个选项。", option);
    } else {
        cli_fail(EX_USAGE, "选项 %s 的值不对，或者后面缺了值。", option);
    }
    terminal_printf(stderr, "用法：bianmin %s\n全部选项：加 --help\n", usage_line);
    return EX_USAGE;
}

/* ---- --config ---- */

/* What stands in it is for the command to judge that reads it (setting.h). */
static int check_config(const char *path)
{
    g_autofree char *shown = terminal_to_utf8(path, -1);

    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) || access(path, R_OK) != 0)
        return cli_fail(EX_NOINPUT, "读不了设置文件 %s。", shown);
    return 0;
}

/* ---- parsing ---- */

typedef struct {
    char *data_dir, *config_file;
    gboolean is_verbose, wants_version, wants_help;
} Given;

/* What is given after the command wins over what stands before it. */
static void take_given(CliGlobals *globals, Given *given)
{
    if (given->data_dir) {
        g_free(globals->data_dir);
        globals->data_dir = g_steal_pointer(&given->data_dir);
    }
    if (given->config_file) {
        g_free(globals->config_file);
        globals->config_file = g_steal_pointer(&given->config_file);
    }
    globals->is_verbose = globals->is_verbose || given->is_verbose;
    if (given->is_verbose) g_log_set_debug_enabled(TRUE);
}

/* GOption leaves the "--" where something after it looks like an option. */
static void drop_separator(int *argc, char **argv)
{
    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], "--") != 0) continue;
        memmove(&argv[i], &argv[i + 1], (gsize)(*argc - i) * sizeof *argv); /* the NULL too */
        (*argc)--;
        return;
    }
}

static int parse(CliGlobals *globals, const char *usage, const GOptionEntry *entries,
                 gboolean is_leading, int *argc, char ***argv, gboolean *is_done)
{
    Given given = { 0 };
    const GOptionEntry global_entries[] = {
        { "data", 0, 0, G_OPTION_ARG_FILENAME, &given.data_dir, "数据所在的文件夹", "DIR" },
        { "config", 0, 0, G_OPTION_ARG_FILENAME, &given.config_file, "设置文件", "FILE" },
        { "verbose", 0, 0, G_OPTION_ARG_NONE, &given.is_verbose, "多说一些经过（写到标准错误）",
          NULL },
        { "version", 0, 0, G_OPTION_ARG_NONE, &given.wants_version, "版本", NULL },
        { "help", 0, 0, G_OPTION_ARG_NONE, &given.wants_help, "这份说明", NULL },
        { 0 },
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    int status = 0;

    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_strict_posix(context, is_leading);
    if (entries) g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_add_main_entries(context, global_entries, NULL);
    *is_done = TRUE;
    if (!g_option_context_parse(context, argc, argv, &error)) {
        status = fail_option(error, *argv, usage, entries, global_entries);
    } else if (given.wants_help) {
        terminal_printf(stdout, "用法：bianmin %s\n", usage);
        put_entries("选项：", entries);
        put_entries("到处可用的选项：", global_entries);
    } else if (given.wants_version) {
        terminal_printf(stdout, "bianmin " BIANMIN_VERSION "\n");
    } else {
        status = given.config_file ? check_config(given.config_file) : 0;
        *is_done = status != 0;
    }
    take_given(globals, &given);
    g_free(given.data_dir);
    g_free(given.config_file);
    return status;
}

int cli_parse(CliGlobals *globals, const char *usage, const GOptionEntry *entries, int *argc,
              char ***argv, gboolean *is_done)
{
    int status = parse(globals, usage, entries, FALSE, argc, argv, is_done);
    if (!*is_done) drop_separator(argc, *argv);
    return status;
}

int cli_parse_leading(CliGlobals *globals, const char *usage, int *argc, char ***argv,
                      gboolean *is_done)
{
    return parse(globals, usage, NULL, TRUE, argc, argv, is_done);
}

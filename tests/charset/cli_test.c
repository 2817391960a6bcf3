#include "charset/cli.h"

static const char *const words[] = { "--data", "--config", "--verbose", "--version",
                                     "--help", "--json",   NULL };

static void test_nearest(void)
{
    static const struct {
        const char *typed, *nearest;
    } rows[] = {
        { "--dat", "--data" },
        { "--dta", "--data" },
        { "--datas", "--data" },
        { "--ver", "--verbose" },
        { "--versoin", "--version" },
        { "--hlep", "--help" },
        { "--jsn", "--json" },
        { "--help", "--help" },
        { "--qqqqqq", NULL },
        { "", NULL },
        { "-", NULL },
        { "低保", NULL },
        { "\xff\xfe", NULL },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpstr(cli_nearest(rows[i].typed, words), ==, rows[i].nearest);
}

static void test_nearest_of_long(void)
{
    g_autofree char *typed = g_strnfill(1000000, 'a');
    const char *long_words[] = { typed, NULL };

    g_assert_null(cli_nearest(typed, words));
    g_assert_null(cli_nearest("abc", long_words));
}

/* What is left of `line` after parsing, joined by '|'; NULL if parsing was the end of it. */
static char *rest_of(CliGlobals *globals, const char *line, gboolean *flag, int *status)
{
    const GOptionEntry entries[] = {
        { "flag", 0, 0, G_OPTION_ARG_NONE, flag, NULL, NULL },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };
    g_auto(GStrv) words_of_line = g_strsplit(line, " ", -1);
    int argc = (int)g_strv_length(words_of_line);
    g_autofree char **argv = g_memdup2(words_of_line, sizeof *argv * ((gsize)argc + 1));
    gboolean is_done = FALSE;

    *status = cli_parse(globals, "test", entries, &argc, &argv, &is_done);
    return is_done ? NULL : g_strjoinv("|", argv);
}

static void test_parse(void)
{
    static const struct {
        const char *line, *rest, *data_dir;
        gboolean flag;
    } rows[] = {
        { "test", "test", NULL, FALSE },
        { "test a b", "test|a|b", NULL, FALSE },
        { "test a --flag b", "test|a|b", NULL, TRUE },
        { "test --data /d a", "test|a", "/d", FALSE },
        { "test a --data=/d", "test|a", "/d", FALSE },
        { "test --data /d --data /e", "test", "/e", FALSE },
        { "test -- --flag", "test|--flag", NULL, FALSE },
        { "test a -- b -- --flag", "test|a|b|--|--flag", NULL, FALSE },
        { "test --flag -- -x", "test|-x", NULL, TRUE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        CliGlobals globals = { 0 };
        gboolean flag = FALSE;
        int status = -1;
        g_autofree char *rest = rest_of(&globals, rows[i].line, &flag, &status);
        g_assert_cmpint(status, ==, 0);
        g_assert_cmpstr(rest, ==, rows[i].rest);
        g_assert_cmpstr(globals.data_dir, ==, rows[i].data_dir);
        g_assert_cmpint(flag, ==, rows[i].flag);
        cli_globals_clear(&globals);
    }
}

/* What stands after the command wins over what stood before it. */
static void test_later_wins(void)
{
    CliGlobals globals = { .data_dir = g_strdup("/before") };
    gboolean flag = FALSE;
    int status = -1;
    g_autofree char *rest = rest_of(&globals, "test --data /after", &flag, &status);

    g_assert_nonnull(rest);
    g_assert_cmpstr(globals.data_dir, ==, "/after");
    cli_globals_clear(&globals);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cli/nearest", test_nearest);
    g_test_add_func("/cli/nearest-of-long", test_nearest_of_long);
    g_test_add_func("/cli/parse", test_parse);
    g_test_add_func("/cli/later-wins", test_later_wins);
    return g_test_run();
}

/* db/csv_text.c: what Excel would take for something else is guarded, and nothing else is. */
#include "db/csv_text.h"

static const struct {
    const char *cell, *expected;
} cells[] = {
    { "", "" },
    { "低保", "低保" },
    { "逗号,", "\"逗号,\"" },
    { "引\"号", "\"引\"\"号\"" },
    { "两\n行", "\"两\n行\"" },
    { " 前", "\" 前\"" },
    { "后 ", "\"后 \"" },
    { "=1+1", "'=1+1" },
    { "+8615400000001", "'+8615400000001" },
    { "-按月", "'-按月" },
    { "-5", "-5" },
    { "-5.25", "-5.25" },
    { "@x", "'@x" },
    { "\tx", "'\tx" },
    { "\rx", "\"'\rx\"" },
    { "'=x", "''=x" },
    { "'x", "'x" },
    { "=HYPERLINK(\"http://x\",\"点\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"点\"\")\"" },
};

static void test_cells(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(cells); i++) {
        g_autoptr(GString) line = g_string_new(NULL);
        g_autofree char *expected = g_strconcat("a,", cells[i].expected, "\r\n", NULL);
        csv_text_append(line, (const char *const[]){ "a", cells[i].cell }, 2);
        g_assert_cmpstr(line->str, ==, expected);
    }
}

static void test_empty_line(void)
{
    g_autoptr(GString) line = g_string_new(NULL);
    csv_text_append(line, NULL, 0);
    g_assert_cmpstr(line->str, ==, "\r\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csv-text/cells", test_cells);
    g_test_add_func("/csv-text/empty", test_empty_line);
    return g_test_run();
}

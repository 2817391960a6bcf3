#include "db/formula.h"

static const struct {
    const char *text;
    gboolean needs_guard;
} rows[] = {
    { "", FALSE },           { "低保", FALSE },    { "=1+1", TRUE },   { "+86", TRUE },
    { "-见说明", TRUE },     { "@SUM(A1)", TRUE }, { "\tx", TRUE },    { "\rx", TRUE },
    { "'", FALSE },          { "'引", FALSE },     { "'=1", TRUE },    { "''-x", TRUE },
    { "-5", FALSE },         { "-5.25", FALSE },   { "-5+cmd", TRUE }, { "-", TRUE },
    { "-.5", TRUE },         { "-5.", TRUE },      { "--5", TRUE },    { "'-5", TRUE },
    { "0577-12345", FALSE }, { "1=1", FALSE },
};

static void test_rows(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].text);
        g_assert_cmpint(formula_needs_guard(rows[i].text), ==, rows[i].needs_guard);
        /* there and back */
        g_autofree char *written = g_strconcat(rows[i].needs_guard ? "'" : "", rows[i].text, NULL);
        g_assert_cmpstr(formula_unguard(written), ==, rows[i].text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/formula/rows", test_rows);
    return g_test_run();
}

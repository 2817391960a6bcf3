/* db/column_help.c: each column of each table is explained, and its example is one the rules take.
 */
#include "db/column_help.h"

#include <string.h>

static void on_rule(gboolean is_error, const char *message, const char *remedy, gpointer data)
{
    (void)is_error;
    (void)remedy;
    g_string_append(data, message);
}

static void test_examples_obey(void)
{
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++)
        for (guint i = 0; i < rule_sheets[id].column_count; i++) {
            const ColumnHelp *help = column_help(id, i);
            g_autoptr(GString) scratch = g_string_new(NULL), said = g_string_new(NULL);
            CellText cell;
            g_test_message("%s %s", rule_sheets[id].stem, rule_sheets[id].columns[i].name);
            g_assert_nonnull(help->meaning);
            g_assert_nonnull(help->example);
            g_assert_true(rule_check(&rule_sheets[id].columns[i], help->example,
                                     strlen(help->example), scratch, &cell, on_rule, said));
            g_assert_cmpstr(said->str, ==, ""); /* not even mended */
        }
}

static void test_notes(void)
{
    g_autofree char *state = column_help_note(RULE_SHEET_TOPIC, 15);
    g_assert_cmpstr(state, ==,
                    "必填。最多 5 个字。\n整行都有出处、居民不用再问，才写“已核实”。\n"
                    "只能填：已核实、待社区核实\n例：待社区核实");
    g_autofree char *place = column_help_note(RULE_SHEET_TOPIC, 10);
    g_assert_cmpstr(
        place, ==,
        "可以空着。最多 100 个字。\n门牌地址、楼层、窗口号。\n例：锦湖街道便民服务中心1楼3号窗口");
}

/* What a workbook takes of a drop-down. */
static void test_choices_fit(void)
{
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++)
        for (guint i = 0; i < rule_sheets[id].column_count; i++) {
            const RuleColumn *rule = &rule_sheets[id].columns[i];
            g_assert_cmpint(rule->kind == RULE_CHOICE, ==, rule->choices != NULL);
            if (!rule->choices) continue;
            g_autofree char *list = g_strjoinv(",", (char **)rule->choices);
            g_assert_cmpint(g_utf8_strlen(list, -1), <=, 255);
        }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/column-help/examples", test_examples_obey);
    g_test_add_func("/column-help/notes", test_notes);
    g_test_add_func("/column-help/choices", test_choices_fit);
    return g_test_run();
}

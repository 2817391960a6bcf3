#include "db/phone_number.h"

static const struct {
    const char *text, *numbers;
} rows[] = {
    { "", "" },
    { "请问社区。", "" },
    { "请问社区或打12345。", "12345" },
    { "问题打12393或12345；也可拨 110、96110。", "12393 12345 110 96110" },
    { "电话：0577-65812345", "057765812345" },
    { "0577 65812345", "057765812345" },
    { "０５７７－６５８１２３４５", "057765812345" },
    { "010-12345678转8001", "01012345678" },
    { "找小王，15400000001", "15400000001" },
    { "154 0000 0001，154-0000-0002", "15400000001 15400000002" },
    { "+86 154 0000 0001", "15400000001" },
    { "400-800-1234", "4008001234" },
    { "联系65812345", "65812345" },
    { "Tel: 65812345", "65812345" },
    { "咨询电话（65812345）", "65812345" },
    { "打12345 2024年的表", "12345" },
    { "2024-01-02 发放 65812345 元，12393 人", "" },
    { "国务院令第649号", "" },
    { "浙民助〔2023〕12号", "" },
    { "1. 填表。2. 交到窗口。", "" },
    { "编号 330381199001011234", "" },
    { "打", "" },
    { "12345", "" },
    { "打1", "" },
    { "\xEF\xBC", "" }, /* cut in the middle: never aborts */
};

static void add(const char *number, gpointer user_data)
{
    GString *all = user_data;
    g_string_append_printf(all, all->len ? " %s" : "%s", number);
}

static void test_rows(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) all = g_string_new(NULL);
        phone_number_each(rows[i].text, add, all);
        g_test_message("%s", rows[i].text);
        g_assert_cmpstr(all->str, ==, rows[i].numbers);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/phone_number/rows", test_rows);
    return g_test_run();
}

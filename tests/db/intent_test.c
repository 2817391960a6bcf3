#include "db/intent.h"

#include "db/place.h"

static void test_intent(void)
{
    static const struct {
        const char *question;
        guint has, lacks;
    } rows[] = {
        { "补办身份证要带什么", INTENT_DOCUMENTS, INTENT_WHERE | INTENT_FIGURE },
        { "在哪里办", INTENT_WHERE, INTENT_DOCUMENTS },
        { "公租房补助有几户", INTENT_FIGURE, INTENT_WHERE },
        { "哪些老小区改造好了", INTENT_LIST, INTENT_AMOUNT },
        { "我的补贴发了没有", INTENT_MINE, INTENT_LIST },
        { "打什么电话", INTENT_PHONE, INTENT_AMOUNT },
        { "低保", 0, 0x3ff },
        { "", 0, 0x3ff },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        guint mask = intent_of(rows[i].question);
        g_test_message("%s: %#x", rows[i].question, mask);
        g_assert_cmphex(mask & rows[i].has, ==, rows[i].has);
        g_assert_cmphex(mask & rows[i].lacks, ==, 0);
    }
}

static void test_year(void)
{
    g_assert_cmpint(intent_year("2023年发了多少"), ==, 2023);
    g_assert_cmpint(intent_year("发了多少2025"), ==, 2025);
    g_assert_cmpint(intent_year("去年"), ==, 0);
    g_assert_cmpint(intent_year("电话12023"), ==, 0);
    g_assert_cmpint(intent_year("20231"), ==, 0);
    g_assert_cmpint(intent_year("20"), ==, 0);
    g_assert_cmpint(intent_year(""), ==, 0);
}

static void test_place(void)
{
    g_assert_true(place_is_elsewhere("南京的居住证怎么办"));
    g_assert_true(place_is_elsewhere("苏州公积金贷款额度"));
    g_assert_false(place_is_elsewhere("去上海看病怎么报销"));
    g_assert_false(place_is_elsewhere("从杭州迁户口过来"));
    g_assert_false(place_is_elsewhere("上海医院看病能报吗"));
    g_assert_false(place_is_elsewhere("瑞安居住证"));
    g_assert_false(place_is_elsewhere(""));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/intent/words", test_intent);
    g_test_add_func("/intent/year", test_year);
    g_test_add_func("/place/elsewhere", test_place);
    return g_test_run();
}

#include "kiosk/figure_group.h"

#include "kiosk/figure.h"

#define OF(subject, indicator, value, unit)                                                        \
    {                                                                                              \
        0, 2023, subject, indicator, value, unit, "", ""                                           \
    }

static void test_length(void)
{
    static const Figure figures[] = {
        OF("检查", "检查", "951", "家次"),  OF("检查", "隐患", "2155", "处"),
        OF("检查", "重大隐患", "23", "处"), OF("检查", "停业", "20", "家"),
        OF("检查", "立案", "12", "家"),     OF("反诈骗", "人员", "6", "名"),
    };
    const Figure *list[G_N_ELEMENTS(figures)];

    for (guint i = 0; i < G_N_ELEMENTS(figures); i++)
        list[i] = &figures[i];
    g_assert_cmpuint(figure_group_length(list, 6), ==, 3); /* 5 of one subject: 3 and 2 */
    g_assert_cmpuint(figure_group_length(list + 3, 3), ==, 2);
    g_assert_cmpuint(figure_group_length(list + 5, 1), ==, 1);
}

/* 2023 and 2024 do not stand under one year. */
static void test_year(void)
{
    Figure figures[] = { OF("低保", "金额", "100", "万元"), OF("低保", "户数", "50", "户") };
    const Figure *list[] = { &figures[0], &figures[1] };

    g_assert_cmpuint(figure_group_length(list, 2), ==, 2);
    figures[1].year = 2024;
    g_assert_cmpuint(figure_group_length(list, 2), ==, 1);
}

static void test_pair(void)
{
    static const Figure one = OF("残疾人补贴", "金额", "198", "万元");
    static const Figure other = OF("批发", "金额", "123.06", "亿元");
    const Figure *both_short[] = { &one, &one }, *one_long[] = { &one, &other };

    g_assert_cmpuint(figure_pair_length(both_short, 2), ==, 2);
    g_assert_cmpuint(figure_pair_length(one_long, 2), ==, 1);
    g_assert_cmpuint(figure_pair_length(both_short, 1), ==, 1);
}

static void test_share(void)
{
    static const struct {
        Figure figure;
        gboolean is_share;
    } rows[] = {
        { OF("工程", "工程量完成", "90", "%"), TRUE }, { OF("投资", "完成率", "946", "%"), FALSE },
        { OF("产值", "同比增长", "7.6", "%"), FALSE }, { OF("产值", "下降", "3", "%"), FALSE },
        { OF("低保", "金额", "100", "万元"), FALSE },
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpint(kiosk_figure_is_share(&rows[i].figure), ==, rows[i].is_share);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/figure_group/length", test_length);
    g_test_add_func("/figure_group/year", test_year);
    g_test_add_func("/figure_group/pair", test_pair);
    g_test_add_func("/figure_group/share", test_share);
    return g_test_run();
}

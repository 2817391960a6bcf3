#include "db/figure.h"

static const struct {
    const char *indicator, *value, *unit, *qualifier;
    const char *text;
    const char *before, *after, *note;
    gboolean is_open_ended;
} rows[] = {
    { "受益残疾人", "400", "名", "400多名", "受益残疾人400多名", "", "多名", "", TRUE },
    { "发放金额", "100", "万元", "100万余元", "发放金额100万余元", "", "万余元", "", TRUE },
    { "经营性收入门槛", "50", "万元", "超50万元", "经营性收入门槛超50万元", "超", "万元", "",
      TRUE },
    { "完成率", "946", "%", "达946%", "完成率达946%", "达", "%", "", FALSE },
    { "工程量完成", "90", "%", "90%以上", "工程量完成90%以上", "", "%以上", "", TRUE },
    { "联合执法", "19", "次", "", "联合执法19次", "", "次", "", FALSE },
    { "全市排名", "1", "位", "全市排名第一", "全市排名1位（全市排名第一）", "", "位",
      "全市排名第一", FALSE },
    { "发动人次", "4000", "人次", "4000多人次，社区的党员", "发动人次4000多人次（社区的党员）", "",
      "多人次", "社区的党员", TRUE },
    { "金额", "5", "个", "50多个", "金额5个（50多个）", "", "个", "50多个", FALSE },
    { "2024年度", "3", "项", "", "2024年度3项", "", "项", "", FALSE },
    { "五年2024", "3", "项", "", "五年2024：3项", "", "项", "", FALSE },
};

static Figure figure_of(guint row)
{
    return (Figure){ .indicator = rows[row].indicator,
                     .value = rows[row].value,
                     .unit = rows[row].unit,
                     .qualifier_text = rows[row].qualifier };
}

static void test_text(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        Figure figure = figure_of(i);
        g_autofree char *text = figure_text(&figure);
        g_assert_cmpstr(text, ==, rows[i].text);
    }
}

/* Put together again, the pieces say no less than the figure. */
static void test_parts(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        Figure figure = figure_of(i);
        FigureParts parts;
        figure_parts(&figure, &parts);
        g_assert_cmpstr(parts.number, ==, rows[i].value);
        g_assert_cmpstr(parts.before, ==, rows[i].before);
        g_assert_cmpstr(parts.after, ==, rows[i].after);
        g_assert_cmpstr(parts.note, ==, rows[i].note);
        g_assert_cmpint(parts.is_open_ended, ==, rows[i].is_open_ended);
        figure_parts_clear(&parts);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/figure/text", test_text);
    g_test_add_func("/figure/parts", test_parts);
    return g_test_run();
}

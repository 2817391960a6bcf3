#include "db/redirect.h"

#include <string.h>

#include "charset/fold.h"

static void test_where(void)
{
    static const struct {
        const char *question, *expected;
    } rows[] = {
        { "明天下雨吗", "12121" },
        { "我的公积金怎么提", "12329" },
        { "家里着火了,驾驶证烧了", "119" }, /* what is urgent first */
        { "", "社区" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *folded = fold_text(rows[i].question, -1);
        g_test_message("%s: %s", rows[i].question, redirect_for(folded));
        g_assert_nonnull(strstr(redirect_for(folded), rows[i].expected));
    }
}

static void test_strength(void)
{
    static const struct {
        const char *question;
        RedirectStrength strength;
        const char *word;
    } rows[] = {
        { "我的公积金怎么提", REDIRECT_STRONG, "公积金" },
        { "离婚", REDIRECT_WEAK, "离婚" },
        { "低保", REDIRECT_OURS, NULL },
        { "医保", REDIRECT_OURS, NULL },
        { "电动车停哪里", REDIRECT_OURS, NULL }, /* no 动车 */
        { "", REDIRECT_OURS, NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *folded = fold_text(rows[i].question, -1);
        g_autofree char *word = NULL;
        g_test_message("%s", rows[i].question);
        g_assert_cmpint(redirect_find(folded, &word), ==, rows[i].strength);
        g_assert_cmpstr(word, ==, rows[i].word);
        g_assert_cmpint(redirect_find(folded, NULL), ==, rows[i].strength);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/redirect/where", test_where);
    g_test_add_func("/redirect/strength", test_strength);
    return g_test_run();
}

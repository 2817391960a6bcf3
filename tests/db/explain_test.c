#include "db/explain.h"

#include "tests/db/starter.h"

static Catalogue *catalogue;
static Search *search;

/* What was typed, what led there, and what it led to. */
static const struct {
    const char *question;
    const char *words; /* all of them, separated by | */
} rows[] = {
    { "低保怎么申请", "1. JZ01|名称“低保”（照写）|结果：直接回答|低保 |把握" },
    { "殘疾人補貼", "问题整理成：残疾人补贴|CL01|CL02" },
    { "dibao", "名称“di bao”（读音）|音di-bao" },
    { "kncjrbt", "名称“kncjrbt”（首字母）|CL01" },
    { "高玲津贴", "名称“gao ling jin tie”（读音）|YL01" },
    { "我的残疾补贴发了没有", "最像的问法：我的残疾补贴发了没有？（对上 100%）" },
    { "南京的居住证怎么办", "问的是外地" },
    { "", "说没有" },
    { "\xff\xfe", "说没有" },
};

static void test_rows(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = explain_question(catalogue, search, rows[i].question);
        g_auto(GStrv) words = g_strsplit(rows[i].words, "|", -1);

        g_assert_true(g_utf8_validate(text, -1, NULL));
        for (char **word = words; *word; word++) {
            if (!strstr(text, *word)) g_error("“%s” is missing in: %s", *word, text);
        }
    }
}

int main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    catalogue = starter_catalogue();
    search = search_new(catalogue);
    g_test_add_func("/explain/rows", test_rows);
    status = g_test_run();
    search_free(search);
    catalogue_free(catalogue);
    return status;
}

#include "db/search.h"

#include "tests/db/starter.h"

static Catalogue *catalogue;
static Search *search;

static void query(const char *text, SearchResult *result)
{
    g_autoptr(SearchQuestion) question = search_question_new(search, text);

    search_query(search, question, result);
}

/* Of the row whose question is `row`, which must be in the sheet. */
static double match_qa(const char *text, const char *row)
{
    g_autoptr(SearchQuestion) question = search_question_new(search, text);

    for (guint i = 0; i < catalogue->qa_count; i++) {
        if (g_str_equal(catalogue->qas[i].question, row))
            return search_match_qa(search, question, i);
    }
    g_error("问答.csv has no “%s”", row);
}

/* ---- the right topic first ---- */

static const struct {
    const char *question;
    const char *codes; /* any of them may be first */
} first[] = {
    /* as it is written */
    { "困难残疾人生活补贴怎么申请", "CL01" },
    { "低保", "JZ01" },
    { "低保边缘户", "JZ02" },
    { "公租房补助有几户", "ZF02" },
    { "哪些老小区改造好了", "ZF03" },
    { "身份证异地可以补办吗", "HJ03" },
    /* letters: whole syllables, first letters, mixed */
    { "canjiren butie", "CL01 CL02" },
    { "cjrbt", "CL01 CL02" },
    { "kncjrbt", "CL01" },
    { "sbk", "SB02" },
    { "DIBAO biaozhun", "JZ01" },
    { "gongzufang shenqing", "ZF01" },
    /* what sounds alike, what looks alike */
    { "残急人补帖", "CL01 CL02" },
    { "低饱申请", "JZ01" },
    { "高玲津贴", "YL01" },
    { "加桩电梯", "ZF04" },
    /* traditional, full width */
    { "殘疾人補貼", "CL01 CL02" },
    { "護理補貼申請流程", "CL02" },
    { "７０歲老人公交卡", "YL03" },
    /* figures and places lead to their topics */
    { "规上工业产值增长率", "SQ06" },
    { "周岙河", "HB02" },
    { "桃源社区老年学堂在几楼", "YL04" },
    /* an everyday word for the official one */
    { "五保户", "JZ03" },
    { "电瓶车能推上楼充电吗", "AQ01" },
};

static void test_first(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(first); i++) {
        SearchResult result;

        query(first[i].question, &result);
        g_test_message("%s", first[i].question);
        g_assert_cmpuint(result.hit_count, >, 0);
        g_assert_nonnull(strstr(first[i].codes, catalogue->topics[result.hits[0].topic].code));
    }
}

/* ---- not ours: never a confident answer ---- */

static void test_none(void)
{
    static const char *const questions[] = {
        "明天下雨吗",
        "给我唱首歌",
        "淘宝退货怎么弄",
        "苏州公积金贷款额度",
        "！！！！",
        "",
        "   ",
        "？",
        "南京的居住证怎么办",
        "asdfghjkl",
        "哈哈哈哈",
        "What is your name?",
        "zxjizo",
        "qwert",
        "330325195001201234", /* 120 is a name, not within a longer number */
        "kzrzgoftcbzdtadgicdomhvtdupyvwlmtvoydjtom",
        "qwuagdp zpfnx",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(questions); i++) {
        SearchResult result;

        query(questions[i], &result);
        g_test_message("“%s”", questions[i]);
        g_assert_cmpint(result.outcome, !=, SEARCH_ANSWER);
    }
}

/* ---- guesses where nothing was found: rather none than a wrong one ---- */

static const struct {
    const char *question;
    const char *guess; /* NULL: none at all */
} guesses[] = {
    { "护照", NULL }, /* 护理补贴 shares one character */
    { "huzhao", NULL },
    { "结婚登记", NULL }, /* 生育登记 shares a word, another office has both */
    { "离婚怎么办", NULL },
    { "驾照换证", NULL },
    { "港澳通行证", NULL },
    { "营业执照", NULL },
    { "房产证", NULL },
    { "签证", NULL },
    { "火车票", NULL },
    { "南京的居住证怎么办", NULL }, /* another city's */
    { "护发素", NULL },
    { "怎么办", NULL },
    { "医保怎么弄", "YB01" },
    { "老房子的事找谁", "ZF03" },
    { "看病刷的那张卡掉河里去了", "SB02" },
};

static void test_guesses(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(guesses); i++) {
        const char *first_guess = NULL;
        SearchResult result;

        query(guesses[i].question, &result);
        g_test_message("“%s”", guesses[i].question);
        g_assert_cmpint(result.outcome, ==, SEARCH_NONE);
        for (guint k = result.hit_count; k-- > 0;)
            if (result.hits[k].is_guess) first_guess = catalogue->topics[result.hits[k].topic].code;
        g_assert_cmpstr(first_guess, ==, guesses[i].guess);
    }
}

/* ---- whatever comes in ---- */

static void check_result(const SearchResult *r)
{
    g_assert_cmpuint(r->hit_count, <=, SEARCH_HITS_MAX);
    for (guint i = 0; i < r->hit_count; i++) {
        g_assert_cmpfloat(r->hits[i].confidence, >=, 0);
        g_assert_cmpfloat(r->hits[i].confidence, <=, 1);
        if (i > 0) g_assert_cmpfloat(r->hits[i].score, <=, r->hits[i - 1].score);
        for (guint k = 0; k < i; k++)
            g_assert_cmpuint(r->hits[i].topic, !=, r->hits[k].topic);
    }
    if (r->outcome != SEARCH_NONE) g_assert_cmpuint(r->hit_count, >, 0);
}

static void test_any_text(void)
{
    g_autofree char *long_text = g_strnfill(1 << 20, 'a');
    g_autoptr(GString) long_han = g_string_new(NULL);
    const char *texts[] = { long_text,  NULL,       "\xff\xfe\x80", "低保\xff标准",
                            "\xd6\xd0", "a'b\"c*(", "%s%n" };

    for (int i = 0; i < 100000; i++)
        g_string_append(long_han, "低保");
    texts[1] = long_han->str;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        SearchResult result;
        query(texts[i], &result);
        check_result(&result);
    }
}

/* The same question has the same result, whatever was asked in between. */
static void test_no_memory(void)
{
    SearchResult before, between, after;

    query("低保标准", &before);
    query("公租房", &between);
    query("低保标准", &after);
    check_result(&before);
    g_assert_cmpmem(&before, sizeof before, &after, sizeof after);
}

static void test_match(void)
{
    for (guint i = 0; i < catalogue->qa_count; i++) {
        const char *row = catalogue->qas[i].question;
        g_assert_cmpfloat(match_qa(row, row), >, 0.95);
        g_assert_cmpfloat(match_qa("联合执法", row), <, 0.6);
        g_assert_cmpfloat(match_qa("", row), ==, 0);
    }
}

int main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    catalogue = starter_catalogue();
    search = search_new(catalogue);
    g_test_add_func("/search/first", test_first);
    g_test_add_func("/search/none", test_none);
    g_test_add_func("/search/guesses", test_guesses);
    g_test_add_func("/search/any-text", test_any_text);
    g_test_add_func("/search/no-memory", test_no_memory);
    g_test_add_func("/search/match", test_match);
    status = g_test_run();
    search_free(search);
    catalogue_free(catalogue);
    return status;
}

#include "db/redirect.h"

#include <string.h>

#include "charset/fold.h"
#include "db/redirect_table.h"
#include "tests/db/starter.h"

static Catalogue *catalogue;

static void test_where(void)
{
    static const struct {
        const char *question, *expected;
    } rows[] = {
        { "明天下雨吗", "12121" },
        { "我的公积金怎么提", "12329" },
        { "家里着火了，驾驶证烧了", "119" }, /* what is urgent first */
        { "天气这么热，老人晕倒了", "120" },
        { "小偷偷了我的身份证", "110" },
        { "追尾了怎么处理", "122" },
        { "不想活了", "12356" },
        { "渔船在海上翻船了", "12395" },
        { "被狗咬了打什么针", "医院" },
        { "贷款买房公积金能提多少", "12329" }, /* strong before weak */
        { "车子年检在哪里", "12123" },
        { "出租车多收钱", "12328" },
        { "火车票怎么退", "12306" },
        { "护照到期了", "12367" },
        { "海关罚款", "12360" },
        { "领结婚证带什么", "民政局" },
        { "房子过户手续", "不动产" },
        { "公证处在哪里", "12348" },
        { "个税怎么退", "12366" },
        { "信用卡逾期", "12378" },
        { "炒股亏了", "12386" },
        { "换零钱哪里换", "12363" },
        { "法院什么时候开庭", "12368" },
        { "检察院电话", "12309" },
        { "有人在赌博", "110" },
        { "淘宝买的东西不给退", "12315" },
        { "狂犬疫苗哪里打", "12320" },
        { "停电了什么时候来电", "95598" },
        { "停水了", "自来水公司" },
        { "宽带坏了", "12300" },
        { "快递丢了", "12305" },
        { "高考成绩", "考试" },
        { "最低工资多少", "12333" },
        { "退伍军人优待", "退役军人" },
        { "营业执照怎么办", "市场监管" },
        { "医保", "12393" },
        { "残疾", "12385" },
        { "你好", "例如" },
        { "你好，残疾", "12385" }, /* a greeting is chosen last */
        { "讲个笑话", "例如" },
        { "楼道能停电动车吗", "社区" }, /* no 停电 */
        { "怎么领养老金", "12333" },    /* no 领养 */
        { "护理补贴条件", "社区" },     /* no 贴条 */
        { "邻居家电话多少", "社区" },   /* no 家电 */
        { "手机中毒了", "社区工作人员帮忙" },
        { "老公打我", "110" },
        { "孩子考不上高中怎么办", "学校" },
        { "烟花爆竹能放吗", "12345" },
        { "这台Wi-Fi", "社区" },
        { "WIFI密码", "社区工作人员帮忙" },
        { "shen ban zhao", "社区" }, /* no nba */
        { "低", "社区" },
        { "", "社区" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *folded = fold_text(rows[i].question, -1);
        const char *where = redirect_for(folded) ? redirect_for(folded) : REDIRECT_NOWHERE;
        g_test_message("%s: %s", rows[i].question, where);
        g_assert_nonnull(strstr(where, rows[i].expected));
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
        { "住房公积金", REDIRECT_STRONG, "住房公积金" }, /* the longer word */
        { "离婚", REDIRECT_WEAK, "离婚" },
        { "房价贵，公积金", REDIRECT_STRONG, "公积金" },
        { "低保", REDIRECT_OURS, NULL },
        { "医保", REDIRECT_OURS, NULL },
        { "你好，我想问低保", REDIRECT_OURS, NULL },
        { "电动车停哪里", REDIRECT_OURS, NULL }, /* no 动车 */
        { "门口停电动车", REDIRECT_OURS, NULL },
        { "要养护照顾老人", REDIRECT_OURS, NULL },   /* no 护照 */
        { "社保单位交多少", REDIRECT_OURS, NULL },   /* no 保单 */
        { "举报关于垃圾的事", REDIRECT_OURS, NULL }, /* no 报关 */
        { "看NBA", REDIRECT_STRONG, "nba" },
        { "shenbanzhao", REDIRECT_OURS, NULL },
        { "证", REDIRECT_OURS, NULL },
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

/* ---- the table ---- */

/* Each word: folded, long enough, in no other place, and leads to its own row by itself. */
static void check_words(const RedirectRow *row, RedirectStrength strength, const char *words,
                        GHashTable *seen)
{
    g_auto(GStrv) list = g_strsplit(words ? words : "", " ", -1);

    for (char **word = list; *word; word++) {
        g_autofree char *folded = fold_text(*word, -1);
        g_test_message("%s: %s", row->id, *word);
        g_assert_cmpstr(folded, ==, *word);
        g_assert_cmpint((int)g_utf8_strlen(*word, -1), >=, 2);
        g_assert_true(g_hash_table_add(seen, g_strdup(*word)));
        g_assert_cmpint(redirect_find(*word, NULL), ==, strength);
        if (row->where) g_assert_cmpstr(redirect_for(*word), ==, row->where);
    }
}

static void test_words(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(redirect_rows); i++) {
        const RedirectRow *row = &redirect_rows[i];
        g_assert_true(row->strong || row->weak || row->ours);
        check_words(row, REDIRECT_STRONG, row->strong, seen);
        check_words(row, REDIRECT_WEAK, row->weak, seen);
        check_words(row, REDIRECT_OURS, row->ours, seen);
    }
}

static gboolean is_known_number(const char *number)
{
    static const char *const known[] = {
        "110",   "119",   "120",   "122",   "11185", "12121", "12123", "12300", "12301", "12305",
        "12306", "12309", "12315", "12318", "12320", "12328", "12329", "12333", "12338", "12345",
        "12348", "12350", "12355", "12356", "12360", "12363", "12366", "12367", "12368", "12369",
        "12378", "12385", "12386", "12388", "12393", "12395", "95598", "96110", NULL,
    };

    return g_strv_contains(known, number);
}

/* A sentence is short, ends as one, and gives no number but the national ones. */
static void test_sentences(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(redirect_rows); i++) {
        const char *where = redirect_rows[i].where;

        if (!where) continue;
        g_test_message("%s", redirect_rows[i].id);
        g_assert_true(g_str_has_suffix(where, "。"));
        g_assert_cmpint((int)g_utf8_strlen(where, -1), <=, 45);
        for (const char *p = where; *p; p++) {
            gsize len = strspn(p, "0123456789");
            g_autofree char *number = g_strndup(p, len);
            if (len == 0) continue;
            g_assert_true(is_known_number(number));
            p += len - 1;
        }
    }
}

/* ---- nothing that we call ours is surely another office's ---- */

static void check_ours(const char *text)
{
    g_autofree char *folded = fold_text(text, -1);
    g_autofree char *word = NULL;
    RedirectStrength strength = redirect_find(folded, &word);

    if (strength == REDIRECT_STRONG) g_test_message("%s: %s", text, word);
    g_assert_cmpint(strength, !=, REDIRECT_STRONG);
}

static void test_ours(void)
{
    g_assert_cmpuint(catalogue->topic_count, >, 0);
    for (guint i = 0; i < catalogue->topic_count; i++) {
        const Topic *topic = &catalogue->topics[i];
        check_ours(topic->name);
        check_ours(topic->short_answer);
        check_ours(topic->description);
        check_ours(topic->eligibility);
        check_ours(topic->application_process);
        check_ours(topic->required_documents);
        for (char **name = topic->alternate_names; *name; name++)
            check_ours(*name);
    }
    for (guint i = 0; i < catalogue->qa_count; i++) {
        check_ours(catalogue->qas[i].question);
        check_ours(catalogue->qas[i].answer);
    }
    /* Everyday words may hold one (老公坐牢 means 低保): a topic that has the word in its own is
     * not held back by it (other_office() in search.c). */
}

/* ---- a question costs microseconds ---- */

static void test_speed(void)
{
    const char *question = "我想问问老人补贴怎么领啊要带什么";
    enum { ROUNDS = 20000 };
    gint64 start;
    double us;

    redirect_find(question, NULL); /* builds the index */
    start = g_get_monotonic_time();
    for (int i = 0; i < ROUNDS; i++)
        redirect_find(question, NULL);
    us = (double)(g_get_monotonic_time() - start) / ROUNDS;
    g_test_minimized_result(us, "%.2f us a question of %ld characters", us,
                            g_utf8_strlen(question, -1));
}

int main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    catalogue = starter_catalogue();
    g_test_add_func("/redirect/where", test_where);
    g_test_add_func("/redirect/strength", test_strength);
    g_test_add_func("/redirect/words", test_words);
    g_test_add_func("/redirect/sentences", test_sentences);
    g_test_add_func("/redirect/ours", test_ours);
    g_test_add_func("/redirect/speed", test_speed);
    status = g_test_run();
    catalogue_free(catalogue);
    return status;
}

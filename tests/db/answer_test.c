#include "db/answer.h"

#include "tests/db/starter.h"

static Catalogue *catalogue;
static Search *search;

static Answer *ask(const char *question)
{
    g_test_message("%s", question);
    return answer_question(catalogue, search, question);
}

/* ---- what must stand in the text ---- */

static const struct {
    const char *question;
    const char *words; /* all of them, separated by spaces */
} texts[] = {
    { "残疾人补贴去年发了多少钱", "198万元 400多名 2023年 锦湖街道2023年工作报道" },
    { "公租房补助有几户", "180户 2023年" },
    { "哪些老小区改造好了", "锦桥小区 联星小区 气象组团 西河小区 花园新村" },
    { "低保户救助一年发多少万", "100万余元 2023年" },
    { "西河小区改好了吗", "已完工 2023年" },
    { "巡河整改问题数量", "998" },
    { "规上工业产值增长率", "7.6%" },
    { "申请辅具补贴要带什么", "所需材料 残疾人证" },
    { "高龄津贴在哪里办", "办理地点 待社区核实 12345" },
    { "去年低保发了多少钱", "100万余元 2023年 已公布的是2023年的数字" },
    { "2025年残疾人补贴发了多少钱", "198万元 没有2025年的数字" },
    { "CL03", "残疾人证" },
    { "cl03", "残疾人证" },
};

static void assert_words(const char *text, const char *words)
{
    g_auto(GStrv) list = g_strsplit(words, " ", -1);

    for (char **word = list; *word; word++) {
        if (!strstr(text, *word)) g_error("“%s” is missing in: %s", *word, text);
    }
}

static void test_texts(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(Answer) a = ask(texts[i].question);
        g_assert_cmpuint(a->items->len, >, 0);
        assert_words(((AnswerItem *)g_ptr_array_index(a->items, 0))->text, texts[i].words);
    }
}

/* ---- every figure and every project can be asked for in plain words ---- */

/* A whole number in a text: "400" is not in "1400". */
static gboolean has_number(const char *text, const char *number)
{
    for (const char *p = strstr(text, number); p; p = strstr(p + 1, number)) {
        const char *end = p + strlen(number);
        gboolean starts = p == text || !(g_ascii_isdigit(p[-1]) || p[-1] == '.');
        if (starts && !g_ascii_isdigit(*end) && !(*end == '.' && g_ascii_isdigit(end[1])))
            return TRUE;
    }
    return FALSE;
}

static void test_all_figures(void)
{
    for (guint i = 0; i < catalogue->figure_count; i++) {
        const Figure *f = &catalogue->figures[i];
        g_autofree char *question =
            g_strdup_printf("%d年%s%s是多少", f->year, f->subject, f->indicator);
        g_autofree char *year = g_strdup_printf("%d年", f->year);
        g_autoptr(Answer) a = ask(question);
        const AnswerItem *item = g_ptr_array_index(a->items, 0);

        g_assert_cmpint(a->outcome, ==, SEARCH_ANSWER);
        g_assert_true(g_ptr_array_find(item->figures, f, NULL));
        g_assert_true(has_number(item->text, f->value));
        assert_words(item->text, year);
        g_assert_nonnull(strstr(item->text, f->source));
        if (*f->qualifier_text) {
            const char *comma = strstr(f->qualifier_text, "，");
            g_autofree char *clause =
                g_strndup(f->qualifier_text,
                          comma ? (gsize)(comma - f->qualifier_text) : strlen(f->qualifier_text));
            g_assert_nonnull(strstr(item->text, clause));
        }
    }
}

static void test_all_projects(void)
{
    for (guint i = 0; i < catalogue->project_count; i++) {
        const Project *p = &catalogue->projects[i];
        g_autofree char *question = g_strdup_printf("%s怎么样了", p->name);
        g_autoptr(Answer) a = ask(question);
        const AnswerItem *item = g_ptr_array_index(a->items, 0);

        g_assert_cmpint(a->outcome, ==, SEARCH_ANSWER);
        g_assert_true(g_ptr_array_find(item->projects, p, NULL));
        g_assert_nonnull(strstr(item->text, p->status));
        g_assert_nonnull(strstr(item->text, p->progress));
        g_assert_nonnull(strstr(item->text, p->source));
    }
}

/* ---- outcomes ---- */

static void test_none(void)
{
    g_autoptr(Answer) a = ask("明天下雨吗");

    g_assert_cmpint(a->outcome, ==, SEARCH_NONE);
    assert_words(a->text, "12121 12345");
}

/* Words that only ask get a question back. */
static void test_no_subject(void)
{
    static const char *const questions[] = { "带什么", "多少钱", "在哪里办？",
                                             "",       "？？？", "怎么办" };

    for (gsize i = 0; i < G_N_ELEMENTS(questions); i++) {
        g_autoptr(Answer) a = ask(questions[i]);
        g_assert_cmpint(a->outcome, ==, SEARCH_NONE);
        assert_words(a->text, "哪件事 12345");
    }
}

static void test_unverified_says_so(void)
{
    for (guint i = 0; i < catalogue->topic_count; i++) {
        const Topic *t = &catalogue->topics[i];
        g_autoptr(Answer) a = ask(t->code);
        g_autofree char *sms = answer_sms(a);

        if (t->is_verified) continue;
        g_assert_nonnull(strstr(a->text, "待社区核实"));
        g_assert_nonnull(strstr(sms, "核实"));
    }
}

static void test_sms_length(void)
{
    for (guint i = 0; i < catalogue->qa_count; i++) {
        g_autoptr(Answer) a = ask(catalogue->qas[i].question);
        g_autofree char *sms = answer_sms(a);
        glong length = g_utf8_strlen(sms, -1);

        g_assert_true(g_utf8_validate(sms, -1, NULL));
        g_assert_cmpint((int)length, >, 0);
        g_assert_cmpint((int)length, <=, 134);
    }
}

int main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    catalogue = starter_catalogue();
    search = search_new(catalogue);
    g_test_add_func("/answer/texts", test_texts);
    g_test_add_func("/answer/all-figures", test_all_figures);
    g_test_add_func("/answer/all-projects", test_all_projects);
    g_test_add_func("/answer/none", test_none);
    g_test_add_func("/answer/no-subject", test_no_subject);
    g_test_add_func("/answer/unverified-says-so", test_unverified_says_so);
    g_test_add_func("/answer/sms-length", test_sms_length);
    status = g_test_run();
    search_free(search);
    catalogue_free(catalogue);
    return status;
}

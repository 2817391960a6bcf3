#include "kiosk/topic_words.h"

static char first_phone[] = "12333", second_phone[] = "12345";
static char *two_phones[] = { first_phone, second_phone, NULL };

static Topic topic_of(const char *process, const char *short_answer)
{
    Topic topic = { .application_process = process,
                    .short_answer = short_answer,
                    .description = "",
                    .phones = two_phones };
    return topic;
}

static void test_where(void)
{
    static const struct {
        const char *process, *short_answer, *where;
    } rows[] = {
        { "1. 本人或监护人向户口所在地街道提交申请。2. 街道初审。", "",
          "向户口所在地街道提交申请" },
        { "1. 到派出所申请，拍照。2. 缴费。", "", "到派出所申请" },
        { "1. 先挂失。2. 带身份证到服务网点补办。", "", "到服务网点补办" },
        { "1. 结算时享受。2. 没有结算的，向街道提出申请。", "", "没有结算的，向街道提出申请" },
        { "1. 提出申请。2. 街道审核。", "", NULL }, /* who decides is not where one goes */
        { "1. 申请。", "到派出所或社区窗口办，也可问网格员。", "到派出所或社区窗口办" },
        { "1. 看到社区有违规，打12345。", "", NULL },
        { "", "", NULL },
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        Topic topic = topic_of(rows[i].process, rows[i].short_answer);
        g_autofree char *where = topic_words_where(&topic);
        g_assert_cmpstr(where, ==, rows[i].where);
    }
}

static void test_phone(void)
{
    Topic by_phone = topic_of("1. 停止转账。2. 马上打12333。", "");
    Topic other = topic_of("1. 打印申请表。2. 提出申请。", "");

    g_assert_true(topic_words_is_by_phone(&by_phone));
    g_assert_false(topic_words_is_by_phone(&other));
    g_assert_cmpstr(topic_words_phone(&other), ==, "12345");
}

static void test_told(void)
{
    static const struct {
        const char *text, *told;
        gboolean is_told;
    } rows[] = {
        { "金额请问社区。", "金额请问社区", TRUE },
        { "又需要长期照护的可以领", "且需要长期照护的残疾人\n申领", TRUE },
        { "到期换领20元", "到期换领20元", TRUE },
        { "到期换领20元", "到期换领120元", FALSE }, /* a number is one as a whole */
        { "到期换领0.5元", "到期换领5元", FALSE },
        { "不收钱", "收钱", FALSE },
        { "带户口簿", "带身份证", FALSE },
        { "", "", TRUE },
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpint(topic_words_are_told(rows[i].text, rows[i].told), ==, rows[i].is_told);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/topic-words/where", test_where);
    g_test_add_func("/topic-words/phone", test_phone);
    g_test_add_func("/topic-words/told", test_told);
    return g_test_run();
}

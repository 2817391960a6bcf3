#include "db/redirect.h"

#include <glib.h>
#include <string.h>

/* First match wins: what is urgent stands first. */
static const struct {
    const char *words; /* separated by spaces */
    const char *where;
} redirects[] = {
    { "着火 起火 火灾 爆炸 煤气泄漏", "有火情请马上打119。" },
    { "救命 晕倒 昏倒 急救 吐血 不省人事 心梗 中风了 煤气中毒", "急病、受伤请马上打120。" },
    { "被打 打人 打我 打老婆 打孩子 打老人 抢劫 小偷 偷了 被偷 失踪 走丢 报警 家暴 威胁",
      "遇到危险、要报警请打110。" },
    { "自杀 不想活 想死 抑郁 心理", "心里难受请打12356（心理援助热线），有危险请打110。" },
    { "天气 下雨 气温 台风 刮风 多少度 降温 下雪 预报", "天气请打12121。" },
    { "驾照 驾驶证 违章 扣分 车管 年检 行驶证 车牌 交警", "驾驶证、车辆和交通违法请打12123。" },
    { "退伍 退役 征兵 参军 军人", "退役军人和征兵的事请打12345问街道退役军人服务站、武装部。" },
    { "营业执照 开公司 开店 注册公司 网店", "营业执照等登记注册请打12345问市场监管所。" },
    { "公务员 教师资格 高考 中考 考研 四级 考证", "考试报名请问组织考试的单位。" },
    { "公积金", "住房公积金请打12329。" },
    { "税 发票 个税", "税务请打12366。" },
    { "火车 高铁 动车 车票", "火车票请打12306。" },
    { "停电 电费 电表 没电", "用电请打95598。" },
    { "快递 邮政 包裹", "邮政、快递问题请打12305。" },
    { "假货 退货 淘宝 拼多多 网购 消费 缺斤 保修", "消费纠纷请打12315。" },
    { "护照 签证 出国 通行证 出入境", "护照、签证和出入境请打12367。" },
    { "海关 进口", "海关请打12360。" },
    { "宽带 话费 流量 手机卡 信号", "通信服务投诉请打12300。" },
    { "银行卡 贷款 基金 股票 理财 利息 信用卡", "银行、保险和投资请问开户机构，投诉请打12378。" },
    { "结婚登记 领结婚证 离婚 领证 婚姻登记", "婚姻登记请打12345问登记处。" },
    { "工资 劳动合同 仲裁 工伤", "劳动保障请打12333。" },
    { "医保", "医保请打12393。" },
    { "残疾", "残疾人服务请打12385。" },
    { "律师 法律 官司 起诉", "法律问题请打12348。" },
};

/* The row that matches, and the word that did; NULL if none. */
static const char *find(const char *folded, const char **word, gsize *word_len)
{
    gsize folded_len = strlen(folded);

    for (gsize i = 0; i < G_N_ELEMENTS(redirects); i++) {
        for (const char *p = redirects[i].words; *p; p += strspn(p, " ")) {
            *word = p;
            *word_len = strcspn(p, " ");
            if (memmem(folded, folded_len, p, *word_len)) return redirects[i].where;
            p += *word_len;
        }
    }
    return NULL;
}

const char *redirect_for(const char *folded)
{
    const char *word;
    gsize len;
    const char *where = find(folded, &word, &len);

    return where ? where : "可以问社区工作人员。";
}

char *redirect_word(const char *folded)
{
    const char *word;
    gsize len;

    return find(folded, &word, &len) ? g_strndup(word, len) : NULL;
}

#pragma once
/* The rows of redirect.c: what residents ask that the subdistrict does not handle, in their words,
 * and who does. Only national short numbers, each the office's own; where there is none, 12345
 * knows. Words are folded (fold.h), two characters or more, each in one place only. */
#include <glib.h>

typedef struct {
    const char *id;
    const char *where; /* a sentence or two; NULL: the words only keep shorter ones inside them
                          from counting */
    const char *strong, *weak, *ours; /* words, separated by spaces; NULL: none */
    gboolean is_urgent;               /* chosen before all others */
} RedirectRow;

/* clang-format off */
static const RedirectRow redirect_rows[] = {
    { "fire", "有火情请马上打119。", .weak = "着火 起火 火灾 爆炸 煤气泄漏", .is_urgent = TRUE },
    { "ambulance", "急病、受伤请马上打120。",
      .weak = "救命 晕倒 昏倒 急救 吐血 不省人事 心梗 煤气中毒", .is_urgent = TRUE },
    { "police", "遇到危险、要报警请打110。",
      .weak = "被打 打人 打我 打老婆 打孩子 打老人 抢劫 小偷 偷了 被偷 失踪 走丢 报警 家暴 威胁",
      .is_urgent = TRUE },
    { "mind", "心里难受请打12356（心理援助热线），有危险请打110。",
      .weak = "自杀 不想活 想死 抑郁 心理", .is_urgent = TRUE },
    { "weather", "天气请打12121。",
      .strong = "天气 下雨 气温 刮风 多少度 降温 下雪", .weak = "台风 预报" },
    { "traffic", "驾驶证、车辆和交通违法请打12123。",
      .strong = "驾照 驾驶证 违章 扣分 车管 年检 行驶证 车牌", .weak = "交警" },
    { "army", "退役军人和征兵的事请打12345问街道退役军人服务站、武装部。",
      .strong = "退伍 退役 征兵 参军", .weak = "军人" },
    { "business", "营业执照等登记注册请打12345问市场监管所。",
      .strong = "营业执照 开公司 注册公司 网店", .weak = "开店" },
    { "exam", "考试报名请问组织考试的单位。",
      .strong = "公务员 教师资格 高考 中考 考研 四级 考证" },
    { "housing_fund", "住房公积金请打12329。", .strong = "公积金" },
    { "tax", "税务请打12366。", .strong = "个税", .weak = "发票 税务" },
    { "train", "火车票请打12306。", .strong = "火车 高铁 车票", .weak = "动车" },
    { "power", "用电请打95598。", .strong = "停电 电费 电表", .weak = "没电" },
    { "post", "邮政、快递问题请打12305。", .strong = "快递 邮政", .weak = "包裹" },
    { "consumer", "消费纠纷请打12315。",
      .strong = "淘宝 拼多多 网购", .weak = "退货 消费 缺斤 保修 假货" },
    { "border", "护照、签证和出入境请打12367。",
      .strong = "护照 签证 出国 通行证 出入境" },
    { "customs", "海关请打12360。", .strong = "海关 进口" },
    { "phone", "通信服务投诉请打12300。", .strong = "宽带 话费", .weak = "流量 手机卡 信号" },
    { "bank", "银行、保险和投资请问开户机构，投诉请打12378。",
      .strong = "信用卡", .weak = "银行卡 贷款 基金 股票 理财 利息" },
    { "marriage", "婚姻登记请打12345问登记处。",
      .strong = "结婚登记 领结婚证 婚姻登记", .weak = "离婚 领证" },
    { "labour", "劳动保障请打12333。", .weak = "工资 劳动合同 仲裁 工伤" },
    { "health_insurance", "医保请打12393。", .ours = "医保" },
    { "disability", "残疾人服务请打12385。", .ours = "残疾" },
    { "law", "法律问题请打12348。", .ours = "律师 法律 官司 起诉" },
    { "guard", NULL, .ours = "电动车" },
};

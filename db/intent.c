#include "db/intent.h"

#include <string.h>

#include "db/term.h"

static const struct {
    Intent intent;
    const char *phrases; /* separated by spaces */
} intents[] = {
    { INTENT_WHO, "谁能 谁可以 哪些人 什么人 什么条件 条件 资格 符合 能不能领 能领吗 可以领吗 "
                  "能申请 可以申请 能不能申请 够不够 算不算 几岁 多大年纪 对象 几级" },
    { INTENT_AMOUNT, "多少钱 补多少 发多少 领多少 几块 几钱 标准 金额 收费 要钱 交多少 罚多少 "
                     "工本费 报多少 百分之几 几成 给多少 能拿多少 多少元" },
    { INTENT_HOW, "怎么办 怎么弄 怎么申请 怎么领 怎样 如何 流程 步骤 手续 办理 申请 怎么交 怎么报 "
                  "怎么补 怎么换 怎么走" },
    { INTENT_DOCUMENTS, "带什么 带哪些 材料 资料 证件 证明 准备什么 需要什么 要什么 复印件 照片" },
    { INTENT_WHERE, "在哪 哪里 哪儿 去哪 到哪 地址 地点 窗口 位置 几楼 什么地方" },
    { INTENT_WHEN, "几点 什么时候 上班时间 开门 时间 哪天 周末 星期 几号 多久 期限 截止 下班" },
    { INTENT_PHONE, "电话 号码 打给 热线 联系 打哪" },
    { INTENT_FIGURE,
      "多少 几户 几家 几个 几条 几名 几人 几处 几次 几件 几项 几位 几场 几亩 几吨 几幢 "
      "总额 总量 总数 总共 一共 合计 数量 金额 增长 增速 增幅 比例 完成率 排名 排第 第几 "
      "去年 2023 2024 统计 数据 产值 投资额 人次 规模 多少个 数字 率是 占比" },
    { INTENT_LIST, "哪些 哪几 有哪 名单 几个 都有什么 有什么" },
    { INTENT_PROGRESS, "进度 怎么样了 好了吗 好了没 完工 完成了 建好 修好 改好 到哪一步 什么时候能 "
                       "动工 开工 通车 拆到 竣工 进展 情况" },
    { INTENT_MINE,
      "我的补贴 发了没 发没发 到账 我家的 我的残疾 我的低保 我的养老金 查我 批下来没 批了没 到了没 "
      "还没发 还没到 没收到 没打到 打到卡里 打卡里 审批到 审核到" },
};

guint intent_of(const char *folded)
{
    gsize folded_len = strlen(folded);
    guint mask = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(intents); i++) {
        const char *p = intents[i].phrases;

        while (*p && !(mask & intents[i].intent)) {
            gsize len = strcspn(p, " ");
            if (memmem(folded, folded_len, p, len)) mask |= intents[i].intent;
            p += len;
            p += strspn(p, " ");
        }
    }
    return mask;
}

/* Words that only ask, or only point back; longer ones first where one holds the other. */
static const char *const asking[] = {
    "需要什么材料", "要什么材料", "要带什么", "带什么", "什么条件", "什么时候", "什么地方",
    "怎么申请",     "怎么办理",   "怎么办",   "怎么弄", "怎么领",   "怎么交",   "在哪里办",
    "在哪里",       "在哪儿",     "去哪里",   "到哪里", "哪里办",   "哪里",     "哪儿",
    "多少钱",       "多少",       "几点上班", "几点",   "电话号码", "电话",     "地址",
    "地点",         "材料",       "条件",     "标准",   "流程",     "手续",     "时间",
    "谁能",         "谁可以",     "多久",     "什么",   "怎么",     "办理",     "申请",
    "上班",         "号码",       "具体",     "一下",   "需要",     "知道",     "告诉",
    "这个",         "那个",       "东西",
};

gboolean intent_has_subject(const char *folded)
{
    g_autoptr(GString) rest = g_string_new(folded);

    for (gsize i = 0; i < G_N_ELEMENTS(asking); i++)
        g_string_replace(rest, asking[i], "", 0);
    for (const char *p = rest->str; *p; p = g_utf8_next_char(p)) {
        gunichar ch = g_utf8_get_char(p);
        if (g_unichar_isalnum(ch) && !term_is_function_char(ch)) return TRUE;
    }
    return FALSE;
}

gboolean intent_is_recent(const char *folded)
{
    return strstr(folded, "去年") || strstr(folded, "今年") || strstr(folded, "前年");
}

int intent_year(const char *folded)
{
    for (const char *p = strstr(folded, "20"); p; p = strstr(p + 1, "20")) {
        if (p > folded && g_ascii_isdigit(p[-1])) continue;
        if (g_ascii_isdigit(p[2]) && g_ascii_isdigit(p[3]) && !g_ascii_isdigit(p[4]))
            return 2000 + (p[2] - '0') * 10 + (p[3] - '0');
    }
    return 0;
}

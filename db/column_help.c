#include "db/column_help.h"

static const ColumnHelp topic_help[RULE_COLUMNS_MAX] = {
    { "事项的固定代号，用了就不改，删掉的号不再用", "CL01" },
    { "正式名称，不能和别的事项重复", "困难残疾人生活补贴" },
    { "首页上放在哪一组", "残疾人服务" },
    { "居民平常怎么叫，至少三个；查找全靠它，多写几个", "残疾人补贴;残补;残疾人生活补贴" },
    { "先说结论，可以直接当短信发；不写网址，不写“详见文件”",
      "低保家庭里有残疾人证的人可以领，向户口所在地街道申请。" },
    { "短句，先结论后条件，不要整段抄公文",
      "这笔钱补的是因残疾多出来的生活开支。审定合格的，从申请当月算起，转账到本人账户。" },
    { "谁可以办", "有残疾人证的低保家庭成员。" },
    { "发多少；收费的以“收费：”开头。没有核实就空着", "每人每月100元。" },
    { "一步一步写", "1. 本人向户口所在地街道提交申请。2. 街道初审。" },
    { "要带什么，几样之间用“；”隔开", "身份证；残疾人证；本人银行卡" },
    { "门牌地址、楼层、窗口号", "锦湖街道便民服务中心1楼3号窗口" },
    { "上班时间和休息日", "周一至周五8:30-17:00，节假日休息" },
    { "打得通的办公电话，几个之间用英文分号 ; 隔开；座机带区号，不写个人手机",
      "12345;0577-65812345" },
    { "文号、法规名或报道名，几个之间用英文分号 ; 隔开", "国发〔2015〕52号;民发〔2021〕70号" },
    { "这一行的内容截至哪一天；重新核对过才改", "2023-12-31" },
    { "整行都有出处、居民不用再问，才写“已核实”", "待社区核实" },
};

static const ColumnHelp figure_help[RULE_COLUMNS_MAX] = {
    { "属于哪个事项，要在“事项”表里有", "CL01" },
    { "数据是哪一年的", "2023" },
    { "哪件事", "残疾人补贴" },
    { "数的是什么；编号、年份、项目、指标合起来不能重复", "受益残疾人" },
    { "只写数：不写单位，不写逗号，“多、余”写到“说明”", "400" },
    { "单位", "名" },
    { "原话里的余、多、超、以上；显示时一定带上", "400多名" },
    { "出处", "锦湖街道2023年工作报道" },
};

static const ColumnHelp project_help[RULE_COLUMNS_MAX] = {
    { "项目或地方的名字，不能重复", "虹桥小区改造" },
    { "哪一类", "老旧小区改造" },
    { "属于哪个事项，要在“事项”表里有", "CL01" },
    { "在哪里、归谁；不清楚就空着，不要猜", "虹北社区" },
    { "到哪一步了", "建设中" },
    { "照原话写，不要自己估百分比", "已完成外墙改造" },
    { "截至哪一年", "2023" },
    { "补充", "涉及5幢楼" },
    { "出处", "锦湖街道2023年工作报道" },
};

static const ColumnHelp qa_help[RULE_COLUMNS_MAX] = {
    { "属于哪个事项，要在“事项”表里有；一个事项写三到六组", "CL01" },
    { "居民的原话，以问号结尾，不能重复", "残疾人补贴怎么领？" },
    { "只说其他表里有的话，数字要有出处；事项改了，这里也要改", "带上残疾人证，到街道申请。" },
};

static const ColumnHelp synonym_help[RULE_COLUMNS_MAX] = {
    { "归到哪个词，不能重复", "最低生活保障" },
    { "居民的叫法，几个之间用英文分号 ; 隔开；一个叫法只放在一行里", "低保;吃低保" },
};

static const ColumnHelp lay_word_help[RULE_COLUMNS_MAX] = {
    { "居民平常说的话，不能重复", "看不清东西" },
    { "说的是哪个事项（写编号），或正式的词；几个之间用英文分号 ; 隔开", "CL01;CL03" },
    { "为什么这样算，给同事看", "视力残疾" },
};

static const ColumnHelp notice_help[RULE_COLUMNS_MAX] = {
    { "一句话说清，不能重复", "社区食堂春节放假" },
    { "正文", "社区食堂2月9日到12日不开放，13日恢复。" },
    { "从哪一天起显示；空着就是马上", "2024-02-01" },
    { "显示到哪一天（含当天）；空着就一直显示，记得填", "2024-02-13" },
    { "放在哪一组", "社区生活" },
};

static const ColumnHelp person_help[RULE_COLUMNS_MAX] = {
    { "18 位，照证件录入；这一列已是“文本”，不要改成数字", "99999919900101018X" },
    { "照证件写全名，间隔号写“·”", "张三" },
    { "收短信的号码，11 位；没有就空着，不填座机", "15400000001" },
    { "事项的编号，不写名称", "CL01" },
    { "发的是哪一段：整年或某一月；身份证号、项目、期间合起来不能重复", "2023-01" },
    { "元，两位小数，不写“万”", "100.00" },
    { "到哪一步了", "已发放" },
    { "到账的日子，“已发放”才填", "2023-01-25" },
    { "说明；不要写病情等隐私", "按月发放" },
};

static const ColumnHelp *const helps[RULE_SHEET_COUNT] = {
    [RULE_SHEET_TOPIC] = topic_help,     [RULE_SHEET_FIGURE] = figure_help,
    [RULE_SHEET_PROJECT] = project_help, [RULE_SHEET_QA] = qa_help,
    [RULE_SHEET_SYNONYM] = synonym_help, [RULE_SHEET_LAY_WORD] = lay_word_help,
    [RULE_SHEET_NOTICE] = notice_help,   [RULE_SHEET_PERSON] = person_help,
};

const ColumnHelp *column_help(RuleSheetId sheet, guint column)
{
    return &helps[sheet][column];
}

char *column_help_form(RuleSheetId sheet, guint column)
{
    const RuleColumn *rule = &rule_sheets[sheet].columns[column];
    switch (rule->kind) {
    case RULE_CHOICE: {
        g_autofree char *list = g_strjoinv("、", (char **)rule->choices);
        return g_strconcat("只能填：", list, NULL);
    }
    case RULE_LIST:
    case RULE_SOURCES:
    case RULE_PHONES:
        return g_strdup("几项之间用英文分号 ; 隔开");
    case RULE_CODE:
    case RULE_TOPIC:
        return g_strdup("两个大写字母加两位数字");
    case RULE_DATE:
        return g_strdup("年-月-日");
    case RULE_YEAR:
        return g_strdup("四位数字");
    case RULE_DECIMAL:
        return g_strdup("半角数字，可以有小数");
    case RULE_ID_NUMBER:
        return g_strdup("18 位，末位可以是大写 X");
    case RULE_MOBILE:
        return g_strdup("11 位数字");
    case RULE_PERIOD:
        return g_strdup("年，或年-月");
    case RULE_AMOUNT:
        return g_strdup("两位小数");
    case RULE_QUESTION:
        return g_strdup("以问号结尾");
    case RULE_TEXT:
    case RULE_SHORT_ANSWER:
    case RULE_PERSON_NAME:
        break;
    }
    return g_strdup("");
}

char *column_help_note(RuleSheetId sheet, guint column)
{
    const RuleColumn *rule = &rule_sheets[sheet].columns[column];
    const ColumnHelp *help = column_help(sheet, column);
    g_autofree char *form = column_help_form(sheet, column);
    return g_strdup_printf("%s。最多 %u 个字。\n%s。%s%s\n例：%s",
                           rule->is_required ? "必填" : "可以空着", rule->max_chars, help->meaning,
                           *form ? "\n" : "", form, help->example);
}

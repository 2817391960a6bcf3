#include "db/rule.h"

#include "db/private_number.h"

/* ---- the data dictionary ---- */

static const char *const categories[] = { "残疾人服务", "社会救助", "住房保障", "养老服务",
                                          "医保社保",   "教育就业", "户籍证件", "平安建设",
                                          "城市环境",   "社区生活", "政务公开", NULL };
static const char *const verification_states[] = { "已核实", "待社区核实", NULL };
static const char *const project_types[] = { "老旧小区改造", "重点项目", "美丽乡村",     "耕地整治",
                                             "治水工程",     "公园绿道", "共享共富场景", "文化场所",
                                             "治理项目",     "环境整治", "经合社",       NULL };
static const char *const project_states[] = { "前期推进", "建设中",     "已完工",   "已投用",
                                              "已治理",   "已完成目标", "持续推进", NULL };
static const char *const payment_states[] = { "已发放", "审核中", "退回", NULL };

#define REQUIRED TRUE
#define OPTIONAL FALSE

static const RuleColumn topic_columns[] = {
    { "编号", RULE_CODE, 4, REQUIRED, 0, NULL },
    { "名称", RULE_TEXT, 30, REQUIRED, 0, NULL },
    { "类别", RULE_CHOICE, 10, REQUIRED, 0, categories },
    { "别名", RULE_LIST, 120, REQUIRED, 3, NULL },
    { "一句话答复", RULE_SHORT_ANSWER, 60, REQUIRED, 0, NULL },
    { "详细说明", RULE_TEXT, 400, REQUIRED, 0, NULL },
    { "办理对象", RULE_TEXT, 150, OPTIONAL, 0, NULL },
    { "补贴标准", RULE_TEXT, 150, OPTIONAL, 0, NULL },
    { "办理流程", RULE_TEXT, 300, OPTIONAL, 0, NULL },
    { "所需材料", RULE_TEXT, 200, OPTIONAL, 0, NULL },
    { "办理地点", RULE_TEXT, 100, OPTIONAL, 0, NULL },
    { "办理时间", RULE_TEXT, 100, OPTIONAL, 0, NULL },
    { "咨询电话", RULE_PHONES, 60, REQUIRED, 1, NULL },
    { "依据", RULE_SOURCES, 200, REQUIRED, 1, NULL },
    { "数据日期", RULE_DATE, 10, REQUIRED, 0, NULL },
    { "核实状态", RULE_CHOICE, 5, REQUIRED, 0, verification_states },
};

static const RuleColumn figure_columns[] = {
    { "编号", RULE_TOPIC, 4, REQUIRED, 0, NULL },    { "年份", RULE_YEAR, 4, REQUIRED, 0, NULL },
    { "项目", RULE_TEXT, 30, REQUIRED, 0, NULL },    { "指标", RULE_TEXT, 30, REQUIRED, 0, NULL },
    { "数值", RULE_DECIMAL, 12, REQUIRED, 0, NULL }, { "单位", RULE_TEXT, 6, REQUIRED, 0, NULL },
    { "说明", RULE_TEXT, 80, OPTIONAL, 0, NULL },    { "来源", RULE_TEXT, 60, REQUIRED, 0, NULL },
};

static const RuleColumn project_columns[] = {
    { "名称", RULE_TEXT, 40, REQUIRED, 0, NULL },
    { "类型", RULE_CHOICE, 12, REQUIRED, 0, project_types },
    { "编号", RULE_TOPIC, 4, REQUIRED, 0, NULL },
    { "位置/所属", RULE_TEXT, 40, OPTIONAL, 0, NULL },
    { "状态", RULE_CHOICE, 10, REQUIRED, 0, project_states },
    { "进度", RULE_TEXT, 60, REQUIRED, 0, NULL },
    { "年份", RULE_YEAR, 4, REQUIRED, 0, NULL },
    { "说明", RULE_TEXT, 80, OPTIONAL, 0, NULL },
    { "来源", RULE_TEXT, 60, REQUIRED, 0, NULL },
};

static const RuleColumn qa_columns[] = {
    { "编号", RULE_TOPIC, 4, REQUIRED, 0, NULL },
    { "问题", RULE_QUESTION, 40, REQUIRED, 0, NULL },
    { "答复", RULE_TEXT, 120, REQUIRED, 0, NULL },
};

static const RuleColumn synonym_columns[] = {
    { "词", RULE_TEXT, 20, REQUIRED, 0, NULL },
    { "同义词", RULE_LIST, 120, REQUIRED, 1, NULL },
};

static const RuleColumn lay_word_columns[] = {
    { "俗语", RULE_TEXT, 20, REQUIRED, 0, NULL },
    { "意思", RULE_LIST, 120, REQUIRED, 1, NULL },
    { "说明", RULE_TEXT, 40, OPTIONAL, 0, NULL },
};

static const RuleColumn notice_columns[] = {
    { "标题", RULE_TEXT, 40, REQUIRED, 0, NULL },
    { "内容", RULE_TEXT, 120, REQUIRED, 0, NULL },
    { "开始日期", RULE_DATE, 10, OPTIONAL, 0, NULL },
    { "结束日期", RULE_DATE, 10, OPTIONAL, 0, NULL },
    { "类别", RULE_CHOICE, 10, REQUIRED, 0, categories },
};

static const RuleColumn person_columns[] = {
    { "身份证号", RULE_ID_NUMBER, 18, REQUIRED, 0, NULL },
    { "姓名", RULE_PERSON_NAME, 40, REQUIRED, 0, NULL },
    { "手机号", RULE_MOBILE, 11, OPTIONAL, 0, NULL },
    { "项目", RULE_TOPIC, 4, REQUIRED, 0, NULL },
    { "期间", RULE_PERIOD, 7, REQUIRED, 0, NULL },
    { "金额", RULE_AMOUNT, 11, REQUIRED, 0, NULL },
    { "状态", RULE_CHOICE, 3, REQUIRED, 0, payment_states },
    { "发放日期", RULE_DATE, 10, OPTIONAL, 0, NULL },
    { "备注", RULE_TEXT, 60, REQUIRED, 0, NULL },
};

#define ROWS_MAX   1048576 /* a worksheet has no more */
#define COLUMNS(c) G_N_ELEMENTS(c), c

const RuleSheet rule_sheets[RULE_SHEET_COUNT] = {
    [RULE_SHEET_TOPIC] = { "事项.csv",
                           "事项",
                           10000,
                           COLUMNS(topic_columns),
                           { { 1, { 0 } }, { 1, { 1 } } },
                           FALSE },
    [RULE_SHEET_FIGURE] = { "公示数据.csv",
                            "公示数据",
                            ROWS_MAX,
                            COLUMNS(figure_columns),
                            { { 4, { 0, 1, 2, 3 } } },
                            FALSE },
    [RULE_SHEET_PROJECT] = { "工程项目.csv",
                             "工程项目",
                             ROWS_MAX,
                             COLUMNS(project_columns),
                             { { 1, { 0 } } },
                             FALSE },
    [RULE_SHEET_QA] = { "问答.csv",
                        "问答",
                        ROWS_MAX,
                        COLUMNS(qa_columns),
                        { { 1, { 1 } } },
                        FALSE },
    [RULE_SHEET_SYNONYM] = { "同义词.csv",
                             "同义词",
                             100000,
                             COLUMNS(synonym_columns),
                             { { 0 } },
                             FALSE },
    [RULE_SHEET_LAY_WORD] = { "俗语.csv",
                              "俗语",
                              100000,
                              COLUMNS(lay_word_columns),
                              { { 1, { 0 } } },
                              FALSE },
    [RULE_SHEET_NOTICE] = { "公告.csv",
                            "公告",
                            ROWS_MAX,
                            COLUMNS(notice_columns),
                            { { 1, { 0 } } },
                            FALSE },
    [RULE_SHEET_PERSON] = { "个人补贴.csv",
                            "个人补贴",
                            ROWS_MAX,
                            COLUMNS(person_columns),
                            { { 3, { 0, 3, 4 } } },
                            TRUE },
};

/* ---- the rule of one cell ---- */

typedef struct {
    const RuleColumn *column;
    CellText *cell; /* clean; what a mending rule puts in its place goes through put() */
    GString *scratch;
    RuleSink sink;
    gpointer data;
} Check;

static gboolean refuse(const Check *check, const char *message, const char *remedy)
{
    check->sink(TRUE, message, remedy, check->data);
    return FALSE;
}

static void warn(const Check *check, const char *message, const char *remedy)
{
    check->sink(FALSE, message, remedy, check->data);
}

/* The mended text takes the place of the cell's. */
static gboolean put(const Check *check, const char *text, const char *what)
{
    g_autofree char *copy = g_strdup(text); /* `text` may lie in the scratch itself */
    g_string_assign(check->scratch, copy);
    check->cell->text = check->scratch->str;
    check->cell->len = check->scratch->len;
    check->cell->char_count = (guint)g_utf8_strlen(copy, -1);
    warn(check, what, "不用改；想让表里也整齐，可照样改过来");
    return TRUE;
}

static gboolean all_digits(const char *text, gsize len)
{
    for (gsize i = 0; i < len; i++)
        if (!g_ascii_isdigit(text[i])) return FALSE;
    return len > 0;
}

static guint number(const char *digits, gsize len)
{
    guint value = 0;
    for (gsize i = 0; i < len; i++)
        value = value * 10 + (guint)(digits[i] - '0');
    return value;
}

/* 1.23E+17: what a spreadsheet makes of a long number */
static gboolean is_scientific(const char *text)
{
    const char *e = strpbrk(text, "eE");
    return e && g_ascii_isdigit(text[0]) && (e[1] == '+' || g_ascii_isdigit(e[1]));
}

/* -- texts -- */

static gboolean check_short_answer(const Check *check)
{
    static const char address[] = "https?:|www\\.|[a-z0-9-]\\.(cn|com|edu|gov|net|org)\\b";
    if (g_regex_match_simple(address, check->cell->text, G_REGEX_CASELESS, 0))
        return refuse(check, "一句话答复里不能有网址", "把网址删掉，写明打哪个电话、去哪里办");
    return TRUE;
}

static gboolean check_question(const Check *check)
{
    const CellText *cell = check->cell;
    if (g_str_has_suffix(cell->text, "？")) return TRUE;
    if (!g_str_has_suffix(cell->text, "?"))
        return refuse(check, "问题要以问号结尾", "写成居民的原话，末尾加“？”");
    g_autofree char *mended = g_strdup_printf("%.*s？", (int)cell->len - 1, cell->text);
    return put(check, mended, "已把末尾的问号改成“？”");
}

static gboolean check_choice(const Check *check)
{
    const char *const *choices = check->column->choices;
    if (g_strv_contains(choices, check->cell->text)) return TRUE;
    g_autofree char *list = g_strjoinv("、", (char **)choices);
    g_autofree char *remedy = g_strdup_printf("只能填：%s", list);
    return refuse(check, "不在允许的值里", remedy);
}

/* -- lists -- */

static gboolean is_separator(RuleKind kind, gunichar ch)
{
    return ch == ';' || ch == 0xff1b ||
           (kind != RULE_SOURCES && (ch == 0x3001 || ch == 0xff0c || ch == ','));
}

static gboolean has_item(const GPtrArray *items, const char *item)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *)items, item, g_str_equal, NULL);
}

static GPtrArray *split_items(RuleKind kind, const char *text)
{
    GPtrArray *items = g_ptr_array_new_with_free_func(g_free);
    const char *from = text;
    for (const char *at = text;; at = g_utf8_next_char(at)) {
        if (*at != '\0' && !is_separator(kind, g_utf8_get_char(at))) continue;
        char *item = g_strstrip(g_strndup(from, (gsize)(at - from)));
        if (*item != '\0' && !has_item(items, item))
            g_ptr_array_add(items, item);
        else
            g_free(item);
        if (*at == '\0') return items;
        from = g_utf8_next_char(at);
    }
}

/* Separators become ';', empty items and repeated ones go. */
static gboolean check_list(const Check *check, GPtrArray *items)
{
    if (items->len < check->column->min_items) {
        g_autofree char *message =
            g_strdup_printf("至少要有 %u 项，现在是 %u 项", check->column->min_items, items->len);
        return refuse(check, message, "补足；几项之间用英文分号“;”隔开");
    }
    g_autoptr(GString) joined = g_string_new(NULL);
    for (guint i = 0; i < items->len; i++)
        g_string_append_printf(joined, i ? ";%s" : "%s", (char *)items->pdata[i]);
    if (strcmp(joined->str, check->cell->text) == 0) return TRUE;
    return put(check, joined->str, "已整理成用英文分号“;”隔开、没有空项和重复项的写法");
}

static gboolean is_landline(const char *phone)
{
    g_auto(GStrv) parts = g_strsplit(phone, "-", 4);
    guint count = g_strv_length(parts);
    if (count < 2 || count > 3) return FALSE;
    for (guint i = 0; i < count; i++)
        if (!all_digits(parts[i], strlen(parts[i]))) return FALSE;
    gsize area = strlen(parts[0]), local = strlen(parts[1]);
    gboolean is_area = parts[0][0] == '0' && (area == 3 || area == 4) && (local == 7 || local == 8);
    gboolean is_service = area == 3 && local >= 3 && local <= 4 && count == 3; /* 400-800-1234 */
    return (is_area && (count == 2 || strlen(parts[2]) <= 6)) ||
           (is_service && strlen(parts[2]) <= 4);
}

/* 57765812345, 1012345678: too long for a number within a town, and none that has no area code. */
static gboolean has_lost_zero(const char *phone, gsize len)
{
    if (!all_digits(phone, len) || len < 9 || phone[0] == '0') return FALSE;
    gboolean is_mobile = len == 11 && phone[0] == '1';
    gboolean is_free = len == 10 && (phone[0] == '4' || phone[0] == '8') && phone[1] == '0';
    return !is_mobile && !is_free;
}

static gboolean check_phone(const Check *check, const char *phone)
{
    static const char remedy[] =
        "座机写成“0577-65812345”，短号直接写“12345”，几个号码用英文分号“;”隔开";
    if (is_scientific(phone) && strpbrk(phone, "eE"))
        return refuse(check, "电话被表格软件改成了科学计数，原数已经丢失",
                      "先把这一列设为“文本”，再重新录入");
    if (strchr(phone, ' ')) return refuse(check, "电话号码中间有空格", remedy);
    gsize len = strlen(phone);
    if (!is_landline(phone) && !(all_digits(phone, len) && len >= 3 && len <= 12))
        return refuse(check, "不是电话号码", remedy);
    if (has_lost_zero(phone, len))
        return refuse(check, "不是电话号码，最前面的 0 可能被表格软件去掉了",
                      "先把这一列设为“文本”，再录入，座机写成“0577-65812345”");
    if (len == 11 && phone[0] == '1')
        warn(check, "这是手机号码", "公开的咨询电话最好写办公座机，不写个人手机");
    else if ((len == 7 || len == 8) && all_digits(phone, len))
        warn(check, "座机可能漏了区号", remedy);
    return TRUE;
}

static gboolean check_items(const Check *check)
{
    gboolean is_phones = check->column->kind == RULE_PHONES;
    g_autofree char *text = g_strdup(check->cell->text);
    if (is_phones) /* dashes as word processors write them */
        for (const char *const *dash = (const char *const[]){ "－", "–", "—", "‐", "‑", NULL };
             *dash; dash++) {
            g_auto(GStrv) parts = g_strsplit(text, *dash, -1);
            g_free(text);
            text = g_strjoinv("-", parts);
        }
    g_autoptr(GPtrArray) items = split_items(check->column->kind, text);
    gboolean is_fine = TRUE;
    for (guint i = 0; is_phones && i < items->len; i++)
        is_fine = check_phone(check, items->pdata[i]) && is_fine;
    return check_list(check, items) && is_fine;
}

/* -- codes and numbers -- */

int rule_code_index(const char *code, gsize len)
{
    if (len != 4 || !g_ascii_isupper(code[0]) || !g_ascii_isupper(code[1]) ||
        !all_digits(code + 2, 2))
        return -1;
    return ((code[0] - 'A') * 26 + (code[1] - 'A')) * 100 + (int)number(code + 2, 2);
}

static gboolean check_code(const Check *check)
{
    if (rule_code_index(check->cell->text, check->cell->len) >= 0) return TRUE;
    return refuse(check, "编号要写成两个大写字母加两位数字",
                  "写成“CL01”这样，例如把“cl01”“CL-01”改成“CL01”");
}

static gboolean check_year(const Check *check)
{
    const CellText *cell = check->cell;
    gsize len = g_str_has_suffix(cell->text, "年") ? cell->len - strlen("年") : cell->len;
    if (len != 4 || !all_digits(cell->text, 4) || number(cell->text, 4) < 2000 ||
        number(cell->text, 4) > 2100)
        return refuse(check, "年份要写四位数字（2000 到 2100）", "写成“2023”");
    if (len == cell->len) return TRUE;
    g_autofree char *mended = g_strndup(cell->text, 4);
    return put(check, mended, "已去掉“年”字");
}

static gboolean is_decimal(const char *text)
{
    gsize whole = strspn(text, "0123456789");
    if (whole == 0) return FALSE;
    return text[whole] == '\0' ||
           (text[whole] == '.' && all_digits(text + whole + 1, strlen(text + whole + 1)));
}

/* 4,824.00 → 4824.00, where the commas stand before each three digits; else NULL. */
static char *without_commas(const char *text)
{
    gsize head = strspn(text, "0123456789");
    if (head == 0 || head > 3 || text[head] != ',') return NULL;
    GString *plain = g_string_new_len(text, (gssize)head);
    const char *at = text + head;
    for (; at[0] == ',' && strspn(at + 1, "0123456789") >= 3; at += 4)
        g_string_append_len(plain, at + 1, 3);
    g_string_append(plain, at);
    return g_string_free(plain, !is_decimal(plain->str));
}

/* A number without the currency sign, 元 and thousands commas: NULL if it is none even then. */
static char *plain_number(const char *text, gboolean is_money)
{
    const char *from = g_str_has_prefix(text, "¥") ? text + strlen("¥") : text;
    if (g_str_has_prefix(from, "￥")) from += strlen("￥");
    g_autofree char *digits = g_strdup(from);
    if (is_money && g_str_has_suffix(digits, "元")) digits[strlen(digits) - strlen("元")] = '\0';
    g_strstrip(digits);
    return is_decimal(digits) ? g_steal_pointer(&digits) : without_commas(digits);
}

static gboolean check_decimal(const Check *check)
{
    const char *text = check->cell->text;
    if (is_decimal(text)) return TRUE;
    if (is_scientific(text))
        return refuse(check, "数值被表格软件改成了科学计数，原数已经丢失",
                      "先把这一列设为“文本”，再重新录入");
    g_autofree char *mended = plain_number(text, FALSE);
    if (mended) return put(check, mended, "已去掉数值里的逗号或“¥”");
    return refuse(check, "数值只能写半角数字",
                  "单位写到“单位”列，“多、余、以上”写到“说明”列，例如“198”");
}

static gboolean check_amount(const Check *check)
{
    const CellText *cell = check->cell;
    const char *point = memchr(cell->text, '.', cell->len);
    if (point && cell->text + cell->len - point == 3 && is_decimal(cell->text)) return TRUE;
    if (strstr(cell->text, "万") || strstr(cell->text, "亿"))
        return refuse(check, "金额不能用“万”", "换算成元，写成“4824.00”");
    if (is_scientific(cell->text))
        return refuse(check, "金额被表格软件改成了科学计数", "先把这一列设为“文本”，再重新录入");
    g_autofree char *plain = plain_number(cell->text, TRUE);
    const char *dot = plain ? strchr(plain, '.') : NULL;
    if (!plain || (dot && strlen(dot) > 3))
        return refuse(check, "金额要写两位小数的数字", "单位是元，写成“4824.00”");
    const char *padding = !dot ? ".00" : strlen(dot) == 2 ? "0" : "";
    g_autofree char *mended = g_strconcat(plain, padding, NULL);
    return put(check, mended, "已改成两位小数、不带逗号和单位的写法");
}

/* -- dates -- */

static gboolean is_likely_year(guint year)
{
    return year >= 1900 && year <= 2100;
}

static gboolean is_real_date(guint year, guint month, guint day)
{
    return is_likely_year(year) && month >= 1 && month <= 12 &&
           g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

static gboolean is_iso_date(const char *text, gsize len)
{
    return len == 10 && text[4] == '-' && text[7] == '-' && all_digits(text, 4) &&
           all_digits(text + 5, 2) && all_digits(text + 8, 2);
}

/* 2023/1/5, 2023.1.5, 2023-1-5, 2023年1月5日: four digits, a mark, one or two digits, a mark, … */
static gboolean parse_local_date(const char *text, guint parts[3])
{
    static const char *const marks[][3] = {
        { "/", "/", "" }, { ".", ".", "" }, { "-", "-", "" }, { "年", "月", "日" }
    };
    for (gsize style = 0; style < G_N_ELEMENTS(marks); style++) {
        const char *at = text;
        gsize i = 0;
        for (; i < 3; i++) {
            gsize digits = strspn(at, "0123456789");
            if (i == 0 ? digits != 4 : digits < 1 || digits > 2) break;
            parts[i] = number(at, digits);
            at += digits;
            if (!g_str_has_prefix(at, marks[style][i])) break;
            at += strlen(marks[style][i]);
        }
        if (i == 3 && *at == '\0') return TRUE;
    }
    return FALSE;
}

static gboolean check_day(const Check *check, const guint parts[3])
{
    if (is_real_date(parts[0], parts[1], parts[2])) return TRUE;
    if (!is_likely_year(parts[0])) /* 9999-12-31, for ever */
        return refuse(check, "年份不在 1900 到 2100 之间", "核对年份；一直有效的，结束日期空着");
    return refuse(check, "没有这一天", "核对日期，写成“2023-12-31”");
}

static gboolean check_date(const Check *check)
{
    const CellText *cell = check->cell;
    if (is_iso_date(cell->text, cell->len))
        return check_day(check, (const guint[]){ number(cell->text, 4), number(cell->text + 5, 2),
                                                 number(cell->text + 8, 2) });
    if (cell->len == 5 && all_digits(cell->text, 5))
        return refuse(check, "日期变成了表格软件的日期序号",
                      "查清是哪一天，把这一列设为“文本”，写成“2023-12-31”");
    guint parts[3] = { 0 };
    if (!parse_local_date(cell->text, parts)) return refuse(check, "不是日期", "写成“2023-12-31”");
    if (!check_day(check, parts)) return FALSE;
    g_autofree char *mended = g_strdup_printf("%04u-%02u-%02u", parts[0], parts[1], parts[2]);
    g_autofree char *what = g_strdup_printf("已把日期改写成“%s”", mended);
    return put(check, mended, what);
}

static gboolean check_period(const Check *check)
{
    const CellText *cell = check->cell;
    gboolean is_year = cell->len >= 4 && all_digits(cell->text, 4) &&
                       number(cell->text, 4) >= 2000 && number(cell->text, 4) <= 2100;
    gboolean is_month = cell->len == 7 && cell->text[4] == '-' && all_digits(cell->text + 5, 2) &&
                        number(cell->text + 5, 2) >= 1 && number(cell->text + 5, 2) <= 12;
    if (is_year && (cell->len == 4 || is_month)) return TRUE;
    return refuse(check, "期间要写成“2023”或“2023-01”",
                  "把这一列设为“文本”，重新录入，例如“2023-01”");
}

/* -- persons -- */

/* Without the spaces and dashes that people write into long numbers. */
static const char *joined_digits(const Check *check)
{
    if (!strpbrk(check->cell->text, " -x")) return check->cell->text;
    g_autoptr(GString) joined = g_string_new(NULL);
    for (const char *at = check->cell->text; *at; at++)
        if (*at != ' ' && *at != '-') g_string_append_c(joined, *at == 'x' ? 'X' : *at);
    put(check, joined->str, "已去掉号码中间的空格和横线，x 改成大写");
    return check->cell->text;
}

static gboolean check_id_number(const Check *check)
{
    static const char retype[] = "先把“身份证号”一列设为“文本”，再照证件重新录入";
    if (is_scientific(check->cell->text))
        return refuse(check, "身份证号被表格软件改成了科学计数，原数已经丢失", retype);
    const char *id = joined_digits(check);
    gboolean is_shaped =
        check->cell->len == 18 && all_digits(id, 17) && (g_ascii_isdigit(id[17]) || id[17] == 'X');
    if (!is_shaped) return refuse(check, "身份证号要写 18 位", "照证件核对，末位可以是大写 X");
    if (!private_number_has_check_digit(id))
        return g_str_has_suffix(id, "000")
                   ? refuse(check, "身份证号末三位是 000，多半被表格软件当成了数，原数已经丢失",
                            retype)
                   : refuse(check, "身份证号校验不通过，有一位写错了", "照证件逐位核对");
    if (!is_real_date(number(id + 6, 4), number(id + 10, 2), number(id + 12, 2)))
        return refuse(check, "身份证号里的出生日期不对", "照证件逐位核对");
    return TRUE;
}

static gboolean is_name_char(gunichar ch)
{
    return (ch >= 0x3400 && ch <= 0x9fff) || (ch >= 0x20000 && ch <= 0x323af) || ch == 0x3007 ||
           ch == 0xb7;
}

static gboolean check_person_name(const Check *check)
{
    static const char *const dots[] = { "•", "・", "‧", ".", "．", "∙", NULL };
    if (strpbrk(check->cell->text, "?") || strstr(check->cell->text, "？"))
        return refuse(check, "姓名里有“?”，生僻字在另存时丢了",
                      "把原表另存为“CSV UTF-8”，再放进U盘");
    g_autofree char *name = g_strdup(check->cell->text);
    for (const char *const *dot = dots; *dot; dot++) {
        if (!strstr(name, *dot)) continue;
        g_auto(GStrv) parts = g_strsplit(name, *dot, -1);
        g_free(name);
        name = g_strjoinv("·", parts);
    }
    for (const char *at = name; *at; at = g_utf8_next_char(at))
        if (!is_name_char(g_utf8_get_char(at)) &&
            g_unichar_type(g_utf8_get_char(at)) != G_UNICODE_PRIVATE_USE)
            return refuse(check, "姓名里有汉字和间隔号以外的字", "只写汉字；间隔号写“·”");
    if (g_utf8_strlen(name, -1) < 2) return refuse(check, "姓名要写全", "照证件写全名");
    return strcmp(name, check->cell->text) == 0 || put(check, name, "已把间隔号改成“·”");
}

static gboolean check_mobile(const Check *check)
{
    if (is_scientific(check->cell->text))
        return refuse(check, "手机号被表格软件改成了科学计数，原数已经丢失",
                      "先把“手机号”一列设为“文本”，再重新录入");
    const char *mobile = joined_digits(check);
    if (check->cell->len == 11 && mobile[0] == '1' && all_digits(mobile, 11)) return TRUE;
    return refuse(check, "手机号要写 11 位数字", "只填能收短信的手机号，不填座机；没有就空着");
}

/* -- all kinds -- */

static gboolean check_kind(const Check *check)
{
    switch (check->column->kind) {
    case RULE_TEXT:
        return TRUE;
    case RULE_SHORT_ANSWER:
        return check_short_answer(check);
    case RULE_QUESTION:
        return check_question(check);
    case RULE_LIST:
    case RULE_SOURCES:
    case RULE_PHONES:
        return check_items(check);
    case RULE_CODE:
    case RULE_TOPIC:
        return check_code(check);
    case RULE_CHOICE:
        return check_choice(check);
    case RULE_DATE:
        return check_date(check);
    case RULE_YEAR:
        return check_year(check);
    case RULE_DECIMAL:
        return check_decimal(check);
    case RULE_ID_NUMBER:
        return check_id_number(check);
    case RULE_PERSON_NAME:
        return check_person_name(check);
    case RULE_MOBILE:
        return check_mobile(check);
    case RULE_PERIOD:
        return check_period(check);
    case RULE_AMOUNT:
        return check_amount(check);
    }
    return FALSE;
}

static gboolean is_code_kind(RuleKind kind)
{
    return kind == RULE_CODE || kind == RULE_TOPIC || kind >= RULE_DATE;
}

static gboolean report_faults(const Check *check)
{
    guint faults = check->cell->faults;
    if (faults & CELL_GARBLED)
        return refuse(check, "有乱码（不成字的字节）", "用表格软件打开原来的表，另存为“CSV UTF-8”");
    if (faults & CELL_CONTROL)
        return refuse(check, "有看不见的控制符", "把这一格清空，重新打字，不要粘贴");
    if (faults & CELL_PRIVATE_USE)
        warn(check, "有自造字，别的机器上可能显示不出来", "能用通用字的，改用通用字");
    return TRUE;
}

static void report_mends(const Check *check)
{
    guint mends = check->cell->mends;
    if (mends == 0) return;
    g_autoptr(GString) what = g_string_new("已自动");
    if (mends & CELL_TRIMMED) g_string_append(what, "去掉前后空格和换行、");
    if (mends & CELL_INVISIBLE) g_string_append(what, "去掉看不见的字符、");
    if (mends & CELL_HALF_WIDTH) g_string_append(what, "把全角字符改成半角、");
    if (mends & CELL_COMPOSED) g_string_append(what, "统一字符写法、");
    g_string_truncate(what, what->len - strlen("、"));
    warn(check, what->str, "不用改；想让表里也整齐，可照样改过来");
}

/* 无, /, 待定: people's ways to write that they do not know */
static gboolean is_nothing(const char *text, gsize len)
{
    if (len > strlen("——") || !strchr("/-N\xe6\xe5\xe2\xef", text[0]))
        return FALSE; /* nearly every cell */
    static const char *const nothings[] = { "无", "/",    "待定", "-",  "—",
                                            "——", "暂无", "N/A",  "／", NULL };
    return g_strv_contains(nothings, text);
}

static gboolean check_empty(const Check *check)
{
    if (!check->column->is_required) return TRUE;
    return refuse(check, "必须填，现在是空的", "补上内容；合并的单元格请先取消合并，每行都填");
}

static gboolean check_length(const Check *check)
{
    if (check->cell->char_count <= check->column->max_chars) return TRUE;
    g_autofree char *message = g_strdup_printf("有 %u 个字，最多 %u 个字", check->cell->char_count,
                                               check->column->max_chars);
    return refuse(check, message, "写短一些");
}

gboolean rule_check(const RuleColumn *column, const char *text, gsize len, GString *scratch,
                    CellText *out, RuleSink sink, gpointer data)
{
    Check check = { column, out, scratch, sink, data };
    cell_clean(text, len, is_code_kind(column->kind), scratch, out);
    if (out->faults && !report_faults(&check)) return FALSE;
    report_mends(&check);
    if (out->len == 0) return check_empty(&check);
    if (out->text[0] == '=' || out->text[0] == '+' || out->text[0] == '@')
        return refuse(&check, "不能以“=”“+”“@”开头",
                      "表格软件会当成公式；删掉开头的符号，只留文字");
    if (is_nothing(out->text, out->len)) {
        put(&check, "", "不知道就空着，已当作空格子");
        return check_empty(&check);
    }
    return check_kind(&check) && check_length(&check);
}

#include "kiosk/topic_slip.h"

#include <string.h>

#define ITEM_MARK   "□"
#define FEE_PREFIX  "收费：" /* 补贴标准 also holds what a resident pays (db/starter/README.md) */
#define STEP_DIGITS 2

/* ---- small texts ---- */

/* "2026-05-06" → "2026年5月6日"; anything else stays as it is. Free with g_free(). */
static char *date_text(const char *iso)
{
    g_auto(GStrv) parts = g_strsplit(iso, "-", 4);
    guint64 year = 0, month = 0, day = 0;

    if (g_strv_length(parts) != 3 ||
        !g_ascii_string_to_unsigned(parts[0], 10, 1, 9999, &year, NULL) ||
        !g_ascii_string_to_unsigned(parts[1], 10, 1, 12, &month, NULL) ||
        !g_ascii_string_to_unsigned(parts[2], 10, 1, 31, &day, NULL))
        return g_strdup(iso);
    return g_strdup_printf("%u年%u月%u日", (guint)year, (guint)month, (guint)day);
}

static void add_known(Slip *slip, const char *label, const char *text)
{
    if (*text) slip_labelled(slip, label, text);
}

/* ---- 补贴标准 ---- */

/* A topic whose name is money is asked how much it is. */
static gboolean is_about_money(const Topic *topic)
{
    static const char *const words[] = {
        "补贴", "津贴", "补助", "救助", "资助", "生活保障", "供养"
    };

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (strstr(topic->name, words[i])) return TRUE;
    return FALSE;
}

static void add_amount(Slip *slip, const Topic *topic, const KioskSettings *settings)
{
    const char *text = topic->benefit_standard;
    g_autofree char *unknown = g_strdup_printf("金额待社区核实，请打%s问。", settings->phone);

    if (g_str_has_prefix(text, FEE_PREFIX))
        add_known(slip, "收费", text + strlen(FEE_PREFIX));
    else if (*text)
        slip_labelled(slip, "补贴标准", text);
    else if (is_about_money(topic))
        slip_labelled(slip, "补贴标准", unknown);
}

/* ---- 要带 ---- */

/* The first ； or 。 outside brackets, or the end. */
static const char *item_end(const char *text)
{
    int depth = 0;

    for (; *text; text = g_utf8_next_char(text)) {
        gunichar ch = g_utf8_get_char(text);
        if (ch == g_utf8_get_char("（")) depth++;
        if (ch == g_utf8_get_char("）")) depth--;
        if (depth > 0) continue;
        if (ch == '\n' || ch == ';' || g_utf8_strchr("；。", -1, ch)) break;
    }
    return text;
}

/* A sentence behind the list names another thing to bring (代办的，另带…), or is only a remark
 * (以受理窗口为准, 不用带): a remark is not to be ticked. */
static gboolean is_thing(const char *sentence)
{
    return (strstr(sentence, "带") && !strstr(sentence, "不用")) || strstr(sentence, "：");
}

/* "身份证；户口簿。监护人代办的，带监护人身份证。": a thing a line. */
static void add_documents(Slip *slip, const char *text)
{
    gboolean is_in_list = TRUE;

    if (!*text) return;
    slip_labelled(slip, "要带", "");
    while (*text) {
        const char *end = item_end(text);
        g_autofree char *item = g_strndup(text, (gsize)(end - text));

        if (is_in_list || is_thing(item))
            slip_item(slip, ITEM_MARK, g_strstrip(item));
        else
            slip_item(slip, "", g_strstrip(item));
        is_in_list = g_utf8_get_char(end) != g_utf8_get_char("。");
        text = *end ? g_utf8_next_char(end) : end;
    }
}

/* ---- 怎么办 ---- */

/* "2. " → what stands behind it, if that is the number. */
static const char *behind_number(const char *text, guint number)
{
    char digits[STEP_DIGITS + 1];
    int len = g_snprintf(digits, sizeof digits, "%u", number);

    if (len > STEP_DIGITS || strncmp(text, digits, (gsize)len) != 0) return NULL;
    text += len;
    if (!*text || !g_utf8_strchr(".．、", -1, g_utf8_get_char(text))) return NULL;
    text = g_utf8_next_char(text);
    if (g_ascii_isdigit(*text)) return NULL; /* 1.5 */
    return text + strspn(text, " ");
}

/* Where step `number` begins: only behind the end of a sentence, lest a number within one be it.
 * NULL if there is none. */
static const char *find_step(const char *text, guint number)
{
    gboolean is_start = number == 1;

    for (; *text; text = g_utf8_next_char(text)) {
        if (is_start && behind_number(text, number)) return text;
        if (*text != ' ')
            is_start = *text == '\n' || g_utf8_strchr("。；", -1, g_utf8_get_char(text)) != NULL;
    }
    return NULL;
}

/* "1. 申请。2. 审核。": a step a line. */
static void add_steps(Slip *slip, const char *text)
{
    const char *step = find_step(text, 1);

    if (step != text) { /* not numbered: as it is */
        add_known(slip, "怎么办", text);
        return;
    }
    slip_labelled(slip, "怎么办", "");
    for (guint number = 1; step; number++) {
        const char *start = behind_number(step, number), *next = find_step(start, number + 1);
        gsize len = next ? (gsize)(next - start) : strlen(start);
        g_autofree char *line = g_strndup(start, len);
        g_autofree char *mark = g_strdup_printf("%u.", number);

        slip_item(slip, mark, g_strstrip(line));
        step = next;
    }
}

/* ---- the whole ---- */

static void add_where(Slip *slip, const Topic *topic)
{
    g_autofree char *phones = g_strjoinv("、", topic->phones);

    add_known(slip, "去哪里", topic->location);
    add_known(slip, "几点", topic->opening_hours);
    add_known(slip, "电话", phones);
}

static void add_source(Slip *slip, const Topic *topic, const KioskSettings *settings)
{
    g_auto(GStrv) bases = g_strsplit(topic->legal_basis, ";", -1);
    g_autofree char *basis = g_strjoinv("、", bases);
    g_autofree char *as_of = date_text(topic->as_of_date);
    g_autofree char *notice = g_strdup_printf("本地信息待社区核实，请打%s确认。", settings->phone);

    add_known(slip, "依据", basis);
    add_known(slip, "内容截至", as_of);
    if (!topic->is_verified) slip_text(slip, notice);
}

/* The code opens a message that is ready to be sent; the line below does the same by hand. */
static void add_qr(Slip *slip, const Topic *topic, const KioskSettings *settings)
{
    const char *number = settings->sms_number;
    g_autofree char *link = g_strdup_printf("smsto:%s:%s", number, topic->code);
    g_autofree char *by_hand = g_strdup_printf("或者发短信 %s 到 %s", topic->code, number);

    if (!*number) return;
    slip_rule(slip);
    slip_text(slip, "用手机扫一扫，发出短信，就能收到答复：");
    slip_qr(slip, link);
    slip_text(slip, by_hand);
}

/* Where the paper comes from, for those who find it a month later. */
static void add_foot(Slip *slip, const KioskSettings *settings, const char *today)
{
    g_autofree char *where = g_strdup_printf("%s便民查询 %s", settings->place, settings->counter);
    g_autofree char *ask = g_strdup_printf("有问题请打%s。", settings->phone);
    g_autofree char *printed = today && *today ? date_text(today) : g_strdup("");

    slip_rule(slip);
    slip_text(slip, where);
    add_known(slip, "窗口时间", settings->opening_hours);
    slip_text(slip, ask);
    add_known(slip, "打印日期", printed);
}

Slip *topic_slip_new(const Topic *topic, const KioskSettings *settings, const char *today)
{
    Slip *slip = slip_new(settings->paper_mm, settings->has_printer_qr);

    slip_heading(slip, topic->name);
    add_known(slip, "编号", topic->code);
    slip_text(slip, topic->short_answer);
    slip_rule(slip);
    add_amount(slip, topic, settings);
    add_known(slip, "谁能办", topic->eligibility);
    add_documents(slip, topic->required_documents);
    add_steps(slip, topic->application_process);
    add_where(slip, topic);
    slip_rule(slip);
    add_source(slip, topic, settings);
    add_qr(slip, topic, settings);
    add_foot(slip, settings, today);
    return slip;
}

#include "sms/at_reply.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    AtOutcome outcome;
} finals[] = {
    { "OK", AT_OK },         { "ERROR", AT_ERROR },
    { "ABORTED", AT_ERROR }, { "COMMAND NOT SUPPORT", AT_ERROR },
    { "0", AT_OK }, /* before ATV1 */
    { "4", AT_ERROR },
};

/* "+CMS ERROR: 500" → the rest behind the colon; NULL if it is not one. */
static const char *error_argument(const char *line, const char *prefix)
{
    gsize len = strlen(prefix);
    if (g_ascii_strncasecmp(line, prefix, len) != 0) return NULL;
    line += len;
    while (*line == ' ' || *line == ':')
        line++;
    return line;
}

static gint code_of(const char *argument)
{
    char *end = NULL;
    gint64 code = g_ascii_strtoll(argument, &end, 10);
    return end == argument || code < 0 || code > 9999 ? AT_CODE_NONE : (gint)code;
}

gboolean at_reply_final(const char *line, AtOutcome *outcome, gint *code)
{
    const char *argument;

    *code = AT_CODE_NONE;
    for (guint i = 0; i < G_N_ELEMENTS(finals); i++)
        if (g_ascii_strcasecmp(line, finals[i].text) == 0) {
            *outcome = finals[i].outcome;
            return TRUE;
        }
    if ((argument = error_argument(line, "+CMS ERROR")))
        *outcome = AT_CMS_ERROR;
    else if ((argument = error_argument(line, "+CME ERROR")))
        *outcome = AT_CME_ERROR;
    else
        return FALSE;
    *code = code_of(argument);
    return TRUE;
}

/* ---- values ---- */

/* The end of the value that starts at `text`: a comma outside quotes and brackets, or the end. */
static const char *value_end(const char *text)
{
    gboolean is_quoted = FALSE;
    gint depth = 0;
    for (; *text; text++) {
        if (*text == '"') is_quoted = !is_quoted;
        if (is_quoted) continue;
        if (*text == '(') depth++;
        if (*text == ')') depth--;
        if (*text == ',' && depth <= 0) break;
    }
    return text;
}

static char *value_of(const char *start, const char *end)
{
    g_autofree char *text = g_strndup(start, (gsize)(end - start));
    g_strstrip(text);
    gsize len = strlen(text);
    if (len >= 2 && text[0] == '"' && text[len - 1] == '"') return g_strndup(text + 1, len - 2);
    return g_steal_pointer(&text);
}

GPtrArray *at_reply_values(const char *line, const char *prefix)
{
    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
    gsize len = strlen(prefix);

    if (g_ascii_strncasecmp(line, prefix, len) != 0) return values;
    for (const char *start = line + len;; start++) {
        const char *end = value_end(start);
        g_ptr_array_add(values, value_of(start, end));
        if (!*end) return values;
        start = end;
    }
}

const char *at_reply_text(const GPtrArray *values, guint i)
{
    return i < values->len ? values->pdata[i] : "";
}

gint at_reply_number(const GPtrArray *values, guint i, gint otherwise)
{
    const char *text = at_reply_text(values, i);
    char *end = NULL;
    gint64 number = g_ascii_strtoll(text, &end, 10);
    return end == text || *end || number < G_MININT || number > G_MAXINT ? otherwise : (gint)number;
}

gboolean at_reply_range_has(const char *range, gint number)
{
    for (const char *p = range; *p;) {
        char *end = NULL;
        gint64 from = g_ascii_strtoll(p, &end, 10), to = from;
        if (end == p) {
            p++;
            continue;
        }
        if (*end == '-') {
            p = end + 1;
            to = g_ascii_strtoll(p, &end, 10);
            if (end == p) return FALSE;
        }
        if (number >= from && number <= to) return TRUE;
        p = end;
    }
    return FALSE;
}

gboolean at_reply_is_hex(const char *line, gsize len)
{
    if (len == 0 || len % 2) return FALSE;
    for (gsize i = 0; i < len; i++)
        if (!g_ascii_isxdigit(line[i])) return FALSE;
    return TRUE;
}

/* ---- CMS codes ---- */

static const struct {
    gint code;
    gboolean is_temporary;
    const char *reason;
} cms_codes[] = {
    { 1, FALSE, "号码不存在" },
    { 8, FALSE, "运营商禁止这张卡发短信" },
    { 10, FALSE, "运营商禁止这张卡发短信" },
    { 17, TRUE, "网络出错" },
    { 21, FALSE, "对方网络拒收" },
    { 27, TRUE, "对方不在服务区" },
    { 28, FALSE, "号码不存在" },
    { 30, FALSE, "网络不认识这张卡，请到营业厅检查" },
    { 38, TRUE, "网络故障" },
    { 41, TRUE, "网络暂时故障" },
    { 42, TRUE, "网络繁忙" },
    { 47, TRUE, "网络繁忙" },
    { 50, FALSE, "这张卡没有开通短信" },
    { 69, TRUE, "短信发不出去，多半是欠费，请查话费" },
    { 195, FALSE, "对方号码不对" },
    { 196, FALSE, "不许发给这个号码" },
    { 197, FALSE, "这条短信已经发过" },
    { 208, TRUE, "对方手机的短信满了" },
    { 302, TRUE, "短信猫还没有准备好" },
    { 304, FALSE, "短信猫不认这条短信的格式" },
    { 305, FALSE, "短信猫不认这条短信的格式" },
    { 310, TRUE, "没有插 SIM 卡，请断电后重新插好" },
    { 311, TRUE, "SIM 卡要密码" },
    { 313, TRUE, "SIM 卡坏了，请换卡" },
    { 314, TRUE, "SIM 卡忙" },
    { 320, TRUE, "短信存储出错" },
    { 322, TRUE, "短信存储已满" },
    { 330, TRUE, "短信中心号码是空的，请在设置里填 smsc=" },
    { 331, TRUE, "没有信号，请移动天线" },
    { 332, TRUE, "网络没有回应" },
    { 500, TRUE, "没说原因的错误，若一直这样请查话费" },
    { 512, TRUE, "短信猫还没有准备好" },
    { 513, TRUE, "没有信号" },
};

const char *at_reply_cms_reason(gint code)
{
    for (guint i = 0; i < G_N_ELEMENTS(cms_codes); i++)
        if (cms_codes[i].code == code) return cms_codes[i].reason;
    return NULL;
}

gboolean at_reply_cms_is_temporary(gint code)
{
    for (guint i = 0; i < G_N_ELEMENTS(cms_codes); i++)
        if (cms_codes[i].code == code) return cms_codes[i].is_temporary;
    return TRUE; /* unknown: trying again is limited anyhow */
}

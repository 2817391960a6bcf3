#include "sms/phrase.h"

#include <string.h>

#define NOTE_CHARS_MAX 500

/* As whole messages only, folded: 退订 within a question is a question. */
static const struct {
    PhraseWord word;
    const char *texts;
} words[] = {
    { PHRASE_HELP, "|0|help|帮助|菜单|主菜单|功能|怎么用|使用说明|说明|bz|cd|bangzhu|caidan|" },
    { PHRASE_MORE, "|更多|下一页|还有吗|还有|继续|详细|全文|gd|gengduo|m|more|" },
    { PHRASE_STOP,
      "|退订|取消|停止|不要再发|不要再发了|别再发|别发了|别再发了|td|t|stop|tuiding|" },
    { PHRASE_START, "|开通|恢复|重新开通|kt|start|kaitong|" },
};

char *phrase_bare(const char *folded)
{
    static const char ends[] = " \n.,!;:~、。，！；：～…·\"'“”‘’()（）[]【】";
    const char *start = folded, *end = folded + strlen(folded);

    while (*start && g_utf8_strchr(ends, -1, g_utf8_get_char(start)))
        start = g_utf8_next_char(start);
    while (end > start) {
        const char *last = g_utf8_prev_char(end);
        if (!g_utf8_strchr(ends, -1, g_utf8_get_char(last))) break;
        end = last;
    }
    return g_strndup(start, (gsize)(end - start));
}

/* What an answer to an answer is made of; a longer one before those that begin it. */
static const char *const thanks[] = {
    "谢谢你们", "谢谢您", "谢谢你", "谢谢", "非常感谢", "太感谢", "感谢",  "多谢", "好的",
    "好",       "收到",   "知道",   "明白", "嗯",       "哦",     "噢",    "啊",   "呀",
    "啦",       "了",     "行",     "可以", "辛苦",     "不客气", "不用",  "没事", "再见",
    "拜拜",     "是的",   "对的",   "okay", "ok",       "thanks", "thank", "you",  "xiexie",
};

static gboolean is_thanks(const char *text)
{
    while (*text) {
        gsize len = 0;
        for (guint i = 0; i < G_N_ELEMENTS(thanks) && len == 0; i++)
            if (g_str_has_prefix(text, thanks[i])) len = strlen(thanks[i]);
        if (len == 0) return FALSE;
        text += len;
    }
    return TRUE;
}

/* Letters and digits alone: "好的，谢谢！" is 好的谢谢. */
static char *compact(const char *folded)
{
    GString *text = g_string_new(NULL);
    for (const char *p = folded; *p; p = g_utf8_next_char(p))
        if (g_unichar_isalnum(g_utf8_get_char(p)))
            g_string_append_unichar(text, g_utf8_get_char(p));
    return g_string_free(text, FALSE);
}

/* "？" alone, or several. */
static gboolean is_question_marks(const char *folded)
{
    return *folded && strspn(folded, "? ") == strlen(folded);
}

PhraseWord phrase_word(const char *folded)
{
    g_autofree char *text = compact(folded);
    g_autofree char *wrapped = g_strconcat("|", text, "|", NULL);

    if (is_question_marks(folded)) return PHRASE_HELP;
    if (*text == '\0') return PHRASE_NONE;
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (strstr(words[i].texts, wrapped)) return words[i].word;
    return is_thanks(text) ? PHRASE_THANKS : PHRASE_NONE;
}

/* 1, 第1个, 选2, 二: 1 to 99; 0 if it is no number. */
guint phrase_number(const char *text)
{
    static const char digits[] = "一二三四五六七八九";
    static const char *const before[] = { "第", "选择", "选", "我选", "回复", "要", "no.", "no" };
    static const char *const after[] = { "个", "号", "项", "条", "种", "吧", "." };
    g_autofree char *rest = g_strdup(text);
    guint64 number = 0;

    for (guint i = 0; i < G_N_ELEMENTS(before); i++)
        if (g_str_has_prefix(rest, before[i]))
            memmove(rest, rest + strlen(before[i]), strlen(rest + strlen(before[i])) + 1);
    for (guint i = 0; i < G_N_ELEMENTS(after); i++)
        if (g_str_has_suffix(rest, after[i])) rest[strlen(rest) - strlen(after[i])] = '\0';
    g_strstrip(rest);
    if (g_ascii_string_to_unsigned(rest, 10, 1, 99, &number, NULL)) return (guint)number;
    if (g_utf8_strlen(rest, -1) != 1) return 0;
    const char *found = strstr(digits, rest);
    return found ? (guint)(g_utf8_pointer_to_offset(digits, found) + 1) : 0;
}

gboolean phrase_has_letters(const char *text)
{
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        if (g_unichar_isalnum(g_utf8_get_char(p))) return TRUE;
    return FALSE;
}

static gboolean has_any(const char *text, const char *const *list, guint count)
{
    for (guint i = 0; i < count; i++)
        if (strstr(text, list[i])) return TRUE;
    return FALSE;
}

static gboolean has_digits(const char *text, gsize count)
{
    for (const char *p = text; *p; p++)
        if (strspn(p, "0123456789") >= count) return TRUE;
    return FALSE;
}

/* A code comes with its digits, an advertisement with how to stop it; residents ask about both. */
gboolean phrase_is_from_machine(const char *folded)
{
    static const char *const replies[] = { "自动回复",   "autoreply",  "现在有事不在",
                                           "正在开会",   "稍后联系您", "稍后回复",
                                           "稍后给您回", "正在开车",   "不方便接听" };
    static const char *const codes[] = { "验证码", "校验码", "动态密码" };
    static const char *const adverts[] = { "拒收请回复", "退订回", "回t退订",
                                           "回td退订",   "回复td", "回复t退" };
    static const char *const asking[] = { "吗", "怎么", "是不是", "真的", "骗", "?" };

    if (has_any(folded, replies, G_N_ELEMENTS(replies))) return TRUE;
    if (has_any(folded, codes, G_N_ELEMENTS(codes))) return has_digits(folded, 4);
    return has_any(folded, adverts, G_N_ELEMENTS(adverts)) &&
           !has_any(folded, asking, G_N_ELEMENTS(asking));
}

/* 查 and digits: one's own record, which this service does not give. The digits are not repeated.
 */
gboolean phrase_asks_own_record(const char *text)
{
    static const char *const before[] = { "查询", "查" };
    gsize bare = strspn(text, "0123456789");
    if (bare >= 15 && (text[bare] == '\0' || g_ascii_strcasecmp(text + bare, "x") == 0))
        return TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(before); i++) {
        if (!g_str_has_prefix(text, before[i])) continue;
        const char *rest = text + strlen(before[i]);
        while (*rest == ' ' || *rest == ':')
            rest++;
        gsize digits = strspn(rest, "0123456789");
        return digits >= 5 && (rest[digits] == '\0' || g_ascii_strcasecmp(rest + digits, "x") == 0);
    }
    return FALSE;
}

/* 留言怎么写, 留言在哪看: about notes, none themselves. */
static gboolean asks_about_notes(const char *rest)
{
    static const char *const asking[] = { "怎么",   "如何",   "在哪", "到哪",  "去哪",
                                          "有用吗", "有人看", "谁看", "是什么" };
    if (g_utf8_strlen(rest, -1) > 8) return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(asking); i++)
        if (g_str_has_prefix(rest, asking[i])) return TRUE;
    return FALSE;
}

char *phrase_note(const char *text)
{
    static const char *const marks[] = { "我要留言", "我想留言", "给工作人员留言",
                                         "留言",     "留 言",    "LY ",
                                         "ly ",      "Ly ",      "liuyan",
                                         "Liuyan",   "LIUYAN" };
    static const char skipped[] = " \n:：,，。.、-—";
    while (*text == ' ' || *text == '\n')
        text++;
    for (guint i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (!g_str_has_prefix(text, marks[i])) continue;
        const char *rest = text + strlen(marks[i]);
        if (g_str_has_prefix(rest, "板")) return NULL;
        while (*rest && g_utf8_strchr(skipped, -1, g_utf8_get_char(rest)))
            rest = g_utf8_next_char(rest);
        if (asks_about_notes(rest)) return g_strdup("");
        return g_utf8_substring(rest, 0, MIN(g_utf8_strlen(rest, -1), NOTE_CHARS_MAX));
    }
    return NULL;
}

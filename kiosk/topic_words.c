#include "kiosk/topic_words.h"

#include <string.h>

#define HOTLINE "12345"
/* They carry no meaning of their own; 不, 没 and 另 do. */
#define JOINING                                                                                    \
    "的了着地得又且也就都再并而和或与及在里给把被让由请您人可以能够会要领，。；：、！？“”（）"

/* 到 is not a way where it ends a verb (看到, 遇到, 收到 …). */
#define WHERE                                                                                               \
    "(?:[^，。；：.．\\s]+的，)?(?:向|找|告诉|(?<![看遇收达得直做])到)[^，。；：]*?" \
    "(?:街道|社区|窗口|派出所|残联|网点|村委会|居委会|村社|学校|医院|物业)"      \
    "[^，。；：]*"

char *topic_words_where(const Topic *topic)
{
    const char *const texts[] = { topic->application_process, topic->short_answer,
                                  topic->description };
    g_autoptr(GRegex) where = g_regex_new(WHERE, 0, 0, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GMatchInfo) match = NULL;
        if (g_regex_match(where, texts[i], 0, &match)) return g_match_info_fetch(match, 0);
    }
    return NULL;
}

gboolean topic_words_is_by_phone(const Topic *topic)
{
    if (!strstr(topic->application_process, "打")) return FALSE;
    for (char **phone = topic->phones; *phone; phone++)
        if (strstr(topic->application_process, *phone)) return TRUE;
    return FALSE;
}

const char *topic_words_phone(const Topic *topic)
{
    for (char **phone = topic->phones; *phone; phone++)
        if (strcmp(*phone, HOTLINE) == 0) return *phone;
    return topic->phones[0];
}

/* ---- told already ---- */

static gboolean is_digit(char c)
{
    return g_ascii_isdigit(c) || c == '.';
}

/* As a whole number: 5 does not stand in 15. */
static gboolean holds_number(const char *told, const char *number, gsize len)
{
    g_autofree char *wanted = g_strndup(number, len);

    for (const char *at = told; (at = strstr(at, wanted)); at++)
        if ((at == told || !is_digit(at[-1])) && !is_digit(at[len])) return TRUE;
    return FALSE;
}

gboolean topic_words_are_told(const char *text, const char *told)
{
    while (*text) {
        gsize digits = 0;
        gunichar c = g_utf8_get_char(text);
        while (is_digit(text[digits]))
            digits++;
        if (digits > 0 ? !holds_number(told, text, digits)
                       : !g_utf8_strchr(JOINING, -1, c) && !g_utf8_strchr(told, -1, c))
            return FALSE;
        text = digits > 0 ? text + digits : g_utf8_next_char(text);
    }
    return TRUE;
}

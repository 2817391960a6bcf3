#include "kiosk/slip_wrap.h"

#include <string.h>

static guint cells_of(gunichar ch)
{
    return ch < 0x80 ? 1 : 2;
}

static gboolean is_one_of(gunichar ch, const char *set)
{
    return g_utf8_strchr(set, -1, ch) != NULL;
}

static gboolean is_digit(gunichar ch)
{
    return ch < 0x80 && g_ascii_isdigit((char)ch);
}

/* Units of two characters; each is a word wherever it stands. */
static gboolean is_unit(gunichar first, gunichar second)
{
    static const char *const units[] = { "小时", "分钟", "个月", "周岁", "万元", "亿元", "公里" };

    for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
        if (g_utf8_get_char(units[i]) == first &&
            g_utf8_get_char(g_utf8_next_char(units[i])) == second)
            return TRUE;
    return FALSE;
}

/* 500元, 第3, 1.5小时, 8:30—11:30 */
static gboolean is_within_number(gunichar before, gunichar after)
{
    if (is_digit(before)) return g_unichar_get_script(after) == G_UNICODE_SCRIPT_HAN;
    if (is_digit(after)) return is_one_of(before, "第—～－￥");
    return is_unit(before, after);
}

static gboolean may_break(gunichar before, gunichar after)
{
    if (before == ' ' || after == ' ') return TRUE;
    if (before < 0x80 && after < 0x80) return FALSE; /* words, addresses, telephone numbers */
    if (is_one_of(after, "。，、；：？！）〕】》〉」』”’…—～·％℃.,;:?!)]}%")) return FALSE;
    if (is_one_of(before, "（〔【《〈「『“‘([{")) return FALSE;
    return !is_within_number(before, after);
}

gsize slip_wrap_line(const char *text, guint cells, gsize *next)
{
    const char *p = text, *best = NULL;
    guint used = 0;

    for (gunichar before = 0; *p; p = g_utf8_next_char(p)) {
        gunichar ch = g_utf8_get_char(p);
        if (before && may_break(before, ch)) best = p;
        if (ch != ' ' && used + cells_of(ch) > cells) break; /* spaces may hang over the edge */
        used += cells_of(ch);
        before = ch;
    }
    if (*p && best) p = best;
    if (*p && p == text) p = g_utf8_next_char(p); /* narrower than a character: it must move on */
    gsize len = (gsize)(p - text);
    *next = len + strspn(p, " ");
    while (len > 0 && text[len - 1] == ' ')
        len--;
    return len;
}

guint slip_wrap_cells(const char *text, gsize len)
{
    guint cells = 0;
    for (const char *p = text; p < text + len; p = g_utf8_next_char(p))
        cells += cells_of(g_utf8_get_char(p));
    return cells;
}

#include "charset/spoken_number.h"

static const char *const digits[] = { "零", "一", "二", "三", "四", "五", "六", "七", "八", "九" };

void spoken_number_digit(GString *out, gunichar digit, gboolean is_code)
{
    if (digit < '0' || digit > '9') return;
    g_string_append(out, is_code && digit == '1' ? "幺" : digits[digit - '0']);
}

/* Below ten thousand. `is_first`: nothing stands before it, so 十 is no 一十, and 两千. */
static void append_group(GString *out, guint number, gboolean is_first)
{
    static const struct {
        guint value;
        const char *name;
    } places[] = { { 1000, "千" }, { 100, "百" }, { 10, "十" }, { 1, "" } };
    gboolean is_begun = FALSE, has_gap = FALSE;

    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        guint digit = number / places[i].value % 10;
        if (digit == 0) {
            has_gap = is_begun;
            continue;
        }
        if (has_gap) g_string_append(out, digits[0]);
        if (is_first && !is_begun && digit == 2 && places[i].value == 1000)
            g_string_append(out, "两");
        else if (!is_first || is_begun || digit != 1 || places[i].value != 10)
            g_string_append(out, digits[digit]);
        g_string_append(out, places[i].name);
        is_begun = TRUE;
        has_gap = FALSE;
    }
}

static void append_number(GString *out, guint64 number, gboolean is_first)
{
    static const struct {
        guint64 value;
        const char *name;
    } places[] = { { 100000000, "亿" }, { 10000, "万" } };

    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        guint64 above = number / places[i].value, rest = number % places[i].value;
        if (above == 0) continue;
        if (is_first && above == 2)
            g_string_append(out, "两");
        else
            append_number(out, above, is_first);
        g_string_append(out, places[i].name);
        if (rest == 0) return;
        if (rest < places[i].value / 10) g_string_append(out, digits[0]);
        is_first = FALSE;
        number = rest;
    }
    append_group(out, (guint)number, is_first);
}

void spoken_number_cardinal(GString *out, guint64 number)
{
    if (number == 0)
        g_string_append(out, digits[0]);
    else
        append_number(out, number, TRUE);
}

#include "db/phone_number.h"

#include <string.h>

#define DIGITS_MIN 3u /* 110 */

typedef struct {
    char digits[PHONE_NUMBER_LEN_MAX + 1];
    guint count;
    const char *end;
} Run;

/* The digits from `at` on, across single octets of `joints`. */
static Run read_run(const char *at, const char *joints)
{
    Run run = { .end = at };
    while (g_ascii_isdigit(*at)) {
        for (; g_ascii_isdigit(*at); at++)
            if (run.count < PHONE_NUMBER_LEN_MAX) run.digits[run.count++] = *at;
        run.end = at;
        if (*at && strchr(joints, *at)) at++;
    }
    return run;
}

/* +86 138… */
static void drop_country(Run *run)
{
    if (run->count != 13 || !g_str_has_prefix(run->digits, "861")) return;
    memmove(run->digits, run->digits + 2, run->count - 1);
    run->count -= 2;
}

static gboolean has_form(const Run *run)
{
    const char *d = run->digits;
    guint area = d[1] == '1' || d[1] == '2' ? 3 : 4;
    if (d[0] == '1') return run->count == 11 && d[1] >= '3';
    if (d[0] == '0') return run->count == area + 7 || run->count == area + 8;
    return run->count == 10 && (d[0] == '4' || d[0] == '8') && d[1] == '0' && d[2] == '0';
}

/* What may stand between the word and the number. */
static const char *skip_back(const char *text, const char *at)
{
    static const char between[] = " \t:：“\"（(";
    while (at > text) {
        const char *before = g_utf8_prev_char(at);
        if (!g_utf8_strchr(between, -1, g_utf8_get_char(before))) break;
        at = before;
    }
    return at;
}

static gboolean is_called_for(const char *text, const char *at)
{
    static const char words[] = "打拨呼电话线机码询问系找"; /* their last characters */
    const char *end = skip_back(text, at);
    if (end - text >= 3 && g_ascii_strncasecmp(end - 3, "tel", 3) == 0) return TRUE;
    return end > text && g_utf8_strchr(words, -1, g_utf8_get_char(g_utf8_prev_char(end)));
}

/* 110；96110, 12393或12345: the second one too. */
static gboolean is_joined(const char *from, const char *to)
{
    static const char joints[] = "、,，;；/或和及";
    gboolean has_joint = FALSE;
    for (; from < to; from = g_utf8_next_char(from)) {
        gboolean is_joint = g_utf8_strchr(joints, -1, g_utf8_get_char(from)) != NULL;
        if (!is_joint && *from != ' ') return FALSE;
        has_joint = has_joint || is_joint;
    }
    return has_joint;
}

static void find_each(const char *text, PhoneNumberFunc func, gpointer user_data)
{
    const char *last = NULL; /* the end of the one before */
    for (const char *at = text; (at = strpbrk(at, "0123456789"));) {
        Run run = read_run(at, "- ");
        drop_country(&run);
        gboolean is_one = has_form(&run);
        if (!is_one) {
            run = read_run(at, "-");
            is_one = run.count >= DIGITS_MIN &&
                     (is_called_for(text, at) || (last && is_joined(last, at)));
        }
        if (is_one) func(run.digits, user_data);
        last = is_one ? run.end : NULL;
        at = run.end;
    }
}

void phone_number_each(const char *text, PhoneNumberFunc func, gpointer user_data)
{
    gboolean has_wide = strstr(text, "\xEF\xBC") != NULL; /* ０５７７－, and ：；， */
    g_autofree char *narrow = has_wide ? g_utf8_normalize(text, -1, G_NORMALIZE_NFKC) : NULL;
    find_each(narrow ? narrow : text, func, user_data);
}

#include "db/phone_number.h"

#include <string.h>

#define DIGITS_MIN 3u /* 110 */
#define JOINT_MAX  3u /* characters: " - ", ") ", —— */
#define DASHES     "-‐‑–—−"
#define JOINTS     DASHES " ·)\u00A0"

typedef struct {
    char digits[PHONE_NUMBER_LEN_MAX + 1];
    guint count;
    const char *end;
} Run;

static const char *skip_joint(const char *at, const char *joints)
{
    for (guint i = 0; i < JOINT_MAX && *at; i++) {
        if (!g_utf8_strchr(joints, -1, g_utf8_get_char(at))) break;
        at = g_utf8_next_char(at);
    }
    return at;
}

static void read_group(Run *run, const char *at)
{
    for (; g_ascii_isdigit(*at); at++)
        if (run->count < PHONE_NUMBER_LEN_MAX) run->digits[run->count++] = *at;
    run->end = at;
}

/* The digits from `at` on, whatever dashes part them; as many as a number may have, for they may be
 * read again from the next group on. */
static Run read_dashed(const char *at)
{
    Run run = { .end = at };
    for (; g_ascii_isdigit(*at) && run.count < PHONE_NUMBER_LEN_MAX;
         at = skip_joint(run.end, DASHES))
        read_group(&run, at);
    return run;
}

/* +86 138…, 0086 577… */
static void drop_country(Run *run)
{
    guint zeros = g_str_has_prefix(run->digits, "0086") ? 2 : 0;
    guint rest = run->count - zeros - 2;
    if (!g_str_has_prefix(run->digits + zeros, "86") || rest < 10) return;
    gboolean is_mobile = rest == 11 && run->digits[zeros + 2] == '1';
    guint from = zeros + (is_mobile ? 2 : 1);
    run->count -= from;
    memmove(run->digits, run->digits + from, run->count + 1);
    if (!is_mobile) *run->digits = '0';
}

static gboolean has_form(const Run *run)
{
    const char *d = run->digits;
    guint area = d[1] == '1' || d[1] == '2' ? 3 : 4;
    if (d[0] == '1') return run->count == 11 && d[1] >= '3';
    if (d[0] == '0') return run->count == area + 7 || run->count == area + 8;
    return run->count == 10 && (d[0] == '4' || d[0] == '8') && d[1] == '0' && d[2] == '0';
}

/* The number that begins here and has a number's form as soon as possible: what follows it may be
 * another one, or a year. `count` 0: none does. */
static Run read_formed(const char *at)
{
    Run run = { .end = at };
    for (; g_ascii_isdigit(*at) && run.count < PHONE_NUMBER_LEN_MAX;
         at = skip_joint(run.end, JOINTS)) {
        read_group(&run, at);
        Run national = run;
        drop_country(&national);
        if (has_form(&national)) return national;
    }
    return (Run){ 0 };
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

static gboolean has_unit(const Run *run, const char *units)
{
    const char *next = run->end + strspn(run->end, " ");
    return *next && g_utf8_strchr(units, -1, g_utf8_get_char(next));
}

/* A word before it says so; not 低保线 1077元, 体系 2025年. */
static gboolean is_called_for(const char *text, const char *at, const Run *run)
{
    static const char words[] = "打拨呼电话线机码询问系找"; /* their last characters */
    const char *end = skip_back(text, at);
    if (has_unit(run, "元万亿年%")) return FALSE;
    if (end - text >= 3 && g_ascii_strncasecmp(end - 3, "tel", 3) == 0) return TRUE;
    return end > text && g_utf8_strchr(words, -1, g_utf8_get_char(g_utf8_prev_char(end)));
}

/* 社保所：65812345, within a town: seven or eight digits behind a word that does not count things;
 * no unit follows them, and no year begins them. */
static gboolean is_local(const char *text, const char *at, const Run *run)
{
    static const char units[] = "元万亿人户亩吨平立公米件个次项年号度株套座%";
    static const char counting[] = "号额价资款费数积第共约计";
    const char *end = skip_back(text, at);
    gboolean is_date = run->count == 8 && g_str_has_prefix(run->digits, "20");
    if ((run->count != 7 && run->count != 8) || is_date) return FALSE;
    if (end == text || *run->digits < '2' || *run->digits > '8') return FALSE;
    if (has_unit(run, units) || (*run->end == '.' && g_ascii_isdigit(run->end[1]))) return FALSE;
    gunichar before = g_utf8_get_char(g_utf8_prev_char(end));
    return g_unichar_get_script(before) == G_UNICODE_SCRIPT_HAN &&
           !g_utf8_strchr(counting, -1, before);
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
        Run run = read_formed(at);
        gboolean is_one = run.count > 0;
        if (!is_one) {
            run = read_dashed(at);
            is_one = run.count >= DIGITS_MIN &&
                     (is_called_for(text, at, &run) || is_local(text, at, &run) ||
                      (last && is_joined(last, at)));
        }
        if (is_one) func(run.digits, user_data);
        last = is_one ? run.end : NULL;
        at = is_one ? run.end : at + strspn(at, "0123456789");
    }
}

void phone_number_each(const char *text, PhoneNumberFunc func, gpointer user_data)
{
    gboolean has_wide = strstr(text, "\xEF\xBC") != NULL; /* ０５７７－, and ：；， */
    g_autofree char *narrow = has_wide ? g_utf8_normalize(text, -1, G_NORMALIZE_NFKC) : NULL;
    find_each(narrow ? narrow : text, func, user_data);
}

#include "charset/spoken_items.h"

#include <string.h>

#include "charset/fold.h"
#include "charset/spoken_number.h"

#define CALL_CONTEXT 6 /* characters between 电话 and its number */

typedef struct {
    const gunichar *text; /* NFKC, simplified; 0 after the last */
    guint at;
    GArray *items;
    guint call_end; /* where the last number to call ended; 0: there was none */
} Reader;

/* "12,345.67": its digits without the commas. */
typedef struct {
    guint start;
    guint64 whole;     /* of the first SPOKEN_NUMBER_MAX digits */
    guint digit_count; /* of the whole part */
    guint whole_end;   /* where that ends */
    guint end;         /* where the fraction ends, if there is one */
    gboolean has_comma;
} Numeral;

/* ---- characters ---- */

static gboolean is_digit(gunichar ch)
{
    return ch >= '0' && ch <= '9';
}

static gboolean is_latin(gunichar ch)
{
    return ch < 0x80 && g_ascii_isalpha((char)ch);
}

static gboolean is_han(gunichar ch)
{
    return (ch >= 0x3400 && ch <= 0x9fff) || ch >= 0x20000;
}

static gboolean is_one_of(gunichar ch, const char *set)
{
    return ch && g_utf8_strchr(set, -1, ch);
}

static gboolean is_dash(gunichar ch)
{
    return is_one_of(ch, "-~–—−‐‑─〜");
}

/* What follows an amount: a unit, or the word counted. */
static gboolean is_unit(gunichar ch)
{
    return is_one_of(ch, "元万亿千百户名个人年月日天岁周平米公斤吨项条次张份套间层栋幢号楼位家座"
                         "期级类种批分角块小点秒度倍成笔届%‰亩字页只辆件支克升厘毫瓦步道台时路两");
}

static gboolean is_strong_unit(gunichar ch)
{
    return is_one_of(ch, "元万亿千百%‰");
}

static gunichar at(const Reader *r, guint place)
{
    return r->text[place];
}

static gunichar before(const Reader *r, guint place)
{
    return place ? r->text[place - 1] : 0;
}

/* Before `place` stands `word`. */
static gboolean ends_with(const Reader *r, guint place, const char *word)
{
    glong count = g_utf8_strlen(word, -1);
    if ((glong)place < count) return FALSE;
    place -= (guint)count;
    for (; *word; word = g_utf8_next_char(word))
        if (r->text[place++] != g_utf8_get_char(word)) return FALSE;
    return TRUE;
}

/* At `place` stands `word`; the text's last 0 stops it. */
static gboolean begins_with(const Reader *r, guint place, const char *word)
{
    for (; *word; word = g_utf8_next_char(word))
        if (r->text[place++] != g_utf8_get_char(word)) return FALSE;
    return TRUE;
}

/* ---- items ---- */

static void say_char(Reader *r, gunichar ch, SpokenKind kind)
{
    SpokenItem item = { ch, kind };
    g_array_append_val(r->items, item);
}

static void say(Reader *r, const char *words, SpokenKind kind)
{
    for (; *words; words = g_utf8_next_char(words))
        say_char(r, g_utf8_get_char(words), kind);
}

static void pause_short(Reader *r)
{
    say_char(r, ',', SPOKEN_COMMA);
}

static void say_cardinal(Reader *r, guint64 number)
{
    g_autoptr(GString) words = g_string_new(NULL);
    spoken_number_cardinal(words, number);
    say(r, words->str, SPOKEN_NUMBER);
}

static void say_digits(Reader *r, guint start, guint end, gboolean is_code)
{
    g_autoptr(GString) words = g_string_new(NULL);
    for (guint i = start; i < end; i++)
        spoken_number_digit(words, at(r, i), is_code);
    say(r, words->str, SPOKEN_NUMBER);
}

/* ---- numerals ---- */

static guint digits_end(const Reader *r, guint place)
{
    while (is_digit(at(r, place)))
        place++;
    return place;
}

static guint64 value_of(const Reader *r, guint start, guint end)
{
    guint64 value = 0;
    for (guint i = start; i < end && i - start < SPOKEN_NUMBER_MAX; i++)
        value = value * 10 + (at(r, i) - '0');
    return value;
}

/* 12,345,678: groups of three after the first comma */
static guint commas_end(const Reader *r, guint start, guint end)
{
    if (end - start > 3) return end;
    while (at(r, end) == ',' && digits_end(r, end + 1) == end + 4)
        end += 4;
    return end;
}

static Numeral read_numeral(const Reader *r, guint start)
{
    Numeral n = { .start = start };
    guint plain_end = digits_end(r, start);
    n.whole_end = commas_end(r, start, plain_end);
    n.has_comma = n.whole_end > plain_end;
    for (guint i = start; i < n.whole_end; i++) {
        if (at(r, i) == ',') continue;
        if (n.digit_count < SPOKEN_NUMBER_MAX) n.whole = n.whole * 10 + (at(r, i) - '0');
        n.digit_count++;
    }
    n.end = n.whole_end;
    if (at(r, n.end) == '.' && is_digit(at(r, n.end + 1))) n.end = digits_end(r, n.end + 1);
    return n;
}

static void say_numeral(Reader *r, const Numeral *n)
{
    if (n->digit_count > SPOKEN_NUMBER_MAX)
        say_digits(r, n->start, n->whole_end, FALSE);
    else
        say_cardinal(r, n->whole);
    if (n->end == n->whole_end) return;
    say(r, "点", SPOKEN_NUMBER);
    say_digits(r, n->whole_end + 1, n->end, FALSE);
}

/* ---- what a number may be: each says it and moves on, or is FALSE ---- */

/* 1 to 2 digits from `low` to `high` at `place`; the end of them, or 0. */
static guint small_end(const Reader *r, guint place, guint low, guint high)
{
    guint end = digits_end(r, place);
    if (end == place || end - place > 2) return 0;
    guint64 value = value_of(r, place, end);
    return value >= low && value <= high ? end : 0;
}

/* 2023-12-31, 2023/12/31, 2023.12.31, 2023-12 */
static gboolean try_date(Reader *r)
{
    guint start = r->at, year_end = digits_end(r, start);
    guint64 year = value_of(r, start, year_end);
    gunichar mark = at(r, year_end);
    if (year_end - start != 4 || year < 1900 || year > 2099 || !is_one_of(mark, "-/."))
        return FALSE;
    guint month_end = small_end(r, year_end + 1, 1, 12);
    if (!month_end) return FALSE;
    guint day_end = at(r, month_end) == mark ? small_end(r, month_end + 1, 1, 31) : 0;
    if (!day_end && (mark != '-' || month_end != year_end + 3 || is_unit(at(r, month_end))))
        return FALSE;

    say_digits(r, start, year_end, FALSE);
    say(r, "年", SPOKEN_NUMBER);
    say_cardinal(r, value_of(r, year_end + 1, month_end));
    say(r, "月", SPOKEN_NUMBER);
    if (day_end) {
        say_cardinal(r, value_of(r, month_end + 1, day_end));
        say(r, "日", SPOKEN_NUMBER);
    }
    r->at = day_end ? day_end : month_end;
    return TRUE;
}

/* 8:30 八点三十分, 14:00 十四点, 2:05 两点零五分 */
static gboolean try_time(Reader *r)
{
    guint hour_end = small_end(r, r->at, 0, 24);
    if (!hour_end || at(r, hour_end) != ':') return FALSE;
    guint minute_end = small_end(r, hour_end + 1, 0, 59);
    if (!minute_end || minute_end != hour_end + 3) return FALSE;

    guint64 hour = value_of(r, r->at, hour_end), minute = value_of(r, hour_end + 1, minute_end);
    if (hour == 2)
        say(r, "两", SPOKEN_NUMBER);
    else
        say_cardinal(r, hour);
    say(r, "点", SPOKEN_NUMBER);
    if (minute && minute < 10) say(r, "零", SPOKEN_NUMBER);
    if (minute) say_cardinal(r, minute);
    if (minute) say(r, "分", SPOKEN_NUMBER);
    r->at = minute_end;
    return TRUE;
}

/* A step of a list: "1." "2、" "3)" "(4)" where something begins. */
static gboolean try_step(Reader *r)
{
    guint end = small_end(r, r->at, 1, 99);
    guint start = r->at;
    gunichar mark = end ? at(r, end) : 0;
    gboolean is_bracketed = before(r, start) == '(';
    if (!is_one_of(mark, is_bracketed ? ")" : ".、)") || is_digit(at(r, end + 1))) return FALSE;
    if (is_bracketed) start--;
    gunichar previous = before(r, start);
    gboolean is_start =
        !previous || is_one_of(previous, mark == 0x3001 ? "\n。；;：:！？" : " \n。；;：:,！？.");
    gboolean is_between =
        mark == '.' && is_han(previous) && is_han(at(r, end + 1)); /* 申请2.审核 */
    if (!is_start && (!is_between || previous == 0x7b2c)) return FALSE;

    say(r, "第", SPOKEN_NUMBER);
    say_cardinal(r, value_of(r, r->at, end));
    pause_short(r);
    r->at = end + 1;
    return TRUE;
}

/* A word before it says that it is one to call; or such a one stands directly before it. */
static gboolean has_call_context(const Reader *r, guint start)
{
    static const char *const words[] = { "电话", "热线", "拨打", "打",   "拨",   "致电", "来电",
                                         "号码", "手机", "专线", "客服", "传真", "转" };
    guint place = start;
    while (place > 0 && start - place < CALL_CONTEXT) {
        if (r->call_end && r->call_end == place) return TRUE;
        if (!is_one_of(before(r, place), " :(“\"'是为到了、,/或和及-")) break;
        place--;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (ends_with(r, place, words[i])) return TRUE;
    return FALSE;
}

/* Numbers that everybody knows as numbers to call: 110, 12345, 96xxx. */
static gboolean is_service_number(guint64 value, guint digit_count)
{
    if (digit_count == 3) return value == 110 || value == 119 || value == 120 || value == 122;
    if (digit_count != 5 && digit_count != 6) return FALSE;
    guint64 head = digit_count == 5 ? value / 1000 : value / 10000;
    return value % 100 && ((head >= 10 && head <= 12) || head == 95 || head == 96);
}

/* 400-800-1234; an area code is known by its 0 */
static gboolean is_split_call(const Reader *r, const Numeral *n)
{
    return (n->whole == 400 || n->whole == 800) && n->digit_count == 3 && at(r, n->end) == '-' &&
           digits_end(r, n->end + 1) >= n->end + 4;
}

static gboolean is_call(const Reader *r, const Numeral *n)
{
    gunichar next = at(r, n->end);
    gboolean has_unit = is_unit(next) && !begins_with(r, n->end, "人工");
    if (n->end != n->whole_end || n->has_comma) return FALSE;
    if (n->digit_count > 12 || (n->digit_count > 1 && at(r, r->at) == '0')) return TRUE;
    if (is_strong_unit(next)) return FALSE;
    if (n->digit_count >= 3 && has_call_context(r, r->at)) return TRUE;
    if (n->digit_count == 11 && n->whole / 1000000000 >= 13) return TRUE;
    if (has_unit) return FALSE;
    return n->digit_count >= 7 || is_service_number(n->whole, n->digit_count) ||
           is_split_call(r, n);
}

/* Its parts, with pauses between them: 0577-65880000, 400-800-1234. */
static gboolean try_call(Reader *r, const Numeral *n)
{
    if (!is_call(r, n)) return FALSE;
    guint start = r->at, end = n->end;
    say_digits(r, start, end, TRUE);
    while (at(r, end) == '-' && is_digit(at(r, end + 1))) {
        start = end + 1;
        end = digits_end(r, start);
        pause_short(r);
        say_digits(r, start, end, TRUE);
    }
    r->at = r->call_end = end;
    return TRUE;
}

/* 2023年, 2021-2025年, 〔2023〕: digit by digit. Alone too, where nothing is counted. */
static gboolean is_year(const Reader *r, const Numeral *n)
{
    gunichar next = at(r, n->end);
    if (n->digit_count != 4 || n->has_comma || n->end != n->whole_end) return FALSE;
    if (next == 0x5e74) return n->whole >= 1000 && n->whole < 3000; /* 年 */
    if (n->whole < 1900 || n->whole > 2099) return FALSE;
    if (is_one_of(next, "学届级")) return TRUE;
    if (is_one_of(before(r, r->at), "〔[【(") && is_one_of(next, "〕]】)")) return TRUE;
    if ((is_dash(next) || is_one_of(next, "、至到和及与")) &&
        digits_end(r, n->end + 1) == n->end + 5)
        return begins_with(r, n->end + 5, "年") || begins_with(r, n->end + 5, "学年");
    return n->whole > 1950 && n->whole != 2000 && !is_unit(next) && !is_dash(next);
}

/* Digit by digit though nobody calls it: behind letters (CL02), 302室, 3303*** */
static gboolean is_code(const Reader *r, const Numeral *n)
{
    gunichar previous = before(r, r->at), next = at(r, n->end);
    if (previous == '*' || next == '*') return TRUE; /* masked */
    if (is_latin(previous) || (previous == '-' && r->at > 1 && is_latin(r->text[r->at - 2])))
        return TRUE;
    return (n->digit_count == 3 || n->digit_count == 4) && n->end == n->whole_end &&
           is_one_of(next, "室房");
}

/* 2个, 2名: 两; but 第2名, 2年级 */
static gboolean is_pair(const Reader *r, const Numeral *n)
{
    if (n->whole != 2 || n->digit_count != 1 || n->end != n->whole_end) return FALSE;
    if (before(r, r->at) == 0x7b2c || begins_with(r, n->end, "年级")) return FALSE; /* 第 */
    return is_one_of(at(r, n->end),
                     "个名位户人次年天套间张份种项倍家条件块万千亿点只辆页周小岁元斤公"
                     "吨米亩平寸双成台栋幢类部场方顿针片粒瓶盒包副组");
}

/* 1/3 三分之一 */
static gboolean try_fraction(Reader *r, const Numeral *n)
{
    if (n->end != n->whole_end || at(r, n->end) != '/' || before(r, r->at) == '/') return FALSE;
    guint end = small_end(r, n->end + 1, 2, 99);
    if (!end || at(r, end) == '/' || value_of(r, n->end + 1, end) <= n->whole || !n->whole)
        return FALSE;
    say_cardinal(r, value_of(r, n->end + 1, end));
    say(r, "分之", SPOKEN_NUMBER);
    say_cardinal(r, n->whole);
    r->at = end;
    return TRUE;
}

/* Says what a sign of percent wants before the number: also in 10-20%. */
static void say_percent(Reader *r, const Numeral *n)
{
    guint end = n->end;
    if (is_dash(at(r, end)) && is_digit(at(r, end + 1))) end = read_numeral(r, end + 1).end;
    if (at(r, end) == '%') say(r, "百分之", SPOKEN_NUMBER);
    if (at(r, end) == 0x2030) say(r, "千分之", SPOKEN_NUMBER); /* ‰ */
}

/* kg, m2 behind a number */
static void say_latin_unit(Reader *r)
{
    static const struct {
        const char *sign, *name;
    } units[] = {
        { "km2", "平方公里" }, { "cm2", "平方厘米" }, { "m2", "平方米" }, { "m3", "立方米" },
        { "km", "公里" },      { "kg", "公斤" },      { "cm", "厘米" },   { "mm", "毫米" },
        { "ml", "毫升" },      { "mL", "毫升" },      { "mg", "毫克" },   { "m", "米" },
        { "g", "克" },         { "L", "升" },         { "h", "小时" },    { "min", "分钟" },
        { "°C", "摄氏度" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        guint end = r->at + (guint)g_utf8_strlen(units[i].sign, -1);
        if (!begins_with(r, r->at, units[i].sign)) continue;
        if (is_latin(at(r, end)) || is_digit(at(r, end))) continue;
        say(r, units[i].name, SPOKEN_NUMBER);
        r->at = end;
        return;
    }
}

static void say_amount(Reader *r, const Numeral *n)
{
    say_percent(r, n);
    if (is_pair(r, n))
        say(r, "两", SPOKEN_NUMBER);
    else
        say_numeral(r, n);
    r->at = n->end;
    if (is_one_of(at(r, r->at), "%‰")) r->at++;
    say_latin_unit(r);
}

static void read_number(Reader *r)
{
    if (try_date(r) || try_time(r) || try_step(r)) return;
    Numeral n = read_numeral(r, r->at);
    if (is_code(r, &n)) {
        guint end = digits_end(r, r->at);
        say_digits(r, r->at, end, TRUE);
        r->at = end;
    } else if (is_year(r, &n)) {
        say_digits(r, r->at, n.end, FALSE);
        r->at = n.end;
    } else if (!try_call(r, &n) && !try_fraction(r, &n)) {
        say_amount(r, &n);
    }
}

/* ---- signs ---- */

/* ¥500 五百元, ¥5万 五万元 */
static void read_money(Reader *r)
{
    const char *unit = at(r, r->at) == '$' ? "美元" : "元";
    r->at++;
    if (!is_digit(at(r, r->at))) return;
    Numeral n = read_numeral(r, r->at);
    say_numeral(r, &n);
    for (r->at = n.end; is_one_of(at(r, r->at), "百千万亿"); r->at++)
        say_char(r, at(r, r->at), SPOKEN_NUMBER);
    if (!begins_with(r, r->at, unit)) say(r, unit, SPOKEN_NUMBER);
}

/* 3-5, 500元—1000元, 8:30-11:30: 到. -5: 负. Else a dash is a pause, in words
 * of letters nothing. */
static void read_dash(Reader *r)
{
    gunichar previous = before(r, r->at), next = at(r, r->at + 1);
    if (is_digit(next) && (is_digit(previous) || is_unit(previous)))
        say(r, "到", SPOKEN_NUMBER);
    else if (is_digit(next) && (!previous || is_one_of(previous, " (:,")))
        say(r, "负", SPOKEN_NUMBER);
    else if (!is_latin(previous))
        pause_short(r);
    r->at++;
}

/* 元/月: 每 */
static void read_slash(Reader *r)
{
    gunichar previous = before(r, r->at), next = at(r, r->at + 1);
    if (is_one_of(previous, "元次斤度米吨天人角分") &&
        is_one_of(next, "月年人户次天日亩平个小吨度斤米年"))
        say(r, "每", SPOKEN_NUMBER);
    else
        pause_short(r);
    r->at++;
}

/* A full stop, or the dot of an address. */
static void read_dot(Reader *r)
{
    gunichar previous = before(r, r->at), next = at(r, r->at + 1);
    gboolean is_inside =
        (is_latin(previous) || is_digit(previous)) && (is_latin(next) || is_digit(next));
    if (is_inside)
        say(r, "点", SPOKEN_NUMBER);
    else
        say_char(r, '.', SPOKEN_STOP);
    r->at++;
}

static gboolean read_sign(Reader *r)
{
    static const struct {
        const char *sign, *name;
    } signs[] = {
        { "+", "加" },       { "=", "等于" },     { "×", "乘" },     { "÷", "除以" },
        { "≥", "大于等于" }, { "≤", "小于等于" }, { ">", "大于" },   { "<", "小于" },
        { "±", "正负" },     { "≈", "约" },       { "&", "和" },     { "@", "艾特" },
        { "#", "井号" },     { "_", "下划线" },   { "%", "百分号" }, { "‰", "千分号" },
        { "°", "度" },       { "〇", "零" },      { "○", "零" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(signs); i++) {
        if (at(r, r->at) != g_utf8_get_char(signs[i].sign)) continue;
        say(r, signs[i].name, SPOKEN_NUMBER);
        r->at++;
        return TRUE;
    }
    return FALSE;
}

static void read_other(Reader *r)
{
    gunichar ch = at(r, r->at);
    if (ch == ':' && is_digit(before(r, r->at)) && small_end(r, r->at + 1, 1, 99))
        say(r, "比", SPOKEN_NUMBER);
    else if (is_one_of(ch, "。!?;\n…"))
        say_char(r, '.', SPOKEN_STOP);
    else if (is_one_of(ch, "、,:()[]{}【】〔〕*|"))
        pause_short(r);
    r->at++;
}

static void read_one(Reader *r)
{
    gunichar ch = at(r, r->at);
    if (is_digit(ch)) {
        read_number(r);
    } else if (is_latin(ch)) {
        say_char(r, (gunichar)g_ascii_toupper((char)ch), SPOKEN_LETTER);
        r->at++;
    } else if (is_han(ch)) {
        say_char(r, ch, SPOKEN_HAN);
        r->at++;
    } else if (is_one_of(ch, "¥$")) {
        read_money(r);
    } else if (is_dash(ch)) {
        read_dash(r);
    } else if (ch == '/') {
        read_slash(r);
    } else if (ch == '.') {
        read_dot(r);
    } else if (!read_sign(r)) {
        read_other(r);
    }
}

/* ① to ⑳ would become bare digits: they are steps. */
static char *open_circles(const char *text)
{
    GString *out = g_string_sized_new(strlen(text));
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar ch = g_utf8_get_char(text);
        if (ch >= 0x2460 && ch <= 0x2473)
            g_string_append_printf(out, "\n%u)", ch - 0x2460 + 1);
        else
            g_string_append_unichar(out, ch);
    }
    return g_string_free(out, FALSE);
}

GArray *spoken_items(const char *text)
{
    g_autofree char *opened = open_circles(text);
    g_autofree char *plain = g_utf8_normalize(opened, -1, G_NORMALIZE_NFKC);
    GArray *items = g_array_new(FALSE, FALSE, sizeof(SpokenItem));
    if (!plain) return items;
    glong count;
    g_autofree gunichar *chars = g_utf8_to_ucs4_fast(plain, -1, &count);
    for (glong i = 0; i < count; i++)
        chars[i] = fold_simplify(chars[i]);

    Reader r = { .text = chars, .items = items };
    while (r.text[r.at])
        read_one(&r);
    return items;
}

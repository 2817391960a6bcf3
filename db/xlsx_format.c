#include "db/xlsx_format.h"

#include <math.h>

/* ---- codes ---- */

static const struct {
    guint id;
    const char *code;
} builtin[] = {
    { 9, "0%" },
    { 10, "0.00%" },
    { 14, "yyyy/m/d" },
    { 15, "d-mmm-yy" },
    { 16, "d-mmm" },
    { 17, "mmm-yy" },
    { 18, "h:mm AM/PM" },
    { 19, "h:mm:ss AM/PM" },
    { 20, "h:mm" },
    { 21, "h:mm:ss" },
    { 22, "yyyy/m/d h:mm" },
    { 27, "yyyy\"年\"m\"月\"" },
    { 28, "m\"月\"d\"日\"" },
    { 29, "m\"月\"d\"日\"" },
    { 30, "m-d-yy" },
    { 31, "yyyy\"年\"m\"月\"d\"日\"" },
    { 32, "h\"时\"mm\"分\"" },
    { 33, "h\"时\"mm\"分\"ss\"秒\"" },
    { 34, "h\"时\"mm\"分\"" },
    { 35, "h\"时\"mm\"分\"ss\"秒\"" },
    { 36, "yyyy\"年\"m\"月\"" },
    { 45, "mm:ss" },
    { 46, "[h]:mm:ss" },
    { 47, "mm:ss.0" },
    { 50, "yyyy\"年\"m\"月\"" },
    { 51, "m\"月\"d\"日\"" },
    { 52, "yyyy\"年\"m\"月\"" },
    { 53, "m\"月\"d\"日\"" },
    { 54, "m\"月\"d\"日\"" },
    { 55, "h\"时\"mm\"分\"" },
    { 56, "h\"时\"mm\"分\"ss\"秒\"" },
    { 57, "yyyy\"年\"m\"月\"" },
    { 58, "m\"月\"d\"日\"" },
};

const char *xlsx_format_builtin(guint id)
{
    for (gsize i = 0; i < G_N_ELEMENTS(builtin); i++)
        if (builtin[i].id == id) return builtin[i].code;
    return NULL;
}

/* A code on its way into a format. Only its first section is read: that of positive numbers. */
typedef struct {
    XlsxFormat *out;
    const char *at;
    gboolean has_digits, is_text, is_past_point, is_exponent;
    gboolean has_text_after; /* since the last digit: another digit would make a disguise */
    gboolean is_percent, is_scaled, is_broken_up;
    char last_unit;         /* h, s or other: tells minutes from months */
    gboolean is_month_open; /* an m that may yet turn out to be minutes */
} Code;

static void add_literal(Code *code, const char *text, gsize len)
{
    char *affix = code->has_digits ? code->out->suffix : code->out->prefix;
    gsize have = strlen(affix);
    if (len == 0 || (len == 1 && text[0] == ' ')) return;
    code->has_text_after = code->has_digits;
    if (have + len < XLSX_AFFIX_MAX) memcpy(affix + have, text, len); /* the rest is 0 */
}

static void add_digit(Code *code, char digit)
{
    if (code->has_text_after) code->is_broken_up = TRUE;
    code->has_digits = TRUE;
    if (digit == '0' && !code->is_past_point && !code->is_exponent) code->out->min_digits++;
}

/* A run of y, m, d, h or s. */
static void add_date_part(Code *code, char letter, gsize run)
{
    guint part = letter == 'y' || letter == 'e' ? XLSX_YEAR
                 : letter == 'm'                ? XLSX_MONTH
                 : letter == 'd'                ? (run <= 2 ? XLSX_DAY : 0)
                                                : XLSX_TIME;
    gboolean is_minutes = letter == 'm' && code->last_unit == 'h';
    if (letter == 's' && code->is_month_open) code->out->parts &= ~(guint)XLSX_MONTH;
    if (is_minutes) part = XLSX_TIME;
    code->is_month_open = letter == 'm' && !is_minutes && !(code->out->parts & XLSX_MONTH);
    code->out->parts |= part;
    code->out->kind = XLSX_DATE;
    code->last_unit = letter;
}

static void take_quoted(Code *code)
{
    const char *from = code->at + 1;
    gsize len = strcspn(from, "\"");
    add_literal(code, from, len);
    code->at = from + len + (from[len] ? 1 : 0);
}

/* [红色] [>100] [$¥-804] [DBNum1] [h] */
static void take_bracket(Code *code)
{
    const char *from = code->at + 1;
    gsize len = strcspn(from, "]");
    if (from[0] == '$')
        add_literal(code, from + 1, MIN(strcspn(from + 1, "-"), len - 1));
    else if (len > 0 && strspn(from, "hms") == len)
        add_date_part(code, 'h', len);
    code->at = from + len + (from[len] ? 1 : 0);
}

static void take_escaped(Code *code)
{
    const char *next = g_utf8_next_char(code->at + 1);
    if (code->at[1] == '\0') next = code->at + 1;
    if (code->at[0] == '\\' || code->at[0] == '!')
        add_literal(code, code->at + 1, (gsize)(next - code->at - 1));
    code->at = next; /* _x and *x only fill space */
}

/* A comma behind the last digit divides by a thousand; one within only groups. */
static void take_comma(Code *code)
{
    const char *next = code->at + 1;
    if (code->has_digits && !code->has_text_after && (*next == '\0' || !strchr("0#?", *next)))
        code->is_scaled = TRUE;
    code->at = next;
}

static gboolean take_word(Code *code)
{
    static const char *const words[] = { "General", "G/通用格式", "AM/PM", "A/P", "上午/下午" };
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        gsize len = strlen(words[i]);
        if (g_ascii_strncasecmp(code->at, words[i], len) != 0) continue;
        if (i < 2) code->has_digits = TRUE;
        code->at += len;
        return TRUE;
    }
    return FALSE;
}

static void take_letter(Code *code, char letter)
{
    gsize run = 1;
    while (g_ascii_tolower(code->at[run]) == letter)
        run++;
    if (letter == 'e' && (code->at[1] == '+' || code->at[1] == '-')) {
        code->is_exponent = TRUE;
        run = 2;
    } else if (strchr("ymdhse", letter)) {
        add_date_part(code, letter, run);
    }
    code->at += run; /* a: the weekday, b and g: the era */
}

static void take_one(Code *code)
{
    char ch = code->at[0];
    if (ch == '"') {
        take_quoted(code);
    } else if (ch == '[') {
        take_bracket(code);
    } else if (strchr("\\!_*", ch)) {
        take_escaped(code);
    } else if (ch == ',') {
        take_comma(code);
    } else if (strchr("0#?", ch)) {
        add_digit(code, ch);
        code->at++;
    } else if (ch == '.' || ch == '%' || ch == '@') {
        code->is_past_point = code->is_past_point || ch == '.';
        code->is_percent = code->is_percent || ch == '%';
        code->is_text = code->is_text || ch == '@';
        code->at++;
    } else if (ch == '/' && code->has_digits) { /* a fraction */
        code->is_past_point = TRUE;
        code->at++;
    } else if (take_word(code)) {
        return;
    } else if (strchr("ymdhsegab", g_ascii_tolower(ch))) {
        take_letter(code, g_ascii_tolower(ch));
    } else {
        const char *next = g_utf8_next_char(code->at);
        add_literal(code, code->at, (gsize)(next - code->at));
        code->at = next;
    }
}

void xlsx_format_parse(const char *text, XlsxFormat *out)
{
    *out = (XlsxFormat){ 0 };
    Code code = { .out = out, .at = text };
    while (*code.at != '\0' && *code.at != ';')
        take_one(&code);
    gboolean shows_number = code.has_digits || code.is_text || *text == '\0';
    if (out->kind == XLSX_DATE ? out->parts == 0
                               : !shows_number || code.is_scaled || code.is_broken_up)
        out->kind = XLSX_DISGUISE;
    else if (out->kind == XLSX_DATE)
        return;
    else if (code.is_percent)
        out->kind = XLSX_PERCENT;
}

/* ---- numbers ---- */

static const SheetComplaint not_a_number = { "这一格的数读不出来",
                                             "在表格软件里重新录入这一格，再保存" };
static const SheetComplaint too_many_digits = { "被表格软件当成了数，超过 15 位，后面几位已经丢失",
                                                "先把这一列设为“文本”，再照原件重新录入" };
static const SheetComplaint disguise = { "这一格的数字格式显示的和实际存的不一样",
                                         "先把这一列设为“文本”，再照看到的样子重新录入" };
static const SheetComplaint no_date = { "日期不在 1900 年到 9999 年之间",
                                        "先把这一列设为“文本”，写成“2023-12-31”" };

/* Nearly all numbers stand there already as they are printed: 198, 54.69. */
static gboolean is_plain(const char *value)
{
    gsize whole = strspn(value, "0123456789");
    if (whole == 0 || whole > 15 || (value[0] == '0' && whole > 1)) return FALSE;
    if (value[whole] == '\0') return TRUE;
    const char *part = value + whole + 1;
    gsize len = strspn(part, "0123456789");
    return value[whole] == '.' && len > 0 && whole + len <= 15 && part[len] == '\0' &&
           part[len - 1] != '0';
}

static gboolean parse_number(const char *value, double *number)
{
    char *end = NULL;
    if (value[0] == '\0' || strspn(value, "+-.0123456789eE") != strlen(value)) return FALSE;
    *number = g_ascii_strtod(value, &end);
    return *end == '\0' && isfinite(*number);
}

/* Fifteen digits, as spreadsheets count; never an exponent for a number that a clerk may write. */
static void print_number(double number, GString *out)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(text, sizeof text, "%.15g", number);
    if (strchr(text, 'e') && fabs(number) >= 1e-15)
        g_ascii_formatd(text, sizeof text, fabs(number) < 1 ? "%.19f" : "%.0f", number);
    if (strchr(text, '.') && !strchr(text, 'e')) {
        gsize len = strlen(text);
        while (text[len - 1] == '0')
            text[--len] = '\0';
        if (text[len - 1] == '.') text[--len] = '\0';
    }
    g_string_append(out, strcmp(text, "-0") == 0 ? "0" : text);
}

static void pad(GString *out, gsize from, guint min_digits)
{
    gsize start = out->str[from] == '-' ? from + 1 : from;
    for (gsize have = strspn(out->str + start, "0123456789"); have < MIN(min_digits, 15u); have++)
        g_string_insert_c(out, (gssize)start, '0');
}

/* ---- dates ---- */

static void print_parts(guint parts, guint year, guint month, guint day, guint seconds,
                        GString *out)
{
    const gsize from = out->len;
    if (parts & XLSX_YEAR) g_string_append_printf(out, "%04u", year);
    if (parts & XLSX_MONTH)
        g_string_append_printf(out, "%s%02u", out->len > from ? "-" : "", month);
    if (parts & XLSX_DAY) g_string_append_printf(out, "%s%02u", out->len > from ? "-" : "", day);
    if (!(parts & XLSX_TIME) || (seconds == 0 && out->len > from)) return;
    g_string_append_printf(out, "%s%02u:%02u", out->len > from ? " " : "", seconds / 3600,
                           seconds / 60 % 60);
    if (seconds % 60) g_string_append_printf(out, ":%02u", seconds % 60);
}

/* Days since 1899-12-31 (1904: since 1904-01-01), of which one, number 60, never was. */
static const SheetComplaint *print_date(double serial, guint parts, gboolean is_1904, GString *out)
{
    enum { DAY_SECONDS = 86400, LEAP_BUG = 60, SERIALS = 2958466 };
    if (serial < 0 || serial >= SERIALS) return &no_date;
    guint64 all = (guint64)floor(serial * DAY_SECONDS + 0.5);
    guint days = (guint)(all / DAY_SECONDS), seconds = (guint)(all % DAY_SECONDS);
    if (!is_1904 && days == LEAP_BUG) {
        print_parts(parts, 1900, 2, 29, seconds, out);
        return NULL;
    }
    GDate date;
    g_date_clear(&date, 1);
    if (is_1904)
        g_date_set_dmy(&date, 1, G_DATE_JANUARY, 1904);
    else
        g_date_set_dmy(&date, days < LEAP_BUG ? 31 : 30, G_DATE_DECEMBER, 1899);
    g_date_add_days(&date, days);
    if (g_date_get_year(&date) > 9999) return &no_date;
    print_parts(parts, g_date_get_year(&date), g_date_get_month(&date), g_date_get_day(&date),
                seconds, out);
    return NULL;
}

/* ---- both ---- */

static const SheetComplaint *print_value(const XlsxFormat *format, const char *value,
                                         gboolean is_1904, GString *out)
{
    static const XlsxFormat general = { XLSX_NUMBER, 0, 0, "", "" };
    double number = 0;
    if (!format) format = &general;
    if (!parse_number(value, &number)) return &not_a_number;
    if (format->kind == XLSX_DATE) return print_date(number, format->parts, is_1904, out);
    if (fabs(number) >= 1e15) return &too_many_digits;
    if (format->kind == XLSX_DISGUISE) return &disguise;
    g_string_append(out, format->prefix);
    const gsize from = out->len;
    if (format->kind == XLSX_PERCENT)
        print_number(number * 100, out);
    else if (is_plain(value))
        g_string_append(out, value);
    else
        print_number(number, out);
    pad(out, from, format->min_digits);
    if (format->kind == XLSX_PERCENT) g_string_append_c(out, '%');
    g_string_append(out, format->suffix);
    return NULL;
}

const SheetComplaint *xlsx_number_text(const XlsxFormat *format, const char *value,
                                       gboolean is_1904, GString *out)
{
    if (!format && is_plain(value)) {
        g_string_append(out, value);
        return NULL;
    }
    const gsize from = out->len;
    const SheetComplaint *complaint = print_value(format, value, is_1904, out);
    if (!complaint) return NULL;
    g_string_truncate(out, from);
    g_string_append(out, value);
    return complaint;
}

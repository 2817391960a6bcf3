/* charset/terminal.c: columns, wrapping, the width of a real pseudo-terminal, encodings. */
#include "charset/terminal.h"

#include <fcntl.h>
#include <locale.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void test_columns(void)
{
    static const struct {
        const char *text;
        guint columns;
    } table[] = {
        { "", 0 },   { "abc", 3 },       { "低保", 4 },         { "低保a", 5 },
        { "，", 2 }, { "e\xcc\x81", 1 }, { "\xe2\x80\x8b", 0 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        g_assert_cmpuint(terminal_columns(table[i].text), ==, table[i].columns);
}

static const struct {
    const char *name, *text;
    guint width, indent;
    const char *wrapped;
} wrap_table[] = {
    { "empty", "", 10, 0, "" },
    { "fits", "最低生活", 8, 0, "最低生活" },
    { "wraps", "最低生活保障", 8, 0, "最低生活\n保障" },
    { "odd width", "最低生活保障", 7, 0, "最低生\n活保障" },
    { "indent", "最低生活保障", 8, 2, "最低生活\n  保障" },
    { "no line begins with a full stop", "最低生活。保障", 8, 0, "最低生\n活。保障" },
    { "nor with two closing marks", "（最低生）。保障", 8, 0, "（最低\n生）。保\n障" },
    { "none ends with an opening one", "最低生（活）", 8, 0, "最低生\n（活）" },
    { "Latin words", "call the office", 8, 0, "call the\noffice" },
    { "a number stays whole", "电话12345转", 8, 0, "电话\n12345转" },
    { "spaces at the break go", "abcd    efgh", 6, 0, "abcd\nefgh" },
    { "spaces within stay", "a  b", 6, 0, "a  b" },
    { "spaces in front stay", "  低保", 8, 0, "  低保" },
    { "line ends", "低保\n\n公租房", 8, 2, "低保\n\n公租房" },
    { "a word longer than a line", "abcdefghij", 4, 0, "abcd\nefgh\nij" },
    { "after something", "低 abcdef", 4, 0, "低\nabcd\nef" },
    { "combining", "abc e\xcc\x81", 5, 0, "abc e\xcc\x81" },
    { "indent beyond the width", "低保低保", 4, 9, "低保\n  低\n  保" },
    { "width 0", "低a", 0, 0, "低\na" },
};

static void test_wrap(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(wrap_table); i++) {
        g_autofree char *wrapped =
            terminal_wrap(wrap_table[i].text, wrap_table[i].width, wrap_table[i].indent);
        if (strcmp(wrapped, wrap_table[i].wrapped))
            g_test_fail_printf("%s: \"%s\", not \"%s\"", wrap_table[i].name, wrapped,
                               wrap_table[i].wrapped);
    }
}

/* A long answer at every width: no line too wide, nothing lost, no closing mark in front. */
static void test_wrap_widths(void)
{
    const char *text = "残疾人两项补贴（困难残疾人生活补贴、重度残疾人护理补贴）：2023年，共发放198"
                       "万元，惠及400多名。"
                       "电话：0577-65800000，“一件事”联办；咨询12345！";
    for (guint width = 6; width <= 120; width++) {
        g_autofree char *wrapped = terminal_wrap(text, width, 0);
        g_auto(GStrv) lines = g_strsplit(wrapped, "\n", -1);
        for (char **line = lines; *line; line++) {
            g_assert_cmpuint(terminal_columns(*line), <=, width);
            if (width >= 24)
                g_assert_null(g_utf8_strchr("，。、：；！）”", -1, g_utf8_get_char(*line)));
        }
        g_autofree char *joined = g_strjoinv("", lines);
        g_assert_cmpstr(joined, ==, text);
    }
}

static void check_width(int master, guint16 columns, guint expected)
{
    struct winsize size = { .ws_row = 24, .ws_col = columns };
    g_assert_cmpint(ioctl(master, TIOCSWINSZ, &size), ==, 0);
    fflush(stdout);
    int real = dup(STDOUT_FILENO), slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    g_assert_cmpint(slave, >=, 0);
    dup2(slave, STDOUT_FILENO);
    guint width = terminal_width();
    dup2(real, STDOUT_FILENO);
    close(real);
    close(slave);
    g_assert_cmpuint(width, ==, expected);
}

static void test_width(void)
{
    int master, slave;
    if (openpty(&master, &slave, NULL, NULL, NULL) != 0) {
        g_test_skip("no pseudo-terminals here (/dev/pts is not mounted)");
        return;
    }
    check_width(master, 72, 72);
    check_width(master, 3, 20);
    check_width(master, 65535, 100);
    check_width(master, 0, 80);
    close(master);
    close(slave);
}

/* The environment decides even where the locale is not installed. Empty: not set. */
static const struct {
    const char *lc_all, *lang, *text, *octets;
} encoding_table[] = {
    { "", "zh_CN.GBK", "低保", "\xb5\xcd\xb1\xa3" },
    { "zh_CN.GB18030", "C", "低保", "\xb5\xcd\xb1\xa3" },
    { "", "zh_CN", "低保", "\xb5\xcd\xb1\xa3" },
    { "", "zh_CN.GB2312@x", "镕", "\xe9\x46" },
    { "", "zh_CN.gbk", "\xf0\x9f\x98\x80低", "?\xb5\xcd" },
    { "", "zh_CN.UTF-8", "低保", "低保" },
    { "C.UTF-8", "zh_CN.GBK", "低保", "低保" },
    { "C", "zh_CN.GBK", "低保", "低保" },
    { "", "", "低保", "低保" },
    { "", "zh_CN.NONSENSE", "低保", "低保" },
};

static void set_or_unset(const char *name, const char *value)
{
    if (*value)
        g_setenv(name, value, TRUE);
    else
        g_unsetenv(name);
}

static void test_encoding_row(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    char *octets = NULL;
    gsize len = 0;
    FILE *stream = open_memstream(&octets, &len);
    set_or_unset("LC_ALL", encoding_table[i].lc_all);
    set_or_unset("LANG", encoding_table[i].lang);
    g_unsetenv("LC_CTYPE");
    setlocale(LC_ALL, "C");
    setlocale(LC_ALL, "");
    terminal_init();
    terminal_printf(stream, "%s", encoding_table[i].text);
    fclose(stream);
    g_assert_cmpuint(len, ==, strlen(encoding_table[i].octets));
    g_assert_cmpint(memcmp(octets, encoding_table[i].octets, len), ==, 0);
    free(octets);
}

static void test_to_utf8(void)
{
    static const struct {
        const char *typed;
        gssize len;
        const char *utf8;
    } table[] = {
        { "低保", -1, "低保" },
        { "", 0, "" },
        { "\xb5\xcd\xb1\xa3", -1, "低保" },
        { "\xb5\xcd\xb1\xa3\xff", -1, NULL }, /* neither */
        { "a\0b", 3, "a b" },
        { "\xb5\xcd\0", 3, "低 " },
        { "a\xff", 2, "a\xef\xbf\xbd" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *utf8 = terminal_to_utf8(table[i].typed, table[i].len);
        g_assert_true(g_utf8_validate(utf8, -1, NULL));
        if (table[i].utf8) g_assert_cmpstr(utf8, ==, table[i].utf8);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/terminal/columns", test_columns);
    g_test_add_func("/terminal/wrap", test_wrap);
    g_test_add_func("/terminal/wrap widths", test_wrap_widths);
    g_test_add_func("/terminal/width", test_width);
    g_test_add_func("/terminal/to utf8", test_to_utf8);
    for (gsize i = 0; i < G_N_ELEMENTS(encoding_table); i++) {
        g_autofree char *path = g_strdup_printf("/terminal/encoding/%zu %s %s", i,
                                                encoding_table[i].lc_all, encoding_table[i].lang);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_encoding_row);
    }
    return g_test_run();
}

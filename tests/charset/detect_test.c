/* charset/detect.c: marks, UTF-16 without one, and the choice between UTF-8 and GB18030. */
#include "charset/detect.h"

#include <glib.h>

#define NONE      (-1)
#define OCTETS(s) s, sizeof s - 1

static gboolean is_header(const char *first_line, gpointer data)
{
    return g_str_has_prefix(first_line, data);
}

static const struct {
    const char *name, *octets;
    gsize len;
    const char *header; /* NULL: no plausibility asked */
    int charset;
    gsize bom_len;
} table[] = {
    { "empty", OCTETS(""), NULL, CHARSET_UTF8, 0 },
    { "ascii", OCTETS("a,b\r\n1,2\r\n"), NULL, CHARSET_UTF8, 0 },
    { "utf-8 bom",
      OCTETS("\xef\xbb\xbf"
             "a"),
      NULL, CHARSET_UTF8, 3 },
    { "utf-16le bom",
      OCTETS("\xff\xfe"
             "a\0"),
      NULL, CHARSET_UTF16LE, 2 },
    { "utf-16be bom", OCTETS("\xfe\xff\0a"), NULL, CHARSET_UTF16BE, 2 },
    { "gb18030 bom", OCTETS("\x84\x31\x95\x33\xc4\xe3"), NULL, CHARSET_GB18030, 4 },
    { "half a bom is 锘", OCTETS("\xef\xbb"), NULL, CHARSET_GB18030, 0 },
    { "utf-16le ascii", OCTETS("a\0,\0b\0\r\0\n\0"), NULL, CHARSET_UTF16LE, 0 },
    { "utf-16be ascii", OCTETS("\0a\0,\0b\0\r\0\n"), NULL, CHARSET_UTF16BE, 0 },
    { "utf-16le 一,一", OCTETS("\0\x4e,\0\0\x4e"), NULL, CHARSET_UTF16LE, 0 },
    { "utf-16be 一,一", OCTETS("\x4e\0\0,\x4e\0"), NULL, CHARSET_UTF16BE, 0 },
    { "utf-16le 残疾\\n", OCTETS("\x8b\x6b\xbe\x75\x0a\0"), NULL, CHARSET_UTF16LE, 0 },
    { "utf-16le odd", OCTETS("a\0b\0c\0d"), NULL, CHARSET_UTF16LE, 0 },
    { "utf-16le NO.", OCTETS("N\0O\0.\0"), NULL, CHARSET_UTF16LE, 0 },
    { "utf-16be letters", OCTETS("\0n\0a\0m\0e"), NULL, CHARSET_UTF16BE, 0 },
    { "utf-16le 㐀, header known", OCTETS("a\0,\0\n\0\0\x34\1\x34\2\x34\3\x34\4\x34\5\x34"), "a,",
      CHARSET_UTF16LE, 0 },
    { "utf-16be 㐀, header known", OCTETS("\0a\0,\0\r\x34\0\x34\1\x34\2\x34\3\x34\4\x34\5\xd8"),
      "a,", CHARSET_UTF16BE, 0 },
    { "nul in ascii", OCTETS("ab\0\0cd"), NULL, CHARSET_UTF8, 0 },
    { "long ascii with a nul", OCTETS("name,amount\r\nab\0cd,12\r\nefgh,3456789\r\n"), NULL,
      CHARSET_UTF8, 0 },
    { "gbk with a nul", OCTETS("\xb2\xd0\xbc\xb2\0\xc8\xcb\xb2\xb9\xcc\xf9"), NULL, CHARSET_GB18030,
      0 },
    { "utf-8", OCTETS("残疾人补贴"), NULL, CHARSET_UTF8, 0 },
    { "gbk 残疾人", OCTETS("\xb2\xd0\xbc\xb2\xc8\xcb"), NULL, CHARSET_GB18030, 0 },
    { "gbk with euro", OCTETS("\xb2\xd0\x80"), NULL, CHARSET_GB18030, 0 },
    { "four octets", OCTETS("\x95\x32\x90\x31"), NULL, CHARSET_GB18030, 0 },
    { "C2A1, nobody to ask", OCTETS("\xc2\xa1"), NULL, CHARSET_UTF8, 0 },
    { "C2A1 隆", OCTETS("\xc2\xa1\r\n"), "隆", CHARSET_GB18030, 0 },
    { "C2A1 ¡", OCTETS("\xc2\xa1\r\n"), "¡", CHARSET_UTF8, 0 },
    { "unknown header", OCTETS("残疾\nx"), "名称", CHARSET_UTF8, 0 },
    { "neither", OCTETS("\xff\xff\xff"), NULL, NONE, 0 },
    { "neither, header known", OCTETS("\xc3\xfb\xb3\xc6,a\n\xff"), "名称", CHARSET_GB18030, 0 },
    { "damaged utf-8, header known", OCTETS("名称,a\nb\xff"), "名称", CHARSET_UTF8, 0 },
    { "damaged utf-8 that is valid gb18030", OCTETS("残疾人补\xc4\xe3\x0a"), NULL, CHARSET_UTF8,
      0 },
    { "nul, then damaged utf-8", OCTETS("\0残疾人补\xc4\xe3"), NULL, CHARSET_UTF8, 0 },
    { "utf-8 cut at the end", OCTETS("残疾人补\xe8\xb4"), NULL, CHARSET_UTF8, 0 },
    { "gbk 一元 first", OCTETS("\xd2\xbb\xd4\xaa\xd2\xbb\xd4\xaa\xd2\xbb\xc8\xcb"), NULL,
      CHARSET_GB18030, 0 },
    { "ascii header, damaged gbk", OCTETS("name\n\xb2\xd0\xbc\xb2\xff"), "name", CHARSET_GB18030,
      0 },
};

static void test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        DetectResult result = { 0 };
        gboolean is_found =
            detect_charset(table[i].octets, table[i].len, table[i].header ? is_header : NULL,
                           (gpointer)table[i].header, &result);
        int found = is_found ? (int)result.charset : NONE;
        if (found != table[i].charset || (is_found && result.bom_len != table[i].bom_len))
            g_error("%s: %d, bom %zu", table[i].name, found, result.bom_len);
    }
}

static void test_octet_by_octet(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(Detector) d = detector_new();
        for (gsize at = 0; at < table[i].len; at++)
            detector_push(d, table[i].octets + at, 1);
        DetectResult result = { 0 };
        gboolean is_found = detector_finish(d, table[i].header ? is_header : NULL,
                                            (gpointer)table[i].header, &result);
        if ((is_found ? (int)result.charset : NONE) != table[i].charset)
            g_error("%s", table[i].name);
    }
}

/* A fault far behind what is kept of the file still counts. */
static void test_long(void)
{
    g_autoptr(GString) text = g_string_new("a\n");
    while (text->len < 300000)
        g_string_append(text, "\xb2\xd0\xbc\xb2\n");
    DetectResult result;
    g_assert_true(detect_charset(text->str, text->len, NULL, NULL, &result));
    g_assert_cmpint((int)result.charset, ==, CHARSET_GB18030);
    gsize valid_len = text->len;
    g_string_append_c(text, '\xff');
    g_autoptr(Detector) d = detector_new();
    detector_push(d, text->str, text->len);
    g_assert_false(detector_finish(d, NULL, NULL, &result));
    g_assert_cmpuint(detector_valid_len(d, CHARSET_GB18030), ==, valid_len);
    g_assert_cmpuint(detector_valid_len(d, CHARSET_UTF8), ==, 2);
}

/* The line may be longer than what is kept, and cut within a character. */
static void test_long_line(void)
{
    g_autoptr(GString) text = g_string_new("名称");
    while (text->len < 3 * DETECT_LINE_MAX)
        g_string_append(text, "残");
    g_string_append(text, "\n\xff");
    DetectResult result;
    g_assert_true(detect_charset(text->str, text->len, is_header, (gpointer) "名称", &result));
    g_assert_cmpint((int)result.charset, ==, CHARSET_UTF8);
}

/* A paragraph of nothing but Chinese: the first NUL comes with the line end. */
static void test_utf16_paragraph(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 30; i++)
        g_string_append(text, "困难残疾人生活补贴，");
    g_string_append(text, "\n");
    for (Charset charset = CHARSET_UTF16LE; charset <= CHARSET_UTF16BE; charset++) {
        gsize len;
        g_autofree char *octets =
            convert_text(CHARSET_UTF8, charset, text->str, text->len, &len, NULL, NULL);
        DetectResult result;
        g_assert_true(detect_charset(octets, len, NULL, NULL, &result));
        g_assert_cmpint((int)result.charset, ==, (int)charset);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/detect/table", test_table);
    g_test_add_func("/detect/octet_by_octet", test_octet_by_octet);
    g_test_add_func("/detect/utf16_paragraph", test_utf16_paragraph);
    g_test_add_func("/detect/long", test_long);
    g_test_add_func("/detect/long_line", test_long_line);
    return g_test_run();
}

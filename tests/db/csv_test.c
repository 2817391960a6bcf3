/* db/csv.c: rows, physical lines and faults, in every encoding; both ways of cutting a line agree.
 */
#include "db/csv.h"

#include <sys/mman.h>
#include <unistd.h>

static gboolean knows_header(const char *first_line, gpointer data)
{
    (void)data;
    return strstr(first_line, "编号") != NULL || g_str_is_ascii(first_line);
}

static int file_of(const void *octets, gsize len)
{
    int fd = memfd_create("sheet", MFD_CLOEXEC);
    g_assert_cmpint(write(fd, octets, len), ==, (gssize)len);
    g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
    return fd;
}

/* "line:cell|cell\n" a row, "!line:column\n" a fault */
static char *render(const void *octets, gsize len, gboolean is_slow)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CsvReader) reader = csv_reader_new(file_of(octets, len), knows_header, NULL, &error);
    if (!reader) return g_strdup("refused");
    csv_reader_set_slow(reader, is_slow);
    GString *out = g_string_new(NULL);
    SheetRow row = { 0 };
    SheetFault fault = { 0 };
    for (;;) {
        switch (csv_reader_next(reader, &row, &fault, &error)) {
        case SHEET_ROW:
            g_string_append_printf(out, "%" G_GUINT64_FORMAT ":", row.line);
            for (guint i = 0; i < row.cell_count; i++)
                g_string_append_printf(out, i ? "|%s" : "%s", row.cells[i].text);
            g_string_append_c(out, '\n');
            break;
        case SHEET_FAULT:
            g_string_append_printf(out, "!%" G_GUINT64_FORMAT ":%u\n", fault.line, fault.column);
            break;
        case SHEET_END:
            return g_string_free(out, FALSE);
        case SHEET_FAILED:
            g_string_append(out, "failed");
            return g_string_free(out, FALSE);
        }
    }
}

static const struct {
    const char *name, *input, *expected;
} rows[] = {
    { "plain", "a,b\n1,2\n", "1:a|b\n2:1|2\n" },
    { "no line end at the end", "a,b\n1,2", "1:a|b\n2:1|2\n" },
    { "CR LF", "a,b\r\n1,2\r\n", "1:a|b\n2:1|2\n" },
    { "CR alone", "a,b\r1,2\r3,4\r", "1:a|b\n2:1|2\n3:3|4\n" },
    { "mixed line ends", "a\r\nb\nc\rd", "1:a\n2:b\n3:c\n4:d\n" },
    { "blank lines count", "a\n\n\r\nb\n", "1:a\n4:b\n" },
    { "empty cells", "a,,b\n,,\n", "1:a||b\n2:||\n" },
    { "spaces stay", " a ,b \n", "1: a |b \n" },
    { "quotes", "a,\"b,\"\"c\"\"\"\n", "1:a|b,\"c\"\n" },
    { "line ends in quotes", "a,\"b\r\nc\"\nd,e\n", "1:a|b\nc\n3:d|e\n" },
    { "CR in quotes", "a,\"b\rc\"\rd\r", "1:a|b\nc\n3:d\n" },
    { "row after a quoted one keeps its line", "a\n\"b\n\n\nc\",d\ne\n",
      "1:a\n2:b\n\n\nc|d\n6:e\n" },
    { "quote within a cell", "a,5\"b\nc,d\n", "!1:2\n2:c|d\n" },
    { "text after a quoted cell", "a,\"b\" x,c\nd\n", "!1:2\n2:d\n" },
    { "unclosed quote", "a\nb,\"c\nd\ne\n", "1:a\n!2:2\n" },
    { "sep=;", "sep=;\r\na;b,c\r\n", "2:a|b,c\n" },
    { "\"sep=;\"", "\"sep=;\"\na;\"b;c\"\n", "2:a|b;c\n" },
    { "BOM",
      "\xef\xbb\xbf"
      "a,b\n",
      "1:a|b\n" },
    { "empty", "", "" },
    { "a lone line end", "\n", "" },
    { "broken UTF-8 under a UTF-8 header",
      "编号,a\n1,\xff"
      "x\n2,b\n",
      "1:编号|a\n2:1|\xef\xbf\xbdx\n3:2|b\n" },
    { "cut short", "编号,a\n1,\xe4\xb8",
      "1:编号|a\n2:1|\xef\xbf\xbd"
      "\xef\xbf\xbd\n" },
};

static void test_rows(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].name);
        g_autofree char *quick = render(rows[i].input, strlen(rows[i].input), FALSE);
        g_autofree char *slow = render(rows[i].input, strlen(rows[i].input), TRUE);
        g_assert_cmpstr(slow, ==, quick);
        g_assert_cmpstr(quick, ==, rows[i].expected);
    }
}

static void test_nul(void)
{
    static const char file[] = "编号,名称,类别,别名,一句话答复\nc\0d,e\n";
    g_autofree char *text = render(file, sizeof file - 1, FALSE);
    g_assert_cmpstr(text, ==,
                    "1:编号|名称|类别|别名|一句话答复\n2:c|e\n"); /* the cell is longer than it
                                                                     looks; see cell.c */
}

static void test_charsets(void)
{
    static const char text[] = "编号,名称\r\nCL01,残疾人“补贴”，𠅤\r\n";
    static const struct {
        Charset charset;
        const char *bom;
        gsize bom_len;
    } forms[] = { { CHARSET_UTF8, "", 0 },
                  { CHARSET_UTF8, "\xef\xbb\xbf", 3 },
                  { CHARSET_GB18030, "", 0 },
                  { CHARSET_UTF16LE, "", 0 },
                  { CHARSET_UTF16BE, "", 0 },
                  { CHARSET_UTF16LE, "\xff\xfe", 2 },
                  { CHARSET_UTF16BE, "\xfe\xff", 2 },
                  { CHARSET_GB18030, "\x84\x31\x95\x33", 4 } };
    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_test_message("%s with %zu octets of BOM", charset_name(forms[i].charset),
                       forms[i].bom_len);
        gsize len = 0;
        g_autofree char *encoded =
            convert_text(CHARSET_UTF8, forms[i].charset, text, strlen(text), &len, NULL, NULL);
        g_autoptr(GByteArray) file = g_byte_array_new();
        g_byte_array_append(file, (const guint8 *)forms[i].bom, (guint)forms[i].bom_len);
        g_byte_array_append(file, (const guint8 *)encoded, (guint)len);
        g_autofree char *rendered = render(file->data, file->len, FALSE);
        g_assert_cmpstr(rendered, ==, "1:编号|名称\n2:CL01|残疾人“补贴”，𠅤\n");
    }
}

/* Rows that lie across the borders of blocks, in all line ends. */
static void test_blocks(void)
{
    static const char *const ends[] = { "\n", "\r\n", "\r" };
    for (gsize e = 0; e < G_N_ELEMENTS(ends); e++) {
        g_autoptr(GString) file = g_string_new(NULL);
        g_autoptr(GString) expected = g_string_new(NULL);
        for (guint i = 1; i <= 20000; i++) {
            g_string_append_printf(file, "a编号%u,\"残,疾\",x%s", i, ends[e]);
            g_string_append_printf(expected, "%u:a编号%u|残,疾|x\n", i, i);
        }
        g_autofree char *rendered = render(file->str, file->len, FALSE);
        g_assert_cmpstr(rendered, ==, expected->str);
    }
}

static void test_too_long(void)
{
    g_autofree char *long_text = g_strnfill(300 * 1024, 'x');
    g_autofree char *plain = g_strdup_printf("a\n%s\nb\n", long_text);
    g_autofree char *quoted = g_strdup_printf("a\n\"%s\n%s\"\nb\n", long_text, long_text);
    g_autofree char *endless = g_strdup_printf("a\n%s%s", long_text, long_text);
    g_autofree char *one = render(plain, strlen(plain), FALSE);
    g_autofree char *two = render(quoted, strlen(quoted), FALSE);
    g_autofree char *three = render(endless, strlen(endless), FALSE);
    g_assert_true(g_str_has_prefix(one, "1:a\n!2:0\n"));
    g_assert_cmpstr(two, ==, "1:a\n!2:0\n");
    g_assert_cmpstr(three, ==, "1:a\n!2:0\n");
}

static void test_too_wide(void)
{
    g_autofree char *commas = g_strnfill(70, ',');
    g_autofree char *empty = g_strdup_printf("a%s\n", commas);
    g_autofree char *filled = g_strdup_printf("a%sb\n", commas);
    g_autofree char *one = render(empty, strlen(empty), FALSE);
    g_autofree char *two = render(filled, strlen(filled), FALSE);
    g_assert_true(g_str_has_prefix(one, "1:a|"));
    g_assert_cmpstr(two, ==, "!1:65\n");
}

static void test_garbage(void)
{
    g_autofree char *noise = g_strnfill(100000, '\xff');
    g_autofree char *file = g_strdup_printf("编号,a\n%s", noise);
    g_autofree char *rendered = render(file, strlen(file), FALSE);
    g_assert_cmpuint(strlen(rendered), <, 20000); /* given up, not dragged through */
    g_assert_nonnull(strchr(rendered, '!'));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csv/rows", test_rows);
    g_test_add_func("/csv/nul", test_nul);
    g_test_add_func("/csv/charsets", test_charsets);
    g_test_add_func("/csv/blocks", test_blocks);
    g_test_add_func("/csv/too-long", test_too_long);
    g_test_add_func("/csv/too-wide", test_too_wide);
    g_test_add_func("/csv/garbage", test_garbage);
    return g_test_run();
}

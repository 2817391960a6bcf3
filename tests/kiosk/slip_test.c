#include "kiosk/slip.h"

#include <string.h>

#include "kiosk/slip_qr.h"
#include "kiosk/slip_wrap.h"

/* ---- where lines are cut ---- */

static const struct {
    guint cells;
    const char *text;
    const char *lines; /* joined by '|' */
} wraps[] = {
    { 8, "身份证户口簿", "身份证户|口簿" },
    { 9, "身份证户口簿", "身份证户|口簿" }, /* half a character does not fit */
    { 8, "身份证户。口簿", "身份证|户。口簿" },
    { 8, "身份证户”，口簿", "身份证|户”，口|簿" },
    { 8, "身份证（户口簿）", "身份证|（户口|簿）" },
    { 10, "每月给你500元左右", "每月给你|500元左右" },
    { 10, "每月最多100万元整", "每月最多|100万元整" },
    { 12, "请打12345或12385", "请打12345或|12385" },
    { 12, "电话0577-12345678，问", "电话|0577-1234567|8，问" }, /* longer than a line */
    { 14, "上午8:30—11:30，下午", "上午|8:30—11:30，|下午" },
    { 8, "to be or not", "to be or|not" },
    { 8, "一二三四  五六", "一二三四|五六" },
    { 8, "。。。。。。", "。。。。|。。" }, /* nothing else is possible */
    { 1, "身份", "身|份" },                 /* narrower than a character: no endless loop */
    { 8, "", "" },
    { 14, "依据国发〔2015〕52号", "依据国发|〔2015〕52号" },
    { 8, "第3号窗口在第3号楼", "第3号窗|口在|第3号楼" },
};

static char *wrapped(const char *text, guint cells)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    gsize next = 0;

    for (gsize at = 0; text[at]; at += next) {
        gsize len = slip_wrap_line(text + at, cells, &next);
        g_assert_cmpuint(next, >, 0);
        g_string_append_printf(lines, "%s%.*s", at ? "|" : "", (int)len, text + at);
    }
    return g_string_free(g_steal_pointer(&lines), FALSE);
}

static void test_wrap(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(wraps); i++) {
        g_autofree char *lines = wrapped(wraps[i].text, wraps[i].cells);
        g_assert_cmpstr(lines, ==, wraps[i].lines);
    }
}

static void test_cells(void)
{
    g_assert_cmpuint(slip_wrap_cells("a身份", strlen("a身份")), ==, 5);
    g_assert_cmpuint(slip_wrap_cells("a身份", strlen("a身")), ==, 3);
    g_assert_cmpuint(slip_wrap_cells("", 0), ==, 0);
}

/* ---- octets ---- */

#define START "\x1b@\x1c&"
#define END   "\x1b\x64\x03\x1d\x56\x42\x00"

/* The slip is `octets` between the start and the end that all have. Takes it over. */
static void assert_octets(Slip *taken, const char *octets, gsize len)
{
    g_autoptr(Slip) slip = taken;
    g_autoptr(GBytes) bytes = slip_finish(slip);
    g_autoptr(GByteArray) wanted = g_byte_array_new();

    g_byte_array_append(wanted, (const guint8 *)START, sizeof START - 1);
    g_byte_array_append(wanted, (const guint8 *)octets, (guint)len);
    g_byte_array_append(wanted, (const guint8 *)END, sizeof END - 1);
    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), wanted->data,
                    wanted->len);
}

#define assert_body(slip, literal) assert_octets(slip, literal, sizeof(literal) - 1)

static Slip *with_text(const char *text)
{
    Slip *slip = slip_new(58, FALSE);
    slip_text(slip, text);
    return slip;
}

static void test_octets(void)
{
    assert_body(slip_new(58, FALSE), "");
    assert_body(with_text("a身份"), "a\xc9\xed\xb7\xdd\n");
    assert_body(with_text(""), "");

    Slip *slip = slip_new(58, FALSE);
    slip_heading(slip, "身份");
    assert_body(slip, "\x1d\x21\x11\x1b\x45\x01\xc9\xed\xb7\xdd\n\x1b\x45\x00\x1d\x21\x00");

    slip = slip_new(58, FALSE);
    slip_labelled(slip, "带", "a");
    assert_body(slip, "\x1b\x45\x01\xb4\xf8\xa3\xba\x1b\x45\x00"
                      "a\n");

    slip = slip_new(58, FALSE);
    slip_rule(slip);
    slip_feed(slip, 2);
    assert_body(slip, "--------------------------------\n\n\n");
}

/* A sheet may hold anything. */
static const struct {
    const char *text, *preview;
} strange[] = {
    { "a\x1b@b\x1dV1c\x10\x04\x01 d\x1c.", "a@bV1c d.\n" },
    { "换\n行\r\n再\t来", "换\n行\n再 来\n" },
    { "\n\n空\n\n", "空\n" },
    { "\x7f\xc2\x85\xc2\x9b", "" },                                 /* DEL, NEL, CSI */
    { "a\xe2\x80\x8b\xef\xbb\xbf\xe2\x80\xae\xef\xb8\x8f", "a\n" }, /* ZWSP, BOM, RLO, VS16 */
    { "a\xc2\xa0\xe2\x80\x89z", "a  z\n" },                         /* no-break and thin space */
    { "a\xe2\x80\xa8z", "a\nz\n" },                                 /* line separator */
    { "e\xcc\x81", "é\n" },                                         /* composed, then in GBK */
    { "𠅤😀²€", "〓〓〓〓\n" },
    { "镕囍·—※□℃㎡", "镕囍·—※□℃㎡\n" },
    { "\xff\xfe坏", "〓〓坏\n" }, /* not UTF-8 */
};

static void test_strange_texts(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(strange); i++) {
        g_autoptr(Slip) slip = with_text(strange[i].text);
        g_autofree char *preview = slip_preview(slip);
        g_assert_cmpstr(preview, ==, strange[i].preview);
    }
}

/* Every control character and every character that GBK lacks, in every kind of line. */
static void test_no_text_is_a_command(void)
{
    static const char dangerous[] = "\x1b@\x1d\x28k\x10\x14\x02\x0c\x1c.\x18\x7f";
    g_autoptr(Slip) slip = slip_new(58, TRUE);
    gsize len = 0;

    slip_heading(slip, dangerous);
    slip_text(slip, dangerous);
    slip_labelled(slip, dangerous, dangerous);
    slip_item(slip, dangerous, dangerous);
    g_autoptr(GBytes) bytes = slip_finish(slip);
    const guint8 *octets = g_bytes_get_data(bytes, &len);
    for (gsize i = sizeof START - 1; i + sizeof END - 1 < len; i++) {
        if (octets[i] == 0x1b || octets[i] == 0x1d) {
            g_assert_true(octets[i + 1] == 'E' || octets[i + 1] == '!');
            i += 2;
            continue;
        }
        g_assert_true(octets[i] == '\n' || octets[i] >= 0x20);
        g_assert_cmpuint(octets[i], !=, 0x7f);
    }
}

/* Any characters at all: no line too wide, none lost but for those that are no characters. */
static void test_any_text(void)
{
    static const char *const pieces[] = { "身",   "，", "（", "）", "1",    "a",
                                          " ",    "元", "〓", "😀",  "\n",   "\x1b",
                                          "\xff", "€",  "é",  "—",  "小时", "\xe2\x80\x8b" };

    for (guint run = 0; run < 500; run++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(Slip) slip = slip_new(run % 2 ? 80 : 58, FALSE);
        for (int i = g_test_rand_int_range(0, 200); i > 0; i--)
            g_string_append(text, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
        slip_text(slip, text->str);
        slip_item(slip, "12.", text->str);
        slip_labelled(slip, text->str, text->str);
        g_autofree char *preview = slip_preview(slip);
        g_auto(GStrv) lines = g_strsplit(preview, "\n", -1);
        for (char **line = lines; *line; line++)
            g_assert_cmpuint(slip_wrap_cells(*line, strlen(*line)), <=, run % 2 ? 48 : 32);
        slip_heading(slip, text->str);
        g_autoptr(GBytes) bytes = slip_finish(slip);
        g_assert_cmpuint(g_bytes_get_size(bytes), >, sizeof START + sizeof END - 2);
    }
}

static void test_preview(void)
{
    g_autoptr(Slip) slip = slip_new(58, FALSE);
    slip_heading(slip, "困难残疾人生活补贴");
    slip_labelled(slip, "要带", "");
    slip_item(slip, "□", "本人银行卡或者社会保障卡，两样里面有一样就可以");
    slip_item(slip, "□", "");
    g_assert_true(slip_qr(slip, "smsto:12345:CL01"));
    g_autofree char *preview = slip_preview(slip);
    g_assert_cmpstr(preview, ==,
                    "困难残疾人\n生活补贴\n要带：\n□本人银行卡或者社会保障卡，两样\n  "
                    "里面有一样就可以\n〔二维码〕\n");
}

static const struct {
    const char *text, *preview;
} headings[] = {
    { "", "" },
    { "高龄津贴", "高龄津贴\n" },
    { "低保（困难）", "低保（困难）\n" },
    { "最低生活保障（低保）", "最低生活保障\n（低保）\n" },
    { "（从前叫低保）最低生活保障", "（从前叫低保）\n最低生活保障\n" },
    { "安康之家“共富工坊”（残疾人就业）", "安康之家“共\n富工坊”\n（残疾人就业）\n" },
};

static void test_headings(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(headings); i++) {
        g_autoptr(Slip) slip = slip_new(58, FALSE);
        slip_heading(slip, headings[i].text);
        g_autofree char *preview = slip_preview(slip);
        g_assert_cmpstr(preview, ==, headings[i].preview);
    }
}

static guint count_lines(const char *text)
{
    guint count = 0;
    for (; *text; text++)
        count += *text == '\n';
    return count;
}

/* A slip ends somewhere, and says that it did. */
static void test_too_long(void)
{
    g_autofree char *text = g_strnfill((gsize)1 << 20, 'x');
    g_autoptr(Slip) slip = with_text(text);
    slip_text(slip, "后面");
    slip_rule(slip);
    g_autofree char *preview = slip_preview(slip);
    g_autoptr(GBytes) bytes = slip_finish(slip);

    g_assert_cmpuint(count_lines(preview), ==, SLIP_LINES_MAX + 1);
    g_assert_true(g_str_has_suffix(preview, "后面的没有印）\n"));
    g_assert_cmpuint(g_bytes_get_size(bytes), <, (SLIP_LINES_MAX + 2) * 50);
}

/* ---- QR codes ---- */

static void test_qr_command(void)
{
    Slip *slip = slip_new(58, TRUE);
    g_assert_true(slip_qr(slip, "smsto:12345:CL01\x1b"));
    assert_body(slip, "\x1b\x61\x01\n"
                      "\x1d\x28\x6b\x04\x00\x31\x41\x32\x00"
                      "\x1d\x28\x6b\x03\x00\x31\x43\x08"
                      "\x1d\x28\x6b\x03\x00\x31\x45\x31"
                      "\x1d\x28\x6b\x13\x00\x31\x50\x30smsto:12345:CL01"
                      "\x1d\x28\x6b\x03\x00\x31\x51\x30"
                      "\n\x1b\x61\x00");
}

/* Whole dots a module, white on all sides, in the middle; decoded by zbarimg in slip_reader_test.
 */
static void test_qr_picture(void)
{
    g_autoptr(GByteArray) picture = g_byte_array_new();
    guint rows = slip_qr_append("smsto:13800000000:CL01", 384, picture);
    guint modules = 25, dots = 8, side = (modules + 8) * dots;

    g_assert_cmpuint(rows, ==, side);
    g_assert_cmpuint(picture->len, ==, rows * 384 / 8);
    for (guint y = 0; y < rows; y++)
        for (guint x = 0; x < 384; x++) {
            gboolean is_black = picture->data[y * 48 + x / 8] >> (7 - x % 8) & 1;
            guint left = (384 - modules * dots) / 2, top = 4 * dots;
            if (x < left || x >= left + modules * dots || y < top || y >= top + modules * dots)
                g_assert_false(is_black);
            else if (x < left + 7 * dots && y < top + dots) /* the finder's upper edge */
                g_assert_true(is_black);
        }
    g_assert_null(memchr(picture->data, 0x10, picture->len)); /* DLE, see slip.c */
}

static void test_qr_sizes(void)
{
    g_autofree char *long_text = g_strnfill(600, 'x');
    g_autofree char *huge = g_strnfill(20000, 'x');
    g_autofree char *fits = g_strnfill(400, 'x');
    g_autoptr(Slip) slip = slip_new(58, FALSE);

    g_assert_cmpuint(slip_qr_module_dots("", 384), ==, 0);
    g_assert_cmpuint(slip_qr_module_dots(fits, 384), ==, 4);
    g_assert_cmpuint(slip_qr_module_dots(fits, 576), ==, 6);
    g_assert_cmpuint(slip_qr_module_dots(huge, 576), ==, 0);
    g_assert_false(slip_qr(slip, ""));
    g_assert_false(slip_qr(slip, huge));
    g_assert_true(slip_qr(slip, long_text));
    g_autofree char *preview = slip_preview(slip);
    g_assert_cmpstr(preview, ==, "〔二维码〕\n");
}

/* 8 dots a millimetre; each line 30 dots, a heading 48, three lines are fed at the end. */
static void test_length(void)
{
    g_autoptr(Slip) slip = slip_new(58, FALSE);

    g_assert_cmpuint(slip_length_mm(slip), ==, 3 * 30 / 8);
    slip_text(slip, "一行");
    slip_heading(slip, "标题");
    g_assert_cmpuint(slip_length_mm(slip), ==, (4 * 30 + 48) / 8);
    guint before = slip_length_mm(slip);
    g_assert_true(slip_qr(slip, "smsto:13800577500:CL02"));
    g_assert_cmpuint(slip_length_mm(slip), >, before + 20);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/slip/wrap", test_wrap);
    g_test_add_func("/slip/cells", test_cells);
    g_test_add_func("/slip/octets", test_octets);
    g_test_add_func("/slip/strange-texts", test_strange_texts);
    g_test_add_func("/slip/no-text-is-a-command", test_no_text_is_a_command);
    g_test_add_func("/slip/any-text", test_any_text);
    g_test_add_func("/slip/preview", test_preview);
    g_test_add_func("/slip/length", test_length);
    g_test_add_func("/slip/headings", test_headings);
    g_test_add_func("/slip/too-long", test_too_long);
    g_test_add_func("/slip/qr-command", test_qr_command);
    g_test_add_func("/slip/qr-picture", test_qr_picture);
    g_test_add_func("/slip/qr-sizes", test_qr_sizes);
    return g_test_run();
}

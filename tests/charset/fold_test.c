/* charset/fold.c: what is to compare equal, and that folding ends: twice is once. */
#include "charset/fold.h"

#include <gio/gio.h>

#define OCTETS(s) s, sizeof s - 1

static const struct {
    const char *name, *text;
    gssize len;
    const char *folded;
} table[] = {
    { "empty", OCTETS(""), "" },
    { "NUL-ended", "低保", -1, "低保" },
    { "case", OCTETS("DiBao"), "dibao" },
    { "full width", OCTETS("ＣＬ０１？"), "cl01?" },
    { "full-width punctuation", OCTETS("你好，公租房；怎么办？"), "你好,公租房;怎么办?" },
    { "half-width katakana", OCTETS("ｶﾞ"), "ガ" },
    { "sharp s", OCTETS("Straße"), "strasse" },
    { "decomposed ü", OCTETS("lu\xcc\x88"), "lü" },
    { "Kangxi radical", OCTETS("⼈⼝"), "人口" },
    { "compatibility ideograph", OCTETS("\xef\xa4\x80"), "岂" },
    { "square unit", OCTETS("㎡"), "m2" },
    { "circled number", OCTETS("①"), "1" },

    { "traditional", OCTETS("殘疾人補貼"), "残疾人补贴" },
    { "traditional sentence", OCTETS("臺灣居民怎麼辦理公租房補貼？"),
      "台湾居民怎么办理公租房补贴?" },
    { "餘 後 裡 裏 臺 瞭", OCTETS("餘後裡裏臺瞭"), "余后里里台了" },
    { "乾 幹", OCTETS("乾燥幹部"), "干燥干部" },
    { "著 stays", OCTETS("著名"), "著名" },
    { "俱 跤 stay", OCTETS("俱乐部摔跤"), "俱乐部摔跤" },
    { "妳 牠", OCTETS("妳牠"), "你它" },
    { "simplified stays", OCTETS("最低生活保障金发放对象"), "最低生活保障金发放对象" },

    { "look-alikes", OCTETS("户囗 老年歺 生曰"), "户口老年餐生日" },
    { "spaces between Han", OCTETS("低 保 \xe3\x80\x80 户"), "低保户" },
    { "spaces between words", OCTETS("  di \t\r\n bao  "), "di bao" },
    { "space between Han and Latin", OCTETS("办 ID  卡"), "办 id 卡" },
    { "no-break space", OCTETS("a\xc2\xa0\xc2\xa0z"), "a z" },
    { "only spaces", OCTETS(" \t\xe3\x80\x80"), "" },
    { "zero width", OCTETS("低\xe2\x80\x8b保\xef\xbb\xbf"), "低保" },
    { "direction marks", OCTETS("\xe2\x80\xae低保\xe2\x80\xac"), "低保" },
    { "variation selector", OCTETS("低\xef\xb8\x8f保"), "低保" },
    { "control characters", OCTETS("低\x01\x1b保\x7f"), "低保" },

    { "NUL is a space", OCTETS("a\0z"), "a z" },
    { "NUL between Han", OCTETS("低\0保"), "低保" },
    { "bad octets", OCTETS("a\xff\xfez"), "a\xef\xbf\xbd\xef\xbf\xbdz" },
    { "cut character", OCTETS("低\xe4\xbf"), "低\xef\xbf\xbd\xef\xbf\xbd" },
    { "surrogate", OCTETS("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
    { "overlong", OCTETS("\xc0\x80"), "\xef\xbf\xbd\xef\xbf\xbd" },
};

static void test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].name);
        g_autofree char *once = fold_text(table[i].text, table[i].len);
        g_assert_cmpstr(once, ==, table[i].folded);
        g_autofree char *twice = fold_text(once, -1);
        g_assert_cmpstr(twice, ==, once);
    }
}

/* Each character alone, and between others, where reordering and spaces have something to do. */
static void test_idempotent(void)
{
    for (gunichar ch = 1; ch <= 0x10ffff; ch++) {
        if (!g_unichar_validate(ch)) continue;
        char text[64];
        gsize len = (gsize)g_unichar_to_utf8(ch, text);
        len += (gsize)g_snprintf(text + len, 16, "\xcc\x81\xcd\x85 ");
        len += (gsize)g_unichar_to_utf8(ch, text + len);
        g_autofree char *once = fold_text(text, (gssize)len);
        g_autofree char *twice = fold_text(once, -1);
        if (strcmp(once, twice)) g_error("U+%04X: \"%s\" becomes \"%s\"", ch, once, twice);
    }
}

static void test_simplify(void)
{
    g_assert_cmphex(fold_simplify(0x9918), ==, 0x4f59); /* 餘 余 */
    g_assert_cmphex(fold_simplify(0x4e00), ==, 0x4e00);
    g_assert_cmphex(fold_simplify('a'), ==, 'a');
    g_assert_cmphex(fold_simplify(0x10ffff), ==, 0x10ffff);
    for (gunichar ch = 0; ch < 0x30000; ch++) {
        gunichar simple = fold_simplify(ch);
        if (fold_simplify(simple) != simple) g_error("U+%04X takes two steps", ch);
    }
}

/* What ICU says of every character, but for our exceptions, read from their own file. */
static void test_uconv(void)
{
    g_autofree char *uconv = g_find_program_in_path("uconv");
    if (!uconv) {
        g_test_skip("uconv is not installed");
        return;
    }
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "charset", "tables", "simplify_exceptions.txt", NULL);
    g_autofree char *exceptions = NULL;
    g_assert_true(g_file_get_contents(path, &exceptions, NULL, NULL));

    g_autoptr(GString) from = g_string_new(NULL);
    for (gunichar ch = 0x3400; ch <= 0x9fff; ch++)
        g_string_append_unichar(from, ch);
    const char *argv[] = {
        uconv, "-f", "utf-8", "-t", "utf-8", "-x", "Traditional-Simplified", NULL
    };
    g_autoptr(GSubprocess) child = g_subprocess_newv(
        argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
    g_assert_nonnull(child);
    g_autofree char *to = NULL;
    g_assert_true(g_subprocess_communicate_utf8(child, from->str, NULL, &to, NULL, NULL));

    guint differ = 0;
    const char *theirs = to;
    for (gunichar ch = 0x3400; ch <= 0x9fff; ch++, theirs = g_utf8_next_char(theirs)) {
        if (fold_simplify(ch) == g_utf8_get_char(theirs)) continue;
        char text[8] = { '\n' };
        g_unichar_to_utf8(ch, text + 1);
        if (!strstr(exceptions, text)) g_error("U+%04X differs from uconv", ch);
        differ++;
    }
    g_assert_cmpuint(differ, >, 0);
    g_assert_cmpuint(differ, <, 40);
}

static void fold_megabyte(const char *piece)
{
    gsize len = strlen(piece);
    g_autoptr(GString) text = g_string_new(NULL);
    while (text->len < 1 << 20)
        g_string_append_len(text, piece, (gssize)len);
    gint64 start = g_get_monotonic_time();
    g_autofree char *folded = fold_text(text->str, (gssize)text->len);
    g_assert_true(g_utf8_validate(folded, -1, NULL));
    double seconds = (double)(g_get_monotonic_time() - start) / 1e6;
    g_test_message("%s…: %.3f s", piece, seconds);
    g_assert_cmpfloat(seconds, <, 5.0); /* minutes to hours, if anything went by the square */
}

static void test_megabyte(void)
{
    fold_megabyte("低保怎么申请");
    fold_megabyte("殘疾人補貼 ＡＢ");
    fold_megabyte("é①");
    fold_megabyte("\xcc\x81\xcc\xa7");         /* marks of two classes */
    fold_megabyte("ㄴㅏ");                     /* jamo that compose */
    fold_megabyte("\xe0\xa7\x87\xe0\xa6\xbe"); /* Bengali signs that compose */
    fold_megabyte("ﾞ\xcc\x81");                /* half-width mark and another */
    fold_megabyte("\xef\xb7\xba");             /* the ligature of 18 characters */
    fold_megabyte("\xff");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fold/table", test_table);
    g_test_add_func("/fold/idempotent", test_idempotent);
    g_test_add_func("/fold/simplify", test_simplify);
    g_test_add_func("/fold/uconv", test_uconv);
    g_test_add_func("/fold/megabyte", test_megabyte);
    return g_test_run();
}

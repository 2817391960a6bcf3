/* charset/convert.c against Python's codecs (convert_vectors.tsv), and what Python does not know.
 */
#include "charset/convert.h"

#include <glib.h>

typedef struct {
    Charset from, to;
    GBytes *octets, *expected;
    gint64 fault; /* -1: none */
    char *line;
} Row;

static GPtrArray *rows;     /* of Row */
static GHashTable *digests; /* "gbk decode" → hex */

static GBytes *bytes_from_hex(const char *hex)
{
    GByteArray *bytes = g_byte_array_new();
    for (; hex[0] && hex[0] != '-'; hex += 2) {
        guint8 octet = (guint8)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
        g_byte_array_append(bytes, &octet, 1);
    }
    return g_byte_array_free_to_bytes(bytes);
}

static void read_vectors(void)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "tests", "charset", "convert_vectors.tsv", NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    rows = g_ptr_array_new();
    digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (char **line = lines; **line; line++) {
        g_auto(GStrv) field = g_strsplit(*line, "\t", -1);
        if (g_str_equal(field[0], "digest")) {
            g_hash_table_insert(digests, g_strjoin(" ", field[1], field[2], NULL),
                                g_strdup(field[3]));
            continue;
        }
        Row *row = g_new0(Row, 1);
        g_assert_true(charset_from_name(field[0], &row->from));
        g_assert_true(charset_from_name(field[1], &row->to));
        row->octets = bytes_from_hex(field[2]);
        row->expected = bytes_from_hex(field[3]);
        row->fault = g_str_equal(field[4], "-") ? -1 : g_ascii_strtoll(field[4], NULL, 10);
        row->line = g_strdup(*line);
        g_ptr_array_add(rows, row);
    }
}

/* g_assert_cmpmem() keeps lengths in an int. */
static void assert_same(const void *a, gsize a_len, const void *b, gsize b_len)
{
    g_assert_cmpuint(a_len, ==, b_len);
    g_assert_true(a_len == 0 || memcmp(a, b, a_len) == 0);
}

/* Pushes in two pieces, the border at `split`; each must end as the row says. */
static void check_split(Converter *c, const Row *row, gsize split)
{
    gsize len, expected_len;
    const guint8 *octets = g_bytes_get_data(row->octets, &len);
    const char *expected = g_bytes_get_data(row->expected, &expected_len);
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    converter_reset(c);
    gboolean is_ok = converter_push(c, octets, split, FALSE, out, &error) &&
                     converter_push(c, octets + split, len - split, TRUE, out, &error);
    if (is_ok != (row->fault < 0) || is_ok != !error) g_error("split %zu: %s", split, row->line);
    assert_same(out->str, out->len, expected, expected_len);
    if (is_ok) return;
    g_assert_cmpuint(converter_fault_offset(c), ==, (guint64)row->fault);
    gsize fault_len;
    const guint8 *fault = converter_fault_octets(c, &fault_len);
    g_assert_cmpuint(fault_len, >=, 1);
    assert_same(fault, fault_len, octets + row->fault, fault_len);
}

static void test_vectors(void)
{
    for (guint i = 0; i < rows->len; i++) {
        const Row *row = g_ptr_array_index(rows, i);
        g_autoptr(Converter) c = converter_new(row->from, row->to, NULL);
        g_assert_nonnull(c);
        for (gsize split = 0; split <= g_bytes_get_size(row->octets); split++)
            check_split(c, row, split);
    }
}

static void test_octet_by_octet(void)
{
    for (guint i = 0; i < rows->len; i++) {
        const Row *row = g_ptr_array_index(rows, i);
        g_autoptr(Converter) c = converter_new(row->from, row->to, NULL);
        g_autoptr(GString) out = g_string_new(NULL);
        gsize len, expected_len;
        const guint8 *octets = g_bytes_get_data(row->octets, &len);
        const char *expected = g_bytes_get_data(row->expected, &expected_len);
        gboolean is_ok = TRUE;
        for (gsize at = 0; is_ok && at < len; at++)
            is_ok = converter_push(c, octets + at, 1, FALSE, out, NULL);
        is_ok = is_ok && converter_push(c, NULL, 0, TRUE, out, NULL);
        assert_same(out->str, out->len, expected, expected_len);
        g_assert_cmpint(is_ok ? -1 : (gint64)converter_fault_offset(c), ==, row->fault);
    }
}

/* ---- the whole space ---- */

static void add_form(Converter *c, GChecksum *sum, const guint8 *form, gsize len)
{
    g_autoptr(GString) out = g_string_sized_new(16);
    converter_reset(c);
    if (!converter_push(c, form, len, TRUE, out, NULL))
        g_string_printf(out, "!%" G_GUINT64_FORMAT, converter_fault_offset(c));
    g_string_append_c(out, '\n');
    g_checksum_update(sum, (const guchar *)out->str, (gssize)out->len);
}

static void add_four_octet_forms(Converter *c, GChecksum *sum)
{
    guint8 form[4];
    for (guint i = 0; i < 126 * 10 * 126 * 10; i++) {
        form[0] = (guint8)(0x81 + i / 12600);
        form[1] = (guint8)(0x30 + i / 1260 % 10);
        form[2] = (guint8)(0x81 + i / 10 % 126);
        form[3] = (guint8)(0x30 + i % 10);
        add_form(c, sum, form, 4);
    }
}

static void test_decode_space(gconstpointer data)
{
    Charset charset = GPOINTER_TO_UINT(data);
    g_autoptr(Converter) c = converter_new(charset, CHARSET_UTF8, NULL);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 form[2];
    for (guint i = 0; i < 256; i++) {
        form[0] = (guint8)i;
        add_form(c, sum, form, 1);
    }
    for (guint i = 0x8100; i < 0xff00; i++) {
        form[0] = (guint8)(i >> 8);
        form[1] = (guint8)i;
        add_form(c, sum, form, 2);
    }
    if (charset == CHARSET_GB18030) add_four_octet_forms(c, sum);
    g_autofree char *key = g_strconcat(charset_name(charset), " decode", NULL);
    g_assert_cmpstr(g_checksum_get_string(sum), ==, g_hash_table_lookup(digests, key));
}

static void test_encode_space(gconstpointer data)
{
    Charset charset = GPOINTER_TO_UINT(data);
    g_autoptr(Converter) c = converter_new(CHARSET_UTF8, charset, NULL);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autoptr(GString) out = g_string_new(NULL);
    for (gunichar ch = 0; ch < 0x110000; ch++) {
        if (ch >= 0xd800 && ch < 0xe000) continue;
        char utf8[6];
        converter_reset(c);
        g_string_truncate(out, 0);
        if (!converter_push(c, utf8, (gsize)g_unichar_to_utf8(ch, utf8), TRUE, out, NULL))
            g_string_assign(out, "!");
        g_string_append_c(out, '\n');
        g_checksum_update(sum, (const guchar *)out->str, (gssize)out->len);
    }
    g_autofree char *key = g_strconcat(charset_name(charset), " encode", NULL);
    g_assert_cmpstr(g_checksum_get_string(sum), ==, g_hash_table_lookup(digests, key));
}

/* ---- beyond the vectors ---- */

static void test_ucs2(void)
{
    static const struct {
        const char *octets;
        gsize len;
        gint64 fault;
        const char *expected;
    } table[] = {
        { "\x4f\x60\x59\x7d", 4, -1, "你好" },
        { "\xff\xff\x00\x41", 4, -1,
          "\xef\xbf\xbf"
          "A" },
        { "\x00\x41\xd8\x40\xdc\x87", 6, 2, "A" },
        { "\xdc\x00", 2, 0, "" },
        { "\x00\x41\x4f", 3, 2, "A" },
        { "", 0, -1, "" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(Converter) c = converter_new(CHARSET_UCS2BE, CHARSET_UTF8, NULL);
        g_autoptr(GString) out = g_string_new(NULL);
        gboolean is_ok = converter_push(c, table[i].octets, table[i].len, TRUE, out, NULL);
        g_assert_cmpint(is_ok ? -1 : (gint64)converter_fault_offset(c), ==, table[i].fault);
        g_assert_cmpstr(out->str, ==, table[i].expected);
    }
    guint64 fault = 0;
    g_autoptr(GError) error = NULL;
    g_assert_null(
        convert_text(CHARSET_UTF8, CHARSET_UCS2BE, "A\xf0\xa0\x82\x87", 5, NULL, &fault, &error));
    g_assert_error(error, CONVERT_ERROR, CONVERT_ERROR_UNREPRESENTABLE);
    g_assert_cmpuint(fault, ==, 1);
}

static void test_kinds(void)
{
    static const struct {
        Charset from, to;
        const char *text;
        ConvertError code;
    } table[] = {
        { CHARSET_GB18030, CHARSET_UTF8, "\xc4\xe3\x81", CONVERT_ERROR_TRUNCATED },
        { CHARSET_GB18030, CHARSET_UTF8, "\x81\x30\x81", CONVERT_ERROR_TRUNCATED },
        { CHARSET_GB18030, CHARSET_UTF8, "\x81\x30\x41", CONVERT_ERROR_INVALID },
        { CHARSET_GB18030, CHARSET_UTF8, "\xff", CONVERT_ERROR_INVALID },
        { CHARSET_GBK, CHARSET_UTF8, "\x81\x30", CONVERT_ERROR_INVALID },
        { CHARSET_UTF8, CHARSET_UTF8, "\xe4\xbd", CONVERT_ERROR_TRUNCATED },
        { CHARSET_UTF8, CHARSET_UTF8, "\xed\xa0", CONVERT_ERROR_INVALID },
        { CHARSET_UTF8, CHARSET_UTF8, "\xf0\x9f\x41", CONVERT_ERROR_INVALID },
        { CHARSET_UTF8, CHARSET_GBK, "\xf0\xa0\x82", CONVERT_ERROR_TRUNCATED },
        { CHARSET_UTF8, CHARSET_GBK, "\xf3\xa0\x81\x81", CONVERT_ERROR_UNREPRESENTABLE },
        { CHARSET_UTF16BE, CHARSET_UTF8, "\xd8\x40\xdc", CONVERT_ERROR_TRUNCATED },
        { CHARSET_UTF16BE, CHARSET_UTF8, "\xdc\x40", CONVERT_ERROR_INVALID },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(convert_text(table[i].from, table[i].to, table[i].text, strlen(table[i].text),
                                   NULL, NULL, &error));
        if (!g_error_matches(error, CONVERT_ERROR, (int)table[i].code)) g_error("row %zu", i);
    }
}

static void note_character(gunichar ch, guint64 offset, gpointer data)
{
    g_string_append_printf(data, "%" G_GUINT64_FORMAT ":U+%04X ", offset, ch);
}

static void test_unrepresentable(void)
{
    static const char text[] =
        "A\xe1\xb8\xbf\xe4\xb8\x80\xf0\xa0\x82\x87\xe2\x82\xac\xf3\xa0\x81\x81";
    g_autoptr(Converter) c = converter_new(CHARSET_UTF8, CHARSET_GBK, NULL);
    g_autoptr(GString) notes = g_string_new(NULL), out = g_string_new(NULL);
    converter_on_unrepresentable(c, note_character, notes);
    for (gsize i = 0; i < sizeof text - 1; i++)
        g_assert_true(converter_push(c, text + i, 1, i == sizeof text - 2, out, NULL));
    g_assert_cmpstr(notes->str, ==, "1:U+1E3F 7:U+20087 14:U+E0041 ");
    g_assert_cmpstr(out->str, ==, "A?\xd2\xbb?\x80?");
}

/* A text of many blocks whose characters fall on every border: there and back. */
static void test_blocks(void)
{
    g_autoptr(GString) text = g_string_new("x");
    while (text->len < 1000000)
        g_string_append(text, "残疾人补贴A€\ue816\xf0\xa0\x82\x87ḿ");
    for (Charset to = 0; to < CHARSET_UCS2BE; to++) {
        if (to == CHARSET_GBK) continue;
        gsize len, back_len;
        g_autofree char *there =
            convert_text(CHARSET_UTF8, to, text->str, text->len, &len, NULL, NULL);
        g_assert_nonnull(there);
        g_autofree char *back = convert_text(to, CHARSET_UTF8, there, len, &back_len, NULL, NULL);
        assert_same(back, back_len, text->str, text->len);
    }
}

static void test_names(void)
{
    static const struct {
        const char *name;
        int charset; /* -1: unknown */
    } table[] = {
        { "utf-8", CHARSET_UTF8 },
        { "UTF8", CHARSET_UTF8 },
        { "GB_18030", CHARSET_GB18030 },
        { "cp936", CHARSET_GBK },
        { "gb2312", CHARSET_GBK },
        { "utf16le", CHARSET_UTF16LE },
        { "UTF-16BE", CHARSET_UTF16BE },
        { "ucs2", CHARSET_UCS2BE },
        { "utf-16", -1 },
        { "", -1 },
        { "--", -1 },
        { "utf-88", -1 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        Charset charset;
        int found = charset_from_name(table[i].name, &charset) ? (int)charset : -1;
        g_assert_cmpint(found, ==, table[i].charset);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    read_vectors();
    g_test_add_func("/convert/vectors", test_vectors);
    g_test_add_func("/convert/octet_by_octet", test_octet_by_octet);
    g_test_add_data_func("/convert/decode_space/gbk", GUINT_TO_POINTER(CHARSET_GBK),
                         test_decode_space);
    g_test_add_data_func("/convert/decode_space/gb18030", GUINT_TO_POINTER(CHARSET_GB18030),
                         test_decode_space);
    g_test_add_data_func("/convert/encode_space/gbk", GUINT_TO_POINTER(CHARSET_GBK),
                         test_encode_space);
    g_test_add_data_func("/convert/encode_space/gb18030", GUINT_TO_POINTER(CHARSET_GB18030),
                         test_encode_space);
    g_test_add_func("/convert/ucs2", test_ucs2);
    g_test_add_func("/convert/kinds", test_kinds);
    g_test_add_func("/convert/unrepresentable", test_unrepresentable);
    g_test_add_func("/convert/blocks", test_blocks);
    g_test_add_func("/convert/names", test_names);
    return g_test_run();
}

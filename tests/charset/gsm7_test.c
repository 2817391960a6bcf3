/* charset/gsm7.c. The packed texts of the first table were made by libgammu and Device::Gsm::Pdu.
 */
#include "charset/gsm7.h"

#include <glib.h>

static char *to_hex(const GByteArray *octets)
{
    GString *hex = g_string_new(NULL);
    for (guint i = 0; i < octets->len; i++)
        g_string_append_printf(hex, "%02x", octets->data[i]);
    return g_string_free(hex, FALSE);
}

static void test_known_answers(void)
{
    static const struct {
        const char *text;
        gssize septets;
        const char *packed;
    } table[] = {
        { "", 0, "" },
        { "hello", 5, "e8329bfd06" },
        { "hellohello", 10, "e8329bfd4697d9ec37" },
        { "1234567", 7, "31d98c56b3dd00" },
        { "12345678", 8, "31d98c56b3dd70" },
        { "@£$¥èéùìòÇ\nØø\rÅå", 16, "8080604028180e888462c168381e" },
        { "ΔΦΓΛΩΠΨΣΘΞ", 10, "10c98452b15c30190d" },
        { "^{}\\[~]|€", 18, "1bca06b5496d5e1bdea6b7f16d809b32" },
        { "A€B", 4, "c14d5908" },
        { "Ä Ö Ü ß ñ à §¿¡¤", 16, "5b1017e40579407dd01ff4050349" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GByteArray) septets = gsm7_encode(table[i].text, (Gsm7Alphabet){ 0 }, NULL);
        g_assert_nonnull(septets);
        g_assert_cmpint((gssize)septets->len, ==, table[i].septets);
        g_assert_cmpint(gsm7_septet_count(table[i].text, (Gsm7Alphabet){ 0 }), ==,
                        table[i].septets);
        g_autoptr(GByteArray) packed = gsm7_pack(septets->data, septets->len, 0);
        g_autofree char *hex = to_hex(packed);
        g_assert_cmpstr(hex, ==, table[i].packed);

        guint8 unpacked[32];
        g_assert_true(gsm7_unpack(packed->data, packed->len, 0, unpacked, septets->len));
        g_autofree char *text = gsm7_decode(unpacked, septets->len, (Gsm7Alphabet){ 0 });
        g_assert_cmpstr(text, ==, table[i].text);
    }
}

/* The corners of each table of annex A. */
static void test_languages(void)
{
    static const struct {
        Gsm7Alphabet alphabet;
        const char *text, *septets;
    } table[] = {
        { { GSM7_DEFAULT, GSM7_TURKISH }, "ğİşçı", "1b671b491b731b631b69" },
        { { GSM7_TURKISH, GSM7_DEFAULT }, "€ıĞğŞşİç", "04070b0c1c1d4060" },
        { { GSM7_DEFAULT, GSM7_SPANISH }, "Áéíóúñ€", "1b41051b691b6f1b757d1b65" },
        { { GSM7_SPANISH, GSM7_SPANISH }, "¿niño", "606e697d6f" },
        { { GSM7_DEFAULT, GSM7_PORTUGUESE },
          "ãçêΦ",
          "1b7b1b091b0512"
          "" },
        { { GSM7_PORTUGUESE, GSM7_PORTUGUESE }, "ãçê∞Φ", "7b0904151b12" },
        { { GSM7_BENGALI, GSM7_BENGALI }, "ঁৎ০৺@", "00601b191b341b00" },
        { { GSM7_GUJARATI, GSM7_GUJARATI }, "૱૦।", "7f1b1c1b19" },
        { { GSM7_HINDI, GSM7_HINDI }, "अआॿ०ॱ1", "03047f1b1c1b3a31" },
        { { GSM7_KANNADA, GSM7_KANNADA }, "ಂೕ೦", "01601b1c" },
        { { GSM7_MALAYALAM, GSM7_MALAYALAM }, "ംൗ൹ൿ", "01607f1b34" },
        { { GSM7_ORIYA, GSM7_ORIYA }, "ଁୖୣ୦", "00607f1b1c" },
        { { GSM7_PUNJABI, GSM7_PUNJABI }, "ਁੑੴ੦", "00607f1b1c" },
        { { GSM7_TAMIL, GSM7_TAMIL }, "ஂௐ௹௯௺", "01607f1b251b2e" },
        { { GSM7_TELUGU, GSM7_TELUGU }, "ఁౕౣ౿", "00607f1b32" },
        { { GSM7_URDU, GSM7_URDU }, "اآے۰۔", "00015b1b1c1b3f" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GByteArray) septets = gsm7_encode(table[i].text, table[i].alphabet, NULL);
        if (!septets) g_error("row %zu", i);
        g_autofree char *hex = to_hex(septets);
        g_assert_cmpstr(hex, ==, table[i].septets);
        g_autofree char *text = gsm7_decode(septets->data, septets->len, table[i].alphabet);
        g_assert_cmpstr(text, ==, table[i].text);
    }
}

/* Every character of every pair of tables comes back. */
static void test_round_trip(void)
{
    for (guint pair = 0; pair < GSM7_LANGUAGE_COUNT * GSM7_LANGUAGE_COUNT; pair++) {
        Gsm7Alphabet alphabet = { gsm7_language(pair / GSM7_LANGUAGE_COUNT),
                                  gsm7_language(pair % GSM7_LANGUAGE_COUNT) };
        for (guint8 septet = 0; septet < 128; septet++) {
            const guint8 plain[] = { septet }, shifted[] = { GSM7_ESCAPE, septet };
            g_autofree char *one = gsm7_decode(plain, 1, alphabet);
            g_autofree char *two = gsm7_decode(shifted, 2, alphabet);
            g_autofree char *text = g_strconcat(one, two, NULL);
            g_autoptr(GByteArray) septets = gsm7_encode(text, alphabet, NULL);
            if (!strchr(text, ' ')) g_assert_nonnull(septets);
            if (!septets) continue; /* the space that stands for nothing is not in every table */
            g_autofree char *back = gsm7_decode(septets->data, septets->len, alphabet);
            g_assert_cmpstr(back, ==, text);
        }
    }
}

static void test_decode_odd(void)
{
    static const struct {
        const char *name;
        guint8 septets[4];
        gsize count;
        Gsm7Alphabet alphabet;
        const char *expected;
    } table[] = {
        { "escape at the end", { 'a', 0x1b }, 2, { 0 }, "a " },
        { "escape twice", { 0x1b, 0x1b, 'a' }, 3, { 0 }, " a" },
        { "not in the extension", { 0x1b, 'a' }, 2, { 0 }, "a" },
        { "page break", { 0x1b, 0x0a }, 2, { 0 }, "\f" },
        { "CR2 is CR", { 0x1b, 0x0d }, 2, { 0 }, "\r" },
        { "reserved in Bengali", { 0x0c }, 1, { GSM7_BENGALI, GSM7_DEFAULT }, " " },
        { "eighth bit", { 0xe1 }, 1, { 0 }, "a" },
        { "at sign", { 0x00 }, 1, { 0 }, "@" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *text = gsm7_decode(table[i].septets, table[i].count, table[i].alphabet);
        if (!g_str_equal(text, table[i].expected)) g_error("%s: \"%s\"", table[i].name, text);
    }
}

static void test_missing(void)
{
    gunichar missing = 0;
    g_assert_null(gsm7_encode("a残b", (Gsm7Alphabet){ 0 }, &missing));
    g_assert_cmphex(missing, ==, 0x6b8b);
    g_assert_null(gsm7_encode("ç", (Gsm7Alphabet){ 0 }, NULL)); /* the default table has Ç alone */
    g_assert_cmpint(gsm7_septet_count("a残b", (Gsm7Alphabet){ 0 }), ==, -1);
    g_assert_cmpuint(gsm7_septets_of(0, (Gsm7Alphabet){ 0 }), ==, 0);
    g_assert_cmpuint(gsm7_septets_of('a', (Gsm7Alphabet){ 0 }), ==, 1);
    g_assert_cmpuint(gsm7_septets_of('[', (Gsm7Alphabet){ 0 }), ==, 2);
    g_assert_cmpint((int)gsm7_language(13), ==, GSM7_URDU);
    g_assert_cmpint((int)gsm7_language(14), ==, GSM7_DEFAULT);
}

/* TS 23.040 §9.2.3.24: the first septet begins at a multiple of seven bits from the start of TP-UD.
 */
static void test_fill_bits(void)
{
    static const struct {
        gsize header_len;
        guint fill_bits;
        const char *packed; /* of "hello" */
    } table[] = {
        { 0, 0, "e8329bfd06" }, { 6, 1, "d06536fb0d" }, { 7, 0, "e8329bfd06" },
        { 5, 2, "a0cb6cf61b" }, { 4, 3, "4097d9ec37" }, { 1, 6, "00bacc66bf01" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_assert_cmpuint(gsm7_fill_bits(table[i].header_len), ==, table[i].fill_bits);
        g_autoptr(GByteArray) septets = gsm7_encode("hello", (Gsm7Alphabet){ 0 }, NULL);
        g_autoptr(GByteArray) packed = gsm7_pack(septets->data, septets->len, table[i].fill_bits);
        g_autofree char *hex = to_hex(packed);
        g_assert_cmpstr(hex, ==, table[i].packed);
        g_assert_cmpuint(packed->len, ==, gsm7_packed_len(septets->len, table[i].fill_bits));
        guint8 back[5];
        g_assert_true(gsm7_unpack(packed->data, packed->len, table[i].fill_bits, back, 5));
        g_assert_cmpmem(back, 5, septets->data, 5);
        g_assert_false(gsm7_unpack(packed->data, packed->len - 1, table[i].fill_bits, back, 5));
    }
}

/* 153 septets behind a concatenation header fill the 134 octets exactly. */
static void test_full_parts(void)
{
    g_assert_cmpuint(gsm7_packed_len(160, 0), ==, 140);
    g_assert_cmpuint(6 + gsm7_packed_len(153, gsm7_fill_bits(6)), ==, 140);
    for (guint fill_bits = 0; fill_bits <= GSM7_FILL_MAX; fill_bits++) {
        for (gsize count = 0; count <= 160; count++) {
            guint8 septets[160], back[160];
            for (gsize i = 0; i < count; i++)
                septets[i] = (guint8)(i * 37 % 128);
            g_autoptr(GByteArray) packed = gsm7_pack(septets, count, fill_bits);
            g_assert_cmpuint(packed->len, ==, gsm7_packed_len(count, fill_bits));
            g_assert_true(gsm7_unpack(packed->data, packed->len, fill_bits, back, count));
            g_assert_true(count == 0 || memcmp(septets, back, count) == 0);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gsm7/known_answers", test_known_answers);
    g_test_add_func("/gsm7/languages", test_languages);
    g_test_add_func("/gsm7/round_trip", test_round_trip);
    g_test_add_func("/gsm7/decode_odd", test_decode_odd);
    g_test_add_func("/gsm7/missing", test_missing);
    g_test_add_func("/gsm7/fill_bits", test_fill_bits);
    g_test_add_func("/gsm7/full_parts", test_full_parts);
    return g_test_run();
}

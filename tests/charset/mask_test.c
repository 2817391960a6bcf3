/* charset/mask.c: nothing leaks at any length. */
#include "charset/mask.h"

#include <glib.h>
#include <string.h>

static const struct {
    char *(*mask)(const char *text);
    const char *text, *expected;
} table[] = {
    { mask_phone, "15412341234", "154****1234" },
    { mask_phone, "+8615412341234", "+86154****1234" },
    { mask_phone, "008615412341234", "0086154****1234" },
    { mask_phone, "057188888888", "057*****8888" },
    { mask_phone, "12345", "****5" },
    { mask_phone, "110", "***" },
    { mask_phone, "12", "**" },
    { mask_phone, "1", "*" },
    { mask_phone, "", "****" },
    { mask_phone, "+86", "****" },
    { mask_phone, "154-1234-1234", "****" },
    { mask_phone, "张三15412341234", "****" },
    { mask_id, "99999919900101123X", "999***********123X" },
    { mask_id, "999999900101123", "999********1123" },
    { mask_id, "9999", "****" },
    { mask_id, "", "****" },
    { mask_id, "99999919900101123X ", "****" },
    { mask_name, "王小明", "王**" },
    { mask_name, "王明", "王*" },
    { mask_name, "王", "*" },
    { mask_name, "欧阳娜娜", "欧***" },
    { mask_name, "阿卜杜拉·买买提", "阿***" },
    { mask_name, "", "**" },
    { mask_name, "\xff\xfe", "**" },
    { mask_name, "王\xff", "*" },
};

static void test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *masked = table[i].mask(table[i].text);
        g_assert_cmpstr(masked, ==, table[i].expected);
    }
}

static void test_hidden(void)
{
    for (gsize len = 1; len <= 100; len++) {
        g_autofree char *digits = g_strnfill(len, '7');
        g_autofree char *phone = mask_phone(digits), *id_number = mask_id(digits);
        g_autofree char *both = g_strconcat(phone, id_number, NULL);
        gsize shown = 0;
        for (const char *p = both; *p; p++)
            shown += *p == '7';
        g_assert_cmpuint(shown, <=, len > 4 ? 2 * (len - MAX(4, len / 3)) : 0);
        g_assert_cmpuint(shown, <=, 14);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mask/table", test_table);
    g_test_add_func("/mask/hidden", test_hidden);
    return g_test_run();
}

/* charset/json_text.c */
#include "charset/json_text.h"

#include <glib.h>

static void test_escape(void)
{
    static const struct {
        const char *text;
        gssize len;
        const char *expected;
    } table[] = {
        { "", -1, "" },
        { "残疾人", -1, "残疾人" },
        { "a\"b\\c/", -1, "a\\\"b\\\\c/" },
        { "1\n2\r3\t", -1, "1\\n2\\r3\\t" },
        { "a\0b", 3, "a\\u0000b" },
        { "\x01\x1f\x7f", -1, "\\u0001\\u001f\\u007f" },
        { "\xe2\x80\xa8\xf0\xa0\x82\x87", -1, "\xe2\x80\xa8\xf0\xa0\x82\x87" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        json_text_escape(out, table[i].text, table[i].len);
        g_assert_cmpstr(out->str, ==, table[i].expected);
    }
}

static void test_string(void)
{
    g_autoptr(GString) out = g_string_new("{\"a\":");
    json_text_string(out, "“\"”");
    g_string_append(out, ",\"b\":");
    json_text_string(out, NULL);
    g_assert_cmpstr(out->str, ==, "{\"a\":\"“\\\"”\",\"b\":null");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json_text/escape", test_escape);
    g_test_add_func("/json_text/string", test_string);
    return g_test_run();
}

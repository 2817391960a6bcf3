/* db/json_line.c */
#include "db/json_line.h"

static void test_control_characters(void)
{
    for (char octet = 0x01; octet < 0x20; octet++) {
        const char text[] = { 'a', octet, octet, 'b', '\0' };
        g_autoptr(JsonBuilder) builder = json_builder_new();
        json_builder_begin_object(builder);
        json_builder_set_member_name(builder, "低保");
        json_builder_add_string_value(builder, text);
        json_builder_end_object(builder);
        g_autofree char *line = json_line(builder);
        for (const char *at = line; *at; at++)
            g_assert_cmpuint((guint8)*at, >=, 0x20);
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonParser) parser = json_parser_new();
        json_parser_load_from_data(parser, line, -1, &error);
        g_assert_no_error(error);
        JsonObject *object = json_node_get_object(json_parser_get_root(parser));
        g_assert_cmpstr(json_object_get_string_member(object, "低保"), ==, text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json_line/control_characters", test_control_characters);
    return g_test_run();
}

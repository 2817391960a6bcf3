#include "db/json_line.h"

char *json_line(JsonBuilder *builder)
{
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    char *text = json_to_string(root, FALSE);
    if (!strchr(text, '\x1f')) return text;
    g_auto(GStrv) pieces =
        g_strsplit(text, "\x1f", -1); /* only within strings: nothing is indented */
    g_free(text);
    return g_strjoinv("\\u001f", pieces);
}

#pragma once
/* What a JsonBuilder holds, as one line of RFC 8259 JSON. json-glib 1.6 leaves U+001F as it stands,
 * which no other parser accepts; here it is escaped. */
#include <json-glib/json-glib.h>

char *json_line(JsonBuilder *builder); /* without a line end; free with g_free() */

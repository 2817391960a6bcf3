#include "db/csv_text.h"

#include "db/formula.h"

#include <string.h>

static void append_cell(GString *out, const char *text)
{
    gboolean is_guarded = formula_needs_guard(text);
    gsize len = strlen(text);
    gboolean is_quoted =
        strpbrk(text, ",\"\r\n") != NULL || (len > 0 && (text[0] == ' ' || text[len - 1] == ' '));
    if (is_quoted) g_string_append_c(out, '"');
    if (is_guarded) g_string_append_c(out, '\'');
    for (const char *at = text; *at; at++) {
        if (*at == '"') g_string_append_c(out, '"');
        g_string_append_c(out, *at);
    }
    if (is_quoted) g_string_append_c(out, '"');
}

void csv_text_append(GString *out, const char *const *cells, guint count)
{
    for (guint i = 0; i < count; i++) {
        if (i > 0) g_string_append_c(out, ',');
        append_cell(out, cells[i]);
    }
    g_string_append(out, "\r\n");
}

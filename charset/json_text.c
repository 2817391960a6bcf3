#include "charset/json_text.h"

static void escape_octet(GString *out, guint8 octet)
{
    static const char shorts[][2] = {
        { '"', '"' }, { '\\', '\\' }, { '\n', 'n' }, { '\r', 'r' }, { '\t', 't' },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(shorts); i++) {
        if ((guint8)shorts[i][0] != octet) continue;
        g_string_append_c(out, '\\');
        g_string_append_c(out, shorts[i][1]);
        return;
    }
    g_string_append_printf(out, "\\u%04x", octet);
}

void json_text_escape(GString *out, const char *utf8, gssize len)
{
    const char *end = utf8 + (len < 0 ? strlen(utf8) : (gsize)len), *plain = utf8;
    for (const char *p = utf8; p < end; p++) {
        guint8 octet = (guint8)*p;
        if (octet >= 0x20 && octet != '"' && octet != '\\' && octet != 0x7f) continue;
        g_string_append_len(out, plain, p - plain);
        escape_octet(out, octet);
        plain = p + 1;
    }
    g_string_append_len(out, plain, end - plain);
}

void json_text_string(GString *out, const char *utf8)
{
    if (!utf8) {
        g_string_append(out, "null");
        return;
    }
    g_string_append_c(out, '"');
    json_text_escape(out, utf8, -1);
    g_string_append_c(out, '"');
}

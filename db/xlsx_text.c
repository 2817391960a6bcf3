#include "db/xlsx_text.h"

#include <string.h>

#include "db/xml_stream.h"

enum { ESCAPE_LEN = 7 }; /* _xHHHH_ */

void xlsx_text_begin(XlsxText *text, const GString *out, const char **attributes)
{
    const char *space = xml_attribute_in(attributes, "/namespace", "space");
    text->from = out->len;
    text->is_preserved = space && strcmp(space, "preserve") == 0;
}

void xlsx_text_add(GString *out, const char *text, gsize len)
{
    if (out->len <= 4 * XLSX_TEXT_MAX) g_string_append_len(out, text, (gssize)len);
}

/* The UTF-16 unit of an escape at `at`, or -1. */
static gint32 escape_at(const char *at, gsize len)
{
    gint32 unit = 0;
    if (len < ESCAPE_LEN || at[0] != '_' || at[1] != 'x' || at[6] != '_') return -1;
    for (int i = 2; i < 6; i++) {
        int digit = g_ascii_xdigit_value(at[i]);
        if (digit < 0) return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static gboolean is_lead(gint32 unit)
{
    return unit >= 0xd800 && unit < 0xdc00;
}

static gboolean is_trail(gint32 unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}

void xlsx_text_decode(GString *out, gsize from)
{
    if (!strstr(out->str + from, "_x")) return;
    gsize to = from;
    for (gsize at = from; at < out->len;) {
        gint32 unit = escape_at(out->str + at, out->len - at);
        if (unit < 0) {
            out->str[to++] = out->str[at++];
            continue;
        }
        at += ESCAPE_LEN;
        gint32 next = is_lead(unit) ? escape_at(out->str + at, out->len - at) : -1;
        gunichar ch = (gunichar)unit;
        if (is_trail(next)) {
            ch = 0x10000 + ((gunichar)(unit - 0xd800) << 10) + (gunichar)(next - 0xdc00);
            at += ESCAPE_LEN;
        } else if (is_lead(unit) || is_trail(unit)) {
            ch = 0xfffd;
        }
        to += (gsize)g_unichar_to_utf8(ch, out->str + to); /* shorter than the escape */
    }
    g_string_truncate(out, to);
}

void xlsx_text_end(const XlsxText *text, GString *out)
{
    if (!text->is_preserved) {
        while (out->len > text->from && g_ascii_isspace(out->str[out->len - 1]))
            g_string_truncate(out, out->len - 1);
        gsize lead = 0;
        while (g_ascii_isspace(out->str[text->from + lead]))
            lead++;
        g_string_erase(out, (gssize)text->from, (gssize)lead);
    }
    xlsx_text_decode(out, text->from);
}

gboolean xlsx_text_is_too_long(const char *text, gsize len)
{
    return len > XLSX_TEXT_MAX && g_utf8_strlen(text, (gssize)len) > XLSX_TEXT_MAX;
}

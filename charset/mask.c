#include "charset/mask.h"

#define MASK_MAX        64 /* characters; nothing we mask is that long */
#define MASK_HIDDEN_MIN 4

/* Keeps `head` and `tail` characters of `len`, at most half of them in all: the tail, then the
 * head, gives way. */
static char *keep_ends(const char *ascii, gsize len, gsize head, gsize tail)
{
    gsize hidden = MIN(len, MAX((gsize)MASK_HIDDEN_MIN, (len + 2) / 3));
    while (head + tail > len - hidden) {
        if (tail > head)
            tail--;
        else
            head--;
    }
    GString *masked = g_string_new_len(ascii, (gssize)head);
    for (gsize i = head + tail; i < len; i++)
        g_string_append_c(masked, '*');
    g_string_append_len(masked, ascii + len - tail, (gssize)tail);
    return g_string_free(masked, FALSE);
}

/* Length if all is made of `allowed`, else 0. */
static gsize span_of(const char *text, const char *allowed)
{
    gsize len = strspn(text, allowed);
    return len <= MASK_MAX && text[len] == '\0' ? len : 0;
}

char *mask_phone(const char *phone)
{
    const char *number = phone;
    if (g_str_has_prefix(number, "+86"))
        number += 3;
    else if (g_str_has_prefix(number, "0086"))
        number += 4;
    gsize len = span_of(number, "0123456789");
    if (len == 0) return g_strdup("****");
    g_autofree char *masked = keep_ends(number, len, 3, 4);
    return g_strdup_printf("%.*s%s", (int)(number - phone), phone, masked);
}

char *mask_id(const char *id_number)
{
    gsize len = span_of(id_number, "0123456789Xx");
    return len == 0 ? g_strdup("****") : keep_ends(id_number, len, 3, 4);
}

char *mask_name(const char *name)
{
    gunichar first = g_utf8_get_char_validated(name, -1);
    if (*name == '\0' || first >= (gunichar)-2) return g_strdup("**");
    gsize count = 0; /* stars: one for each further character, but never none */
    for (const char *p = g_utf8_next_char(name); *p && count < 3; count++) {
        if (g_utf8_get_char_validated(p, -1) >= (gunichar)-2) break;
        p = g_utf8_next_char(p);
    }
    if (count == 0) return g_strdup("*");
    return g_strdup_printf("%.*s%.*s", (int)(g_utf8_next_char(name) - name), name,
                           (int)MAX(count, 1), "***");
}

#include "charset/segment.h"

#include <string.h>

#include "charset/gsm7.h"

#define GSM7_ALONE  160
#define GSM7_JOINED 153
#define UCS2_ALONE  70
#define UCS2_JOINED 67
#define WORD_MAX    20 /* octets: a longer one may be torn */

SegmentAlphabet segment_alphabet(const char *text)
{
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        if (gsm7_septets_of(g_utf8_get_char(p), (Gsm7Alphabet){ 0 }) == 0) return SEGMENT_UCS2;
    }
    return SEGMENT_GSM7;
}

static guint units_of(gunichar ch, SegmentAlphabet alphabet)
{
    if (alphabet == SEGMENT_GSM7) return gsm7_septets_of(ch, (Gsm7Alphabet){ 0 });
    return ch > 0xffff ? 2 : 1;
}

static guint units_in(const char *from, const char *to, SegmentAlphabet alphabet)
{
    guint units = 0;
    for (const char *p = from; p < to; p = g_utf8_next_char(p))
        units += units_of(g_utf8_get_char(p), alphabet);
    return units;
}

/* Where to cut instead of `at`: before the number or word that the cut would tear, a telephone
 * number above all; `at` itself if what follows then needs one part more. */
static const char *whole_word(const char *start, const char *at, guint limit,
                              SegmentAlphabet alphabet)
{
    const char *end = at + strlen(at), *p = at;
    while (p > start && at - p < WORD_MAX && g_ascii_isalnum(p[0]) && g_ascii_isalnum(p[-1]))
        p--;
    gboolean is_word = p > start && at - p < WORD_MAX;
    guint before = (units_in(at, end, alphabet) + limit - 1) / limit;
    guint after = (units_in(p, end, alphabet) + limit - 1) / limit;
    return is_word && after <= before ? p : at;
}

char **segment_text(const char *text)
{
    SegmentAlphabet alphabet = segment_alphabet(text);
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    const char *start = text;
    guint all = units_in(text, text + strlen(text), alphabet), used = 0, limit;

    if (alphabet == SEGMENT_GSM7)
        limit = all <= GSM7_ALONE ? GSM7_ALONE : GSM7_JOINED;
    else
        limit = all <= UCS2_ALONE ? UCS2_ALONE : UCS2_JOINED;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        guint units = units_of(g_utf8_get_char(p), alphabet);

        if (used + units > limit) {
            p = whole_word(start, p, limit, alphabet);
            units = units_of(g_utf8_get_char(p), alphabet);
            g_ptr_array_add(parts, g_strndup(start, (gsize)(p - start)));
            start = p;
            used = 0;
        }
        used += units;
    }
    g_ptr_array_add(parts, g_strdup(start));
    g_ptr_array_add(parts, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&parts), FALSE);
}

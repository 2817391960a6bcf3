#include "charset/segment.h"

#include "charset/gsm7.h"

#define GSM7_ALONE  160
#define GSM7_JOINED 153
#define UCS2_ALONE  70
#define UCS2_JOINED 67

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

char **segment_text(const char *text)
{
    SegmentAlphabet alphabet = segment_alphabet(text);
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    const char *start = text;
    guint all = 0, used = 0, limit;

    for (const char *p = text; *p; p = g_utf8_next_char(p))
        all += units_of(g_utf8_get_char(p), alphabet);
    if (alphabet == SEGMENT_GSM7)
        limit = all <= GSM7_ALONE ? GSM7_ALONE : GSM7_JOINED;
    else
        limit = all <= UCS2_ALONE ? UCS2_ALONE : UCS2_JOINED;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        guint units = units_of(g_utf8_get_char(p), alphabet);

        if (used + units > limit) {
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

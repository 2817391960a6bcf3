/* charset/pinyin.c: a reading a character, syllables or a refusal, and never a number out of range.
 */
#include "charset/pinyin.h"

#include "charset/fold.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_split(const char *latin, gsize len)
{
    g_autoptr(GArray) syllables = g_array_new(FALSE, FALSE, sizeof(guint16));
    gboolean is_pinyin = pinyin_split(latin, len, syllables);
    g_assert(is_pinyin == (syllables->len > 0) && syllables->len <= len);
    for (guint i = 0; i < syllables->len; i++)
        g_assert(g_array_index(syllables, guint16, i) < pinyin_syllable_count());
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    check_split((const char *)data, size);

    g_autofree char *folded = fold_text((const char *)data, (gssize)size);
    check_split(folded, strlen(folded));
    g_autoptr(GArray) readings = pinyin_readings(folded);
    g_assert(readings->len == (guint)g_utf8_strlen(folded, -1));
    for (guint i = 0; i < readings->len; i++) {
        const PinyinReading *r = &g_array_index(readings, PinyinReading, i);
        g_assert(r->count <= PINYIN_READINGS_MAX);
        for (guint k = 0; k < r->count; k++)
            g_assert(r->syllable[k] < pinyin_syllable_count());
    }
    g_autofree char *text = pinyin_text(folded), *initials = pinyin_initials(folded);
    g_assert(g_utf8_validate(text, -1, NULL) &&
             g_utf8_strlen(initials, -1) == (glong)readings->len);
    return 0;
}

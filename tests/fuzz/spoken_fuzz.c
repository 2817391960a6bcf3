/* charset/spoken.c: syllables with tones, letters and pauses, nothing else, and not too much. */
#include "charset/spoken.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autofree char *spoken = spoken_pinyin(text);
    gsize len = strlen(spoken);
    g_assert(len <= 64 * size);
    g_assert(strspn(spoken, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ12345,. ") == len);
    g_assert(len == 0 || g_ascii_isalpha(spoken[0]));
    for (gsize i = 0; i + 1 < len; i++)
        g_assert(!strchr(" ,.", spoken[i]) ||
                 (spoken[i] == ' ' && g_ascii_isalpha(spoken[i + 1])) || spoken[i + 1] == ' ');
    return 0;
}

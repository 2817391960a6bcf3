/* charset/fold.c: any octets give valid text without controls, and folding twice is folding once.
 */
#include "charset/fold.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *once = fold_text((const char *)data, (gssize)size);
    g_assert(g_utf8_validate(once, -1, NULL));
    gsize len = strlen(once);
    g_assert(len == 0 || (once[0] != ' ' && once[len - 1] != ' '));
    g_assert(!strstr(once, "  "));
    for (const char *at = once; *at; at++)
        g_assert((guchar)*at >= ' ' && *at != 0x7f);
    g_autofree char *twice = fold_text(once, -1);
    g_assert_cmpstr(twice, ==, once);
    return 0;
}

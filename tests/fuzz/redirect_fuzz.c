/* Any octets as a question: a whole sentence or none, a word exactly if it is not ours, and one
 * that stands in the question. */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "charset/fold.h"
#include "db/redirect.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
    g_autofree char *folded = fold_text((const char *)octets, (gssize)len);
    g_autofree char *word = NULL;
    RedirectStrength strength = redirect_find(folded, &word);

    g_assert_true((word != NULL) == (strength != REDIRECT_OURS));
    if (word) g_assert_nonnull(strstr(folded, word));
    g_assert_cmpint(redirect_find(folded, NULL), ==, strength);
    g_assert_true(!redirect_for(folded) || g_str_has_suffix(redirect_for(folded), "。"));
    g_assert_true(!redirect_urgent(folded) || redirect_for(folded));
    g_assert_true(!redirect_is_small_talk(folded) || redirect_for(folded));
    return 0;
}

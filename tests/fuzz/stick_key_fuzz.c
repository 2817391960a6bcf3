/* A key file of any octets: a key that gives the same octets again, or an error. The checksum would
 * keep nearly every input out, so the same octets are tried with the right one. */
#include "db/stick_key.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static void check(const guint8 *octets, gsize len)
{
    g_autoptr(GError) error = NULL;
    StickKey key;
    guint8 again[STICK_KEY_LEN];
    gboolean is_parsed = stick_key_parse(octets, len, &key, &error);
    g_assert_true(is_parsed == (error == NULL));
    if (!is_parsed) return;
    stick_key_format(&key, again);
    g_assert_true(len == sizeof again && memcmp(again, octets, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
    check(octets, len);
    if (len < 8 || len > 4096) return 0;
    g_autofree guint8 *mended = g_memdup2(octets, len);
    crypto_generichash(mended + len - 8, 8, mended, len - 8, NULL, 0);
    check(mended, len);
    return 0;
}

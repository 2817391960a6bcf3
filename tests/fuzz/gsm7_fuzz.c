/* charset/gsm7.c: three octets choose the tables and the fill bits, the rest is packed user data.
 */
#include "charset/gsm7.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size < 3) return 0;
    Gsm7Alphabet alphabet = { gsm7_language(data[0]), gsm7_language(data[1]) };
    guint fill_bits = data[2] % (GSM7_FILL_MAX + 1);
    gsize len = size - 3;
    if (len * 8 < fill_bits) return 0;
    gsize count = (len * 8 - fill_bits) / 7;
    g_autofree guint8 *octets = g_memdup2(data + 3, len), *septets = g_malloc(count + 1);
    g_assert(gsm7_unpack(octets, len, fill_bits, septets, count));
    g_assert(!gsm7_unpack(octets, len, fill_bits, septets, count + 8)); /* fails before it writes */

    g_autoptr(GByteArray) packed = gsm7_pack(septets, count, fill_bits);
    g_assert(packed->len <= len && packed->len == gsm7_packed_len(count, fill_bits));
    g_autofree guint8 *again = g_malloc(count + 1);
    g_assert(gsm7_unpack(packed->data, packed->len, fill_bits, again, count));
    g_assert(count == 0 || memcmp(again, septets, count) == 0);

    g_autofree char *text = gsm7_decode(septets, count, alphabet);
    g_assert(g_utf8_validate(text, -1, NULL));
    g_autoptr(GByteArray) encoded = gsm7_encode(text, alphabet, NULL);
    g_assert(gsm7_septet_count(text, alphabet) == (encoded ? (gssize)encoded->len : -1));
    if (!encoded) return 0; /* a table without the space that stands for nothing */
    g_autofree char *back = gsm7_decode(encoded->data, encoded->len, alphabet);
    g_assert(g_str_equal(back, text));
    return 0;
}

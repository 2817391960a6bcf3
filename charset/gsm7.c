#include "charset/gsm7.h"

#include "charset/gsm7_table.h"

Gsm7Language gsm7_language(guint identifier)
{
    return identifier < GSM7_LANGUAGE_COUNT ? (Gsm7Language)identifier : GSM7_DEFAULT;
}

/* The septet of `ch`, or -1. */
static int find_septet(const guint16 table[128], gunichar ch)
{
    for (int septet = 0; ch != 0 && septet < 128; septet++)
        if (table[septet] == ch) return septet;
    return -1;
}

guint gsm7_septets_of(gunichar ch, Gsm7Alphabet alphabet)
{
    if (find_septet(gsm7_locking[alphabet.locking], ch) >= 0) return 1;
    return find_septet(gsm7_single_shift[alphabet.single_shift], ch) >= 0 ? 2 : 0;
}

gssize gsm7_septet_count(const char *utf8, Gsm7Alphabet alphabet)
{
    gssize count = 0;
    for (; *utf8; utf8 = g_utf8_next_char(utf8)) {
        guint septets = gsm7_septets_of(g_utf8_get_char(utf8), alphabet);
        if (septets == 0) return -1;
        count += septets;
    }
    return count;
}

static gboolean append_septets(GByteArray *septets, gunichar ch, Gsm7Alphabet alphabet)
{
    int plain = find_septet(gsm7_locking[alphabet.locking], ch);
    int shifted = plain < 0 ? find_septet(gsm7_single_shift[alphabet.single_shift], ch) : -1;
    if (plain < 0 && shifted < 0) return FALSE;
    const guint8 pair[] = { GSM7_ESCAPE, (guint8)(plain < 0 ? shifted : plain) };
    g_byte_array_append(septets, plain < 0 ? pair : pair + 1, plain < 0 ? 2 : 1);
    return TRUE;
}

GByteArray *gsm7_encode(const char *utf8, Gsm7Alphabet alphabet, gunichar *missing)
{
    g_autoptr(GByteArray) septets = g_byte_array_new();
    for (; *utf8; utf8 = g_utf8_next_char(utf8)) {
        gunichar ch = g_utf8_get_char(utf8);
        if (append_septets(septets, ch, alphabet)) continue;
        if (missing) *missing = ch;
        return NULL;
    }
    return g_steal_pointer(&septets);
}

char *gsm7_decode(const guint8 *septets, gsize count, Gsm7Alphabet alphabet)
{
    GString *text = g_string_sized_new(count + 1);
    for (gsize i = 0; i < count; i++) {
        guint8 septet = septets[i] & 0x7f;
        gunichar ch = gsm7_locking[alphabet.locking][septet];
        if (septet == GSM7_ESCAPE && i + 1 < count) {
            septet = septets[++i] & 0x7f;
            ch = gsm7_single_shift[alphabet.single_shift][septet];
            if (ch == 0) ch = gsm7_locking[alphabet.locking][septet];
        }
        g_string_append_unichar(text, ch != 0 ? ch : ' ');
    }
    return g_string_free(text, FALSE);
}

guint gsm7_fill_bits(gsize header_len)
{
    return (guint)((7 - header_len * 8 % 7) % 7);
}

gsize gsm7_packed_len(gsize count, guint fill_bits)
{
    /* not (7 * count + fill_bits + 7) / 8, which could overflow */
    return count / 8 * 7 + (count % 8 * 7 + fill_bits + 7) / 8;
}

GByteArray *gsm7_pack(const guint8 *septets, gsize count, guint fill_bits)
{
    g_assert(fill_bits <= GSM7_FILL_MAX);
    GByteArray *octets = g_byte_array_sized_new((guint)gsm7_packed_len(count, fill_bits));
    guint bits = 0, bit_count = fill_bits; /* not yet in an octet, the lowest first */
    for (gsize i = 0; i < count; i++) {
        bits |= (guint)(septets[i] & 0x7f) << bit_count;
        bit_count += 7;
        if (bit_count < 8) continue;
        g_byte_array_append(octets, &(guint8){ (guint8)bits }, 1);
        bits >>= 8;
        bit_count -= 8;
    }
    if (bit_count > 0) g_byte_array_append(octets, &(guint8){ (guint8)bits }, 1);
    return octets;
}

gboolean gsm7_unpack(const guint8 *octets, gsize len, guint fill_bits, guint8 *septets, gsize count)
{
    g_assert(fill_bits <= GSM7_FILL_MAX);
    if (gsm7_packed_len(count, fill_bits) > len) return FALSE;
    guint bits = 0, bit_count = 0, skip = fill_bits;
    for (gsize i = 0; i < count; i++) {
        while (bit_count < 7 + skip) {
            bits |= (guint)*octets++ << bit_count;
            bit_count += 8;
        }
        bits >>= skip;
        septets[i] = bits & 0x7f;
        bits >>= 7;
        bit_count -= 7 + skip;
        skip = 0;
    }
    return TRUE;
}

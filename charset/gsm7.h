#pragma once
/* The seven-bit alphabets of SMS: text ↔ septets ↔ packed octets.
 * An alphabet is a locking table (what a septet means) and a single-shift table (what it means
 * behind the escape 0x1b, which costs a second septet); both are named in the user-data header, by
 * the default of §6.2.1 where it names none. Septets are kept one an octet; packing is a separate
 * step. Text is valid UTF-8 without NUL. No character takes more than two septets. Source: 3GPP
 * TS 23.038 §6.1.2.1 (packing), §6.2.1 and annex A; TS 23.040 §9.2.3.24 (fill bits). */
#include <glib.h>

/* National Language Identifier, TS 23.038 §6.2.1.2.4. */
typedef enum {
    GSM7_DEFAULT,
    GSM7_TURKISH,
    GSM7_SPANISH, /* single shift alone: its locking table is the default */
    GSM7_PORTUGUESE,
    GSM7_BENGALI,
    GSM7_GUJARATI,
    GSM7_HINDI,
    GSM7_KANNADA,
    GSM7_MALAYALAM,
    GSM7_ORIYA,
    GSM7_PUNJABI,
    GSM7_TAMIL,
    GSM7_TELUGU,
    GSM7_URDU,
} Gsm7Language;
#define GSM7_LANGUAGE_COUNT (GSM7_URDU + 1)

typedef struct {
    Gsm7Language locking, single_shift;
} Gsm7Alphabet; /* { 0 } is the default one */

#define GSM7_ESCAPE   0x1b
#define GSM7_FILL_MAX 6 /* bits between the header and the first septet */

/* The language of an identifier from a header; an unknown one is the default, as §6.2.1.2.5 asks.
 */
Gsm7Language gsm7_language(guint identifier);

/* Septets that `ch` takes: 1, 2, or 0 if the alphabet lacks it. */
guint gsm7_septets_of(gunichar ch, Gsm7Alphabet alphabet);
/* Septets of the whole text; -1 if the alphabet lacks a character. */
gssize gsm7_septet_count(const char *utf8, Gsm7Alphabet alphabet);

/* NULL if the alphabet lacks a character, which goes to *missing (may be NULL). Free with
 * g_byte_array_unref(). */
GByteArray *gsm7_encode(const char *utf8, Gsm7Alphabet alphabet, gunichar *missing);

/* Never fails, as no message must be lost: a septet without a character is a space, an escaped one
 * that the single-shift table lacks is taken from the locking table (§6.2.1.1), an escape behind an
 * escape or at the end is a space. The eighth bit is ignored. Free with g_free(). */
char *gsm7_decode(const guint8 *septets, gsize count, Gsm7Alphabet alphabet);

/* Fill bits that align the septets behind `header_len` octets of header (its length octet
 * included). */
guint gsm7_fill_bits(gsize header_len);
/* Octets that `count` septets take behind `fill_bits`. */
gsize gsm7_packed_len(gsize count, guint fill_bits);
/* Unused bits are 0. Free with g_byte_array_unref(). */
GByteArray *gsm7_pack(const guint8 *septets, gsize count, guint fill_bits);
/* FALSE if `len` octets do not hold `count` septets behind `fill_bits`. */
gboolean gsm7_unpack(const guint8 *octets, gsize len, guint fill_bits, guint8 *septets,
                     gsize count) G_GNUC_WARN_UNUSED_RESULT;

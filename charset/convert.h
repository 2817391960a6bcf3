#pragma once
/* Text from any of our encodings to any other, strictly: what is not valid in the source encoding
 * or cannot be held by the target is a fault with an octet offset, never a silent replacement.
 *
 * Conversion is iconv's; this module adds what glibc's converters lack: it rejects U+110000 and
 * above, surrogates and five-byte UTF-8, reads the single octet 0x80 of GBK and GB18030 as U+20AC,
 * decodes and encodes the GB18030 cells in which glibc's edition (2005) differs from Windows'
 * (2000), and reports the tag characters U+E0000–E007F, which glibc drops on the way to GBK.
 *
 * GBK here is code page 936 as Windows defines its characters: A1A4 ·, A1AA —, A844 ―, A2A1–A2AA
 * ⅰ–ⅹ, 80 €, and nothing in the areas for user-defined characters. Windows programs do write those
 * (AAA1 …, F8A1 …, A140 …), and GB18030 maps them to the private use area just as Windows does: so
 * a file from an office is read as GB18030, which holds all of GBK, and GBK is for what must not
 * hold more.
 *
 * A Converter streams: a character may be cut anywhere by the border of a buffer.
 * Offsets count octets from the start of the stream; that of a fault is the first octet of the
 * character that is at fault. */
#include <glib.h>

typedef enum {
    CHARSET_UTF8,
    CHARSET_GBK,
    CHARSET_GB18030,
    CHARSET_UTF16LE,
    CHARSET_UTF16BE,
    CHARSET_UCS2BE, /* 3GPP TS 23.038 §6.2.3: no surrogates */
} Charset;

#define CONVERT_ERROR (convert_error_quark())
GQuark convert_error_quark(void);
typedef enum {
    CONVERT_ERROR_INVALID,         /* octets that are no character of the source */
    CONVERT_ERROR_TRUNCATED,       /* the stream ends within a character */
    CONVERT_ERROR_UNREPRESENTABLE, /* a character the target does not hold */
    CONVERT_ERROR_UNSUPPORTED,     /* this system's iconv lacks the pair */
} ConvertError;

typedef struct Converter Converter; /* opaque */

#define CHARSET_COUNT (CHARSET_UCS2BE + 1)
const char *charset_name(Charset charset); /* "gb18030", as the command line writes it */
/* Case, '-' and '_' do not matter; cp936 and gb2312 are gbk, ucs2 is ucs-2be. */
gboolean charset_from_name(const char *name, Charset *out);

/* Opens what it needs at once, so that it works on after a sandbox has closed. */
Converter *converter_new(Charset from, Charset to, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void converter_free(Converter *converter); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Converter, converter_free)
void converter_reset(Converter *converter); /* to the start of a new stream */

/* Converts `len` octets and appends to `out`. `is_last` says that the stream ends here. At a fault
 * everything before it has been appended, and the two functions below tell where it lies; the
 * converter then wants a reset. A byte-order mark is a character like any other (see detect.h). */
gboolean converter_push(Converter *converter, const void *octets, gsize len, gboolean is_last,
                        GString *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint64 converter_fault_offset(const Converter *converter);
/* The octets of the character at fault, up to the one that broke it: 1 to CONVERT_FAULT_MAX. */
#define CONVERT_FAULT_MAX 4
const guint8 *converter_fault_octets(const Converter *converter, gsize *len);

/* Called for each character that the target does not hold, instead of failing: a '?' takes its
 * place. NULL (the default): such a character is a fault. */
typedef void (*ConvertUnrepresentable)(gunichar ch, guint64 offset, gpointer data);
void converter_on_unrepresentable(Converter *converter, ConvertUnrepresentable func, gpointer data);

/* The whole of a short text at once; NUL-ended beyond *out_len. NULL on a fault, whose offset goes
 * to *fault (may be NULL). Free with g_free(). */
char *convert_text(Charset from, Charset to, const void *octets, gsize len, gsize *out_len,
                   guint64 *fault, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#pragma once
/* One-line JSON as text, for what is written while it is being made. Objects that fit into memory
 * are json-glib's work, in db/ and above. Source: RFC 8259 §7. */
#include <glib.h>

/* Appends `len` octets of valid UTF-8 (-1: NUL-ended) as the inside of a JSON string: quotes, the
 * backslash and control characters (NUL and DEL included) are escaped, all else stays. Text may be
 * appended in pieces. */
void json_text_escape(GString *out, const char *utf8, gssize len);

/* The same between quotes; NULL is null. */
void json_text_string(GString *out, const char *utf8);

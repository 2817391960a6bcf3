#pragma once
/* The form in which texts are compared: NFKC, case folded, traditional → simplified, look-alikes
 * mapped (囗→口 歺→餐 曰→日), spaces between Han characters dropped, other runs of space made one.
 * Folding is idempotent. The table of traditional characters is generated during the build. */
#include <glib.h>

/* The folded form of `len` octets of UTF-8 (-1: NUL-ended). What is not valid UTF-8 becomes U+FFFD;
 * a NUL octet is a space. Never NULL. Free with g_free(). */
char *fold_text(const char *utf8, gssize len);

/* One character, traditional → simplified; itself if there is nothing to map. */
gunichar fold_simplify(gunichar ch);

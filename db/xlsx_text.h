#pragma once
/* The text of a cell as its <t> elements have it, one after the other: runs of rich text are
 * joined, spaces at the ends count only under xml:space="preserve", _x000D_ and its like are
 * characters (ECMA-376 part 1 §18.4.12, §22.9.2.19; a lone half of a surrogate pair becomes
 * U+FFFD). */
#include <glib.h>

#define XLSX_TEXT_MAX 32767u /* characters in a cell */

typedef struct {
    gsize from; /* where in the string the <t> began */
    gboolean is_preserved;
} XlsxText;

void xlsx_text_begin(XlsxText *text, const GString *out, const char **attributes);
/* What is beyond every limit is dropped: such a text is too long anyway. */
void xlsx_text_add(GString *out, const char *text, gsize len);
void xlsx_text_end(const XlsxText *text, GString *out);

/* Decodes the escapes behind `from`. */
void xlsx_text_decode(GString *out, gsize from);
gboolean xlsx_text_is_too_long(const char *text, gsize len);

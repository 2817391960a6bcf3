#pragma once
/* The text of one cell, made clean: what comes along when staff copy from web pages and documents
 * is mended (and told), what cannot be text is a fault. Knows no column: that is rule.h. A clean
 * text is NFC, has no control or format characters, no space at its ends, and no full-width
 * letters, digits or spaces. Clean ASCII and Han text, nearly all there is, passes without a copy.
 */
#include <glib.h>

typedef enum {
    CELL_TRIMMED = 1 << 0,    /* spaces or line ends around it, or line ends within */
    CELL_INVISIBLE = 1 << 1,  /* zero-width and other format characters */
    CELL_HALF_WIDTH = 1 << 2, /* full-width letters, digits, spaces */
    CELL_COMPOSED = 1 << 3,   /* was not NFC */
} CellMend;

typedef enum {
    CELL_GARBLED = 1 << 0,     /* U+FFFD: octets that were no character */
    CELL_CONTROL = 1 << 1,     /* NUL, ESC and their like; noncharacters */
    CELL_PRIVATE_USE = 1 << 2, /* a character of somebody's own: a warning only */
} CellFault;

typedef struct {
    const char *text; /* NUL-ended; in `scratch` if anything was mended, else what was given */
    gsize len;
    guint char_count;
    guint mends;  /* CellMend */
    guint faults; /* CellFault */
} CellText;

/* Cleans `len` octets of valid, NUL-ended UTF-8. `is_code`: a number, code or phone, in which
 * full-width marks become half-width as well. */
void cell_clean(const char *text, gsize len, gboolean is_code, GString *scratch, CellText *out);

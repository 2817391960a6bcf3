#pragma once
/* A QR code as the dots of a thermal head: whole dots a module, four modules of white around it
 * (ISO/IEC 18004), level M. A head has 8 dots a millimetre. */
#include <glib.h>

#define SLIP_QR_MODULE_DOTS_MIN 3 /* 0.4 mm: less is not read reliably off thermal paper */
#define SLIP_QR_MODULE_DOTS_MAX 8 /* 1 mm: larger only costs paper */

/* Dots a module gets on paper of `paper_dots`; 0: the text is empty or too long to fit. */
guint slip_qr_module_dots(const char *text, guint paper_dots);
/* Appends the picture, centred: rows of paper_dots / 8 octets from the top, the highest bit
 * leftmost, 1 black. Returns the number of rows, 0 if the text does not fit. */
guint slip_qr_append(const char *text, guint paper_dots, GByteArray *out);

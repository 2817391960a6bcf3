#pragma once
/* Lines of a CSV that Excel opens without mojibake and without running anything: UTF-8 with BOM
 * (without it Excel takes the file for GBK), CRLF, quoted as RFC 4180 says, formulas disarmed
 * (formula.h). csv.h reads it again. */
#include <glib.h>

#define CSV_TEXT_BOM "\xef\xbb\xbf"

/* One line: `count` cells, valid UTF-8, and CR LF. */
void csv_text_append(GString *out, const char *const *cells, guint count);

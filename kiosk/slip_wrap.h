#pragma once
/* Where a text is cut to fit a line of so many cells. A cell is half a Han character: ASCII takes
 * one, everything else two, as the printer's font in Chinese mode does. Never within a character;
 * no line begins with 。，）” and their like nor ends with （“; a number stays with its unit, and a
 * telephone number in one piece, unless it alone is longer than a line.
 * Pure: no allocation. Texts are valid UTF-8 without control characters. */
#include <glib.h>

/* Octets of `text` that stand on its first line, spaces at the end left off. `*next` becomes the
 * octet at which the next line begins: beyond 0 unless the text is empty. */
gsize slip_wrap_line(const char *text, guint cells, gsize *next);
guint slip_wrap_cells(const char *text, gsize len);

#pragma once
/* Cells that a spreadsheet would take for a formula: they begin with = + - @ TAB or CR. In a CSV
 * that we write, such a cell gets a ' in front, and one that begins with '… of this kind already
 * gets one more; in a CSV that we read, one ' is taken off. So every text comes back as it was. A
 * plain negative number stays as it is: a spreadsheet reads it as just that. */
#include <glib.h>

gboolean formula_needs_guard(const char *text);
/* `text` without its guard: `text` itself, or the octet behind. */
const char *formula_unguard(const char *text);

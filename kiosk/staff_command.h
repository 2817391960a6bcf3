#pragma once
/* bianmin kiosk --notes, --note-done N, --counts [--days N]: what staff read of the touch screen
 * from the command line, also while it runs. Both return the exit status. */
#include "charset/cli.h"

/* Lists the open questions of residents; with `done` > 0 ticks that one off. */
int staff_notes(CliGlobals *globals, int done);

#define STAFF_DAYS_USUAL 30
/* What was used in the last `days` days, today included: 1 to 400. Of the visit that goes on
 * nothing is known yet. */
int staff_counts(CliGlobals *globals, int days);

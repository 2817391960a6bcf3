#pragma once
/* What `bianmin update` says: in plain Chinese for the person at the terminal, or as one JSON
 * object (DESIGN §5). Knows nothing of how an update is made. */
#include "db/update.h"

/* {"outcome","generation","errors","warnings","diff"}, without a line end; free with g_free().
 * `number` 0: nothing was published. `diff` and `trouble` (why the update failed apart from the
 * sheets) may be NULL; `trouble` becomes the last error, of no file. */
char *update_report_json(UpdateOutcome outcome, guint number, const ImportReport *report,
                         const Diff *diff, const GError *trouble);

/* On stdout: what was read, what was mended, what changes. */
void update_report_sheets(const ImportReport *report);
void update_report_warnings(const ImportReport *report);
void update_report_diff(const Diff *diff);
/* On stderr: what is wrong, where, and what to do. */
void update_report_errors(const ImportReport *report);

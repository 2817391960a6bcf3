#pragma once
/* update/check.json in the data folder: what `update --intake` found in the copies from the stick,
 * for the staff page. {"folder","checked","report"}: the copies' folder (state.json in intake/ says
 * whether it is still the newest), when, and the object that `update --json` prints. Replaced
 * whole. */
#include <glib.h>

/* `copies`: the path of the folder; `report`: one line of JSON. DISK_ERROR. */
gboolean intake_report_save(const char *data_dir, const char *copies, const char *report,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void intake_report_remove(const char *data_dir); /* there is nothing to be checked */

#pragma once
/* update/report/ in the data folder: the result of the last update as a file (report_sheet.h),
 * until staff want it on their stick.
 *   更新结果-….xlsx  the last one; whole
 *   wanted           staff asked for it: the next stick within REPORT_OUTBOX_MINUTES gets it
 * The stick is written by root, who trusts neither the name nor the length of what lies here, and
 * may write nothing here: who copies the tables afterwards sees the result on the stick
 * (intake.h), and who talks to staff forgets then that it was wanted (update_serve.h). */
#include "db/report_sheet.h"

#define REPORT_OUTBOX_MINUTES 10

#define REPORT_OUTBOX_ERROR (report_outbox_error_quark())
GQuark report_outbox_error_quark(void);
typedef enum {
    REPORT_OUTBOX_ERROR_NOTHING
} ReportOutboxError; /* there is no result, or not wanted */

/* Takes the place of the one before, which is gone also if this fails. DISK_ERROR,
 * XLSX_WRITER_ERROR. */
gboolean report_outbox_put(const char *data_dir, const ReportSheet *sheet,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean report_outbox_want(const char *data_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whoever wanted it until that time (Unix) does not any more. */
void report_outbox_forget(const char *data_dir, gint64 until);
gboolean report_outbox_is_wanted(const char *data_dir);

/* The name of the result, if that folder holds the very same; else "". Free with g_free(). */
char *report_outbox_found_in(const char *data_dir, int folder);
/* Copies it to the folder, durable when TRUE. *name: free with g_free(). */
gboolean report_outbox_copy(const char *data_dir, int folder, char **name,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

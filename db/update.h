#pragma once
/* One update: reads sheets beside what is published, compares, publishes. Knows neither terminal
 * nor screen (update_command, update_serve). What was read is what gets published: from
 * update_read() until update_free() the lock on the data folder is held, unless it only checks. */
#include "db/diff.h"
#include "db/import.h"

#define UPDATE_ERROR (update_error_quark())
GQuark update_error_quark(void);
typedef enum {
    UPDATE_ERROR_NO_COPIES, /* nothing was copied from a stick */
} UpdateError;

typedef enum { UPDATE_ACCEPT, UPDATE_WARN, UPDATE_REJECT, UPDATE_SAME } UpdateOutcome;
typedef enum { UPDATE_CHECK, UPDATE_PUBLISH } UpdatePurpose;

typedef struct Update Update; /* opaque */

Update *update_new(const char *data_dir);
void update_free(Update *update); /* discards what was not published; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Update, update_free)

/* Where the sheets are: a folder or a file, which may be a signed package; or the copies of the
 * last stick, which then stay until update_free(). */
void update_set_path(Update *update, const char *path);
gboolean update_open_copies(Update *update, GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *update_path(const Update *update);
void update_set_progress(Update *update, ImportProgressFunc progress, gpointer data);

/* Once. `is_fresh`: sheets not brought along become empty, instead of staying as published. FALSE
 * with *error only for trouble that is not the sheets'; what is wrong with them is in the report,
 * and the outcome is UPDATE_REJECT. */
gboolean update_read(Update *update, UpdatePurpose purpose, gboolean is_fresh,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* After update_read(), whatever it returned. */
UpdateOutcome update_outcome(const Update *update);
const ImportReport *update_import_report(const Update *update);
const Diff *update_diff(const Update *update);          /* NULL if sheets were refused */
const GPtrArray *update_warnings(const Update *update); /* char *, of what is published; or NULL */

/* After update_read() for UPDATE_PUBLISH with the outcome ACCEPT or WARN, once. `who` (ASCII, no
 * spaces; NULL: whoever may write the data folder) goes into the audit. TRUE means that it survives
 * a power cut from now on. */
gboolean update_publish(Update *update, const char *who, GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint update_number(const Update *update); /* of the new generation; 0: none was published */

int update_exit_status(const GError *error);    /* sysexits.h */
const char *update_remedy(const GError *error); /* what staff can do about it; constant */

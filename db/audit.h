#pragma once
/* Who did what to the published data: audit/audit-YYYYMM.log in the data folder, appended to and
 * never rewritten. One JSON object a line: {"time":…,"event":…,fields…,"before":…}, where "before"
 * is the BLAKE2b-128 of the line before it ("" for the very first), across months. A line that a
 * power cut tore stays as it is, and the next one names its hash. No personal data goes in. */
#include <glib.h>

#define AUDIT_ERROR (audit_error_quark())
GQuark audit_error_quark(void);
typedef enum {
    AUDIT_ERROR_WRITE,
    AUDIT_ERROR_READ,
    AUDIT_ERROR_CHAIN, /* a line was changed, taken out or put in */
    AUDIT_ERROR_NO_RIGHT,
} AuditError;

#define AUDIT_LINE_MAX 8192

/* Appends one line and waits until the disk has it. `fields`: name, text, name, text …, NULL; a
 * text is cut to a sensible length. The folder is made if need be. */
gboolean audit_append(const char *data_dir, GDateTime *now, const char *event,
                      const char *const *fields, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Walks the whole chain; *line_count (may be NULL) lines were read. */
gboolean audit_verify(const char *data_dir, guint64 *line_count,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

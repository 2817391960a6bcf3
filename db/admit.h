#pragma once
/* Who may publish what came on a stick, as far as the command line is concerned: whoever shows the
 * stick's key file and its PIN; or an administrator, who is root or owns the data folder. */
#include "db/trust.h"

#define ADMIT_ERROR (admit_error_quark())
GQuark admit_error_quark(void);
typedef enum {
    ADMIT_ERROR_REFUSED, /* wrong, locked, unknown, revoked; the message says which */
    ADMIT_ERROR_NO_PIN,  /* neither a PIN nor an administrator */
} AdmitError;

/* The key file at `path` (a folder, or a file beside it) and the PIN in `pin_file` (pin.h); `id` is
 * the stick's. Costs a try if the PIN is wrong. */
gboolean admit_stick(const char *data_dir, const char *path, const char *pin_file,
                     char id[TRUST_ID_HEX], GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean admit_administrator(const char *data_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;

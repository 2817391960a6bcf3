#pragma once
/* What can still be read of a damaged sms.db goes into the new one: who does not want answers,
 * notes for staff, which messages are known, what waits to be sent, which PINs were tried. */
#include "db/store.h"

/* Whole or not at all: FALSE with *error if `fresh` cannot be written. What cannot be read is lost.
 */
gboolean sms_salvage(const char *damaged_path, sqlite3 *fresh,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

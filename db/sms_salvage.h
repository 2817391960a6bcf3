#pragma once
/* What can still be read of a damaged sms.db goes into the new one: who does not want answers,
 * notes for staff, which messages are known, what waits to be sent, which PINs were tried. */
#include "db/store.h"

/* Never fails: what cannot be read is lost. Returns the number of rows that were saved. */
guint sms_salvage(const char *damaged_path, sqlite3 *fresh);

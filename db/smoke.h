#pragma once
/* The last check of a catalogue before it is published: it is loaded and searched as it will be,
 * and some of its own questions must lead to their topics. Catches a file that does not serve
 * although every row of it is valid. */
#include <glib.h>
#include <sqlite3.h>

/* A GenerationSmokeTest; `data` is not used. */
gboolean smoke_test(sqlite3 *db, gpointer data, GError **error);

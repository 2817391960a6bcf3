#pragma once
/* What can still be read of a damaged runtime database goes into the new one. */
#include "db/store.h"

typedef struct {
    const char *forwards, *backwards; /* up to the damage; up to it from the other side */
    const char *insert;               /* as many parameters as those have columns */
} SalvageTable;

typedef struct {
    const SalvageTable *tables;
    guint table_count;
    const char *mend; /* SQL: for rows whose parents are among what is lost; or NULL */
} SalvagePlan;

/* Whole or not at all: FALSE with *error if `fresh` cannot be written. What cannot be read is lost.
 */
gboolean salvage(const SalvagePlan *plan, const char *damaged_path, sqlite3 *fresh,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

#pragma once
/* How long the machine has been on, as lockouts count it: CLOCK_BOOTTIME, which nobody can set, and
 * which boot it is. A caller takes it once and hands it on; only uptime_now() looks at a clock. */
#include <glib.h>

#define UPTIME_BOOT_LEN 37u /* a UUID, NUL included */

typedef struct {
    guint64 s;
    char boot[UPTIME_BOOT_LEN]; /* "": not to be had (a sandbox may hide it) */
} Uptime;

Uptime uptime_now(void);

/* Seconds that the machine has certainly been on from `before` to `now`; never more than it was.
 * After another boot these are the seconds since that boot: what the earlier one still lasted, and
 * others between, nobody knows. Where the boots are not known, less uptime than before proves
 * another one, and more is counted as one and the same, which is at most the truth. */
guint64 uptime_since(const Uptime *before, const Uptime *now);

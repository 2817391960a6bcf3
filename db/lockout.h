#pragma once
/* Wrong passwords, counted. Five tries; then nothing is tried for 15 minutes, after five more for
 * 60, from then on for 240, in minutes that the machine is on (uptime.h): neither a changed clock
 * nor a power cut shortens them. A value without a clock or a file: whoever keeps it writes it down
 * after lockout_try() and *before* the password is looked at, so that a cut in between has cost a
 * try. Source: SAFETY.md (b) 11, (c) Lockout. */
#include "db/uptime.h"

#define LOCKOUT_TRIES 5u

typedef struct {
    guint tries;     /* begun since the last right one, or since the last lock */
    guint locks;     /* in a row */
    guint64 left_s;  /* of the lock, seen from `seen`; 0: not locked */
    Uptime seen;
} Lockout;

/* Lets the time pass. */
void lockout_pass(Lockout *lockout, const Uptime *now);
/* Lets the time pass and begins a try; FALSE: locked, nothing may be tried. The fifth one locks at
 * once, which lockout_reset() undoes if it was right. */
gboolean lockout_try(Lockout *lockout, const Uptime *now) G_GNUC_WARN_UNUSED_RESULT;
void lockout_reset(Lockout *lockout); /* it was right */

guint lockout_tries_left(const Lockout *lockout);     /* 0: locked */
guint64 lockout_minutes_left(const Lockout *lockout); /* rounded up */

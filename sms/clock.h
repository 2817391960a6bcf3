#pragma once
/* The time of day on a machine whose clock may have lost its battery: never earlier than what the
 * database has seen, or a limit of a day would shut residents out for ever (SAFETY #17). The
 * service centre's time is a second opinion. A value. */
#include <glib.h>

typedef struct {
    gint64 seen_s;     /* the latest time that is known to have been, at the start or when heard */
    gint64 started_us; /* monotonic */
    gboolean is_trusted; /* the network says the same */
} Clock;

void clock_start(Clock *clock, gint64 seen_s, gint64 monotonic_us);
/* Unix time: `rtc_s`, or, where that is earlier than what was seen, what was seen and the time
 * since the start. */
gint64 clock_at(const Clock *clock, gint64 rtc_s, gint64 monotonic_us);
/* A message bears the centre's time; 0: none. One that agrees with the clock makes it right,
 * whatever was seen before; one that is ahead of a wrong clock is nearer the truth. */
void clock_hear(Clock *clock, gint64 scts_s, gint64 rtc_s, gint64 monotonic_us);

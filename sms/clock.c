#include "sms/clock.h"

#define AGREES_S (36 * 3600) /* a message may have waited at the centre for a day */

void clock_start(Clock *clock, gint64 seen_s, gint64 monotonic_us)
{
    *clock = (Clock){ seen_s, monotonic_us, FALSE };
}

gint64 clock_at(const Clock *clock, gint64 rtc_s, gint64 monotonic_us)
{
    gint64 least_s = clock->seen_s + (monotonic_us - clock->started_us) / G_USEC_PER_SEC;
    return clock->is_trusted ? rtc_s : MAX(rtc_s, least_s);
}

void clock_hear(Clock *clock, gint64 scts_s, gint64 rtc_s, gint64 monotonic_us)
{
    if (scts_s <= 0) return;
    gboolean is_behind = clock_at(clock, rtc_s, monotonic_us) > rtc_s;
    if (ABS(scts_s - rtc_s) <= AGREES_S)
        clock->is_trusted = TRUE;
    else if (is_behind && scts_s > clock_at(clock, rtc_s, monotonic_us))
        clock_start(clock, scts_s, monotonic_us);
}

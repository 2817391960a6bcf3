#pragma once
/* A topic as what a resident takes away: in plain words, what is not known left out, but for an
 * amount that is asked for. Only lays out what the catalogue and the settings say. */
#include "db/catalogue.h"
#include "kiosk/kiosk_settings.h"
#include "kiosk/slip.h"

/* `today` "2026-05-06", or NULL where the clock is not to be trusted. Copies what it needs; free
 * with slip_free(). */
Slip *topic_slip_new(const Topic *topic, const KioskSettings *settings, const char *today);

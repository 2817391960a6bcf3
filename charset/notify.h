#pragma once
/* A service's word to systemd (sd_notify(3)): ready, alive, ending. Nothing where NOTIFY_SOCKET is
 * not set. The protocol is a datagram of text; a library is not needed for that. */
#include <glib.h>

void notify_start(void); /* READY=1, and WATCHDOG=1 from the main loop in half of WATCHDOG_USEC */
void notify_stop(void);

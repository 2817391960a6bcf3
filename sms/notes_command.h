#pragma once
/* bianmin sms --notes: what residents left for staff (留言), each ticked off once it is done. */
#include "charset/cli.h"

/* Lists the unread ones; with `done` > 0 ticks that one off. The exit status. */
int notes_run(CliGlobals *globals, int done);

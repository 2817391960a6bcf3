#pragma once
/* bianmin kiosk [--windowed] [--size WxH] [--page NAME]: the touch screen. Ends on SIGTERM and
 * SIGINT with status 0; 69 if there is no display, 78 if a setting is wrong. Content that cannot be
 * read is shown as 暂停服务, and tried again each minute.
 * --notes, --note-done N, --counts [--days N]: what staff read of it (staff_command.h). */
#include "charset/cli.h"

int kiosk_main(CliGlobals *globals, int argc, char **argv);

#pragma once
/* bianmin kiosk [--windowed] [--size WxH]: the touch screen. Ends on SIGTERM and SIGINT with status
 * 0; 69 if there is no display, 65 if no content can be read. */
#include "charset/cli.h"

int kiosk_main(CliGlobals *globals, int argc, char **argv);

#pragma once
#include "charset/cli.h"

/* bianmin sms [--port DEV|auto] [--baud N] [--once]: the gateway. */
int sms_main(CliGlobals *globals, int argc, char **argv);

#pragma once
#include "charset/cli.h"

/* bianmin modem probe [--port DEV] [--baud N] [--json]: everything a modem must have, a line each.
 * 69 if it cannot be used. Sends nothing to the network and changes nothing for good. */
int probe_main(CliGlobals *globals, int argc, char **argv);

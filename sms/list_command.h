#pragma once
#include "charset/cli.h"

/* bianmin modem list [--json]: the serial ports, and which one would be taken. 69 if none would. */
int list_main(CliGlobals *globals, int argc, char **argv);

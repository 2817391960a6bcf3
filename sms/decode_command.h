#pragma once
#include "charset/cli.h"

/* bianmin modem decode [--json]: a PDU in hex a line on stdin, what it says a line on stdout. 65 if
 * one was refused. */
int decode_main(CliGlobals *globals, int argc, char **argv);

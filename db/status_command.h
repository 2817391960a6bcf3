#pragma once
#include "charset/cli.h"

/* bianmin status [--json]: what is served, and where it came from. 65 if it is not what it should
 * be, 69 if the SMS gateway runs and something ails it. */
int status_main(CliGlobals *globals, int argc, char **argv);

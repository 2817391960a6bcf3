#pragma once
#include "charset/cli.h"

/* bianmin status [--json]: what is served, and where it came from. 65 if it is not what it should
 * be. */
int status_main(CliGlobals *globals, int argc, char **argv);

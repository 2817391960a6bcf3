#pragma once
#include "charset/cli.h"

/* bianmin template DIR [--force]: blank tables to fill in, an example, and how to go about it. */
int template_main(CliGlobals *globals, int argc, char **argv);

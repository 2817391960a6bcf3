#pragma once
#include "charset/cli.h"

/* bianmin modem list|probe|decode: what a technician wants to know of modems. */
int modem_main(CliGlobals *globals, int argc, char **argv);

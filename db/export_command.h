#pragma once
#include "charset/cli.h"

/* bianmin export DIR [--csv] [--force]: the published content as sheets again, to edit. */
int export_main(CliGlobals *globals, int argc, char **argv);

#pragma once
#include "charset/cli.h"

/* bianmin update PATH [--check] [--yes] [--json] [--fresh]: sheets → checked, compared, published.
 * --check builds the new content in memory and touches the data folder in no way. */
int update_main(CliGlobals *globals, int argc, char **argv);

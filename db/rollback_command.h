#pragma once
#include "charset/cli.h"

/* bianmin rollback [NUMBER]: publishes an older generation again; without a number the one before.
 */
int rollback_main(CliGlobals *globals, int argc, char **argv);

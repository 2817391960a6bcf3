#pragma once
#include "charset/cli.h"

/* bianmin export DIR [--csv|--xlsx] [--force]: the published content as sheets again, to edit. */
int export_main(CliGlobals *globals, int argc, char **argv);

/* Says why sheets could not be written (an ExportError), and what to do. Returns the exit status.
 */
int export_complain(const GError *error);

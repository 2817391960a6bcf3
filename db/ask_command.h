#pragma once
/* bianmin ask: questions from the command line, from stdin, or in a small dialogue. */
#include "charset/cli.h"

int ask_main(CliGlobals *globals, int argc, char **argv);

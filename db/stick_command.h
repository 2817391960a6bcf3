#pragma once
#include "charset/cli.h"

/* bianmin stick enrol DIR|--pin-only, revoke ID|LABEL, list: who may publish from a stick. */
int stick_main(CliGlobals *globals, int argc, char **argv);

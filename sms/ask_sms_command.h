#pragma once
/* bianmin ask, with the dialogue of short messages for --sms. */
#include "charset/cli.h"

int ask_sms_main(CliGlobals *globals, int argc, char **argv);

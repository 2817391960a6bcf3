#pragma once
#include "charset/cli.h"

/* bianmin package make DIR|FILE, verify FILE, key, trust KEYFILE|HEX, distrust ID, list: signed
 * packages for other kiosks, and whose are taken here. */
int package_main(CliGlobals *globals, int argc, char **argv);

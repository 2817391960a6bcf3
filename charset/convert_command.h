#pragma once
/* `bianmin convert [--from ENC|auto] [--to ENC] [--json] [FILE]`: a text file from any of our
 * encodings to any other; `--from utf-16` looks which of the two it is.
 * Converted octets go to stdout, what was detected and every fault to stderr; what lies before a
 * fault is written. A byte-order mark of the source is dropped, none is written.
 * --json: one object on one line instead, the text in it as Unicode whatever the target:
 *   from (null: not recognised), to, detected, bom, text, ok, octets and characters (converted),
 *   private_use (how many characters of the text), fault (null or offset, octets, kind, message),
 *   unrepresentable (the first 100: offset, character, codepoint), unrepresentable_count.
 * Offsets count octets from the start of the file, a mark included. Memory does not grow with the
 * file, unless the encoding of a pipe is to be detected: then 200 MB are the limit.
 * Exit status: 0; 64 usage; 65 a fault, or an encoding not recognised; 66 no such file; 74 I/O. */
#include "charset/cli.h"

int convert_main(CliGlobals *globals, int argc, char **argv);

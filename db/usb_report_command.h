#pragma once
/* bianmin usb-report: the result of the last update onto a stick, if staff asked for it
 * (report_outbox.h, usb_stick.h). The only thing that ever writes on one of theirs. */
#include "charset/cli.h"

int usb_report_main(CliGlobals *globals, int argc, char **argv);

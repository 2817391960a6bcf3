#pragma once
/* bianmin usb-copy: from a stick into intake/ (usb_copy.h, usb_stick.h, intake.h). */
#include "charset/cli.h"

/* Of USB_COPY_ERROR and DISK_ERROR; sysexits.h. */
int usb_copy_exit_status(const GError *error);
int usb_copy_main(CliGlobals *globals, int argc, char **argv);

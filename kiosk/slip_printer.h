#pragma once
/* Sends a slip's octets to a thermal printer from the main loop: no thread, never blocks.
 *
 * The printer is a path: a character device (/dev/usb/lp0, a serial port, which is set to raw and
 * keeps its speed), or a FIFO or file, to which the octets are appended. It is opened for each job
 * and closed after it, so it may come and go. One job at a time.
 * A character device is asked for paper and state first (DLE EOT 4, 1) and for paper again after
 * the job; a printer that does not answer within SLIP_PRINTER_ANSWER_MS each is taken to be well.
 * A job ends SLIP_PRINTER_STALL_MS after the last octet was taken, at the latest after
 * SLIP_PRINTER_TOTAL_MS: a slow head takes octets only as fast as it prints.
 *
 * Errors are sentences for residents and staff. Writing to a FIFO whose reader has gone is an
 * error, not SIGPIPE.
 * Source: Epson ESC/POS command reference, DLE EOT; Linux drivers/usb/class/usblp.c. */
#include <gio/gio.h>

#define SLIP_PRINTER_ANSWER_MS 400
#define SLIP_PRINTER_STALL_MS  5000
#define SLIP_PRINTER_TOTAL_MS  30000

#define SLIP_PRINTER_ERROR (slip_printer_error_quark())
GQuark slip_printer_error_quark(void);
typedef enum {
    SLIP_PRINTER_ERROR_NO_DEVICE,    /* none is set, or it is not connected */
    SLIP_PRINTER_ERROR_NO_RIGHT,     /* this user may not write to it */
    SLIP_PRINTER_ERROR_BUSY,         /* with our own job or another program's */
    SLIP_PRINTER_ERROR_PAPER_OUT,    /* told within 2 s if the printer says so */
    SLIP_PRINTER_ERROR_NOT_READY,    /* it says it is off line: most often the cover is open */
    SLIP_PRINTER_ERROR_TIMEOUT,      /* it takes nothing */
    SLIP_PRINTER_ERROR_CANNOT_WRITE, /* unplugged meanwhile, disk full */
    SLIP_PRINTER_ERROR_CANCELLED,    /* slip_printer_free() */
} SlipPrinterError;

typedef struct SlipPrinter SlipPrinter; /* opaque */

/* Opens nothing. `device` "" or NULL: there is none. */
SlipPrinter *slip_printer_new(const char *device);
/* NULL is fine. A job that is not done ends with SLIP_PRINTER_ERROR_CANCELLED; its callback may be
 * called from within. */
void slip_printer_free(SlipPrinter *printer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlipPrinter, slip_printer_free)

/* A device is set, is there, and this user may write to it. Looks at the file system only:
 * whether it has paper shows when it prints. */
gboolean slip_printer_is_there(const SlipPrinter *printer);

/* `callback` is called from the default main context, never from within this call; its source
 * object is NULL. It may print again, or free the printer. Takes a reference to `octets`. */
void slip_printer_print_async(SlipPrinter *printer, GBytes *octets, GAsyncReadyCallback callback,
                              gpointer data);
/* TRUE: the printer has taken all of it. May be called after the printer was freed. */
gboolean slip_printer_print_finish(GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

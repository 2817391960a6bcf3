#pragma once
/* A serial line to a modem: octets out through a queue, octets in and its loss through callbacks
 * from the main loop. libserialport opens what it accepts; a path that it refuses (a pty; Debian's
 * 0.1.1 takes no name outside /dev and none without an entry in sysfs class tty) is opened with
 * open() and termios instead. Either way: the path is resolved first, the device is held
 * exclusively (flock and TIOCEXCL), 8N1, no XON/XOFF. Never blocks.
 * A port that went away (unplugged, hung up) says so once and then does nothing until it is closed.
 */
#include <glib.h>

#define PORT_ERROR (port_error_quark())
GQuark port_error_quark(void);
typedef enum {
    PORT_ERROR_MISSING, /* no such device */
    PORT_ERROR_BUSY,    /* another program holds it */
    PORT_ERROR_NO_RIGHT,
    PORT_ERROR_KIND, /* no serial line, or a speed that it does not have */
    PORT_ERROR_OTHER,
} PortError;

/* The speeds at which a modem is looked for, the likely ones first; the last is followed by 0. */
extern const guint port_search_speeds[], port_search_speed_count;

typedef struct Port Port;
/* Called from the main loop; either may close the port. */
typedef void (*PortReceived)(const guint8 *octets, gsize len, gpointer data);
typedef void (*PortGone)(const char *why, gpointer data); /* `why`: a Chinese sentence */

typedef struct {
    guint baud;
    gboolean has_rts_cts; /* hardware flow control: only if all its wires are there */
} PortSettings;

Port *port_open(const char *path, const PortSettings *settings,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void port_close(Port *port); /* NULL is fine; at once, unsent octets are dropped */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Port, port_close)
void port_watch(Port *port, PortReceived received, PortGone gone, gpointer data);
/* Queues `len` octets, at most PORT_QUEUE_MAX unsent ones in all: FALSE if they do not fit, then
 * none is taken. */
#define PORT_QUEUE_MAX 65536
gboolean port_write(Port *port, const void *octets, gsize len) G_GNUC_WARN_UNUSED_RESULT;
/* The other speed takes effect at once; what was received is forgotten. */
gboolean port_set_baud(Port *port, guint baud, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The device itself, links resolved: /dev/ttyUSB2 */
const char *port_path(const Port *port);

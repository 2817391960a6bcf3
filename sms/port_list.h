#pragma once
/* The serial ports of this machine, and which of them is the modem. Nothing is ever sent to a port
 * that is neither named in the settings nor known to be a modem's or a plain adapter's: it may be a
 * card reader. A port is recognised again by maker, product, serial number and interface, whatever
 * name it comes back under. */
#include <glib.h>

typedef struct {
    char *path;           /* /dev/ttyUSB2 */
    char *description;    /* what the device says it is; "" */
    char *identity;       /* "2c7c:0125:SERIAL:02"; "" if it is not on USB */
    gint vendor, product; /* -1: not on USB */
    gint interface;       /* -1: not known */
    gboolean is_allowed;  /* may be spoken to when found by itself */
    gint rank;            /* the lowest is preferred */
} PortInfo;

GPtrArray *port_list(void); /* PortInfo *, preferred ones first; g_ptr_array_unref() */
void port_info_free(PortInfo *info);

/* The port to open. `identity` (may be NULL) is that of the port that worked before: it is looked
 * for under whatever name. Else "auto" is the best allowed one, a path itself. `turn` 0 is the
 * first choice, 1 the next and so on, round and round: where a port is taken or silent. NULL with
 * PORT_ERROR. Free with g_free(). */
char *port_list_resolve(const char *configured, const char *identity, guint turn,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NULL if it has none. Free with g_free(). */
char *port_list_identity(const char *path);

/* For tests: the folder that stands for /sys/class/tty, and devices taken from there alone. */
void port_list_set_sysfs(const char *folder);

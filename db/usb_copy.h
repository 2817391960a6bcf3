#pragma once
/* Copies the files that we know from a folder whose every name, size and content may have been made
 * by an attacker, and which may vanish at any moment. Parses nothing: octets in, octets out. Which
 * files, stick_name.h says; the copies bear the names as written there, so that no name of the
 * stick's goes any further. Source: SAFETY.md (b) 4, 5, 27, 28 and (c) Stick. */
#include <glib.h>
#include <time.h>

#define USB_COPY_TOTAL_MAX  (400ull * 1000 * 1000) /* octets, all files */
#define USB_COPY_SPACE_LEFT (64ull * 1000 * 1000)  /* stays free on the disk */

#define USB_COPY_ERROR (usb_copy_error_quark())
GQuark usb_copy_error_quark(void);
typedef enum {
    USB_COPY_ERROR_NOTHING, /* no known name */
    USB_COPY_ERROR_REFUSED,
    USB_COPY_ERROR_PULLED, /* the medium is gone: I/O error, a file shorter than it was */
} UsbCopyError;

typedef struct {
    char *name; /* ours */
    int fd;     /* -1 once it has been copied */
    guint64 octets;
    struct timespec modified;
    char digest[65]; /* BLAKE2b-256, hex, once it has been copied */
} UsbCopyFile;

typedef struct {
    GPtrArray *files;  /* UsbCopyFile * */
    guint64 octets;    /* of all */
    guint passed_over; /* like ours in name or place, and not taken: 事项 (1).csv, 事项.xls */
} UsbCopy;

/* Looks at the names and opens what is known; *copy holds no file if it fails, with
 * USB_COPY_ERROR. */
gboolean usb_copy_find(int source, UsbCopy *copy, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Copies all of them into `target` with `mode`, each synced. What has been written when it fails
 * stays there. Errors: USB_COPY_ERROR; DISK_ERROR if the target's disk is to blame. */
gboolean usb_copy_run(UsbCopy *copy, int target, guint mode,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void usb_copy_clear(UsbCopy *copy);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UsbCopy, usb_copy_clear)

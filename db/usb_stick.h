#pragma once
/* A USB stick's file system, seen by nobody else: it is mounted without being put anywhere in the
 * tree (fsmount(2)), and gone with the descriptor; read-only, but for the result that staff want on
 * it. Only FAT and exFAT. Needs CAP_SYS_ADMIN. */
#include <glib.h>

typedef struct {
    char *device;
    char *type;   /* "vfat", "exfat"; of others too */
    guint64 disk; /* as usb_stick_disk() */
} UsbStick;

/* The disk that a block device is, or is part of: a number that no other gets until the next boot,
 * nor the same stick when it comes again. 0: there is no such device, or the kernel does not tell.
 */
guint64 usb_stick_disk(const char *device);

/* What udev found out about a block device, or what the environment says in its place
 * (ID_FS_TYPE). FALSE with USB_COPY_ERROR_PULLED if there is no such device, or
 * _REFUSED. */
gboolean usb_stick_identify(const char *device, UsbStick *stick,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
typedef enum { USB_STICK_READ, USB_STICK_WRITE } UsbStickMode;
/* A descriptor of its top folder; close it to unmount. -1 on error, USB_COPY_ERROR. */
int usb_stick_mount(const UsbStick *stick, UsbStickMode mode,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void usb_stick_clear(UsbStick *stick);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UsbStick, usb_stick_clear)

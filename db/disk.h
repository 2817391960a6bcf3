#pragma once
/* Files that survive a power cut: written whole with write(2), fsynced, renamed into place, and the
 * folder fsynced. Names are relative to an open folder; a symbolic link is never followed.
 * Buffered stdio is not used, so that every failure is seen where it happens. */
#include <glib.h>

#define DISK_ERROR (disk_error_quark())
GQuark disk_error_quark(void);
typedef enum {
    DISK_ERROR_MISSING,
    DISK_ERROR_READ,     /* bad block, no regular file, longer than allowed */
    DISK_ERROR_WRITE,    /* full, bad block */
    DISK_ERROR_NO_RIGHT, /* to read or to write; or read-only */
    DISK_ERROR_BUSY,     /* somebody else holds the lock */
} DiskError;

#define DISK_DIGEST_HEX 65 /* BLAKE2b-256 as hex, NUL included */

/* Sets *error from `saved_errno`: "WHAT：磁盘已满"; without the right DISK_ERROR_NO_RIGHT, whatever
 * `code` is. Returns FALSE. */
gboolean disk_fail(GError **error, DiskError code, int saved_errno, const char *what);

gboolean disk_write_all(int fd, const void *octets, gsize len,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean disk_sync(int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* a file or a folder */

/* Makes `name` hold exactly `text`, or leaves it as it was: NAME.tmp, fsync, rename, fsync of the
 * folder. */
gboolean disk_replace(int folder, const char *name, const char *text, gsize len, guint mode,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The whole of a file of at most `max` octets, NUL-ended beyond *len. */
char *disk_read(int folder, const char *name, gsize max, gsize *len,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Identity of the file now behind that name: changes whenever it is replaced. 0: there is none. */
guint64 disk_id(int folder, const char *name);

/* BLAKE2b-256 of a whole file. */
gboolean disk_digest(int folder, const char *name, char hex[DISK_DIGEST_HEX],
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* BLAKE2b-128 of some octets, 32 hex digits. */
void disk_short_digest(const void *octets, gsize len, char hex[33]);

#pragma once
/* A ZIP file from a stick, through libzip, after zip_directory.h has passed it. Both must see the
 * same entries: a file that two readers understand differently is refused. What is inflated is held
 * to the claimed length and to ZIP_INFLATED_MAX over the life of the archive; the CRC is checked
 * when an entry has been read to its end. One thing at a time: a stream uses its archive, which
 * must outlive it. Errors: SHEET_ERROR. */
#include <glib.h>

typedef struct ZipArchive ZipArchive; /* opaque */
typedef struct ZipStream ZipStream;   /* opaque */

/* Takes `fd` in any case. */
ZipArchive *zip_archive_open(int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void zip_archive_close(ZipArchive *archive); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZipArchive, zip_archive_close)

/* Names count without regard to case. */
gboolean zip_archive_has(const ZipArchive *archive, const char *name);

/* An entry that inflates to more than `max` octets is refused. */
ZipStream *zip_stream_open(ZipArchive *archive, const char *name, guint64 max,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void zip_stream_close(ZipStream *stream); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZipStream, zip_stream_close)

/* Up to `len` octets; 0: the end, and the CRC was right; -1 with *error. */
gssize zip_stream_read(ZipStream *stream, void *out, gsize len, GError **error);

#pragma once
/* The table of contents of a ZIP file, read by ourselves, because a library forgives what a stick
 * must not bring along. Refuses (SAFETY (g)): files over 50 MB, more than 1,000 entries, names that
 * are not UTF-8 or lead elsewhere (.. / \), two entries of one name (case does not tell them apart:
 * ECMA-376 part 2 §9.1.1), entries that overlap, local headers that contradict the directory,
 * encryption, other methods than stored and deflated, more than 256 MB inflated, and more than
 * 200:1 beyond 1 MB. Nothing is inflated here: the sizes are those that are claimed, zip_archive.h
 * holds the data to them. Errors: SHEET_ERROR. Source: PKWARE APPNOTE 6.3.3 §4.3, §4.5.3. */
#include <glib.h>

#define ZIP_FILE_MAX     (50ull * 1000 * 1000)
#define ZIP_ENTRIES_MAX  1000u
#define ZIP_INFLATED_MAX (256ull * 1024 * 1024)

typedef struct {
    char *name;
    guint16 method;
    guint32 crc;
    guint64 local_at; /* where its local header stands */
    guint64 packed_len, len;
} ZipEntry;

/* The entries in the order of the directory, an array of ZipEntry. `fd` stays the caller's; its
 * offset does not matter and does not change. */
GArray *zip_directory_read(int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#pragma once
/* xl/sharedStrings.xml in one block of memory, at most 64 MB of it. Phonetic readings are not text
 * of the cell and are skipped. Source: ECMA-376 part 1 §18.4. */
#include "db/zip_archive.h"

#define XLSX_STRINGS_MAX (64u * 1024 * 1024)

typedef struct XlsxStrings XlsxStrings; /* opaque */

XlsxStrings *xlsx_strings_read(ZipStream *source /* taken */,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void xlsx_strings_free(XlsxStrings *strings); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XlsxStrings, xlsx_strings_free)

/* NUL-ended, as long-lived as `strings`; NULL if there is no such string. */
const char *xlsx_strings_get(const XlsxStrings *strings, guint64 index, gsize *len);

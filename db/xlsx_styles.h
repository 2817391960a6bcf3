#pragma once
/* xl/styles.xml: which number format each cell style has; nothing else of it is read. Source:
 * ECMA-376 part 1 §18.8. */
#include "db/xlsx_format.h"
#include "db/zip_archive.h"

typedef struct XlsxStyles XlsxStyles; /* opaque */

XlsxStyles *xlsx_styles_read(ZipStream *source /* taken */,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
void xlsx_styles_free(XlsxStyles *styles); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XlsxStyles, xlsx_styles_free)

/* The format of cell style `index`; NULL: general, also where there is no such style. */
const XlsxFormat *xlsx_styles_format(const XlsxStyles *styles, guint index);

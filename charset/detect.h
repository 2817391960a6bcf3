#pragma once
/* Which encoding a file has: BOM, then NULs at odd or even places, then strictly valid UTF-8, then
 * GB18030. The caller's `is_plausible` is the tie-breaker where there is one: it is given the first
 * line, decoded, and says whether it knows it (the header of a sheet). C2A1 is 隆 and ¡.
 * Detection is per file; it looks at all of it, and never changes its mind afterwards. */
#include "charset/convert.h"

typedef gboolean (*DetectPlausible)(const char *first_line, gpointer data);

typedef struct {
    Charset charset;
    gsize bom_len; /* octets to skip */
} DetectResult;

/* FALSE if no encoding fits ("乱码"). `is_plausible` may be NULL: then validity alone decides. */
gboolean detect_charset(const void *octets, gsize len, DetectPlausible is_plausible, gpointer data,
                        DetectResult *out) G_GNUC_WARN_UNUSED_RESULT;

#pragma once
/* Which encoding a file has: BOM, then NULs at odd or even places, then strictly valid UTF-8, then
 * GB18030 (which holds all of GBK). Detection is per file; it looks at all of it, and never changes
 * its mind afterwards.
 *
 * Few texts are valid as both, and where one is, the caller's `is_plausible` decides: it is given
 * the first line, decoded, and says whether it knows it (the header of a sheet). C2A1 is 隆 and ¡.
 * Without it UTF-8 wins. A file that is wholly valid as neither is damaged rather than foreign if
 * its first line is plausible, or if so much of it is valid UTF-8 that it cannot be anything else:
 * then that encoding is named, and the conversion will say where the fault lies. Reading a damaged
 * UTF-8 file as GB18030 would make nonsense of it without a word. */
#include "charset/convert.h"

/* `first_line` is UTF-8 without its line end, cut at DETECT_LINE_MAX octets of the source. */
#define DETECT_LINE_MAX 4096
typedef gboolean (*DetectPlausible)(const char *first_line, gpointer data);

typedef struct {
    Charset charset;
    gsize bom_len; /* octets to skip */
} DetectResult;

/* FALSE if no encoding fits ("乱码"). `is_plausible` may be NULL: then validity alone decides. */
gboolean detect_charset(const void *octets, gsize len, DetectPlausible is_plausible, gpointer data,
                        DetectResult *out) G_GNUC_WARN_UNUSED_RESULT;

/* The same for what does not fit into memory: push all of it, then ask. */
typedef struct Detector Detector;       /* opaque */
Detector *detector_new(void);           /* free with detector_free() */
void detector_free(Detector *detector); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Detector, detector_free)
void detector_push(Detector *detector, const void *octets, gsize len);
/* The end of the file. Afterwards the detector is spent. */
gboolean detector_finish(Detector *detector, DetectPlausible is_plausible, gpointer data,
                         DetectResult *out) G_GNUC_WARN_UNUSED_RESULT;
/* After detector_finish(): how far the file is valid as `charset`, UTF-8 or GB18030. */
guint64 detector_valid_len(const Detector *detector, Charset charset);

/* Length of the byte-order mark of `charset` at the start of `octets`; 0 if there is none. */
gsize detect_bom_len(Charset charset, const void *octets, gsize len);
#define DETECT_BOM_MAX 4

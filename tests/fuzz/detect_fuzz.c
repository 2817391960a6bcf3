/* charset/detect.c: the same verdict in one piece and in two; what it names is valid, or damaged
 * for sure. */
#include "charset/detect.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static gboolean has_comma(const char *first_line, gpointer data)
{
    (void)data;
    g_assert(g_utf8_validate(first_line, -1, NULL) && !strchr(first_line, '\n'));
    return strchr(first_line, ',') != NULL;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size < 1) return 0;
    DetectPlausible is_plausible = data[0] & 1 ? has_comma : NULL;
    const guint8 *octets = data + 1;
    gsize len = size - 1, split = len > 0 ? data[0] / 2 % (len + 1) : 0;

    DetectResult whole = { 0 }, cut = { 0 };
    gboolean is_found = detect_charset(octets, len, is_plausible, NULL, &whole);
    g_autoptr(Detector) d = detector_new();
    detector_push(d, octets, split);
    detector_push(d, octets + split, len - split);
    g_assert(detector_finish(d, is_plausible, NULL, &cut) == is_found);
    g_assert(detector_valid_len(d, CHARSET_UTF8) <= len &&
             detector_valid_len(d, CHARSET_GB18030) <= len);
    if (!is_found) {
        g_assert(detector_valid_len(d, CHARSET_GB18030) < len || len == 0);
        return 0;
    }
    g_assert(whole.charset == cut.charset && whole.bom_len == cut.bom_len && whole.bom_len <= len);
    g_assert(whole.bom_len == detect_bom_len(whole.charset, octets, len));
    return 0;
}

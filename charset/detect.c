#include "charset/detect.h"

#define ASCII_SAMPLE_LEN 32 /* octets that show whether NULs are strays */
/* So many characters of three octets do not come out as UTF-8 by chance: for each two of them three
 * characters of GBK must fall within narrow ranges, about 1 in 40,000. */
#define UTF8_CERTAIN_COUNT 4

/* One of the two encodings that only a look at every octet can tell. */
typedef struct {
    Converter *converter; /* NULL after the first fault */
    guint64 valid_len;
    guint wide_count; /* characters from U+0800 on, up to UTF8_CERTAIN_COUNT */
} Candidate;

struct Detector {
    guint8 head[DETECT_LINE_MAX];
    gsize head_len;
    guint64 len;
    Candidate utf8, gb18030;
    GString *text; /* what a candidate made of a block */
};

static const struct {
    Charset charset;
    const char *octets;
    gsize len;
} boms[] = {
    { CHARSET_UTF8, "\xef\xbb\xbf", 3 },
    { CHARSET_UTF16LE, "\xff\xfe", 2 },
    { CHARSET_UTF16BE, "\xfe\xff", 2 },
    { CHARSET_GB18030, "\x84\x31\x95\x33", 4 },
};

gsize detect_bom_len(Charset charset, const void *octets, gsize len)
{
    if (charset == CHARSET_UCS2BE) charset = CHARSET_UTF16BE;
    for (gsize i = 0; i < G_N_ELEMENTS(boms); i++) {
        if (boms[i].charset == charset && len >= boms[i].len &&
            memcmp(octets, boms[i].octets, boms[i].len) == 0)
            return boms[i].len;
    }
    return 0;
}

/* ---- UTF-16 without a mark ---- */

/* Read the wrong way round an ASCII letter is a character of Han whose lower octet is NUL, and
 * those are rare but for 一; punctuation and digits are no character at all. */
static int unit_score(guint unit)
{
    if ((unit >= 0x20 && unit <= 0x40) || unit == '\t' || unit == '\r' || unit == '\n') return 2;
    if (unit > 0x40 && unit < 0x7f) return 1;
    if (unit >= 0x4e00 && unit < 0xa000) return unit == 0x4e00 || (unit & 0xff) != 0;
    if ((unit >= 0x3000 && unit < 0x3020) || (unit > 0xff00 && unit < 0xffe6)) return 1;
    return -1;
}

/* How much the units look like Chinese text; negative if they are none: a NUL is no text. */
static int utf16_score(const guint8 *octets, gsize len, gboolean is_little)
{
    int score = 0;
    for (gsize at = 0; at + 2 <= len; at += 2) {
        guint unit = is_little ? (guint)(octets[at] | octets[at + 1] << 8)
                               : (guint)(octets[at] << 8 | octets[at + 1]);
        if (unit == 0) return -1;
        score += unit_score(unit);
    }
    return score;
}

static gboolean is_ascii_with_nul(const Detector *d)
{
    gsize nul_count = 0;
    for (gsize i = 0; i < d->head_len; i++)
        nul_count += d->head[i] == 0;
    return d->head_len >= ASCII_SAMPLE_LEN && d->utf8.valid_len >= d->head_len &&
           nul_count < d->head_len / 4;
}

/* Text of an office holds digits, commas or line ends, whose upper octet is NUL; in no other of our
 * encodings does a text hold a NUL. Which half is the upper one shows in what the text would then
 * be: counting NULs alone is misled by 一 (U+4E00). A stray NUL makes no UTF-16: in that, ASCII has
 * a NUL every other octet, and Chinese is not valid UTF-8. */
static gboolean looks_like_utf16(const Detector *d, Charset *charset)
{
    if (!memchr(d->head, 0, d->head_len) || is_ascii_with_nul(d)) return FALSE;
    int little = utf16_score(d->head, d->head_len, TRUE);
    int big = utf16_score(d->head, d->head_len, FALSE);
    if (MAX(little, big) <= 0 || little == big) return FALSE;
    *charset = little > big ? CHARSET_UTF16LE : CHARSET_UTF16BE;
    return TRUE;
}

/* ---- the two candidates ---- */

static void candidate_open(Candidate *candidate, Charset charset)
{
    candidate->converter = converter_new(charset, CHARSET_UTF8, NULL);
}

static void count_wide(Candidate *candidate, const GString *utf8)
{
    const char *p = utf8->str, *end = p + utf8->len;
    for (; candidate->wide_count < UTF8_CERTAIN_COUNT && p < end; p = g_utf8_next_char(p))
        candidate->wide_count += (guint8)*p >= 0xe0;
}

static void candidate_push(Candidate *candidate, const void *octets, gsize len, gboolean is_last,
                           guint64 len_after, GString *text)
{
    if (!candidate->converter) return;
    g_string_truncate(text, 0);
    gboolean is_valid = converter_push(candidate->converter, octets, len, is_last, text, NULL);
    count_wide(candidate, text);
    candidate->valid_len = is_valid ? len_after : converter_fault_offset(candidate->converter);
    if (is_valid) return;
    converter_free(candidate->converter);
    candidate->converter = NULL;
}

Detector *detector_new(void)
{
    Detector *d = g_new0(Detector, 1);
    candidate_open(&d->utf8, CHARSET_UTF8);
    candidate_open(&d->gb18030, CHARSET_GB18030);
    d->text = g_string_new(NULL);
    return d;
}

void detector_free(Detector *d)
{
    if (!d) return;
    converter_free(d->utf8.converter);
    converter_free(d->gb18030.converter);
    g_string_free(d->text, TRUE);
    g_free(d);
}

void detector_push(Detector *d, const void *octets, gsize len)
{
    gsize head = MIN(len, sizeof d->head - d->head_len);
    if (head > 0) memcpy(d->head + d->head_len, octets, head);
    d->head_len += head;
    d->len += len;
    candidate_push(&d->utf8, octets, len, FALSE, d->len, d->text);
    candidate_push(&d->gb18030, octets, len, FALSE, d->len, d->text);
}

guint64 detector_valid_len(const Detector *d, Charset charset)
{
    return charset == CHARSET_UTF8 ? d->utf8.valid_len : d->gb18030.valid_len;
}

/* ---- the verdict ---- */

static gboolean is_first_line_plausible(const Detector *d, Charset charset,
                                        DetectPlausible is_plausible, gpointer data)
{
    if (!is_plausible) return FALSE;
    const guint8 *end = memchr(d->head, '\n', d->head_len);
    gsize len = end ? (gsize)(end - d->head) : d->head_len;
    if (len > 0 && d->head[len - 1] == '\r') len--;
    g_autoptr(Converter) c = converter_new(charset, CHARSET_UTF8, NULL);
    g_autoptr(GString) line = g_string_new(NULL);
    /* not the last: a long line may be cut within a character */
    return c && converter_push(c, d->head, len, FALSE, line, NULL) && is_plausible(line->str, data);
}

/* A header that is known tells UTF-16 whatever the characters of the rows: 㐀, й and 😀 say nothing
 * in utf16_score(). A fault further on is for the reader to name. */
static gboolean is_known_as(const Detector *d, Charset charset, DetectPlausible is_plausible,
                            gpointer data)
{
    g_autoptr(Converter) c = converter_new(charset, CHARSET_UTF8, NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    if (!c) return FALSE;
    if (!converter_push(c, d->head, d->head_len, FALSE, text, NULL) && text->len == 0) return FALSE;
    g_string_truncate(text, strcspn(text->str, "\r\n"));
    return is_plausible(text->str, data);
}

static gboolean is_utf16(const Detector *d, DetectPlausible is_plausible, gpointer data,
                         Charset *charset)
{
    gboolean has_nul = memchr(d->head, 0, d->head_len) != NULL; /* a comma's upper octet */
    for (*charset = CHARSET_UTF16LE; has_nul && is_plausible && *charset <= CHARSET_UTF16BE;
         ++*charset)
        if (is_known_as(d, *charset, is_plausible, data)) return TRUE;
    return looks_like_utf16(d, charset);
}

static gboolean choose(const Detector *d, DetectPlausible is_plausible, gpointer data,
                       Charset *charset)
{
    gboolean knows_utf8 = is_first_line_plausible(d, CHARSET_UTF8, is_plausible, data);
    gboolean knows_gb = is_first_line_plausible(d, CHARSET_GB18030, is_plausible, data);
    gboolean is_utf8 = d->utf8.converter || d->utf8.wide_count >= UTF8_CERTAIN_COUNT;
    gboolean is_gb = d->gb18030.converter != NULL;
    if (knows_utf8 != knows_gb)
        is_utf8 = knows_utf8;
    else if (knows_utf8 && !is_utf8 && !is_gb) /* damaged, and the header is ASCII */
        is_utf8 = d->utf8.valid_len >= d->gb18030.valid_len;
    *charset = is_utf8 ? CHARSET_UTF8 : CHARSET_GB18030;
    return knows_utf8 || knows_gb || is_utf8 || is_gb;
}

gboolean detector_finish(Detector *d, DetectPlausible is_plausible, gpointer data,
                         DetectResult *out)
{
    candidate_push(&d->utf8, NULL, 0, TRUE, d->len, d->text);
    candidate_push(&d->gb18030, NULL, 0, TRUE, d->len, d->text);
    out->bom_len = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(boms); i++) {
        out->charset = boms[i].charset;
        out->bom_len = detect_bom_len(out->charset, d->head, d->head_len);
        if (out->bom_len > 0) return TRUE;
    }
    if (is_utf16(d, is_plausible, data, &out->charset)) return TRUE;
    return choose(d, is_plausible, data, &out->charset);
}

gboolean detect_charset(const void *octets, gsize len, DetectPlausible is_plausible, gpointer data,
                        DetectResult *out)
{
    g_autoptr(Detector) d = detector_new();
    for (gsize at = 0; at < len; at += MIN(len - at, (gsize)65536))
        detector_push(d, (const guint8 *)octets + at, MIN(len - at, (gsize)65536));
    return detector_finish(d, is_plausible, data, out);
}

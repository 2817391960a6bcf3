#include "charset/convert.h"

#include <errno.h>
#include <iconv.h>

/* Every conversion passes through UTF-8: octets → UTF-8 → octets, either half left out where it has
 * nothing to do. That halves the number of special cases, and the common way, GBK → UTF-8, is one
 * iconv() a block. */

#define BLOCK_LEN 65536
#define TAIL_MAX  3 /* of a character cut by the border of a buffer */
#define NO_ICONV  ((iconv_t)-1)

struct Converter {
    Charset from, to;
    iconv_t decoder; /* from → UTF-8; NO_ICONV if `from` is UTF-8 */
    iconv_t encoder; /* UTF-8 → to */
    guint8 tail[TAIL_MAX];
    gsize tail_len;
    guint64 offset; /* of the tail, or of the next octet pushed */
    GString *utf8;  /* between the two halves; one block of it */
    guint64 fault_offset;
    guint8 fault[CONVERT_FAULT_MAX];
    gsize fault_len;
    ConvertUnrepresentable unrepresentable;
    gpointer unrepresentable_data;
};

GQuark convert_error_quark(void)
{
    return g_quark_from_static_string("convert-error-quark");
}

/* ---- names ---- */

static const struct {
    const char *name, *iconv_name, *title;
} charsets[CHARSET_COUNT] = {
    [CHARSET_UTF8] = { "utf-8", "UTF-8", "UTF-8" },
    [CHARSET_GBK] = { "gbk", "GBK", "GBK" },
    [CHARSET_GB18030] = { "gb18030", "GB18030", "GB18030" },
    [CHARSET_UTF16LE] = { "utf-16le", "UTF-16LE", "UTF-16LE" },
    [CHARSET_UTF16BE] = { "utf-16be", "UTF-16BE", "UTF-16BE" },
    [CHARSET_UCS2BE] = { "ucs-2be", "UCS-2BE", "UCS-2" },
};

static const struct {
    const char *name;
    Charset charset;
} charset_aliases[] = {
    { "cp936", CHARSET_GBK },
    { "gb2312", CHARSET_GBK },
    { "ucs-2", CHARSET_UCS2BE },
};

const char *charset_name(Charset charset)
{
    return charsets[charset].name;
}

static gboolean is_same_name(const char *a, const char *b)
{
    for (;;) {
        a += strspn(a, "-_");
        b += strspn(b, "-_");
        if (g_ascii_tolower(*a) != g_ascii_tolower(*b)) return FALSE;
        if (!*a) return TRUE;
        a++;
        b++;
    }
}

gboolean charset_from_name(const char *name, Charset *out)
{
    for (Charset c = 0; c < CHARSET_COUNT; c++) {
        if (is_same_name(name, charsets[c].name)) {
            *out = c;
            return TRUE;
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(charset_aliases); i++) {
        if (is_same_name(name, charset_aliases[i].name)) {
            *out = charset_aliases[i].charset;
            return TRUE;
        }
    }
    return FALSE;
}

/* ---- the cells of GB18030 that glibc maps by the edition of 2005 ---- */

/* What Windows and Python (GB18030-2000) say; each row is a run in the last octet. The private use
 * characters of 2000 became characters of Unicode in 2005; a file written by Windows still means
 * the former, and a text typed there comes back as it was only if both directions agree. */
static const struct {
    guint32 octets;
    gunichar ch;
    guint count;
} gb18030_cells[] = {
    { 0xa6d9, 0xe78d, 7 },      { 0xa6ec, 0xe794, 2 },      { 0xa6f3, 0xe796, 1 },
    { 0xa8bc, 0xe7c7, 1 },      { 0xfe51, 0xe816, 3 },      { 0xfe59, 0xe81e, 1 },
    { 0xfe61, 0xe826, 1 },      { 0xfe66, 0xe82b, 2 },      { 0xfe6c, 0xe831, 2 },
    { 0xfe76, 0xe83b, 1 },      { 0xfe7e, 0xe843, 1 },      { 0xfe90, 0xe854, 2 },
    { 0xfea0, 0xe864, 1 },      { 0x8135f437, 0x1e3f, 1 },  { 0x82359037, 0x9fb4, 3 },
    { 0x82359130, 0x9fb7, 5 },  { 0x84318236, 0xfe10, 4 },  { 0x84318330, 0xfe14, 6 },
    { 0x95329031, 0x20087, 1 }, { 0x95329033, 0x20089, 1 }, { 0x95329730, 0x200cc, 1 },
    { 0x9536b937, 0x215d7, 1 }, { 0x9630ba35, 0x2298f, 1 }, { 0x9635b630, 0x241fe, 1 },
};

/* The character of a cell; 0 if glibc is right about it. */
static gunichar cell_character(guint32 octets)
{
    for (gsize i = 0; i < G_N_ELEMENTS(gb18030_cells); i++) {
        if (octets - gb18030_cells[i].octets < gb18030_cells[i].count)
            return gb18030_cells[i].ch + (octets - gb18030_cells[i].octets);
    }
    return 0;
}

static guint32 cell_octets(gunichar ch)
{
    for (gsize i = 0; i < G_N_ELEMENTS(gb18030_cells); i++) {
        if (ch - gb18030_cells[i].ch < gb18030_cells[i].count)
            return gb18030_cells[i].octets + (ch - gb18030_cells[i].ch);
    }
    return 0;
}

/* ---- the shape of characters ---- */

/* Octets of the character at `p`, of which at least one is there; right if the character is valid.
 */
static inline gsize gb18030_size(const guint8 *p, gsize len)
{
    if (p[0] <= 0x80) return 1;
    return len >= 2 && p[1] >= 0x30 && p[1] <= 0x39 ? 4 : 2;
}

static gsize character_size(Charset charset, const guint8 *p, gsize len)
{
    switch (charset) {
    case CHARSET_UTF8:
        return (gsize)g_utf8_skip[p[0]];
    case CHARSET_GBK:
        return p[0] <= 0x80 ? 1 : 2;
    case CHARSET_GB18030:
        return gb18030_size(p, len);
    case CHARSET_UTF16LE:
        return len >= 2 && p[1] >= 0xd8 && p[1] <= 0xdb ? 4 : 2;
    case CHARSET_UTF16BE:
        return p[0] >= 0xd8 && p[0] <= 0xdb ? 4 : 2;
    case CHARSET_UCS2BE:
        return 2;
    }
    return 1;
}

/* Unicode 15 table 3-7: the second octet is what rules out overlong forms, surrogates and >
 * U+10FFFF. */
static gboolean is_utf8_second(guint8 lead, guint8 octet)
{
    guint8 low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    guint8 high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    return octet >= low && octet <= high;
}

static gboolean is_utf8_prefix(const guint8 *p, gsize len)
{
    if (p[0] < 0xc2 || p[0] > 0xf4 || len >= (gsize)g_utf8_skip[p[0]]) return FALSE;
    if (len >= 2 && !is_utf8_second(p[0], p[1])) return FALSE;
    return len < 3 || (p[2] & 0xc0) == 0x80;
}

static gboolean is_gb_prefix(const guint8 *p, gsize len, gboolean has_four)
{
    if (p[0] < 0x81 || p[0] > 0xfe) return FALSE;
    if (len == 1) return TRUE;
    if (!has_four || p[1] < 0x30 || p[1] > 0x39) return FALSE;
    return len == 2 || (len == 3 && p[2] >= 0x81 && p[2] <= 0xfe);
}

/* Whether `len` octets (at least one) begin a character without being all of it. */
static gboolean is_prefix(Charset charset, const guint8 *p, gsize len)
{
    switch (charset) {
    case CHARSET_UTF8:
        return is_utf8_prefix(p, len);
    case CHARSET_GBK:
        return is_gb_prefix(p, len, FALSE);
    case CHARSET_GB18030:
        return is_gb_prefix(p, len, TRUE);
    case CHARSET_UTF16LE:
        return len == 1 || (len < 4 && p[1] >= 0xd8 && p[1] <= 0xdb);
    case CHARSET_UTF16BE:
        return len == 1 || (len < 4 && p[0] >= 0xd8 && p[0] <= 0xdb);
    case CHARSET_UCS2BE:
        return len == 1;
    }
    return FALSE;
}

/* ---- life ---- */

static gboolean open_iconv(const char *to, const char *from, iconv_t *out, GError **error)
{
    *out = iconv_open(to, from);
    if (*out != NO_ICONV) return TRUE;
    g_set_error(error, CONVERT_ERROR, CONVERT_ERROR_UNSUPPORTED, "本机不能把 %s 转换为 %s", from,
                to);
    return FALSE;
}

Converter *converter_new(Charset from, Charset to, GError **error)
{
    g_autoptr(Converter) c = g_new0(Converter, 1);
    c->from = from;
    c->to = to;
    c->decoder = c->encoder = NO_ICONV;
    c->utf8 = g_string_new(NULL);
    if (from != CHARSET_UTF8 && !open_iconv("UTF-8", charsets[from].iconv_name, &c->decoder, error))
        return NULL;
    if (to != CHARSET_UTF8 && !open_iconv(charsets[to].iconv_name, "UTF-8", &c->encoder, error))
        return NULL;
    return g_steal_pointer(&c);
}

void converter_free(Converter *c)
{
    if (!c) return;
    if (c->decoder != NO_ICONV) iconv_close(c->decoder);
    if (c->encoder != NO_ICONV) iconv_close(c->encoder);
    g_string_free(c->utf8, TRUE);
    g_free(c);
}

void converter_reset(Converter *c)
{
    c->tail_len = 0;
    c->offset = 0;
    c->fault_offset = 0;
    c->fault_len = 0;
}

guint64 converter_fault_offset(const Converter *c)
{
    return c->fault_offset;
}

const guint8 *converter_fault_octets(const Converter *c, gsize *len)
{
    *len = c->fault_len;
    return c->fault;
}

void converter_on_unrepresentable(Converter *c, ConvertUnrepresentable func, gpointer data)
{
    c->unrepresentable = func;
    c->unrepresentable_data = data;
}

/* ---- octets → UTF-8 ---- */

/* Runs iconv() over `len` octets, for each of which `room` octets are enough; returns how many were
 * converted. `errno` is 0 if all were. */
static gsize run_iconv(iconv_t cd, const void *octets, gsize len, gsize room, GString *out)
{
    gsize old_len = out->len;
    g_string_set_size(out, old_len + len * room);
    char *in = (char *)octets; /* iconv() does not write to it */
    char *to = out->str + old_len;
    gsize in_left = len, room_left = len * room;
    errno = 0;
    if (iconv(cd, &in, &in_left, &to, &room_left) != (gsize)-1) errno = 0;
    int saved = errno;
    g_string_truncate(out, (gsize)(to - out->str));
    errno = saved;
    return len - in_left;
}

/* Octets before the first character that glibc reads otherwise than we want; *ch is what it is, and
 * 0 if there is none. Behind an invalid character the walk may be out of step, but iconv() never
 * gets that far. */
static gsize find_cell(const guint8 *octets, gsize len, gunichar *ch)
{
    gsize at = 0;
    while (at < len) {
        const guint8 *p = octets + at;
        gsize size = gb18030_size(p, len - at);
        if (size > len - at) break;
        *ch = 0;
        if (p[0] == 0x80)
            *ch = 0x20ac;
        else if (size == 2 && (p[0] == 0xa6 || p[0] == 0xa8 || p[0] == 0xfe))
            *ch = cell_character((guint32)p[0] << 8 | p[1]);
        else if (size == 4)
            *ch = cell_character((guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 |
                                 p[3]);
        if (*ch) return at;
        at += size;
    }
    *ch = 0;
    return len;
}

static gsize decode_gb18030(Converter *c, const guint8 *octets, gsize len, GString *utf8)
{
    gsize at = 0;
    while (at < len) {
        gunichar ch;
        gsize plain = find_cell(octets + at, len - at, &ch);
        gsize done = run_iconv(c->decoder, octets + at, plain, 2, utf8);
        at += done;
        if (done < plain || !ch) break;
        g_string_append_unichar(utf8, ch);
        at += gb18030_size(octets + at, len - at);
    }
    return at;
}

/* GLib's check knows all of table 3-7, but takes a NUL for the end. */
static gsize decode_utf8(const guint8 *octets, gsize len, GString *utf8)
{
    gsize at = 0;
    while (at < len) {
        const char *end;
        gboolean is_valid = g_utf8_validate_len((const char *)octets + at, len - at, &end);
        at = (gsize)((const guint8 *)end - octets);
        if (is_valid || *end) break;
        at++;
    }
    g_string_append_len(utf8, (const char *)octets, (gssize)at);
    return at;
}

/* glibc reads a surrogate in UCS-2 as a character. */
static gsize plain_ucs2_len(const guint8 *octets, gsize len)
{
    for (gsize at = 0; at + 2 <= len; at += 2)
        if (octets[at] >= 0xd8 && octets[at] <= 0xdf) return at;
    return len;
}

/* Appends what can be decoded; returns how many octets that were. */
static gsize decode(Converter *c, const guint8 *octets, gsize len, GString *utf8)
{
    switch (c->from) {
    case CHARSET_UTF8:
        return decode_utf8(octets, len, utf8);
    case CHARSET_GB18030:
        return decode_gb18030(c, octets, len, utf8);
    case CHARSET_UCS2BE:
        return run_iconv(c->decoder, octets, plain_ucs2_len(octets, len), 2, utf8);
    case CHARSET_GBK: /* glibc's reads 0x80 as €: one octet, three of UTF-8 */
        return run_iconv(c->decoder, octets, len, 3, utf8);
    case CHARSET_UTF16LE:
    case CHARSET_UTF16BE:
        return run_iconv(c->decoder, octets, len, 2, utf8);
    }
    return 0;
}

/* ---- UTF-8 → octets ---- */

/* Octets of UTF-8 before the first character that must not go to iconv(); *ch is what it is, and 0
 * if there is none. glibc takes the tag characters U+E0000–E007F, which neither GBK nor UCS-2
 * holds, for nothing at all: so everything beyond the BMP is kept from it there. */
static gsize find_exception(Charset to, const char *utf8, gsize len, gunichar *ch)
{
    const guint8 *p = (const guint8 *)utf8, *end = p + len;
    *ch = 0;
    for (; (to == CHARSET_GBK || to == CHARSET_UCS2BE) && p < end; p += g_utf8_skip[*p]) {
        if (*p < 0xf0) continue;
        *ch = g_utf8_get_char((const char *)p);
        return (gsize)((const char *)p - utf8);
    }
    for (; to == CHARSET_GB18030 && p < end; p += g_utf8_skip[*p]) {
        if (*p < 0xe1 || (*p == 0xe9 && p[1] != 0xbe) || (*p > 0xe1 && *p < 0xe9)) continue;
        *ch = g_utf8_get_char((const char *)p);
        if (cell_octets(*ch)) return (gsize)((const char *)p - utf8);
        *ch = 0;
    }
    return len;
}

static void append_cell(GString *out, guint32 octets)
{
    for (int shift = octets > 0xffff ? 24 : 8; shift >= 0; shift -= 8)
        g_string_append_c(out, (char)(octets >> shift & 0xff));
}

/* Where the characters of a block of UTF-8 stood in the source: goes through both in step. */
typedef struct {
    const guint8 *octets;
    gsize len;
    const char *utf8;
} SourceWalk;

static void walk_to(SourceWalk *walk, Charset from, const char *utf8)
{
    while (walk->utf8 < utf8) {
        gsize size = character_size(from, walk->octets, walk->len);
        walk->octets += size;
        walk->len -= size;
        walk->utf8 = g_utf8_next_char(walk->utf8);
    }
}

static gboolean report_unrepresentable(Converter *c, gunichar ch, const SourceWalk *at,
                                       guint64 offset, GString *out, GError **error)
{
    if (c->unrepresentable) {
        c->unrepresentable(ch, offset, c->unrepresentable_data);
        (void)run_iconv(c->encoder, "?", 1, 4, out);
        return TRUE;
    }
    c->fault_offset = offset;
    c->fault_len = character_size(c->from, at->octets, at->len);
    memcpy(c->fault, at->octets, c->fault_len);
    g_set_error(error, CONVERT_ERROR, CONVERT_ERROR_UNREPRESENTABLE,
                "第 %" G_GUINT64_FORMAT " 字节处的字符 U+%04X 在 %s 中没有", offset, ch,
                charsets[c->to].title);
    return FALSE;
}

/* Encodes c->utf8, which was decoded from `octets`. */
static gboolean encode(Converter *c, const guint8 *octets, gsize len, GString *out, GError **error)
{
    SourceWalk walk = { octets, len, c->utf8->str };
    const char *at = c->utf8->str, *end = at + c->utf8->len;
    while (at < end) {
        gunichar ch;
        gsize plain = find_exception(c->to, at, (gsize)(end - at), &ch);
        gsize done = run_iconv(c->encoder, at, plain, 2, out);
        at += done;
        if (done == plain && !ch) break;
        guint32 cell = done == plain && c->to == CHARSET_GB18030 ? cell_octets(ch) : 0;
        if (cell) {
            append_cell(out, cell);
        } else {
            walk_to(&walk, c->from, at);
            guint64 offset = c->offset + (guint64)(walk.octets - octets);
            if (!report_unrepresentable(c, g_utf8_get_char(at), &walk, offset, out, error))
                return FALSE;
        }
        at = g_utf8_next_char(at);
    }
    return TRUE;
}

/* ---- the stream ---- */

static void set_fault(Converter *c, const guint8 *octets, gsize len, gboolean is_truncated,
                      GError **error)
{
    c->fault_offset = c->offset;
    c->fault_len = 1;
    while (c->fault_len < len && is_prefix(c->from, octets, c->fault_len))
        c->fault_len++;
    memcpy(c->fault, octets, c->fault_len);

    g_autoptr(GString) hex = g_string_new(NULL);
    for (gsize i = 0; i < c->fault_len; i++)
        g_string_append_printf(hex, " %02X", octets[i]);
    if (is_truncated)
        g_set_error(error, CONVERT_ERROR, CONVERT_ERROR_TRUNCATED,
                    "第 %" G_GUINT64_FORMAT " 字节处的 %s 字符不完整，文件到此中断：%s",
                    c->fault_offset, charsets[c->from].title, hex->str + 1);
    else
        g_set_error(error, CONVERT_ERROR, CONVERT_ERROR_INVALID,
                    "第 %" G_GUINT64_FORMAT " 字节处不是 %s 字符：%s", c->fault_offset,
                    charsets[c->from].title, hex->str + 1);
}

/* Converts as much as is whole. What remains is at most TAIL_MAX octets that begin a character,
 * unless it is at fault. */
static gboolean convert_block(Converter *c, const guint8 *octets, gsize len, gboolean is_last,
                              gsize *used, GString *out, GError **error)
{
    GString *utf8 = c->to == CHARSET_UTF8 ? out : c->utf8;
    if (utf8 == c->utf8) g_string_truncate(utf8, 0);
    *used = decode(c, octets, len, utf8);
    if (c->to != CHARSET_UTF8 && !encode(c, octets, *used, out, error)) return FALSE;
    c->offset += *used;

    octets += *used;
    len -= *used;
    if (len == 0) return TRUE;
    gboolean is_cut = len <= TAIL_MAX && is_prefix(c->from, octets, len);
    if (is_cut && !is_last) return TRUE;
    set_fault(c, octets, len, is_cut, error);
    return FALSE;
}

gboolean converter_push(Converter *c, const void *data, gsize len, gboolean is_last, GString *out,
                        GError **error)
{
    const guint8 *octets = data;
    gsize used;
    if (c->tail_len > 0) {
        guint8 joint[TAIL_MAX + CONVERT_FAULT_MAX]; /* the character that was cut is whole in it */
        gsize tail_len = c->tail_len, added = MIN(len, (gsize)CONVERT_FAULT_MAX);
        memcpy(joint, c->tail, tail_len);
        if (added > 0) memcpy(joint + tail_len, octets, added);
        if (!convert_block(c, joint, tail_len + added, is_last && added == len, &used, out, error))
            return FALSE;
        if (used == 0) { /* still not whole, and all there is */
            c->tail_len = tail_len + added;
            memcpy(c->tail, joint, c->tail_len);
            return TRUE;
        }
        octets += used - tail_len;
        len -= used - tail_len;
    }
    while (len > 0) {
        gsize block = MIN(len, (gsize)BLOCK_LEN);
        if (!convert_block(c, octets, block, is_last && block == len, &used, out, error))
            return FALSE;
        octets += used;
        len -= used;
        if (block - used == len) break;
    }
    c->tail_len = len;
    if (len > 0) memcpy(c->tail, octets, len);
    return TRUE;
}

char *convert_text(Charset from, Charset to, const void *octets, gsize len, gsize *out_len,
                   guint64 *fault, GError **error)
{
    g_autoptr(Converter) c = converter_new(from, to, error);
    if (!c) return NULL;
    g_autoptr(GString) out = g_string_sized_new(len + len / 2 + 4);
    if (!converter_push(c, octets, len, TRUE, out, error)) {
        if (fault) *fault = c->fault_offset;
        return NULL;
    }
    g_string_append_len(out, "\0", 1); /* UTF-16 wants two */
    if (out_len) *out_len = out->len - 1;
    return g_string_free(g_steal_pointer(&out), FALSE);
}

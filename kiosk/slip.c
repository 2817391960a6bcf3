#include "kiosk/slip.h"

#include <string.h>

#include "charset/convert.h"
#include "kiosk/slip_qr.h"
#include "kiosk/slip_wrap.h"

#define INIT          "\x1b\x40"
#define CHINESE_ON    "\x1c\x26"
#define BOLD_ON       "\x1b\x45\x01"
#define BOLD_OFF      "\x1b\x45\x00"
#define SIZE_DOUBLE   "\x1d\x21\x11"
#define SIZE_NORMAL   "\x1d\x21\x00"
#define ALIGN_CENTRE  "\x1b\x61\x01"
#define ALIGN_LEFT    "\x1b\x61\x00"
#define FEED          "\x1b\x64"     /* n lines */
#define CUT_PARTIAL   "\x1d\x56\x42" /* n more dots beyond the knife */
#define RASTER        "\x1d\x76\x30\x00"
#define QR_MODEL_2    "\x1d\x28\x6b\x04\x00\x31\x41\x32\x00"
#define QR_MODULE     "\x1d\x28\x6b\x03\x00\x31\x43" /* n dots */
#define QR_LEVEL_M    "\x1d\x28\x6b\x03\x00\x31\x45\x31"
#define QR_STORE      "\x1d\x28\x6b"
#define QR_STORE_TAIL "\x31\x50\x30"
#define QR_PRINT      "\x1d\x28\x6b\x03\x00\x31\x51\x30"

#define GETA           "〓" /* what stands for a character that is missing, in print */
#define CUT_SHORT      "（太长了，后面的没有印）"
#define FEED_AT_END    3  /* for heads without a knife: the last line must be past the edge */
#define LINE_DOTS      30 /* from one to the next, as printers begin */
#define HEADING_DOTS   48
#define DOTS_PER_MM    8
#define LINES_FED_MAX  20
#define HEADING_LINES  10 /* from here on nobody sees whether they are even */
#define HEADING_FACTOR 2  /* in both directions: a line holds half the cells */

typedef enum { LINE_TEXT, LINE_HEADING, LINE_QR } LineKind;

typedef struct {
    LineKind kind;
    char *text;     /* clean: printable, and in GBK; of a QR code what it says */
    gsize bold_len; /* octets at the start */
} Line;

struct Slip {
    guint paper_dots, cells;
    gboolean has_qr_command;
    gboolean is_cut_short;
    GArray *lines; /* Line */
    Converter *gbk;
};

static void clear_line(gpointer line)
{
    g_free(((Line *)line)->text);
}

Slip *slip_new(guint paper_mm, gboolean has_qr_command)
{
    g_autoptr(GError) error = NULL;
    Slip *slip = g_new0(Slip, 1);

    slip->paper_dots = paper_mm == 80 ? 576 : 384;
    slip->cells = slip->paper_dots / 12;
    slip->has_qr_command = has_qr_command;
    slip->lines = g_array_new(FALSE, FALSE, sizeof(Line));
    g_array_set_clear_func(slip->lines, clear_line);
    slip->gbk = converter_new(CHARSET_UTF8, CHARSET_GBK, &error);
    if (!slip->gbk) g_warning("slip without Chinese: %s", error->message);
    return slip;
}

void slip_free(Slip *slip)
{
    if (!slip) return;
    g_array_unref(slip->lines);
    converter_free(slip->gbk);
    g_free(slip);
}

/* ---- texts from outside ---- */

/* Two octets: the euro sign is one in code page 936, which printers take for half a character. */
static gboolean is_in_font(const Slip *slip, const char *ch, gsize len)
{
    g_autoptr(GString) octets = g_string_new(NULL);

    if (!slip->gbk) return FALSE;
    gboolean is_held = converter_push(slip->gbk, ch, len, TRUE, octets, NULL);
    converter_reset(slip->gbk);
    return is_held && octets->len == 2;
}

/* Selects a form of the character before it, which a printer's font does not have. */
static gboolean is_variation_selector(gunichar ch)
{
    return (ch >= 0xfe00 && ch <= 0xfe0f) || (ch >= 0xe0100 && ch <= 0xe01ef);
}

/* What a character outside ASCII becomes on paper. */
static void append_wide(const Slip *slip, GString *out, const char *p)
{
    gunichar ch = g_utf8_get_char(p);
    gsize len = (gsize)(g_utf8_next_char(p) - p);
    GUnicodeType type = g_unichar_type(ch);

    if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || is_variation_selector(ch)) return;
    if (type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR)
        g_string_append_c(out, '\n');
    else if (is_in_font(slip, p, len))
        g_string_append_len(out, p, (gssize)len);
    else
        g_string_append(out, type == G_UNICODE_SPACE_SEPARATOR ? " " : GETA);
}

/* Printable characters that GBK has, and '\n'. Composed first: e and its accent are one in GBK. */
static char *clean(const Slip *slip, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *composed = g_utf8_normalize(valid, -1, G_NORMALIZE_NFC);
    g_autoptr(GString) out = g_string_new(NULL);

    for (const char *p = composed; *p; p = g_utf8_next_char(p)) {
        if ((guchar)*p >= 0x80)
            append_wide(slip, out, p);
        else if (*p == '\t')
            g_string_append_c(out, ' ');
        else if (*p == '\n' || g_ascii_isprint(*p))
            g_string_append_c(out, *p);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* ---- lines ---- */

/* Takes `text` over. */
static void add_line(Slip *slip, LineKind kind, char *text, gsize bold_len)
{
    Line line = { kind, text, bold_len };

    if (slip->lines->len < SLIP_LINES_MAX) {
        g_array_append_val(slip->lines, line);
        return;
    }
    slip->is_cut_short = TRUE;
    g_free(text);
}

static guint count_lines(const char *text, guint cells)
{
    guint count = 0;
    gsize next = 0;

    for (; *text; text += next, count++)
        slip_wrap_line(text, cells, &next);
    return count;
}

/* The least width that costs no more lines: 困难残疾人|生活补贴, not 困难残疾人生活补|贴. */
static guint balanced(const char *text, guint cells)
{
    guint count = count_lines(text, cells);

    while (count < HEADING_LINES && cells > 2 && count_lines(text, cells - 1) == count)
        cells--;
    return cells;
}

/* One paragraph without '\n'; lines after the first are moved in by `indent` cells. */
static void add_paragraph(Slip *slip, LineKind kind, const char *text, guint indent, gsize bold_len)
{
    guint cells = kind == LINE_HEADING ? balanced(text, slip->cells / HEADING_FACTOR) : slip->cells;
    gsize next = 0;

    indent = MIN(indent, cells / 2);
    for (gsize at = 0; text[at] && !slip->is_cut_short; at += next) {
        guint in = at > 0 ? indent : 0;
        gsize len = slip_wrap_line(text + at, cells - in, &next);
        char *line = g_strdup_printf("%*s%.*s", (int)in, "", (int)len, text + at);
        add_line(slip, kind, line, at < bold_len ? MIN(len, bold_len - at) : 0);
    }
}

/* `lead`, clean, stands at the start of the first paragraph. */
static void add_text(Slip *slip, LineKind kind, const char *lead, const char *text, guint indent,
                     gsize bold_len)
{
    g_autofree char *tidy = clean(slip, text);
    g_auto(GStrv) paragraphs = g_strsplit(tidy, "\n", -1);
    g_autofree char *first = g_strconcat(lead, paragraphs[0] ? paragraphs[0] : "", NULL);

    add_paragraph(slip, kind, first, indent, bold_len);
    for (char **p = paragraphs; *p; p++)
        if (p != paragraphs) add_paragraph(slip, kind, *p, 0, 0);
}

/* 最低生活保障|（低保）: what is too long for a line is cut before its brackets first. */
void slip_heading(Slip *slip, const char *text)
{
    g_autofree char *tidy = clean(slip, text);
    const char *bracket = strstr(tidy, "（");
    gsize name_len = bracket ? (gsize)(bracket - tidy) : 0;
    gboolean is_short = slip_wrap_cells(tidy, strlen(tidy)) <= slip->cells / HEADING_FACTOR;
    g_autofree char *name = g_strndup(tidy, is_short ? 0 : name_len);

    add_text(slip, LINE_HEADING, "", name, 0, 0);
    add_text(slip, LINE_HEADING, "", tidy + strlen(name), 0, 0);
}

void slip_text(Slip *slip, const char *text)
{
    add_text(slip, LINE_TEXT, "", text, 0, 0);
}

void slip_labelled(Slip *slip, const char *label, const char *text)
{
    g_autofree char *tidy = clean(slip, label);
    g_autofree char *lead = g_strconcat(g_strdelimit(tidy, "\n", ' '), "：", NULL);

    add_text(slip, LINE_TEXT, lead, text, 0, strlen(lead));
}

void slip_item(Slip *slip, const char *mark, const char *text)
{
    g_autofree char *lead = clean(slip, mark);

    g_strdelimit(lead, "\n", ' ');
    if (*text) add_text(slip, LINE_TEXT, lead, text, slip_wrap_cells(lead, strlen(lead)), 0);
}

void slip_rule(Slip *slip)
{
    add_line(slip, LINE_TEXT, g_strnfill(slip->cells, '-'), 0);
}

void slip_feed(Slip *slip, guint line_count)
{
    for (guint i = 0; i < MIN(line_count, LINES_FED_MAX); i++)
        add_line(slip, LINE_TEXT, g_strdup(""), 0);
}

/* What it says is not printed, so it need not be in GBK. */
gboolean slip_qr(Slip *slip, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autoptr(GString) says = g_string_new(NULL);

    for (const char *p = valid; *p; p = g_utf8_next_char(p))
        if (!g_unichar_iscntrl(g_utf8_get_char(p)))
            g_string_append_unichar(says, g_utf8_get_char(p));
    if (slip_qr_module_dots(says->str, slip->paper_dots) == 0) return FALSE;
    add_line(slip, LINE_QR, g_string_free(g_steal_pointer(&says), FALSE), 0);
    return TRUE;
}

/* ---- octets ---- */

/* The NUL at the end of a literal is not part of a command. */
#define COMMAND(out, literal) put(out, literal, sizeof literal - 1)

static void put(GByteArray *out, const void *octets, gsize len)
{
    g_byte_array_append(out, octets, (guint)len);
}

static void put_octet(GByteArray *out, guint octet)
{
    guint8 one = (guint8)octet;
    put(out, &one, 1);
}

static void put_u16(GByteArray *out, gsize number)
{
    put_octet(out, number & 0xff);
    put_octet(out, number >> 8 & 0xff);
}

/* Clean texts are in GBK, so this does not fail. */
static void put_text(const Slip *slip, GByteArray *out, const char *text, gsize len)
{
    g_autoptr(GString) octets = g_string_new(NULL);

    if (!slip->gbk) return;
    if (converter_push(slip->gbk, text, len, TRUE, octets, NULL))
        put(out, octets->str, octets->len);
    converter_reset(slip->gbk);
}

static void put_line(const Slip *slip, GByteArray *out, const Line *line)
{
    if (line->bold_len > 0) {
        COMMAND(out, BOLD_ON);
        put_text(slip, out, line->text, line->bold_len);
        COMMAND(out, BOLD_OFF);
    }
    put_text(slip, out, line->text + line->bold_len, strlen(line->text) - line->bold_len);
    put_octet(out, '\n');
}

static void put_heading(const Slip *slip, GByteArray *out, const Line *line)
{
    COMMAND(out, SIZE_DOUBLE);
    COMMAND(out, BOLD_ON);
    put_line(slip, out, line);
    COMMAND(out, BOLD_OFF);
    COMMAND(out, SIZE_NORMAL);
}

/* Drawn by the printer, without white around it: the empty lines, of 30 dots and more, are it. */
static void put_qr_command(const Slip *slip, GByteArray *out, const char *text)
{
    gsize len = strlen(text);

    COMMAND(out, ALIGN_CENTRE "\n" QR_MODEL_2 QR_MODULE);
    put_octet(out, slip_qr_module_dots(text, slip->paper_dots));
    COMMAND(out, QR_LEVEL_M);
    COMMAND(out, QR_STORE);
    put_u16(out, len + strlen(QR_STORE_TAIL));
    COMMAND(out, QR_STORE_TAIL);
    put(out, text, len);
    COMMAND(out, QR_PRINT);
    COMMAND(out, "\n" ALIGN_LEFT);
}

/* As wide as the paper, since many heads do not align pictures. Printers look for real-time
 * commands (DLE …) within pictures too: a lone black dot within an octet, as in DLE, does not occur
 * with modules of several dots. */
static void put_qr_picture(const Slip *slip, GByteArray *out, const char *text)
{
    g_autoptr(GByteArray) picture = g_byte_array_new();
    guint rows = slip_qr_append(text, slip->paper_dots, picture);

    COMMAND(out, RASTER);
    put_u16(out, slip->paper_dots / 8);
    put_u16(out, rows);
    put(out, picture->data, picture->len);
}

static void put_any(const Slip *slip, GByteArray *out, const Line *line)
{
    switch (line->kind) {
    case LINE_TEXT:
        put_line(slip, out, line);
        break;
    case LINE_HEADING:
        put_heading(slip, out, line);
        break;
    case LINE_QR:
        if (slip->has_qr_command)
            put_qr_command(slip, out, line->text);
        else
            put_qr_picture(slip, out, line->text);
        break;
    }
}

GBytes *slip_finish(const Slip *slip)
{
    const Line last = { LINE_TEXT, (char *)CUT_SHORT, 0 };
    GByteArray *out = g_byte_array_new();

    COMMAND(out, INIT CHINESE_ON);
    for (guint i = 0; i < slip->lines->len; i++)
        put_any(slip, out, &g_array_index(slip->lines, Line, i));
    if (slip->is_cut_short) put_line(slip, out, &last);
    COMMAND(out, FEED);
    put_octet(out, FEED_AT_END);
    COMMAND(out, CUT_PARTIAL);
    put_octet(out, 0);
    return g_byte_array_free_to_bytes(out);
}

static guint line_dots(const Slip *slip, const Line *line)
{
    switch (line->kind) {
    case LINE_TEXT:
        return LINE_DOTS;
    case LINE_HEADING:
        return HEADING_DOTS;
    case LINE_QR: {
        g_autoptr(GByteArray) picture = g_byte_array_new();
        return slip_qr_append(line->text, slip->paper_dots, picture);
    }
    }
    g_return_val_if_reached(0);
}

guint slip_length_mm(const Slip *slip)
{
    guint dots = FEED_AT_END * LINE_DOTS;

    for (guint i = 0; i < slip->lines->len; i++)
        dots += line_dots(slip, &g_array_index(slip->lines, Line, i));
    if (slip->is_cut_short) dots += LINE_DOTS;
    return dots / DOTS_PER_MM;
}

gboolean slip_is_heading(const Slip *slip, guint line)
{
    return line < slip->lines->len && g_array_index(slip->lines, Line, line).kind == LINE_HEADING;
}

char *slip_preview(const Slip *slip)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < slip->lines->len; i++) {
        const Line *line = &g_array_index(slip->lines, Line, i);
        g_string_append_printf(text, "%s\n", line->kind == LINE_QR ? "〔二维码〕" : line->text);
    }
    if (slip->is_cut_short) g_string_append(text, CUT_SHORT "\n");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

#include "kiosk/slip_qr.h"

#include <string.h>

#include <qrencode.h>

#define QUIET_MODULES 4

G_DEFINE_AUTOPTR_CLEANUP_FUNC(QRcode, QRcode_free)

static QRcode *encode(const char *text)
{
    return *text ? QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1) : NULL;
}

static guint module_dots(const QRcode *code, guint paper_dots)
{
    guint dots = code ? paper_dots / ((guint)code->width + 2 * QUIET_MODULES) : 0;
    return dots < SLIP_QR_MODULE_DOTS_MIN ? 0 : MIN(dots, SLIP_QR_MODULE_DOTS_MAX);
}

guint slip_qr_module_dots(const char *text, guint paper_dots)
{
    g_autoptr(QRcode) code = encode(text);
    return module_dots(code, paper_dots);
}

/* One row of modules as one row of dots. */
static void draw_row(const QRcode *code, guint y, guint dots, guint left, guint8 *row)
{
    const guint8 *modules = code->data + (gsize)y * (guint)code->width;

    for (guint x = 0; x < (guint)code->width * dots; x++)
        if (modules[x / dots] & 1) row[(left + x) / 8] |= (guint8)(0x80 >> (left + x) % 8);
}

static void append_rows(GByteArray *out, const guint8 *row, guint len, guint count)
{
    for (guint i = 0; i < count; i++)
        g_byte_array_append(out, row, len);
}

guint slip_qr_append(const char *text, guint paper_dots, GByteArray *out)
{
    g_autoptr(QRcode) code = encode(text);
    guint dots = module_dots(code, paper_dots), octets = paper_dots / 8;
    if (dots == 0) return 0;

    guint side = (guint)code->width * dots;
    g_autofree guint8 *row = g_malloc0(octets);
    append_rows(out, row, octets, QUIET_MODULES * dots);
    for (guint y = 0; y < (guint)code->width; y++) {
        memset(row, 0, octets);
        draw_row(code, y, dots, (paper_dots - side) / 2, row);
        append_rows(out, row, octets, dots);
    }
    memset(row, 0, octets);
    append_rows(out, row, octets, QUIET_MODULES * dots);
    return side + 2 * QUIET_MODULES * dots;
}

#include "db/xlsx_styles.h"

#include "db/xml_stream.h"

#define STYLES_MAX 65536u /* more than any program writes */

struct XlsxStyles {
    GHashTable *formats; /* number of the format → XlsxFormat */
    GPtrArray *cells;    /* XlsxFormat of each cell style, NULL: general; they are `formats`' */
    XmlStream *xml;
};

enum { IN_SHEET = 1, IN_FORMATS, IN_FORMAT, IN_CELLS, IN_CELL };

static const XmlRule rules[] = {
    { 0, "styleSheet", IN_SHEET, FALSE },       { IN_SHEET, "numFmts", IN_FORMATS, FALSE },
    { IN_FORMATS, "numFmt", IN_FORMAT, FALSE }, { IN_SHEET, "cellXfs", IN_CELLS, FALSE },
    { IN_CELLS, "xf", IN_CELL, FALSE },
};

static void add_format(XlsxStyles *styles, guint id, const char *code)
{
    XlsxFormat *format = g_new0(XlsxFormat, 1);
    xlsx_format_parse(code, format);
    g_hash_table_replace(styles->formats, GUINT_TO_POINTER(id), format);
}

static gboolean is_general(const XlsxFormat *format)
{
    return format->kind == XLSX_NUMBER && format->min_digits <= 1 && !format->prefix[0] &&
           !format->suffix[0];
}

static const XlsxFormat *find_format(XlsxStyles *styles, guint id)
{
    const XlsxFormat *format = g_hash_table_lookup(styles->formats, GUINT_TO_POINTER(id));
    const char *code = format ? NULL : xlsx_format_builtin(id);
    if (code) {
        add_format(styles, id, code);
        format = g_hash_table_lookup(styles->formats, GUINT_TO_POINTER(id));
    }
    return format && !is_general(format) ? format : NULL;
}

static guint number_of(const char **attributes)
{
    const char *id = xml_attribute(attributes, "numFmtId");
    return id ? (guint)g_ascii_strtoull(id, NULL, 10) : 0;
}

static void on_start(gint place, const char **attributes, gpointer data)
{
    XlsxStyles *styles = data;
    if (place == IN_FORMAT) {
        const char *code = xml_attribute(attributes, "formatCode");
        if (code) add_format(styles, number_of(attributes), code);
    } else if (place == IN_CELL) {
        g_ptr_array_add(styles->cells, (gpointer)find_format(styles, number_of(attributes)));
    }
    if (styles->cells->len > STYLES_MAX || g_hash_table_size(styles->formats) > STYLES_MAX)
        xml_stream_fail(styles->xml, SHEET_ERROR_UNSAFE, "里面的格式太多");
}

static const XmlGrammar grammar = { .namespaces = xml_spreadsheet,
                                    .rules = rules,
                                    .rule_count = G_N_ELEMENTS(rules),
                                    .start = on_start };

XlsxStyles *xlsx_styles_read(ZipStream *source, GError **error)
{
    g_autoptr(XlsxStyles) styles = g_new0(XlsxStyles, 1);
    styles->formats = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    styles->cells = g_ptr_array_new();
    g_autoptr(XmlStream) xml = xml_stream_new(source, &grammar, styles);
    styles->xml = xml;
    XmlStreamStatus status = xml_stream_run(xml, error);
    styles->xml = NULL;
    return status == XML_STREAM_END ? g_steal_pointer(&styles) : NULL;
}

void xlsx_styles_free(XlsxStyles *styles)
{
    if (!styles) return;
    g_hash_table_unref(styles->formats);
    g_ptr_array_unref(styles->cells);
    g_free(styles);
}

const XlsxFormat *xlsx_styles_format(const XlsxStyles *styles, guint index)
{
    return styles && index < styles->cells->len ? styles->cells->pdata[index] : NULL;
}

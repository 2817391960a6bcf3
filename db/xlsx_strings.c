#include "db/xlsx_strings.h"

#include "db/xlsx_text.h"
#include "db/xml_stream.h"

#define GROWTH (1024u * 1024)

struct XlsxStrings {
    char *arena; /* the strings, each NUL-ended */
    gsize len, size;
    GArray *ends; /* guint32: where in the arena each string ends, its NUL included */
    GString *current;
    XlsxText text;
    XmlStream *xml;
};

enum { IN_TABLE = 1, IN_STRING, IN_RUN, IN_TEXT };

static const XmlRule rules[] = {
    { 0, "sst", IN_TABLE, FALSE },     { IN_TABLE, "si", IN_STRING, FALSE },
    { IN_STRING, "t", IN_TEXT, TRUE }, { IN_STRING, "r", IN_RUN, FALSE },
    { IN_RUN, "t", IN_TEXT, TRUE },
};

static void add_string(XlsxStrings *strings)
{
    const gsize added = strings->current->len + 1;
    const gsize used = strings->len + strings->ends->len * sizeof(guint32);
    if (used + added + sizeof(guint32) > XLSX_STRINGS_MAX) {
        xml_stream_fail(strings->xml, SHEET_ERROR_UNSAFE, "里面的文字超过 64 MB");
        return;
    }
    if (strings->len + added > strings->size) {
        strings->size += MAX(GROWTH, added);
        strings->arena = g_realloc(strings->arena, strings->size);
    }
    memcpy(strings->arena + strings->len, strings->current->str, added);
    strings->len += added;
    guint32 end = (guint32)strings->len;
    g_array_append_val(strings->ends, end);
}

static void on_start(gint place, const char **attributes, gpointer data)
{
    XlsxStrings *strings = data;
    if (place == IN_STRING)
        g_string_truncate(strings->current, 0);
    else if (place == IN_TEXT)
        xlsx_text_begin(&strings->text, strings->current, attributes);
}

static void on_end(gint place, gpointer data)
{
    XlsxStrings *strings = data;
    if (place == IN_TEXT)
        xlsx_text_end(&strings->text, strings->current);
    else if (place == IN_STRING)
        add_string(strings);
}

static void on_text(gint place, const char *text, gsize len, gpointer data)
{
    (void)place;
    xlsx_text_add(((XlsxStrings *)data)->current, text, len);
}

static const XmlGrammar grammar = { .namespaces = xml_spreadsheet,
                                    .rules = rules,
                                    .rule_count = G_N_ELEMENTS(rules),
                                    .start = on_start,
                                    .end = on_end,
                                    .text = on_text };

XlsxStrings *xlsx_strings_read(ZipStream *source, GError **error)
{
    g_autoptr(XlsxStrings) strings = g_new0(XlsxStrings, 1);
    strings->ends = g_array_new(FALSE, FALSE, sizeof(guint32));
    strings->current = g_string_new(NULL);
    g_autoptr(XmlStream) xml = xml_stream_new(source, &grammar, strings);
    strings->xml = xml;
    XmlStreamStatus status = xml_stream_run(xml, error);
    strings->xml = NULL;
    return status == XML_STREAM_END ? g_steal_pointer(&strings) : NULL;
}

void xlsx_strings_free(XlsxStrings *strings)
{
    if (!strings) return;
    g_free(strings->arena);
    g_array_unref(strings->ends);
    g_string_free(strings->current, TRUE);
    g_free(strings);
}

const char *xlsx_strings_get(const XlsxStrings *strings, guint64 index, gsize *len)
{
    if (!strings || index >= strings->ends->len) return NULL;
    gsize from = index > 0 ? g_array_index(strings->ends, guint32, index - 1) : 0;
    *len = g_array_index(strings->ends, guint32, index) - from - 1;
    return strings->arena + from;
}

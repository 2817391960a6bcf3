#include "db/xml_stream.h"

#include <expat.h>

#define BLOCK_LEN (64 * 1024)
#define TOKEN_MAX (1024 * 1024)
#define DEPTH_MAX 32u
#define SEPARATOR '|'

enum { NAMESPACES_MAX = 2 };

const char *const xml_spreadsheet[] = { "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                                        "http://purl.oclc.org/ooxml/spreadsheetml/main", NULL };
static const char compatibility[] = "http://schemas.openxmlformats.org/markup-compatibility/2006";

typedef struct {
    gint place;
    gboolean is_silent; /* mc:AlternateContent, mc:Fallback: as if they were not there */
    gboolean has_text;
    gsize text_len;
} Level;

struct XmlStream {
    ZipStream *source;
    const XmlGrammar *grammar;
    gpointer data;
    XML_Parser parser;
    gsize namespace_len[NAMESPACES_MAX]; /* of the grammar's, which are compared with each name */
    guint namespace_count;
    Level levels[DEPTH_MAX + 1]; /* [0]: the document */
    guint depth, skipped;        /* open elements; those of them that are skipped */
    gint64 fed;
    gboolean is_paused, is_last;
    GError *failure;
};

void xml_stream_fail(XmlStream *stream, SheetError code, const char *message)
{
    if (!stream->failure) stream->failure = g_error_new_literal(SHEET_ERROR, (int)code, message);
    XML_StopParser(stream->parser, XML_FALSE);
}

void xml_stream_pause(XmlStream *stream)
{
    XML_StopParser(stream->parser, XML_TRUE);
}

/* ---- names ---- */

/* The local name if `name` is of the namespace. */
static const char *local_name(const char *name, const char *space, gsize space_len)
{
    return strncmp(name, space, space_len) == 0 && name[space_len] == SEPARATOR
               ? name + space_len + 1
               : NULL;
}

static const char *known_name(const XmlStream *stream, const char *name)
{
    const char *const *spaces = stream->grammar->namespaces;
    for (guint i = 0; i < stream->namespace_count; i++) {
        const char *local = local_name(name, spaces[i], stream->namespace_len[i]);
        if (local) return local;
    }
    return NULL;
}

const char *xml_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], name) == 0) return attributes[1];
    return NULL;
}

const char *xml_attribute_in(const char **attributes, const char *space, const char *name)
{
    for (; *attributes; attributes += 2) {
        const char *local = strrchr(attributes[0], SEPARATOR);
        if (!local || strcmp(local + 1, name) != 0) continue;
        g_autofree char *found = g_strndup(attributes[0], (gsize)(local - attributes[0]));
        if (g_str_has_suffix(found, space)) return attributes[1];
    }
    return NULL;
}

gboolean xml_is_true(const char *value)
{
    return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

/* ---- what expat says ---- */

static const XmlRule *find_rule(const XmlGrammar *grammar, gint parent, const char *element)
{
    for (guint i = 0; i < grammar->rule_count; i++)
        if (grammar->rules[i].parent == parent && strcmp(grammar->rules[i].element, element) == 0)
            return &grammar->rules[i];
    return NULL;
}

/* FALSE: this element is no concern of the grammar's. */
static gboolean enter(XmlStream *stream, const char *name, Level *level)
{
    const Level *parent = &stream->levels[stream->depth];
    const char *local = known_name(stream, name);
    const XmlRule *rule = local ? find_rule(stream->grammar, parent->place, local) : NULL;
    if (rule) {
        *level = (Level){ rule->place, FALSE, rule->has_text, 0 };
        return TRUE;
    }
    local = local ? NULL : local_name(name, compatibility, sizeof compatibility - 1);
    *level = (Level){ parent->place, TRUE, FALSE, 0 };
    return local && (strcmp(local, "AlternateContent") == 0 || strcmp(local, "Fallback") == 0);
}

static void XMLCALL on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
    XmlStream *stream = data;
    Level level = { 0 };
    if (stream->failure) return;
    if (stream->depth + stream->skipped >= DEPTH_MAX) {
        xml_stream_fail(stream, SHEET_ERROR_UNSAFE, "里面的 XML 套得太深");
        return;
    }
    if (stream->skipped > 0 || !enter(stream, name, &level)) {
        if (stream->depth == 0) /* nothing of it would be read */
            xml_stream_fail(stream, SHEET_ERROR_DAMAGED, "里面的 XML 不是工作簿的");
        stream->skipped++;
        return;
    }
    stream->levels[++stream->depth] = level;
    if (!level.is_silent) stream->grammar->start(level.place, attributes, stream->data);
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
    XmlStream *stream = data;
    (void)name;
    if (stream->failure) return;
    if (stream->skipped > 0) {
        stream->skipped--;
        return;
    }
    const Level *level = &stream->levels[stream->depth--];
    if (!level->is_silent && stream->grammar->end) stream->grammar->end(level->place, stream->data);
}

static void XMLCALL on_text(void *data, const XML_Char *text, int len)
{
    XmlStream *stream = data;
    Level *level = &stream->levels[stream->depth];
    if (stream->failure || stream->skipped > 0 || !level->has_text) return;
    level->text_len += (gsize)len;
    if (level->text_len > TOKEN_MAX)
        xml_stream_fail(stream, SHEET_ERROR_UNSAFE, "里面有一段文字超过 1 MB");
    else
        stream->grammar->text(level->place, text, (gsize)len, stream->data);
}

static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int has_internal_subset)
{
    (void)name, (void)system_id, (void)public_id, (void)has_internal_subset;
    xml_stream_fail(data, SHEET_ERROR_UNSAFE, "里面有 DOCTYPE，表格软件不会这样写");
}

/* ---- running ---- */

XmlStream *xml_stream_new(ZipStream *source, const XmlGrammar *grammar, gpointer data)
{
    XmlStream *stream = g_new0(XmlStream, 1);
    stream->source = source;
    stream->grammar = grammar;
    stream->data = data;
    for (; grammar->namespaces[stream->namespace_count]; stream->namespace_count++) {
        g_assert(stream->namespace_count < NAMESPACES_MAX);
        stream->namespace_len[stream->namespace_count] =
            strlen(grammar->namespaces[stream->namespace_count]);
    }
    stream->parser = XML_ParserCreateNS(NULL, SEPARATOR);
    if (!stream->parser) g_error("out of memory"); /* as GLib does */
    XML_SetUserData(stream->parser, stream);
    XML_SetElementHandler(stream->parser, on_start, on_end);
    XML_SetStartDoctypeDeclHandler(stream->parser, on_doctype);
    if (grammar->text) XML_SetCharacterDataHandler(stream->parser, on_text);
    return stream;
}

void xml_stream_free(XmlStream *stream)
{
    if (!stream) return;
    XML_ParserFree(stream->parser);
    zip_stream_close(stream->source);
    g_clear_error(&stream->failure);
    g_free(stream);
}

static enum XML_Status parse_block(XmlStream *stream)
{
    void *block = XML_GetBuffer(stream->parser, BLOCK_LEN);
    if (!block) return XML_STATUS_ERROR;
    gssize got = zip_stream_read(stream->source, block, BLOCK_LEN, &stream->failure);
    if (got < 0) return XML_STATUS_ERROR;
    stream->fed += got;
    stream->is_last = got == 0;
    return XML_ParseBuffer(stream->parser, (int)got, stream->is_last);
}

/* What expat holds back for it has not seen the end of it. */
static gboolean is_token_too_long(const XmlStream *stream)
{
    gint64 at = XML_GetCurrentByteIndex(stream->parser);
    return stream->fed - MAX(at, 0) > TOKEN_MAX;
}

static XmlStreamStatus failed(XmlStream *stream, GError **error)
{
    if (!stream->failure)
        xml_stream_fail(stream, SHEET_ERROR_DAMAGED, "文件坏了，里面的 XML 读不通");
    g_propagate_error(error, g_error_copy(stream->failure));
    return XML_STREAM_FAILED;
}

XmlStreamStatus xml_stream_run(XmlStream *stream, GError **error)
{
    for (;;) {
        if (stream->failure) return failed(stream, error);
        enum XML_Status status =
            stream->is_paused ? XML_ResumeParser(stream->parser) : parse_block(stream);
        stream->is_paused = status == XML_STATUS_SUSPENDED;
        if (status == XML_STATUS_ERROR || stream->failure) return failed(stream, error);
        if (stream->is_paused) return XML_STREAM_PAUSED;
        if (stream->is_last) return XML_STREAM_END;
        if (is_token_too_long(stream))
            xml_stream_fail(stream, SHEET_ERROR_UNSAFE, "里面有一个标记超过 1 MB");
    }
}

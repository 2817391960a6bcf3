#pragma once
/* An XML part of a workbook, read block by block, through expat. The reader says by a table which
 * elements it knows where (its grammar); everything else is skipped with all that is in it, as are
 * other vocabularies' elements. Of mc:AlternateContent the mc:Fallback is read, for we understand
 * no extension (ECMA-376 part 3 §9.3). Prefixes do not matter. Refuses a DOCTYPE, and with it every
 * entity; more than 32 levels; a tag, comment or text of more than 1 MB (SAFETY (g)). Errors:
 * SHEET_ERROR. */
#include "db/sheet.h"
#include "db/zip_archive.h"

typedef struct {
    gint parent;         /* 0: the document */
    const char *element; /* local name */
    gint place;          /* > 0; the same element in two parents may have two places */
    gboolean has_text;   /* its text is wanted */
} XmlRule;

typedef struct {
    const char *const *namespaces; /* NULL-ended, one or two: transitional and strict */
    const XmlRule *rules;
    guint rule_count;
    void (*start)(gint place, const char **attributes, gpointer data);
    void (*end)(gint place, gpointer data);                               /* may be NULL */
    void (*text)(gint place, const char *text, gsize len, gpointer data); /* may be NULL */
} XmlGrammar;

typedef enum { XML_STREAM_PAUSED, XML_STREAM_END, XML_STREAM_FAILED } XmlStreamStatus;

typedef struct XmlStream XmlStream; /* opaque */

/* The spreadsheet's own vocabulary. */
extern const char *const xml_spreadsheet[];

/* Takes `source`. */
XmlStream *xml_stream_new(ZipStream *source, const XmlGrammar *grammar, gpointer data);
void xml_stream_free(XmlStream *stream); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XmlStream, xml_stream_free)

/* Goes on until a handler pauses, or to the end of the part. */
XmlStreamStatus xml_stream_run(XmlStream *stream, GError **error);

/* For handlers: run() returns after this element; run() fails with this message. */
void xml_stream_pause(XmlStream *stream);
void xml_stream_fail(XmlStream *stream, SheetError code, const char *message);

/* The value of an attribute without prefix, or NULL. */
const char *xml_attribute(const char **attributes, const char *name);
/* The value of an attribute in a namespace that ends with `space`: ("/relationships", "id"). */
const char *xml_attribute_in(const char **attributes, const char *space, const char *name);
/* xsd:boolean */
gboolean xml_is_true(const char *value);

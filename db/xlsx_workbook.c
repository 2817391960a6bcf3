#include "db/xlsx_workbook.h"

#include "db/xml_stream.h"

#define WORKSHEETS_MAX 1000u
#define RELATIONS_MAX  10000u

/* ---- relationships: what a part refers to ---- */

typedef struct {
    char *id;
    char *kind; /* the last word of its type: worksheet */
    char *part;
} Relation;

static void relation_free(gpointer data)
{
    Relation *relation = data;
    g_free(relation->id);
    g_free(relation->kind);
    g_free(relation->part);
    g_free(relation);
}

typedef struct {
    const char *folder; /* of the part that refers: "xl/" */
    GPtrArray *found;
    XmlStream *xml;
} Relations;

enum { IN_RELATIONS = 1, IN_RELATION };

/* A target, absolute or relative to `folder`, as the name of an entry; NULL if it leads outside. */
static char *resolve(const char *folder, const char *target)
{
    g_autofree char *plain = g_uri_unescape_string(target, NULL);
    if (!plain) return NULL;
    g_autofree char *path = *plain == '/' ? g_strdup(plain) : g_strconcat(folder, plain, NULL);
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    g_auto(GStrv) words = g_strsplit(path, "/", -1);
    for (char **word = words; *word; word++) {
        if (**word == '\0' || strcmp(*word, ".") == 0) continue;
        if (strcmp(*word, "..") != 0)
            g_ptr_array_add(parts, *word);
        else if (parts->len > 0)
            g_ptr_array_set_size(parts, (gint)parts->len - 1);
        else
            return NULL;
    }
    g_ptr_array_add(parts, NULL);
    return g_strjoinv("/", (char **)parts->pdata);
}

static void on_relation(gint place, const char **attributes, gpointer data)
{
    Relations *relations = data;
    const char *id = xml_attribute(attributes, "Id"), *type = xml_attribute(attributes, "Type");
    const char *target = xml_attribute(attributes, "Target");
    const char *mode = xml_attribute(attributes, "TargetMode");
    if (place != IN_RELATION || !id || !type || !target) return;
    if (mode && g_ascii_strcasecmp(mode, "External") == 0) return;
    const char *slash = strrchr(type, '/');
    Relation *relation = g_new0(Relation, 1);
    relation->id = g_strdup(id);
    relation->kind = g_strdup(slash ? slash + 1 : type);
    relation->part = resolve(relations->folder, target);
    g_ptr_array_add(relations->found, relation);
    if (relations->found->len > RELATIONS_MAX)
        xml_stream_fail(relations->xml, SHEET_ERROR_UNSAFE, "里面的部件太多");
}

static GPtrArray *read_relations(ZipArchive *archive, const char *part, const char *folder,
                                 GError **error)
{
    static const char *const namespaces[] = {
        "http://schemas.openxmlformats.org/package/2006/relationships", NULL
    };
    static const XmlRule rules[] = { { 0, "Relationships", IN_RELATIONS, FALSE },
                                     { IN_RELATIONS, "Relationship", IN_RELATION, FALSE } };
    static const XmlGrammar grammar = { .namespaces = namespaces,
                                        .rules = rules,
                                        .rule_count = G_N_ELEMENTS(rules),
                                        .start = on_relation };
    ZipStream *source = zip_stream_open(archive, part, XLSX_PART_MAX, error);
    if (!source) return NULL;
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(relation_free);
    Relations relations = { folder, found, NULL };
    g_autoptr(XmlStream) xml = relations.xml = xml_stream_new(source, &grammar, &relations);
    return xml_stream_run(xml, error) == XML_STREAM_END ? g_steal_pointer(&found) : NULL;
}

static const Relation *find_relation(const GPtrArray *relations, const char *id, const char *kind)
{
    for (guint i = 0; i < relations->len; i++) {
        const Relation *relation = relations->pdata[i];
        if (relation->part && strcmp(relation->kind, kind) == 0 &&
            (!id || strcmp(relation->id, id) == 0))
            return relation;
    }
    return NULL;
}

static char *part_of_kind(const GPtrArray *relations, const char *kind)
{
    const Relation *relation = find_relation(relations, NULL, kind);
    return relation ? g_strdup(relation->part) : NULL;
}

/* ---- the workbook's own part ---- */

enum { IN_WORKBOOK = 1, IN_PROPERTIES, IN_SHEETS, IN_SHEET };

typedef struct {
    XlsxWorkbook *workbook;
    const GPtrArray *relations;
    XmlStream *xml;
} Reading;

static void worksheet_free(gpointer data)
{
    XlsxWorksheet *worksheet = data;
    g_free(worksheet->name);
    g_free(worksheet->part);
    g_free(worksheet);
}

static void add_worksheet(Reading *reading, const char **attributes)
{
    const char *name = xml_attribute(attributes, "name");
    const char *id = xml_attribute_in(attributes, "/relationships", "id");
    const char *state = xml_attribute(attributes, "state");
    const Relation *relation = id ? find_relation(reading->relations, id, "worksheet") : NULL;
    if (!name || !relation) return; /* a chart or a macro sheet */
    XlsxWorksheet *worksheet = g_new0(XlsxWorksheet, 1);
    worksheet->name = g_strdup(name);
    worksheet->part = g_strdup(relation->part);
    worksheet->is_visible = !state || strcmp(state, "visible") == 0;
    g_ptr_array_add(reading->workbook->worksheets, worksheet);
    if (reading->workbook->worksheets->len > WORKSHEETS_MAX)
        xml_stream_fail(reading->xml, SHEET_ERROR_UNSAFE, "里面的工作表太多");
}

static void on_start(gint place, const char **attributes, gpointer data)
{
    Reading *reading = data;
    if (place == IN_PROPERTIES)
        reading->workbook->is_1904 = xml_is_true(xml_attribute(attributes, "date1904"));
    else if (place == IN_SHEET)
        add_worksheet(reading, attributes);
}

static gboolean read_workbook(Reading *reading, const char *part, GError **error)
{
    static const XmlRule rules[] = { { 0, "workbook", IN_WORKBOOK, FALSE },
                                     { IN_WORKBOOK, "workbookPr", IN_PROPERTIES, FALSE },
                                     { IN_WORKBOOK, "sheets", IN_SHEETS, FALSE },
                                     { IN_SHEETS, "sheet", IN_SHEET, FALSE } };
    static const XmlGrammar grammar = { .namespaces = xml_spreadsheet,
                                        .rules = rules,
                                        .rule_count = G_N_ELEMENTS(rules),
                                        .start = on_start };
    ZipStream *source = zip_stream_open(reading->workbook->archive, part, XLSX_PART_MAX, error);
    if (!source) return FALSE;
    g_autoptr(XmlStream) xml = xml_stream_new(source, &grammar, reading);
    reading->xml = xml;
    return xml_stream_run(xml, error) == XML_STREAM_END;
}

/* ---- what a ZIP file is ---- */

static gboolean refuse_stranger(const ZipArchive *archive, GError **error)
{
    static const struct {
        const char *entry, *message;
    } strangers[] = {
        { "content.xml", "这是 OpenDocument 表格（.ods），不是 .xlsx" },
        { "Index/Document.iwa", "这是苹果的 Numbers 表格，不是 .xlsx" },
        { "Index.zip", "这是苹果的 Numbers 表格，不是 .xlsx" },
        { "xl/workbook.bin", "这是二进制工作簿（.xlsb），不是 .xlsx" },
        { "word/document.xml", "这是 Word 文档，不是表格" },
        { "ppt/presentation.xml", "这是演示文稿，不是表格" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(strangers); i++) {
        if (!zip_archive_has(archive, strangers[i].entry)) continue;
        g_set_error_literal(error, SHEET_ERROR, SHEET_ERROR_FORMAT, strangers[i].message);
        return FALSE;
    }
    if (zip_archive_has(archive, "_rels/.rels")) return TRUE;
    g_set_error_literal(error, SHEET_ERROR, SHEET_ERROR_FORMAT, "这是压缩包，不是 .xlsx 工作簿");
    return FALSE;
}

/* ---- the whole ---- */

/* "xl/" of "xl/workbook.xml" */
static char *folder_of(const char *part)
{
    const char *slash = strrchr(part, '/');
    return slash ? g_strndup(part, (gsize)(slash - part + 1)) : g_strdup("");
}

static gboolean load(XlsxWorkbook *workbook, GError **error)
{
    g_autoptr(GPtrArray) roots = read_relations(workbook->archive, "_rels/.rels", "", error);
    if (!roots) return FALSE;
    const Relation *root = find_relation(roots, NULL, "officeDocument");
    if (!root) {
        g_set_error_literal(error, SHEET_ERROR, SHEET_ERROR_DAMAGED, "文件坏了，里面没有工作簿");
        return FALSE;
    }
    g_autofree char *folder = folder_of(root->part);
    g_autofree char *relations_part =
        g_strdup_printf("%s_rels/%s.rels", folder, root->part + strlen(folder));
    g_autoptr(GPtrArray) relations =
        read_relations(workbook->archive, relations_part, folder, error);
    if (!relations) return FALSE;
    workbook->strings_part = part_of_kind(relations, "sharedStrings");
    workbook->styles_part = part_of_kind(relations, "styles");
    Reading reading = { workbook, relations, NULL };
    return read_workbook(&reading, root->part, error);
}

XlsxWorkbook *xlsx_workbook_open(int fd, GError **error)
{
    g_autoptr(XlsxWorkbook) workbook = g_new0(XlsxWorkbook, 1);
    workbook->worksheets = g_ptr_array_new_with_free_func(worksheet_free);
    workbook->archive = zip_archive_open(fd, error);
    if (!workbook->archive || !refuse_stranger(workbook->archive, error) || !load(workbook, error))
        return NULL;
    return g_steal_pointer(&workbook);
}

void xlsx_workbook_close(XlsxWorkbook *workbook)
{
    if (!workbook) return;
    zip_archive_close(workbook->archive);
    g_ptr_array_unref(workbook->worksheets);
    g_free(workbook->strings_part);
    g_free(workbook->styles_part);
    g_free(workbook);
}

const XlsxWorksheet *xlsx_workbook_find(const XlsxWorkbook *workbook, const char *name)
{
    for (guint i = 0; i < workbook->worksheets->len; i++) {
        const XlsxWorksheet *worksheet = workbook->worksheets->pdata[i];
        if (worksheet->is_visible && strcmp(worksheet->name, name) == 0) return worksheet;
    }
    return NULL;
}

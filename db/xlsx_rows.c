#include "db/xlsx_rows.h"

#include "db/xlsx_text.h"
#include "db/xml_stream.h"

#define ROWS_MAX    1048576u
#define COLUMNS_MAX 16384u
#define MERGES_MAX  1000u /* beyond it they are only said to be many */

/* What a cell's t attribute says its value is (§18.18.11). */
typedef enum {
    TYPE_NUMBER,
    TYPE_SHARED,
    TYPE_INLINE,
    TYPE_FORMULA_TEXT,
    TYPE_BOOLEAN,
    TYPE_ERROR,
    TYPE_DATE,
    TYPE_UNKNOWN,
} CellType;

typedef struct {
    guint row, column; /* from 1: its first cell */
    char ref[24];      /* A2:A5 */
} Merge;

struct XlsxRows {
    XmlStream *xml;
    const XlsxShared *shared;
    gboolean is_ended;

    /* the row at hand; cells of `text` hold their offset until the row is complete */
    guint line;
    guint column_count;
    SheetCell cells[SHEET_COLUMNS_MAX];
    gboolean is_in_text[SHEET_COLUMNS_MAX];
    GString *text;
    gboolean is_too_wide;

    /* the cell at hand */
    guint column; /* from 1 */
    CellType type;
    guint style;
    gboolean has_formula, has_value, is_twice; /* is_twice: it says two things */
    GString *value;
    XlsxText run;

    /* how far the content goes: what merged cells may touch */
    guint last_line, last_column;
    GArray *merges; /* Merge */
    guint merge_at;
};

enum {
    IN_WORKSHEET = 1,
    IN_DATA,
    IN_ROW,
    IN_CELL,
    IN_VALUE,
    IN_FORMULA,
    IN_INLINE,
    IN_RUN,
    IN_TEXT,
    IN_MERGES,
    IN_MERGE,
};

static const XmlRule rules[] = {
    { IN_DATA, "row", IN_ROW, FALSE },
    { IN_ROW, "c", IN_CELL, FALSE },
    { IN_CELL, "v", IN_VALUE, TRUE },
    { IN_CELL, "f", IN_FORMULA, FALSE },
    { IN_CELL, "is", IN_INLINE, FALSE },
    { IN_INLINE, "t", IN_TEXT, TRUE },
    { IN_INLINE, "r", IN_RUN, FALSE },
    { IN_RUN, "t", IN_TEXT, TRUE },
    { 0, "worksheet", IN_WORKSHEET, FALSE },
    { IN_WORKSHEET, "sheetData", IN_DATA, FALSE },
    { IN_WORKSHEET, "mergeCells", IN_MERGES, FALSE },
    { IN_MERGES, "mergeCell", IN_MERGE, FALSE },
};

/* ---- references ---- */

/* A12: column, then row, both from 1; 0 where there is none. Returns where it stopped, NULL if a
 * number is beyond a worksheet. */
static const char *parse_ref(const char *at, guint *row, guint *column)
{
    *row = *column = 0;
    for (; g_ascii_isalpha(*at); at++) {
        *column = *column * 26 + (guint)(g_ascii_toupper(*at) - 'A' + 1);
        if (*column > COLUMNS_MAX) return NULL;
    }
    for (; g_ascii_isdigit(*at); at++) {
        *row = *row * 10 + (guint)(*at - '0');
        if (*row > ROWS_MAX) return NULL;
    }
    return at;
}

static void damaged(XlsxRows *rows, const char *message)
{
    xml_stream_fail(rows->xml, SHEET_ERROR_DAMAGED, message);
}

/* ---- rows and cells begin ---- */

static void begin_row(XlsxRows *rows, const char **attributes)
{
    const char *number = xml_attribute(attributes, "r");
    guint line = rows->line + 1, column = 0;
    const char *end = number ? parse_ref(number, &line, &column) : "";
    if (!end || *end != '\0' || column > 0 || line <= rows->line || line > ROWS_MAX) {
        damaged(rows, "文件坏了，行的次序不对或超过 1048576 行");
        return;
    }
    rows->line = line;
    rows->column = rows->column_count = 0;
    rows->is_too_wide = FALSE;
    g_string_truncate(rows->text, 0);
}

static CellType cell_type(const char *name)
{
    static const struct {
        const char *name;
        CellType type;
    } types[] = {
        { "s", TYPE_SHARED },  { "n", TYPE_NUMBER }, { "str", TYPE_FORMULA_TEXT },
        { "b", TYPE_BOOLEAN }, { "e", TYPE_ERROR },  { "inlineStr", TYPE_INLINE },
        { "d", TYPE_DATE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
        if (strcmp(types[i].name, name) == 0) return types[i].type;
    return TYPE_UNKNOWN;
}

static void begin_cell(XlsxRows *rows, const char **attributes)
{
    guint row = rows->line, column = rows->column + 1;
    const char *end = "";
    rows->type = TYPE_NUMBER;
    rows->style = 0;
    rows->has_formula = rows->has_value = rows->is_twice = FALSE;
    g_string_truncate(rows->value, 0);
    for (; *attributes; attributes += 2) {
        const char *name = attributes[0], *value = attributes[1];
        if (name[0] == '\0' || name[1] != '\0') continue;
        if (name[0] == 'r')
            end = parse_ref(value, &row, &column);
        else if (name[0] == 't')
            rows->type = cell_type(value);
        else if (name[0] == 's')
            rows->style = (guint)g_ascii_strtoull(value, NULL, 10);
    }
    if (!end || *end != '\0' || row != rows->line || column <= rows->column || column > COLUMNS_MAX)
        damaged(rows, "文件坏了，单元格的次序不对");
    rows->column = column;
}

static void add_merge(XlsxRows *rows, const char **attributes)
{
    const char *ref = xml_attribute(attributes, "ref");
    Merge merge = { 0 };
    guint last_row = 0, last_column = 0;
    const char *at = ref ? parse_ref(ref, &merge.row, &merge.column) : NULL;
    at = at && *at == ':' ? parse_ref(at + 1, &last_row, &last_column) : at;
    if (!at || *at != '\0' || merge.row == 0 || merge.column == 0) {
        damaged(rows, "文件坏了，合并的单元格写得不对");
        return;
    }
    gboolean is_several = last_row > merge.row || last_column > merge.column;
    g_strlcpy(merge.ref, ref, sizeof merge.ref);
    if (is_several && rows->merges->len < MERGES_MAX) g_array_append_val(rows->merges, merge);
}

/* ---- a cell is complete ---- */

static const SheetComplaint bad_cell = { "这一格读不出来", "在表格软件里重新录入这一格，再保存" };
static const SheetComplaint too_long = { "这一格太长，超过 32767 个字",
                                         "检查有没有误粘进来的内容" };
static const SheetComplaint no_result = {
    "公式没有保存算出的结果", "在表格软件里打开，等它算完再保存；或复制这一格，选择性粘贴为“数值”"
};
static const SheetComplaint error_value = { "公式算错了", "改好公式，或直接填写内容" };

static void put(XlsxRows *rows, const char *text, gsize len, gboolean is_in_text,
                const SheetComplaint *fault)
{
    if (len == 0 && !fault) return;
    if (rows->column > SHEET_COLUMNS_MAX) {
        rows->is_too_wide = TRUE;
        return;
    }
    while (rows->column_count < rows->column - 1) {
        rows->is_in_text[rows->column_count] = FALSE;
        rows->cells[rows->column_count++] = (SheetCell){ "", 0, NULL };
    }
    rows->is_in_text[rows->column_count] = is_in_text;
    rows->cells[rows->column_count++] = (SheetCell){ text, len, fault };
}

/* What was appended to `text` behind `from`. */
static void put_text(XlsxRows *rows, gsize from, const SheetComplaint *fault)
{
    const gsize len = rows->text->len - from;
    if (!fault && xlsx_text_is_too_long(rows->text->str + from, len)) fault = &too_long;
    g_string_append_c(rows->text, '\0');
    put(rows, (const char *)from, len, TRUE, fault);
}

static void put_value(XlsxRows *rows, const SheetComplaint *fault)
{
    const gsize from = rows->text->len;
    g_string_append_len(rows->text, rows->value->str, (gssize)rows->value->len);
    put_text(rows, from, fault);
}

static void put_shared(XlsxRows *rows)
{
    char *end = NULL;
    gsize len = 0;
    guint64 index = g_ascii_strtoull(rows->value->str, &end, 10);
    const char *text = rows->value->len > 0 && *end == '\0'
                           ? xlsx_strings_get(rows->shared->strings, index, &len)
                           : NULL;
    if (text)
        put(rows, text, len, FALSE, xlsx_text_is_too_long(text, len) ? &too_long : NULL);
    else if (rows->has_value)
        put_value(rows, &bad_cell);
}

static void put_number(XlsxRows *rows)
{
    const gsize from = rows->text->len;
    const XlsxFormat *format = xlsx_styles_format(rows->shared->styles, rows->style);
    if (rows->value->len == 0) return;
    const SheetComplaint *fault =
        xlsx_number_text(format, rows->value->str, rows->shared->is_1904, rows->text);
    put_text(rows, from, fault);
}

/* 2023-01-05T00:00:00: without a time that says nothing (§18.17.4.1). */
static void put_date(XlsxRows *rows)
{
    const char *time = strchr(rows->value->str, 'T');
    if (time && strspn(time + 1, "0:.Z") == strlen(time + 1))
        g_string_truncate(rows->value, (gsize)(time - rows->value->str));
    put_value(rows, NULL);
}

static void put_boolean(XlsxRows *rows)
{
    gboolean is_known = strcmp(rows->value->str, "0") == 0 || strcmp(rows->value->str, "1") == 0;
    if (is_known) g_string_assign(rows->value, rows->value->str[0] == '1' ? "TRUE" : "FALSE");
    put_value(rows, is_known || !rows->has_value ? NULL : &bad_cell);
}

static void end_cell(XlsxRows *rows)
{
    if (rows->has_formula && rows->value->len == 0 && rows->type != TYPE_FORMULA_TEXT) {
        put_value(rows, &no_result);
        return;
    }
    if (rows->is_twice) {
        put_value(rows, &bad_cell);
        return;
    }
    switch (rows->type) {
    case TYPE_NUMBER:
        put_number(rows);
        return;
    case TYPE_SHARED:
        put_shared(rows);
        return;
    case TYPE_FORMULA_TEXT:
        xlsx_text_decode(rows->value, 0);
        put_value(rows, rows->has_formula && !rows->has_value ? &no_result : NULL);
        return;
    case TYPE_INLINE:
        put_value(rows, NULL);
        return;
    case TYPE_BOOLEAN:
        put_boolean(rows);
        return;
    case TYPE_ERROR:
        put_value(rows, &error_value);
        return;
    case TYPE_DATE:
        put_date(rows);
        return;
    case TYPE_UNKNOWN:
        put_value(rows, &bad_cell);
        return;
    }
}

static void end_row(XlsxRows *rows)
{
    for (guint i = 0; i < rows->column_count; i++)
        if (rows->is_in_text[i]) rows->cells[i].text = rows->text->str + (gsize)rows->cells[i].text;
    if (rows->column_count > 0) rows->last_line = rows->line;
    rows->last_column = MAX(rows->last_column, rows->column_count);
    xml_stream_pause(rows->xml);
}

/* ---- what the XML says ---- */

static void on_start(gint place, const char **attributes, gpointer data)
{
    XlsxRows *rows = data;
    switch (place) {
    case IN_ROW:
        begin_row(rows, attributes);
        break;
    case IN_CELL:
        begin_cell(rows, attributes);
        break;
    case IN_VALUE:
    case IN_INLINE:
        rows->is_twice |= rows->has_value;
        rows->has_value = TRUE;
        break;
    case IN_FORMULA:
        rows->has_formula = TRUE;
        break;
    case IN_TEXT:
        xlsx_text_begin(&rows->run, rows->value, attributes);
        break;
    case IN_MERGE:
        add_merge(rows, attributes);
        break;
    default:
        break;
    }
}

static void on_end(gint place, gpointer data)
{
    XlsxRows *rows = data;
    if (place == IN_TEXT)
        xlsx_text_end(&rows->run, rows->value);
    else if (place == IN_CELL)
        end_cell(rows);
    else if (place == IN_ROW)
        end_row(rows);
}

static void on_text(gint place, const char *text, gsize len, gpointer data)
{
    (void)place;
    xlsx_text_add(((XlsxRows *)data)->value, text, len);
}

static const XmlGrammar grammar = { .namespaces = xml_spreadsheet,
                                    .rules = rules,
                                    .rule_count = G_N_ELEMENTS(rules),
                                    .start = on_start,
                                    .end = on_end,
                                    .text = on_text };

/* ---- one after the other ---- */

XlsxRows *xlsx_rows_new(ZipStream *source, const XlsxShared *shared)
{
    XlsxRows *rows = g_new0(XlsxRows, 1);
    rows->shared = shared;
    rows->text = g_string_new(NULL);
    rows->value = g_string_new(NULL);
    rows->merges = g_array_new(FALSE, FALSE, sizeof(Merge));
    rows->xml = xml_stream_new(source, &grammar, rows);
    return rows;
}

void xlsx_rows_free(XlsxRows *rows)
{
    if (!rows) return;
    xml_stream_free(rows->xml);
    g_string_free(rows->text, TRUE);
    g_string_free(rows->value, TRUE);
    g_array_unref(rows->merges);
    g_free(rows);
}

/* The next merged area that has to do with the content. */
static SheetStatus next_merge(XlsxRows *rows, SheetFault *fault)
{
    while (rows->merge_at < rows->merges->len) {
        const Merge *merge = &g_array_index(rows->merges, Merge, rows->merge_at++);
        if (merge->row > rows->last_line || merge->column > rows->last_column) continue;
        *fault = (SheetFault){ merge->row, merge->column, merge->ref, "有合并的单元格",
                               "取消合并，每一行、每一格都填上内容" };
        return SHEET_FAULT;
    }
    return SHEET_END;
}

SheetStatus xlsx_rows_next(XlsxRows *rows, SheetRow *row, SheetFault *fault, GError **error)
{
    if (rows->is_ended) return next_merge(rows, fault);
    switch (xml_stream_run(rows->xml, error)) {
    case XML_STREAM_FAILED:
        return SHEET_FAILED;
    case XML_STREAM_END:
        rows->is_ended = TRUE;
        return next_merge(rows, fault);
    case XML_STREAM_PAUSED:
        break;
    }
    *row = (SheetRow){ rows->line, rows->column_count, rows->cells };
    if (!rows->is_too_wide) return SHEET_ROW;
    *fault = (SheetFault){ rows->line, SHEET_COLUMNS_MAX + 1, NULL, "列太多，第 64 列以后还有内容",
                           "删掉多出的列" };
    return SHEET_FAULT;
}

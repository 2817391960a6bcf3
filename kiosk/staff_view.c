#include "kiosk/staff_view.h"

#include <string.h>

static JsonNode *member(JsonObject *object, const char *name)
{
    return object ? json_object_get_member(object, name) : NULL;
}

const char *staff_view_text(JsonObject *object, const char *name)
{
    JsonNode *node = member(object, name);
    gboolean is_text = node && json_node_get_value_type(node) == G_TYPE_STRING;
    return is_text ? json_node_get_string(node) : "";
}

gint64 staff_view_number(JsonObject *object, const char *name)
{
    JsonNode *node = member(object, name);
    return node && json_node_get_value_type(node) == G_TYPE_INT64 ? json_node_get_int(node) : 0;
}

JsonArray *staff_view_array(JsonObject *object, const char *name)
{
    JsonNode *node = member(object, name);
    return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

static JsonObject *object_in(JsonObject *object, const char *name)
{
    JsonNode *node = member(object, name);
    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

guint staff_view_count(JsonArray *array)
{
    return array ? json_array_get_length(array) : 0;
}

JsonObject *staff_view_object_at(JsonArray *array, guint index)
{
    JsonNode *node = json_array_get_element(array, index);
    return JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

/* ---- lines ---- */

static void line_clear(gpointer data)
{
    g_free(((StaffLine *)data)->text);
}

static GArray *lines_new(void)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(StaffLine));
    g_array_set_clear_func(lines, line_clear);
    return lines;
}

static void add(GArray *lines, StaffLineKind kind, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void add(GArray *lines, StaffLineKind kind, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    const StaffLine line = { kind, g_strdup_vprintf(format, values) };
    va_end(values);
    g_array_append_val(lines, line);
}

/* The table's name, without the ending of its file. Free with g_free(). */
static char *table_of(JsonObject *sheet)
{
    const char *file = staff_view_text(sheet, "file");
    const char *end = strrchr(file, '.');
    return g_strndup(file, end ? (gsize)(end - file) : strlen(file));
}

/* ---- changes ---- */

#define SAME_MIN  24 /* characters: fewer are shown */
#define SAME_KEPT 8  /* beside what differs, at least */

static const char *shown(const char *value)
{
    return *value ? value : "（空）";
}

/* Where two texts begin to differ, in octets; at a character. */
static gsize same_head(const char *one, const char *other)
{
    gsize len = 0;

    while (one[len] && one[len] == other[len])
        len++;
    while (len > 0 && (one[len] & 0xC0) == 0x80)
        len--;
    return len;
}

/* How many octets at the ends are the same, without the first `head`; at a character. */
static gsize same_tail(const char *one, const char *other, gsize head)
{
    gsize one_len = strlen(one), other_len = strlen(other), len = 0;

    while (len < MIN(one_len, other_len) - head &&
           one[one_len - len - 1] == other[other_len - len - 1])
        len++;
    while (len > 0 && (one[one_len - len] & 0xC0) == 0x80)
        len--;
    return len;
}

static gboolean is_mark(gunichar c)
{
    return g_unichar_ispunct(c) || g_unichar_isspace(c);
}

/* How much of what is the same before a difference is left out: the clause is kept, and a number is
 * not cut. */
static gsize left_out_before(const char *text, gsize head)
{
    const char *at =
        g_utf8_offset_to_pointer(text, MAX(g_utf8_strlen(text, (gssize)head) - SAME_KEPT, 0));

    if (g_utf8_strlen(text, (gssize)head) < SAME_MIN) return 0;
    while (at > text && !is_mark(g_utf8_get_char(g_utf8_prev_char(at))))
        at = g_utf8_prev_char(at);
    return (gsize)(at - text);
}

/* The same after it: of the last `tail` octets. */
static gsize left_out_after(const char *text, gsize tail)
{
    const char *end = text + strlen(text), *at = end - tail;

    if (g_utf8_strlen(at, -1) < SAME_MIN) return 0;
    at = g_utf8_offset_to_pointer(at, SAME_KEPT);
    while (*at && !is_mark(g_utf8_get_char(at)))
        at = g_utf8_next_char(at);
    return (gsize)(end - at);
}

static void append_middle(GString *text, const char *value, gsize before, gsize after)
{
    gsize len = strlen(value);

    if (before > 0) g_string_append(text, STAFF_VIEW_SAME);
    g_string_append_len(text, value + before, (gssize)(len - before - after));
    if (after > 0) g_string_append(text, STAFF_VIEW_SAME);
}

/* TRUE: something of it is left out. */
static gboolean append_field(GString *text, JsonObject *field)
{
    const char *before = staff_view_text(field, "before"), *after = staff_view_text(field, "after");
    gsize head = same_head(before, after), tail = same_tail(before, after, head);
    gsize out_before = left_out_before(before, head), out_after = left_out_after(before, tail);

    g_string_append_printf(text, "\n%s：", staff_view_text(field, "name"));
    append_middle(text, shown(before), out_before, out_after);
    g_string_append(text, " → ");
    append_middle(text, shown(after), out_before, out_after);
    return out_before + out_after > 0;
}

static gboolean add_changed(GArray *lines, JsonObject *entry)
{
    JsonArray *fields = staff_view_array(entry, "fields");
    g_autoptr(GString) text = g_string_new(staff_view_text(entry, "key"));
    gboolean is_shortened = FALSE;

    for (guint i = 0; i < staff_view_count(fields); i++)
        is_shortened |= append_field(text, staff_view_object_at(fields, i));
    add(lines, STAFF_LINE_TEXT, "%s", text->str);
    return is_shortened;
}

static void explain_shortened(StaffLine *heading)
{
    char *text = g_strdup_printf("%s（%s没变）", heading->text, STAFF_VIEW_SAME);

    g_free(heading->text);
    heading->text = text;
}

static void add_entries(GArray *lines, JsonObject *sheet, const char *list, const char *verb)
{
    g_autofree char *counter = g_strconcat(list, "_count", NULL);
    g_autofree char *table = table_of(sheet);
    gint64 count = staff_view_number(sheet, counter);
    JsonArray *entries = staff_view_array(sheet, list);
    gboolean is_removal = strcmp(list, "removed") == 0, is_shortened = FALSE;
    guint heading = lines->len;

    if (count == 0) return;
    add(lines, STAFF_LINE_HEADING, "%s：%s %" G_GINT64_FORMAT " 行", table, verb, count);
    for (guint i = 0; i < staff_view_count(entries); i++) {
        JsonObject *entry = staff_view_object_at(entries, i);
        if (staff_view_count(staff_view_array(entry, "fields")) > 0)
            is_shortened |= add_changed(lines, entry);
        else
            add(lines, is_removal ? STAFF_LINE_REMOVED : STAFF_LINE_TEXT, "%s",
                staff_view_text(entry, "key"));
    }
    if (is_shortened) explain_shortened(&g_array_index(lines, StaffLine, heading));
    if (count > staff_view_count(entries))
        add(lines, STAFF_LINE_TEXT, "还有 %" G_GINT64_FORMAT " 行没有列出，导出结果可以看到",
            count - staff_view_count(entries));
}

/* Why it will take a second PIN, before anything else: told in time to see to it. */
static void add_cautions(GArray *lines, JsonArray *cautions)
{
    guint count = staff_view_count(cautions);

    if (count > 0) add(lines, STAFF_LINE_HEADING, "发布前要再确认一次");
    for (guint i = 0; i < count; i++) {
        JsonNode *node = json_array_get_element(cautions, i);
        if (json_node_get_value_type(node) == G_TYPE_STRING)
            add(lines, STAFF_LINE_TEXT, "%s", json_node_get_string(node));
    }
}

GArray *staff_view_changes(JsonObject *checked)
{
    static const struct {
        const char *list, *verb;
    } kinds[] = { { "removed", "删除" }, { "changed", "修改" }, { "added", "新增" } };
    GArray *lines = lines_new();
    JsonArray *sheets = staff_view_array(checked, "changes");

    add_cautions(lines, staff_view_array(checked, "cautions"));
    for (guint kind = 0; kind < G_N_ELEMENTS(kinds); kind++)
        for (guint i = 0; i < staff_view_count(sheets); i++)
            add_entries(lines, staff_view_object_at(sheets, i), kinds[kind].list, kinds[kind].verb);
    return lines;
}

char *staff_view_counts(JsonObject *checked)
{
    JsonObject *diff = object_in(object_in(checked, "report"), "diff");
    gint64 added = staff_view_number(diff, "added"), changed = staff_view_number(diff, "changed"),
           removed = staff_view_number(diff, "removed");

    if (added + changed + removed == 0) return g_strdup("内容没有变化，可以不发布");
    return g_strdup_printf("新增 %" G_GINT64_FORMAT " 行，修改 %" G_GINT64_FORMAT
                           " 行，删除 %" G_GINT64_FORMAT " 行",
                           added, changed, removed);
}

const char *staff_view_outcome(JsonObject *checked)
{
    return staff_view_text(object_in(checked, "report"), "outcome");
}

/* ---- issues ---- */

/* Those of one column that are wrong in the same way: the remedy is said once. */
typedef struct {
    JsonObject *first; /* the report's */
    GPtrArray *values; /* Value, in the order of rows */
    guint count;       /* of rows */
} Issue;

typedef struct {
    const char *value; /* the report's */
    GString *rows;     /* "3、8" */
} Value;

static void value_free(gpointer data)
{
    g_string_free(((Value *)data)->rows, TRUE);
    g_free(data);
}

static void issue_free(gpointer data)
{
    g_ptr_array_unref(((Issue *)data)->values);
    g_free(data);
}

static Issue *issue_new(JsonObject *first)
{
    Issue *issue = g_new0(Issue, 1);

    issue->first = first;
    issue->values = g_ptr_array_new_with_free_func(value_free);
    return issue;
}

static Value *issue_value(Issue *issue, const char *text)
{
    for (guint i = 0; i < issue->values->len; i++) {
        Value *value = issue->values->pdata[i];
        if (g_str_equal(value->value, text)) return value;
    }
    Value *value = g_new(Value, 1);
    *value = (Value){ text, g_string_new(NULL) };
    g_ptr_array_add(issue->values, value);
    return value;
}

static void issue_take(Issue *issue, JsonObject *object)
{
    Value *value = issue_value(issue, staff_view_text(object, "value"));

    g_string_append_printf(value->rows, "%s%" G_GINT64_FORMAT, value->rows->len ? "、" : "",
                           staff_view_number(object, "row"));
    issue->count++;
}

/* What is alike in them; one that has no row stands for itself. Free with g_free(). */
static char *issue_key(JsonObject *object, guint index)
{
    static const char *const names[] = { "file", "column", "message", "remedy" };
    GString *key = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        g_string_append_printf(key, "%s\n", staff_view_text(object, names[i]));
    if (staff_view_number(object, "row") == 0) g_string_append_printf(key, "%u", index);
    return g_string_free(key, FALSE);
}

/* Issue, in the order in which the report begins each. */
static GPtrArray *issues_of(JsonArray *objects)
{
    GPtrArray *issues = g_ptr_array_new_with_free_func(issue_free);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < staff_view_count(objects); i++) {
        JsonObject *object = staff_view_object_at(objects, i);
        char *key = issue_key(object, i);
        Issue *issue = g_hash_table_lookup(known, key);
        if (!issue) {
            issue = issue_new(object);
            g_ptr_array_add(issues, issue);
        }
        g_hash_table_insert(known, key, issue);
        issue_take(issue, object);
    }
    return issues;
}

/* "事项.csv 第 12 行“编号”：编号不对（写的是“CL1”）" */
static void append_single(GString *text, JsonObject *object)
{
    gint64 row = staff_view_number(object, "row");
    const char *column = staff_view_text(object, "column"),
               *value = staff_view_text(object, "value");

    g_string_append(text, staff_view_text(object, "file"));
    if (row > 0) g_string_append_printf(text, " 第 %" G_GINT64_FORMAT " 行", row);
    if (*column) g_string_append_printf(text, "“%s”", column);
    g_string_append_printf(text, "%s%s", text->len ? "：" : "", staff_view_text(object, "message"));
    if (*value) g_string_append_printf(text, "（写的是“%s”）", value);
}

/* "事项.csv“编号”：编号不对（3 行）\n第 3、8 行写的是“CL1”；第 9 行写的是“C2”" */
static void append_several(GString *text, const Issue *issue)
{
    const char *column = staff_view_text(issue->first, "column");

    g_string_append(text, staff_view_text(issue->first, "file"));
    if (*column) g_string_append_printf(text, "“%s”", column);
    g_string_append_printf(text, "：%s（%u 行）\n", staff_view_text(issue->first, "message"),
                           issue->count);
    for (guint i = 0; i < issue->values->len; i++) {
        const Value *value = issue->values->pdata[i];
        g_string_append_printf(text, "%s第 %s 行", i > 0 ? "；" : "", value->rows->str);
        if (*value->value) g_string_append_printf(text, "写的是“%s”", value->value);
    }
}

static void add_issue(GArray *lines, const Issue *issue)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const char *remedy = staff_view_text(issue->first, "remedy");

    if (issue->count > 1)
        append_several(text, issue);
    else
        append_single(text, issue->first);
    if (*remedy) g_string_append_printf(text, "\n怎么改：%s", remedy);
    add(lines, STAFF_LINE_TEXT, "%s", text->str);
}

/* `count`: also those that are not listed. */
static void add_issues(GArray *lines, JsonArray *objects, const char *heading, gint64 count)
{
    g_autoptr(GPtrArray) issues = issues_of(objects);

    if (issues->len > 0)
        add(lines, STAFF_LINE_HEADING, "%s（%" G_GINT64_FORMAT " 处）", heading, count);
    for (guint i = 0; i < issues->len; i++)
        add_issue(lines, issues->pdata[i]);
}

GArray *staff_view_issues(JsonObject *checked)
{
    GArray *lines = lines_new();
    JsonObject *report = object_in(checked, "report");

    add_issues(lines, staff_view_array(report, "errors"), "错误",
               staff_view_number(checked, "error_count"));
    add_issues(lines, staff_view_array(report, "warnings"), "提醒",
               staff_view_number(checked, "warning_count"));
    return lines;
}

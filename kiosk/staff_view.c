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

static const char *shown(const char *value)
{
    return *value ? value : "（空）";
}

static void add_changed(GArray *lines, JsonObject *entry)
{
    JsonArray *fields = staff_view_array(entry, "fields");
    g_autoptr(GString) text = g_string_new(staff_view_text(entry, "key"));

    for (guint i = 0; i < staff_view_count(fields); i++) {
        JsonObject *field = staff_view_object_at(fields, i);
        g_string_append_printf(text, "\n%s：%s → %s", staff_view_text(field, "name"),
                               shown(staff_view_text(field, "before")),
                               shown(staff_view_text(field, "after")));
    }
    add(lines, STAFF_LINE_TEXT, "%s", text->str);
}

static void add_entries(GArray *lines, JsonObject *sheet, const char *list, const char *verb)
{
    g_autofree char *counter = g_strconcat(list, "_count", NULL);
    g_autofree char *table = table_of(sheet);
    gint64 count = staff_view_number(sheet, counter);
    JsonArray *entries = staff_view_array(sheet, list);
    gboolean is_removal = strcmp(list, "removed") == 0;

    if (count == 0) return;
    add(lines, STAFF_LINE_HEADING, "%s：%s %" G_GINT64_FORMAT " 行", table, verb, count);
    for (guint i = 0; i < staff_view_count(entries); i++) {
        JsonObject *entry = staff_view_object_at(entries, i);
        if (staff_view_count(staff_view_array(entry, "fields")) > 0)
            add_changed(lines, entry);
        else
            add(lines, is_removal ? STAFF_LINE_REMOVED : STAFF_LINE_TEXT, "%s",
                staff_view_text(entry, "key"));
    }
    if (count > staff_view_count(entries))
        add(lines, STAFF_LINE_TEXT, "还有 %" G_GINT64_FORMAT " 行没有列出，导出结果可以看到",
            count - staff_view_count(entries));
}

GArray *staff_view_changes(JsonObject *checked)
{
    static const struct {
        const char *list, *verb;
    } kinds[] = { { "removed", "删除" }, { "changed", "修改" }, { "added", "新增" } };
    GArray *lines = lines_new();
    JsonArray *sheets = staff_view_array(checked, "changes");

    for (guint kind = 0; kind < G_N_ELEMENTS(kinds); kind++)
        for (guint i = 0; i < staff_view_count(sheets); i++)
            add_entries(lines, staff_view_object_at(sheets, i), kinds[kind].list, kinds[kind].verb);
    return lines;
}

char *staff_view_counts(JsonObject *checked)
{
    JsonObject *diff = object_in(object_in(checked, "report"), "diff");

    return g_strdup_printf("新增 %" G_GINT64_FORMAT " 行，修改 %" G_GINT64_FORMAT
                           " 行，删除 %" G_GINT64_FORMAT " 行",
                           staff_view_number(diff, "added"), staff_view_number(diff, "changed"),
                           staff_view_number(diff, "removed"));
}

const char *staff_view_outcome(JsonObject *checked)
{
    return staff_view_text(object_in(checked, "report"), "outcome");
}

/* ---- issues ---- */

static void add_issue(GArray *lines, JsonObject *issue)
{
    g_autoptr(GString) text = g_string_new(staff_view_text(issue, "file"));
    gint64 row = staff_view_number(issue, "row");
    const char *column = staff_view_text(issue, "column"), *value = staff_view_text(issue, "value");
    const char *remedy = staff_view_text(issue, "remedy");

    if (row > 0) g_string_append_printf(text, " 第 %" G_GINT64_FORMAT " 行", row);
    if (*column) g_string_append_printf(text, "“%s”", column);
    g_string_append_printf(text, "%s%s", text->len ? "：" : "", staff_view_text(issue, "message"));
    if (*value) g_string_append_printf(text, "（写的是“%s”）", value);
    if (*remedy) g_string_append_printf(text, "\n怎么改：%s", remedy);
    add(lines, STAFF_LINE_TEXT, "%s", text->str);
}

static void add_issues(GArray *lines, JsonArray *issues, const char *heading)
{
    guint count = staff_view_count(issues);

    if (count > 0) add(lines, STAFF_LINE_HEADING, "%s（%u 处）", heading, count);
    for (guint i = 0; i < count; i++)
        add_issue(lines, staff_view_object_at(issues, i));
}

GArray *staff_view_issues(JsonObject *checked)
{
    GArray *lines = lines_new();
    JsonObject *report = object_in(checked, "report");

    add_issues(lines, staff_view_array(report, "errors"), "错误");
    add_issues(lines, staff_view_array(report, "warnings"), "提醒");
    return lines;
}

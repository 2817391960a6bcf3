#pragma once
/* What staff read of an update before they publish it, made of what the update says
 * (db/update_serve.h): what needs care first, then deletions, then changes field by field, then
 * what is new; or every reason why it is refused, those together that are mended alike. Of a long
 * text that changed only what differs is shown, in its clause; STAFF_VIEW_SAME stands for the rest.
 * Plain text, no GTK. */
#include <json-glib/json-glib.h>

#define STAFF_VIEW_SAME "……"

typedef enum {
    STAFF_LINE_HEADING,
    STAFF_LINE_REMOVED,
    STAFF_LINE_TEXT,
} StaffLineKind;

typedef struct {
    StaffLineKind kind;
    char *text;
} StaffLine;

/* StaffLine, in the order of reading. `checked` is the reply "checked". */
GArray *staff_view_changes(JsonObject *checked);
/* Errors, then warnings. */
GArray *staff_view_issues(JsonObject *checked);
/* "新增 3 行，修改 12 行，删除 1 行"; free with g_free(). */
char *staff_view_counts(JsonObject *checked);
/* "accept", "warn", "reject", "same"; lives as long as `checked`. */
const char *staff_view_outcome(JsonObject *checked);

/* Whatever is missing or of another type is "", 0 or NULL. */
const char *staff_view_text(JsonObject *object, const char *name);
gint64 staff_view_number(JsonObject *object, const char *name);
JsonArray *staff_view_array(JsonObject *object, const char *name);
guint staff_view_count(JsonArray *array); /* NULL is fine */
JsonObject *staff_view_object_at(JsonArray *array, guint index);

#include "db/table_sheet.h"

#include "db/column_help.h"
#include "db/formula.h"
#include "db/store.h"

#define WIDTH_MAX 40u

/* Wide enough for what the rule allows, but a long text shall not push the others off the screen.
 */
static guint width_of(const RuleColumn *rule)
{
    gboolean is_latin =
        rule->kind == RULE_CODE || rule->kind == RULE_TOPIC || rule->kind >= RULE_DATE;
    guint content = rule->max_chars * (is_latin && rule->kind != RULE_PERSON_NAME ? 1 : 2);
    guint header = (guint)g_utf8_strlen(rule->name, -1) * 2;
    return CLAMP(content, header, WIDTH_MAX) + 2;
}

void table_sheet_begin(XlsxWriter *writer, RuleSheetId id)
{
    const RuleSheet *sheet = &rule_sheets[id];
    XlsxColumn columns[RULE_COLUMNS_MAX];
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < sheet->column_count; i++) {
        const RuleColumn *rule = &sheet->columns[i];
        g_ptr_array_add(notes, column_help_note(id, i));
        columns[i] = (XlsxColumn){ .header = rule->name,
                                   .width = width_of(rule),
                                   .note = notes->pdata[i],
                                   .choices = rule->choices,
                                   .max_chars = rule->max_chars };
    }
    xlsx_writer_add_sheet(writer, sheet->stem, columns, sheet->column_count);
}

gboolean table_sheet_each_row(sqlite3 *db, const ContentSheet *sheet, TableRowFunc take,
                              gpointer data, GError **error)
{
    const char *cells[CONTENT_COLUMNS_MAX];
    g_autofree char *sql = content_select(sheet, NULL);
    g_autoptr(sqlite3_stmt) row = store_prepare(db, sql, error);
    g_autoptr(GError) failure = NULL;
    if (!row) return FALSE;
    while (store_step(row, &failure)) {
        for (guint i = 0; i < sheet->column_count; i++)
            cells[i] = store_text(row, (int)i + 1);
        if (!take(cells, data, error)) return FALSE;
    }
    if (!failure) return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

typedef struct {
    XlsxWriter *writer;
    guint column_count;
} Target;

/* The importer takes a ' off where a formula may be behind it, for a CSV of ours may have become a
 * workbook: so a text that begins like this by itself gets one more. Nothing else is guarded, these
 * cells are texts. */
static gboolean add_row(const char *const *cells, gpointer data, GError **error)
{
    const Target *target = data;
    const char *guarded[CONTENT_COLUMNS_MAX];
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
    (void)error;
    for (guint i = 0; i < target->column_count; i++) {
        guarded[i] = cells[i];
        if (formula_unguard(cells[i]) == cells[i]) continue;
        g_ptr_array_add(kept, g_strconcat("'", cells[i], NULL));
        guarded[i] = kept->pdata[kept->len - 1];
    }
    xlsx_writer_add_row(target->writer, guarded);
    return TRUE;
}

gboolean table_sheet_add_rows(XlsxWriter *writer, sqlite3 *db, const ContentSheet *sheet,
                              GError **error)
{
    Target target = { writer, sheet->column_count };
    return table_sheet_each_row(db, sheet, add_row, &target, error);
}

RuleSheetId table_sheet_id(const ContentSheet *sheet)
{
    RuleSheetId id = RULE_SHEET_TOPIC;
    while (id < RULE_SHEET_COUNT - 1 && strcmp(rule_sheets[id].file, sheet->file) != 0)
        id++;
    return id;
}

#include "db/import.h"

#include "db/import_report.h"
#include "db/import_rows.h"
#include "db/store.h"

G_DEFINE_QUARK(bianmin - import - error, import_error)

/* ---- sheets that were not brought along: copied row by row, for ATTACH is switched off ---- */

typedef struct {
    RuleSheetId sheet;
    const char *select, *insert; /* the same columns in the same order */
    int topic_column;            /* which of them refers to a topic; -1: none */
} CopyStep;

#define TOPIC_COLUMNS                                                                              \
    "code, position, name, category, short_answer, description, eligibility, benefit_standard,"    \
    " application_process, required_documents, location, opening_hours, phones, legal_basis, "     \
    "as_of_date,"                                                                                  \
    " verification_status"
#define FIGURE_COLUMNS  "topic_code, year, subject, indicator, value, unit, qualifier_text, source"
#define PROJECT_COLUMNS "topic_code, name, type, place, status, progress, year, note, source"

static const CopyStep copy_steps[] = {
    { RULE_SHEET_TOPIC, "SELECT " TOPIC_COLUMNS " FROM topic ORDER BY position",
      "INSERT INTO topic (" TOPIC_COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", -1 },
    { RULE_SHEET_TOPIC,
      "SELECT topic_code, position, name FROM alias ORDER BY topic_code, position",
      "INSERT INTO alias (topic_code, position, name) VALUES (?,?,?)", -1 },
    { RULE_SHEET_FIGURE, "SELECT " FIGURE_COLUMNS " FROM figure ORDER BY id",
      "INSERT INTO figure (" FIGURE_COLUMNS ") VALUES (?,?,?,?,?,?,?,?)", 0 },
    { RULE_SHEET_PROJECT, "SELECT " PROJECT_COLUMNS " FROM project ORDER BY id",
      "INSERT INTO project (" PROJECT_COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?)", 0 },
    { RULE_SHEET_QA, "SELECT topic_code, question, answer FROM qa ORDER BY id",
      "INSERT INTO qa (topic_code, question, answer) VALUES (?,?,?)", 0 },
    { RULE_SHEET_SYNONYM, "SELECT term, variants FROM synonym ORDER BY id",
      "INSERT INTO synonym (term, variants) VALUES (?,?)", -1 },
    { RULE_SHEET_LAY_WORD, "SELECT word, meanings, note FROM lay_word ORDER BY id",
      "INSERT INTO lay_word (word, meanings, note) VALUES (?,?,?)", -1 },
    { RULE_SHEET_NOTICE,
      "SELECT title, body, valid_from, valid_to, category FROM notice ORDER BY id",
      "INSERT INTO notice (title, body, valid_from, valid_to, category) VALUES (?,?,?,?,?)", -1 },
};

static gboolean step_insert(sqlite3_stmt *insert, GError **error)
{
    g_autoptr(GError) failure = NULL;
    store_step(insert, &failure);
    sqlite3_reset(insert);
    if (!failure) return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

/* How often each topic that is gone is still referred to. */
static void count_orphan(const ImportContext *context, const char *code, GHashTable *orphans)
{
    int index = rule_code_index(code, strlen(code));
    if (!context->has_topics || (index >= 0 && import_has_topic(context, index))) return;
    guint count = GPOINTER_TO_UINT(g_hash_table_lookup(orphans, code));
    g_hash_table_replace(orphans, g_strdup(code), GUINT_TO_POINTER(count + 1));
}

static void report_orphans(const ImportContext *context, const char *file, GHashTable *orphans)
{
    g_autoptr(GList) codes = g_list_sort(g_hash_table_get_keys(orphans), (GCompareFunc)strcmp);
    for (GList *at = codes; at; at = at->next) {
        guint count = GPOINTER_TO_UINT(g_hash_table_lookup(orphans, at->data));
        g_autofree char *message = g_strdup_printf(
            "已发布的%s里还有 %u 行用着这个编号，新的“事项”表里却没有了", file, count);
        g_autofree char *remedy =
            g_strdup_printf("把这个事项加回来，或者在%s里改掉或删掉这些行，也放进U盘", file);
        import_report_add(context->report, TRUE, context->topic_file, 0, "编号", at->data, message,
                          remedy);
    }
}

static gboolean copy_rows(ImportContext *context, const CopyStep *step, sqlite3 *base,
                          GError **error)
{
    g_autoptr(sqlite3_stmt) select = store_prepare(base, step->select, error);
    g_autoptr(sqlite3_stmt) insert =
        select ? store_prepare(context->target, step->insert, error) : NULL;
    if (!insert) return FALSE;
    g_autoptr(GHashTable) orphans = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GError) failure = NULL;
    while (store_step(select, &failure)) {
        if (step->topic_column >= 0)
            count_orphan(context, store_text(select, step->topic_column), orphans);
        for (int i = 0; i < sqlite3_column_count(select); i++)
            sqlite3_bind_value(insert, i + 1, sqlite3_column_value(select, i));
        if (context->report->error_count == 0 && g_hash_table_size(orphans) == 0 &&
            !step_insert(insert, error))
            return FALSE;
    }
    if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    report_orphans(context, rule_sheets[step->sheet].file, orphans);
    return TRUE;
}

static gboolean copy_origin(ImportContext *context, RuleSheetId id, sqlite3 *base, GError **error)
{
    g_autoptr(sqlite3_stmt) select = store_prepare(
        base, "SELECT name, rows, origin, charset, loaded FROM sheet WHERE name = ?1", error);
    g_autoptr(sqlite3_stmt) insert =
        select ? store_prepare(
                     context->target,
                     "INSERT INTO sheet (name, rows, origin, charset, loaded) VALUES (?,?,?,?,?)",
                     error)
               : NULL;
    if (!insert) return FALSE;
    sqlite3_bind_text(select, 1, rule_sheets[id].file, -1, SQLITE_STATIC);
    g_autoptr(GError) failure = NULL;
    if (!store_step(select, &failure)) {
        if (failure) g_propagate_error(error, g_steal_pointer(&failure));
        return failure == NULL && (error == NULL || *error == NULL);
    }
    for (int i = 0; i < 5; i++)
        sqlite3_bind_value(insert, i + 1, sqlite3_column_value(select, i));
    return step_insert(insert, error);
}

static gboolean copy_sheet(ImportContext *context, RuleSheetId id, sqlite3 *base, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(copy_steps); i++)
        if (copy_steps[i].sheet == id && !copy_rows(context, &copy_steps[i], base, error))
            return FALSE;
    return copy_origin(context, id, base, error);
}

static gboolean read_base_topics(ImportContext *context, sqlite3 *base, GError **error)
{
    g_autoptr(sqlite3_stmt) select = store_prepare(base, "SELECT code FROM topic", error);
    if (!select) return FALSE;
    g_autoptr(GError) failure = NULL;
    while (store_step(select, &failure)) {
        const char *code = store_text(select, 0);
        int index = rule_code_index(code, strlen(code));
        if (index >= 0) import_add_topic(context, index);
    }
    if (!failure) return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

/* ---- the whole ---- */

static gboolean import_sheet(ImportContext *context, RuleSheetId id, ImportFile *file,
                             sqlite3 *base, GError **error)
{
    if (file->fd >= 0) {
        gboolean is_done = import_rows(context, id, file, error);
        context->sheet_index++;
        return is_done;
    }
    if (id == RULE_SHEET_TOPIC && base && !read_base_topics(context, base, error)) return FALSE;
    return !base || rule_sheets[id].is_personal || copy_sheet(context, id, base, error);
}

static guint count_files(const ImportFiles *files)
{
    guint count = 0;

    for (guint i = 0; i < RULE_SHEET_COUNT; i++)
        count += files->at[i].fd >= 0 ? 1 : 0;
    return count;
}

static void note_personal(ImportReport *report, const ImportFile *file)
{
    for (guint i = 0; i < report->sheets->len; i++)
        if (g_strcmp0(((ImportSheet *)report->sheets->pdata[i])->name, file->label) == 0)
            import_report_add(report, FALSE, file->label, 0, "", "",
                              "已检查，这一版暂不发布个人记录", "不用改");
}

static gboolean import_files(ImportContext *context, ImportFiles *files, sqlite3 *base,
                             GError **error)
{
    /* References and values are checked here, and once more by foreign_key_check and
     * integrity_check before publication; for each of a million rows it would only be the third
     * time. */
    if (!store_exec(context->target, "PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON",
                    error) ||
        !store_exec(context->target, "BEGIN", error))
        return FALSE;
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++)
        if (!import_sheet(context, id, &files->at[id], base, error)) return FALSE;
    return store_exec(context->target, "COMMIT", error);
}

gboolean import_found(ImportFiles *files, sqlite3 *base, sqlite3 *target, ImportReport *report,
                      GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *loaded = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S%:z");
    const ImportFile *topics = &files->at[RULE_SHEET_TOPIC];
    g_autofree ImportContext *context = g_new0(ImportContext, 1);
    *context = (ImportContext){
        .report = report,
        .target = target,
        .loaded = loaded,
        .has_topics = TRUE,
        .sheet_count = count_files(files),
        .topic_file = topics->label ? topics->label : rule_sheets[RULE_SHEET_TOPIC].file,
    };
    if (!import_files(context, files, base, error)) return FALSE;
    note_personal(report, &files->at[RULE_SHEET_PERSON]);
    return TRUE;
}

gboolean import_sheets(const char *path, sqlite3 *base, sqlite3 *target, ImportReport *report,
                       GError **error)
{
    ImportFiles files;
    gboolean is_done = import_find(path, &files, report, error) &&
                       import_found(&files, base, target, report, error);
    import_files_close(&files);
    return is_done;
}

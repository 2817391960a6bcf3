#include "db/import_rows.h"

#include "db/formula.h"
#include "db/import_report.h"
#include "db/key_set.h"
#include "db/private_number.h"
#include "db/sheet.h"
#include "db/store.h"

/* Every column of the sheet in its order, then `position` where the table has one. */
static const char *const insert_sql[RULE_SHEET_COUNT] = {
    [RULE_SHEET_TOPIC] = ("INSERT INTO topic (code, name, category, short_answer, description, "
                          "eligibility, benefit_standard,"
                          " application_process, required_documents, location, opening_hours, "
                          "phones, legal_basis, as_of_date,"
                          " verification_status, position) VALUES "
                          "(?1,?2,?3,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17)"),
    [RULE_SHEET_FIGURE] = ("INSERT INTO figure (topic_code, year, subject, indicator, value, unit, "
                           "qualifier_text, source)"
                           " VALUES (?1,?2,?3,?4,?5,?6,?7,?8)"),
    [RULE_SHEET_PROJECT] =
        ("INSERT INTO project (name, type, topic_code, place, status, progress, year, note, source)"
         " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)"),
    [RULE_SHEET_QA] = "INSERT INTO qa (topic_code, question, answer) VALUES (?1,?2,?3)",
    [RULE_SHEET_SYNONYM] = "INSERT INTO synonym (term, variants) VALUES (?1,?2)",
    [RULE_SHEET_LAY_WORD] = "INSERT INTO lay_word (word, meanings, note) VALUES (?1,?2,?3)",
    [RULE_SHEET_NOTICE] =
        "INSERT INTO notice (title, body, valid_from, valid_to, category) VALUES (?1,?2,?3,?4,?5)",
};
static const char alias_sql[] = "INSERT INTO alias (topic_code, position, name) VALUES (?1,?2,?3)";
static const char sheet_sql[] =
    "INSERT INTO sheet (name, rows, origin, charset, loaded) VALUES (?1,?2,?3,?4,?5)";

typedef struct {
    ImportContext *context;
    RuleSheetId id;
    const RuleSheet *rule;
    const char *file; /* what the report calls it */
    guint64 line;     /* of the row at hand */
    guint column;     /* of the cell at hand, from 0 */
    const char *raw;  /* what stands in that cell */
    guint64 row_count;
    CellText cells[RULE_COLUMNS_MAX];
    gboolean is_fine[RULE_COLUMNS_MAX];
    GString *scratch[RULE_COLUMNS_MAX];
    GString *key;
    KeySet *keys[2];
    guint64 hashes[2]; /* of the row at hand; 0: a key column was refused */
    guint last_key_column;
    KeySet *persons; /* ID number → name and phone */
    guint64 person_hash;
    sqlite3_stmt *insert;
    sqlite3_stmt *insert_alias;
} Reader;

gboolean import_has_topic(const ImportContext *context, int code_index)
{
    return (context->topics[code_index / 8] >> (code_index % 8)) & 1;
}

void import_add_topic(ImportContext *context, int code_index)
{
    context->topics[code_index / 8] |= (guint8)(1u << (code_index % 8));
}

/* ---- reporting ---- */

/* Of personal values the first character stays, and how many there are. */
static char *masked(const char *value)
{
    GString *out = g_string_new(NULL);
    const char *at = value;
    for (guint i = 0; *at && i < 18; i++, at = g_utf8_next_char(at))
        if (i == 0)
            g_string_append_unichar(out, g_utf8_get_char(at));
        else
            g_string_append_c(out, '*');
    return g_string_free(out, FALSE);
}

static void report(const Reader *reader, gboolean is_error, const char *column, const char *value,
                   const char *message, const char *remedy)
{
    g_autofree char *shown = reader->rule->is_personal ? masked(value) : private_number_mask(value);
    import_report_add(reader->context->report, is_error, reader->file, reader->line, column, shown,
                      message, remedy);
}

static void on_rule(gboolean is_error, const char *message, const char *remedy, gpointer data)
{
    const Reader *reader = data;
    report(reader, is_error, reader->rule->columns[reader->column].name, reader->raw, message,
           remedy);
}

/* An error in column `i` that only shows beside other cells or rows. */
static void refuse(Reader *reader, guint i, const char *message, const char *remedy)
{
    report(reader, TRUE, reader->rule->columns[i].name, reader->cells[i].text, message, remedy);
    reader->is_fine[i] = FALSE;
}

/* ---- header ---- */

static gboolean has_column(const RuleSheet *rule, const char *name)
{
    for (guint i = 0; i < rule->column_count; i++)
        if (strcmp(rule->columns[i].name, name) == 0) return TRUE;
    return FALSE;
}

static char *header_text(const RuleSheet *rule)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < rule->column_count; i++)
        g_ptr_array_add(names, (gpointer)rule->columns[i].name);
    g_ptr_array_add(names, NULL);
    return g_strjoinv(",", (char **)names->pdata);
}

/* A column that may simply go. */
static void refuse_surplus_column(const Reader *reader, guint i, const char *found)
{
    g_autofree char *shown = private_number_mask(found);
    g_autofree char *message = *shown ? g_strdup_printf("第 %u 列“%s”是多出来的", i + 1, shown)
                                      : g_strdup_printf("第 %u 列没有表头，是多出来的", i + 1);
    import_report_add(reader->context->report, TRUE, reader->file, reader->line, shown, shown,
                      message, "删掉这一列");
}

static void refuse_header_cell(const Reader *reader, guint i, const char *found, gboolean is_known)
{
    const RuleSheet *rule = reader->rule;
    const char *wanted = rule->columns[i].name;
    g_autofree char *shown = private_number_mask(found); /* where the header is lacking */
    g_autofree char *list = header_text(rule);
    g_autofree char *remedy = g_strdup_printf("第一行按这样写，不加大标题、不增减列：%s", list);
    g_autofree char *message =
        *found == '\0' ? g_strdup_printf("第 %u 列缺表头“%s”", i + 1, wanted)
        : is_known
            ? g_strdup_printf("列的次序不对：第 %u 列应为“%s”，现在是“%s”", i + 1, wanted, shown)
            : g_strdup_printf("第 %u 列应为“%s”，现在是“%s”", i + 1, wanted, shown);
    import_report_add(reader->context->report, TRUE, reader->file, reader->line, wanted, shown,
                      message, remedy);
}

static void report_missing_columns(const Reader *reader, const GPtrArray *found)
{
    for (guint i = 0; i < reader->rule->column_count; i++) {
        const char *name = reader->rule->columns[i].name;
        if (g_ptr_array_find_with_equal_func((GPtrArray *)found, name, g_str_equal, NULL)) continue;
        g_autofree char *message = g_strdup_printf("少了“%s”一列", name);
        g_autofree char *list = header_text(reader->rule);
        g_autofree char *remedy = g_strdup_printf("第一行按这样写：%s", list);
        import_report_add(reader->context->report, TRUE, reader->file, reader->line, name, "",
                          message, remedy);
    }
}

static gboolean has_all_columns(const RuleSheet *rule, const GPtrArray *found)
{
    for (guint i = 0; i < rule->column_count; i++)
        if (!g_ptr_array_find_with_equal_func((GPtrArray *)found, rule->columns[i].name,
                                              g_str_equal, NULL))
            return FALSE;
    return TRUE;
}

/* What the columns of a line without our separator are separated by, or NULL. */
static const char *foreign_separator(const RuleSheet *rule, const char *line)
{
    static const char *const separators[][2] = {
        { ";", "分号" }, { "\t", "制表符" }, { "；", "分号" }, { "，", "中文逗号" }, { "|", "竖线" }
    };
    for (gsize i = 0; i < G_N_ELEMENTS(separators); i++) {
        guint known = 0;
        g_auto(GStrv) parts = g_strsplit(line, separators[i][0], -1);
        for (char **part = parts; *part; part++)
            known += has_column(rule, g_strstrip(*part));
        if (known >= 2) return separators[i][1];
    }
    return NULL;
}

static void refuse_separator(const Reader *reader, const char *separator)
{
    g_autofree char *message = g_strdup_printf("列是用%s隔开的，要用英文逗号", separator);
    report(reader, TRUE, "", "", message, "用表格软件打开，另存为“CSV（逗号分隔）”");
}

/* Names the column that differs: one that is lacking, one that is strange, else the first out of
 * place. */
static void refuse_header(const Reader *reader, const GPtrArray *found)
{
    guint64 before = reader->context->report->error_count;
    guint known = 0;
    for (guint i = 0; i < found->len; i++)
        known += has_column(reader->rule, found->pdata[i]);
    if (known == 0) {
        g_autofree char *list = header_text(reader->rule);
        g_autofree char *remedy =
            g_strdup_printf("删掉表头上面的大标题和说明，第一行按这样写：%s", list);
        report(reader, TRUE, "", found->len ? found->pdata[0] : "",
               "这一行应该是表头，现在一个列名也认不出（是大标题、乱码，或放错了表）", remedy);
        return;
    }
    guint wanted = reader->rule->column_count;
    gboolean is_complete = has_all_columns(reader->rule, found);
    if (found->len < wanted) report_missing_columns(reader, found);
    for (guint i = 0; i < found->len; i++) {
        if (has_column(reader->rule, found->pdata[i])) continue;
        if (is_complete || i >= wanted)
            refuse_surplus_column(reader, i, found->pdata[i]);
        else
            refuse_header_cell(reader, i, found->pdata[i], FALSE);
    }
    for (guint i = 0; i < found->len && reader->context->report->error_count == before; i++)
        if (i >= wanted)
            refuse_surplus_column(reader, i, found->pdata[i]);
        else if (strcmp(found->pdata[i], reader->rule->columns[i].name) != 0)
            refuse_header_cell(reader, i, found->pdata[i], TRUE);
}

static gboolean check_header(Reader *reader, const SheetRow *row)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < row->cell_count; i++) {
        CellText cell;
        cell_clean(row->cells[i].text, row->cells[i].len, FALSE, reader->key, &cell);
        g_ptr_array_add(found, g_strdup(cell.text));
    }
    while (found->len > 0 && *(char *)found->pdata[found->len - 1] == '\0')
        g_ptr_array_set_size(found, (gint)found->len - 1);
    gboolean is_same = found->len == reader->rule->column_count;
    for (guint i = 0; is_same && i < found->len; i++)
        is_same = strcmp(found->pdata[i], reader->rule->columns[i].name) == 0;
    reader->line = row->line;
    const char *separator = is_same || row->cell_count == 0
                                ? NULL
                                : foreign_separator(reader->rule, row->cells[0].text);
    if (separator)
        refuse_separator(reader, separator);
    else if (!is_same)
        refuse_header(reader, found);
    return is_same;
}

/* ---- what concerns several cells or rows ---- */

/* The named columns of the row as one hash; 0 if one of them was refused. */
static guint64 key_hash(Reader *reader, const RuleKey *key)
{
    g_string_truncate(reader->key, 0);
    for (guint i = 0; i < key->count; i++) {
        guint column = key->columns[i];
        if (!reader->is_fine[column]) return 0;
        g_string_append_len(reader->key, reader->cells[column].text,
                            (gssize)reader->cells[column].len);
        g_string_append_c(reader->key, '\x1f');
    }
    return key_set_hash(reader->key->str, reader->key->len);
}

/* As soon as the last key column has been checked; the other columns pass the time of the prefetch.
 */
static void hash_keys(Reader *reader)
{
    for (guint k = 0; k < G_N_ELEMENTS(reader->rule->keys); k++) {
        const RuleKey *key = &reader->rule->keys[k];
        reader->hashes[k] = key->count ? key_hash(reader, key) : 0;
        key_set_prefetch(reader->keys[k], reader->hashes[k]);
    }
    static const RuleKey id_number = { 1, { 0 } };
    if (!reader->persons) return;
    reader->person_hash = key_hash(reader, &id_number);
    key_set_prefetch(reader->persons, reader->person_hash);
}

static void check_duplicates(Reader *reader)
{
    for (guint k = 0; k < G_N_ELEMENTS(reader->rule->keys); k++) {
        const RuleKey *key = &reader->rule->keys[k];
        if (reader->hashes[k] == 0) continue;
        guint32 earlier =
            key_set_add(reader->keys[k], reader->hashes[k], (guint32)reader->line, 0, NULL);
        if (earlier == 0) continue;
        g_autoptr(GString) names = g_string_new(NULL);
        for (guint i = 0; i < key->count; i++)
            g_string_append_printf(names, i ? "+%s" : "%s",
                                   reader->rule->columns[key->columns[i]].name);
        g_autofree char *message = g_strdup_printf("%s与第 %u 行重复", names->str, earlier);
        g_autofree char *remedy =
            g_strdup_printf("删掉一行，或把第 %u 行和这一行改成不同的内容", earlier);
        refuse(reader, key->columns[0], message, remedy);
    }
}

static void check_reference(Reader *reader, guint column)
{
    if (!reader->is_fine[column]) return;
    int index = rule_code_index(reader->cells[column].text, reader->cells[column].len);
    if (reader->context->has_topics && !import_has_topic(reader->context, index))
        refuse(reader, column, "这个编号在“事项”表里没有",
               "改成“事项”表里有的编号，或先在“事项”表里加上这个事项，或者删掉这一行");
}

static void check_word(Reader *reader, guint column, const char *word, gsize len)
{
    guint32 earlier =
        key_set_add(reader->keys[0], key_set_hash(word, len), (guint32)reader->line, 0, NULL);
    if (earlier == 0) return;
    g_autofree char *plain = g_strndup(word, len);
    g_autofree char *shown = private_number_mask(plain);
    g_autofree char *message =
        earlier == reader->line
            ? g_strdup_printf("“%s”在这一行里出现了两次", shown)
            : g_strdup_printf("“%s”已在第 %u 行出现，一个词只能属于一组", shown, earlier);
    refuse(reader, column, message, "只在一组里保留这个词");
}

/* A word that stood in two groups would make the search sway between them. */
static void check_synonym(Reader *reader)
{
    if (reader->is_fine[0]) check_word(reader, 0, reader->cells[0].text, reader->cells[0].len);
    if (!reader->is_fine[1]) return;
    for (const char *from = reader->cells[1].text; from;) {
        const char *to = strchr(from, ';');
        check_word(reader, 1, from, to ? (gsize)(to - from) : strlen(from));
        from = to ? to + 1 : NULL;
    }
}

/* What has the form of a code must be one. */
static void check_lay_word(Reader *reader)
{
    if (!reader->is_fine[1] || !reader->context->has_topics) return;
    g_auto(GStrv) meanings = g_strsplit(reader->cells[1].text, ";", -1);
    for (char **meaning = meanings; *meaning; meaning++) {
        int index = rule_code_index(*meaning, strlen(*meaning));
        if (index < 0 || import_has_topic(reader->context, index)) continue;
        g_autofree char *message = g_strdup_printf("编号 %s 在“事项”表里没有", *meaning);
        refuse(reader, 1, message, "改成“事项”表里有的编号，或改成正式的词");
    }
}

static void check_notice(Reader *reader)
{
    const CellText *from = &reader->cells[2], *to = &reader->cells[3];
    if (reader->is_fine[2] && reader->is_fine[3] && from->len && to->len &&
        strcmp(to->text, from->text) < 0)
        refuse(reader, 3, "结束日期早于开始日期", "核对两个日期");
}

static void check_person(Reader *reader)
{
    static const RuleKey name_and_mobile = { 2, { 1, 2 } };
    const CellText *cells = reader->cells;
    gboolean is_paid = strcmp(cells[6].text, "已发放") == 0;
    if (reader->is_fine[6] && reader->is_fine[7] && is_paid && cells[7].len == 0)
        refuse(reader, 7, "已发放的要填发放日期", "补上到账日，写成“2023-12-31”");
    else if (reader->is_fine[6] && reader->is_fine[7] && !is_paid && cells[7].len > 0)
        refuse(reader, 7, "没有发放的不能填发放日期", "清空发放日期，或把状态改成“已发放”");
    if (reader->is_fine[5] && reader->is_fine[6] && is_paid &&
        strspn(cells[5].text, "0.") == cells[5].len)
        report(reader, FALSE, "金额", cells[5].text, "已发放的金额是 0", "核对金额");
    guint32 person = (guint32)key_hash(reader, &name_and_mobile), first = 0;
    if (reader->person_hash == 0 || person == 0) return;
    guint32 earlier =
        key_set_add(reader->persons, reader->person_hash, (guint32)reader->line, person, &first);
    if (earlier == 0 || first == person) return;
    g_autofree char *message =
        g_strdup_printf("同一个身份证号，姓名或手机号与第 %u 行不同", earlier);
    refuse(reader, 0, message, "核对是谁，把两行改成一致");
}

static void check_topic(Reader *reader)
{
    if (reader->is_fine[0])
        import_add_topic(reader->context,
                         rule_code_index(reader->cells[0].text, reader->cells[0].len));
}

static void check_row(Reader *reader)
{
    check_duplicates(reader);
    switch (reader->id) {
    case RULE_SHEET_TOPIC:
        check_topic(reader);
        break;
    case RULE_SHEET_FIGURE:
    case RULE_SHEET_QA:
        check_reference(reader, 0);
        break;
    case RULE_SHEET_PROJECT:
        check_reference(reader, 2);
        break;
    case RULE_SHEET_SYNONYM:
        check_synonym(reader);
        break;
    case RULE_SHEET_LAY_WORD:
        check_lay_word(reader);
        break;
    case RULE_SHEET_NOTICE:
        check_notice(reader);
        break;
    case RULE_SHEET_PERSON:
        check_reference(reader, 3);
        check_person(reader);
        break;
    case RULE_SHEET_COUNT:
        break;
    }
}

/* ---- into the catalogue ---- */

static gboolean run(sqlite3_stmt *statement, GError **error)
{
    int result =
        sqlite3_step(statement); /* store_step() has more to do than a million rows can bear */
    sqlite3_reset(statement);
    if (result == SQLITE_DONE) return TRUE;
    g_autoptr(GError) failure = NULL;
    store_step(statement, &failure); /* fails again, and says why */
    sqlite3_reset(statement);
    if (!failure) return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean load_aliases(Reader *reader, GError **error)
{
    g_auto(GStrv) names = g_strsplit(reader->cells[3].text, ";", -1);
    for (int i = 0; names[i]; i++) {
        sqlite3_bind_text(reader->insert_alias, 1, reader->cells[0].text, -1, SQLITE_STATIC);
        sqlite3_bind_int(reader->insert_alias, 2, i + 1);
        sqlite3_bind_text(reader->insert_alias, 3, names[i], -1, SQLITE_STATIC);
        if (!run(reader->insert_alias, error)) return FALSE;
    }
    return TRUE;
}

static gboolean load_row(Reader *reader, GError **error)
{
    if (!reader->insert || reader->context->report->error_count > 0) return TRUE;
    for (guint i = 0; i < reader->rule->column_count; i++) {
        const CellText *cell = &reader->cells[i];
        if (reader->id == RULE_SHEET_TOPIC && i == 3)
            continue; /* aliases have a table of their own */
        if (reader->rule->columns[i].kind == RULE_YEAR)
            sqlite3_bind_int64(reader->insert, (int)i + 1, g_ascii_strtoll(cell->text, NULL, 10));
        else
            sqlite3_bind_text(reader->insert, (int)i + 1, cell->text, (int)cell->len,
                              SQLITE_STATIC);
    }
    if (reader->id != RULE_SHEET_TOPIC) return run(reader->insert, error);
    sqlite3_bind_int64(reader->insert, 17, (sqlite3_int64)reader->row_count);
    return run(reader->insert, error) && load_aliases(reader, error);
}

static gboolean record_sheet(const Reader *reader, const char *charset, GError **error)
{
    import_report_add_sheet(reader->context->report, reader->file, reader->row_count, charset);
    if (!reader->insert) return TRUE;
    g_autoptr(sqlite3_stmt) statement = store_prepare(reader->context->target, sheet_sql, error);
    if (!statement) return FALSE;
    sqlite3_bind_text(statement, 1, reader->rule->file, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)reader->row_count);
    sqlite3_bind_text(statement, 3, reader->file, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 4, charset, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 5, reader->context->loaded, -1, SQLITE_STATIC);
    return run(statement, error);
}

/* ---- rows ---- */

/* What everybody may read must not name a person by number. */
static void check_private(Reader *reader, guint column)
{
    if (reader->rule->is_personal || reader->rule->columns[column].kind > RULE_SOURCES) return;
    switch (private_number_find(reader->cells[column].text, reader->cells[column].len)) {
    case PRIVATE_NUMBER_NONE:
        return;
    case PRIVATE_NUMBER_MOBILE:
        on_rule(FALSE, "里面有手机号码，发布以后人人都能看到",
                "核对能不能公开：个人的手机号要删掉，办事电话最好写座机", reader);
        return;
    case PRIVATE_NUMBER_BANK_CARD:
        on_rule(FALSE, "里面有一串数字像银行卡号，发布以后人人都能看到",
                "核对能不能公开：个人的卡号要删掉，公家的账号核对无误可以留着", reader);
        return;
    case PRIVATE_NUMBER_ID:
        refuse(reader, column, "身份证号不能出现在公开的表里",
               "删掉证件号码；个人的钱只写在“个人补贴”表里");
        return;
    }
}

static void check_surplus(Reader *reader, const SheetRow *row)
{
    for (guint i = reader->rule->column_count; i < row->cell_count; i++) {
        CellText cell;
        cell_clean(row->cells[i].text, row->cells[i].len, FALSE, reader->key, &cell);
        if (cell.len == 0) continue;
        g_autofree char *column = g_strdup_printf("第 %u 列", i + 1);
        report(reader, TRUE, column, cell.text, "超出了表头的列数",
               "删掉多出的内容；格子里有逗号的，要用英文引号括起，或用表格软件另存为 CSV");
    }
}

/* Spaces alone are nothing. */
static gboolean is_blank(const Reader *reader, const SheetRow *row)
{
    for (guint i = 0; i < row->cell_count; i++) {
        const SheetCell *at = &row->cells[i];
        if (at->fault) return FALSE;
        if (at->len == 0) continue;
        if (at->len > 64 || !strchr(" \t\xe3\xc2\xe2\xef", at->text[0])) return FALSE;
        CellText cell;
        cell_clean(at->text, at->len, FALSE, reader->key, &cell);
        if (cell.len > 0 || cell.faults) return FALSE;
    }
    return TRUE;
}

/* The cell at hand by the rule of its column. */
static gboolean check_cell(Reader *reader, const SheetCell *cell)
{
    const guint i = reader->column;
    reader->raw = formula_unguard(cell->text);
    gsize len = cell->len - (gsize)(reader->raw - cell->text);
    if (!cell->fault)
        return rule_check(&reader->rule->columns[i], reader->raw, len, reader->scratch[i],
                          &reader->cells[i], on_rule, reader);
    reader->cells[i] = (CellText){ .text = "" };
    on_rule(TRUE, cell->fault->message, cell->fault->remedy, reader);
    return FALSE;
}

static gboolean take_row(Reader *reader, const SheetRow *row, GError **error)
{
    static const SheetCell absent = { "", 0, NULL };
    if (is_blank(reader, row)) return TRUE;
    reader->line = row->line;
    reader->row_count++;
    for (guint i = 0; i < reader->rule->column_count; i++) {
        const SheetCell *cell = i < row->cell_count ? &row->cells[i] : &absent;
        reader->column = i;
        reader->is_fine[i] = check_cell(reader, cell);
        if (reader->cells[i].len >= PRIVATE_NUMBER_LEN_MIN) check_private(reader, i);
        if (i == reader->last_key_column) hash_keys(reader);
    }
    check_surplus(reader, row);
    check_row(reader);
    return load_row(reader, error);
}

static void report_fault(Reader *reader, const SheetFault *fault)
{
    g_autofree char *number =
        fault->column ? g_strdup_printf("第 %u 列", fault->column) : g_strdup("");
    gboolean is_named = fault->column >= 1 && fault->column <= reader->rule->column_count;
    const char *column = is_named ? reader->rule->columns[fault->column - 1].name : number;
    const char *value = fault->value ? fault->value : "";
    import_report_add(reader->context->report, TRUE, reader->file, fault->line, column, value,
                      fault->message, fault->remedy);
}

static void refuse_rest(const Reader *reader, guint64 line)
{
    g_autofree char *message =
        g_strdup_printf("行太多，最多 %u 行，后面的没有读", reader->rule->max_rows);
    import_report_add(reader->context->report, TRUE, reader->file, line, "", "", message,
                      "检查是不是放错了文件，或删掉多余的行");
}

/* FALSE if it is not the sheet's fault: then *error is passed on. */
static gboolean refuse_file(const Reader *reader, GError *failure, GError **error)
{
    const char *remedy = sheet_error_remedy(failure);
    if (!remedy) {
        g_propagate_prefixed_error(error, failure, "%s：", reader->file);
        return FALSE;
    }
    import_report_add(reader->context->report, TRUE, reader->file, 0, "", "", failure->message,
                      remedy);
    g_error_free(failure);
    return TRUE;
}

static void tell_progress(const Reader *reader)
{
    const ImportContext *context = reader->context;
    const ImportProgress progress = { reader->file, context->sheet_index, context->sheet_count,
                                      reader->row_count };

    if (context->report->progress && reader->row_count % IMPORT_PROGRESS_ROWS == 0)
        context->report->progress(&progress, context->report->progress_data);
}

static gboolean read_rows(Reader *reader, Sheet *sheet, gboolean *has_header, GError **error)
{
    SheetRow row = { 0 };
    SheetFault fault = { 0 };
    GError *failure = NULL;
    for (;;) {
        switch (sheet_next_row(sheet, &row, &fault, &failure)) {
        case SHEET_ROW:
            if (reader->row_count == reader->rule->max_rows) {
                refuse_rest(reader, row.line);
                return TRUE;
            }
            if (*has_header) {
                if (!take_row(reader, &row, error)) return FALSE;
                tell_progress(reader);
            } else if (!is_blank(reader, &row)) {
                *has_header = check_header(reader, &row);
                if (!*has_header) return TRUE;
            }
            break;
        case SHEET_FAULT:
            report_fault(reader, &fault);
            if (!*has_header) return TRUE; /* the header itself cannot be read */
            break;
        case SHEET_END:
            return TRUE;
        case SHEET_FAILED:
            return refuse_file(reader, failure, error);
        }
    }
}

/* `errors_from`: how many errors there were before this sheet. */
static void check_empty(Reader *reader, gboolean has_header, guint64 errors_from)
{
    const char *file = reader->file;
    ImportReport *to = reader->context->report;
    if (reader->row_count > 0 || to->error_count > errors_from) return;
    if (!has_header)
        import_report_add(to, TRUE, file, 0, "", "", "这张表是空的，连表头也没有",
                          "检查U盘上的文件是不是没有复制完");
    else if (reader->id == RULE_SHEET_TOPIC)
        import_report_add(to, TRUE, file, 0, "", "", "只有表头，一个事项也没有",
                          "检查是不是放错了文件");
    else
        import_report_add(to, FALSE, file, 0, "", "", "只有表头，发布后这张表就是空的",
                          "如果不是有意清空，请检查文件");
}

static gboolean reader_start(Reader *reader, GError **error)
{
    reader->key = g_string_new(NULL);
    for (guint i = 0; i < RULE_COLUMNS_MAX; i++)
        reader->scratch[i] = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(reader->keys); i++) {
        const RuleKey *key = &reader->rule->keys[i];
        reader->keys[i] = key_set_new();
        if (key->count > 0)
            reader->last_key_column = MAX(reader->last_key_column, key->columns[key->count - 1]);
    }
    if (reader->rule->is_personal) {
        reader->persons = key_set_new();
        return TRUE;
    }
    reader->insert = store_prepare(reader->context->target, insert_sql[reader->id], error);
    if (reader->insert && reader->id == RULE_SHEET_TOPIC) {
        reader->insert_alias = store_prepare(reader->context->target, alias_sql, error);
        return reader->insert_alias != NULL;
    }
    return reader->insert != NULL;
}

static void reader_finish(Reader *reader)
{
    g_string_free(reader->key, TRUE);
    for (guint i = 0; i < RULE_COLUMNS_MAX; i++)
        g_string_free(reader->scratch[i], TRUE);
    for (guint i = 0; i < G_N_ELEMENTS(reader->keys); i++)
        key_set_free(reader->keys[i]);
    key_set_free(reader->persons);
    sqlite3_finalize(reader->insert);
    sqlite3_finalize(reader->insert_alias);
}

/* TRUE with *sheet NULL if the file cannot be read as a sheet, which is its fault, not ours. */
static gboolean open_sheet(const Reader *reader, ImportFile *file, const SheetWanted *wanted,
                           Sheet **sheet, GError **error)
{
    GError *failure = NULL;
    int fd = file->fd;
    file->fd = -1;
    *sheet = sheet_open(fd, file->format, wanted, &failure);
    return *sheet != NULL || refuse_file(reader, failure, error);
}

static gboolean read_sheet(Reader *reader, Sheet *sheet, GError **error)
{
    const ImportReport *to = reader->context->report;
    const guint errors_from = to->errors->len, warnings_from = to->warnings->len;
    const guint64 error_count = to->error_count;
    gboolean has_header = FALSE;
    if (!read_rows(reader, sheet, &has_header, error)) return FALSE;
    import_report_sort(reader->context->report, errors_from, warnings_from);
    check_empty(reader, has_header, error_count);
    if (reader->id == RULE_SHEET_TOPIC) reader->context->has_topics = has_header;
    return record_sheet(reader, sheet_charset(sheet), error);
}

gboolean import_rows(ImportContext *context, RuleSheetId id, ImportFile *file, GError **error)
{
    const RuleSheet *rule = &rule_sheets[id];
    const char *columns[RULE_COLUMNS_MAX];
    for (guint i = 0; i < rule->column_count; i++)
        columns[i] = rule->columns[i].name;
    const SheetWanted wanted = { columns, rule->column_count, file->worksheet };
    Reader reader = { .context = context, .id = id, .rule = rule, .file = file->label };
    g_autoptr(Sheet) sheet = NULL;
    if (!open_sheet(&reader, file, &wanted, &sheet, error)) return FALSE;
    if (!sheet) return TRUE;
    tell_progress(&reader);
    gboolean is_done = reader_start(&reader, error) && read_sheet(&reader, sheet, error);
    reader_finish(&reader);
    return is_done;
}

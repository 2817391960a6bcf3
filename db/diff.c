#include "db/diff.h"

#include "db/store.h"

#include <sodium.h>

#define VALUE_CHARS_MAX    60
#define VALUE_CHARS_BEFORE 10 /* of what is the same, before the difference */

G_DEFINE_QUARK(bianmin_diff_error, diff_error)

/* A row of the older catalogue. Texts are kept as 64-bit keyed hashes, so that a million rows fit;
 * the key is new each time, so that nobody can prepare two rows that look alike. */
typedef struct {
    guint64 key, row;
    guint32 id; /* place in the sheet */
    guint8 is_used, is_seen;
} OldRow;

typedef struct {
    const ContentSheet *sheet;
    DiffSheet *result;
    OldRow *old; /* open addressing by key: no copy for sorting, no pointers */
    gsize old_size;
    guint8 hash_key[crypto_shorthash_KEYBYTES];
    GByteArray *buffer;
    sqlite3_stmt *fetch_old; /* one row by its id */
    Diff *diff;
} Comparison;

static gboolean fail_changed(GError **error)
{
    g_set_error(error, DIFF_ERROR, DIFF_ERROR_READ, "旧数据的行数对不上，没法比较");
    return FALSE;
}

static void entry_free(gpointer data)
{
    DiffEntry *entry = data;
    g_free(entry->key);
    if (entry->fields) g_ptr_array_unref(entry->fields);
    g_free(entry);
}

static void field_free(gpointer data)
{
    DiffField *field = data;
    g_free(field->before);
    g_free(field->after);
    g_free(field);
}

static const char *cell(sqlite3_stmt *row, guint column)
{
    return store_text(row, (int)column + 1); /* column 0 is the row's id */
}

/* ---- rows as hashes ---- */

static guint64 hash_cells(Comparison *c, sqlite3_stmt *row, gboolean is_key_only)
{
    guint64 hash = 0;
    g_byte_array_set_size(c->buffer, 0);
    for (guint i = 0; i < c->sheet->column_count; i++) {
        if (is_key_only && !c->sheet->columns[i].is_key) continue;
        const char *text = cell(row, i);
        g_byte_array_append(c->buffer, (const guint8 *)text, (guint)strlen(text) + 1);
    }
    crypto_shorthash((guint8 *)&hash, c->buffer->data, c->buffer->len, c->hash_key);
    return hash;
}

/* A third of the places stays empty, so that a search ends. FALSE: more rows than were counted, or
 * a place that no sheet has. */
static gboolean put_old(Comparison *c, guint64 key, guint64 row, gint64 id)
{
    if ((c->result->before_count + 1) * 3 > (guint64)c->old_size * 2) return FALSE;
    if (id < 0 || id > G_MAXUINT32) return FALSE;
    gsize at = key % c->old_size;
    while (c->old[at].is_used)
        at = (at + 1) % c->old_size;
    c->old[at] = (OldRow){ .key = key, .row = row, .id = (guint32)id, .is_used = TRUE };
    c->result->before_count++;
    return TRUE;
}

static guint64 count_rows(sqlite3 *db, const ContentSheet *sheet)
{
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM %s", sheet->table);
    g_autoptr(sqlite3_stmt) statement = store_prepare(db, sql, NULL);
    return statement && store_step(statement, NULL) ? (guint64)sqlite3_column_int64(statement, 0)
                                                    : 0;
}

static gboolean is_topic(const Comparison *c)
{
    return c->sheet == &content_sheets[CONTENT_TOPIC];
}

static gboolean read_old(Comparison *c, sqlite3 *before, GError **error)
{
    g_autofree char *sql = content_select(c->sheet, NULL);
    g_autoptr(sqlite3_stmt) row = store_prepare(before, sql, error);
    g_autoptr(GError) failure = NULL;
    if (!row) return FALSE;
    while (store_step(row, &failure)) {
        guint64 key = hash_cells(c, row, TRUE), whole = hash_cells(c, row, FALSE);
        if (!put_old(c, key, whole, sqlite3_column_int64(row, 0))) return fail_changed(error);
    }
    if (!failure) return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

/* The older row with this key that has not been met yet, or NULL. */
static OldRow *find_old(Comparison *c, guint64 key)
{
    for (gsize at = key % c->old_size; c->old[at].is_used; at = (at + 1) % c->old_size)
        if (c->old[at].key == key && !c->old[at].is_seen) return &c->old[at];
    return NULL;
}

/* ---- entries ---- */

static DiffEntry *add_entry(Comparison *c, GPtrArray *list, sqlite3_stmt *row)
{
    if (list->len >= DIFF_ENTRIES_MAX) return NULL;
    GString *key = g_string_new(NULL);
    for (guint i = 0; i < c->sheet->column_count; i++) {
        if (!c->sheet->columns[i].is_key) continue;
        if (key->len > 0) g_string_append_c(key, ' ');
        g_string_append(key, cell(row, i));
    }
    if (is_topic(c)) g_string_append_printf(key, " %s", cell(row, 1)); /* code and name */
    DiffEntry *entry = g_new0(DiffEntry, 1);
    entry->key = g_string_free(key, FALSE);
    g_ptr_array_add(list, entry);
    return entry;
}

static gboolean fetch_old(Comparison *c, gint64 id, GError **error)
{
    sqlite3_reset(c->fetch_old);
    if (sqlite3_bind_int64(c->fetch_old, 1, id) == SQLITE_OK && store_step(c->fetch_old, error))
        return TRUE;
    if (error && !*error) g_set_error(error, DIFF_ERROR, DIFF_ERROR_READ, "旧数据里少了一行");
    return FALSE;
}

static void add_fields(Comparison *c, DiffEntry *entry, sqlite3_stmt *after)
{
    entry->fields = g_ptr_array_new_with_free_func(field_free);
    for (guint i = 0; i < c->sheet->column_count; i++) {
        const char *old_text = cell(c->fetch_old, i), *new_text = cell(after, i);
        if (strcmp(old_text, new_text) == 0) continue;
        DiffField *field = g_new0(DiffField, 1);
        field->header = c->sheet->columns[i].header;
        field->before = g_strdup(old_text);
        field->after = g_strdup(new_text);
        g_ptr_array_add(entry->fields, field);
    }
}

/* Telephone numbers count even beyond the entries that are listed. */
static gboolean take_changed(Comparison *c, OldRow *old, sqlite3_stmt *after, GError **error)
{
    c->result->changed_count++;
    if (!fetch_old(c, old->id, error)) return FALSE;
    diff_phones_take(c->diff->phones, c->sheet, c->fetch_old, after);
    DiffEntry *entry = add_entry(c, c->result->changed, after);
    if (entry) add_fields(c, entry, after);
    return TRUE;
}

static void take_added(Comparison *c, sqlite3_stmt *after)
{
    c->result->added_count++;
    add_entry(c, c->result->added, after);
    diff_phones_take(c->diff->phones, c->sheet, NULL, after);
}

static gboolean read_new(Comparison *c, sqlite3 *after, GError **error)
{
    g_autofree char *sql = content_select(c->sheet, NULL);
    g_autoptr(sqlite3_stmt) row = store_prepare(after, sql, error);
    g_autoptr(GError) failure = NULL;
    if (!row) return FALSE;
    while (store_step(row, &failure)) {
        OldRow *old = find_old(c, hash_cells(c, row, TRUE));
        c->result->after_count++;
        if (!old) {
            take_added(c, row);
            continue;
        }
        old->is_seen = TRUE;
        if (old->row != hash_cells(c, row, FALSE) && !take_changed(c, old, row, error))
            return FALSE;
    }
    if (!failure) return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gint compare_ids(gconstpointer a, gconstpointer b)
{
    const gint64 *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static gboolean collect_removed(Comparison *c, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (gsize i = 0; i < c->old_size; i++) {
        gint64 id = c->old[i].id;
        if (c->old[i].is_used && !c->old[i].is_seen) g_array_append_val(ids, id);
    }
    g_array_sort(ids, compare_ids);
    c->result->removed_count = ids->len;
    for (guint i = 0; i < MIN(ids->len, DIFF_ENTRIES_MAX); i++) {
        if (!fetch_old(c, g_array_index(ids, gint64, i), error)) return FALSE;
        add_entry(c, c->result->removed, c->fetch_old);
    }
    return TRUE;
}

/* ---- a sheet, and all of them ---- */

static gboolean compare_rows(Comparison *c, sqlite3 *before, sqlite3 *after, GError **error)
{
    g_autofree char *condition = g_strdup_printf("%s = ?1", c->sheet->row_id);
    g_autofree char *sql = content_select(c->sheet, condition);
    c->fetch_old = store_prepare(before, sql, error);
    return c->fetch_old && read_old(c, before, error) && read_new(c, after, error) &&
           collect_removed(c, error);
}

static gboolean compare_sheet(Diff *diff, guint index, sqlite3 *before, sqlite3 *after,
                              GError **error)
{
    Comparison c = { .sheet = &content_sheets[index],
                     .result = &diff->sheets[index],
                     .diff = diff };
    c.old_size = (gsize)(count_rows(before, c.sheet) + 1) * 3 / 2 + 1;
    c.old = g_try_new0(OldRow, c.old_size);
    c.buffer = g_byte_array_new();
    crypto_shorthash_keygen(c.hash_key);
    gboolean is_done = c.old ? compare_rows(&c, before, after, error) : fail_changed(error);
    sqlite3_finalize(c.fetch_old);
    g_byte_array_unref(c.buffer);
    g_free(c.old);
    return is_done;
}

static void sum_up(Diff *diff, const DiffSheet *sheet)
{
    diff->added_count += sheet->added_count;
    diff->changed_count += sheet->changed_count;
    diff->removed_count += sheet->removed_count;
    if (sheet->removed_count * 100 > sheet->before_count * DIFF_MASS_PERCENT)
        diff->is_mass_removal = TRUE;
    gboolean is_mass = sheet->changed_count * 100 > sheet->before_count * DIFF_MASS_PERCENT;
    if (sheet->changed_count > DIFF_ENTRIES_MAX ||
        (is_mass && sheet->changed_count >= DIFF_MASS_CHANGES))
        diff->is_mass_change = TRUE;
}

Diff *diff_new(sqlite3 *before, sqlite3 *after, GError **error)
{
    g_autoptr(Diff) diff = g_new0(Diff, 1);
    if (sodium_init() < 0) {
        g_set_error(error, DIFF_ERROR, DIFF_ERROR_READ, "libsodium 不能用");
        return NULL;
    }
    diff->phones = diff_phones_new();
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++) {
        DiffSheet *sheet = &diff->sheets[i];
        sheet->file = content_sheets[i].file;
        sheet->added = g_ptr_array_new_with_free_func(entry_free);
        sheet->changed = g_ptr_array_new_with_free_func(entry_free);
        sheet->removed = g_ptr_array_new_with_free_func(entry_free);
        if (!compare_sheet(diff, i, before, after, error)) return NULL;
        sum_up(diff, sheet);
    }
    return diff_phones_finish(diff->phones, before, error) ? g_steal_pointer(&diff) : NULL;
}

void diff_free(Diff *diff)
{
    if (!diff) return;
    diff_phones_free(diff->phones);
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++) {
        DiffSheet *sheet = &diff->sheets[i];
        g_clear_pointer(&sheet->added, g_ptr_array_unref);
        g_clear_pointer(&sheet->changed, g_ptr_array_unref);
        g_clear_pointer(&sheet->removed, g_ptr_array_unref);
    }
    g_free(diff);
}

gboolean diff_is_empty(const Diff *diff)
{
    return diff->added_count + diff->changed_count + diff->removed_count == 0;
}

gboolean diff_has_phone_change(const Diff *diff)
{
    return !diff_phones_is_empty(diff->phones);
}

char **diff_cautions(const Diff *diff)
{
    GStrvBuilder *builder = g_strv_builder_new();
    if (diff->is_mass_removal) g_strv_builder_add(builder, "有一张表删掉了三成以上的行");
    if (diff->is_mass_change) g_strv_builder_add(builder, "有一张表改了很多行");
    g_autofree char *phones = diff_has_phone_change(diff) ? diff_phones_text(diff->phones) : NULL;
    if (phones) g_strv_builder_add(builder, phones);
    char **cautions = g_strv_builder_end(builder);
    g_strv_builder_unref(builder);
    return cautions;
}

/* ---- text ---- */

/* How many characters both begin with. */
static glong common_chars(const char *a, const char *b)
{
    glong count = 0;
    for (; *a && g_utf8_get_char(a) == g_utf8_get_char(b); count++) {
        a = g_utf8_next_char(a);
        b = g_utf8_next_char(b);
    }
    return count;
}

/* At most VALUE_CHARS_MAX characters, from `from` on. */
static void append_value(GString *text, const char *value, glong from)
{
    if (!*value) {
        g_string_append(text, "（空）");
        return;
    }
    glong to = MIN(g_utf8_strlen(value, -1), from + VALUE_CHARS_MAX);
    g_autofree char *part = g_utf8_substring(value, from, to);
    gboolean is_cut = *g_utf8_offset_to_pointer(value, to) != '\0';
    g_string_append_printf(text, "“%s%s%s”", from > 0 ? "…" : "", part, is_cut ? "…" : "");
}

/* Of a long text the part where it begins to differ. */
static void append_field(GString *text, const DiffField *field)
{
    glong same = common_chars(field->before, field->after);
    glong from = same > VALUE_CHARS_MAX / 2 ? same - VALUE_CHARS_BEFORE : 0;
    g_string_append_printf(text, "        %s：", field->header);
    append_value(text, field->before, from);
    g_string_append(text, " → ");
    append_value(text, field->after, from);
    g_string_append_c(text, '\n');
}

static void append_entry(GString *text, const DiffEntry *entry)
{
    g_string_append_printf(text, "    %s\n", entry->key);
    for (guint i = 0; entry->fields && i < entry->fields->len; i++)
        append_field(text, entry->fields->pdata[i]);
}

static void append_list(GString *text, const char *verb, const DiffSheet *sheet,
                        const GPtrArray *list, guint64 count, guint max_entries)
{
    if (count == 0) return;
    g_string_append_printf(text, "%s %s %" G_GUINT64_FORMAT " 行：\n", sheet->file, verb, count);
    guint shown = MIN(list->len, max_entries);
    for (guint i = 0; i < shown; i++)
        append_entry(text, list->pdata[i]);
    if (count > shown)
        g_string_append_printf(text, "    还有 %" G_GUINT64_FORMAT " 行\n", count - shown);
}

char *diff_text(const Diff *diff, guint max_entries)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        append_list(text, "删除", &diff->sheets[i], diff->sheets[i].removed,
                    diff->sheets[i].removed_count, max_entries);
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        append_list(text, "改动", &diff->sheets[i], diff->sheets[i].changed,
                    diff->sheets[i].changed_count, max_entries);
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        append_list(text, "新增", &diff->sheets[i], diff->sheets[i].added,
                    diff->sheets[i].added_count, max_entries);
    if (diff_is_empty(diff)) g_string_append(text, "内容没有变化。\n");
    g_auto(GStrv) cautions = diff_cautions(diff);
    for (char **caution = cautions; *caution; caution++)
        g_string_append_printf(text, "注意：%s。\n", *caution);
    return g_string_free(text, FALSE);
}

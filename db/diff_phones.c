#include "db/diff_phones.h"

#include "db/phone_number.h"
#include "db/store.h"

#define NUMBERS_MAX 10000u /* kept; if there are more, not all of them can be known */

struct DiffPhones {
    GHashTable *given; /* to a topic, in place of others or beside them */
    GHashTable *seen;  /* in changed and added rows */
    gboolean is_changed, is_full;
};

DiffPhones *diff_phones_new(void)
{
    DiffPhones *phones = g_new0(DiffPhones, 1);
    phones->given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    phones->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return phones;
}

void diff_phones_free(DiffPhones *phones)
{
    if (!phones) return;
    g_hash_table_unref(phones->given);
    g_hash_table_unref(phones->seen);
    g_free(phones);
}

static const char *cell(sqlite3_stmt *row, guint column)
{
    return store_text(row, (int)column + 1); /* column 0 is the row's id */
}

static gboolean is_bare(const ContentSheet *sheet, guint column)
{
    return strcmp(sheet->columns[column].expression, "phones") == 0;
}

static void each_number(const ContentSheet *sheet, guint column, sqlite3_stmt *row,
                        PhoneNumberFunc func, gpointer user_data)
{
    g_autofree char *said =
        is_bare(sheet, column) ? g_strconcat("电话：", cell(row, column), NULL) : NULL;
    phone_number_each(said ? said : cell(row, column), func, user_data);
}

/* ---- taking ---- */

static void add_seen(const char *number, gpointer user_data)
{
    DiffPhones *phones = user_data;
    if (g_hash_table_size(phones->seen) < NUMBERS_MAX)
        g_hash_table_add(phones->seen, g_strdup(number));
    else
        phones->is_full = phones->is_full || !g_hash_table_contains(phones->seen, number);
}

static void add(const char *number, gpointer set)
{
    g_hash_table_add(set, g_strdup(number));
}

/* At most as many as there are topics and phones of each: rule.h bounds both. */
static void take_given(DiffPhones *phones, const ContentSheet *sheet, guint column,
                       sqlite3_stmt *before, sqlite3_stmt *after)
{
    g_autoptr(GHashTable) old = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) new = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter each;
    gpointer number;
    each_number(sheet, column, before, add, old);
    each_number(sheet, column, after, add, new);
    g_hash_table_iter_init(&each, new);
    while (g_hash_table_iter_next(&each, &number, NULL))
        if (!g_hash_table_contains(old, number)) add(number, phones->given);
    phones->is_changed = TRUE;
}

void diff_phones_take(DiffPhones *phones, const ContentSheet *sheet, sqlite3_stmt *before,
                      sqlite3_stmt *after)
{
    for (guint i = 0; i < sheet->column_count; i++) {
        if (before && strcmp(cell(before, i), cell(after, i)) == 0) continue;
        each_number(sheet, i, after, add_seen, phones);
        if (before && is_bare(sheet, i)) take_given(phones, sheet, i, before, after);
    }
}

/* ---- what is known ---- */

static void strike(const char *number, gpointer user_data)
{
    g_hash_table_remove(((DiffPhones *)user_data)->seen, number);
}

static gboolean strike_sheet(DiffPhones *phones, const ContentSheet *sheet, sqlite3 *before,
                             GError **error)
{
    g_autofree char *sql = content_select(sheet, NULL);
    g_autoptr(sqlite3_stmt) row = store_prepare(before, sql, error);
    g_autoptr(GError) failure = NULL;
    if (!row) return FALSE;
    while (g_hash_table_size(phones->seen) > 0 && store_step(row, &failure))
        for (guint i = 0; i < sheet->column_count; i++)
            each_number(sheet, i, row, strike, phones);
    if (!failure) return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean diff_phones_finish(DiffPhones *phones, sqlite3 *before, GError **error)
{
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        if (!strike_sheet(phones, &content_sheets[i], before, error)) return FALSE;
    return TRUE;
}

/* ---- what is left ---- */

gboolean diff_phones_is_empty(const DiffPhones *phones)
{
    return !phones->is_changed && !phones->is_full && g_hash_table_size(phones->seen) == 0;
}

static int compare(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

char *diff_phones_text(const DiffPhones *phones)
{
    g_autoptr(GList) given = g_hash_table_get_keys(phones->given);
    g_autoptr(GList) all = g_hash_table_get_keys(phones->seen);
    GString *text = g_string_new("有电话号码变了，请拨打核对");
    for (GList *at = given; at; at = at->next)
        if (!g_hash_table_contains(phones->seen, at->data)) all = g_list_prepend(all, at->data);
    all = g_list_sort(all, compare);
    guint count = 0;
    for (GList *at = all; at && count < DIFF_PHONES_MAX; at = at->next, count++)
        g_string_append_printf(text, count ? "、%s" : "：%s", (const char *)at->data);
    if (phones->is_full || count < g_list_length(all)) g_string_append(text, "等");
    return g_string_free(text, FALSE);
}

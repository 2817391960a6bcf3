/* db/starter: the content we ship keeps stricter rules than staff have to: only country-wide
 * hotlines, only the published report as source, only its year, three to six questions a topic, and
 * no number in an answer that the topic, its figures or its projects do not have. */
#include "db/import.h"
#include "db/store.h"

static sqlite3 *starter;

static void assert_none(const char *sql)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(sqlite3_stmt) row = store_prepare(starter, sql, &error);
    g_assert_no_error(error);
    while (store_step(row, &error)) {
        g_test_message("%s", store_text(row, 0));
        g_test_fail();
    }
    g_assert_no_error(error);
}

static gint64 count(const char *sql)
{
    g_autoptr(sqlite3_stmt) row = store_prepare(starter, sql, NULL);
    g_assert_true(row && store_step(row, NULL));
    return sqlite3_column_int64(row, 0);
}

/* Imported without an error and without a warning: nothing had to be mended. */
static void test_import(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ImportReport) report = import_report_new();
    starter = store_create_scratch(&error);
    g_autofree char *sheets = g_test_build_filename(G_TEST_DIST, "db", "starter", NULL);
    gboolean is_done = import_sheets(sheets, NULL, starter, report, &error);
    g_assert_no_error(error);
    g_assert_true(is_done);
    g_assert_cmpuint(report->error_count, ==, 0);
    g_assert_cmpuint(report->warning_count, ==, 0);
}

static void test_counts(void)
{
    g_assert_cmpint(count("SELECT count(*) FROM topic"), ==, 54);
    g_assert_cmpint(count("SELECT count(*) FROM figure"), ==, 72);
    g_assert_cmpint(count("SELECT count(*) FROM project"), ==, 30);
    g_assert_cmpint(count("SELECT count(*) FROM qa"), ==, 193);
    g_assert_cmpint(count("SELECT count(*) FROM synonym"), >=, 150);
    g_assert_cmpint(count("SELECT count(*) FROM notice"), ==, 8);
}

static void test_source_and_year(void)
{
    assert_none("SELECT subject FROM figure WHERE source <> '锦湖街道2023年工作报道'");
    assert_none("SELECT name FROM project WHERE source <> '锦湖街道2023年工作报道'");
    assert_none("SELECT subject FROM figure WHERE year NOT IN (2023, 2024)");
    assert_none("SELECT name FROM project WHERE year <> 2023");
}

static void test_hotlines(void)
{
    static const char *const hotlines[] = { "12345", "12348", "96110", "12393", "12333",
                                            "12385", "12350", "12388", "12315", "110",
                                            "119",   "120",   "122",   NULL };
    g_autoptr(sqlite3_stmt) row = store_prepare(starter, "SELECT phones FROM topic", NULL);
    while (store_step(row, NULL)) {
        g_auto(GStrv) phones = g_strsplit(store_text(row, 0), ";", -1);
        for (char **phone = phones; *phone; phone++)
            g_assert_true(g_strv_contains(hotlines, *phone));
    }
}

static void test_questions(void)
{
    assert_none("SELECT code FROM topic WHERE (SELECT count(*) FROM qa WHERE topic_code = code) "
                "NOT BETWEEN 3 AND 6");
}

static void add_numbers(GHashTable *numbers, const char *text)
{
    for (const char *at = text; *at;) {
        gsize len = strspn(at, "0123456789");
        if (len == 0) {
            at++;
            continue;
        }
        if (at[len] == '.' && g_ascii_isdigit(at[len + 1]))
            len += 1 + strspn(at + len + 1, "0123456789");
        g_hash_table_add(numbers, g_strndup(at, len));
        at += len;
    }
}

static void add_all_numbers(GHashTable *numbers, const char *sql, const char *code)
{
    g_autoptr(sqlite3_stmt) row = store_prepare(starter, sql, NULL);
    g_assert_nonnull(row);
    sqlite3_bind_text(row, 1, code, -1, SQLITE_STATIC);
    while (store_step(row, NULL))
        for (int i = 0; i < sqlite3_column_count(row); i++)
            add_numbers(numbers, store_text(row, i));
}

static void test_numbers(void)
{
    g_autoptr(sqlite3_stmt) row = store_prepare(starter, "SELECT topic_code, answer FROM qa", NULL);
    while (store_step(row, NULL)) {
        g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(GHashTable) used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        add_all_numbers(known, "SELECT * FROM topic WHERE code = ?1", store_text(row, 0));
        add_all_numbers(known, "SELECT name FROM alias WHERE topic_code = ?1", store_text(row, 0));
        add_all_numbers(known, "SELECT * FROM figure WHERE topic_code = ?1", store_text(row, 0));
        add_all_numbers(known, "SELECT * FROM project WHERE topic_code = ?1", store_text(row, 0));
        add_numbers(used, store_text(row, 1));
        GHashTableIter iter;
        gpointer number = NULL;
        g_hash_table_iter_init(&iter, used);
        while (g_hash_table_iter_next(&iter, &number, NULL))
            if (!g_hash_table_contains(known, number)) {
                g_test_message("%s: %s in %s", store_text(row, 0), (char *)number,
                               store_text(row, 1));
                g_test_fail();
            }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/starter/import", test_import);
    g_test_add_func("/starter/counts", test_counts);
    g_test_add_func("/starter/source-and-year", test_source_and_year);
    g_test_add_func("/starter/hotlines", test_hotlines);
    g_test_add_func("/starter/questions", test_questions);
    g_test_add_func("/starter/numbers", test_numbers);
    int status = g_test_run();
    store_close(starter);
    return status;
}

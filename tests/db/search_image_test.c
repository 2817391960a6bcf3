#include "db/search_image.h"

#include "db/generation.h"
#include "db/import.h"
#include "db/search_question.h"
#include "db/store.h"

static Catalogue *catalogue;

static void sql(const char *statement)
{
    g_autoptr(GError) error = NULL;

    store_exec(catalogue->db, statement, &error);
    g_assert_no_error(error);
}

static void store(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *digest = generation_digest(catalogue->db, &error);

    g_assert_no_error(error);
    g_assert_true(generation_seal(catalogue->db, digest, &error));
    g_assert_true(search_image_store(catalogue->db, digest, &error));
    g_assert_no_error(error);
}

static gboolean is_kept(void)
{
    SearchIndex *index = search_image_load(catalogue);

    search_index_free(index);
    return index != NULL;
}

static void ask(Search *search, const char *text, SearchResult *result)
{
    g_autoptr(SearchQuestion) question = search_question_new(search, text);

    memset(result, 0, sizeof *result);
    search_query(search, question, result);
}

/* The kept index answers as the built one does. */
static void test_same(void)
{
    g_autoptr(Search) built = NULL;
    g_autoptr(Search) kept = NULL;

    sql("DELETE FROM search_index");
    g_assert_false(is_kept());
    built = search_new(catalogue);
    store();
    g_assert_true(is_kept());
    kept = search_new(catalogue);
    for (guint i = 0; i < catalogue->qa_count + catalogue->lay_word_count; i++) {
        const char *text = i < catalogue->qa_count
                               ? catalogue->qas[i].question
                               : catalogue->lay_words[i - catalogue->qa_count].word;
        SearchResult a, b;

        ask(built, text, &a);
        ask(kept, text, &b);
        g_assert_cmpmem(&a, sizeof a, &b, sizeof b);
    }
}

/* Octets of the rows, one behind the other. */
static GByteArray *read_all(void)
{
    g_autoptr(sqlite3_stmt) rows =
        store_prepare(catalogue->db, "SELECT octets FROM search_index ORDER BY part", NULL);
    GByteArray *all = g_byte_array_new();

    while (store_step(rows, NULL))
        g_byte_array_append(all, sqlite3_column_blob(rows, 0),
                            (guint)sqlite3_column_bytes(rows, 0));
    return all;
}

static void write_all(const guint8 *octets, guint len)
{
    g_autoptr(sqlite3_stmt) insert =
        store_prepare(catalogue->db, "INSERT INTO search_index (octets) VALUES (?1)", NULL);

    sql("DELETE FROM search_index");
    for (guint at = 0; at < len; at += 500000) {
        sqlite3_bind_blob(insert, 1, octets + at, (int)MIN(500000, len - at), SQLITE_STATIC);
        store_step(insert, NULL);
        sqlite3_reset(insert);
    }
}

static void test_damaged(void)
{
    g_autoptr(GByteArray) all = NULL;
    enum { HEAD = 160, ELSEWHERE = 300 };

    store();
    all = read_all();
    for (guint i = 0; i < HEAD + ELSEWHERE; i++) {
        guint at = i < HEAD ? i : (guint)g_test_rand_int_range(HEAD, (gint32)all->len);
        all->data[at] ^= (guint8)(1 << i % 8);
        write_all(all->data, all->len);
        g_assert_false(is_kept());
        all->data[at] ^= (guint8)(1 << i % 8);
    }
    for (guint i = 0; i < 100; i++) {
        write_all(all->data, i < 50 ? i * 4 : (guint)g_test_rand_int_range(1, (gint32)all->len));
        g_assert_false(is_kept());
    }
    g_byte_array_append(all, (const guint8 *)"\0", 1);
    write_all(all->data, all->len);
    g_assert_false(is_kept());
    write_all(all->data, all->len - 1);
    g_assert_true(is_kept());
}

static void test_other_rows(void)
{
    store();
    sql("UPDATE seal SET digest = '00000000000000000000000000000000'");
    g_assert_false(is_kept());
    store();
    g_assert_true(is_kept());
    sql("DELETE FROM seal");
    g_assert_false(is_kept());
}

/* A generation of an older program has no such table. */
static void test_older(void)
{
    g_autoptr(Search) search = NULL;
    SearchResult result;

    store();
    sql("ALTER TABLE search_index RENAME TO other");
    g_assert_false(is_kept());
    search = search_new(catalogue);
    ask(search, "低保", &result);
    g_assert_cmpint(result.outcome, ==, SEARCH_ANSWER);
    sql("ALTER TABLE other RENAME TO search_index");
}

/* The starter's rows in a database that may be written. */
static sqlite3 *open_rows(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ImportReport) report = import_report_new();
    g_autofree char *sheets = g_test_build_filename(G_TEST_DIST, "db", "starter", NULL);
    sqlite3 *db = store_create_scratch(&error);

    g_assert_no_error(error);
    g_assert_true(import_sheets(sheets, NULL, db, report, &error));
    g_assert_no_error(error);
    return db;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    sqlite3 *db;
    int status;

    g_test_init(&argc, &argv, NULL);
    db = open_rows();
    catalogue = catalogue_read(db, &error);
    g_assert_no_error(error);
    g_test_add_func("/search_image/same", test_same);
    g_test_add_func("/search_image/damaged", test_damaged);
    g_test_add_func("/search_image/other-rows", test_other_rows);
    g_test_add_func("/search_image/older", test_older);
    status = g_test_run();
    catalogue_free(catalogue);
    store_close(db);
    return status;
}

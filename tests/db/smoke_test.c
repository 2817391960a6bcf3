#include "db/smoke.h"

#include "tests/db/starter.h"

static Catalogue *catalogue;

static void test_starter(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(smoke_test(catalogue->db, NULL, &error));
    g_assert_no_error(error);
}

/* Questions that nobody could ask: what a wrong encoding leaves of Chinese. */
static void test_lost_text(void)
{
    g_autoptr(GError) error = NULL;
    sqlite3 *db = store_create_scratch(&error);

    g_assert_no_error(error);
    g_assert_true(
        store_exec(db,
                   "INSERT INTO topic VALUES ('AA01', 1, '低保', '社会救助', '答', '说明',"
                   " '', '', '', '', '', '', '12345', '依据', '2023-12-31', '已核实')",
                   &error));
    for (guint i = 0; i < 30; i++)
        g_assert_true(store_exec(
            db, "INSERT INTO qa (topic_code, question, answer) VALUES ('AA01', '????？', '答')",
            &error));
    g_assert_false(smoke_test(db, NULL, &error));
    g_assert_error(error, GENERATION_ERROR, GENERATION_ERROR_CHECK);
    store_close(db);
}

static void test_empty(void)
{
    g_autoptr(GError) error = NULL;
    sqlite3 *db = store_create_scratch(&error);

    g_assert_true(smoke_test(db, NULL, &error));
    store_close(db);
}

int main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    catalogue = starter_catalogue();
    g_test_add_func("/smoke/starter", test_starter);
    g_test_add_func("/smoke/lost-text", test_lost_text);
    g_test_add_func("/smoke/empty", test_empty);
    status = g_test_run();
    catalogue_free(catalogue);
    return status;
}

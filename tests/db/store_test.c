#include "db/store.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

typedef struct {
    char *dir, *path;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
    (void)unused;
    f->dir = g_dir_make_tmp("store-XXXXXX", NULL);
    g_assert_nonnull(f->dir);
    f->path = g_build_filename(f->dir, "内容 %20?#.db", NULL);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_remove(f->path);
    g_assert_cmpint(g_rmdir(f->dir), ==, 0); /* no journal, no wal, nothing else */
    g_free(f->path);
    g_free(f->dir);
}

static void create(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    sqlite3 *db = store_create_content(f->path, &error);
    g_assert_no_error(error);
    g_assert_true(
        store_exec(db, "INSERT INTO synonym VALUES (1, '低保', '低保户;吃低保')", &error));
    g_assert_no_error(error);
    store_close(db);
}

static char *text_of(sqlite3 *db, const char *sql, GError **error)
{
    sqlite3_stmt *statement = store_prepare(db, sql, error);
    if (!statement) return NULL;
    char *text = store_step(statement, error) ? g_strdup(store_text(statement, 0)) : NULL;
    sqlite3_finalize(statement);
    return text;
}

static void test_create_then_read(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    create(f);
    g_assert_null(store_create_content(f->path, &error)); /* never over an existing file */
    g_assert_error(error, STORE_ERROR, STORE_ERROR_WRITE);
    g_clear_error(&error);

    sqlite3 *db = store_open_content(f->path, &error);
    g_assert_no_error(error);
    g_autofree char *term = text_of(db, "SELECT term FROM synonym", &error);
    g_assert_cmpstr(term, ==, "低保");
    store_close(db);
}

/* What a reader must refuse. */
static const struct {
    const char *name, *sql;
} refused[] = {
    { "write", "DELETE FROM synonym" },
    { "create", "CREATE TABLE t (x)" },
    { "attach", "ATTACH ':memory:' AS other" },
    { "double-quoted string", "SELECT \"no such column\"" },
    { "load_extension", "SELECT load_extension('x')" },
    { "long like pattern",
      "SELECT 1 WHERE 'a' LIKE '%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%'" },
    { "huge value", "SELECT zeroblob(2000000)" },
    { "six-fold union",
      "SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION "
      "SELECT 6" },
    { "runaway", "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) "
                 "SELECT max(x) FROM r" },
};

static void test_reader_is_guarded(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    create(f);
    sqlite3 *db = store_open_content(f->path, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_test_message("%s", refused[i].name);
        g_autofree char *text = text_of(db, refused[i].sql, &error);
        g_assert_null(text);
        g_assert_nonnull(error);
        g_assert_true(error->domain == STORE_ERROR);
        g_clear_error(&error);
    }
    g_autofree char *still = text_of(db, "SELECT variants FROM synonym", &error);
    g_assert_cmpstr(still, ==, "低保户;吃低保");
    store_close(db);
}

static void test_trigger_and_view_are_dead(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    create(f);
    sqlite3 *raw = NULL; /* somebody else's hand in our file */
    g_assert_cmpint(sqlite3_open(f->path, &raw), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(raw, "CREATE VIEW v AS SELECT 1", NULL, NULL, NULL), ==,
                    SQLITE_OK);
    sqlite3_close(raw);

    sqlite3 *db = store_open_content(f->path, &error);
    g_assert_no_error(error);
    g_autofree char *text = text_of(db, "SELECT * FROM v", &error);
    g_assert_null(text);
    g_assert_error(error, STORE_ERROR, STORE_ERROR_SQL);
    store_close(db);
}

static void test_foreign_files(Fixture *f, gconstpointer unused)
{
    static const struct {
        const char *name, *sql;
        StoreError expected;
    } rows[] = {
        { "not ours", "PRAGMA application_id=1", STORE_ERROR_FORMAT },
        { "newer schema", "PRAGMA user_version=99", STORE_ERROR_FORMAT },
    };
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_assert_null(store_open_content(f->path, &error)); /* missing */
    g_assert_error(error, STORE_ERROR, STORE_ERROR_OPEN);
    g_clear_error(&error);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        create(f);
        sqlite3 *raw = NULL;
        g_assert_cmpint(sqlite3_open(f->path, &raw), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_exec(raw, rows[i].sql, NULL, NULL, NULL), ==, SQLITE_OK);
        sqlite3_close(raw);
        g_assert_null(store_open_content(f->path, &error));
        g_assert_error(error, STORE_ERROR, (gint)rows[i].expected);
        g_clear_error(&error);
        g_remove(f->path);
    }
    g_assert_true(g_file_set_contents(f->path, "这不是数据库，这不是数据库", -1, NULL));
    g_assert_null(store_open_content(f->path, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_FORMAT);
}

static void test_image(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    create(f);
    char *octets = NULL;
    gsize len = 0;
    g_assert_true(g_file_get_contents(f->path, &octets, &len, NULL));
    g_autoptr(GBytes) image = g_bytes_new_take(octets, len);
    sqlite3 *db = store_open_image(image, &error);
    g_assert_no_error(error);
    g_autofree char *term = text_of(db, "SELECT term FROM synonym", &error);
    g_assert_cmpstr(term, ==, "低保");
    for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autofree char *text = text_of(db, refused[i].sql, &error);
        g_assert_null(text);
        g_assert_nonnull(error);
        g_clear_error(&error);
    }
    store_close(db);

    /* any truncation: opened or refused, never a crash */
    for (gsize cut = 0; cut < len; cut += 97) {
        g_autoptr(GBytes) part = g_bytes_new_from_bytes(image, 0, cut);
        sqlite3 *maybe = store_open_image(part, &error);
        g_assert_true((maybe == NULL) == (error != NULL));
        g_clear_error(&error);
        store_close(maybe);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)
    ADD("/store/create-then-read", test_create_then_read);
    ADD("/store/reader-is-guarded", test_reader_is_guarded);
    ADD("/store/trigger-and-view", test_trigger_and_view_are_dead);
    ADD("/store/foreign-files", test_foreign_files);
    ADD("/store/image", test_image);
    return g_test_run();
}

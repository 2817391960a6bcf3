#include "tests/db/sample.h"

#include "db/audit.h"
#include "db/pointer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

typedef struct {
    char *top, *dir;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
    (void)unused;
    f->top = g_dir_make_tmp("generation-XXXXXX", NULL);
    g_assert_nonnull(f->top);
    f->dir = g_build_filename(f->top, "深", "数据", NULL); /* has to be made */
}

static void tear_down(Fixture *f, gconstpointer unused)
{
    (void)unused;
    sample_remove(f->top);
    g_free(f->dir);
    g_free(f->top);
}

static char *in(const char *dir, const char *name)
{
    return g_build_filename(dir, name, NULL);
}

/* Publishes the base and one more question, so that every call gives other content. */
static guint publish(const char *dir, const char *more)
{
    g_autoptr(GError) error = NULL;
    guint number = 0;
    g_autoptr(GenerationDraft) draft = generation_draft_new(dir, &error);
    g_assert_no_error(error);
    g_autofree char *rows = g_strconcat(SAMPLE_BASE, more, NULL);
    sample_create(generation_draft_path(draft), rows);
    g_assert_true(generation_draft_publish(draft, "测试", &number, &error));
    g_assert_no_error(error);
    return number;
}

#define ONE SAMPLE_QA("CL01", "残疾钱怎么领？", "向街道申请。")
#define TWO SAMPLE_QA("CL01", "残疾钱多少？", "问社区。")

static void check_served(const char *dir, guint number, GenerationSource source,
                         guint warning_count)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Generation) generation = generation_open(dir, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(generation->number, ==, number);
    g_assert_cmpint(generation->source, ==, source);
    g_assert_cmpuint(generation->warnings->len, ==, warning_count);
    g_autofree char *digest = generation_digest(generation->db, &error);
    g_assert_no_error(error);
    if (source == GENERATION_BUILTIN)
        g_assert_null(generation->digest);
    else
        g_assert_cmpstr(digest, ==, generation->digest);
}

static void check_no_leftovers(const char *dir)
{
    static const char *const expected[] = { "audit", "content", "current", "previous", NULL };
    g_autoptr(GDir) top = g_dir_open(dir, 0, NULL);
    for (const char *name; (name = g_dir_read_name(top));)
        g_assert_true(g_strv_contains(expected, name));
    g_autofree char *content = in(dir, "content");
    g_autoptr(GDir) files = g_dir_open(content, 0, NULL);
    for (const char *name; (name = g_dir_read_name(files));)
        g_assert_true(g_str_has_suffix(name, ".db"));
}

static void test_publish(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_assert_cmpuint(publish(f->dir, ""), ==, 1);
    check_served(f->dir, 1, GENERATION_CURRENT, 0);
    g_autoptr(Generation) before = generation_open(f->dir, &error);
    g_assert_false(generation_is_stale(before));
    g_assert_cmpuint(publish(f->dir, ONE), ==, 2);
    g_assert_true(generation_is_stale(before));
    check_served(f->dir, 2, GENERATION_CURRENT, 0);
    check_no_leftovers(f->dir);

    g_autofree char *file = in(f->dir, "content/content-000002.db");
    struct stat st;
    g_assert_cmpint(stat(file, &st), ==, 0);
    g_assert_cmpuint(st.st_mode & 0777, ==, 0440);
    guint64 lines = 0;
    g_assert_true(audit_verify(f->dir, &lines, &error));
    g_assert_cmpuint(lines, ==, 2);
}

static void test_draft_is_discarded(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    publish(f->dir, "");
    GenerationDraft *draft = generation_draft_new(f->dir, &error);
    g_assert_no_error(error);
    g_assert_null(generation_draft_new(f->dir, &error));
    g_assert_error(error, GENERATION_ERROR, GENERATION_ERROR_BUSY);
    sample_create(generation_draft_path(draft), SAMPLE_BASE);
    generation_draft_free(draft);
    check_no_leftovers(f->dir);
    check_served(f->dir, 1, GENERATION_CURRENT, 0);
    g_assert_cmpuint(publish(f->dir, ONE), ==, 2); /* lock released, number not used up */
}

static gboolean never_happy(sqlite3 *db, gpointer data, GError **error)
{
    (void)db;
    (void)data;
    g_set_error(error, GENERATION_ERROR, GENERATION_ERROR_CHECK, "答案不对");
    return FALSE;
}

/* What must not be published. */
static const struct {
    const char *name, *damage; /* SQL after the sample */
    gboolean has_smoke;
} bad_drafts[] = {
    { "count differs", "DELETE FROM qa", FALSE },
    { "sheet row missing", "DELETE FROM sheet WHERE name = '事项.csv'", FALSE },
    { "dangling reference",
      "PRAGMA foreign_keys=OFF; INSERT INTO qa VALUES (9, 'ZZ99', '问？', '答'); "
      "UPDATE sheet SET rows = rows + 1 WHERE name = '问答.csv'",
      FALSE },
    { "smoke test", "SELECT 1", TRUE },
};

static void test_bad_drafts(Fixture *f, gconstpointer unused)
{
    (void)unused;
    publish(f->dir, "");
    for (guint i = 0; i < G_N_ELEMENTS(bad_drafts); i++) {
        g_test_message("%s", bad_drafts[i].name);
        g_autoptr(GError) error = NULL;
        guint number = 0;
        g_autoptr(GenerationDraft) draft = generation_draft_new(f->dir, &error);
        g_assert_no_error(error);
        sample_create(generation_draft_path(draft), SAMPLE_BASE);
        sqlite3 *raw = NULL;
        g_assert_cmpint(sqlite3_open(generation_draft_path(draft), &raw), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_exec(raw, bad_drafts[i].damage, NULL, NULL, NULL), ==, SQLITE_OK);
        sqlite3_close(raw);
        if (bad_drafts[i].has_smoke) generation_draft_set_smoke_test(draft, never_happy, NULL);
        g_assert_false(generation_draft_publish(draft, "", &number, &error));
        g_assert_error(error, GENERATION_ERROR, GENERATION_ERROR_CHECK);
    }
    check_served(f->dir, 1, GENERATION_CURRENT, 0);
    check_no_leftovers(f->dir);
}

static void test_leftovers_are_cleared(Fixture *f, gconstpointer unused)
{
    static const char *const names[] = { "current.tmp", "previous.tmp", "content/content-000002.db",
                                         "content/content-000002.db.tmp",
                                         "content/content-000007.db.tmp-journal" };
    (void)unused;
    publish(f->dir, "");
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = in(f->dir, names[i]);
        g_assert_true(g_file_set_contents(path, "x", 1, NULL));
    }
    check_served(f->dir, 1, GENERATION_CURRENT, 0);
    generation_draft_free(generation_draft_new(f->dir, NULL));
    check_no_leftovers(f->dir);
    g_autoptr(GArray) numbers = generation_list(f->dir);
    g_assert_cmpuint(numbers->len, ==, 1);
}

static void flip(const char *path, gsize at)
{
    char *octets = NULL;
    gsize len = 0;
    g_assert_true(g_file_get_contents(path, &octets, &len, NULL));
    octets[at % len] ^= 1;
    g_assert_true(g_file_set_contents(path, octets, (gssize)len, NULL));
    g_free(octets);
}

static void test_fallback(Fixture *f, gconstpointer unused)
{
    (void)unused;
    publish(f->dir, "");
    publish(f->dir, ONE);
    g_autofree char *current = in(f->dir, "current");
    g_autofree char *newer = in(f->dir, "content/content-000002.db");
    g_autofree char *pointer = NULL;
    gsize len = 0;
    g_assert_true(g_file_get_contents(current, &pointer, &len, NULL));
    for (gsize i = 0; i < len; i++) { /* every octet of the pointer */
        flip(current, i);
        check_served(f->dir, 1, GENERATION_PREVIOUS, 1);
        flip(current, i);
    }
    for (gsize cut = 0; cut < len; cut++) {
        g_assert_true(g_file_set_contents(current, pointer, (gssize)cut, NULL));
        check_served(f->dir, 1, GENERATION_PREVIOUS, 1);
    }
    g_remove(current);
    check_served(f->dir, 1, GENERATION_PREVIOUS, 1);
    g_assert_true(g_file_set_contents(current, pointer, (gssize)len, NULL));
    check_served(f->dir, 2, GENERATION_CURRENT, 0);
    g_chmod(newer, 0640);
    for (gsize i = 0; i < 60000; i += 997) {
        flip(newer, i);
        check_served(f->dir, 1, GENERATION_PREVIOUS, 1);
        flip(newer, i);
    }
    g_remove(newer);
    check_served(f->dir, 1, GENERATION_PREVIOUS, 1);

    /* publishing mends it, and what was served stays behind it */
    g_assert_cmpuint(publish(f->dir, TWO), ==, 3);
    check_served(f->dir, 3, GENERATION_CURRENT, 0);
    g_remove(current);
    check_served(f->dir, 1, GENERATION_PREVIOUS, 1);
    g_assert_cmpuint(publish(f->dir, ONE), ==, 4); /* never a number twice */
}

static void test_nothing_left(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    publish(f->dir, "");
    g_autofree char *current = in(f->dir, "current");
    g_autofree char *previous = in(f->dir, "previous");
    g_remove(current);
    g_remove(previous);
    /* this program has no starter built in: an error, never neither */
    g_assert_null(generation_open(f->dir, &error));
    g_assert_error(error, GENERATION_ERROR, GENERATION_ERROR_DAMAGED);
}

static void test_rollback(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    guint number = 0;
    publish(f->dir, "");
    publish(f->dir, ONE);
    publish(f->dir, TWO);
    g_assert_true(generation_rollback(f->dir, GENERATION_BEFORE, &number, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(number, ==, 2);
    check_served(f->dir, 2, GENERATION_CURRENT, 0);
    g_assert_true(generation_rollback(f->dir, 3, &number, &error)); /* and forward again */
    check_served(f->dir, 3, GENERATION_CURRENT, 0);
    g_assert_false(generation_rollback(f->dir, 3, &number, &error));
    g_assert_error(error, GENERATION_ERROR, GENERATION_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_false(generation_rollback(f->dir, 77, &number, &error));
    g_assert_error(error, GENERATION_ERROR, GENERATION_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_true(generation_rollback(f->dir, 1, &number, &error));
    g_assert_cmpuint(publish(f->dir, ONE), ==,
                     4); /* nothing rolled away from is lost or overwritten */
    g_autoptr(GArray) numbers = generation_list(f->dir);
    g_assert_cmpuint(numbers->len, ==, 4);
    g_assert_true(audit_verify(f->dir, NULL, &error));
}

/* A flipped bit within a text is no matter to integrity_check, but it is to the seal. */
static void test_rollback_refuses_damage(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    guint number = 0;
    publish(f->dir, "");
    publish(f->dir, ONE);
    g_autofree char *old = in(f->dir, "content/content-000001.db");
    g_chmod(old, 0640);
    sqlite3 *raw = NULL;
    g_assert_cmpint(sqlite3_open(old, &raw), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(raw, "UPDATE topic SET phones = '12346'", NULL, NULL, NULL), ==,
                    SQLITE_OK);
    sqlite3_close(raw);
    g_assert_false(generation_rollback(f->dir, 1, &number, &error));
    g_assert_error(error, GENERATION_ERROR, GENERATION_ERROR_DAMAGED);
    check_served(f->dir, 2, GENERATION_CURRENT, 0);

    g_clear_error(&error); /* what is no file is not waited for */
    g_assert_cmpint(unlink(old), ==, 0);
    g_assert_cmpint(mkfifo(old, 0600), ==, 0);
    g_assert_false(generation_rollback(f->dir, 1, &number, &error));
    g_assert_error(error, GENERATION_ERROR, GENERATION_ERROR_DAMAGED);
}

static void test_keeps_ten_and_months(Fixture *f, gconstpointer unused)
{
    (void)unused;
    for (guint i = 1; i <= 4; i++) { /* two in each of two past months */
        guint number = publish(f->dir, "");
        g_autofree char *name = g_strdup_printf("content/content-%06u.db", number);
        g_autofree char *path = in(f->dir, name);
        g_autoptr(GDateTime) time =
            g_date_time_new_utc(2024, number <= 2 ? 3 : 4, 15, (int)number, 0, 0);
        const struct utimbuf times = { g_date_time_to_unix(time), g_date_time_to_unix(time) };
        g_assert_cmpint(utime(path, &times), ==, 0);
    }
    for (guint i = 0; i < 12; i++)
        publish(f->dir, "");
    static const guint expected[] = { 2, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
    g_autoptr(GArray) numbers = generation_list(f->dir);
    g_assert_cmpuint(numbers->len, ==, G_N_ELEMENTS(expected));
    g_assert_true(memcmp(numbers->data, expected, sizeof expected) == 0);
}

/* Not on sheet rows, page layout or deleted rows; on each cell, its place and the order of rows. */
static void test_digest(Fixture *f, gconstpointer unused)
{
    static const struct {
        const char *name, *rows;
        gboolean is_same;
    } rows[] = {
        { "the same", SAMPLE_BASE, TRUE },
        { "other pages",
          SAMPLE_BASE "DELETE FROM qa; INSERT INTO qa VALUES (7, 'JZ01', "
                      "'低保怎么申请？', '向街道申请。')",
          TRUE },
        { "one letter", SAMPLE_BASE "UPDATE qa SET answer = '向街道申请'", FALSE },
        { "an alias", SAMPLE_BASE "DELETE FROM alias WHERE position = 2", FALSE },
        { "order of aliases", SAMPLE_BASE "UPDATE alias SET position = 3 WHERE position = 1",
          FALSE },
        { "order of rows", SAMPLE_BASE "UPDATE topic SET position = 9 WHERE code = 'JZ01'", FALSE },
        { "cells shifted", SAMPLE_BASE "UPDATE topic SET location = 'x' WHERE code = 'JZ01'",
          FALSE },
    };
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_autofree char *reference = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].name);
        g_autofree char *path = in(f->top, "x.db");
        sample_create(path, rows[i].rows);
        sqlite3 *db = store_open_content(path, &error);
        g_assert_no_error(error);
        g_autofree char *digest = generation_digest(db, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(strlen(digest), ==, 32);
        if (!reference) reference = g_strdup(digest);
        g_assert_cmpint(strcmp(digest, reference) == 0, ==, rows[i].is_same);
        store_close(db);
        g_remove(path);
    }
}

static void test_odd_folders(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_autofree char *file = in(f->top, "file");
    g_assert_true(g_file_set_contents(file, "x", 1, NULL));
    g_assert_null(generation_draft_new(file, &error));
    g_assert_error(error, GENERATION_ERROR, GENERATION_ERROR_WRITE);
    g_clear_error(&error);

    /* a link, a FIFO, a folder in the pointer's place are no pointers, and nobody waits for them */
    publish(f->dir, "");
    publish(f->dir, ONE);
    g_autofree char *current = in(f->dir, "current");
    g_autofree char *aside = in(f->dir, "aside");
    g_assert_cmpint(g_rename(current, aside), ==, 0);
    g_assert_cmpint(symlink("aside", current), ==, 0);
    check_served(f->dir, 1, GENERATION_PREVIOUS, 1);
    g_remove(current);
    g_assert_cmpint(mkfifo(current, 0600), ==, 0);
    check_served(f->dir, 1, GENERATION_PREVIOUS, 1);
    g_remove(current);
    g_assert_cmpint(g_mkdir(current, 0700), ==, 0);
    check_served(f->dir, 1, GENERATION_PREVIOUS, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)
    ADD("/generation/publish", test_publish);
    ADD("/generation/draft-is-discarded", test_draft_is_discarded);
    ADD("/generation/bad-drafts", test_bad_drafts);
    ADD("/generation/leftovers", test_leftovers_are_cleared);
    ADD("/generation/fallback", test_fallback);
    ADD("/generation/nothing-left", test_nothing_left);
    ADD("/generation/rollback", test_rollback);
    ADD("/generation/rollback-refuses-damage", test_rollback_refuses_damage);
    ADD("/generation/keeps-ten-and-months", test_keeps_ten_and_months);
    ADD("/generation/digest", test_digest);
    ADD("/generation/odd-folders", test_odd_folders);
    return g_test_run();
}

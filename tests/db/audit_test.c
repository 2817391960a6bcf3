#include "tests/db/sample.h"

#include "db/audit.h"

#include <unistd.h>

typedef struct {
    char *dir;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
    (void)unused;
    f->dir = g_dir_make_tmp("audit-XXXXXX", NULL);
    g_assert_nonnull(f->dir);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
    (void)unused;
    sample_remove(f->dir);
    g_free(f->dir);
}

static void append(const char *dir, int month, const char *summary)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDateTime) now = g_date_time_new_utc(2026, month, 5, 9, 10, 11);
    const char *const fields[] = { "summary", summary, "number", "12", NULL };
    g_assert_true(audit_append(dir, now, "publish", fields, &error));
    g_assert_no_error(error);
}

static char *read_log(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, "audit", name, NULL);
    char *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL) ? text : NULL;
}

static void write_log(const char *dir, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(dir, "audit", name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void test_chain(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    guint64 count = 9;
    g_assert_true(audit_verify(f->dir, &count, &error)); /* nothing yet */
    g_assert_cmpuint(count, ==, 0);
    append(f->dir, 3, "第一次\"引号\"\n换行\x1b");
    append(f->dir, 3, "");
    append(f->dir, 4, "\xff\xfe"); /* not UTF-8 */
    append(f->dir, 2, "钟表倒退"); /* goes behind, not in front */
    g_assert_true(audit_verify(f->dir, &count, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(count, ==, 4);
    g_autofree char *march = read_log(f->dir, "audit-202603.log");
    g_autofree char *february = read_log(f->dir, "audit-202602.log");
    g_assert_null(february);
    g_assert_true(
        g_str_has_prefix(march, "{\"time\":\"2026-03-05T09:10:11+00:00\",\"event\":\"publish\""));
    g_assert_null(strchr(march, 0x1b));
}

/* Whatever is done to a line that has a successor shows. */
static const struct {
    const char *name, *old, *fresh;
} changes[] = {
    { "a letter", "一", "二" },
    { "a hash", "\"before\":\"\"", "\"before\":\"00\"" },
    { "an event", "publish", "nothing" },
};

static void test_changes_show(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    append(f->dir, 3, "一");
    append(f->dir, 4, "三");
    g_autofree char *log = read_log(f->dir, "audit-202603.log");
    for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_test_message("%s", changes[i].name);
        g_auto(GStrv) parts = g_strsplit(log, changes[i].old, 2);
        g_assert_cmpuint(g_strv_length(parts), ==, 2);
        g_autofree char *changed = g_strjoinv(changes[i].fresh, parts);
        write_log(f->dir, "audit-202603.log", changed);
        g_assert_false(audit_verify(f->dir, NULL, &error));
        g_assert_error(error, AUDIT_ERROR, AUDIT_ERROR_CHAIN);
        g_clear_error(&error);
    }
    write_log(f->dir, "audit-202603.log", "");
    g_assert_false(audit_verify(f->dir, NULL, NULL));
    write_log(f->dir, "audit-202603.log", log);
    g_assert_true(audit_verify(f->dir, NULL, &error));
}

/* A line torn by a power cut at any octet: the chain goes on behind it and holds. */
static void test_torn_line(Fixture *f, gconstpointer unused)
{
    (void)unused;
    append(f->dir, 3, "一");
    append(f->dir, 3, "二");
    g_autofree char *log = read_log(f->dir, "audit-202603.log");
    for (gsize cut = 0; cut < strlen(log); cut += 7) {
        g_autoptr(GError) error = NULL;
        g_autofree char *part = g_strndup(log, cut);
        write_log(f->dir, "audit-202603.log", part);
        append(f->dir, 3, "三");
        g_assert_true(audit_verify(f->dir, NULL, &error));
        g_assert_no_error(error);
        append(f->dir, 5, "四");
        g_assert_true(audit_verify(f->dir, NULL, &error));
        g_autofree char *may = g_build_filename(f->dir, "audit", "audit-202605.log", NULL);
        g_remove(may);
    }
}

static void test_not_a_folder(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    const char *const none[] = { NULL };
    g_autofree char *path = g_build_filename(f->dir, "audit", NULL);
    g_assert_cmpint(symlink("/tmp", path), ==, 0);
    g_assert_false(audit_append(f->dir, now, "x", none, &error));
    g_assert_error(error, AUDIT_ERROR, AUDIT_ERROR_WRITE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)
    ADD("/audit/chain", test_chain);
    ADD("/audit/changes-show", test_changes_show);
    ADD("/audit/torn-line", test_torn_line);
    ADD("/audit/not-a-folder", test_not_a_folder);
    return g_test_run();
}

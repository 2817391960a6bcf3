#include "db/kiosk_store.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/store.h"

#define OK(call) g_assert_true(call)

typedef struct {
    char *folder, *path;
    KioskStore *store;
} Fixture;

static void open_store(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    f->store = kiosk_store_open(f->folder, &error);
    g_assert_no_error(error);
}

static void close_store(Fixture *f)
{
    kiosk_store_free(f->store);
    f->store = NULL;
}

static void set_up(Fixture *f, gconstpointer unused)
{
    (void)unused;
    f->folder = g_dir_make_tmp("kiosk-XXXXXX", NULL);
    f->path = g_build_filename(f->folder, "kiosk", "kiosk.db", NULL);
    open_store(f);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
    (void)unused;
    close_store(f);
    g_autofree char *folder = g_path_get_dirname(f->path);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_assert_cmpint(g_rmdir(f->folder), ==, 0);
    g_free(f->path);
    g_free(f->folder);
}

static void alter_file(Fixture *f, const char *sql)
{
    static const StoreSchema schema = { "/bianmin/db/kiosk.sql", 0x62696d6b, 1, FALSE };
    g_autoptr(GError) error = NULL;
    sqlite3 *db = store_open_runtime(f->path, &schema, &error);
    g_assert_no_error(error);
    store_exec(db, sql, &error);
    g_assert_no_error(error);
    store_close(db);
}

/* What the clock would do. */
static void alter(Fixture *f, const char *sql)
{
    close_store(f);
    alter_file(f, sql);
    open_store(f);
}

static gint64 total(Fixture *f, KioskCount kind, const char *key)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) totals = kiosk_store_totals(f->store, 400, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < totals->len; i++) {
        const KioskTotal *at = totals->pdata[i];
        if (at->kind == kind && g_str_equal(at->key, key)) return at->count;
    }
    return 0;
}

static guint question_count(Fixture *f)
{
    g_autoptr(GPtrArray) questions = kiosk_store_questions(f->store, NULL);
    g_assert_nonnull(questions);
    return questions->len;
}

/* A whole visit in which these texts found nothing. */
static void visit(Fixture *f, const char *first, const char *second)
{
    kiosk_store_count(f->store, KIOSK_COUNT_SEARCH, first);
    if (second) kiosk_store_count(f->store, KIOSK_COUNT_SEARCH, second);
    kiosk_store_visit_ended(f->store, 60);
    OK(kiosk_store_flush(f->store, NULL));
}

static gboolean is_on_disk(Fixture *f, const char *text)
{
    static const char *const suffixes[] = { "", "-wal" };
    for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *path = g_strconcat(f->path, suffixes[i], NULL), *octets = NULL;
        gsize len = 0;
        if (g_file_get_contents(path, &octets, &len, NULL) &&
            memmem(octets, len, text, strlen(text)))
            return TRUE;
    }
    return FALSE;
}

/* ---- counting ---- */

static void test_counts(Fixture *f, gconstpointer unused)
{
    (void)unused;
    kiosk_store_count(f->store, KIOSK_COUNT_TOPIC, "CL01");
    kiosk_store_count(f->store, KIOSK_COUNT_TOPIC, "CL01");
    kiosk_store_count(f->store, KIOSK_COUNT_TOPIC, "JZ01");
    kiosk_store_count(f->store, KIOSK_COUNT_PRINT, "CL01");
    kiosk_store_count(f->store, KIOSK_COUNT_SPEECH, "");
    kiosk_store_count(f->store, KIOSK_COUNT_MODE, "large");
    kiosk_store_count(f->store, KIOSK_COUNT_INPUT, "nine");
    g_assert_cmpint(total(f, KIOSK_COUNT_TOPIC, "CL01"), ==, 0); /* no tap writes */
    kiosk_store_visit_ended(f->store, 75);
    OK(kiosk_store_flush(f->store, NULL));
    kiosk_store_count(f->store, KIOSK_COUNT_TOPIC, "CL01");
    kiosk_store_visit_ended(f->store, 0);
    OK(kiosk_store_flush(f->store, NULL));
    g_assert_cmpint(total(f, KIOSK_COUNT_TOPIC, "CL01"), ==, 3);
    g_assert_cmpint(total(f, KIOSK_COUNT_TOPIC, "JZ01"), ==, 1);
    g_assert_cmpint(total(f, KIOSK_COUNT_PRINT, "CL01"), ==, 1);
    g_assert_cmpint(total(f, KIOSK_COUNT_SPEECH, ""), ==, 1);
    g_assert_cmpint(total(f, KIOSK_COUNT_MODE, "large"), ==, 1);
    g_assert_cmpint(total(f, KIOSK_COUNT_INPUT, "nine"), ==, 1);
    g_assert_cmpint(total(f, KIOSK_COUNT_VISIT, "count"), ==, 2);
    g_assert_cmpint(total(f, KIOSK_COUNT_VISIT, "seconds"), ==, 75);
    /* what nobody flushed is written when it is closed */
    kiosk_store_count(f->store, KIOSK_COUNT_TOPIC, "CL01");
    close_store(f);
    open_store(f);
    g_assert_cmpint(total(f, KIOSK_COUNT_TOPIC, "CL01"), ==, 4);
}

static void test_odd_keys(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autofree char *long_key = g_strnfill(300, 'x');
    kiosk_store_count(f->store, KIOSK_COUNT_TOPIC, "a\nb\nc");
    kiosk_store_count(f->store, KIOSK_COUNT_TOPIC, "'; DROP TABLE count; --");
    kiosk_store_count(f->store, KIOSK_COUNT_TOPIC, "\xff\xfe");
    kiosk_store_count(f->store, KIOSK_COUNT_TOPIC, long_key);
    OK(kiosk_store_flush(f->store, NULL));
    g_assert_cmpint(total(f, KIOSK_COUNT_TOPIC, "a\nb\nc"), ==, 1);
    g_assert_cmpint(total(f, KIOSK_COUNT_TOPIC, "'; DROP TABLE count; --"), ==, 1);
    long_key[60] = '\0';
    g_assert_cmpint(total(f, KIOSK_COUNT_TOPIC, long_key), ==, 1);
    /* somebody who tires the keyboard does not fill the memory */
    for (guint i = 0; i < 2000; i++) {
        g_autofree char *key = g_strdup_printf("K%u", i);
        kiosk_store_count(f->store, KIOSK_COUNT_TOPIC, key);
        kiosk_store_count(f->store, KIOSK_COUNT_SEARCH, key);
    }
    OK(kiosk_store_flush(f->store, NULL));
    g_autoptr(GPtrArray) totals = kiosk_store_totals(f->store, 1, NULL);
    g_assert_cmpuint(totals->len, <, 600);
}

/* ---- texts that found nothing ---- */

static void test_three_visits(Fixture *f, gconstpointer unused)
{
    (void)unused;
    visit(f, "飞机票", "飞 机票"); /* twice in a visit is once */
    visit(f, "飞机票", NULL);
    g_assert_cmpint(total(f, KIOSK_COUNT_SEARCH, "飞机票"), ==, 0);
    g_assert_cmpint(total(f, KIOSK_COUNT_SEARCH, ""), ==, 2);
    g_assert_false(is_on_disk(f, "飞机票"));
    /* also over a restart */
    close_store(f);
    open_store(f);
    visit(f, "飛機票", "王小明");
    g_assert_cmpint(total(f, KIOSK_COUNT_SEARCH, "飞机票"), ==, 3);
    visit(f, "飞机票", NULL);
    g_assert_cmpint(total(f, KIOSK_COUNT_SEARCH, "飞机票"), ==, 4);
    g_assert_cmpint(total(f, KIOSK_COUNT_SEARCH, ""), ==, 5);
    close_store(f);
    g_assert_true(is_on_disk(f, "飞机票"));
    g_assert_false(is_on_disk(f, "王小明"));
    open_store(f);
}

/* Flushed within a visit and again: still once. */
static void test_flushed_within(Fixture *f, gconstpointer unused)
{
    (void)unused;
    for (guint i = 0; i < 4; i++) {
        kiosk_store_count(f->store, KIOSK_COUNT_SEARCH, "飞机票");
        OK(kiosk_store_flush(f->store, NULL));
    }
    g_assert_cmpint(total(f, KIOSK_COUNT_SEARCH, "飞机票"), ==, 0);
    g_assert_cmpint(total(f, KIOSK_COUNT_SEARCH, ""), ==, 1);
    /* three visits that end before one flush count three */
    for (guint i = 0; i < 3; i++) {
        kiosk_store_count(f->store, KIOSK_COUNT_SEARCH, "火车票");
        kiosk_store_visit_ended(f->store, 1);
    }
    OK(kiosk_store_flush(f->store, NULL));
    g_assert_cmpint(total(f, KIOSK_COUNT_SEARCH, "火车票"), ==, 3);
}

static void test_never_known(Fixture *f, gconstpointer unused)
{
    (void)unused;
    static const char *const texts[] = {
        "330381199001011234",
        "138 0013 8000",
        "１３８００１",
        "王小明 330381",
        "这是一句很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长的话",
        "",
    };
    for (guint i = 0; i < 5; i++)
        for (guint t = 0; t < G_N_ELEMENTS(texts); t++)
            visit(f, texts[t], NULL);
    g_autoptr(GPtrArray) totals = kiosk_store_totals(f->store, 1, NULL);
    for (guint i = 0; i < totals->len; i++) {
        const KioskTotal *at = totals->pdata[i];
        if (at->kind == KIOSK_COUNT_SEARCH) g_assert_cmpstr(at->key, ==, "");
    }
    g_assert_cmpint(total(f, KIOSK_COUNT_SEARCH, ""), ==, 5 * (gint64)G_N_ELEMENTS(texts));
}

/* After a month what was asked twice is forgotten, and so is what it could be tried against. */
static void test_salt(Fixture *f, gconstpointer unused)
{
    (void)unused;
    visit(f, "飞机票", NULL);
    visit(f, "飞机票", NULL);
    alter(f, "UPDATE salt SET day = date('now', '-31 days')");
    visit(f, "火车票", NULL);
    visit(f, "飞机票", NULL);
    g_assert_cmpint(total(f, KIOSK_COUNT_SEARCH, "飞机票"), ==, 0);
    visit(f, "飞机票", NULL);
    visit(f, "飞机票", NULL);
    g_assert_cmpint(total(f, KIOSK_COUNT_SEARCH, "飞机票"), ==, 3);
    /* a file that was begun anew in the midst of a day has none: never without */
    alter_file(f, "DELETE FROM salt");
    visit(f, "船票", NULL);
    alter_file(f, "CREATE TABLE probe (ok INTEGER CHECK (ok)) STRICT;"
                  "INSERT INTO probe SELECT count(*) = 1 FROM salt;"
                  "INSERT INTO probe SELECT count(*) = 1 FROM search;");
}

/* ---- questions ---- */

static gboolean leave(Fixture *f, const char *text)
{
    return kiosk_store_leave_question(f->store, text, "CL01", NULL);
}

static void test_questions(Fixture *f, gconstpointer unused)
{
    (void)unused;
    gboolean was_open = FALSE;
    OK(leave(f, "  路灯\n坏了 \t 什么时候修\x01？"));
    OK(kiosk_store_leave_question(f->store, "第二个", NULL, NULL));
    g_autoptr(GPtrArray) questions = kiosk_store_questions(f->store, NULL);
    g_assert_cmpuint(questions->len, ==, 2);
    const KioskQuestion *first = questions->pdata[0], *second = questions->pdata[1];
    g_assert_cmpstr(first->text, ==, "路灯 坏了 什么时候修 ？");
    g_assert_cmpstr(first->topic, ==, "CL01");
    g_assert_cmpstr(second->topic, ==, "");
    g_assert_cmpint(ABS(first->at_s - g_get_real_time() / G_USEC_PER_SEC), <, 60);
    OK(kiosk_store_question_done(f->store, first->id, &was_open, NULL));
    g_assert_true(was_open);
    OK(kiosk_store_question_done(f->store, first->id, &was_open, NULL));
    g_assert_false(was_open);
    OK(kiosk_store_question_done(f->store, 4711, &was_open, NULL));
    g_assert_false(was_open);
    g_assert_cmpuint(question_count(f), ==, 1);
}

static void test_bad_questions(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) empty = NULL, too_long = NULL;
    g_assert_false(kiosk_store_leave_question(f->store, " \n ", "", &empty));
    g_assert_error(empty, KIOSK_STORE_ERROR, KIOSK_STORE_ERROR_TEXT);
    for (guint i = 0; i < KIOSK_QUESTION_CHARS_MAX; i++)
        g_string_append(text, "灯");
    OK(leave(f, text->str));
    g_string_append(text, "灯");
    g_assert_false(kiosk_store_leave_question(f->store, text->str, "", &too_long));
    g_assert_error(too_long, KIOSK_STORE_ERROR, KIOSK_STORE_ERROR_TEXT);
    OK(leave(f, "\xff bad octets"));
    g_assert_cmpuint(question_count(f), ==, 2);
}

static void test_full_of_questions(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    gboolean was_open = FALSE;
    for (guint i = 0; i < KIOSK_QUESTION_COUNT_MAX; i++)
        OK(leave(f, "问"));
    g_assert_false(kiosk_store_leave_question(f->store, "问", "", &error));
    g_assert_error(error, KIOSK_STORE_ERROR, KIOSK_STORE_ERROR_FULL);
    g_assert_cmpuint(question_count(f), ==, KIOSK_QUESTION_COUNT_MAX);
    /* a done one gives way */
    OK(kiosk_store_question_done(f->store, 7, &was_open, NULL));
    OK(leave(f, "问"));
    g_assert_false(leave(f, "问"));
    g_assert_cmpuint(question_count(f), ==, KIOSK_QUESTION_COUNT_MAX);
    g_autoptr(GPtrArray) questions = kiosk_store_questions(f->store, NULL);
    const KioskQuestion *last = questions->pdata[questions->len - 1];
    g_assert_cmpint(last->id, ==, KIOSK_QUESTION_COUNT_MAX + 1);
}

static void test_retention(Fixture *f, gconstpointer unused)
{
    (void)unused;
    gboolean was_open = FALSE;
    OK(leave(f, "一"));
    OK(leave(f, "二"));
    OK(leave(f, "三"));
    OK(kiosk_store_question_done(f->store, 1, &was_open, NULL));
    OK(kiosk_store_question_done(f->store, 2, &was_open, NULL));
    alter(f,
          "UPDATE question SET done = done - 91 * 86400 WHERE id = 1;"
          "UPDATE question SET at = at - 900 * 86400 WHERE id = 3;"
          "INSERT INTO count VALUES (date('now', 'localtime', '-400 days'), 'topic', 'OLD', 5);"
          "INSERT INTO count VALUES (date('now', 'localtime', '-398 days'), 'topic', 'NEW', 5);");
    OK(kiosk_store_flush(f->store, NULL));
    /* an open one stays, however old */
    g_assert_cmpuint(question_count(f), ==, 1);
    g_assert_cmpint(total(f, KIOSK_COUNT_TOPIC, "NEW"), ==, 5);
    alter(f, "CREATE TABLE probe (ok INTEGER CHECK (ok)) STRICT;"
             "INSERT INTO probe SELECT count(*) = 0 FROM count WHERE key = 'OLD';"
             "INSERT INTO probe SELECT count(*) = 2 FROM question;");
    g_autoptr(GPtrArray) today = kiosk_store_totals(f->store, 1, NULL);
    g_assert_cmpuint(today->len, ==, 0);
}

/* ---- the file ---- */

static mode_t mode_of(const char *path)
{
    struct stat st;
    g_assert_cmpint(stat(path, &st), ==, 0);
    return st.st_mode & 07777;
}

static void test_modes(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autofree char *folder = g_path_get_dirname(f->path);
    g_assert_cmpint(mode_of(folder), ==, 0700);
    g_assert_cmpint(mode_of(f->path), ==, 0600);
}

static void test_busy(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_assert_null(kiosk_store_open(f->folder, &error));
    g_assert_error(error, RUNTIME_ERROR, RUNTIME_ERROR_BUSY);
    /* staff may look meanwhile */
    OK(leave(f, "问"));
    g_autoptr(KioskStore) beside = kiosk_store_open_beside(f->folder, NULL);
    g_autoptr(GPtrArray) questions = kiosk_store_questions(beside, NULL);
    gboolean was_open = FALSE;
    g_assert_cmpuint(questions->len, ==, 1);
    OK(kiosk_store_question_done(beside, 1, &was_open, NULL));
    g_assert_true(was_open);
    g_assert_cmpuint(question_count(f), ==, 0);
}

static void test_absent(void)
{
    g_autoptr(GError) error = NULL, missing = NULL, nowhere = NULL;
    gboolean was_open = TRUE;
    kiosk_store_count(NULL, KIOSK_COUNT_TOPIC, "CL01");
    kiosk_store_visit_ended(NULL, 3);
    OK(kiosk_store_flush(NULL, NULL));
    g_assert_false(kiosk_store_leave_question(NULL, "问", "", &error));
    g_assert_error(error, KIOSK_STORE_ERROR, KIOSK_STORE_ERROR_ABSENT);
    g_autoptr(GPtrArray) questions = kiosk_store_questions(NULL, NULL);
    g_autoptr(GPtrArray) totals = kiosk_store_totals(NULL, 1, NULL);
    g_assert_cmpuint(questions->len + totals->len, ==, 0);
    OK(kiosk_store_question_done(NULL, 1, &was_open, NULL));
    g_assert_false(was_open);
    g_assert_false(kiosk_store_was_damaged(NULL));
    kiosk_store_free(NULL);
    g_assert_null(kiosk_store_open_beside("/nonexistent", &missing));
    g_assert_error(missing, RUNTIME_ERROR, RUNTIME_ERROR_MISSING);
    /* a folder that cannot be made, whoever one is */
    g_assert_null(kiosk_store_open("/proc/nowhere", &nowhere));
    g_assert_nonnull(nowhere);
}

static void test_newer(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    g_autofree char *aside = g_strconcat(f->path, ".bad", NULL);
    close_store(f);
    alter_file(f, "PRAGMA user_version = 2");
    g_assert_null(kiosk_store_open(f->folder, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_NEWER);
    g_assert_false(g_file_test(aside, G_FILE_TEST_EXISTS));
}

static void damage_page(Fixture *f, gsize page)
{
    g_autofree char *octets = NULL;
    gsize len = 0;
    g_assert_true(g_file_get_contents(f->path, &octets, &len, NULL));
    g_assert_cmpuint((page + 1) * 4096, <=, len);
    memset(octets + page * 4096, 0xff, 4096);
    g_assert_true(g_file_set_contents(f->path, octets, (gssize)len, NULL));
}

static void test_damaged(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autofree char *text = g_strnfill(200, 'x');
    for (guint i = 0; i < 300; i++)
        OK(leave(f, text));
    visit(f, "飞机票", NULL);
    close_store(f);
    g_autofree char *octets = NULL;
    gsize len = 0;
    g_assert_true(g_file_get_contents(f->path, &octets, &len, NULL));
    damage_page(f, len / 2 / 4096);
    open_store(f);
    g_assert_true(kiosk_store_was_damaged(f->store));
    g_assert_cmpuint(question_count(f), >, 250);
    g_assert_cmpint(total(f, KIOSK_COUNT_VISIT, "count"), ==, 1);
    OK(leave(f, "问"));
    close_store(f);
    open_store(f);
    g_assert_false(kiosk_store_was_damaged(f->store));
}

static void test_no_database(Fixture *f, gconstpointer unused)
{
    (void)unused;
    close_store(f);
    g_assert_true(g_file_set_contents(f->path,
                                      "this is no database, and long enough to be read as one "
                                      "...............................................",
                                      -1, NULL));
    open_store(f);
    g_assert_true(kiosk_store_was_damaged(f->store));
    OK(leave(f, "问"));
}

/* In place, as bad blocks are: all but the first page. */
static void spoil_in_place(const char *path)
{
    static const char garbage[4096] = { 0x7f, 0x7f, 0x7f, 0x7f };
    FILE *file = fopen(path, "r+b");
    g_assert_cmpint(fseek(file, 0, SEEK_END), ==, 0);
    long len = ftell(file);
    for (long at = sizeof garbage; at < len; at += (long)sizeof garbage) {
        g_assert_cmpint(fseek(file, at, SEEK_SET), ==, 0);
        g_assert_cmpuint(fwrite(garbage, 1, sizeof garbage, file), ==, sizeof garbage);
    }
    g_assert_cmpint(fclose(file), ==, 0);
}

/* Damaged while it is in use: the question is on the disk all the same. */
static void test_damaged_meanwhile(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL;
    OK(leave(f, "前"));
    close_store(f);
    open_store(f);
    /* what another process has written makes this one read the file again */
    KioskStore *beside = kiosk_store_open_beside(f->folder, NULL);
    kiosk_store_count(beside, KIOSK_COUNT_TOPIC, "CL01");
    OK(kiosk_store_flush(beside, NULL));
    kiosk_store_free(beside);
    spoil_in_place(f->path);
    GLogLevelFlags fatal = g_log_set_always_fatal(G_LOG_FATAL_MASK);
    OK(kiosk_store_leave_question(f->store, "后", "", &error));
    g_log_set_always_fatal(fatal);
    g_assert_no_error(error);
    g_assert_true(kiosk_store_was_damaged(f->store));
    g_assert_cmpuint(question_count(f), ==, 1);
}

/* Killed in the midst of a visit: its counts are lost, what was said to be left is not. */
static void test_killed(Fixture *f, gconstpointer unused)
{
    (void)unused;
    int status = 0;
    close_store(f);
    pid_t child = fork();
    if (child == 0) {
        open_store(f);
        kiosk_store_count(f->store, KIOSK_COUNT_TOPIC, "CL01");
        if (leave(f, "问")) kill(getpid(), SIGKILL);
        _exit(1);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status));
    open_store(f);
    g_assert_false(kiosk_store_was_damaged(f->store));
    g_assert_cmpuint(question_count(f), ==, 1);
    g_assert_cmpint(total(f, KIOSK_COUNT_TOPIC, "CL01"), ==, 0);
}

static void limit_files(rlim_t octets)
{
    struct rlimit limit;
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    limit.rlim_cur = octets == 0 ? limit.rlim_max : octets;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

/* A full disk: a file may not grow. */
static void test_full_disk(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(GError) error = NULL, flush_error = NULL;
    signal(SIGXFSZ, SIG_IGN);
    OK(kiosk_store_flush(f->store, NULL)); /* and its log is empty */
    kiosk_store_count(f->store, KIOSK_COUNT_TOPIC, "CL01");
    kiosk_store_count(f->store, KIOSK_COUNT_SEARCH, "飞机票");
    limit_files(64);
    gboolean is_left = kiosk_store_leave_question(f->store, "问", "", &error);
    gboolean is_flushed = kiosk_store_flush(f->store, &flush_error);
    limit_files(0);
    g_assert_false(is_left);
    g_assert_error(error, STORE_ERROR, STORE_ERROR_WRITE);
    g_assert_false(is_flushed);
    g_assert_error(flush_error, STORE_ERROR, STORE_ERROR_WRITE);
    g_assert_cmpuint(question_count(f), ==, 0);
    /* room again: nothing was lost, and it can be left */
    kiosk_store_count(f->store, KIOSK_COUNT_TOPIC, "CL01");
    OK(leave(f, "问"));
    OK(kiosk_store_flush(f->store, NULL));
    g_assert_cmpuint(question_count(f), ==, 1);
    g_assert_cmpint(total(f, KIOSK_COUNT_TOPIC, "CL01"), ==, 2);
    g_assert_cmpint(total(f, KIOSK_COUNT_SEARCH, ""), ==, 1);
}

/* ---- threads ---- */

typedef struct {
    guint good, bad;
} Ended;

static void on_left(GObject *source, GAsyncResult *result, gpointer data)
{
    Ended *ended = data;
    (void)source;
    if (kiosk_store_leave_question_finish(result, NULL))
        ended->good++;
    else
        ended->bad++;
}

static void on_flushed(GObject *source, GAsyncResult *result, gpointer data)
{
    Ended *ended = data;
    (void)source;
    if (kiosk_store_flush_finish(result, NULL))
        ended->good++;
    else
        ended->bad++;
}

static void wait_for(const Ended *ended, guint count)
{
    while (ended->good + ended->bad < count)
        g_main_context_iteration(NULL, TRUE);
}

static void test_threads(Fixture *f, gconstpointer unused)
{
    (void)unused;
    Ended ended = { 0 };
    for (guint i = 0; i < 100; i++) {
        kiosk_store_count(f->store, KIOSK_COUNT_TOPIC, "CL01");
        kiosk_store_leave_question_async(f->store, "问", "CL01", on_left, &ended);
        kiosk_store_flush_async(f->store, on_flushed, &ended);
    }
    wait_for(&ended, 200);
    g_assert_cmpuint(ended.good, ==, 200);
    g_assert_cmpuint(question_count(f), ==, 100);
    g_assert_cmpint(total(f, KIOSK_COUNT_TOPIC, "CL01"), ==, 100);
    kiosk_store_leave_question_async(f->store, "", "", on_left, &ended);
    kiosk_store_leave_question_async(NULL, "问", "", on_left, &ended);
    g_assert_cmpuint(ended.bad, ==, 0); /* never before it returns */
    wait_for(&ended, 202);
    g_assert_cmpuint(ended.bad, ==, 2);
    kiosk_store_flush_async(NULL, on_flushed, &ended);
    wait_for(&ended, 203);
    g_assert_cmpuint(ended.good, ==, 201);
}

/* The program ends while one is under way: it is on the disk. */
static void test_closed_meanwhile(Fixture *f, gconstpointer unused)
{
    (void)unused;
    Ended ended = { 0 };
    for (guint i = 0; i < 20; i++)
        kiosk_store_leave_question_async(f->store, "问", "CL01", on_left, &ended);
    kiosk_store_flush_async(f->store, NULL, NULL);
    close_store(f);
    open_store(f);
    g_assert_cmpuint(question_count(f), ==, 20);
    wait_for(&ended, 20);
    g_assert_cmpuint(ended.good, ==, 20);
}

#define TEST(name, func) g_test_add("/kiosk-store/" name, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("counts", test_counts);
    TEST("odd-keys", test_odd_keys);
    TEST("three-visits", test_three_visits);
    TEST("flushed-within", test_flushed_within);
    TEST("never-known", test_never_known);
    TEST("salt", test_salt);
    TEST("questions", test_questions);
    TEST("bad-questions", test_bad_questions);
    TEST("full-of-questions", test_full_of_questions);
    TEST("retention", test_retention);
    TEST("modes", test_modes);
    TEST("busy", test_busy);
    g_test_add_func("/kiosk-store/absent", test_absent);
    TEST("newer", test_newer);
    TEST("damaged", test_damaged);
    TEST("no-database", test_no_database);
    TEST("damaged-meanwhile", test_damaged_meanwhile);
    TEST("killed", test_killed);
    TEST("full-disk", test_full_disk);
    TEST("threads", test_threads);
    TEST("closed-meanwhile", test_closed_meanwhile);
    return g_test_run();
}

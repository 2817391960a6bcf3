#include "db/trust.h"

#include "db/audit.h"
#include "db/runtime.h"
#include "tests/db/sample.h"

#include <signal.h>
#include <sodium.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIN       "271828"
#define OTHER_PIN "314159"
#define WRONG     "161803"

static const PinCost cheap = { 8192, 1 };
static const StoreSchema schema = { "/bianmin/db/trust.sql", 0x62696d74, 1, TRUE };

typedef struct {
    char *data, *stick, *path; /* of trust.db */
    char id[TRUST_ID_HEX];
    guint8 key[STICK_KEY_LEN];
    Trust *trust;
    Uptime now;
} Fixture;

static void open_trust(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    trust_free(f->trust);
    f->trust = trust_open(f->data, TRUST_MAKE, &cheap, &error);
    g_assert_no_error(error);
}

static void read_key(Fixture *f, guint8 octets[STICK_KEY_LEN])
{
    g_auto(StickKey) key = { 0 };
    g_assert_true(stick_key_load(f->stick, &key, NULL));
    stick_key_format(&key, octets);
}

static void set_up(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    (void)unused;
    f->data = g_dir_make_tmp("trust-XXXXXX", NULL);
    f->stick = g_dir_make_tmp("stick-XXXXXX", NULL);
    f->path = g_build_filename(f->data, "update", "trust.db", NULL);
    f->now = (Uptime){ .s = 1000, .boot = "one" };
    open_trust(f);
    g_assert_true(trust_enrol(f->trust, f->stick, "张三", PIN, f->id, &error));
    g_assert_no_error(error);
    read_key(f, f->key);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
    (void)unused;
    trust_free(f->trust);
    sample_remove(f->data);
    sample_remove(f->stick);
    g_free(f->data);
    g_free(f->stick);
    g_free(f->path);
}

static TrustVerdict check(Fixture *f, const char *pin, TrustResult *result)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(trust_check(f->trust, f->key, sizeof f->key, pin, &f->now, result, &error));
    g_assert_no_error(error);
    g_assert_nonnull(result->message);
    return result->verdict;
}

static void expect(Fixture *f, const char *pin, TrustVerdict verdict)
{
    g_auto(TrustResult) result = { 0 };
    g_assert_cmpint(check(f, pin, &result), ==, verdict);
}

static void alter(Fixture *f, const char *sql)
{
    g_autoptr(GError) error = NULL;
    g_clear_pointer(&f->trust, trust_free);
    sqlite3 *db = store_open_runtime(f->path, &schema, &error);
    g_assert_no_error(error);
    g_assert_true(store_exec(db, sql, &error));
    g_assert_no_error(error);
    store_close(db);
}

/* Whoever has it open has it alone. */
static gint64 number(Fixture *f, const char *sql)
{
    gboolean was_open = f->trust != NULL;
    g_clear_pointer(&f->trust, trust_free);
    sqlite3 *db = store_open_runtime(f->path, &schema, NULL);
    sqlite3_stmt *row = store_prepare(db, sql, NULL);
    g_assert_true(store_step(row, NULL));
    gint64 found = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    store_close(db);
    if (was_open) open_trust(f);
    return found;
}

/* ---- the right ones and the wrong ones ---- */

static void test_check(Fixture *f, gconstpointer unused)
{
    g_auto(TrustResult) result = { 0 }, right = { 0 };
    (void)unused;
    g_assert_cmpint(check(f, PIN, &right), ==, TRUST_OK);
    g_assert_cmpstr(right.id, ==, f->id);
    g_assert_cmpint(check(f, WRONG, &result), ==, TRUST_WRONG_PIN);
    g_assert_cmpuint(result.tries_left, ==, 4);
    g_assert_nonnull(strstr(result.message, "还可以试 4 次"));
    expect(f, PIN, TRUST_OK);
    trust_result_clear(&result);
    check(f, WRONG, &result);
    g_assert_cmpuint(result.tries_left, ==, 4); /* a right one begins anew */
    g_assert_true(audit_verify(f->data, NULL, NULL));
}

static void test_wrong_key(Fixture *f, gconstpointer unused)
{
    g_auto(TrustResult) result = { 0 };
    g_autoptr(GError) error = NULL;
    g_auto(StickKey) key = { 0 };
    (void)unused;
    f->key[20] ^= 1;
    g_assert_false(trust_check(f->trust, f->key, sizeof f->key, PIN, &f->now, &result, &error));
    g_assert_error(error, STICK_KEY_ERROR, STICK_KEY_ERROR_FORMAT);
    g_clear_error(&error);
    f->key[20] ^= 1;
    g_assert_false(trust_check(f->trust, f->key, sizeof f->key, "12", &f->now, &result, &error));
    g_assert_error(error, PIN_ERROR, PIN_ERROR_FORM);

    /* the id of ours with another secret, and another id with our secret */
    g_assert_true(stick_key_parse(f->key, sizeof f->key, &key, NULL));
    key.secret[0] ^= 1;
    stick_key_format(&key, f->key);
    expect(f, PIN, TRUST_UNKNOWN);
    key.secret[0] ^= 1;
    key.id[0] ^= 1;
    stick_key_format(&key, f->key);
    expect(f, PIN, TRUST_UNKNOWN);
    g_assert_cmpint(number(f, "SELECT sum(tries) FROM holder"), ==, 0);
}

static void test_revoked(Fixture *f, gconstpointer unused)
{
    char id[TRUST_ID_HEX];
    g_autoptr(GError) error = NULL;
    (void)unused;
    g_assert_false(trust_revoke(f->trust, "李四", id, &error));
    g_assert_error(error, TRUST_ERROR, TRUST_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_true(trust_revoke(f->trust, "张三", id, &error));
    g_assert_cmpstr(id, ==, f->id);
    expect(f, PIN, TRUST_REVOKED);
    expect(f, WRONG, TRUST_REVOKED);
    g_assert_false(trust_revoke(f->trust, f->id, id, NULL));

    /* the stick has its file still, and the name is free again */
    g_assert_false(trust_enrol(f->trust, f->stick, "张三", PIN, id, &error));
    g_assert_error(error, STICK_KEY_ERROR, STICK_KEY_ERROR_EXISTS);
    stick_key_unsave(f->stick);
    g_assert_true(trust_enrol(f->trust, f->stick, "张三", PIN, id, NULL));
    expect(f, PIN, TRUST_REVOKED);
    read_key(f, f->key);
    expect(f, PIN, TRUST_OK);
    id[8] = '\0';
    g_assert_true(trust_revoke(f->trust, id, id, NULL)); /* its first digits are enough */
    expect(f, PIN, TRUST_REVOKED);
}

static void test_enrol(Fixture *f, gconstpointer unused)
{
    static const struct {
        const char *label, *pin;
        gboolean (*is_error)(const GError *error);
    } rows[] = { { "张三", PIN, NULL },
                 { "", PIN, NULL },
                 { "两\n行", PIN, NULL },
                 { "李四", "111111", NULL },
                 { "李四", "12345", NULL } };
    char id[TRUST_ID_HEX];
    g_autofree char *empty = g_dir_make_tmp("stick-XXXXXX", NULL);
    g_autofree char *name = g_build_filename(empty, STICK_KEY_NAME, NULL);
    (void)unused;
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(trust_enrol(f->trust, empty, rows[i].label, rows[i].pin, id, &error));
        g_assert_true(error->domain == TRUST_ERROR || error->domain == PIN_ERROR);
        g_assert_false(g_file_test(name, G_FILE_TEST_EXISTS));
    }
    g_assert_false(trust_enrol(f->trust, "/nonexistent/dir", "李四", PIN, id, NULL));
    g_assert_cmpint(number(f, "SELECT count(*) FROM holder"), ==, 1);
    g_rmdir(empty);
}

/* ---- lockout ---- */

static void lock_it(Fixture *f)
{
    for (guint left = LOCKOUT_TRIES; left > 0; left--) {
        g_auto(TrustResult) result = { 0 };
        g_assert_cmpint(check(f, WRONG, &result), ==, TRUST_WRONG_PIN);
        g_assert_cmpuint(result.tries_left, ==, left - 1);
        if (left % 2) open_trust(f); /* another process */
    }
}

static void test_lockout(Fixture *f, gconstpointer unused)
{
    g_auto(TrustResult) result = { 0 }, later = { 0 };
    (void)unused;
    lock_it(f);
    g_assert_cmpint(check(f, PIN, &result), ==, TRUST_LOCKED);
    g_assert_cmpuint(result.minutes_left, ==, 15);
    g_assert_nonnull(strstr(result.message, "请等 15 分钟"));

    f->now.s += 5 * 60; /* five minutes, a power cut, nine more */
    expect(f, PIN, TRUST_LOCKED);
    open_trust(f);
    f->now = (Uptime){ .s = 9 * 60, .boot = "two" };
    g_assert_cmpint(check(f, PIN, &later), ==, TRUST_LOCKED);
    g_assert_cmpuint(later.minutes_left, ==, 1);
    f->now.s += 60;
    expect(f, PIN, TRUST_OK);

    lock_it(f); /* the right one began anew */
    trust_result_clear(&result);
    check(f, PIN, &result);
    g_assert_cmpuint(result.minutes_left, ==, 15);
    f->now.s += 15 * 60;
    lock_it(f);
    trust_result_clear(&result);
    check(f, PIN, &result);
    g_assert_cmpuint(result.minutes_left, ==, 60);
    f->now.s += 60 * 60;
    lock_it(f);
    trust_result_clear(&result);
    check(f, PIN, &result);
    g_assert_cmpuint(result.minutes_left, ==, 240);
}

/* The fifth may be the right one. */
static void test_fifth(Fixture *f, gconstpointer unused)
{
    (void)unused;
    for (guint i = 0; i < LOCKOUT_TRIES - 1; i++)
        expect(f, WRONG, TRUST_WRONG_PIN);
    expect(f, PIN, TRUST_OK);
    lock_it(f);
}

static void test_list(Fixture *f, gconstpointer unused)
{
    (void)unused;
    lock_it(f);
    f->now.s += 60;
    g_autoptr(GPtrArray) holders = trust_holders(f->trust, &f->now, NULL);
    g_assert_cmpuint(holders->len, ==, 1);
    const TrustHolder *holder = holders->pdata[0];
    g_assert_cmpstr(holder->label, ==, "张三");
    g_assert_true(holder->has_stick);
    g_assert_cmpuint(lockout_minutes_left(&holder->lockout), ==, 14);
    g_assert_cmpint(number(f, "SELECT left_s FROM holder"), ==, 14 * 60); /* on the disk as well */
}

/* ---- the try is on the disk before the PIN is looked at ---- */

#define TICKS_MIN 20 /* of a hundredth of a second: far more than what precedes Argon2id takes */

static guint64 ticks_of(pid_t child)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)child);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) fields = g_strsplit(strrchr(text, ')') + 2, " ", -1);
    return g_ascii_strtoull(fields[11], NULL, 10);
}

/* Argon2id never ends here; whoever pulls the plug meanwhile has used up a try. */
static void kill_while_checking(Fixture *f, const char *pin, gint64 tries_after)
{
    pid_t child = fork();
    if (child == 0) {
        g_autoptr(Trust) trust = trust_open(f->data, TRUST_FIND, &cheap, NULL);
        g_auto(TrustResult) result = { 0 };
        (void)!trust_check(trust, f->key, sizeof f->key, pin, &f->now, &result, NULL);
        _exit(0);
    }
    g_assert_cmpint(child, >, 0);
    for (guint i = 0; ticks_of(child) < TICKS_MIN; i++) {
        g_assert_cmpuint(i, <, 10000);
        g_usleep(10 * 1000);
    }
    kill(child, SIGKILL);
    int status = 0;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status)); /* it had not come to an end */
    g_assert_cmpint(number(f, "SELECT tries + 5 * locks FROM holder"), ==, tries_after);
}

static void test_kill(Fixture *f, gconstpointer unused)
{
    g_auto(TrustResult) result = { 0 };
    (void)unused;
    alter(f, "UPDATE holder SET passes = 1000000000");
    for (gint64 i = 1; i <= LOCKOUT_TRIES; i++)
        kill_while_checking(f, i % 2 ? PIN : WRONG, i);
    alter(f, "UPDATE holder SET passes = 1");
    open_trust(f);
    g_assert_cmpint(check(f, PIN, &result), ==, TRUST_LOCKED);
    g_assert_cmpuint(result.minutes_left, ==, 15);
}

/* What could not be compared is no success, and no try either. */
static void test_impossible(Fixture *f, gconstpointer unused)
{
    g_auto(TrustResult) result = { 0 };
    g_autoptr(GError) error = NULL;
    (void)unused;
    alter(f, "UPDATE holder SET octets = 1099511627776000");
    open_trust(f);
    for (guint i = 0; i < 2 * LOCKOUT_TRIES; i++) {
        g_clear_error(&error);
        g_assert_false(trust_check(f->trust, f->key, sizeof f->key, PIN, &f->now, &result, &error));
        g_assert_error(error, PIN_ERROR, PIN_ERROR_MEMORY);
        g_assert_cmpint(result.verdict, !=, TRUST_OK);
    }
    alter(f, "UPDATE holder SET octets = 8192");
    open_trust(f);
    expect(f, PIN, TRUST_OK);
}

/* ---- the second person ---- */

static void test_second(Fixture *f, gconstpointer unused)
{
    char second[TRUST_ID_HEX];
    g_autoptr(GError) error = NULL;
    static const struct {
        const char *pin;
        gboolean is_self;
        TrustVerdict verdict;
    } rows[] = { { OTHER_PIN, FALSE, TRUST_OK },
                 { PIN, FALSE, TRUST_WRONG_PIN },
                 { PIN, TRUE, TRUST_SAME_PERSON } };
    (void)unused;
    g_assert_true(trust_enrol(f->trust, NULL, "李四", OTHER_PIN, second, &error));
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(TrustResult) result = { 0 };
        g_assert_true(trust_check_second(f->trust, f->id, rows[i].is_self ? f->id : second,
                                         rows[i].pin, &f->now, &result, &error));
        g_assert_cmpint(result.verdict, ==, rows[i].verdict);
    }
    /* a PIN alone has no stick that could be shown */
    StickKey key = { 0 };
    g_assert_true(sodium_hex2bin(key.id, sizeof key.id, second, 32, NULL, NULL, NULL) == 0);
    stick_key_format(&key, f->key);
    expect(f, OTHER_PIN, TRUST_UNKNOWN);
}

/* ---- files ---- */

static void test_files(Fixture *f, gconstpointer unused)
{
    g_autofree char *folder = g_path_get_dirname(f->path);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint count = 0;
    (void)unused;
    for (const char *name; (name = g_dir_read_name(dir)); count++) {
        struct stat status;
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_assert_cmpint(stat(path, &status), ==, 0);
        if (strcmp(name, "lock") != 0) g_assert_cmpint(status.st_mode & 0777, ==, 0600);
    }
    g_assert_cmpuint(count, >=, 3);
}

/* What root makes, the service must be able to open. */
static void test_owner(Fixture *f, gconstpointer unused)
{
    g_autofree char *folder = g_path_get_dirname(f->path);
    (void)unused;
    if (geteuid() != 0) {
        g_test_skip("only as root");
        return;
    }
    g_assert_cmpint(chown(folder, 1234, 1234), ==, 0);
    open_trust(f);
    expect(f, PIN, TRUST_OK);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        struct stat status;
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_assert_cmpint(stat(path, &status), ==, 0);
        g_assert_cmpint((int)status.st_uid, ==, 1234);
    }
}

static void test_pepper(Fixture *f, gconstpointer unused)
{
    g_autofree char *folder = g_path_get_dirname(f->path);
    g_autofree char *pepper = g_build_filename(folder, "pepper", NULL);
    g_autofree char *octets = NULL;
    gsize len = 0;
    (void)unused;
    g_clear_pointer(&f->trust, trust_free);
    g_assert_true(g_file_get_contents(pepper, &octets, &len, NULL));
    g_assert_cmpuint(len, ==, PIN_PEPPER_LEN);
    for (guint i = 0; i < 3; i++) { /* gone, cut short, another's */
        g_autoptr(GError) error = NULL;
        octets[0] ^= 1;
        if (i == 0)
            g_unlink(pepper);
        else
            g_assert_true(g_file_set_contents(pepper, octets, i == 1 ? 31 : 32, NULL));
        g_assert_null(trust_open(f->data, TRUST_FIND, &cheap, &error));
        g_assert_error(error, TRUST_ERROR, TRUST_ERROR_PEPPER);
    }
    octets[0] ^= 1;
    g_assert_true(g_file_set_contents(pepper, octets, 32, NULL));
    open_trust(f);
    expect(f, PIN, TRUST_OK);
}

static void test_absent(void)
{
    g_autofree char *data = g_dir_make_tmp("trust-XXXXXX", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(trust_open(data, TRUST_FIND, &cheap, &error));
    g_assert_error(error, TRUST_ERROR, TRUST_ERROR_MISSING);
    g_assert_cmpint(g_rmdir(data), ==, 0); /* it was not touched */
}

/* Two at once wait for each other; nobody gets a try that is not counted. */
static void test_busy(Fixture *f, gconstpointer unused)
{
    g_clear_pointer(&f->trust, trust_free);
    (void)unused;
    for (guint i = 0; i < 4; i++) {
        if (fork() != 0) continue;
        g_autoptr(Trust) trust = trust_open(f->data, TRUST_FIND, &cheap, NULL);
        g_auto(TrustResult) result = { 0 };
        (void)!trust_check(trust, f->key, sizeof f->key, WRONG, &f->now, &result, NULL);
        trust_free(g_steal_pointer(&trust));
        _exit(0);
    }
    for (guint i = 0; i < 4; i++)
        g_assert_cmpint(wait(NULL), >, 0);
    g_assert_cmpint(number(f, "SELECT tries FROM holder"), ==, 4);
}

static void test_damaged(Fixture *f, gconstpointer unused)
{
    (void)unused;
    expect(f, WRONG, TRUST_WRONG_PIN);
    alter(f, "DROP INDEX holder_label"); /* the next opening does not notice … */
    g_autofree char *folder = g_path_get_dirname(f->path);
    g_autofree char *mark = g_build_filename(folder, "damaged", NULL);
    g_assert_true(g_file_set_contents(mark, "", 0, NULL)); /* … but is told */
    open_trust(f);
    g_auto(TrustResult) result = { 0 };
    check(f, WRONG, &result);
    g_assert_cmpuint(result.tries_left, ==, 3);
}

/* ---- keys ---- */

static void test_keys(Fixture *f, gconstpointer unused)
{
    guint8 key[32], secret[64], own[64] = { 0 }, again[64] = { 0 };
    char id[TRUST_ID_HEX], removed[TRUST_ID_HEX];
    g_autoptr(GError) error = NULL;
    (void)unused;
    crypto_sign_keypair(key, secret);
    trust_key_id(key, id);
    g_assert_null(trust_key_find(f->trust, id, &error));
    g_assert_no_error(error);
    g_assert_true(trust_key_add(f->trust, key, "总站", &error));
    g_assert_true(trust_key_advance(f->trust, id, 7, "d7", &error));
    g_assert_true(trust_key_advance(f->trust, id, 6, "d6", &error)); /* never lowers */
    g_assert_true(trust_key_remove(f->trust, "总站", removed, &error));
    g_assert_cmpstr(removed, ==, id);
    g_assert_true(trust_key_add(f->trust, key, "", &error));
    g_autoptr(TrustKey) found = trust_key_find(f->trust, id, &error);
    g_assert_cmpuint(found->version, ==, 7);
    g_assert_cmpstr(found->digest, ==, "d7");
    g_assert_cmpstr(found->label, ==, "总站");
    g_assert_cmpstr(found->distrusted, ==, "");

    memset(key, 0, sizeof key); /* of small order */
    g_assert_false(trust_key_add(f->trust, key, "", &error));
    g_assert_error(error, TRUST_ERROR, TRUST_ERROR_KEY);
    g_clear_error(&error);

    g_autoptr(TrustKey) mine = trust_own_key(f->trust, own, &error);
    g_assert_no_error(error);
    open_trust(f);
    g_autoptr(TrustKey) mine_again = trust_own_key(f->trust, again, &error);
    g_assert_cmpstr(mine->id, ==, mine_again->id);
    g_assert_cmpmem(own, sizeof own, again, sizeof again);
    g_assert_true(mine->is_own);
    g_assert_false(trust_key_remove(f->trust, mine->id, removed, &error));
    g_assert_error(error, TRUST_ERROR, TRUST_ERROR_KEY);
}

static void test_judge(void)
{
    TrustKey key = { .version = 6, .digest = (char *)"d" };
    TrustKey fresh = { .version = 0, .digest = (char *)"" };
    g_assert_cmpint(trust_key_judge(&key, 5, "d"), ==, TRUST_VERSION_OLD);
    g_assert_cmpint(trust_key_judge(&key, 6, "d"), ==, TRUST_VERSION_SAME);
    g_assert_cmpint(trust_key_judge(&key, 6, "e"), ==, TRUST_VERSION_OTHER);
    g_assert_cmpint(trust_key_judge(&key, 7, "d"), ==, TRUST_VERSION_NEW);
    g_assert_cmpint(trust_key_judge(&key, 6 + TRUST_JUMP_MAX, "d"), ==, TRUST_VERSION_NEW);
    g_assert_cmpint(trust_key_judge(&key, 7 + TRUST_JUMP_MAX, "d"), ==, TRUST_VERSION_FAR);
    g_assert_cmpint(trust_key_judge(&fresh, 500000, "d"), ==, TRUST_VERSION_NEW);
}

static void test_own_version(Fixture *f, gconstpointer unused)
{
    static const struct {
        const char *digest;
        guint generation, version;
    } rows[] = { { "a", 0, 1 }, { "a", 1, 1 }, { "b", 5, 5 }, { "b", 9, 5 }, { "a", 4, 6 } };
    (void)unused;
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        guint version = 0;
        g_assert_true(
            trust_own_version(f->trust, rows[i].digest, rows[i].generation, &version, NULL));
        g_assert_cmpuint(version, ==, rows[i].version);
        open_trust(f);
    }
}

#define ADD(name, function) g_test_add("/trust/" name, Fixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (sodium_init() < 0) return 1;
    ADD("check", test_check);
    ADD("wrong-key", test_wrong_key);
    ADD("revoked", test_revoked);
    ADD("enrol", test_enrol);
    ADD("lockout", test_lockout);
    ADD("fifth", test_fifth);
    ADD("list", test_list);
    ADD("kill", test_kill);
    ADD("impossible", test_impossible);
    ADD("second", test_second);
    ADD("files", test_files);
    ADD("owner", test_owner);
    ADD("pepper", test_pepper);
    ADD("busy", test_busy);
    ADD("damaged", test_damaged);
    ADD("keys", test_keys);
    ADD("own-version", test_own_version);
    g_test_add_func("/trust/absent", test_absent);
    g_test_add_func("/trust/judge", test_judge);
    return g_test_run();
}

#include "db/stick_key.h"

#include "tests/db/sample.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_format(void)
{
    g_auto(StickKey) key = { 0 }, again = { 0 };
    guint8 octets[STICK_KEY_LEN + 1] = { 0 };
    g_assert_true(stick_key_make(&key));
    stick_key_format(&key, octets);
    g_assert_true(stick_key_parse(octets, STICK_KEY_LEN, &again, NULL));
    g_assert_cmpmem(&key, sizeof key, &again, sizeof again);
    for (gsize len = 0; len <= STICK_KEY_LEN + 1; len++)
        g_assert_true(stick_key_parse(octets, len, &again, NULL) == (len == STICK_KEY_LEN));
    for (gsize bit = 0; bit < 8 * STICK_KEY_LEN; bit++) {
        g_autoptr(GError) error = NULL;
        octets[bit / 8] ^= (guint8)(1u << bit % 8);
        g_assert_false(stick_key_parse(octets, STICK_KEY_LEN, &again, &error));
        g_assert_error(error, STICK_KEY_ERROR, STICK_KEY_ERROR_FORMAT);
        octets[bit / 8] ^= (guint8)(1u << bit % 8);
    }
}

/* By another implementation: Python's hashlib.blake2b(digest_size=8). */
static void test_known_answer(void)
{
    StickKey key;
    guint8 octets[STICK_KEY_LEN];
    char hex[2 * STICK_KEY_LEN + 1];
    memset(key.id, 0x11, sizeof key.id);
    memset(key.secret, 0x22, sizeof key.secret);
    stick_key_format(&key, octets);
    sodium_bin2hex(hex, sizeof hex, octets, sizeof octets);
    g_assert_cmpstr(hex, ==,
                    "424d4b4559000001"
                    "11111111111111111111111111111111"
                    "2222222222222222222222222222222222222222222222222222222222222222"
                    "692dbd6170c5f47d");
}

static void test_file(void)
{
    g_autofree char *dir = g_dir_make_tmp("stick-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, STICK_KEY_NAME, NULL);
    g_autofree char *below = g_build_filename(dir, "便民数据", NULL);
    g_autofree char *moved = g_build_filename(below, STICK_KEY_NAME, NULL);
    g_auto(StickKey) key = { 0 }, other = { 0 }, again = { 0 };
    g_autoptr(GError) error = NULL;
    struct stat status;

    g_assert_true(stick_key_make(&key) && stick_key_make(&other));
    g_assert_false(stick_key_load(dir, &again, &error));
    g_assert_error(error, STICK_KEY_ERROR, STICK_KEY_ERROR_MISSING);
    g_clear_error(&error);
    g_assert_true(stick_key_save(dir, &key, &error));
    g_assert_cmpint(stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);
    g_assert_false(stick_key_save(dir, &other, &error));
    g_assert_error(error, STICK_KEY_ERROR, STICK_KEY_ERROR_EXISTS);
    g_clear_error(&error);
    g_assert_true(stick_key_load(dir, &again, &error));
    g_assert_cmpmem(&key, sizeof key, &again, sizeof again);

    g_assert_cmpint(g_mkdir(below, 0755), ==, 0);
    g_assert_cmpint(g_rename(path, moved), ==, 0);
    g_assert_true(stick_key_load(dir, &again, &error));
    g_assert_cmpint(symlink(moved, path), ==, 0);
    g_assert_false(stick_key_load(dir, &again, &error)); /* a link is not followed */
    g_assert_error(error, STICK_KEY_ERROR, STICK_KEY_ERROR_READ);
    sample_remove(dir);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stick_key/format", test_format);
    g_test_add_func("/stick_key/known-answer", test_known_answer);
    g_test_add_func("/stick_key/file", test_file);
    return g_test_run();
}

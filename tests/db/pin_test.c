#include "db/pin.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const PinCost cheap = { 8192, 1 };
static const guint8 pepper[PIN_PEPPER_LEN] = { 1, 2, 3 };

static void test_form(void)
{
    static const struct {
        const char *pin;
        gboolean is_pin, is_usable;
    } rows[] = {
        { "", FALSE, FALSE },
        { "27183", FALSE, FALSE },
        { "271828", TRUE, TRUE },
        { "271828182845", TRUE, TRUE },
        { "2718281828459", FALSE, FALSE },
        { "27182a", FALSE, FALSE },
        { "27 182", FALSE, FALSE },
        { "２７１８２８", FALSE, FALSE },
        { "111111", TRUE, FALSE },
        { "000000000000", TRUE, FALSE },
        { "123456", TRUE, FALSE },
        { "654321", TRUE, FALSE },
        { "890123", TRUE, FALSE },
        { "3210987", TRUE, FALSE },
        { "121212", TRUE, FALSE },
        { "1231231", TRUE, FALSE },
        { "123457", TRUE, TRUE },
        { "112233", TRUE, TRUE },
        { "135791", TRUE, TRUE },
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].pin);
        g_assert_true(pin_check_form(rows[i].pin, NULL) == rows[i].is_pin);
        g_assert_true(pin_check_new(rows[i].pin, NULL) == rows[i].is_usable);
    }
}

static gboolean is_right(const PinHash *hash, const char *pin, const char *subject,
                         const guint8 key[PIN_PEPPER_LEN])
{
    gboolean is_same = FALSE;
    g_assert_true(pin_hash_check(hash, pin, subject, key, &is_same, NULL));
    return is_same;
}

static void test_hash(void)
{
    static const guint8 other[PIN_PEPPER_LEN] = { 1, 2, 4 };
    PinHash hash, again;
    g_assert_true(pin_hash_new("271828", "a", pepper, &cheap, &hash, NULL));
    g_assert_true(pin_hash_new("271828", "a", pepper, &cheap, &again, NULL));
    g_assert_cmpint(memcmp(hash.hash, again.hash, sizeof hash.hash), !=, 0); /* another salt */
    g_assert_true(is_right(&hash, "271828", "a", pepper));
    g_assert_false(is_right(&hash, "271829", "a", pepper));
    g_assert_false(is_right(&hash, "2718280", "a", pepper));
    g_assert_false(is_right(&hash, "271828", "b", pepper));
    g_assert_false(is_right(&hash, "271828", "a", other));
}

/* SAFETY (c) step by step: what a later program or another one has to compute. */
static void test_recipe(void)
{
    PinHash hash;
    guint8 key[32], peppered[32], expected[PIN_HASH_LEN];
    const guint8 text[] = "pin\0subject\0"
                          "271828";
    g_assert_true(pin_hash_new("271828", "subject", pepper, &cheap, &hash, NULL));
    crypto_generichash(key, 32, (const guint8 *)"pw", 2, pepper, sizeof pepper);
    crypto_generichash(peppered, 32, text, sizeof text - 1, key, 32);
    g_assert_cmpint(crypto_pwhash(expected, sizeof expected, (const char *)peppered, 32, hash.salt,
                                  1, 8192, crypto_pwhash_ALG_ARGON2ID13),
                    ==, 0);
    g_assert_cmpmem(expected, sizeof expected, hash.hash, sizeof hash.hash);
}

static int check_without_memory(const PinHash *hash)
{
    const struct rlimit limit = { 64u << 20, 64u << 20 };
    g_autoptr(GError) error = NULL;
    gboolean is_same = TRUE;
    if (setrlimit(RLIMIT_AS, &limit) != 0) return 77;
    gboolean is_done = pin_hash_check(hash, "271828", "a", pepper, &is_same, &error);
    return !is_done && !is_same && g_error_matches(error, PIN_ERROR, PIN_ERROR_MEMORY) ? 0 : 1;
}

static void test_no_memory(void)
{
#ifdef __SANITIZE_ADDRESS__
    g_test_skip("the sanitizer needs more than is left");
    return;
#endif
    int status = 0;
    PinHash hash = { .cost = pin_cost_staff };
    pid_t child = fork();
    if (child == 0) _exit(check_without_memory(&hash));
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        g_test_skip("no limit of memory here");
    else
        g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

static void test_file(void)
{
    static const struct {
        const char *text, *pin;
    } rows[] = {
        { "271828", "271828" },
        { "271828\n", "271828" },
        { "271828\r\nmore", "271828" },
        { "\xef\xbb\xbf"
          "271828\r\n",
          "271828" },
        { "", NULL },
        { "27182", NULL },
        { "271828 ", NULL },
        { "271828271828271828271828271828271828271828271828271828271828271828", NULL },
    };
    g_autofree char *dir = g_dir_make_tmp("pin-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "pin", NULL);
    char pin[PIN_TEXT_LEN];
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_true(g_file_set_contents(path, rows[i].text, -1, NULL));
        g_assert_true(pin_read_file(path, pin, NULL) == (rows[i].pin != NULL));
        if (rows[i].pin) g_assert_cmpstr(pin, ==, rows[i].pin);
    }
    g_unlink(path);
    g_assert_false(pin_read_file(path, pin, &error));
    g_assert_error(error, PIN_ERROR, PIN_ERROR_READ);
    g_rmdir(dir);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (sodium_init() < 0) return 1;
    g_test_add_func("/pin/form", test_form);
    g_test_add_func("/pin/hash", test_hash);
    g_test_add_func("/pin/recipe", test_recipe);
    g_test_add_func("/pin/no-memory", test_no_memory);
    g_test_add_func("/pin/file", test_file);
    return g_test_run();
}

#include "db/lockout.h"

static Uptime at(const char *boot, guint64 s)
{
    Uptime uptime = { .s = s };
    g_strlcpy(uptime.boot, boot, sizeof uptime.boot);
    return uptime;
}

static gboolean try_at(Lockout *lockout, const char *boot, guint64 s)
{
    Uptime now = at(boot, s);
    return lockout_try(lockout, &now);
}

/* The lock is there as soon as the fifth try begins. */
static void lock_it(Lockout *lockout, const char *boot, guint64 s)
{
    for (guint i = 0; i < LOCKOUT_TRIES; i++) {
        g_assert_cmpuint(lockout_tries_left(lockout), ==, LOCKOUT_TRIES - i);
        g_assert_true(try_at(lockout, boot, s));
    }
    g_assert_cmpuint(lockout_tries_left(lockout), ==, 0);
}

static void test_ladder(void)
{
    static const guint64 minutes[] = { 15, 60, 240, 240 };
    Lockout lockout = { 0 };
    guint64 s = 100;
    for (guint i = 0; i < G_N_ELEMENTS(minutes); i++) {
        lock_it(&lockout, "a", s);
        g_assert_cmpuint(lockout_minutes_left(&lockout), ==, minutes[i]);
        g_assert_false(try_at(&lockout, "a", s + 60 * minutes[i] - 1));
        g_assert_cmpuint(lockout_minutes_left(&lockout), ==, 1);
        s += 60 * minutes[i];
        lockout_pass(&lockout, &(Uptime){ .s = s, .boot = "a" });
        g_assert_cmpuint(lockout_tries_left(&lockout), ==, LOCKOUT_TRIES);
    }
    lockout_reset(&lockout);
    lock_it(&lockout, "a", s);
    g_assert_cmpuint(lockout_minutes_left(&lockout), ==, 15);
}

static void test_other_boot(void)
{
    Lockout lockout = { 0 };
    lock_it(&lockout, "a", 50000);
    g_assert_false(try_at(&lockout, "a", 50000 + 300)); /* 10 minutes are left */
    g_assert_false(try_at(&lockout, "b", 1));
    g_assert_false(try_at(&lockout, "b", 599));
    g_assert_cmpuint(lockout_minutes_left(&lockout), ==, 1);
    g_assert_true(try_at(&lockout, "b", 600));
}

/* However often it is switched off and on, only what it was on counts. */
static void test_many_boots(void)
{
    Lockout lockout = { 0 };
    lock_it(&lockout, "0", 10);
    for (guint i = 1; i < 90; i++) {
        g_autofree char *boot = g_strdup_printf("%u", i);
        g_assert_false(try_at(&lockout, boot, 10)); /* seconds of each */
    }
    g_assert_true(try_at(&lockout, "90", 10));
}

/* Without the names of boots: less uptime is another one; more never counts for more than it is. */
static void test_unknown_boot(void)
{
    Lockout lockout = { 0 };
    lock_it(&lockout, "", 1000);
    g_assert_false(try_at(&lockout, "", 300));        /* another boot: 5 of 15 minutes */
    g_assert_cmpuint(lockout_minutes_left(&lockout), ==, 10);
    g_assert_false(try_at(&lockout, "x", 600));       /* 5 more */
    g_assert_cmpuint(lockout_minutes_left(&lockout), ==, 5);
    g_assert_true(try_at(&lockout, "", 900));
}

static void test_now(void)
{
    Uptime now = uptime_now();
    g_assert_cmpuint(now.s, >, 0);
    g_assert_true(*now.boot == '\0' || strlen(now.boot) == UPTIME_BOOT_LEN - 1);
    g_assert_cmpuint(uptime_since(&now, &now), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lockout/ladder", test_ladder);
    g_test_add_func("/lockout/other-boot", test_other_boot);
    g_test_add_func("/lockout/many-boots", test_many_boots);
    g_test_add_func("/lockout/unknown-boot", test_unknown_boot);
    g_test_add_func("/lockout/now", test_now);
    return g_test_run();
}

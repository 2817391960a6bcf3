#include "sms/clock.h"

#define SECOND G_USEC_PER_SEC
#define SEEN   1795500000

static void test_good(void)
{
    Clock clock;
    clock_start(&clock, SEEN, 0);
    g_assert_cmpint(clock_at(&clock, SEEN + 50000, 10 * SECOND), ==, SEEN + 50000);
    g_assert_cmpint(clock_at(&clock, SEEN + 50060, 70 * SECOND), ==, SEEN + 50060);
}

/* The battery is dead: each morning it is 2000. */
static void test_dead(void)
{
    Clock clock;
    clock_start(&clock, SEEN, 5 * SECOND);
    g_assert_cmpint(clock_at(&clock, 946684800, 5 * SECOND), ==, SEEN);
    g_assert_cmpint(clock_at(&clock, 946684900, 105 * SECOND), ==, SEEN + 100);
    /* the network knows better */
    clock_hear(&clock, SEEN + 86400, 946684900, 105 * SECOND);
    g_assert_cmpint(clock_at(&clock, 946684910, 115 * SECOND), ==, SEEN + 86410);
    /* a message that was late does not turn it back, none without a time either */
    clock_hear(&clock, SEEN, 946684910, 115 * SECOND);
    clock_hear(&clock, 0, 946684910, 115 * SECOND);
    g_assert_cmpint(clock_at(&clock, 946684910, 115 * SECOND), ==, SEEN + 86410);
}

/* It once was 2090, and the database remembers. */
static void test_mended(void)
{
    Clock clock;
    clock_start(&clock, 3800000000, 0);
    g_assert_cmpint(clock_at(&clock, SEEN, 0), ==, 3800000000);
    clock_hear(&clock, SEEN - 60, SEEN, 0);
    g_assert_cmpint(clock_at(&clock, SEEN, 0), ==, SEEN);
}

/* A right clock does not follow a message from the future. */
static void test_future(void)
{
    Clock clock;
    clock_start(&clock, SEEN - 100, 0);
    clock_hear(&clock, SEEN + 40 * 86400, SEEN, 0);
    g_assert_cmpint(clock_at(&clock, SEEN, 0), ==, SEEN);
}

/* A clock that is ahead of all is not known to be wrong, but is not trusted either: nothing is
 * forgotten by it. */
static void test_ahead(void)
{
    Clock clock;
    clock_start(&clock, SEEN - 100, 0);
    clock_hear(&clock, SEEN, 3800000000, 0);
    g_assert_cmpint(clock_at(&clock, 3800000000, 0), ==, 3800000000);
    g_assert_false(clock.is_trusted);
    clock_hear(&clock, SEEN + 10, SEEN + 20, 0);
    g_assert_true(clock.is_trusted);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clock/good", test_good);
    g_test_add_func("/clock/dead", test_dead);
    g_test_add_func("/clock/mended", test_mended);
    g_test_add_func("/clock/future", test_future);
    g_test_add_func("/clock/ahead", test_ahead);
    return g_test_run();
}

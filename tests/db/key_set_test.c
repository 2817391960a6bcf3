#include "db/key_set.h"

static void test_duplicates(void)
{
    g_autoptr(KeySet) set = key_set_new();
    for (guint32 i = 1; i <= 100000; i++) {
        guint64 hash = key_set_hash(&i, sizeof i);
        g_assert_cmpuint(key_set_add(set, hash, i, i * 2, NULL), ==, 0);
    }
    for (guint32 i = 1; i <= 100000; i += 7) {
        guint32 value = 0;
        guint64 hash = key_set_hash(&i, sizeof i);
        g_assert_cmpuint(key_set_add(set, hash, 5, 5, &value), ==, i);
        g_assert_cmpuint(value, ==, i * 2);
    }
}

/* Hashes that agree in all bits the slots look at are still told apart. */
static void test_neighbours(void)
{
    g_autoptr(KeySet) set = key_set_new();
    for (guint32 i = 0; i < 500; i++)
        g_assert_cmpuint(key_set_add(set, ((guint64)i << 32) | 7, i + 1, 0, NULL), ==, 0);
    for (guint32 i = 0; i < 500; i++)
        g_assert_cmpuint(key_set_add(set, ((guint64)i << 32) | 7, 9999, 0, NULL), ==, i + 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/key_set/duplicates", test_duplicates);
    g_test_add_func("/key_set/neighbours", test_neighbours);
    return g_test_run();
}

#include "db/name_table.h"

#define NAMES 20000

static guint64 hash_of(guint name)
{
    return (name + 1) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
}

static guint count_of(const NameTable *table, guint64 hash, guint length)
{
    guint count = 0;

    for (const NameRef *r = name_table_find(table, hash, length); r; r = name_table_next(table, r))
        count++;
    return count;
}

/* Name n leads to n % 3 + 1 targets, each added twice. */
static void add(NameTable *table, guint from, guint to)
{
    for (guint n = from; n < to; n++) {
        for (guint target = 0; target <= n % 3; target++) {
            name_table_add(table, hash_of(n), 2 + n % 5, 0, target);
            name_table_add(table, hash_of(n), 2 + n % 5, 0, target);
        }
    }
}

static void test_find(void)
{
    NameTable table;

    name_table_init(&table);
    g_assert_null(name_table_find(&table, hash_of(0), 2));
    name_table_sort(&table);
    g_assert_null(name_table_find(&table, hash_of(0), 2));
    add(&table, 0, NAMES / 2);
    name_table_sort(&table);
    add(&table, NAMES / 2, NAMES);
    for (guint n = 0; n < NAMES / 2; n++) /* also while others wait to be sorted */
        g_assert_cmpuint(count_of(&table, hash_of(n), 2 + n % 5), ==, n % 3 + 1);
    name_table_sort(&table);
    for (guint n = 0; n < NAMES; n++) {
        g_assert_cmpuint(count_of(&table, hash_of(n), 2 + n % 5), ==, n % 3 + 1);
        g_assert_cmpuint(count_of(&table, hash_of(n), 3 + n % 5), ==, 0);
    }
    name_table_clear(&table);
}

/* A name of many topics, and a topic beside an official word. */
static void test_shared(void)
{
    NameTable table;
    guint32 expected = 0;

    name_table_init(&table);
    for (guint i = 0; i < 1000; i++)
        name_table_add(&table, hash_of(1), 4, 0, i);
    name_table_add(&table, hash_of(2), 4, 0, 7);
    name_table_add(&table, hash_of(2), 4, 1, 7);
    name_table_sort(&table);
    for (const NameRef *r = name_table_find(&table, hash_of(1), 4); r;
         r = name_table_next(&table, r))
        g_assert_cmpuint(r->target, ==, expected++);
    g_assert_cmpuint(expected, ==, 1000);
    g_assert_cmpuint(count_of(&table, hash_of(2), 4), ==, 2);
    name_table_clear(&table);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/name_table/find", test_find);
    g_test_add_func("/name_table/shared", test_shared);
    return g_test_run();
}

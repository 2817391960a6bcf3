#include "db/posting.h"

#define UNITS 5000

/* Term t stands in every (t+1)th unit, unit % 7 + 1 times; written in two portions. */
static Postings *build(guint terms)
{
    PostingsBuilder *b = postings_builder_new();

    for (guint32 unit = 0; unit < UNITS; unit++) {
        for (guint t = 0; t < terms; t++) {
            if (unit % (t + 1) != 0) continue;
            postings_add(b, t + 1, unit, 1);
            if (unit % 7 > 0) postings_add(b, t + 1, unit, unit % 7);
        }
    }
    return postings_finish(b);
}

static void test_cursor(void)
{
    Postings *p = build(9000); /* more than the first hash table holds */

    for (guint t = 0; t < 9000; t++) {
        const PostingList *list = postings_find(p, t + 1);
        PostingCursor cursor;

        g_assert_nonnull(list);
        g_assert_cmpuint(list->count, ==, (UNITS + t) / (t + 1));
        cursor = posting_cursor(p, list);
        for (guint32 unit = 0; unit < UNITS; unit += t + 1) {
            g_assert_true(posting_next(&cursor));
            g_assert_cmpuint(cursor.unit, ==, unit);
            g_assert_cmpuint(cursor.count, ==, unit % 7 + 1);
        }
        g_assert_false(posting_next(&cursor));
    }
    g_assert_null(postings_find(p, 9001));
    postings_free(p);
}

static void test_seek(void)
{
    Postings *p = build(200);

    for (guint t = 0; t < 200; t++) {
        const PostingList *list = postings_find(p, t + 1);
        for (guint32 unit = 0; unit < UNITS + 100; unit += 13) {
            guint32 expected = (unit + t) / (t + 1) * (t + 1);
            PostingCursor cursor;

            g_assert_cmpint(posting_seek(p, list, unit, &cursor), ==, expected < UNITS);
            if (expected >= UNITS) continue;
            g_assert_cmpuint(cursor.unit, ==, expected);
            g_assert_cmpuint(cursor.count, ==, expected % 7 + 1);
            if (expected + t + 1 < UNITS) {
                g_assert_true(posting_next(&cursor));
                g_assert_cmpuint(cursor.unit, ==, expected + t + 1);
            }
        }
    }
    postings_free(p);
}

static void test_far(void)
{
    PostingsBuilder *b = postings_builder_new();
    Postings *p;
    PostingCursor cursor;

    postings_add(b, 1, 0, 1000000);
    postings_add(b, 1, 0x7fffffff, 300);
    p = postings_finish(b);
    g_assert_true(posting_seek(p, postings_find(p, 1), 1, &cursor));
    g_assert_cmpuint(cursor.unit, ==, 0x7fffffff);
    g_assert_cmpuint(cursor.count, ==, 300);
    g_assert_true(posting_seek(p, postings_find(p, 1), 0, &cursor));
    g_assert_cmpuint(cursor.count, ==, 1000000);
    postings_free(p);
}

static void test_empty(void)
{
    Postings *p = postings_finish(postings_builder_new());

    g_assert_null(postings_find(p, 1));
    postings_free(p);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/posting/cursor", test_cursor);
    g_test_add_func("/posting/seek", test_seek);
    g_test_add_func("/posting/far", test_far);
    g_test_add_func("/posting/empty", test_empty);
    return g_test_run();
}

#include "charset/segment.h"

static const struct {
    const char *unit; /* the text is this, `count` times */
    guint count;
    SegmentAlphabet alphabet;
    guint parts;
} rows[] = {
    { "a", 0, SEGMENT_GSM7, 1 },
    { "a", 160, SEGMENT_GSM7, 1 },
    { "a", 161, SEGMENT_GSM7, 2 },
    { "a", 306, SEGMENT_GSM7, 2 },
    { "a", 307, SEGMENT_GSM7, 3 },
    { "€", 80, SEGMENT_GSM7, 1 }, /* two septets each */
    { "€", 81, SEGMENT_GSM7, 2 }, /* 76 in the first: an escape is not torn off */
    { "低", 70, SEGMENT_UCS2, 1 },
    { "低", 71, SEGMENT_UCS2, 2 },
    { "低", 134, SEGMENT_UCS2, 2 },
    { "低", 135, SEGMENT_UCS2, 3 },
    { "𠅤", 35, SEGMENT_UCS2, 1 }, /* surrogate pairs */
    { "𠅤", 36, SEGMENT_UCS2, 2 },
    { "𠅤", 67, SEGMENT_UCS2, 3 }, /* 33 pairs a part: none is torn */
};

static void test_rows(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_auto(GStrv) parts = NULL;
        g_autofree char *joined = NULL;

        for (guint k = 0; k < rows[i].count; k++)
            g_string_append(text, rows[i].unit);
        g_test_message("%s × %u", rows[i].unit, rows[i].count);
        parts = segment_text(text->str);
        joined = g_strjoinv("", parts);
        g_assert_cmpint(segment_alphabet(text->str), ==, rows[i].alphabet);
        g_assert_cmpuint(g_strv_length(parts), ==, rows[i].parts);
        g_assert_cmpstr(joined, ==, text->str);
        for (char **p = parts; *p; p++)
            g_assert_true(g_utf8_validate(*p, -1, NULL));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/segment/rows", test_rows);
    return g_test_run();
}

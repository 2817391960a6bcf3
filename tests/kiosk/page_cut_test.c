#include "kiosk/page_cut.h"

#include <string.h>

#define LINE 10

/* A block a letter: F a field of one line, G of three, m more of it (one line), M (three lines),
 * h a heading, s a source, | a break before the next. Pages as the letters of each. */
static char *cut(const char *letters, int lines)
{
    g_autofree PageCutBlock *blocks = g_new0(PageCutBlock, strlen(letters) + 1);
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(guint));
    GString *pages = g_string_new(NULL);
    guint count = 0;
    gboolean is_break = FALSE;

    for (const char *p = letters; *p; p++) {
        if (*p == '|') {
            is_break = TRUE;
            continue;
        }
        PageCutBlock *block = &blocks[count++];
        gboolean is_more = strchr("mMs", *p) != NULL;
        *block = (PageCutBlock){ .height = strchr("GM", *p) ? 3 * LINE : LINE,
                                 .head_height = is_more ? LINE : 0,
                                 .line_height = LINE,
                                 .is_more = is_more,
                                 .is_heading = *p == 'h',
                                 .is_tail = *p == 's',
                                 .is_break = is_break };
        is_break = FALSE;
        g_string_append_c(pages, *p);
    }
    page_cut(blocks, count, lines * LINE, first);
    for (guint i = first->len; i-- > 1;)
        g_string_insert_c(pages, g_array_index(first, guint, i), ' ');
    return g_string_free(pages, FALSE);
}

static void test_cut(void)
{
    static const struct {
        const char *letters;
        int lines;
        const char *pages;
    } rows[] = {
        { "", 5, "" },
        { "FFF", 3, "FFF" },
        { "FFFFF", 3, "FFF FF" },     /* as many as fit */
        { "FF|F", 5, "FF F" },        /* a break is kept */
        { "G", 2, "G" },              /* alone too high */
        { "FGF", 3, "F G F" },        /* fields stay whole where it costs no page */
        { "FGm", 4, "F Gm" },         /* … here it does not */
        { "FFhM", 5, "FF hM" },       /* a heading is not left behind */
        { "hMhM", 7, "hM hM" },       /* a section rather begins a page */
        { "FFmmm", 4, "F Fmmm" },     /* whole again */
        { "Fmmmm", 4, "Fmm mm" },     /* in two: never one line alone */
        { "Fmmmmm", 5, "Fmmm mm" },   /* the head above what goes on takes room */
        { "FFFFMMs", 7, "FFFFM Ms" }, /* nor one above the cut */
        { "hMMs", 7, "hM Ms" },       /* a source is not alone */
        { "FFFhmmmm", 6, "FFF hmmmm" },
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *pages = cut(rows[i].letters, rows[i].lines);
        g_assert_cmpstr(pages, ==, rows[i].pages);
    }
}

/* Whatever the heights are: every block on one page, in order, and none over the foot but one that
 * is alone too high. */
static void test_any(void)
{
    for (guint round = 0; round < 2000; round++) {
        PageCutBlock blocks[24] = { 0 };
        guint count = (guint)g_test_rand_int_range(0, G_N_ELEMENTS(blocks));
        g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(guint));
        for (guint i = 0; i < count; i++)
            blocks[i] = (PageCutBlock){ .height = g_test_rand_int_range(1, 60),
                                        .head_height = g_test_rand_int_range(0, 8),
                                        .line_height = LINE,
                                        .is_more = i > 0 && g_test_rand_bit(),
                                        .is_heading = g_test_rand_int_range(0, 5) == 0,
                                        .is_break = g_test_rand_int_range(0, 9) == 0 };
        page_cut(blocks, count, 50, first);
        g_assert_cmpuint(first->len, >=, 1);
        g_assert_cmpuint(g_array_index(first, guint, 0), ==, 0);
        for (guint page = 0; page < first->len && count > 0; page++) {
            guint begin = g_array_index(first, guint, page);
            guint end = page + 1 < first->len ? g_array_index(first, guint, page + 1) : count;
            int height = blocks[begin].head_height;
            g_assert_cmpuint(begin, <, end);
            for (guint i = begin; i < end; i++) {
                height += blocks[i].height;
                if (i > begin) g_assert_false(blocks[i].is_break);
            }
            if (end > begin + 1) g_assert_cmpint(height, <=, 50);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/page-cut/cut", test_cut);
    g_test_add_func("/page-cut/any", test_any);
    return g_test_run();
}

#include "kiosk/page_cut.h"

#define COST_PAGE    100u
#define COST_SCRAP   60u
#define COST_SPLIT   30u
#define COST_FACT    3u    /* a page rather ends with a section than between two facts */
#define COST_HOLLOW  10u   /* less than half full, though what follows would fit in */
#define COST_LATE    15u   /* the same of the first page, however full: many read no other */
#define COST_HEADING 1000u /* alone at the foot of a page */
#define SCRAP_LINES  2     /* fewer are one */

/* The part of a field that stands in [begin, end): it is too little to be seen as one. */
static gboolean is_scrap(const PageCutBlock *blocks, guint begin, guint end)
{
    int height = 0;

    for (guint i = begin; i < end; i++)
        if (!blocks[i].is_heading) height += blocks[i].height;
    return height < SCRAP_LINES * blocks[end - 1].line_height;
}

/* The part of the field before `end` that stands on the page which begins at `begin`. */
static gboolean leaves_scrap(const PageCutBlock *blocks, guint begin, guint end)
{
    guint start = end - 1;

    while (start > begin && blocks[start].is_more)
        start--;
    return is_scrap(blocks, start, end);
}

/* The part of a field with which the page [begin, end) begins. */
static gboolean begins_with_scrap(const PageCutBlock *blocks, guint begin, guint end)
{
    guint stop = begin + 1;

    while (stop < end && blocks[stop].is_more)
        stop++;
    return is_scrap(blocks, begin, stop);
}

/* Of a page [begin, end) that is not the last. */
static guint cost_of_cut(const PageCutBlock *blocks, guint begin, guint end)
{
    if (blocks[end].is_break) return 0;
    if (blocks[end - 1].is_heading) return COST_HEADING;
    if (blocks[end].is_more)
        return COST_SPLIT + (leaves_scrap(blocks, begin, end) ? COST_SCRAP : 0);
    return blocks[end].is_heading ? 0 : COST_FACT;
}

static guint cost_of_page(const PageCutBlock *blocks, guint count, guint begin, guint end)
{
    gboolean is_scrap_first =
        blocks[begin].is_tail || (blocks[begin].is_more && begins_with_scrap(blocks, begin, end));

    return COST_PAGE + (is_scrap_first ? COST_SCRAP : 0) +
           (end < count ? cost_of_cut(blocks, begin, end) : 0);
}

/* On a page that ends before `next`, with so much on it. */
static gboolean has_room(const PageCutBlock *next, int used, int height)
{
    return !next->is_break && !next->is_more && used + next->height <= height;
}

/* From the last block to the first: the cheapest way to cut all that follows. */
void page_cut(const PageCutBlock *blocks, guint count, int height, GArray *first)
{
    g_autofree guint *cost = g_new0(guint, count + 1);
    g_autofree guint *next = g_new0(guint, count + 1);

    for (guint begin = count; begin-- > 0;) {
        int used = blocks[begin].head_height;
        cost[begin] = G_MAXUINT;
        for (guint end = begin + 1; end <= count; end++) {
            used += blocks[end - 1].height;
            if (end > begin + 1 && (used > height || blocks[end - 1].is_break)) break;
            guint all = cost_of_page(blocks, count, begin, end) + cost[end];
            if (end < count && has_room(&blocks[end], used, height)) {
                if (2 * used < height) all += COST_HOLLOW;
                if (begin == 0 && !blocks[end].is_heading) all += COST_LATE;
            }
            if (all > cost[begin]) continue;
            cost[begin] = all;
            next[begin] = end;
        }
    }
    g_array_set_size(first, 0);
    for (guint begin = 0; begin < count; begin = next[begin])
        g_array_append_val(first, begin);
    if (count == 0) g_array_append_val(first, count);
}

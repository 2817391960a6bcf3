#pragma once
/* Where blocks of text are cut into pages. Of all ways that fit, the cheapest: a page costs most,
 * then a line of a field that stands alone above or below a cut, then a field in two. Among equals
 * the earlier pages are the fuller ones. Pure arithmetic, no GTK. */
#include <glib.h>

typedef struct {
    int height;
    int head_height;     /* more, where it begins a page */
    int line_height;     /* of its letters: less than two of them is a scrap */
    gboolean is_more;    /* it goes on with the field of the block before */
    gboolean is_heading; /* it never ends a page */
    gboolean is_tail;    /* a page rather does not begin with it: a source alone says nothing */
    gboolean is_break;   /* it begins a page */
} PageCutBlock;

/* Sets `first` (guint) to the index of each page's first block; at least one page. A block that is
 * alone too high has a page of its own. */
void page_cut(const PageCutBlock *blocks, guint count, int height, GArray *first);

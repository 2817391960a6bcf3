#pragma once
/* Several figures as one block of a pager. The page says the year and the source of `origin`; a
 * figure of another year says it. NULL: each says both. */
#include <gtk/gtk.h>

#include "db/catalogue.h"

/* Of one subject and one year, which stand once above them; those that count the same have
 * bars to compare. */
GtkWidget *figure_group_new(const Figure *const *figures, guint count, const Figure *origin);
/* Large, two side by side. */
GtkWidget *figure_pair_new(const Figure *const *figures, guint count, const Figure *origin);
/* How many of the `count` that begin at `figures` are one group: one block must not be too high. */
guint figure_group_length(const Figure *const *figures, guint count);
guint figure_pair_length(const Figure *const *figures, guint count);

#pragma once
/* What drawing letters leaves in memory. Cairo keeps a picture of each letter in each size it was
 * ever drawn in, and pixman a copy of it, as long as any text is set in that font: in a kiosk, for
 * months. Neither has a limit that can be set. When these have grown by so much, they are all given
 * up while nobody touches, and what is on the screen is drawn anew with the same pixels. */
#include <gtk/gtk.h>

typedef struct {
    gsize base; /* octets of the heap in use when there were fewest; 0: not looked at yet */
} Glyphs;

/* Whether the heap has grown by so much that it is time; the first time, notes how large it is. */
gboolean glyphs_are_many(Glyphs *self);

/* Gives up what text in and below `widget` holds of its fonts; it may be without a window. */
void glyphs_let_go(GtkWidget *widget);

/* The window's text is set in fonts of the same looks that are others to cairo. To be called after
 * glyphs_let_go() of all there is, followed by glyphs_drop() after the next frame. */
void glyphs_renew(GtkWidget *window);

/* Frees the fonts nobody holds any more, with their letters, and gives the memory back. */
void glyphs_drop(Glyphs *self);

#include "kiosk/glyphs.h"

#include <malloc.h>

#define GROWTH_MAX    (3 << 20) /* octets: some 600 letters */
#define HOLDOVERS_MAX 256       /* fonts without a user that cairo keeps: cairo-scaled-font.c */

/* style.css gives it an axis no font has: nothing looks different, and cairo cannot tell */
#define OTHER_CLASS "renewed"

static gsize heap_in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

gboolean glyphs_are_many(Glyphs *self)
{
    gsize used = heap_in_use();

    if (self->base == 0) self->base = used;
    return used > self->base + GROWTH_MAX;
}

void glyphs_let_go(GtkWidget *widget)
{
    if (GTK_IS_LABEL(widget)) pango_layout_context_changed(gtk_label_get_layout(GTK_LABEL(widget)));
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
         child = gtk_widget_get_next_sibling(child))
        glyphs_let_go(child);
}

/* Pango's map of fonts keeps them by itself, and forgets them when it is told of another resolution
 * of the screen. That means nothing to ours: their sizes are in pixels. (The call that says just
 * this is in a header that includes FreeType's.) */
static void clear_font_map(void)
{
    PangoCairoFontMap *map = PANGO_CAIRO_FONT_MAP(pango_cairo_font_map_get_default());
    double dpi = pango_cairo_font_map_get_resolution(map);

    pango_cairo_font_map_set_resolution(map, dpi + 1);
    pango_cairo_font_map_set_resolution(map, dpi);
}

void glyphs_renew(GtkWidget *window)
{
    if (gtk_widget_has_css_class(window, OTHER_CLASS))
        gtk_widget_remove_css_class(window, OTHER_CLASS);
    else
        gtk_widget_add_css_class(window, OTHER_CLASS);
    clear_font_map();
    gtk_widget_queue_draw(window);
}

/* Fonts without letters take the places of those nobody uses any more. */
static void push_out_fonts(void)
{
    cairo_font_face_t *face = cairo_user_font_face_create();
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_matrix_t one, size;

    cairo_matrix_init_identity(&one);
    for (int i = 1; i <= HOLDOVERS_MAX; i++) {
        cairo_matrix_init_scale(&size, i, i);
        cairo_scaled_font_destroy(cairo_scaled_font_create(face, &size, &one, options));
    }
    cairo_font_options_destroy(options);
    cairo_font_face_destroy(face);
}

void glyphs_drop(Glyphs *self)
{
    push_out_fonts();
    malloc_trim(0);
    self->base = heap_in_use();
}

#pragma once
/* One published figure, large: what it counts, the number with its qualifier in the same line, the
 * year and the source. A share of a whole (%, up to 100) also as a bar, whose end stays open where
 * the qualifier says 以上. Its accessible name is all of it in words. */
#include <gtk/gtk.h>

#include "db/catalogue.h"

#define KIOSK_TYPE_FIGURE (kiosk_figure_get_type())
G_DECLARE_FINAL_TYPE(KioskFigure, kiosk_figure, KIOSK, FIGURE, GtkWidget)

GtkWidget *kiosk_figure_new(void);
/* Copies what it shows. */
void kiosk_figure_set(KioskFigure *self, const Figure *figure);
void kiosk_figure_clear(KioskFigure *self);
/* Where many stand together: without the source, the rest of the qualifier beside the number. */
void kiosk_figure_set_compact(KioskFigure *self, gboolean is_compact);
const char *kiosk_figure_get_text(KioskFigure *self); /* to be read aloud */

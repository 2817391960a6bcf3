#pragma once
/* One published figure: what it counts, the number with its qualifier in the same line, the year
 * and the source. A share of a whole also as a bar, whose end stays open where the qualifier says
 * 以上. Its accessible name is all of it in words. */
#include <gtk/gtk.h>

#include "db/catalogue.h"

#define KIOSK_TYPE_FIGURE (kiosk_figure_get_type())
G_DECLARE_FINAL_TYPE(KioskFigure, kiosk_figure, KIOSK, FIGURE, GtkWidget)

typedef enum {
    KIOSK_FIGURE_ALONE, /* very large */
    KIOSK_FIGURE_CARD,  /* large: one of those side by side */
    KIOSK_FIGURE_LINE,  /* one of many below each other: what it counts left, the number right */
} KioskFigureForm;

GtkWidget *kiosk_figure_new(void);
/* Copies what it shows. */
void kiosk_figure_set(KioskFigure *self, const Figure *figure);
void kiosk_figure_clear(KioskFigure *self);
void kiosk_figure_set_form(KioskFigure *self, KioskFigureForm form);
/* Under a heading that says the year and the subject it says the rest only. */
void kiosk_figure_set_caption(KioskFigure *self, const char *caption);
/* A bar as long as this share of the longest one it is compared with. */
void kiosk_figure_compare(KioskFigure *self, double share);
/* Where the page says it for all of them. */
void kiosk_figure_hide_source(KioskFigure *self);
void kiosk_figure_hide_year(KioskFigure *self);
const char *kiosk_figure_get_text(KioskFigure *self); /* to be read aloud */
/* A part of a whole, not how much something grew: %, up to 100. */
gboolean kiosk_figure_is_share(const Figure *figure);

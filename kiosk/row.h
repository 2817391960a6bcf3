#pragma once
/* A wide button of a list: a plate with the topic's code or a number, a title, a small note (why it
 * is here), an arrow. As high as its words need: none of them is cut. Its accessible name is the
 * title, its description the note. */
#include <gtk/gtk.h>

#define KIOSK_TYPE_ROW (kiosk_row_get_type())
G_DECLARE_FINAL_TYPE(KioskRow, kiosk_row, KIOSK, ROW, GtkButton)

GtkWidget *kiosk_row_new(void);
/* `mark` is a topic's code ("CL02": a plate), a number ("1": a disc) or NULL; `note` may be NULL.
 */
void kiosk_row_set(KioskRow *self, const char *mark, const char *title, const char *note);
/* What the page wants back when it is tapped; freed with the row. */
void kiosk_row_set_target(KioskRow *self, const char *page, const char *argument);
const char *kiosk_row_get_page(KioskRow *self);
const char *kiosk_row_get_argument(KioskRow *self);

/* A plate like a station's number: CL over 02. */
GtkWidget *kiosk_plate_new(void);
void kiosk_plate_set(GtkWidget *plate, const char *code);

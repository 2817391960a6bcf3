#pragma once
/* A line icon of kiosk/icons, in the colour of the text beside it (CSS `color`) and as large as its
 * CSS min-width says. Decoration: it has no name, the word beside it has. GTK's own symbolic icons
 * would fill these strokes. */
#include <gtk/gtk.h>

#define KIOSK_TYPE_ICON (kiosk_icon_get_type())
G_DECLARE_FINAL_TYPE(KioskIcon, kiosk_icon, KIOSK, ICON, GtkWidget)

GtkWidget *kiosk_icon_new(const char *name); /* "back" for icons/back.svg */
void kiosk_icon_set_name(KioskIcon *self, const char *name);

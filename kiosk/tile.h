#pragma once
/* A button with an icon, a title and a small note: a category, or an action. The icon stands left
 * of the words, right of them ("icon-last") or above them (upright); both begin left, or stand in
 * the middle ("centered"). Its accessible name is the title. */
#include <gtk/gtk.h>

#define KIOSK_TYPE_TILE (kiosk_tile_get_type())
G_DECLARE_FINAL_TYPE(KioskTile, kiosk_tile, KIOSK, TILE, GtkButton)

/* `note` may be NULL: then there is none. */
GtkWidget *kiosk_tile_new(const char *icon, const char *title, const char *note);
void kiosk_tile_set_upright(KioskTile *self, gboolean is_upright);
void kiosk_tile_set_icon(KioskTile *self, const char *icon);
void kiosk_tile_set_title(KioskTile *self, const char *title);
void kiosk_tile_set_note(KioskTile *self, const char *note);
const char *kiosk_tile_get_title(KioskTile *self);

#pragma once
/* The kiosk's window: a field for the question, the answer above it, a button for each choice.
 * Holds the published catalogue, and takes a newer one before the next question. */
#include <gtk/gtk.h>

#define KIOSK_TYPE_WINDOW (kiosk_window_get_type())
G_DECLARE_FINAL_TYPE(KioskWindow, kiosk_window, KIOSK, WINDOW, GtkApplicationWindow)

/* NULL with *error if not even the built-in content can be read. */
KioskWindow *kiosk_window_new(GtkApplication *application, const char *data_dir, GError **error);

#pragma once
/* The kiosk's window: header, the page, the comfort row, the footer, the box over it all. It owns
 * what a visit is made of – the way back, the letters' size and colours, who is touching – and
 * wipes it at its end. It knows the pages by their names alone (page_table.h). */
#include <gtk/gtk.h>

#include "kiosk/desk.h"

#define KIOSK_TYPE_WINDOW (kiosk_window_get_type())
G_DECLARE_FINAL_TYPE(KioskWindow, kiosk_window, KIOSK, WINDOW, GtkApplicationWindow)

/* `desk` stays the caller's, and must outlive the window. */
KioskWindow *kiosk_window_new(GtkApplication *application, Desk *desk);
/* "topic" and "CL02", as a tap would; FALSE if there is no such page. */
gboolean kiosk_window_go(KioskWindow *self, const char *page, const char *argument);
/* Makes one of the pages that are not there yet, so that no touch waits for it and what stays in
 * the heap lies together; FALSE: all are there. To be called when there is nothing else to do. */
gboolean kiosk_window_prepare(KioskWindow *self);

#pragma once
/* The line between what one reads (above) and what one touches (below): two threads that cross and
 * make one quiet wave. Each thread has the CSS colour of its own node: thread.gold, thread.blue. */
#include <gtk/gtk.h>

#define KIOSK_TYPE_WATERLINE (kiosk_waterline_get_type())
G_DECLARE_FINAL_TYPE(KioskWaterline, kiosk_waterline, KIOSK, WATERLINE, GtkWidget)

GtkWidget *kiosk_waterline_new(void);

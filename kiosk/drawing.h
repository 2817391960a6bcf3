#pragma once
/* A sheet to draw one character on with the finger, with 删除, 清空 and 查找 beside it. After each
 * stroke it asks kiosk/handwriting.h, in a thread, and gives signal "drawn" with the candidates
 * (char **, NULL-ended). Signal "key" as KioskKeyGrid. */
#include <gtk/gtk.h>

#include "kiosk/desk.h"

#define KIOSK_TYPE_DRAWING (kiosk_drawing_get_type())
G_DECLARE_FINAL_TYPE(KioskDrawing, kiosk_drawing, KIOSK, DRAWING, GtkWidget)

gboolean kiosk_drawing_is_there(const Desk *desk); /* the model is */
GtkWidget *kiosk_drawing_new(Desk *desk);
void kiosk_drawing_clear(KioskDrawing *self);
gboolean kiosk_drawing_has_strokes(KioskDrawing *self);

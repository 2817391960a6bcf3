#pragma once
/* Where what is typed is seen: text, what is being composed after it, a caret at the end that does
 * not blink. No GtkEntry: that has menus, an emoji chooser and a clipboard. Assistive technology
 * sees a text box named 查找内容. */
#include <gtk/gtk.h>

#define KIOSK_TYPE_TEXT_FIELD (kiosk_text_field_get_type())
G_DECLARE_FINAL_TYPE(KioskTextField, kiosk_text_field, KIOSK, TEXT_FIELD, GtkWidget)

GtkWidget *kiosk_text_field_new(void);
void kiosk_text_field_set(KioskTextField *self, const char *text, const char *preedit);

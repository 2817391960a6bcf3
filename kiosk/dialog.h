#pragma once
/* One question over the whole window, with one or two answers. Nothing behind it can be reached.
 * With seconds it counts down in a ring. */
#include <gtk/gtk.h>

#define KIOSK_TYPE_DIALOG (kiosk_dialog_get_type())
G_DECLARE_FINAL_TYPE(KioskDialog, kiosk_dialog, KIOSK, DIALOG, GtkWidget)

typedef void (*KioskDialogAnswered)(gboolean is_primary, gpointer data);

/* `behind` is insensitive while the dialog is shown: no key and no screen reader reaches it. To be
 * called once. */
void kiosk_dialog_set_behind(KioskDialog *self, GtkWidget *behind);
/* `secondary` NULL: only one button. `answered` may be NULL; it is called once, unless the dialog
 * is hidden first. */
void kiosk_dialog_ask(KioskDialog *self, const char *title, const char *text, const char *secondary,
                      const char *primary, KioskDialogAnswered answered, gpointer data);
/* The ring; of_s is a full one. 0: none. */
void kiosk_dialog_set_seconds(KioskDialog *self, guint left_s, guint of_s);
void kiosk_dialog_set_text(KioskDialog *self, const char *text);
void kiosk_dialog_hide(KioskDialog *self);
gboolean kiosk_dialog_is_shown(KioskDialog *self);

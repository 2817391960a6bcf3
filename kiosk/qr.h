#pragma once
/* A QR code: black on white in every mode, whole-pixel modules, four modules of quiet zone
 * (ISO/IEC 18004 §6.3.8). Its size is the CSS min-width; the modules are as large as fit. */
#include <gtk/gtk.h>

#define KIOSK_TYPE_QR (kiosk_qr_get_type())
G_DECLARE_FINAL_TYPE(KioskQr, kiosk_qr, KIOSK, QR, GtkWidget)

GtkWidget *kiosk_qr_new(void);
/* `name` for those who cannot see it; `text` NULL: nothing is drawn. */
void kiosk_qr_set(KioskQr *self, const char *text, const char *name);

/* "smsto:106500000000:CL02": opens a ready message; the number may be "". Free with g_free(). */
char *kiosk_qr_smsto(const char *number, const char *code);

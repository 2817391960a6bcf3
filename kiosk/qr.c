#include "kiosk/qr.h"

#include <qrencode.h>

#define QUIET_ZONE 4 /* modules on each side */

struct _KioskQr {
    GtkWidget parent_instance;
    QRcode *code;
};

G_DEFINE_FINAL_TYPE(KioskQr, kiosk_qr, GTK_TYPE_WIDGET)

static void kiosk_qr_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    const QRcode *code = KIOSK_QR(widget)->code;
    int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    GdkRGBA black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 };

    gtk_snapshot_append_color(snapshot, &white,
                              &GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height));
    if (!code) return;
    int module = MIN(width, height) / (code->width + 2 * QUIET_ZONE);
    int left = (width - module * code->width) / 2, top = (height - module * code->width) / 2;
    for (int i = 0; i < code->width * code->width; i++) {
        if (!(code->data[i] & 1)) continue;
        int x = left + i % code->width * module, y = top + i / code->width * module;
        gtk_snapshot_append_color(
            snapshot, &black,
            &GRAPHENE_RECT_INIT((float)x, (float)y, (float)module, (float)module));
    }
}

void kiosk_qr_set(KioskQr *self, const char *text, const char *name)
{
    g_clear_pointer(&self->code, QRcode_free);
    if (text) self->code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (text && !self->code) g_warning("no QR code of %zu octets", strlen(text));
    gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   name ? name : "", -1);
    gtk_widget_queue_draw(GTK_WIDGET(self));
}

char *kiosk_qr_smsto(const char *number, const char *code)
{
    return g_strdup_printf("smsto:%s:%s", number, code);
}

static void kiosk_qr_finalize(GObject *object)
{
    g_clear_pointer(&KIOSK_QR(object)->code, QRcode_free);
    G_OBJECT_CLASS(kiosk_qr_parent_class)->finalize(object);
}

static void kiosk_qr_class_init(KioskQrClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = kiosk_qr_finalize;
    widget_class->snapshot = kiosk_qr_snapshot;
    gtk_widget_class_set_css_name(widget_class, "qr");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void kiosk_qr_init(KioskQr *self)
{
    gtk_widget_set_valign(GTK_WIDGET(self), GTK_ALIGN_CENTER);
    gtk_widget_set_halign(GTK_WIDGET(self), GTK_ALIGN_CENTER);
}

GtkWidget *kiosk_qr_new(void)
{
    return g_object_new(KIOSK_TYPE_QR, NULL);
}

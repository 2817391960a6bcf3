#include "kiosk/qr_page.h"

#include "kiosk/qr.h"

struct _KioskQrPage {
    KioskPage parent_instance;
    GtkLabel *heading, *hint;
    KioskQr *qr;
};

G_DEFINE_FINAL_TYPE(KioskQrPage, kiosk_qr_page, KIOSK_TYPE_PAGE)

static void kiosk_qr_page_enter(KioskPage *page, const char *code)
{
    KioskQrPage *self = KIOSK_QR_PAGE(page);
    Desk *desk = kiosk_page_desk(page);
    int index = catalogue_find_topic(desk->catalogue, code);
    const char *name = index >= 0 ? desk->catalogue->topics[index].name : "";
    g_autofree char *uri = kiosk_qr_smsto(desk->settings->sms_number, code);
    g_autofree char *spoken = g_strdup_printf("%s的二维码", name);
    const char *number = desk->settings->sms_number;
    g_autofree char *hint =
        *number ? g_strdup_printf("1. 打开手机相机，对准方块。\n2. 手机会写好短信，点发送。\n"
                                  "没有扫出来，就发短信 %s 到 %s。",
                                  code, number)
                : g_strdup_printf("1. 打开手机相机，对准方块。\n2. 手机写好短信 %s。\n"
                                  "3. 号码请问窗口，填上再发送。",
                                  code);

    gtk_label_set_label(self->heading, name);
    gtk_label_set_label(self->hint, hint);
    kiosk_qr_set(self->qr, uri, spoken);
}

static void kiosk_qr_page_leave(KioskPage *page)
{
    kiosk_qr_set(KIOSK_QR_PAGE(page)->qr, NULL, NULL);
}

static void kiosk_qr_page_say(KioskPage *page, Script *script)
{
    KioskQrPage *self = KIOSK_QR_PAGE(page);

    script_add(script, GTK_WIDGET(self->heading), gtk_label_get_label(self->heading));
    script_add(script, GTK_WIDGET(self->hint), gtk_label_get_label(self->hint));
}

static void kiosk_qr_page_constructed(GObject *object)
{
    G_OBJECT_CLASS(kiosk_qr_page_parent_class)->constructed(object);
    if (kiosk_page_is_landscape(KIOSK_PAGE(object))) g_object_set(object, "share", 0.45, NULL);
}

static void kiosk_qr_page_class_init(KioskQrPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->constructed = kiosk_qr_page_constructed;
    KIOSK_PAGE_CLASS(class)->enter = kiosk_qr_page_enter;
    KIOSK_PAGE_CLASS(class)->leave = kiosk_qr_page_leave;
    KIOSK_PAGE_CLASS(class)->say = kiosk_qr_page_say;
    g_type_ensure(KIOSK_TYPE_QR);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/qr_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskQrPage, heading);
    gtk_widget_class_bind_template_child(widget_class, KioskQrPage, hint);
    gtk_widget_class_bind_template_child(widget_class, KioskQrPage, qr);
}

static void kiosk_qr_page_init(KioskQrPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    kiosk_page_set_title(KIOSK_PAGE(self), "扫一扫，带回家看", "qr");
}

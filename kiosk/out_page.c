#include "kiosk/out_page.h"

#include "kiosk/block.h"

struct _KioskOutPage {
    KioskPage parent_instance;
    GtkLabel *phone, *counter;
};

G_DEFINE_FINAL_TYPE(KioskOutPage, kiosk_out_page, KIOSK_TYPE_PAGE)

static void kiosk_out_page_enter(KioskPage *page, const char *argument)
{
    KioskOutPage *self = KIOSK_OUT_PAGE(page);
    const KioskSettings *settings = kiosk_page_desk(page)->settings;

    (void)argument;
    block_set_phone(self->phone, settings->phone);
    gtk_label_set_label(self->counter, settings->counter);
    gtk_widget_set_visible(GTK_WIDGET(self->counter), *settings->counter);
}

static void kiosk_out_page_class_init(KioskOutPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    KIOSK_PAGE_CLASS(class)->enter = kiosk_out_page_enter;
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/out_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskOutPage, phone);
    gtk_widget_class_bind_template_child(widget_class, KioskOutPage, counter);
}

static void kiosk_out_page_init(KioskOutPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    kiosk_page_set_title(KIOSK_PAGE(self), "暂停服务", "warning");
}

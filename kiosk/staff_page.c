#include "kiosk/staff_page.h"

struct _KioskStaffPage {
    KioskPage parent_instance;
    GtkLabel *heading, *text;
};

G_DEFINE_FINAL_TYPE(KioskStaffPage, kiosk_staff_page, KIOSK_TYPE_PAGE)

static void kiosk_staff_page_say(KioskPage *page, Script *script)
{
    KioskStaffPage *self = KIOSK_STAFF_PAGE(page);

    script_add(script, GTK_WIDGET(self->heading), gtk_label_get_label(self->heading));
    script_add(script, GTK_WIDGET(self->text), gtk_label_get_label(self->text));
}

static void kiosk_staff_page_class_init(KioskStaffPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    KIOSK_PAGE_CLASS(class)->say = kiosk_staff_page_say;
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/staff_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, heading);
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, text);
}

static void kiosk_staff_page_init(KioskStaffPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    g_object_set(self, "kind", VISIT_PAGE_STAFF, NULL);
    kiosk_page_set_title(KIOSK_PAGE(self), "工作人员", "usb");
}

#include "kiosk/person_page.h"

struct _KioskPersonPage {
    KioskPage parent_instance;
    GtkLabel *heading, *text;
};

G_DEFINE_FINAL_TYPE(KioskPersonPage, kiosk_person_page, KIOSK_TYPE_PAGE)

static void kiosk_person_page_say(KioskPage *page, Script *script)
{
    KioskPersonPage *self = KIOSK_PERSON_PAGE(page);

    script_add(script, GTK_WIDGET(self->heading), gtk_label_get_label(self->heading));
    script_add(script, GTK_WIDGET(self->text), gtk_label_get_label(self->text));
}

static void kiosk_person_page_class_init(KioskPersonPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    KIOSK_PAGE_CLASS(class)->say = kiosk_person_page_say;
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/person_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskPersonPage, heading);
    gtk_widget_class_bind_template_child(widget_class, KioskPersonPage, text);
}

static void kiosk_person_page_init(KioskPersonPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    g_object_set(self, "kind", VISIT_PAGE_PERSON, NULL);
    kiosk_page_set_title(KIOSK_PAGE(self), "查我的补贴", "lock");
}

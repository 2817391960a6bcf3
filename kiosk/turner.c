#include "kiosk/turner.h"

#include "kiosk/tile.h"

struct _KioskTurner {
    GtkWidget parent_instance;
    GtkWidget *box;
    KioskTile *previous, *next;
    GtkLabel *number;
};

G_DEFINE_FINAL_TYPE(KioskTurner, kiosk_turner, GTK_TYPE_WIDGET)

static guint turn_signal;

void kiosk_turner_set(KioskTurner *self, guint page, guint page_count)
{
    g_autofree char *number = g_strdup_printf("%u/%u", page + 1, page_count);

    gtk_label_set_label(self->number, number);
    gtk_widget_set_sensitive(GTK_WIDGET(self->previous), page > 0);
    gtk_widget_set_sensitive(GTK_WIDGET(self->next), page + 1 < page_count);
}

static void on_previous(KioskTurner *self)
{
    g_signal_emit(self, turn_signal, 0, -1);
}

static void on_next(KioskTurner *self)
{
    g_signal_emit(self, turn_signal, 0, 1);
}

static void on_turn(KioskPager *pager, int step)
{
    kiosk_pager_set_page(pager, (guint)MAX((int)kiosk_pager_get_page(pager) + step, 0));
}

static void on_pages(KioskTurner *self, KioskPager *pager)
{
    guint page_count = kiosk_pager_get_page_count(pager);

    kiosk_turner_set(self, kiosk_pager_get_page(pager), page_count);
    gtk_widget_set_visible(GTK_WIDGET(self), page_count > 1);
}

void kiosk_turner_follow(KioskTurner *self, KioskPager *pager)
{
    g_signal_connect_object(self, "turn", G_CALLBACK(on_turn), pager, G_CONNECT_SWAPPED);
    g_signal_connect_object(pager, "changed", G_CALLBACK(on_pages), self, G_CONNECT_SWAPPED);
}

static void kiosk_turner_dispose(GObject *object)
{
    g_clear_pointer(&KIOSK_TURNER(object)->box, gtk_widget_unparent);
    G_OBJECT_CLASS(kiosk_turner_parent_class)->dispose(object);
}

static void kiosk_turner_class_init(KioskTurnerClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = kiosk_turner_dispose;
    g_type_ensure(KIOSK_TYPE_TILE);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
    gtk_widget_class_set_css_name(widget_class, "turner");
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/turner.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskTurner, box);
    gtk_widget_class_bind_template_child(widget_class, KioskTurner, previous);
    gtk_widget_class_bind_template_child(widget_class, KioskTurner, next);
    gtk_widget_class_bind_template_child(widget_class, KioskTurner, number);
    gtk_widget_class_bind_template_callback(widget_class, on_previous);
    gtk_widget_class_bind_template_callback(widget_class, on_next);
    turn_signal = g_signal_new("turn", KIOSK_TYPE_TURNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_INT);
}

static void kiosk_turner_init(KioskTurner *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}

#include "kiosk/row.h"

#include <string.h>

#include "kiosk/icon.h"

struct _KioskRow {
    GtkButton parent_instance;
    GtkLabel *mark;
    GtkLabel *title;
    GtkLabel *note;

    char *page, *argument;
};

G_DEFINE_FINAL_TYPE(KioskRow, kiosk_row, GTK_TYPE_BUTTON)

GtkWidget *kiosk_plate_new(void)
{
    GtkWidget *plate = gtk_label_new(NULL);
    gtk_label_set_justify(GTK_LABEL(plate), GTK_JUSTIFY_CENTER);
    gtk_widget_set_valign(plate, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class(plate, "plate");
    return plate;
}

void kiosk_plate_set(GtkWidget *plate, const char *code)
{
    g_autofree char *lines =
        strlen(code) == 4 ? g_strdup_printf("%.2s\n%s", code, code + 2) : g_strdup(code);
    gtk_label_set_label(GTK_LABEL(plate), lines);
    gtk_accessible_update_property(GTK_ACCESSIBLE(plate), GTK_ACCESSIBLE_PROPERTY_LABEL, code, -1);
}

static void set_class(GtkWidget *widget, const char *name, gboolean is_on)
{
    if (is_on)
        gtk_widget_add_css_class(widget, name);
    else
        gtk_widget_remove_css_class(widget, name);
}

void kiosk_row_set(KioskRow *self, const char *mark, const char *title, const char *note)
{
    gboolean is_code = mark && strlen(mark) == 4;

    gtk_widget_set_visible(GTK_WIDGET(self->mark), mark != NULL);
    set_class(GTK_WIDGET(self->mark), "plate", is_code);
    set_class(GTK_WIDGET(self->mark), "disc", !is_code);
    if (mark) kiosk_plate_set(GTK_WIDGET(self->mark), mark);
    gtk_label_set_label(self->title, title);
    gtk_label_set_label(self->note, note ? note : "");
    gtk_widget_set_visible(GTK_WIDGET(self->note), note && *note);
    gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, note ? note : "", -1);
}

/* A resident's question may be in it. */
static void wipe(char *text)
{
    if (text) explicit_bzero(text, strlen(text));
    g_free(text);
}

void kiosk_row_set_target(KioskRow *self, const char *page, const char *argument)
{
    g_free(self->page);
    wipe(self->argument);
    self->page = g_strdup(page);
    self->argument = g_strdup(argument);
}

const char *kiosk_row_get_page(KioskRow *self)
{
    return self->page;
}

const char *kiosk_row_get_argument(KioskRow *self)
{
    return self->argument;
}

static void kiosk_row_finalize(GObject *object)
{
    KioskRow *self = KIOSK_ROW(object);
    g_free(self->page);
    g_free(self->argument);
    G_OBJECT_CLASS(kiosk_row_parent_class)->finalize(object);
}

static void kiosk_row_class_init(KioskRowClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = kiosk_row_finalize;
    g_type_ensure(KIOSK_TYPE_ICON);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/row.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskRow, mark);
    gtk_widget_class_bind_template_child(widget_class, KioskRow, title);
    gtk_widget_class_bind_template_child(widget_class, KioskRow, note);
}

static void kiosk_row_init(KioskRow *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}

GtkWidget *kiosk_row_new(void)
{
    return g_object_new(KIOSK_TYPE_ROW, NULL);
}

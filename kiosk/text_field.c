#include "kiosk/text_field.h"

#include <string.h>

struct _KioskTextField {
    GtkWidget parent_instance;
    GtkWidget *box;
    GtkLabel *text;
    GtkWidget *caret, *hint;
};

G_DEFINE_FINAL_TYPE(KioskTextField, kiosk_text_field, GTK_TYPE_WIDGET)

/* What is composed is underlined and lighter, by weight and not by colour alone. */
static PangoAttrList *attributes(guint from, guint to)
{
    PangoAttrList *list = pango_attr_list_new();
    PangoAttribute *line = pango_attr_underline_new(PANGO_UNDERLINE_SINGLE);
    PangoAttribute *weight = pango_attr_weight_new(PANGO_WEIGHT_NORMAL);

    line->start_index = weight->start_index = from;
    line->end_index = weight->end_index = to;
    pango_attr_list_insert(list, line);
    pango_attr_list_insert(list, weight);
    return list;
}

void kiosk_text_field_set(KioskTextField *self, const char *text, const char *preedit)
{
    guint length = (guint)strlen(text), all = length + (guint)strlen(preedit);
    g_autofree char *whole = g_strconcat(text, preedit, NULL);
    PangoAttrList *list = attributes(length, all);

    gtk_label_set_label(self->text, whole);
    gtk_label_set_attributes(self->text, list);
    pango_attr_list_unref(list);
    gtk_widget_set_visible(self->hint, all == 0);
    explicit_bzero(whole, all);
}

static void kiosk_text_field_dispose(GObject *object)
{
    g_clear_pointer(&KIOSK_TEXT_FIELD(object)->box, gtk_widget_unparent);
    G_OBJECT_CLASS(kiosk_text_field_parent_class)->dispose(object);
}

static void kiosk_text_field_class_init(KioskTextFieldClass *class)
{
    G_OBJECT_CLASS(class)->dispose = kiosk_text_field_dispose;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "field");
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void kiosk_text_field_init(KioskTextField *self)
{
    self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    self->text = g_object_new(GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_TEXT_BOX,
                              "ellipsize", PANGO_ELLIPSIZE_START, "xalign", 0.0, NULL);
    self->caret = g_object_new(GTK_TYPE_BOX, "css-name", "caret", "valign", GTK_ALIGN_CENTER,
                               "accessible-role", GTK_ACCESSIBLE_ROLE_NONE, NULL);
    self->hint = g_object_new(GTK_TYPE_LABEL, "label", "写您要问的事", "accessible-role",
                              GTK_ACCESSIBLE_ROLE_NONE, NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(self->text), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   "查找内容", -1);
    gtk_widget_add_css_class(self->hint, "placeholder");
    gtk_box_append(GTK_BOX(self->box), GTK_WIDGET(self->text));
    gtk_box_append(GTK_BOX(self->box), self->caret);
    gtk_box_append(GTK_BOX(self->box), self->hint);
    gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *kiosk_text_field_new(void)
{
    return g_object_new(KIOSK_TYPE_TEXT_FIELD, NULL);
}

#include "kiosk/text_field.h"

#include <string.h>

struct _KioskTextField {
    GtkWidget parent_instance;
    GtkLabel *text; /* over the whole width, also when there is none */
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
    /* a label is called what it shows, unless it is told after each change */
    gtk_accessible_update_property(GTK_ACCESSIBLE(self->text), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   "查找内容", -1);
    gtk_widget_set_visible(self->hint, all == 0);
    gtk_widget_queue_allocate(GTK_WIDGET(self));
    explicit_bzero(whole, all);
}

/* ---- layout: the caret after the text, the hint after the caret ---- */

static void kiosk_text_field_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                     int *minimum, int *natural, int *minimum_baseline,
                                     int *natural_baseline)
{
    KioskTextField *self = KIOSK_TEXT_FIELD(widget);

    (void)for_size;
    gtk_widget_measure(GTK_WIDGET(self->text), orientation, -1, minimum, natural, NULL, NULL);
    *minimum_baseline = *natural_baseline = -1;
}

static int natural_size(GtkWidget *widget, GtkOrientation orientation)
{
    int natural = 0;
    gtk_widget_measure(widget, orientation, -1, NULL, &natural, NULL, NULL);
    return natural;
}

static void place(GtkWidget *widget, int x, int width, int height)
{
    int needed = MIN(natural_size(widget, GTK_ORIENTATION_VERTICAL), height);
    GtkAllocation where = { x, (height - needed) / 2, MAX(width, 0), needed };

    if (gtk_widget_should_layout(widget)) gtk_widget_size_allocate(widget, &where, -1);
}

static void kiosk_text_field_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    KioskTextField *self = KIOSK_TEXT_FIELD(widget);
    int caret = natural_size(self->caret, GTK_ORIENTATION_HORIZONTAL);
    int room = MAX(width - 2 * caret, 0);
    int x = MIN(natural_size(GTK_WIDGET(self->text), GTK_ORIENTATION_HORIZONTAL), room) + caret;

    (void)baseline;
    gtk_widget_size_allocate(GTK_WIDGET(self->text), &(GtkAllocation){ 0, 0, room, height }, -1);
    place(self->caret, x, caret, height);
    place(self->hint, x + 2 * caret, width - x - 2 * caret, height);
}

/* ---- object ---- */

static void kiosk_text_field_dispose(GObject *object)
{
    KioskTextField *self = KIOSK_TEXT_FIELD(object);

    if (self->text) gtk_widget_unparent(GTK_WIDGET(self->text));
    self->text = NULL;
    g_clear_pointer(&self->caret, gtk_widget_unparent);
    g_clear_pointer(&self->hint, gtk_widget_unparent);
    G_OBJECT_CLASS(kiosk_text_field_parent_class)->dispose(object);
}

static void kiosk_text_field_class_init(KioskTextFieldClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = kiosk_text_field_dispose;
    widget_class->measure = kiosk_text_field_measure;
    widget_class->size_allocate = kiosk_text_field_size_allocate;
    gtk_widget_class_set_css_name(widget_class, "field");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void kiosk_text_field_init(KioskTextField *self)
{
    self->text = g_object_new(GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_TEXT_BOX,
                              "ellipsize", PANGO_ELLIPSIZE_START, "xalign", 0.0, NULL);
    self->caret = g_object_new(GTK_TYPE_BOX, "css-name", "caret", "can-target", FALSE,
                               "accessible-role", GTK_ACCESSIBLE_ROLE_NONE, NULL);
    self->hint = g_object_new(GTK_TYPE_LABEL, "label", "写您要问的事", "xalign", 0.0, "ellipsize",
                              PANGO_ELLIPSIZE_END, "can-target", FALSE, "accessible-role",
                              GTK_ACCESSIBLE_ROLE_NONE, NULL);
    gtk_widget_add_css_class(self->hint, "placeholder");
    gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
    gtk_widget_set_parent(GTK_WIDGET(self->text), GTK_WIDGET(self));
    gtk_widget_set_parent(self->caret, GTK_WIDGET(self));
    gtk_widget_set_parent(self->hint, GTK_WIDGET(self));
    kiosk_text_field_set(self, "", "");
}

GtkWidget *kiosk_text_field_new(void)
{
    return g_object_new(KIOSK_TYPE_TEXT_FIELD, NULL);
}

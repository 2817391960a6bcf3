#include "kiosk/dialog.h"

#include <math.h>

#include "kiosk/tile.h"

#define RING_WIDTH_SHARE 0.05 /* of the ring's size */

struct _KioskDialog {
    GtkWidget parent_instance;
    GtkWidget *card;
    GtkLabel *title, *text, *seconds;
    GtkWidget *ring;
    GtkDrawingArea *arc, *track;
    KioskTile *secondary, *primary;

    GtkWidget *behind; /* not owned: both are the window's */
    guint left_s, of_s;
    KioskDialogAnswered answered;
    gpointer data;
};

G_DEFINE_FINAL_TYPE(KioskDialog, kiosk_dialog, GTK_TYPE_WIDGET)

/* ---- ring ---- */

static void draw_arc(GtkDrawingArea *area, cairo_t *cr, int width, int height, double share)
{
    double size = MIN(width, height), line = size * RING_WIDTH_SHARE;
    GdkRGBA color;

    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(area)), &color);
    gdk_cairo_set_source_rgba(cr, &color);
    cairo_set_line_width(cr, line);
    cairo_arc(cr, width / 2.0, height / 2.0, (size - line) / 2, -G_PI / 2,
              -G_PI / 2 + 2 * G_PI * share);
    cairo_stroke(cr);
}

static void draw_track(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    (void)data;
    draw_arc(area, cr, width, height, 1);
}

static void draw_left(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    const KioskDialog *self = data;
    if (self->of_s) draw_arc(area, cr, width, height, (double)self->left_s / self->of_s);
}

void kiosk_dialog_set_seconds(KioskDialog *self, guint left_s, guint of_s)
{
    g_autofree char *number = g_strdup_printf("%u", left_s);

    self->left_s = left_s;
    self->of_s = of_s;
    gtk_label_set_label(self->seconds, number);
    gtk_widget_set_visible(self->ring, of_s > 0);
    gtk_widget_queue_draw(GTK_WIDGET(self->arc));
}

/* ---- question ---- */

static void answer(KioskDialog *self, gboolean is_primary)
{
    KioskDialogAnswered answered = g_steal_pointer(&self->answered);

    kiosk_dialog_hide(self);
    if (answered) answered(is_primary, self->data);
}

static void on_secondary(KioskDialog *self)
{
    answer(self, FALSE);
}

static void on_primary(KioskDialog *self)
{
    answer(self, TRUE);
}

void kiosk_dialog_set_text(KioskDialog *self, const char *text)
{
    gtk_label_set_label(self->text, text);
}

void kiosk_dialog_ask(KioskDialog *self, const char *title, const char *text, const char *secondary,
                      const char *primary, KioskDialogAnswered answered, gpointer data)
{
    self->answered = answered;
    self->data = data;
    gtk_label_set_label(self->title, title);
    kiosk_dialog_set_text(self, text);
    gtk_widget_set_visible(GTK_WIDGET(self->secondary), secondary != NULL);
    kiosk_tile_set_title(self->secondary, secondary);
    kiosk_tile_set_title(self->primary, primary);
    kiosk_dialog_set_seconds(self, 0, 0);
    gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
    gtk_widget_set_visible(GTK_WIDGET(self), TRUE);
    gtk_widget_set_sensitive(self->behind, FALSE);
    gtk_widget_grab_focus(GTK_WIDGET(self->primary));
}

void kiosk_dialog_hide(KioskDialog *self)
{
    self->answered = NULL;
    gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
    gtk_widget_set_sensitive(self->behind, TRUE);
    gtk_label_set_label(self->text, "");
}

void kiosk_dialog_set_behind(KioskDialog *self, GtkWidget *behind)
{
    self->behind = behind;
}

gboolean kiosk_dialog_is_shown(KioskDialog *self)
{
    return gtk_widget_get_visible(GTK_WIDGET(self));
}

static void kiosk_dialog_dispose(GObject *object)
{
    g_clear_pointer(&KIOSK_DIALOG(object)->card, gtk_widget_unparent);
    G_OBJECT_CLASS(kiosk_dialog_parent_class)->dispose(object);
}

static void kiosk_dialog_class_init(KioskDialogClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = kiosk_dialog_dispose;
    g_type_ensure(KIOSK_TYPE_TILE);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(widget_class, "veil");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/dialog.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskDialog, card);
    gtk_widget_class_bind_template_child(widget_class, KioskDialog, title);
    gtk_widget_class_bind_template_child(widget_class, KioskDialog, text);
    gtk_widget_class_bind_template_child(widget_class, KioskDialog, seconds);
    gtk_widget_class_bind_template_child(widget_class, KioskDialog, ring);
    gtk_widget_class_bind_template_child(widget_class, KioskDialog, track);
    gtk_widget_class_bind_template_child(widget_class, KioskDialog, arc);
    gtk_widget_class_bind_template_child(widget_class, KioskDialog, secondary);
    gtk_widget_class_bind_template_child(widget_class, KioskDialog, primary);
    gtk_widget_class_bind_template_callback(widget_class, on_secondary);
    gtk_widget_class_bind_template_callback(widget_class, on_primary);
}

static void kiosk_dialog_init(KioskDialog *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_MODAL, TRUE, -1);
    gtk_drawing_area_set_draw_func(self->track, draw_track, NULL, NULL);
    gtk_drawing_area_set_draw_func(self->arc, draw_left, self, NULL);
}

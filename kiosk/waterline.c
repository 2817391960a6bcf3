#include "kiosk/waterline.h"

#define WAVE_LENGTH 96.0
#define LINE_WIDTH  2.5

struct _KioskWaterline {
    GtkWidget parent_instance;
    GtkWidget *threads[2];
};

G_DEFINE_FINAL_TYPE(KioskWaterline, kiosk_waterline, GTK_TYPE_WIDGET)

/* motif/wave.svg: half a wave up, half a wave down, from the middle of the height. */
static void draw_thread(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    double first = GPOINTER_TO_INT(data) ? height : 0, second = height - first;
    double middle = height / 2.0, step = WAVE_LENGTH / 6;
    GdkRGBA color;

    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(area)), &color);
    gdk_cairo_set_source_rgba(cr, &color);
    cairo_set_line_width(cr, LINE_WIDTH);
    cairo_move_to(cr, 0, middle);
    for (int i = 0; i * WAVE_LENGTH < width; i++) {
        double x = i * WAVE_LENGTH;
        cairo_curve_to(cr, x + step, first, x + 2 * step, first, x + 3 * step, middle);
        cairo_curve_to(cr, x + 4 * step, second, x + 5 * step, second, x + 6 * step, middle);
    }
    cairo_stroke(cr);
}

static void kiosk_waterline_dispose(GObject *object)
{
    KioskWaterline *self = KIOSK_WATERLINE(object);
    for (guint i = 0; i < G_N_ELEMENTS(self->threads); i++)
        g_clear_pointer(&self->threads[i], gtk_widget_unparent);
    G_OBJECT_CLASS(kiosk_waterline_parent_class)->dispose(object);
}

static void kiosk_waterline_class_init(KioskWaterlineClass *class)
{
    G_OBJECT_CLASS(class)->dispose = kiosk_waterline_dispose;
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "waterline");
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_NONE);
}

static void kiosk_waterline_init(KioskWaterline *self)
{
    static const char *const names[] = { "gold", "blue" };

    for (guint i = 0; i < G_N_ELEMENTS(self->threads); i++) {
        GtkWidget *thread =
            g_object_new(GTK_TYPE_DRAWING_AREA, "css-name", "thread", "accessible-role",
                         GTK_ACCESSIBLE_ROLE_NONE, "can-target", FALSE, NULL);
        gtk_widget_add_css_class(thread, names[i]);
        gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(thread), draw_thread,
                                       GINT_TO_POINTER(i == 0), NULL);
        gtk_widget_set_parent(thread, GTK_WIDGET(self));
        self->threads[i] = thread;
    }
}

GtkWidget *kiosk_waterline_new(void)
{
    return g_object_new(KIOSK_TYPE_WATERLINE, NULL);
}

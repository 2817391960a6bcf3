#include "kiosk/figure.h"

#include <math.h>
#include <string.h>

#include "db/figure.h"

struct _KioskFigure {
    GtkWidget parent_instance;
    GtkWidget *box;
    GtkBox *line; /* the number's */
    GtkLabel *caption, *before, *number, *after, *note, *source;
    GtkWidget *bar;
    GtkDrawingArea *known, *open;

    char *text;
    double share; /* 0 … 1; negative: no bar */
    gboolean is_open_ended;
};

G_DEFINE_FINAL_TYPE(KioskFigure, kiosk_figure, GTK_TYPE_WIDGET)

/* ---- bar ---- */

static void use_color(GtkDrawingArea *area, cairo_t *cr)
{
    GdkRGBA color;
    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(area)), &color);
    gdk_cairo_set_source_rgba(cr, &color);
}

static void draw_known(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    const KioskFigure *self = data;

    use_color(area, cr);
    cairo_rectangle(cr, 0, 0, round(width * self->share), height);
    cairo_fill(cr);
}

/* What may be there, too, and is not published: a dashed box. */
static void draw_open(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    const KioskFigure *self = data;
    double from = round(width * self->share), line = height / 12.0;

    if (!self->is_open_ended || self->share >= 1) return;
    use_color(area, cr);
    cairo_set_line_width(cr, line);
    cairo_set_dash(cr, (double[]){ 3 * line, 2 * line }, 2, 0);
    cairo_rectangle(cr, from, line / 2, width - from - line / 2, height - line);
    cairo_stroke(cr);
}

static double share_of(const Figure *figure)
{
    double value = g_ascii_strtod(figure->value, NULL);
    return g_str_equal(figure->unit, "%") && value >= 0 && value <= 100 ? value / 100 : -1;
}

/* ---- content ---- */

static void set_text(GtkLabel *label, const char *text)
{
    gtk_label_set_label(label, text);
    gtk_widget_set_visible(GTK_WIDGET(label), *text != '\0');
}

void kiosk_figure_set(KioskFigure *self, const Figure *figure)
{
    FigureParts parts;
    g_autofree char *words = figure_text(figure);
    gboolean is_same = g_str_equal(figure->subject, figure->indicator);
    g_autofree char *caption =
        g_strdup_printf("%d 年，%s%s%s", figure->year, figure->subject, is_same ? "" : "：",
                        is_same ? "" : figure->indicator);
    g_autofree char *source = g_strdup_printf("来源：%s", figure->source);

    figure_parts(figure, &parts);
    set_text(self->caption, caption);
    set_text(self->before, parts.before);
    set_text(self->number, parts.number);
    set_text(self->after, parts.after);
    set_text(self->note, parts.note);
    set_text(self->source, source);
    self->share = share_of(figure);
    self->is_open_ended = parts.is_open_ended;
    gtk_widget_set_visible(self->bar, self->share >= 0);
    gtk_widget_queue_draw(self->bar);
    figure_parts_clear(&parts);

    g_free(self->text);
    self->text = g_strdup_printf("%d年，%s：%s。", figure->year, figure->subject, words);
    gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->text,
                                   -1);
}

void kiosk_figure_clear(KioskFigure *self)
{
    g_clear_pointer(&self->text, g_free);
}

void kiosk_figure_set_compact(KioskFigure *self, gboolean is_compact)
{
    gtk_widget_set_visible(GTK_WIDGET(self->source), !is_compact);
    if (is_compact && gtk_widget_get_parent(GTK_WIDGET(self->note)) == self->box) {
        g_object_ref(self->note);
        gtk_box_remove(GTK_BOX(self->box), GTK_WIDGET(self->note));
        gtk_box_append(self->line, GTK_WIDGET(self->note));
        gtk_widget_set_hexpand(GTK_WIDGET(self->note), TRUE);
        gtk_widget_set_valign(GTK_WIDGET(self->note), GTK_ALIGN_CENTER);
        g_object_unref(self->note);
    }
}

const char *kiosk_figure_get_text(KioskFigure *self)
{
    return self->text ? self->text : "";
}

/* ---- object ---- */

static void kiosk_figure_dispose(GObject *object)
{
    g_clear_pointer(&KIOSK_FIGURE(object)->box, gtk_widget_unparent);
    G_OBJECT_CLASS(kiosk_figure_parent_class)->dispose(object);
}

static void kiosk_figure_finalize(GObject *object)
{
    kiosk_figure_clear(KIOSK_FIGURE(object));
    G_OBJECT_CLASS(kiosk_figure_parent_class)->finalize(object);
}

static void kiosk_figure_class_init(KioskFigureClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = kiosk_figure_dispose;
    G_OBJECT_CLASS(class)->finalize = kiosk_figure_finalize;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(widget_class, "figure");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/figure.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskFigure, box);
    gtk_widget_class_bind_template_child(widget_class, KioskFigure, caption);
    gtk_widget_class_bind_template_child(widget_class, KioskFigure, line);
    gtk_widget_class_bind_template_child(widget_class, KioskFigure, before);
    gtk_widget_class_bind_template_child(widget_class, KioskFigure, number);
    gtk_widget_class_bind_template_child(widget_class, KioskFigure, after);
    gtk_widget_class_bind_template_child(widget_class, KioskFigure, note);
    gtk_widget_class_bind_template_child(widget_class, KioskFigure, source);
    gtk_widget_class_bind_template_child(widget_class, KioskFigure, bar);
    gtk_widget_class_bind_template_child(widget_class, KioskFigure, known);
    gtk_widget_class_bind_template_child(widget_class, KioskFigure, open);
}

static void kiosk_figure_init(KioskFigure *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    gtk_drawing_area_set_draw_func(self->known, draw_known, self, NULL);
    gtk_drawing_area_set_draw_func(self->open, draw_open, self, NULL);
}

GtkWidget *kiosk_figure_new(void)
{
    return g_object_new(KIOSK_TYPE_FIGURE, NULL);
}

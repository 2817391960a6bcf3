#include "kiosk/figure.h"

#include <math.h>
#include <string.h>

#include "db/figure.h"

#define LINE_CHARS 20 /* a note stands behind what the figure counts where both are so short */

struct _KioskFigure {
    GtkWidget parent_instance;
    GtkWidget *box;
    GtkBox *head, *line; /* what it counts and the number; the number's pieces */
    GtkLabel *caption, *before, *number, *after, *note, *source;
    GtkWidget *bar;
    GtkDrawingArea *known, *open;

    char *text, *counted, *remark;
    char *year; /* 2023 年，; NULL: it is said elsewhere */
    KioskFigureForm form;
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

/* 同比增长, 同比增速, 下降: how much more or less than before. */
static gboolean is_change(const Figure *figure)
{
    static const char *const words[] = { "同比", "环比", "增", "降" };

    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (strstr(figure->indicator, words[i])) return TRUE;
    return FALSE;
}

gboolean kiosk_figure_is_share(const Figure *figure)
{
    double value = g_ascii_strtod(figure->value, NULL);
    return g_str_equal(figure->unit, "%") && value >= 0 && value <= 100 && !is_change(figure);
}

static void show_bar(KioskFigure *self, double share)
{
    self->share = share;
    gtk_widget_set_visible(self->bar, share >= 0);
    gtk_widget_queue_draw(self->bar);
}

/* ---- content ---- */

static void set_text(GtkLabel *label, const char *text)
{
    gtk_label_set_label(label, text);
    gtk_widget_set_visible(GTK_WIDGET(label), *text != '\0');
}

static void show_words(KioskFigure *self)
{
    gboolean is_aside =
        self->form == KIOSK_FIGURE_LINE && *self->remark &&
        g_utf8_strlen(self->counted, -1) + g_utf8_strlen(self->remark, -1) <= LINE_CHARS;
    g_autofree char *caption = g_strconcat(self->year ? self->year : "", self->counted,
                                           is_aside ? "（" : NULL, self->remark, "）", NULL);

    set_text(self->caption, caption);
    set_text(self->note, is_aside ? "" : self->remark);
}

void kiosk_figure_set(KioskFigure *self, const Figure *figure)
{
    FigureParts parts;
    double value = g_ascii_strtod(figure->value, NULL);
    g_autofree char *words = figure_text(figure);
    gboolean is_same = g_str_equal(figure->subject, figure->indicator);
    g_autofree char *caption = g_strdup_printf("%s%s%s", figure->subject, is_same ? "" : "：",
                                               is_same ? "" : figure->indicator);
    g_autofree char *source = g_strdup_printf("来源：%s", figure->source);

    figure_parts(figure, &parts);
    kiosk_figure_clear(self);
    self->counted = g_steal_pointer(&caption);
    self->year = g_strdup_printf("%d 年，", figure->year);
    self->remark = g_strdup(parts.note);
    show_words(self);
    set_text(self->before, parts.before);
    set_text(self->number, parts.number);
    set_text(self->after, parts.after);
    gtk_label_set_label(self->source, source);
    self->is_open_ended = parts.is_open_ended;
    show_bar(self, kiosk_figure_is_share(figure) ? value / 100 : -1);
    figure_parts_clear(&parts);

    self->text = g_strdup_printf("%d年，%s：%s。", figure->year, figure->subject, words);
    gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->text,
                                   -1);
}

void kiosk_figure_clear(KioskFigure *self)
{
    g_clear_pointer(&self->text, g_free);
    g_clear_pointer(&self->counted, g_free);
    g_clear_pointer(&self->remark, g_free);
    g_clear_pointer(&self->year, g_free);
}

void kiosk_figure_set_form(KioskFigure *self, KioskFigureForm form)
{
    static const char *const classes[] = { "alone", "card-figure", "line" };

    gtk_widget_remove_css_class(GTK_WIDGET(self), classes[self->form]);
    gtk_widget_add_css_class(GTK_WIDGET(self), classes[form]);
    self->form = form;
    gtk_orientable_set_orientation(GTK_ORIENTABLE(self->head), form == KIOSK_FIGURE_LINE
                                                                   ? GTK_ORIENTATION_HORIZONTAL
                                                                   : GTK_ORIENTATION_VERTICAL);
    if (self->counted) show_words(self);
}

void kiosk_figure_set_caption(KioskFigure *self, const char *caption)
{
    g_free(self->counted);
    self->counted = g_strdup(caption);
    g_clear_pointer(&self->year, g_free);
    show_words(self);
}

void kiosk_figure_compare(KioskFigure *self, double share)
{
    self->is_open_ended = FALSE;
    gtk_widget_add_css_class(self->bar, "compared");
    show_bar(self, share);
}

void kiosk_figure_hide_source(KioskFigure *self)
{
    gtk_widget_set_visible(GTK_WIDGET(self->source), FALSE);
}

void kiosk_figure_hide_year(KioskFigure *self)
{
    g_clear_pointer(&self->year, g_free);
    show_words(self);
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
    gtk_widget_class_bind_template_child(widget_class, KioskFigure, head);
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

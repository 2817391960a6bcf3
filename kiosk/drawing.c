#include "kiosk/drawing.h"

#include "kiosk/handwriting.h"
#include "kiosk/key_grid.h"

#define PEN_WIDTH 10.0

struct _KioskDrawing {
    GtkWidget parent_instance;
    GtkWidget *box;
    GtkDrawingArea *sheet;

    Desk *desk;
    Handwriting *handwriting; /* open while the sheet is seen: its model takes 26 MB */
    gboolean is_opening;
    GCancellable *cancellable;
    GArray *points; /* HandwritingPoint */
    guint stroke;
    double start_x, start_y;
};

G_DEFINE_FINAL_TYPE(KioskDrawing, kiosk_drawing, GTK_TYPE_WIDGET)

static guint drawn_signal, key_signal;

gboolean kiosk_drawing_is_there(const Desk *desk)
{
    return g_file_test(desk->settings->handwriting_model, G_FILE_TEST_IS_REGULAR);
}

/* ---- recognition ---- */

static void on_recognized(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(KioskDrawing) self = data;
    g_auto(GStrv) candidates = handwriting_recognize_finish(result, NULL);

    (void)source;
    if (candidates) g_signal_emit(self, drawn_signal, 0, candidates);
}

static void give_up_recognition(KioskDrawing *self)
{
    g_cancellable_cancel(self->cancellable);
    g_clear_object(&self->cancellable);
}

static void recognize(KioskDrawing *self)
{
    int width = gtk_widget_get_width(GTK_WIDGET(self->sheet));
    int height = gtk_widget_get_height(GTK_WIDGET(self->sheet));

    give_up_recognition(self);
    if (!self->handwriting || self->points->len == 0) return;
    self->cancellable = g_cancellable_new();
    handwriting_recognize_async(self->handwriting, (const HandwritingPoint *)self->points->data,
                                self->points->len, (guint)width, (guint)height, self->cancellable,
                                on_recognized, g_object_ref(self));
}

static void on_open(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(KioskDrawing) self = data;
    g_autoptr(GError) error = NULL;

    (void)source;
    self->is_opening = FALSE;
    self->handwriting = handwriting_new_finish(result, &error);
    if (error) g_warning("no handwriting: %s", error->message);
    if (gtk_widget_get_mapped(GTK_WIDGET(self)))
        recognize(self);
    else
        g_clear_pointer(&self->handwriting, handwriting_free);
}

/* The characters of the content: what a resident wants to write is most likely among them. */
static char *content_characters(const Desk *desk)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; desk->catalogue && i < desk->catalogue->topic_count; i++) {
        const Topic *topic = &desk->catalogue->topics[i];
        g_string_append(text, topic->name);
        g_string_append(text, topic->description);
        g_string_append(text, topic->eligibility);
        g_string_append(text, topic->required_documents);
        for (char **name = topic->alternate_names; *name; name++)
            g_string_append(text, *name);
    }
    for (guint i = 0; desk->catalogue && i < desk->catalogue->qa_count; i++)
        g_string_append(text, desk->catalogue->qas[i].question);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* ---- pen ---- */

static void add_point(KioskDrawing *self, double x, double y)
{
    HandwritingPoint point = { self->stroke, (int)x, (int)y };

    if (self->points->len < HANDWRITING_POINTS_MAX) g_array_append_val(self->points, point);
    gtk_widget_queue_draw(GTK_WIDGET(self->sheet));
}

static void on_begin(KioskDrawing *self, double x, double y)
{
    self->start_x = x;
    self->start_y = y;
    self->stroke++;
    add_point(self, x, y);
}

static void on_update(KioskDrawing *self, double dx, double dy)
{
    add_point(self, self->start_x + dx, self->start_y + dy);
}

static void on_end(KioskDrawing *self)
{
    recognize(self);
}

/* What the empty sheet is for. */
static void draw_hint(GtkWidget *sheet, cairo_t *cr, int width, int height)
{
    g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(sheet, "用手指在这里\n写一个字");
    int text_width, text_height;

    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    pango_layout_get_pixel_size(layout, &text_width, &text_height);
    int left = (width - text_width) / 2, top = (height - text_height) / 2; /* whole pixels */
    cairo_move_to(cr, left, top);
    pango_cairo_show_layout(cr, layout);
}

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    const KioskDrawing *self = data;
    guint stroke = 0;
    GdkRGBA color;

    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(area)), &color);
    gdk_cairo_set_source_rgba(cr, &color);
    if (self->points->len == 0) draw_hint(GTK_WIDGET(area), cr, width, height);
    cairo_set_line_width(cr, PEN_WIDTH);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    for (guint i = 0; i < self->points->len; i++) {
        const HandwritingPoint *point = &g_array_index(self->points, HandwritingPoint, i);
        if (point->stroke != stroke) cairo_move_to(cr, point->x, point->y);
        cairo_line_to(cr, point->x, point->y);
        stroke = point->stroke;
    }
    cairo_stroke(cr);
}

void kiosk_drawing_clear(KioskDrawing *self)
{
    give_up_recognition(self);
    if (self->points->len > 0) /* there is no memory before the first point */
        explicit_bzero(self->points->data, self->points->len * sizeof(HandwritingPoint));
    g_array_set_size(self->points, 0);
    self->stroke = 0;
    gtk_widget_queue_draw(GTK_WIDGET(self->sheet));
}

gboolean kiosk_drawing_has_strokes(KioskDrawing *self)
{
    return self->points->len > 0;
}

/* ---- object ---- */

static void on_command(KioskDrawing *self, GtkWidget *key)
{
    g_signal_emit(self, key_signal, 0,
                  GPOINTER_TO_INT(g_object_get_data(G_OBJECT(key), "command")));
}

static void add_command(KioskDrawing *self, GtkWidget *column, int command, const char *big,
                        const char *icon)
{
    GtkWidget *key = kiosk_key_new(command, big, icon, big);

    g_signal_connect_swapped(key, "clicked", G_CALLBACK(on_command), self);
    gtk_widget_set_vexpand(key, TRUE);
    gtk_widget_set_hexpand(key, FALSE);
    gtk_box_append(GTK_BOX(column), key);
}

static void watch_pen(KioskDrawing *self)
{
    GtkGesture *pen = gtk_gesture_drag_new();

    g_signal_connect_swapped(pen, "drag-begin", G_CALLBACK(on_begin), self);
    g_signal_connect_swapped(pen, "drag-update", G_CALLBACK(on_update), self);
    g_signal_connect_swapped(pen, "drag-end", G_CALLBACK(on_end), self);
    gtk_widget_add_controller(GTK_WIDGET(self->sheet), GTK_EVENT_CONTROLLER(pen));
}

static void kiosk_drawing_map(GtkWidget *widget)
{
    KioskDrawing *self = KIOSK_DRAWING(widget);

    GTK_WIDGET_CLASS(kiosk_drawing_parent_class)->map(widget);
    if (self->handwriting || self->is_opening) return;
    g_autofree char *wanted = content_characters(self->desk);
    self->is_opening = TRUE;
    handwriting_new_async(self->desk->settings->handwriting_model, wanted, NULL, on_open,
                          g_object_ref(self));
}

static void kiosk_drawing_unmap(GtkWidget *widget)
{
    KioskDrawing *self = KIOSK_DRAWING(widget);

    give_up_recognition(self);
    g_clear_pointer(&self->handwriting, handwriting_free);
    GTK_WIDGET_CLASS(kiosk_drawing_parent_class)->unmap(widget);
}

static void kiosk_drawing_dispose(GObject *object)
{
    KioskDrawing *self = KIOSK_DRAWING(object);

    give_up_recognition(self);
    g_clear_pointer(&self->box, gtk_widget_unparent);
    g_clear_pointer(&self->handwriting, handwriting_free);
    G_OBJECT_CLASS(kiosk_drawing_parent_class)->dispose(object);
}

static void kiosk_drawing_finalize(GObject *object)
{
    g_array_unref(KIOSK_DRAWING(object)->points);
    G_OBJECT_CLASS(kiosk_drawing_parent_class)->finalize(object);
}

static void kiosk_drawing_class_init(KioskDrawingClass *class)
{
    G_OBJECT_CLASS(class)->dispose = kiosk_drawing_dispose;
    G_OBJECT_CLASS(class)->finalize = kiosk_drawing_finalize;
    GTK_WIDGET_CLASS(class)->map = kiosk_drawing_map;
    GTK_WIDGET_CLASS(class)->unmap = kiosk_drawing_unmap;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
    drawn_signal = g_signal_new("drawn", KIOSK_TYPE_DRAWING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRV);
    key_signal = g_signal_new("key", KIOSK_TYPE_DRAWING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 1, G_TYPE_INT);
}

static void kiosk_drawing_init(KioskDrawing *self)
{
    GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);

    self->points = g_array_new(FALSE, FALSE, sizeof(HandwritingPoint));
    self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    self->sheet = g_object_new(GTK_TYPE_DRAWING_AREA, "css-name", "sheet", "hexpand", TRUE,
                               "accessible-role", GTK_ACCESSIBLE_ROLE_IMG, NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(self->sheet), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   "手写区", -1);
    gtk_drawing_area_set_draw_func(self->sheet, draw, self, NULL);
    watch_pen(self);
    gtk_widget_add_css_class(self->box, "keys");
    gtk_widget_add_css_class(column, "keys");
    gtk_widget_add_css_class(column, "commands");
    add_command(self, column, KEY_GRID_ERASE, "删除", "backspace");
    add_command(self, column, KEY_GRID_CLEAR, "清空", "delete");
    add_command(self, column, KEY_GRID_SEARCH, "查找", "search");
    gtk_box_append(GTK_BOX(self->box), GTK_WIDGET(self->sheet));
    gtk_box_append(GTK_BOX(self->box), column);
    gtk_widget_set_hexpand(GTK_WIDGET(self), TRUE);
    gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *kiosk_drawing_new(Desk *desk)
{
    KioskDrawing *self = g_object_new(KIOSK_TYPE_DRAWING, NULL);
    self->desk = desk;
    return GTK_WIDGET(self);
}

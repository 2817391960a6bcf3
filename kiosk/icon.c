#include "kiosk/icon.h"

#include <librsvg/rsvg.h>

struct _KioskIcon {
    GtkWidget parent_instance;
    char *name;
    cairo_surface_t *shape; /* alpha only */
    int shape_size;
};

G_DEFINE_FINAL_TYPE(KioskIcon, kiosk_icon, GTK_TYPE_WIDGET)

typedef enum { PROP_NAME = 1 } Property;

static void forget_shape(KioskIcon *self)
{
    g_clear_pointer(&self->shape, cairo_surface_destroy);
}

static RsvgHandle *load(const char *name)
{
    g_autofree char *path = g_strdup_printf("/bianmin/kiosk/icons/%s.svg", name);
    g_autoptr(GBytes) octets = g_resources_lookup_data(path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    gsize len = 0;
    const guint8 *data = octets ? g_bytes_get_data(octets, &len) : NULL;
    return data ? rsvg_handle_new_from_data(data, len, NULL) : NULL;
}

static cairo_surface_t *draw(const char *name, int size)
{
    RsvgHandle *handle = load(name);

    if (!handle) return NULL;
    cairo_surface_t *shape = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, size, size);
    cairo_t *cr = cairo_create(shape);
    rsvg_handle_render_document(handle, cr, &(RsvgRectangle){ 0, 0, size, size }, NULL);
    cairo_destroy(cr);
    g_object_unref(handle);
    return shape;
}

/* Each icon is drawn once in each of its few sizes, and kept: most are on every page. */
static void take_shape(KioskIcon *self, int size)
{
    static GHashTable *shapes; /* "search 48" → cairo_surface_t */
    g_autofree char *key = g_strdup_printf("%s %d", self->name, size);

    if (!shapes)
        shapes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify)cairo_surface_destroy);
    cairo_surface_t *shape = g_hash_table_lookup(shapes, key);
    if (!shape && (shape = draw(self->name, size)))
        g_hash_table_insert(shapes, g_steal_pointer(&key), shape);
    forget_shape(self);
    if (shape) self->shape = cairo_surface_reference(shape);
    self->shape_size = size;
}

static void kiosk_icon_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    KioskIcon *self = KIOSK_ICON(widget);
    int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    int size = MIN(width, height);
    GdkRGBA color;

    if (size <= 0 || !self->name) return;
    if (!self->shape || self->shape_size != size) take_shape(self, size);
    if (!self->shape) return;
    gtk_style_context_get_color(gtk_widget_get_style_context(widget), &color);
    cairo_t *cr =
        gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height));
    gdk_cairo_set_source_rgba(cr, &color);
    int left = (width - size) / 2, top = (height - size) / 2; /* whole pixels */
    cairo_mask_surface(cr, self->shape, left, top);
    cairo_destroy(cr);
}

void kiosk_icon_set_name(KioskIcon *self, const char *name)
{
    if (g_strcmp0(self->name, name) == 0) return;
    g_free(self->name);
    self->name = g_strdup(name);
    forget_shape(self);
    gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void kiosk_icon_set_property(GObject *object, guint id, const GValue *value,
                                    GParamSpec *spec)
{
    if (id == PROP_NAME)
        kiosk_icon_set_name(KIOSK_ICON(object), g_value_get_string(value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void kiosk_icon_finalize(GObject *object)
{
    KioskIcon *self = KIOSK_ICON(object);
    forget_shape(self);
    g_free(self->name);
    G_OBJECT_CLASS(kiosk_icon_parent_class)->finalize(object);
}

static void kiosk_icon_class_init(KioskIconClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    GObjectClass *object_class = G_OBJECT_CLASS(class);

    object_class->set_property = kiosk_icon_set_property;
    object_class->finalize = kiosk_icon_finalize;
    widget_class->snapshot = kiosk_icon_snapshot;
    g_object_class_install_property(
        object_class, PROP_NAME,
        g_param_spec_string("icon", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
    gtk_widget_class_set_css_name(widget_class, "icon");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_NONE);
}

static void kiosk_icon_init(KioskIcon *self)
{
    gtk_widget_set_valign(GTK_WIDGET(self), GTK_ALIGN_CENTER);
    gtk_widget_set_halign(GTK_WIDGET(self), GTK_ALIGN_CENTER);
    gtk_widget_set_can_target(GTK_WIDGET(self), FALSE);
}

GtkWidget *kiosk_icon_new(const char *name)
{
    return g_object_new(KIOSK_TYPE_ICON, "icon", name, NULL);
}

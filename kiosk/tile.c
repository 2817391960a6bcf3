#include "kiosk/tile.h"

#include "kiosk/icon.h"

struct _KioskTile {
    GtkButton parent_instance;
    GtkBox *content;
    KioskIcon *icon;
    GtkBox *words;
    GtkLabel *title;
    GtkLabel *note;

    char *name; /* the title without the line end that an upright tile puts into it */
};

G_DEFINE_FINAL_TYPE(KioskTile, kiosk_tile, GTK_TYPE_BUTTON)

typedef enum { PROP_ICON = 1, PROP_TITLE, PROP_NOTE, PROP_CENTERED, PROP_ICON_LAST } Property;

void kiosk_tile_set_icon(KioskTile *self, const char *icon)
{
    gtk_widget_set_visible(GTK_WIDGET(self->icon), icon != NULL);
    kiosk_icon_set_name(self->icon, icon);
}

/* 残疾人服务 breaks in the middle: 残疾人/服务, not before its last character. */
static void show_title(KioskTile *self)
{
    GtkOrientation way = gtk_orientable_get_orientation(GTK_ORIENTABLE(self->content));
    glong length = self->name ? g_utf8_strlen(self->name, -1) : 0;

    if (way == GTK_ORIENTATION_HORIZONTAL || length < 5) {
        gtk_label_set_label(self->title, self->name ? self->name : "");
        return;
    }
    const char *middle = g_utf8_offset_to_pointer(self->name, (length + 1) / 2);
    g_autofree char *broken =
        g_strdup_printf("%.*s\n%s", (int)(middle - self->name), self->name, middle);
    gtk_label_set_label(self->title, g_ascii_isprint(*middle) ? self->name : broken);
}

void kiosk_tile_set_title(KioskTile *self, const char *title)
{
    g_free(self->name);
    self->name = g_strdup(title);
    show_title(self);
    gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   title ? title : "", -1);
}

const char *kiosk_tile_get_title(KioskTile *self)
{
    return self->name;
}

void kiosk_tile_set_note(KioskTile *self, const char *note)
{
    gtk_widget_set_visible(GTK_WIDGET(self->note), note && *note);
    gtk_label_set_label(self->note, note ? note : "");
    gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                   note ? note : "", -1);
}

void kiosk_tile_set_upright(KioskTile *self, gboolean is_upright)
{
    GtkAlign align = is_upright ? GTK_ALIGN_CENTER : GTK_ALIGN_FILL;

    gtk_orientable_set_orientation(GTK_ORIENTABLE(self->content), is_upright
                                                                      ? GTK_ORIENTATION_VERTICAL
                                                                      : GTK_ORIENTATION_HORIZONTAL);
    gtk_widget_set_valign(GTK_WIDGET(self->content), GTK_ALIGN_CENTER);
    gtk_widget_set_halign(GTK_WIDGET(self->content), align);
    gtk_label_set_xalign(self->title, is_upright ? 0.5f : 0);
    gtk_label_set_xalign(self->note, is_upright ? 0.5f : 0);
    gtk_label_set_justify(self->title, is_upright ? GTK_JUSTIFY_CENTER : GTK_JUSTIFY_LEFT);
    if (is_upright)
        gtk_widget_add_css_class(GTK_WIDGET(self), "upright");
    else
        gtk_widget_remove_css_class(GTK_WIDGET(self), "upright");
    show_title(self);
}

static void set_centered(KioskTile *self, gboolean is_centered)
{
    gtk_widget_set_halign(GTK_WIDGET(self->content),
                          is_centered ? GTK_ALIGN_CENTER : GTK_ALIGN_FILL);
    gtk_label_set_wrap(self->title, !is_centered);
}

static void set_icon_last(KioskTile *self, gboolean is_last)
{
    gtk_box_reorder_child_after(self->content, GTK_WIDGET(self->icon),
                                is_last ? GTK_WIDGET(self->words) : NULL);
}

static void kiosk_tile_set_property(GObject *object, guint id, const GValue *value,
                                    GParamSpec *spec)
{
    KioskTile *self = KIOSK_TILE(object);

    switch ((Property)id) {
    case PROP_ICON:
        kiosk_tile_set_icon(self, g_value_get_string(value));
        return;
    case PROP_TITLE:
        kiosk_tile_set_title(self, g_value_get_string(value));
        return;
    case PROP_NOTE:
        kiosk_tile_set_note(self, g_value_get_string(value));
        return;
    case PROP_CENTERED:
        set_centered(self, g_value_get_boolean(value));
        return;
    case PROP_ICON_LAST:
        set_icon_last(self, g_value_get_boolean(value));
        return;
    }
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void kiosk_tile_finalize(GObject *object)
{
    g_free(KIOSK_TILE(object)->name);
    G_OBJECT_CLASS(kiosk_tile_parent_class)->finalize(object);
}

static void kiosk_tile_class_init(KioskTileClass *class)
{
    static const char *const names[] = { NULL, "icon", "title", "note" };
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->set_property = kiosk_tile_set_property;
    G_OBJECT_CLASS(class)->finalize = kiosk_tile_finalize;
    for (guint id = PROP_ICON; id <= PROP_NOTE; id++)
        g_object_class_install_property(
            G_OBJECT_CLASS(class), id,
            g_param_spec_string(names[id], NULL, NULL, NULL,
                                G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
    g_object_class_install_property(
        G_OBJECT_CLASS(class), PROP_CENTERED,
        g_param_spec_boolean("centered", NULL, NULL, FALSE,
                             G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
    g_object_class_install_property(
        G_OBJECT_CLASS(class), PROP_ICON_LAST,
        g_param_spec_boolean("icon-last", NULL, NULL, FALSE,
                             G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
    g_type_ensure(KIOSK_TYPE_ICON);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/tile.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskTile, content);
    gtk_widget_class_bind_template_child(widget_class, KioskTile, icon);
    gtk_widget_class_bind_template_child(widget_class, KioskTile, words);
    gtk_widget_class_bind_template_child(widget_class, KioskTile, title);
    gtk_widget_class_bind_template_child(widget_class, KioskTile, note);
}

static void kiosk_tile_init(KioskTile *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}

GtkWidget *kiosk_tile_new(const char *icon, const char *title, const char *note)
{
    return g_object_new(KIOSK_TYPE_TILE, "icon", icon, "title", title, "note", note, NULL);
}

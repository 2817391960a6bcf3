#include "kiosk/more_page.h"

#include "kiosk/tile.h"

#define SHOWN_AT_HOME 7 /* home_page.c: its eighth tile leads here */

struct _KioskMorePage {
    KioskPage parent_instance;
    GtkLabel *heading;
    GtkGrid *tiles;
};

G_DEFINE_FINAL_TYPE(KioskMorePage, kiosk_more_page, KIOSK_TYPE_PAGE)

static void on_tile(KioskMorePage *self, KioskTile *tile)
{
    const char *page = g_object_get_data(G_OBJECT(tile), "page");
    kiosk_page_go(KIOSK_PAGE(self), page, kiosk_tile_get_title(tile));
}

static void add_tile(KioskMorePage *self, const char *icon, const char *title, const char *note,
                     const char *page)
{
    gboolean is_wide = kiosk_page_is_landscape(KIOSK_PAGE(self));
    GtkWidget *tile = kiosk_tile_new(icon, title, note);
    int number = 0;

    for (GtkWidget *t = gtk_widget_get_first_child(GTK_WIDGET(self->tiles)); t;
         t = gtk_widget_get_next_sibling(t))
        number++;
    kiosk_tile_set_upright(KIOSK_TILE(tile), is_wide);
    gtk_widget_set_vexpand(tile, is_wide);
    g_object_set_data(G_OBJECT(tile), "page", (gpointer)page);
    g_signal_connect_swapped(tile, "clicked", G_CALLBACK(on_tile), self);
    int columns = is_wide ? 3 : 2;
    gtk_grid_attach(self->tiles, tile, number % columns, number / columns, 1, 1);
}

static void add_categories(KioskMorePage *self, Desk *desk)
{
    g_autoptr(GPtrArray) categories = desk_categories(desk);
    guint first = categories->len > SHOWN_AT_HOME + 1 ? SHOWN_AT_HOME : 0;

    for (guint i = first; i < categories->len; i++) {
        const char *category = g_ptr_array_index(categories, i);
        g_autofree char *note = g_strdup_printf("%u 项", desk_category_count(desk, category));
        add_tile(self, desk_category_icon(category), category, note, "category");
    }
}

static void kiosk_more_page_leave(KioskPage *page)
{
    GtkGrid *tiles = KIOSK_MORE_PAGE(page)->tiles;
    GtkWidget *tile;
    while ((tile = gtk_widget_get_first_child(GTK_WIDGET(tiles))))
        gtk_grid_remove(tiles, tile);
}

static void kiosk_more_page_enter(KioskPage *page, const char *argument)
{
    KioskMorePage *self = KIOSK_MORE_PAGE(page);
    Desk *desk = kiosk_page_desk(page);
    g_autofree char *figures = g_strdup_printf("%u 个数", desk->catalogue->figure_count);
    g_autofree char *projects = g_strdup_printf("%u 项工程", desk->catalogue->project_count);

    (void)argument;
    add_categories(self, desk);
    if (desk->catalogue->figure_count) add_tile(self, "chart", "街道数据", figures, "figures");
    if (desk->catalogue->project_count) add_tile(self, "clock", "工程进度", projects, "projects");
    if (desk->settings->has_staff) add_tile(self, "usb", "工作人员", NULL, "staff");
}

static void kiosk_more_page_say(KioskPage *page, Script *script)
{
    KioskMorePage *self = KIOSK_MORE_PAGE(page);

    script_add(script, GTK_WIDGET(self->heading), gtk_label_get_label(self->heading));
    for (GtkWidget *tile = gtk_widget_get_first_child(GTK_WIDGET(self->tiles)); tile;
         tile = gtk_widget_get_next_sibling(tile))
        script_add(script, tile, kiosk_tile_get_title(KIOSK_TILE(tile)));
}

static void kiosk_more_page_constructed(GObject *object)
{
    G_OBJECT_CLASS(kiosk_more_page_parent_class)->constructed(object);
    if (!kiosk_page_is_landscape(KIOSK_PAGE(object))) return;
    g_object_set(object, "share", 0.3, NULL);
}

static void kiosk_more_page_class_init(KioskMorePageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->constructed = kiosk_more_page_constructed;
    KIOSK_PAGE_CLASS(class)->enter = kiosk_more_page_enter;
    KIOSK_PAGE_CLASS(class)->leave = kiosk_more_page_leave;
    KIOSK_PAGE_CLASS(class)->say = kiosk_more_page_say;
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/more_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskMorePage, heading);
    gtk_widget_class_bind_template_child(widget_class, KioskMorePage, tiles);
}

static void kiosk_more_page_init(KioskMorePage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    kiosk_page_set_title(KIOSK_PAGE(self), "更多", "more");
}

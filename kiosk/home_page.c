#include "kiosk/home_page.h"

#include "kiosk/icon.h"
#include "kiosk/tile.h"

#define TILES_MAX 8 /* at most 9 choices a page, 打字查找 among them */

struct _KioskHomePage {
    KioskPage parent_instance;
    GtkBox *words, *notice, *actions;
    GtkLabel *greeting, *hint, *notice_title, *notice_text;
    GtkGrid *tiles;
    KioskTile *person;
    char *shown; /* what the tiles say */
};

G_DEFINE_FINAL_TYPE(KioskHomePage, kiosk_home_page, KIOSK_TYPE_PAGE)

static void on_tile(KioskHomePage *self, KioskTile *tile)
{
    const char *category = g_object_get_data(G_OBJECT(tile), "category");
    kiosk_page_go(KIOSK_PAGE(self), category ? "category" : "more", category);
}

static void on_search(KioskHomePage *self)
{
    kiosk_page_go(KIOSK_PAGE(self), "search", NULL);
}

static void on_person(KioskHomePage *self)
{
    kiosk_page_go(KIOSK_PAGE(self), "person", NULL);
}

/* ---- tiles ---- */

static void add_tile(KioskHomePage *self, guint number, const char *icon, const char *title,
                     const char *note, const char *category)
{
    gboolean is_wide = kiosk_page_is_landscape(KIOSK_PAGE(self));
    guint columns = is_wide ? 4 : 2;
    GtkWidget *tile = kiosk_tile_new(icon, title, note);

    kiosk_tile_set_upright(KIOSK_TILE(tile), is_wide);
    gtk_widget_set_vexpand(tile, is_wide);
    g_object_set_data_full(G_OBJECT(tile), "category", g_strdup(category), g_free);
    g_signal_connect_swapped(tile, "clicked", G_CALLBACK(on_tile), self);
    gtk_grid_attach(self->tiles, tile, (int)(number % columns), (int)(number / columns), 1, 1);
}

static void add_category(KioskHomePage *self, guint number, const char *category)
{
    Desk *desk = kiosk_page_desk(KIOSK_PAGE(self));
    g_autofree char *note = g_strdup_printf("%u 项", desk_category_count(desk, category));
    add_tile(self, number, desk_category_icon(category), category, note, category);
}

static void add_more(KioskHomePage *self, guint number, const GPtrArray *categories)
{
    g_autofree char *note = g_strdup_printf("还有 %u 类", categories->len - number);
    add_tile(self, number, "more", "更多", note, NULL);
}

static void remove_tiles(KioskHomePage *self)
{
    GtkWidget *tile;
    while ((tile = gtk_widget_get_first_child(GTK_WIDGET(self->tiles))))
        gtk_grid_remove(self->tiles, tile);
}

/* All that the tiles say. */
static char *content_of(KioskHomePage *self, const GPtrArray *categories)
{
    Desk *desk = kiosk_page_desk(KIOSK_PAGE(self));
    g_autoptr(GString) content = g_string_new(NULL);

    for (guint i = 0; i < categories->len; i++) {
        const char *category = g_ptr_array_index(categories, i);
        g_string_append_printf(content, "%s %u\n", category, desk_category_count(desk, category));
    }
    return g_string_free(g_steal_pointer(&content), FALSE);
}

/* Made anew only when they say something else: that takes as long as all the rest of the page. */
static void show_tiles(KioskHomePage *self)
{
    g_autoptr(GPtrArray) categories = desk_categories(kiosk_page_desk(KIOSK_PAGE(self)));
    guint count = categories->len > TILES_MAX ? TILES_MAX - 1 : categories->len;
    g_autofree char *content = content_of(self, categories);

    if (g_strcmp0(content, self->shown) == 0) return;
    g_free(self->shown);
    self->shown = g_steal_pointer(&content);
    remove_tiles(self);
    for (guint i = 0; i < count; i++)
        add_category(self, i, g_ptr_array_index(categories, i));
    if (count < categories->len) add_more(self, count, categories);
}

/* ---- notice ---- */

/* Another one each day: none of them has a date that makes it the newest. */
static const Notice *notice_of_today(KioskHomePage *self)
{
    Desk *desk = kiosk_page_desk(KIOSK_PAGE(self));
    g_autoptr(GPtrArray) notices = desk_notices(desk);
    g_autoptr(GDateTime) now = desk_now(desk);

    return notices->len
               ? g_ptr_array_index(notices, (guint)g_date_time_get_day_of_year(now) % notices->len)
               : NULL;
}

static void show_notice(KioskHomePage *self)
{
    const Notice *notice = notice_of_today(self);

    gtk_widget_set_visible(GTK_WIDGET(self->notice), notice != NULL);
    gtk_label_set_label(self->notice_title, notice ? notice->title : "");
    gtk_label_set_label(self->notice_text, notice ? notice->body : "");
}

/* ---- page ---- */

static void kiosk_home_page_enter(KioskPage *page, const char *argument)
{
    KioskHomePage *self = KIOSK_HOME_PAGE(page);

    (void)argument;
    show_tiles(self);
    show_notice(self);
    gtk_widget_set_visible(GTK_WIDGET(self->person), kiosk_page_desk(page)->settings->has_person);
}

/* With large letters the notice needs the room. */
static void kiosk_home_page_modes_changed(KioskPage *page)
{
    KioskHomePage *self = KIOSK_HOME_PAGE(page);
    gboolean is_large = kiosk_page_is_large(page);

    gtk_widget_set_visible(GTK_WIDGET(self->hint), !kiosk_page_is_landscape(page) && !is_large);
    gtk_label_set_lines(self->notice_text, is_large ? 1 : 2);
}

static void kiosk_home_page_say(KioskPage *page, Script *script)
{
    KioskHomePage *self = KIOSK_HOME_PAGE(page);

    script_add(script, GTK_WIDGET(self->greeting), "您好，想查什么？");
    script_add(script, GTK_WIDGET(self->hint), gtk_label_get_label(self->hint));
    for (GtkWidget *tile = gtk_widget_get_first_child(GTK_WIDGET(self->tiles)); tile;
         tile = gtk_widget_get_next_sibling(tile))
        script_add(script, tile, kiosk_tile_get_title(KIOSK_TILE(tile)));
    if (!gtk_widget_get_visible(GTK_WIDGET(self->notice))) return;
    script_add(script, GTK_WIDGET(self->notice_title), "公告。");
    script_add(script, GTK_WIDGET(self->notice_title), gtk_label_get_label(self->notice_title));
    script_add(script, GTK_WIDGET(self->notice_text), gtk_label_get_label(self->notice_text));
}

/* On a wide screen the tiles stand left, words and actions right. */
static void kiosk_home_page_constructed(GObject *object)
{
    KioskHomePage *self = KIOSK_HOME_PAGE(object);
    KioskPage *page = KIOSK_PAGE(object);

    G_OBJECT_CLASS(kiosk_home_page_parent_class)->constructed(object);
    if (!kiosk_page_is_landscape(page)) return;
    g_object_set(object, "share", 0.38, "touch-first", TRUE, NULL);
    gtk_widget_add_css_class(GTK_WIDGET(page), "water");
    gtk_label_set_label(self->greeting, "您好，想查什么？");
    g_object_ref(self->actions);
    gtk_box_remove(kiosk_page_below(page), GTK_WIDGET(self->actions));
    gtk_orientable_set_orientation(GTK_ORIENTABLE(self->actions), GTK_ORIENTATION_VERTICAL);
    gtk_box_append(kiosk_page_above(page), GTK_WIDGET(self->actions));
    g_object_unref(self->actions);
}

static void kiosk_home_page_finalize(GObject *object)
{
    g_free(KIOSK_HOME_PAGE(object)->shown);
    G_OBJECT_CLASS(kiosk_home_page_parent_class)->finalize(object);
}

static void kiosk_home_page_class_init(KioskHomePageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->constructed = kiosk_home_page_constructed;
    G_OBJECT_CLASS(class)->finalize = kiosk_home_page_finalize;
    KIOSK_PAGE_CLASS(class)->enter = kiosk_home_page_enter;
    KIOSK_PAGE_CLASS(class)->modes_changed = kiosk_home_page_modes_changed;
    KIOSK_PAGE_CLASS(class)->say = kiosk_home_page_say;
    g_type_ensure(KIOSK_TYPE_ICON);
    g_type_ensure(KIOSK_TYPE_TILE);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/home_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskHomePage, words);
    gtk_widget_class_bind_template_child(widget_class, KioskHomePage, greeting);
    gtk_widget_class_bind_template_child(widget_class, KioskHomePage, hint);
    gtk_widget_class_bind_template_child(widget_class, KioskHomePage, notice);
    gtk_widget_class_bind_template_child(widget_class, KioskHomePage, notice_title);
    gtk_widget_class_bind_template_child(widget_class, KioskHomePage, notice_text);
    gtk_widget_class_bind_template_child(widget_class, KioskHomePage, tiles);
    gtk_widget_class_bind_template_child(widget_class, KioskHomePage, actions);
    gtk_widget_class_bind_template_child(widget_class, KioskHomePage, person);
    gtk_widget_class_bind_template_callback(widget_class, on_search);
    gtk_widget_class_bind_template_callback(widget_class, on_person);
}

static void kiosk_home_page_init(KioskHomePage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}

#include "kiosk/category_page.h"

#include <string.h>

#include "db/figure.h"
#include "kiosk/figure.h"
#include "kiosk/row_list.h"

#define ALIASES_SHOWN 3
#define WITHIN_REACH  6 /* rows of a tall screen: more would stand too high */

struct _KioskCategoryPage {
    KioskPage parent_instance;
    GtkBox *words;
    KioskFigure *figure;
    GtkLabel *heading;
    KioskRowList *rows;
};

G_DEFINE_FINAL_TYPE(KioskCategoryPage, kiosk_category_page, KIOSK_TYPE_PAGE)

/* "也叫：残疾钱、残补、残疾人补助" */
static char *aliases_of(const Topic *topic)
{
    g_autoptr(GString) text = g_string_new("也叫：");

    for (guint i = 0; i < ALIASES_SHOWN && topic->alternate_names[i]; i++)
        g_string_append_printf(text, "%s%s", i ? "、" : "", topic->alternate_names[i]);
    return topic->alternate_names[0] ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

/* The first published sum of money, else the first figure at all. */
static const Figure *telling_figure(const Catalogue *catalogue, const char *category)
{
    const Figure *first = NULL;

    for (guint i = 0; i < catalogue->figure_count; i++) {
        const Figure *figure = &catalogue->figures[i];
        if (!g_str_equal(catalogue->topics[figure->topic].category, category)) continue;
        if (g_str_has_suffix(figure->unit, "元")) return figure;
        if (!first) first = figure;
    }
    return first;
}

static void kiosk_category_page_enter(KioskPage *page, const char *category)
{
    KioskCategoryPage *self = KIOSK_CATEGORY_PAGE(page);
    const Catalogue *catalogue = kiosk_page_desk(page)->catalogue;
    const Figure *figure = telling_figure(catalogue, category);

    kiosk_page_set_title(page, category, desk_category_icon(category));
    gtk_widget_set_visible(GTK_WIDGET(self->figure), figure != NULL);
    if (figure) kiosk_figure_set(self->figure, figure);
    kiosk_row_list_clear(self->rows);
    for (guint i = 0; i < catalogue->topic_count; i++) {
        const Topic *topic = &catalogue->topics[i];
        g_autofree char *note = NULL;
        if (!g_str_equal(topic->category, category)) continue;
        note = aliases_of(topic);
        kiosk_row_list_add(self->rows, topic->code, topic->name, note, "topic", topic->code);
    }
    kiosk_row_list_show(self->rows);
}

static void kiosk_category_page_leave(KioskPage *page)
{
    kiosk_figure_clear(KIOSK_CATEGORY_PAGE(page)->figure);
}

static void kiosk_category_page_say(KioskPage *page, Script *script)
{
    KioskCategoryPage *self = KIOSK_CATEGORY_PAGE(page);

    script_add(script, NULL, kiosk_page_get_title(page));
    script_add(script, GTK_WIDGET(self->heading), gtk_label_get_label(self->heading));
    for (guint i = 0; i < kiosk_row_list_count(self->rows); i++)
        script_add(script, kiosk_row_list_widget(self->rows, i),
                   kiosk_row_list_item(self->rows, i)->title);
    if (gtk_widget_get_visible(GTK_WIDGET(self->figure)))
        script_add(script, GTK_WIDGET(self->figure), kiosk_figure_get_text(self->figure));
}

static void on_go(KioskCategoryPage *self, const char *page, const char *argument)
{
    kiosk_page_go(KIOSK_PAGE(self), page, argument);
}

static void kiosk_category_page_constructed(GObject *object)
{
    gboolean is_wide = kiosk_page_is_landscape(KIOSK_PAGE(object));

    G_OBJECT_CLASS(kiosk_category_page_parent_class)->constructed(object);
    if (is_wide)
        g_object_set(object, "share", 0.42, NULL);
    else
        kiosk_row_list_set_rows(KIOSK_CATEGORY_PAGE(object)->rows, WITHIN_REACH);
}

static void kiosk_category_page_class_init(KioskCategoryPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->constructed = kiosk_category_page_constructed;
    KIOSK_PAGE_CLASS(class)->enter = kiosk_category_page_enter;
    KIOSK_PAGE_CLASS(class)->leave = kiosk_category_page_leave;
    KIOSK_PAGE_CLASS(class)->say = kiosk_category_page_say;
    g_type_ensure(KIOSK_TYPE_FIGURE);
    g_type_ensure(KIOSK_TYPE_ROW_LIST);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/category_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskCategoryPage, words);
    gtk_widget_class_bind_template_child(widget_class, KioskCategoryPage, figure);
    gtk_widget_class_bind_template_child(widget_class, KioskCategoryPage, heading);
    gtk_widget_class_bind_template_child(widget_class, KioskCategoryPage, rows);
    gtk_widget_class_bind_template_callback(widget_class, on_go);
}

static void kiosk_category_page_init(KioskCategoryPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}

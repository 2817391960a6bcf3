#include "kiosk/figures_page.h"

#include <string.h>

#include "kiosk/block.h"
#include "kiosk/figure.h"
#include "kiosk/pager.h"
#include "kiosk/tile.h"
#include "kiosk/turner.h"

struct _KioskFiguresPage {
    KioskPage parent_instance;
    KioskPager *pager;
    KioskTurner *turner;
    GtkLabel *source;
    GtkBox *sections;
    GtkWidget *headings[3]; /* the pager's; NULL: nothing of that kind */
};

G_DEFINE_FINAL_TYPE(KioskFiguresPage, kiosk_figures_page, KIOSK_TYPE_PAGE)

/* ---- which figures, under which heading ---- */

static gboolean is_money_for_residents(const Catalogue *catalogue, const Figure *figure)
{
    static const char *const categories[] = { "残疾人服务", "社会救助", "住房保障", "养老服务" };
    const char *category = catalogue->topics[figure->topic].category;

    for (guint i = 0; i < G_N_ELEMENTS(categories); i++)
        if (g_str_equal(category, categories[i]))
            return g_str_has_suffix(figure->unit, "元") || g_str_equal(figure->unit, "户") ||
                   g_str_equal(figure->unit, "名");
    return FALSE;
}

static gboolean is_share(const Catalogue *catalogue, const Figure *figure)
{
    (void)catalogue;
    return g_str_equal(figure->unit, "%");
}

static gboolean is_other(const Catalogue *catalogue, const Figure *figure)
{
    return !is_money_for_residents(catalogue, figure) && !is_share(catalogue, figure);
}

typedef struct {
    const char *heading;
    gboolean (*takes)(const Catalogue *catalogue, const Figure *figure);
} Group;

static const Group groups[] = {
    { "钱发给了谁", is_money_for_residents },
    { "完成了多少", is_share },
    { "做了哪些事", is_other },
};

static void add_group(KioskFiguresPage *self, guint number)
{
    const Group *group = &groups[number];
    const Catalogue *catalogue = kiosk_page_desk(KIOSK_PAGE(self))->catalogue;

    self->headings[number] = NULL;
    for (guint i = 0; i < catalogue->figure_count; i++) {
        const Figure *figure = &catalogue->figures[i];
        if (!group->takes(catalogue, figure)) continue;
        if (!self->headings[number]) {
            self->headings[number] = block_heading(group->heading);
            kiosk_pager_break(self->pager);
            kiosk_pager_append(self->pager, self->headings[number]);
        }
        GtkWidget *widget = kiosk_figure_new();
        kiosk_figure_set(KIOSK_FIGURE(widget), figure);
        kiosk_figure_set_compact(KIOSK_FIGURE(widget), TRUE);
        gtk_widget_add_css_class(widget, "block");
        gtk_widget_add_css_class(widget, "compact");
        kiosk_pager_append(self->pager, widget);
    }
}

/* One line for all of them if they have one source; else each says its own. */
static void show_source(KioskFiguresPage *self)
{
    const Catalogue *catalogue = kiosk_page_desk(KIOSK_PAGE(self))->catalogue;
    const char *source = catalogue->figure_count ? catalogue->figures[0].source : "";
    g_autofree char *text = g_strdup_printf("来源：%s。虚线是说“以上”，实数没有公布。", source);
    gboolean is_one = TRUE;

    for (guint i = 0; i < catalogue->figure_count; i++)
        is_one = is_one && g_str_equal(catalogue->figures[i].source, source);
    gtk_label_set_label(self->source, text);
    gtk_widget_set_visible(GTK_WIDGET(self->source), is_one);
    for (GtkWidget *block = gtk_widget_get_first_child(GTK_WIDGET(self->pager)); block && !is_one;
         block = gtk_widget_get_next_sibling(block))
        if (KIOSK_IS_FIGURE(block)) kiosk_figure_set_compact(KIOSK_FIGURE(block), FALSE);
}

/* ---- page ---- */

static void on_section(KioskFiguresPage *self, GtkWidget *button)
{
    guint number = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(button), "section"));
    if (self->headings[number]) kiosk_pager_show(self->pager, self->headings[number]);
}

static void add_sections(KioskFiguresPage *self)
{
    for (guint i = 0; i < G_N_ELEMENTS(groups); i++) {
        GtkWidget *button = kiosk_tile_new(NULL, groups[i].heading, NULL);
        g_object_set(button, "centered", TRUE, NULL);
        gtk_widget_add_css_class(button, "quiet");
        g_object_set_data(G_OBJECT(button), "section", GUINT_TO_POINTER(i));
        g_signal_connect_swapped(button, "clicked", G_CALLBACK(on_section), self);
        gtk_box_append(self->sections, button);
    }
}

static void on_other(KioskFiguresPage *self)
{
    kiosk_page_go(KIOSK_PAGE(self), "projects", NULL);
}

static void kiosk_figures_page_leave(KioskPage *page)
{
    kiosk_pager_clear(KIOSK_FIGURES_PAGE(page)->pager);
}

static void kiosk_figures_page_enter(KioskPage *page, const char *argument)
{
    KioskFiguresPage *self = KIOSK_FIGURES_PAGE(page);

    (void)argument;
    kiosk_pager_clear(self->pager);
    for (guint i = 0; i < G_N_ELEMENTS(groups); i++)
        add_group(self, i);
    show_source(self);
}

static void kiosk_figures_page_say(KioskPage *page, Script *script)
{
    KioskFiguresPage *self = KIOSK_FIGURES_PAGE(page);

    for (GtkWidget *block = gtk_widget_get_first_child(GTK_WIDGET(self->pager)); block;
         block = gtk_widget_get_next_sibling(block))
        script_add(script, block,
                   KIOSK_IS_FIGURE(block) ? kiosk_figure_get_text(KIOSK_FIGURE(block))
                                          : gtk_label_get_label(GTK_LABEL(block)));
}

static void kiosk_figures_page_constructed(GObject *object)
{
    G_OBJECT_CLASS(kiosk_figures_page_parent_class)->constructed(object);
    if (kiosk_page_is_landscape(KIOSK_PAGE(object)))
        gtk_orientable_set_orientation(GTK_ORIENTABLE(KIOSK_FIGURES_PAGE(object)->sections),
                                       GTK_ORIENTATION_VERTICAL);
}

static void kiosk_figures_page_class_init(KioskFiguresPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->constructed = kiosk_figures_page_constructed;
    KIOSK_PAGE_CLASS(class)->enter = kiosk_figures_page_enter;
    KIOSK_PAGE_CLASS(class)->leave = kiosk_figures_page_leave;
    KIOSK_PAGE_CLASS(class)->say = kiosk_figures_page_say;
    g_type_ensure(KIOSK_TYPE_PAGER);
    g_type_ensure(KIOSK_TYPE_TURNER);
    g_type_ensure(KIOSK_TYPE_TILE);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/figures_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskFiguresPage, pager);
    gtk_widget_class_bind_template_child(widget_class, KioskFiguresPage, turner);
    gtk_widget_class_bind_template_child(widget_class, KioskFiguresPage, source);
    gtk_widget_class_bind_template_child(widget_class, KioskFiguresPage, sections);
    gtk_widget_class_bind_template_callback(widget_class, on_other);
}

static void kiosk_figures_page_init(KioskFiguresPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    kiosk_turner_follow(self->turner, self->pager);
    add_sections(self);
    kiosk_page_set_title(KIOSK_PAGE(self), "街道数据", "chart");
}

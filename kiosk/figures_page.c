#include "kiosk/figures_page.h"

#include "kiosk/block.h"
#include "kiosk/figure.h"
#include "kiosk/figure_group.h"
#include "kiosk/icon.h"
#include "kiosk/pager.h"
#include "kiosk/tile.h"
#include "kiosk/turner.h"

#define TITLE       "街道数据"
#define GROUP_COUNT 3
#define SECTION     "kiosk-section" /* a button's, a block's */

struct _KioskFiguresPage {
    KioskPage parent_instance;
    KioskPager *pager;
    KioskTurner *turner;
    GtkLabel *source;
    GtkBox *sections, *ways;
    GtkWidget *other;
    GtkToggleButton *sections_of[GROUP_COUNT];
    GtkWidget *blocks[GROUP_COUNT]; /* the pager's, with which each begins; NULL: it is empty */
    guint wanted;                   /* group */
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
    return kiosk_figure_is_share(figure);
}

static gboolean is_other(const Catalogue *catalogue, const Figure *figure)
{
    return !is_money_for_residents(catalogue, figure) && !is_share(catalogue, figure);
}

typedef struct {
    const char *heading;
    gboolean (*takes)(const Catalogue *catalogue, const Figure *figure);
    guint (*length)(const Figure *const *figures, guint count); /* of what stands in one block */
    GtkWidget *(*block)(const Figure *const *figures, guint count, const Figure *origin);
    gboolean is_by_category;
    const char *legend; /* beside the heading; or NULL */
} Group;

static const Group groups[GROUP_COUNT] = {
    { "钱发给了谁", is_money_for_residents, figure_pair_length, figure_pair_new, FALSE, NULL },
    { "完成了多少", is_share, figure_group_length, figure_group_new, FALSE,
      "虚线是说“以上”，实数没有公布。" },
    { "做了哪些事", is_other, figure_group_length, figure_group_new, TRUE, NULL },
};

static const char *category_of(const Catalogue *catalogue, const Figure *figure)
{
    return catalogue->topics[figure->topic].category;
}

/* One after the other as the sheet has them, or category by category. */
static GPtrArray *figures_of(const Catalogue *catalogue, const Group *group)
{
    GPtrArray *figures = g_ptr_array_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < catalogue->figure_count; i++) {
        const char *category = category_of(catalogue, &catalogue->figures[i]);
        if (group->is_by_category && !g_hash_table_add(seen, (gpointer)category)) continue;
        for (guint k = i; k < (group->is_by_category ? catalogue->figure_count : i + 1); k++) {
            const Figure *figure = &catalogue->figures[k];
            if (group->takes(catalogue, figure) &&
                g_str_equal(category_of(catalogue, figure), category))
                g_ptr_array_add(figures, (gpointer)figure);
        }
    }
    return figures;
}

/* The first of them, if all are of its source: they need not each say it. Else NULL. */
static const Figure *only_origin(const Catalogue *catalogue)
{
    const Figure *first = catalogue->figure_count ? &catalogue->figures[0] : NULL;

    for (guint i = 0; i < catalogue->figure_count; i++)
        if (!g_str_equal(catalogue->figures[i].source, first->source)) return NULL;
    return first;
}

static void append(KioskFiguresPage *self, guint number, GtkWidget *block)
{
    g_object_set_data(G_OBJECT(block), SECTION, GUINT_TO_POINTER(number));
    kiosk_pager_append(self->pager, block);
}

static GtkWidget *heading_new(const Group *group, const char *category)
{
    g_autofree char *text = group->is_by_category
                                ? g_strdup_printf("%s：%s", group->heading, category)
                                : g_strdup(group->heading);
    GtkWidget *block = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    GtkWidget *heading = block_label(text, NULL);

    gtk_box_append(GTK_BOX(block), heading);
    gtk_widget_add_css_class(block, "block");
    gtk_widget_add_css_class(block, "heading");
    gtk_widget_add_css_class(block, "group");
    if (!group->legend) return block;
    gtk_widget_set_hexpand(heading, FALSE);
    gtk_box_append(GTK_BOX(block), block_label(group->legend, "legend"));
    return block;
}

static void append_heading(KioskFiguresPage *self, guint number, const char *category)
{
    GtkWidget *heading = heading_new(&groups[number], category);

    if (!self->blocks[number]) self->blocks[number] = heading;
    append(self, number, heading);
}

static void add_group(KioskFiguresPage *self, guint number)
{
    const Group *group = &groups[number];
    const Catalogue *catalogue = kiosk_page_desk(KIOSK_PAGE(self))->catalogue;
    g_autoptr(GPtrArray) figures = figures_of(catalogue, group);
    const Figure *origin = only_origin(catalogue);
    const char *category = NULL;
    guint length;

    self->blocks[number] = NULL;
    for (guint i = 0; i < figures->len; i += length) {
        const Figure *const *here = (const Figure *const *)&figures->pdata[i];
        const char *of_these = category_of(catalogue, here[0]);
        if (!category || (group->is_by_category && !g_str_equal(category, of_these)))
            append_heading(self, number, of_these);
        category = of_these;
        length = group->length(here, figures->len - i);
        append(self, number, group->block(here, length, origin));
    }
}

static void show_origin(KioskFiguresPage *self)
{
    const Figure *origin = only_origin(kiosk_page_desk(KIOSK_PAGE(self))->catalogue);
    g_autofree char *text = origin ? g_strdup_printf("来源：%s", origin->source) : NULL;
    g_autofree char *title = origin ? g_strdup_printf("街道 %d 年数据", origin->year) : NULL;

    gtk_label_set_label(self->source, text ? text : "");
    gtk_widget_set_visible(GTK_WIDGET(self->source), origin != NULL);
    kiosk_page_set_title(KIOSK_PAGE(self), title ? title : TITLE, "chart");
}

/* ---- sections ---- */

static void on_section(KioskFiguresPage *self, GtkWidget *button)
{
    self->wanted = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(button), SECTION));
    if (self->blocks[self->wanted]) kiosk_pager_show(self->pager, self->blocks[self->wanted]);
}

/* The one that was chosen as long as some of it is seen, else the one that the page begins with. */
static void on_pages(KioskFiguresPage *self)
{
    guint page = kiosk_pager_get_page(self->pager), shown = GROUP_COUNT;

    for (GtkWidget *block = gtk_widget_get_first_child(GTK_WIDGET(self->pager)); block;
         block = gtk_widget_get_next_sibling(block)) {
        guint number = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(block), SECTION));
        if (kiosk_pager_page_of(self->pager, block) != page) continue;
        if (shown == GROUP_COUNT || number == self->wanted) shown = number;
    }
    if (shown == GROUP_COUNT) return;
    self->wanted = shown;
    gtk_toggle_button_set_active(self->sections_of[shown], TRUE);
}

/* The chosen one has a tick, not only another colour. */
static GtkWidget *section_new(const char *word)
{
    GtkWidget *button = gtk_toggle_button_new();
    GtkWidget *content = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    GtkWidget *tick = kiosk_icon_new("check");

    gtk_widget_set_halign(content, GTK_ALIGN_CENTER);
    gtk_box_append(GTK_BOX(content), tick);
    gtk_box_append(GTK_BOX(content), gtk_label_new(word));
    gtk_button_set_child(GTK_BUTTON(button), content);
    gtk_widget_add_css_class(button, "quiet");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, word, -1);
    g_object_bind_property(button, "active", tick, "visible", G_BINDING_SYNC_CREATE);
    return button;
}

static void add_sections(KioskFiguresPage *self)
{
    for (guint i = 0; i < GROUP_COUNT; i++) {
        GtkWidget *button = section_new(groups[i].heading);
        self->sections_of[i] = GTK_TOGGLE_BUTTON(button);
        if (i > 0) gtk_toggle_button_set_group(self->sections_of[i], self->sections_of[0]);
        g_object_set_data(G_OBJECT(button), SECTION, GUINT_TO_POINTER(i));
        g_signal_connect_swapped(button, "clicked", G_CALLBACK(on_section), self);
        gtk_box_append(self->sections, button);
    }
}

static void show_sections(KioskFiguresPage *self)
{
    for (guint i = 0; i < GROUP_COUNT; i++)
        gtk_widget_set_visible(GTK_WIDGET(self->sections_of[i]), self->blocks[i] != NULL);
}

/* ---- page ---- */

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
    self->wanted = 0;
    for (guint i = 0; i < GROUP_COUNT; i++)
        add_group(self, i);
    show_origin(self);
    show_sections(self);
    gtk_widget_set_visible(self->other, kiosk_page_desk(page)->catalogue->project_count > 0);
}

/* What stands in a heading is said, the subject above figures is not: each of them says it. */
static void say_block(Script *script, GtkWidget *block)
{
    gboolean is_heading = gtk_widget_has_css_class(block, "heading");

    for (GtkWidget *child = gtk_widget_get_first_child(block); child;
         child = gtk_widget_get_next_sibling(child)) {
        if (KIOSK_IS_FIGURE(child))
            script_add(script, child, kiosk_figure_get_text(KIOSK_FIGURE(child)));
        else if (is_heading)
            script_add(script, child, gtk_label_get_label(GTK_LABEL(child)));
    }
}

static void kiosk_figures_page_say(KioskPage *page, Script *script)
{
    KioskFiguresPage *self = KIOSK_FIGURES_PAGE(page);

    for (GtkWidget *block = gtk_widget_get_first_child(GTK_WIDGET(self->pager)); block;
         block = gtk_widget_get_next_sibling(block))
        say_block(script, block);
}

static void move_below(KioskPage *page, GtkWidget *widget)
{
    g_object_ref(widget);
    gtk_box_remove(kiosk_page_above(page), widget);
    gtk_box_append(kiosk_page_below(page), widget);
    g_object_unref(widget);
}

static void kiosk_figures_page_constructed(GObject *object)
{
    KioskFiguresPage *self = KIOSK_FIGURES_PAGE(object);

    G_OBJECT_CLASS(kiosk_figures_page_parent_class)->constructed(object);
    if (!kiosk_page_is_landscape(KIOSK_PAGE(object))) return;
    g_object_set(object, "share", 0.63, NULL);
    gtk_orientable_set_orientation(GTK_ORIENTABLE(self->sections), GTK_ORIENTATION_VERTICAL);
    gtk_orientable_set_orientation(GTK_ORIENTABLE(self->ways), GTK_ORIENTATION_VERTICAL);
    move_below(KIOSK_PAGE(object), GTK_WIDGET(self->source));
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
    gtk_widget_class_bind_template_child(widget_class, KioskFiguresPage, ways);
    gtk_widget_class_bind_template_child(widget_class, KioskFiguresPage, other);
    gtk_widget_class_bind_template_callback(widget_class, on_other);
}

static void kiosk_figures_page_init(KioskFiguresPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    kiosk_turner_follow(self->turner, self->pager);
    g_signal_connect_object(self->pager, "changed", G_CALLBACK(on_pages), self, G_CONNECT_SWAPPED);
    add_sections(self);
    kiosk_page_set_title(KIOSK_PAGE(self), TITLE, "chart");
}

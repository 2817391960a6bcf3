#include "kiosk/projects_page.h"

#include "kiosk/block.h"
#include "kiosk/pager.h"
#include "kiosk/tile.h"
#include "kiosk/turner.h"

struct _KioskProjectsPage {
    KioskPage parent_instance;
    KioskPager *pager;
    KioskTurner *turner;
    GtkLabel *source;
    GtkWidget *other;
};

G_DEFINE_FINAL_TYPE(KioskProjectsPage, kiosk_projects_page, KIOSK_TYPE_PAGE)

static gboolean is_done(const Project *project)
{
    return g_str_has_prefix(project->status, "已");
}

static char *text_of(const Project *project)
{
    return *project->note
               ? g_strdup_printf("%d 年，%s（%s）", project->year, project->progress, project->note)
               : g_strdup_printf("%d 年，%s", project->year, project->progress);
}

/* "锦桥小区   ✓ 已完工": the state in a word and a sign, never by colour alone. `text` NULL: it was
 * said of all of its kind. */
static GtkWidget *project_new(const Project *project, const char *text)
{
    GtkWidget *block = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    g_autofree char *state = g_strdup_printf("%s%s", is_done(project) ? "✓ " : "", project->status);
    GtkWidget *status = gtk_label_new(state);

    gtk_widget_add_css_class(block, "block");
    gtk_widget_add_css_class(block, "project");
    gtk_widget_add_css_class(status, is_done(project) ? "done" : "going");
    gtk_widget_set_valign(status, GTK_ALIGN_START);
    gtk_box_append(GTK_BOX(head), block_label(project->name, "strong"));
    gtk_box_append(GTK_BOX(head), status);
    gtk_box_append(GTK_BOX(block), head);
    if (text) gtk_box_append(GTK_BOX(block), block_label(text, "caption"));
    return block;
}

/* What is to be said of every project of this kind, if it is the same of all and they are several;
 * else NULL. */
static char *common_text(const Catalogue *catalogue, const char *type)
{
    g_autofree char *common = NULL;
    guint count = 0;

    for (guint i = 0; i < catalogue->project_count; i++) {
        const Project *project = &catalogue->projects[i];
        if (!g_str_equal(project->type, type)) continue;
        g_autofree char *text = text_of(project);
        if (common && !g_str_equal(common, text)) return NULL;
        if (!common) common = g_steal_pointer(&text);
        count++;
    }
    return count > 1 ? g_steal_pointer(&common) : NULL;
}

static GtkWidget *kind_new(const char *type, const char *common)
{
    GtkWidget *heading = block_heading(type);

    if (!common) return heading;
    GtkWidget *block = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_widget_add_css_class(block, "heading"); /* not left alone at the foot of a page */
    gtk_box_append(GTK_BOX(block), heading);
    gtk_box_append(GTK_BOX(block), block_label(common, "caption"));
    return block;
}

/* The kind, and its projects; what all of them share is said once, under the kind. */
static void append_kind(KioskProjectsPage *self, const Catalogue *catalogue, const char *type)
{
    g_autofree char *common = common_text(catalogue, type);

    kiosk_pager_append(self->pager, kind_new(type, common));
    for (guint i = 0; i < catalogue->project_count; i++) {
        const Project *project = &catalogue->projects[i];
        if (!g_str_equal(project->type, type)) continue;
        g_autofree char *own = common ? NULL : text_of(project);
        kiosk_pager_append(self->pager, project_new(project, own));
    }
}

/* ---- page ---- */

static void on_other(KioskProjectsPage *self)
{
    kiosk_page_go(KIOSK_PAGE(self), "figures", NULL);
}

static void kiosk_projects_page_leave(KioskPage *page)
{
    kiosk_pager_clear(KIOSK_PROJECTS_PAGE(page)->pager);
}

/* By kind, in the order of the sheet. */
static void kiosk_projects_page_enter(KioskPage *page, const char *argument)
{
    KioskProjectsPage *self = KIOSK_PROJECTS_PAGE(page);
    const Catalogue *catalogue = kiosk_page_desk(page)->catalogue;
    g_autoptr(GHashTable) shown = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree char *source = NULL;

    (void)argument;
    kiosk_pager_clear(self->pager);
    for (guint i = 0; i < catalogue->project_count; i++) {
        const char *type = catalogue->projects[i].type;
        if (!g_hash_table_add(shown, (gpointer)type)) continue;
        append_kind(self, catalogue, type);
    }
    source =
        g_strdup_printf("来源：%s", catalogue->project_count ? catalogue->projects[0].source : "");
    gtk_label_set_label(self->source, source);
    gtk_widget_set_visible(GTK_WIDGET(self->source), catalogue->project_count > 0);
    gtk_widget_set_visible(self->other, catalogue->figure_count > 0);
}

static void kiosk_projects_page_say(KioskPage *page, Script *script)
{
    const Catalogue *catalogue = kiosk_page_desk(page)->catalogue;

    for (guint i = 0; i < catalogue->project_count; i++) {
        const Project *project = &catalogue->projects[i];
        g_autofree char *text =
            g_strdup_printf("%s，%s，%s。", project->name, project->status, project->progress);
        script_add(script, NULL, text);
    }
}

/* On a wide screen the source stands at the foot of the side that is touched: a line more to read.
 */
static void kiosk_projects_page_constructed(GObject *object)
{
    GtkWidget *source = GTK_WIDGET(KIOSK_PROJECTS_PAGE(object)->source);
    KioskPage *page = KIOSK_PAGE(object);

    if (kiosk_page_is_landscape(page)) {
        g_object_set(object, "share", 0.66, NULL);
        g_object_ref(source);
        gtk_box_remove(kiosk_page_above(page), source);
        gtk_box_append(kiosk_page_below(page), source);
        g_object_unref(source);
    }
    G_OBJECT_CLASS(kiosk_projects_page_parent_class)->constructed(object);
}

static void kiosk_projects_page_class_init(KioskProjectsPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->constructed = kiosk_projects_page_constructed;
    KIOSK_PAGE_CLASS(class)->enter = kiosk_projects_page_enter;
    KIOSK_PAGE_CLASS(class)->leave = kiosk_projects_page_leave;
    KIOSK_PAGE_CLASS(class)->say = kiosk_projects_page_say;
    g_type_ensure(KIOSK_TYPE_PAGER);
    g_type_ensure(KIOSK_TYPE_TURNER);
    g_type_ensure(KIOSK_TYPE_TILE);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/projects_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskProjectsPage, pager);
    gtk_widget_class_bind_template_child(widget_class, KioskProjectsPage, turner);
    gtk_widget_class_bind_template_child(widget_class, KioskProjectsPage, source);
    gtk_widget_class_bind_template_child(widget_class, KioskProjectsPage, other);
    gtk_widget_class_bind_template_callback(widget_class, on_other);
}

static void kiosk_projects_page_init(KioskProjectsPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    kiosk_turner_follow(self->turner, self->pager);
    kiosk_page_set_title(KIOSK_PAGE(self), "工程进度", "clock");
}

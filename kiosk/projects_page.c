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
};

G_DEFINE_FINAL_TYPE(KioskProjectsPage, kiosk_projects_page, KIOSK_TYPE_PAGE)

static gboolean is_done(const Project *project)
{
    return g_str_has_prefix(project->status, "已");
}

/* "锦桥小区   ✓ 已完工": the state in a word and a sign, never by colour alone. */
static GtkWidget *project_new(const Project *project)
{
    GtkWidget *block = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    g_autofree char *state = g_strdup_printf("%s%s", is_done(project) ? "✓ " : "", project->status);
    g_autofree char *text =
        *project->note
            ? g_strdup_printf("%d 年，%s（%s）", project->year, project->progress, project->note)
            : g_strdup_printf("%d 年，%s", project->year, project->progress);
    GtkWidget *status = gtk_label_new(state);

    gtk_widget_add_css_class(block, "block");
    gtk_widget_add_css_class(block, "project");
    gtk_widget_add_css_class(status, is_done(project) ? "done" : "going");
    gtk_widget_set_valign(status, GTK_ALIGN_START);
    gtk_box_append(GTK_BOX(head), block_label(project->name, "strong"));
    gtk_box_append(GTK_BOX(head), status);
    gtk_box_append(GTK_BOX(block), head);
    gtk_box_append(GTK_BOX(block), block_label(text, "caption"));
    return block;
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
        kiosk_pager_append(self->pager, block_heading(type));
        for (guint k = i; k < catalogue->project_count; k++)
            if (g_str_equal(catalogue->projects[k].type, type))
                kiosk_pager_append(self->pager, project_new(&catalogue->projects[k]));
    }
    source =
        g_strdup_printf("来源：%s", catalogue->project_count ? catalogue->projects[0].source : "");
    gtk_label_set_label(self->source, source);
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

static void kiosk_projects_page_class_init(KioskProjectsPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

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
    gtk_widget_class_bind_template_callback(widget_class, on_other);
}

static void kiosk_projects_page_init(KioskProjectsPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    kiosk_turner_follow(self->turner, self->pager);
    kiosk_page_set_title(KIOSK_PAGE(self), "工程进度", "clock");
}

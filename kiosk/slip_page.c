#include "kiosk/slip_page.h"

#include "kiosk/block.h"
#include "kiosk/pager.h"
#include "kiosk/slip_printer.h"
#include "kiosk/tile.h"
#include "kiosk/topic_slip.h"

#define PAPER_WIDE_MM 80u

struct _KioskSlipPage {
    KioskPage parent_instance;
    GtkLabel *heading, *hint;
    GtkWidget *paper;
    KioskPager *pager; /* its first page is shown: how the slip begins */
    GtkBox *actions;
    KioskTile *print;

    SlipPrinter *printer;
    Slip *slip; /* while the page is shown */
    char *code;
};

G_DEFINE_FINAL_TYPE(KioskSlipPage, kiosk_slip_page, KIOSK_TYPE_PAGE)

/* ---- what is shown ---- */

static void show_preview(KioskSlipPage *self)
{
    g_autofree char *text = slip_preview(self->slip);
    g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
    g_autofree char *hint =
        g_strdup_printf("这是小票的开头。\n一共 %u 行，约 %u 厘米长。", g_strv_length(lines),
                        slip_length_mm(self->slip) / 10 + 1);

    kiosk_pager_clear(self->pager);
    for (guint i = 0; lines[i]; i++)
        kiosk_pager_append(self->pager,
                           block_label(lines[i], slip_is_heading(self->slip, i) ? "double" : NULL));
    gtk_label_set_label(self->hint, hint);
}

static void show_printer(KioskSlipPage *self)
{
    gboolean has_printer = slip_printer_is_there(self->printer);

    gtk_widget_set_sensitive(GTK_WIDGET(self->print), has_printer);
    kiosk_tile_set_note(self->print, has_printer ? NULL : "没有接打印机");
}

/* ---- page ---- */

static void kiosk_slip_page_leave(KioskPage *page)
{
    KioskSlipPage *self = KIOSK_SLIP_PAGE(page);

    kiosk_pager_clear(self->pager);
    g_clear_pointer(&self->slip, slip_free);
    g_clear_pointer(&self->code, g_free);
}

static void kiosk_slip_page_enter(KioskPage *page, const char *code)
{
    KioskSlipPage *self = KIOSK_SLIP_PAGE(page);
    Desk *desk = kiosk_page_desk(page);
    g_autoptr(GDateTime) now = desk_now(desk);
    g_autofree char *today = g_date_time_format(now, "%Y-%m-%d");
    int index = catalogue_find_topic(desk->catalogue, code);

    kiosk_slip_page_leave(page);
    if (index < 0) { /* it was withdrawn by an update in between */
        kiosk_page_go(page, "back", NULL);
        return;
    }
    const Topic *topic = &desk->catalogue->topics[index];
    self->slip = topic_slip_new(topic, desk->settings, today);
    self->code = g_strdup(code);
    gtk_label_set_label(self->heading, topic->name);
    show_preview(self);
    show_printer(self);
}

static void kiosk_slip_page_say(KioskPage *page, Script *script)
{
    KioskSlipPage *self = KIOSK_SLIP_PAGE(page);

    script_add(script, GTK_WIDGET(self->heading), gtk_label_get_label(self->heading));
    script_add(script, GTK_WIDGET(self->hint), gtk_label_get_label(self->hint));
}

/* ---- actions ---- */

static void on_printed(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(KioskSlipPage) self = data;
    g_autoptr(GError) error = NULL;
    gboolean is_printed = slip_printer_print_finish(result, &error);

    (void)source;
    show_printer(self);
    if (is_printed && self->slip) kiosk_page_go(KIOSK_PAGE(self), "back", NULL);
    if (is_printed)
        kiosk_page_tell(KIOSK_PAGE(self), "打印好了", "请拿好小票。");
    else
        kiosk_page_tell(KIOSK_PAGE(self), "没有打印出来", error->message);
}

static void on_print(KioskSlipPage *self)
{
    if (!self->slip) return;
    g_autoptr(GBytes) octets = slip_finish(self->slip);
    gtk_widget_set_sensitive(GTK_WIDGET(self->print), FALSE);
    kiosk_tile_set_note(self->print, "正在打印…");
    kiosk_store_count(kiosk_page_desk(KIOSK_PAGE(self))->store, KIOSK_COUNT_PRINT, self->code);
    slip_printer_print_async(self->printer, octets, on_printed, g_object_ref(self));
}

static void on_not(KioskSlipPage *self)
{
    kiosk_page_go(KIOSK_PAGE(self), "back", NULL);
}

/* ---- object ---- */

static void kiosk_slip_page_constructed(GObject *object)
{
    KioskSlipPage *self = KIOSK_SLIP_PAGE(object);
    const KioskSettings *settings = kiosk_page_desk(KIOSK_PAGE(object))->settings;

    G_OBJECT_CLASS(kiosk_slip_page_parent_class)->constructed(object);
    self->printer = slip_printer_new(settings->printer);
    if (settings->paper_mm == PAPER_WIDE_MM) gtk_widget_add_css_class(self->paper, "wide");
    if (!kiosk_page_is_landscape(KIOSK_PAGE(object))) return;
    gtk_orientable_set_orientation(GTK_ORIENTABLE(self->actions), GTK_ORIENTATION_VERTICAL);
}

static void kiosk_slip_page_dispose(GObject *object)
{
    KioskSlipPage *self = KIOSK_SLIP_PAGE(object);

    if (self->pager) kiosk_slip_page_leave(KIOSK_PAGE(object));
    self->pager = NULL;
    g_clear_pointer(&self->printer, slip_printer_free);
    G_OBJECT_CLASS(kiosk_slip_page_parent_class)->dispose(object);
}

static void kiosk_slip_page_class_init(KioskSlipPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->constructed = kiosk_slip_page_constructed;
    G_OBJECT_CLASS(class)->dispose = kiosk_slip_page_dispose;
    KIOSK_PAGE_CLASS(class)->enter = kiosk_slip_page_enter;
    KIOSK_PAGE_CLASS(class)->leave = kiosk_slip_page_leave;
    KIOSK_PAGE_CLASS(class)->say = kiosk_slip_page_say;
    g_type_ensure(KIOSK_TYPE_PAGER);
    g_type_ensure(KIOSK_TYPE_TILE);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/slip_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskSlipPage, heading);
    gtk_widget_class_bind_template_child(widget_class, KioskSlipPage, paper);
    gtk_widget_class_bind_template_child(widget_class, KioskSlipPage, pager);
    gtk_widget_class_bind_template_child(widget_class, KioskSlipPage, hint);
    gtk_widget_class_bind_template_child(widget_class, KioskSlipPage, actions);
    gtk_widget_class_bind_template_child(widget_class, KioskSlipPage, print);
    gtk_widget_class_bind_template_callback(widget_class, on_print);
    gtk_widget_class_bind_template_callback(widget_class, on_not);
}

static void kiosk_slip_page_init(KioskSlipPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    kiosk_page_set_title(KIOSK_PAGE(self), "打印带走", "print");
}

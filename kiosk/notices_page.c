#include "kiosk/notices_page.h"

#include "kiosk/row_list.h"

#define WITHIN_REACH 5 /* rows of a tall screen: more would stand too high */

struct _KioskNoticesPage {
    KioskPage parent_instance;
    GtkLabel *heading;
    KioskRowList *rows;
};

G_DEFINE_FINAL_TYPE(KioskNoticesPage, kiosk_notices_page, KIOSK_TYPE_PAGE)

static void on_go(KioskNoticesPage *self, const char *page, const char *argument)
{
    kiosk_page_go(KIOSK_PAGE(self), page, argument);
}

static void kiosk_notices_page_leave(KioskPage *page)
{
    kiosk_row_list_clear(KIOSK_NOTICES_PAGE(page)->rows);
    kiosk_row_list_show(KIOSK_NOTICES_PAGE(page)->rows);
}

static void kiosk_notices_page_enter(KioskPage *page, const char *argument)
{
    KioskNoticesPage *self = KIOSK_NOTICES_PAGE(page);
    g_autoptr(GPtrArray) notices = desk_notices(kiosk_page_desk(page));

    (void)argument;
    kiosk_row_list_clear(self->rows);
    for (guint i = 0; i < notices->len; i++) {
        const Notice *notice = g_ptr_array_index(notices, i);
        g_autofree char *number = g_strdup_printf("%u", i);
        kiosk_row_list_add(self->rows, NULL, notice->title, notice->category, "notice", number);
    }
    kiosk_row_list_show(self->rows);
    gtk_label_set_label(self->heading, notices->len ? "街道公告" : "今天没有公告。");
}

static void kiosk_notices_page_say(KioskPage *page, Script *script)
{
    KioskNoticesPage *self = KIOSK_NOTICES_PAGE(page);

    script_add(script, GTK_WIDGET(self->heading), gtk_label_get_label(self->heading));
    for (guint i = 0; i < kiosk_row_list_count(self->rows); i++)
        script_add(script, kiosk_row_list_widget(self->rows, i),
                   kiosk_row_list_item(self->rows, i)->title);
}

static void kiosk_notices_page_constructed(GObject *object)
{
    gboolean is_wide = kiosk_page_is_landscape(KIOSK_PAGE(object));

    G_OBJECT_CLASS(kiosk_notices_page_parent_class)->constructed(object);
    if (is_wide)
        g_object_set(object, "share", 0.3, NULL);
    else
        kiosk_row_list_set_rows(KIOSK_NOTICES_PAGE(object)->rows, WITHIN_REACH);
}

static void kiosk_notices_page_class_init(KioskNoticesPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->constructed = kiosk_notices_page_constructed;
    KIOSK_PAGE_CLASS(class)->enter = kiosk_notices_page_enter;
    KIOSK_PAGE_CLASS(class)->leave = kiosk_notices_page_leave;
    KIOSK_PAGE_CLASS(class)->say = kiosk_notices_page_say;
    g_type_ensure(KIOSK_TYPE_ROW_LIST);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/notices_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskNoticesPage, heading);
    gtk_widget_class_bind_template_child(widget_class, KioskNoticesPage, rows);
    gtk_widget_class_bind_template_callback(widget_class, on_go);
}

static void kiosk_notices_page_init(KioskNoticesPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    kiosk_page_set_title(KIOSK_PAGE(self), "公告", "notice");
}

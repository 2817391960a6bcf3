#include "kiosk/notice_page.h"

#include "kiosk/block.h"
#include "kiosk/pager.h"
#include "kiosk/tile.h"
#include "kiosk/topic_view.h"
#include "kiosk/turner.h"

struct _KioskNoticePage {
    KioskPage parent_instance;
    GtkLabel *title;
    KioskPager *pager;
    KioskTurner *turner;
    KioskTile *next;

    guint number;
};

G_DEFINE_FINAL_TYPE(KioskNoticePage, kiosk_notice_page, KIOSK_TYPE_PAGE)

static void show_text(KioskNoticePage *self, const char *text)
{
    g_auto(GStrv) parts = topic_view_split(text, TOPIC_VIEW_BLOCK_MAX);

    kiosk_pager_clear(self->pager);
    for (char **part = parts; *part; part++)
        kiosk_pager_append(self->pager, block_text(*part, "lead"));
}

static void show_notice(KioskNoticePage *self, guint number)
{
    Desk *desk = kiosk_page_desk(KIOSK_PAGE(self));
    g_autoptr(GPtrArray) notices = desk_notices(desk);

    self->number = notices->len ? number % notices->len : 0;
    gtk_widget_set_visible(GTK_WIDGET(self->next), notices->len > 1);
    if (notices->len == 0) {
        gtk_label_set_label(self->title, "今天没有公告。");
        kiosk_pager_clear(self->pager);
        return;
    }
    const Notice *notice = g_ptr_array_index(notices, self->number);
    gtk_label_set_label(self->title, notice->title);
    show_text(self, notice->body);
}

static void on_next(KioskNoticePage *self)
{
    show_notice(self, self->number + 1);
}

static void kiosk_notice_page_enter(KioskPage *page, const char *argument)
{
    show_notice(KIOSK_NOTICE_PAGE(page), (guint)g_ascii_strtoull(argument, NULL, 10));
}

static void kiosk_notice_page_leave(KioskPage *page)
{
    kiosk_pager_clear(KIOSK_NOTICE_PAGE(page)->pager);
}

static void kiosk_notice_page_say(KioskPage *page, Script *script)
{
    KioskNoticePage *self = KIOSK_NOTICE_PAGE(page);

    script_add(script, GTK_WIDGET(self->title), gtk_label_get_label(self->title));
    for (GtkWidget *block = gtk_widget_get_first_child(GTK_WIDGET(self->pager)); block;
         block = gtk_widget_get_next_sibling(block))
        script_add(script, block, gtk_label_get_label(GTK_LABEL(block)));
}

static void kiosk_notice_page_class_init(KioskNoticePageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    KIOSK_PAGE_CLASS(class)->enter = kiosk_notice_page_enter;
    KIOSK_PAGE_CLASS(class)->leave = kiosk_notice_page_leave;
    KIOSK_PAGE_CLASS(class)->say = kiosk_notice_page_say;
    g_type_ensure(KIOSK_TYPE_PAGER);
    g_type_ensure(KIOSK_TYPE_TURNER);
    g_type_ensure(KIOSK_TYPE_TILE);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/notice_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskNoticePage, title);
    gtk_widget_class_bind_template_child(widget_class, KioskNoticePage, pager);
    gtk_widget_class_bind_template_child(widget_class, KioskNoticePage, turner);
    gtk_widget_class_bind_template_child(widget_class, KioskNoticePage, next);
    gtk_widget_class_bind_template_callback(widget_class, on_next);
}

static void kiosk_notice_page_init(KioskNoticePage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    kiosk_turner_follow(self->turner, self->pager);
    kiosk_page_set_title(KIOSK_PAGE(self), "公告", "notice");
}

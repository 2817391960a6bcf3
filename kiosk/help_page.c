#include "kiosk/help_page.h"

#include "kiosk/block.h"
#include "kiosk/icon.h"
#include "kiosk/pager.h"
#include "kiosk/speech.h"
#include "kiosk/tile.h"
#include "kiosk/turner.h"

struct _KioskHelpPage {
    KioskPage parent_instance;
    GtkWidget *card; /* whom to ask: on the first page, before how the screen is used */
    GtkLabel *where, *hours, *phone;
    KioskPager *pager;
    KioskTurner *turner;
    GtkToggleButton *low, *middle, *high;
};

G_DEFINE_FINAL_TYPE(KioskHelpPage, kiosk_help_page, KIOSK_TYPE_PAGE)

static guint volume_signal;

static const char *const steps[] = {
    "点格子，看这一类的事。",
    "点“打字查找”，写两三个字，或拼音首字母。",
    "字太小，点“大字”。看不清，点“高对比”。",
    "不想看字，点“朗读”。碰一下屏幕就停。",
    "点“打印带走”或“扫码”，带回家看。",
    "看完点“首页”。没人碰，一会儿就清除。",
};

static void on_search(KioskHelpPage *self)
{
    kiosk_page_go(KIOSK_PAGE(self), "search", NULL);
}

static void on_volume(KioskHelpPage *self, GtkToggleButton *button)
{
    if (!gtk_toggle_button_get_active(button)) return;
    SpeechVolume volume = button == self->low    ? SPEECH_LOW
                          : button == self->high ? SPEECH_HIGH
                                                 : SPEECH_MIDDLE;
    g_signal_emit(self, volume_signal, 0, volume);
}

static void kiosk_help_page_forget(KioskPage *page)
{
    gtk_toggle_button_set_active(KIOSK_HELP_PAGE(page)->middle, TRUE);
}

static void kiosk_help_page_enter(KioskPage *page, const char *argument)
{
    KioskHelpPage *self = KIOSK_HELP_PAGE(page);
    const KioskSettings *settings = kiosk_page_desk(page)->settings;
    g_autofree char *where = *settings->counter
                                 ? g_strdup_printf("请到 %s，找工作人员。", settings->counter)
                                 : g_strdup("请找社区工作人员，或打电话。");
    g_autofree char *hours = g_strdup_printf("上班时间：%s", settings->opening_hours);
    g_autofree char *date = g_strdup_printf("资料日期 %s", desk_data_date(kiosk_page_desk(page)));

    (void)argument;
    gtk_label_set_label(self->where, where);
    gtk_label_set_label(self->hours, hours);
    gtk_widget_set_visible(GTK_WIDGET(self->hours), *settings->opening_hours);
    block_set_phone(self->phone, settings->phone);
    kiosk_pager_clear(self->pager);
    kiosk_pager_append(self->pager, self->card);
    kiosk_pager_append(self->pager, block_heading("怎么用"));
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autofree char *number = g_strdup_printf("%u", i + 1);
        kiosk_pager_append(self->pager, block_step(number, steps[i]));
    }
    kiosk_pager_append(self->pager, block_text(date, "caption"));
}

static void kiosk_help_page_say(KioskPage *page, Script *script)
{
    KioskHelpPage *self = KIOSK_HELP_PAGE(page);
    g_autofree char *phone = g_strdup_printf("电话：%s。", gtk_label_get_label(self->phone));
    GtkWidget *block = gtk_widget_get_next_sibling(self->card);

    script_add(script, GTK_WIDGET(self->where), gtk_label_get_label(self->where));
    if (gtk_widget_get_visible(GTK_WIDGET(self->hours)))
        script_add(script, GTK_WIDGET(self->hours), gtk_label_get_label(self->hours));
    script_add(script, GTK_WIDGET(self->phone), phone);
    script_add(script, block, "怎么用。");
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        block = gtk_widget_get_next_sibling(block);
        script_add(script, block, steps[i]);
    }
}

static void kiosk_help_page_constructed(GObject *object)
{
    G_OBJECT_CLASS(kiosk_help_page_parent_class)->constructed(object);
    if (kiosk_page_is_landscape(KIOSK_PAGE(object))) g_object_set(object, "share", 0.56, NULL);
}

static void kiosk_help_page_dispose(GObject *object)
{
    g_clear_object(&KIOSK_HELP_PAGE(object)->card);
    G_OBJECT_CLASS(kiosk_help_page_parent_class)->dispose(object);
}

static void kiosk_help_page_class_init(KioskHelpPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->constructed = kiosk_help_page_constructed;
    G_OBJECT_CLASS(class)->dispose = kiosk_help_page_dispose;
    KIOSK_PAGE_CLASS(class)->enter = kiosk_help_page_enter;
    KIOSK_PAGE_CLASS(class)->forget = kiosk_help_page_forget;
    KIOSK_PAGE_CLASS(class)->say = kiosk_help_page_say;
    g_type_ensure(KIOSK_TYPE_ICON);
    g_type_ensure(KIOSK_TYPE_PAGER);
    g_type_ensure(KIOSK_TYPE_TURNER);
    g_type_ensure(KIOSK_TYPE_TILE);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/help_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskHelpPage, card);
    gtk_widget_class_bind_template_child(widget_class, KioskHelpPage, where);
    gtk_widget_class_bind_template_child(widget_class, KioskHelpPage, hours);
    gtk_widget_class_bind_template_child(widget_class, KioskHelpPage, phone);
    gtk_widget_class_bind_template_child(widget_class, KioskHelpPage, pager);
    gtk_widget_class_bind_template_child(widget_class, KioskHelpPage, turner);
    gtk_widget_class_bind_template_child(widget_class, KioskHelpPage, low);
    gtk_widget_class_bind_template_child(widget_class, KioskHelpPage, middle);
    gtk_widget_class_bind_template_child(widget_class, KioskHelpPage, high);
    gtk_widget_class_bind_template_callback(widget_class, on_search);
    gtk_widget_class_bind_template_callback(widget_class, on_volume);
    volume_signal = g_signal_new("volume", KIOSK_TYPE_HELP_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void kiosk_help_page_init(KioskHelpPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    g_object_ref(self->card);
    gtk_box_remove(kiosk_page_above(KIOSK_PAGE(self)), self->card);
    kiosk_turner_follow(self->turner, self->pager);
    gtk_toggle_button_set_group(self->middle, self->low);
    gtk_toggle_button_set_group(self->high, self->low);
    gtk_toggle_button_set_active(self->middle, TRUE);
    kiosk_page_set_title(KIOSK_PAGE(self), "需要帮忙", "help");
}

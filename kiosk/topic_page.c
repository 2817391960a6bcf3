#include "kiosk/topic_page.h"

#include <string.h>

#include "kiosk/block.h"
#include "kiosk/icon.h"
#include "kiosk/pager.h"
#include "kiosk/qr.h"
#include "kiosk/row.h"
#include "kiosk/slip_printer.h"
#include "kiosk/tile.h"
#include "kiosk/topic_slip.h"
#include "kiosk/topic_view.h"
#include "kiosk/turner.h"

#define CODE_LEN 4u

struct _KioskTopicPage {
    KioskPage parent_instance;
    GtkLabel *plate, *name, *caption, *conclusion, *ask, *qr_hint;
    GtkBox *answer, *amounts, *takeaway, *actions;
    KioskPager *pager;
    KioskTurner *turner;
    KioskQr *qr;
    KioskTile *scan, *print;

    SlipPrinter *printer;
    Answer *reply; /* while the page is shown: points into the catalogue */
    TopicView *view;
    GPtrArray *blocks; /* GtkWidget, as view->blocks; the pager's */
};

G_DEFINE_FINAL_TYPE(KioskTopicPage, kiosk_topic_page, KIOSK_TYPE_PAGE)

static const Topic *topic_of(KioskTopicPage *self)
{
    return ((AnswerItem *)g_ptr_array_index(self->reply->items, 0))->topic;
}

/* ---- what is shown ---- */

static void clear_box(GtkBox *box)
{
    GtkWidget *child;
    while ((child = gtk_widget_get_first_child(GTK_WIDGET(box))))
        gtk_box_remove(box, child);
}

/* "到期换领   20元": the number large, its unit beside it and never broken from it. */
static GtkWidget *amount_row(const TopicAmount *amount)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);

    gtk_widget_add_css_class(row, "number");
    if (*amount->label) gtk_box_append(GTK_BOX(row), block_label(amount->label, "lead"));
    if (*amount->number) {
        GtkWidget *number = gtk_label_new(amount->number);
        gtk_widget_add_css_class(number, "amount");
        gtk_box_append(GTK_BOX(row), number);
    }
    GtkWidget *unit = gtk_label_new(amount->unit);
    gtk_widget_add_css_class(unit, *amount->number ? "unit" : "amount");
    gtk_box_append(GTK_BOX(row), unit);
    return row;
}

static void show_answer(KioskTopicPage *self)
{
    const TopicView *view = self->view;

    gtk_label_set_label(self->caption, view->caption);
    gtk_label_set_label(self->conclusion, view->conclusion);
    gtk_label_set_label(self->ask, view->ask);
    clear_box(self->amounts);
    for (guint i = 0; i < view->amounts->len; i++)
        gtk_box_append(self->amounts, amount_row(&g_array_index(view->amounts, TopicAmount, i)));
    gtk_widget_set_visible(GTK_WIDGET(self->amounts), view->amounts->len > 0);
    gtk_widget_set_visible(GTK_WIDGET(self->ask), view->amounts->len > 0);
    gtk_widget_set_visible(GTK_WIDGET(self->conclusion), view->amounts->len == 0);
}

static GtkWidget *banner_new(const TopicView *view)
{
    GtkWidget *banner = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    g_autofree char *text = NULL;

    gtk_widget_add_css_class(banner, "block");
    if (view->is_verified && !view->is_old) {
        text = g_strdup_printf("已核实　%s", view->date);
        gtk_box_append(GTK_BOX(banner), block_label(text, "caption"));
        return banner;
    }
    gtk_widget_add_css_class(banner, "banner");
    gtk_box_append(GTK_BOX(banner), kiosk_icon_new("warning"));
    text = g_strdup_printf(view->is_verified ? "<b>资料过了半年</b>　请打 12345 再问一声。\n%s"
                                             : "<b>待社区核实</b>　本地信息请打 12345 问。\n%s",
                           view->date);
    GtkWidget *label = block_label(NULL, NULL);
    gtk_label_set_markup(GTK_LABEL(label), text);
    gtk_box_append(GTK_BOX(banner), label);
    return banner;
}

static GtkWidget *block_new(const TopicBlock *block)
{
    switch (block->kind) {
    case TOPIC_BLOCK_FACT:
    case TOPIC_BLOCK_MORE:
        return block_fact(block->icon, block->title, block->text);
    case TOPIC_BLOCK_HEADING:
        return block_heading(block->title);
    case TOPIC_BLOCK_STEP:
        return block_step(block->title, block->text);
    case TOPIC_BLOCK_TEXT:
        return block_text(block->text, "text");
    case TOPIC_BLOCK_SOURCE:
        return block_text(block->text, "source");
    }
    g_return_val_if_reached(NULL);
}

/* The answer is the pager's first block: with large letters it takes a page of its own. */
static void show_blocks(KioskTopicPage *self)
{
    kiosk_pager_clear(self->pager);
    g_ptr_array_set_size(self->blocks, 0);
    kiosk_pager_append(self->pager, GTK_WIDGET(self->answer));
    kiosk_pager_append(self->pager, banner_new(self->view));
    for (guint i = 0; i < self->view->blocks->len; i++) {
        const TopicBlock *block = &g_array_index(self->view->blocks, TopicBlock, i);
        GtkWidget *widget = block_new(block);
        /* a heading stands with what follows it: the steps begin a page */
        if (block->kind == TOPIC_BLOCK_HEADING) kiosk_pager_break(self->pager);
        kiosk_pager_append(self->pager, widget);
        g_ptr_array_add(self->blocks, widget);
    }
}

static void show_takeaway(KioskTopicPage *self)
{
    const KioskSettings *settings = kiosk_page_desk(KIOSK_PAGE(self))->settings;
    const Topic *topic = topic_of(self);
    g_autofree char *uri = kiosk_qr_smsto(settings->sms_number, topic->code);
    g_autofree char *name = g_strdup_printf("%s的二维码", topic->name);
    g_autofree char *hint = *settings->sms_number
                                ? g_strdup_printf("发短信 <b>%s</b> 到 %s，也能收到。", topic->code,
                                                  settings->sms_number)
                                : g_strdup_printf("发短信 <b>%s</b>，也能收到。", topic->code);

    kiosk_qr_set(self->qr, uri, name);
    gtk_label_set_markup(self->qr_hint, hint);
    gboolean has_printer = slip_printer_is_there(self->printer);
    gtk_widget_set_sensitive(GTK_WIDGET(self->print), has_printer);
    kiosk_tile_set_note(self->print, has_printer ? NULL : "没有接打印机");
}

/* ---- page ---- */

/* "CL02", or "CL02 护理补贴要带什么". */
static int find_topic(KioskTopicPage *self, const char *argument, const char **question)
{
    const Catalogue *catalogue = kiosk_page_desk(KIOSK_PAGE(self))->catalogue;
    g_autofree char *code = g_strndup(argument, CODE_LEN);
    int topic = catalogue_find_topic(catalogue, code);

    *question = strlen(argument) > CODE_LEN + 1 ? argument + CODE_LEN + 1 : code;
    if (topic >= 0 && *question == code) *question = catalogue->topics[topic].name;
    return topic;
}

static void kiosk_topic_page_leave(KioskPage *page)
{
    KioskTopicPage *self = KIOSK_TOPIC_PAGE(page);

    kiosk_pager_clear(self->pager);
    g_ptr_array_set_size(self->blocks, 0);
    gtk_label_set_label(self->conclusion, "");
    g_clear_pointer(&self->view, topic_view_free);
    g_clear_pointer(&self->reply, answer_free);
}

static void kiosk_topic_page_enter(KioskPage *page, const char *argument)
{
    KioskTopicPage *self = KIOSK_TOPIC_PAGE(page);
    Desk *desk = kiosk_page_desk(page);
    g_autoptr(GDateTime) now = desk_now(desk);
    const char *question;
    int index = find_topic(self, argument, &question);

    kiosk_topic_page_leave(page);
    if (index < 0) { /* it was withdrawn by an update in between */
        kiosk_page_go(page, "none", argument);
        return;
    }
    const Topic *topic = &desk->catalogue->topics[index];
    self->reply = answer_topic(desk->catalogue, desk->search, question, (guint)index);
    self->view = topic_view_new(desk->catalogue, g_ptr_array_index(self->reply->items, 0), now);
    kiosk_page_set_title(page, topic->category, desk_category_icon(topic->category));
    kiosk_plate_set(GTK_WIDGET(self->plate), topic->code);
    gtk_label_set_label(self->name, topic->name);
    show_answer(self);
    show_blocks(self);
    show_takeaway(self);
    kiosk_store_count(desk->store, KIOSK_COUNT_TOPIC, topic->code);
}

static void kiosk_topic_page_say(KioskPage *page, Script *script)
{
    KioskTopicPage *self = KIOSK_TOPIC_PAGE(page);
    GtkWidget *answer = GTK_WIDGET(self->answer);

    if (!self->view) return;
    script_add(script, GTK_WIDGET(self->name), gtk_label_get_label(self->name));
    for (guint i = 0; i < self->view->amounts->len; i++) {
        const TopicAmount *amount = &g_array_index(self->view->amounts, TopicAmount, i);
        g_autofree char *text = topic_amount_text(amount);
        script_add(script, answer, text);
    }
    if (self->view->amounts->len == 0) script_add(script, answer, self->view->conclusion);
    for (guint i = 0; i < self->blocks->len; i++) {
        const TopicBlock *block = &g_array_index(self->view->blocks, TopicBlock, i);
        GtkWidget *widget = g_ptr_array_index(self->blocks, i);
        if (block->kind == TOPIC_BLOCK_STEP) {
            g_autofree char *number = g_strdup_printf("第%s步，%s", block->title, block->text);
            script_add(script, widget, number);
            continue;
        }
        script_add(script, widget, block->title);
        script_add(script, widget, block->text);
    }
    if (!self->view->is_verified)
        script_add(script, NULL, "以上内容待社区核实，本地信息请打12345问。");
}

/* ---- actions ---- */

static void on_scan(KioskTopicPage *self)
{
    if (self->reply) kiosk_page_go(KIOSK_PAGE(self), "qr", topic_of(self)->code);
}

static void on_printed(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(KioskTopicPage) self = data;
    g_autoptr(GError) error = NULL;

    (void)source;
    gtk_widget_set_sensitive(GTK_WIDGET(self->print), TRUE);
    if (!slip_printer_print_finish(result, &error)) {
        g_autofree char *text = g_strdup_printf("%s\n请找工作人员。", error->message);
        kiosk_page_tell(KIOSK_PAGE(self), "没有打印出来", text);
        return;
    }
    kiosk_page_tell(KIOSK_PAGE(self), "打印好了", "请拿好小票。");
}

static void on_print(KioskTopicPage *self)
{
    Desk *desk = kiosk_page_desk(KIOSK_PAGE(self));
    g_autoptr(GDateTime) now = desk_now(desk);
    g_autofree char *today = g_date_time_format(now, "%Y-%m-%d");

    if (!self->reply) return;
    g_autoptr(Slip) slip = topic_slip_new(topic_of(self), desk->settings, today);
    g_autoptr(GBytes) octets = slip_finish(slip);
    gtk_widget_set_sensitive(GTK_WIDGET(self->print), FALSE);
    kiosk_store_count(desk->store, KIOSK_COUNT_PRINT, topic_of(self)->code);
    slip_printer_print_async(self->printer, octets, on_printed, g_object_ref(self));
}

/* ---- object ---- */

/* On a wide screen the code and the actions stand right, the text left. */
static void kiosk_topic_page_constructed(GObject *object)
{
    KioskTopicPage *self = KIOSK_TOPIC_PAGE(object);
    KioskPage *page = KIOSK_PAGE(object);

    G_OBJECT_CLASS(kiosk_topic_page_parent_class)->constructed(object);
    self->printer = slip_printer_new(kiosk_page_desk(page)->settings->printer);
    if (!kiosk_page_is_landscape(page)) return;
    g_object_set(object, "share", 0.60, NULL);
    g_object_ref(self->takeaway);
    gtk_box_remove(kiosk_page_above(page), GTK_WIDGET(self->takeaway));
    gtk_box_prepend(kiosk_page_below(page), GTK_WIDGET(self->takeaway));
    g_object_unref(self->takeaway);
    gtk_widget_set_vexpand(GTK_WIDGET(self->takeaway), TRUE);
    gtk_widget_set_valign(GTK_WIDGET(self->takeaway), GTK_ALIGN_START);
    gtk_orientable_set_orientation(GTK_ORIENTABLE(self->actions), GTK_ORIENTATION_VERTICAL);
}

static void kiosk_topic_page_dispose(GObject *object)
{
    KioskTopicPage *self = KIOSK_TOPIC_PAGE(object);

    if (self->pager) kiosk_topic_page_leave(KIOSK_PAGE(object));
    self->pager = NULL;
    g_clear_pointer(&self->printer, slip_printer_free);
    g_clear_object(&self->answer);
    G_OBJECT_CLASS(kiosk_topic_page_parent_class)->dispose(object);
}

static void kiosk_topic_page_finalize(GObject *object)
{
    g_ptr_array_unref(KIOSK_TOPIC_PAGE(object)->blocks);
    G_OBJECT_CLASS(kiosk_topic_page_parent_class)->finalize(object);
}

static void kiosk_topic_page_class_init(KioskTopicPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->constructed = kiosk_topic_page_constructed;
    G_OBJECT_CLASS(class)->dispose = kiosk_topic_page_dispose;
    G_OBJECT_CLASS(class)->finalize = kiosk_topic_page_finalize;
    KIOSK_PAGE_CLASS(class)->enter = kiosk_topic_page_enter;
    KIOSK_PAGE_CLASS(class)->leave = kiosk_topic_page_leave;
    KIOSK_PAGE_CLASS(class)->say = kiosk_topic_page_say;
    g_type_ensure(KIOSK_TYPE_PAGER);
    g_type_ensure(KIOSK_TYPE_TURNER);
    g_type_ensure(KIOSK_TYPE_QR);
    g_type_ensure(KIOSK_TYPE_TILE);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/topic_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, plate);
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, name);
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, answer);
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, caption);
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, amounts);
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, conclusion);
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, ask);
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, pager);
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, takeaway);
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, qr);
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, qr_hint);
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, actions);
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, turner);
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, scan);
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, print);
    gtk_widget_class_bind_template_callback(widget_class, on_scan);
    gtk_widget_class_bind_template_callback(widget_class, on_print);
}

static void kiosk_topic_page_init(KioskTopicPage *self)
{
    self->blocks = g_ptr_array_new();
    gtk_widget_init_template(GTK_WIDGET(self));
    kiosk_turner_follow(self->turner, self->pager);
    g_object_ref(self->answer); /* it moves between the template and the pager */
}

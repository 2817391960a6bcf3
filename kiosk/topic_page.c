#include "kiosk/topic_page.h"

#include <string.h>

#include "kiosk/block.h"
#include "kiosk/icon.h"
#include "kiosk/pager.h"
#include "kiosk/qr.h"
#include "kiosk/row.h"
#include "kiosk/slip_printer.h"
#include "kiosk/slip_wrap.h"
#include "kiosk/tile.h"
#include "kiosk/topic_view.h"
#include "kiosk/turner.h"

#define CODE_LEN 4u
/* Of the answer: as many lines have room beside the text on a wide screen; so many and the code. */
#define ASIDE_LINES       4u
#define ASIDE_LINES_CODE  3u
#define ASIDE_LINES_LARGE 2u  /* of large letters: amounts only */
#define ASIDE_CELLS       20u /* of the conclusion on one; a cell is half a Han character */
#define ASIDE_LABEL_CELLS 10u /* before an amount on one */

struct _KioskTopicPage {
    KioskPage parent_instance;
    GtkLabel *plate, *name, *caption, *conclusion, *ask, *qr_hint;
    GtkBox *answer, *amounts, *takeaway, *side, *foot, *actions;
    KioskPager *pager;
    KioskTurner *turner;
    KioskQr *qr;
    KioskTile *scan, *print;

    SlipPrinter *printer; /* only asked whether it is there */
    Answer *reply;        /* while the page is shown: points into the catalogue */
    TopicView *view;
    GPtrArray *blocks; /* GtkWidget, as view->blocks; the pager's */
    gboolean is_aside; /* the answer stands beside the text */
    gboolean is_large; /* when it was cut into blocks */
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
    gtk_widget_set_visible(GTK_WIDGET(self->ask), *view->ask != '\0');
    gtk_widget_set_visible(GTK_WIDGET(self->conclusion), !view->is_conclusion_apart);
}

/* What is to be known of it, and its date: on a wide screen on one line. */
static char *caution_text(KioskTopicPage *self)
{
    const TopicView *view = self->view;
    gboolean is_wide = kiosk_page_is_landscape(KIOSK_PAGE(self));
    const char *what = view->is_verified ? "资料过了半年" : "待社区核实";

    if (is_wide && self->is_large && !self->is_aside) /* in the narrow column */
        return g_markup_printf_escaped("<b>%s</b>\n请打 12345\n%s", what, view->date);
    if (is_wide && self->is_large) /* the number stands elsewhere on the page */
        return g_markup_printf_escaped("<b>%s</b>  %s", what, view->date);
    if (is_wide) return g_markup_printf_escaped("<b>%s</b>  请打 12345  %s", what, view->date);
    return g_markup_printf_escaped(
        "<b>%s</b>　%s\n%s", what,
        view->is_verified ? "请打 12345 再问一声。" : "本地信息请打 12345 问。", view->date);
}

static GtkWidget *banner_new(KioskTopicPage *self)
{
    GtkWidget *banner = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    g_autofree char *text = NULL;

    gtk_widget_add_css_class(banner, "block");
    if (self->view->is_verified && !self->view->is_old) {
        text = g_strdup_printf("已核实　%s", self->view->date);
        gtk_box_append(GTK_BOX(banner), block_label(text, "caption"));
        return banner;
    }
    gtk_widget_add_css_class(banner, "banner");
    gtk_box_append(GTK_BOX(banner), kiosk_icon_new("warning"));
    GtkWidget *label = block_label(NULL, NULL);
    text = caution_text(self);
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

static guint line_count(const char *text, guint cells)
{
    return (slip_wrap_cells(text, strlen(text)) + cells - 1) / cells;
}

static guint answer_lines(const TopicView *view)
{
    guint lines = view->is_conclusion_apart ? 0 : line_count(view->conclusion, ASIDE_CELLS);

    for (guint i = 0; i < view->amounts->len; i++) {
        const TopicAmount *amount = &g_array_index(view->amounts, TopicAmount, i);
        lines += MAX(line_count(amount->label, ASIDE_LABEL_CELLS), 1);
    }
    return lines + (*view->ask ? 1 : 0);
}

static gboolean has_room_aside(KioskTopicPage *self)
{
    gboolean is_large = kiosk_page_is_large(KIOSK_PAGE(self));
    guint most = !is_large ? ASIDE_LINES : self->view->amounts->len > 0 ? ASIDE_LINES_LARGE : 0;

    return kiosk_page_is_landscape(KIOSK_PAGE(self)) && answer_lines(self->view) <= most;
}

/* On a wide screen it stands beside the actions where there is room, else with its words at the
 * foot of the pages that have some. */
static void place_code(KioskTopicPage *self)
{
    gboolean is_aside = kiosk_page_is_landscape(KIOSK_PAGE(self)) &&
                        (!self->is_aside || answer_lines(self->view) <= ASIDE_LINES_CODE);
    GtkWidget *code = GTK_WIDGET(self->qr);

    gtk_box_remove(GTK_BOX(gtk_widget_get_parent(code)), code);
    gtk_box_prepend(is_aside ? self->foot : self->takeaway, code);
    gtk_orientable_set_orientation(GTK_ORIENTABLE(self->actions), is_aside
                                                                      ? GTK_ORIENTATION_VERTICAL
                                                                      : GTK_ORIENTATION_HORIZONTAL);
    if (!is_aside) kiosk_pager_set_filler(self->pager, GTK_WIDGET(self->takeaway));
}

/* 答复 is no news; a wide screen of large letters has no line for it. */
static gboolean has_caption(KioskTopicPage *self)
{
    return !kiosk_page_is_landscape(KIOSK_PAGE(self)) || !self->is_large ||
           self->view->amounts->len > 0;
}

/* On a wide screen the answer stands beside the text where there is room, else what is to be known
 * of it; on a tall one both are the first blocks. */
static void place_answer(KioskTopicPage *self)
{
    GtkWidget *answer = GTK_WIDGET(self->answer);

    clear_box(self->side);
    self->is_large = kiosk_page_is_large(KIOSK_PAGE(self));
    self->is_aside = has_room_aside(self);
    GtkWidget *banner = banner_new(self);
    gtk_widget_set_visible(GTK_WIDGET(self->caption), has_caption(self));
    if (self->is_aside)
        gtk_box_append(self->side, answer);
    else
        kiosk_pager_append(self->pager, answer);
    if (kiosk_page_is_landscape(KIOSK_PAGE(self)) && !self->is_aside)
        gtk_box_append(self->side, banner);
    else
        kiosk_pager_append(self->pager, banner);
    place_code(self);
}

static void show_blocks(KioskTopicPage *self)
{
    kiosk_pager_clear(self->pager);
    g_ptr_array_set_size(self->blocks, 0);
    place_answer(self);
    for (guint i = 0; i < self->view->blocks->len; i++) {
        const TopicBlock *block = &g_array_index(self->view->blocks, TopicBlock, i);
        GtkWidget *widget = block_new(block);
        if (block->field)
            kiosk_pager_append_more(self->pager, widget, block_again(block->field));
        else
            kiosk_pager_append(self->pager, widget);
        g_ptr_array_add(self->blocks, widget);
    }
}

static void show_printer(KioskTopicPage *self)
{
    gboolean has_printer = self->printer && slip_printer_is_there(self->printer);

    gtk_widget_set_sensitive(GTK_WIDGET(self->print), has_printer);
    kiosk_tile_set_note(self->print, has_printer ? NULL : "没有接打印机");
}

static void show_takeaway(KioskTopicPage *self)
{
    const KioskSettings *settings = kiosk_page_desk(KIOSK_PAGE(self))->settings;
    const Topic *topic = topic_of(self);
    g_autofree char *uri = kiosk_qr_smsto(settings->sms_number, topic->code);
    g_autofree char *name = g_strdup_printf("%s的二维码", topic->name);
    g_autofree char *hint = *settings->sms_number
                                ? g_strdup_printf("发短信 <b>%s</b> 到 %s，\n也能收到。",
                                                  topic->code, settings->sms_number)
                                : g_strdup_printf("发短信 <b>%s</b>，也能收到。", topic->code);

    kiosk_qr_set(self->qr, uri, name);
    gtk_label_set_markup(self->qr_hint, hint);
    show_printer(self);
}

/* ---- page ---- */

/* "CL02", or "CL02 护理补贴要带什么". Without a question the topic's name is one. */
static int find_topic(KioskTopicPage *self, const char *argument, const char **question)
{
    const Catalogue *catalogue = kiosk_page_desk(KIOSK_PAGE(self))->catalogue;
    g_autofree char *code = g_strndup(argument, CODE_LEN);
    int topic = catalogue_find_topic(catalogue, code);

    *question = topic >= 0 ? catalogue->topics[topic].name : "";
    if (strlen(argument) > CODE_LEN + 1) *question = argument + CODE_LEN + 1;
    return topic;
}

static void kiosk_topic_page_leave(KioskPage *page)
{
    KioskTopicPage *self = KIOSK_TOPIC_PAGE(page);

    kiosk_pager_clear(self->pager);
    clear_box(self->side);
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
        kiosk_page_go(page, "back", NULL);
        kiosk_page_tell(page, "这一项撤下了", "请看别的，或打 12345 问。");
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

/* Larger letters need more room. */
static void kiosk_topic_page_modes_changed(KioskPage *page)
{
    KioskTopicPage *self = KIOSK_TOPIC_PAGE(page);

    if (self->view && kiosk_page_is_landscape(page) && kiosk_page_is_large(page) != self->is_large)
        show_blocks(self);
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
    if (!self->view->is_conclusion_apart) script_add(script, answer, self->view->conclusion);
    script_add(script, answer, self->view->ask);
    for (guint i = 0; i < self->blocks->len; i++) {
        const TopicBlock *block = &g_array_index(self->view->blocks, TopicBlock, i);
        GtkWidget *widget = g_ptr_array_index(self->blocks, i);
        if (block->kind == TOPIC_BLOCK_STEP) {
            g_autofree char *number = g_strdup_printf("第%s步", block->title);
            script_add(script, widget, number);
        } else {
            script_add(script, widget, block->title);
        }
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

static void on_print(KioskTopicPage *self)
{
    if (self->reply) kiosk_page_go(KIOSK_PAGE(self), "slip", topic_of(self)->code);
}

/* ---- object ---- */

static void kiosk_topic_page_constructed(GObject *object)
{
    KioskTopicPage *self = KIOSK_TOPIC_PAGE(object);
    KioskPage *page = KIOSK_PAGE(object);

    G_OBJECT_CLASS(kiosk_topic_page_parent_class)->constructed(object);
    self->printer = slip_printer_new(kiosk_page_desk(page)->settings->printer);
    gtk_widget_set_visible(GTK_WIDGET(self->side), kiosk_page_is_landscape(page));
    if (!kiosk_page_is_landscape(page)) return;
    gtk_box_set_homogeneous(self->actions, FALSE); /* so that 打印带走 has room for its note */
    gtk_widget_set_hexpand(GTK_WIDGET(self->print), TRUE);
}

static void kiosk_topic_page_dispose(GObject *object)
{
    KioskTopicPage *self = KIOSK_TOPIC_PAGE(object);

    if (self->pager) kiosk_topic_page_leave(KIOSK_PAGE(object));
    self->pager = NULL;
    g_clear_pointer(&self->printer, slip_printer_free);
    g_clear_object(&self->answer);
    g_clear_object(&self->takeaway);
    g_clear_object(&self->qr);
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
    KIOSK_PAGE_CLASS(class)->modes_changed = kiosk_topic_page_modes_changed;
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
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, side);
    gtk_widget_class_bind_template_child(widget_class, KioskTopicPage, foot);
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
    g_object_ref(self->answer); /* they move between the side and the pager */
    g_object_ref(self->takeaway);
    g_object_ref(self->qr);
}

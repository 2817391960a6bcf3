#include "kiosk/none_page.h"

#include <string.h>

#include "kiosk/block.h"
#include "kiosk/icon.h"
#include "kiosk/row_list.h"
#include "kiosk/tile.h"

#define NEAR_SHOWN 3

struct _KioskNonePage {
    KioskPage parent_instance;
    GtkLabel *asking, *question, *where, *call, *phone, *also, *near;
    KioskRowList *rows;
    KioskTile *leave;

    char *asked;
};

G_DEFINE_FINAL_TYPE(KioskNonePage, kiosk_none_page, KIOSK_TYPE_PAGE)

static void on_go(KioskNonePage *self, const char *page, const char *argument)
{
    kiosk_page_go(KIOSK_PAGE(self), page, argument);
}

static void on_again(KioskNonePage *self)
{
    kiosk_page_go(KIOSK_PAGE(self), "search", NULL);
}

static void on_categories(KioskNonePage *self)
{
    kiosk_page_go(KIOSK_PAGE(self), "home", NULL);
}

/* ---- leaving it for staff ---- */

static void on_left(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(KioskNonePage) self = data;
    g_autoptr(GError) error = NULL;

    (void)source;
    gtk_widget_set_sensitive(GTK_WIDGET(self->leave), TRUE);
    if (!kiosk_store_leave_question_finish(result, &error)) {
        kiosk_page_tell(KIOSK_PAGE(self), "没有留下来", error->message);
        return;
    }
    gtk_widget_set_visible(GTK_WIDGET(self->leave), FALSE);
    kiosk_page_tell(KIOSK_PAGE(self), "留下来了", "工作人员会看到您的问题。\n急事请打 12345。");
}

static void on_leave(KioskNonePage *self)
{
    if (!self->asked) return;
    gtk_widget_set_sensitive(GTK_WIDGET(self->leave), FALSE);
    kiosk_store_leave_question_async(kiosk_page_desk(KIOSK_PAGE(self))->store, self->asked, NULL,
                                     on_left, g_object_ref(self));
}

/* ---- what is said ---- */

/* The first number to ring of a text: 110 of "马上打110". NULL: there is none. */
static char *phone_in(const char *text)
{
    g_autoptr(GRegex) regex = g_regex_new("[0-9]{3,11}(?:-[0-9]{3,8})?", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;

    return g_regex_match(regex, text, 0, &match) ? g_match_info_fetch(match, 0) : NULL;
}

static void show_where(KioskNonePage *self, const Answer *answer)
{
    const char *phone = kiosk_page_desk(KIOSK_PAGE(self))->settings->phone;
    const char *where = answer->urgent ? answer->urgent : answer->redirect;
    g_autofree char *named = phone_in(where);

    gtk_label_set_label(self->where, *where ? where : "这里没有这一项。");
    gtk_label_set_label(self->call, answer->urgent ? "马上打" : "请打这个电话");
    block_set_phone(self->phone, named ? named : phone);
}

static void show_near(KioskNonePage *self, const Answer *answer)
{
    guint most = kiosk_page_is_landscape(KIOSK_PAGE(self)) ? NEAR_SHOWN - 1 : NEAR_SHOWN;

    kiosk_row_list_clear(self->rows);
    for (guint i = 0; i < answer->items->len && kiosk_row_list_count(self->rows) < most; i++) {
        const AnswerItem *item = g_ptr_array_index(answer->items, i);
        if (!item->is_guess) continue;
        kiosk_row_list_add(self->rows, NULL, item->topic->name, NULL, "topic", item->topic->code);
    }
    kiosk_row_list_show(self->rows);
    gtk_widget_set_visible(GTK_WIDGET(self->rows), kiosk_row_list_count(self->rows) > 0);
    gtk_widget_set_visible(GTK_WIDGET(self->near), kiosk_row_list_count(self->rows) > 0);
}

static void kiosk_none_page_leave(KioskPage *page)
{
    KioskNonePage *self = KIOSK_NONE_PAGE(page);

    if (self->asked) explicit_bzero(self->asked, strlen(self->asked));
    g_clear_pointer(&self->asked, g_free);
    gtk_label_set_label(self->question, "");
    kiosk_row_list_clear(self->rows);
    kiosk_row_list_show(self->rows);
}

static void kiosk_none_page_enter(KioskPage *page, const char *question)
{
    KioskNonePage *self = KIOSK_NONE_PAGE(page);
    Desk *desk = kiosk_page_desk(page);
    g_autoptr(Answer) answer = answer_question(desk->catalogue, desk->search, question);
    g_autofree char *quoted = g_strdup_printf("“%s”", question);

    kiosk_none_page_leave(page);
    self->asked = g_strdup(question);
    gtk_label_set_label(self->question, quoted);
    show_where(self, answer);
    show_near(self, answer);
    gtk_widget_set_visible(GTK_WIDGET(self->leave), desk->store && !answer->urgent);
    kiosk_page_set_title(page, answer->urgent ? "先打电话" : "没有找到", "search");
    if (answer->outcome == SEARCH_NONE && !answer->urgent)
        kiosk_store_count(desk->store, KIOSK_COUNT_SEARCH, question);
}

static void kiosk_none_page_say(KioskPage *page, Script *script)
{
    KioskNonePage *self = KIOSK_NONE_PAGE(page);
    g_autofree char *call = g_strdup_printf("%s：%s", gtk_label_get_label(self->call),
                                            gtk_label_get_label(self->phone));

    script_add(script, GTK_WIDGET(self->question), gtk_label_get_label(self->question));
    script_add(script, GTK_WIDGET(self->where), gtk_label_get_label(self->where));
    script_add(script, GTK_WIDGET(self->phone), call);
    if (kiosk_row_list_count(self->rows) > 0)
        script_add(script, GTK_WIDGET(self->near), gtk_label_get_label(self->near));
    for (guint i = 0; i < kiosk_row_list_count(self->rows); i++)
        script_add(script, kiosk_row_list_widget(self->rows, i),
                   kiosk_row_list_item(self->rows, i)->title);
}

/* Large letters need the room of what can be done without. */
static void kiosk_none_page_modes_changed(KioskPage *page)
{
    KioskNonePage *self = KIOSK_NONE_PAGE(page);
    gboolean is_large = kiosk_page_is_large(page);

    gtk_widget_set_visible(GTK_WIDGET(self->asking), !is_large);
    gtk_widget_set_visible(GTK_WIDGET(self->also), !is_large && !kiosk_page_is_landscape(page));
}

static void kiosk_none_page_constructed(GObject *object)
{
    G_OBJECT_CLASS(kiosk_none_page_parent_class)->constructed(object);
    if (kiosk_page_is_landscape(KIOSK_PAGE(object))) g_object_set(object, "share", 0.5, NULL);
}

static void kiosk_none_page_dispose(GObject *object)
{
    KioskNonePage *self = KIOSK_NONE_PAGE(object);
    g_clear_pointer(&self->asked, g_free);
    G_OBJECT_CLASS(kiosk_none_page_parent_class)->dispose(object);
}

static void kiosk_none_page_class_init(KioskNonePageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->constructed = kiosk_none_page_constructed;
    G_OBJECT_CLASS(class)->dispose = kiosk_none_page_dispose;
    KIOSK_PAGE_CLASS(class)->enter = kiosk_none_page_enter;
    KIOSK_PAGE_CLASS(class)->modes_changed = kiosk_none_page_modes_changed;
    KIOSK_PAGE_CLASS(class)->leave = kiosk_none_page_leave;
    KIOSK_PAGE_CLASS(class)->say = kiosk_none_page_say;
    g_type_ensure(KIOSK_TYPE_ICON);
    g_type_ensure(KIOSK_TYPE_ROW_LIST);
    g_type_ensure(KIOSK_TYPE_TILE);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/none_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskNonePage, question);
    gtk_widget_class_bind_template_child(widget_class, KioskNonePage, asking);
    gtk_widget_class_bind_template_child(widget_class, KioskNonePage, where);
    gtk_widget_class_bind_template_child(widget_class, KioskNonePage, call);
    gtk_widget_class_bind_template_child(widget_class, KioskNonePage, phone);
    gtk_widget_class_bind_template_child(widget_class, KioskNonePage, near);
    gtk_widget_class_bind_template_child(widget_class, KioskNonePage, also);
    gtk_widget_class_bind_template_child(widget_class, KioskNonePage, rows);
    gtk_widget_class_bind_template_child(widget_class, KioskNonePage, leave);
    gtk_widget_class_bind_template_callback(widget_class, on_go);
    gtk_widget_class_bind_template_callback(widget_class, on_again);
    gtk_widget_class_bind_template_callback(widget_class, on_categories);
    gtk_widget_class_bind_template_callback(widget_class, on_leave);
}

static void kiosk_none_page_init(KioskNonePage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}

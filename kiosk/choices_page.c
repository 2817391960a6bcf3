#include "kiosk/choices_page.h"

#include "kiosk/row_list.h"
#include "kiosk/suggestion.h"
#include "kiosk/tile.h"

struct _KioskChoicesPage {
    KioskPage parent_instance;
    GtkLabel *question, *hint;
    KioskRowList *rows;
};

G_DEFINE_FINAL_TYPE(KioskChoicesPage, kiosk_choices_page, KIOSK_TYPE_PAGE)

static void on_go(KioskChoicesPage *self, const char *page, const char *argument)
{
    kiosk_page_go(KIOSK_PAGE(self), page, argument);
}

static void on_again(KioskChoicesPage *self)
{
    kiosk_page_go(KIOSK_PAGE(self), "search", NULL);
}

static void on_categories(KioskChoicesPage *self)
{
    kiosk_page_go(KIOSK_PAGE(self), "home", NULL);
}

static void kiosk_choices_page_leave(KioskPage *page)
{
    KioskChoicesPage *self = KIOSK_CHOICES_PAGE(page);

    gtk_label_set_label(self->question, "");
    kiosk_row_list_clear(self->rows);
    kiosk_row_list_show(self->rows);
}

/* What the words of the question fit. */
static void add_items(KioskChoicesPage *self, const Answer *answer, const char *question)
{
    guint count =
        answer->choice_count ? answer->choice_count : MIN(answer->items->len, ANSWER_CHOICES_MAX);

    for (guint i = 0; i < count; i++) {
        const AnswerItem *item = g_ptr_array_index(answer->items, i);
        g_autofree char *argument = g_strdup_printf("%s %s", item->topic->code, question);
        kiosk_row_list_add(self->rows, item->topic->code, item->topic->name, item->choice, "topic",
                           argument);
    }
}

/* It is no question but the beginning of names: cjr. FALSE if it is not. */
static gboolean add_suggestions(KioskChoicesPage *self, Desk *desk, const char *question)
{
    SuggestRow rows[SUGGEST_MAX];
    guint count = suggest_query(desk_suggest(desk), question, rows);

    for (guint i = 0; i < count; i++)
        suggestion_add(self->rows, desk->catalogue, &rows[i], TRUE);
    return count > 0;
}

static void kiosk_choices_page_enter(KioskPage *page, const char *question)
{
    KioskChoicesPage *self = KIOSK_CHOICES_PAGE(page);
    Desk *desk = kiosk_page_desk(page);
    g_autoptr(Answer) answer = answer_question(desk->catalogue, desk->search, question);
    g_autofree char *quoted = g_strdup_printf("“%s”", question);

    gtk_label_set_label(self->question, quoted);
    kiosk_row_list_clear(self->rows);
    if (answer->outcome != SEARCH_NONE || !add_suggestions(self, desk, question))
        add_items(self, answer, question);
    kiosk_row_list_show(self->rows);
    g_autofree char *hint =
        g_strdup_printf("这里有 %u 项都像。\n请点一项。", kiosk_row_list_count(self->rows));
    gtk_label_set_label(self->hint, hint);
}

static void kiosk_choices_page_say(KioskPage *page, Script *script)
{
    KioskChoicesPage *self = KIOSK_CHOICES_PAGE(page);

    script_add(script, GTK_WIDGET(self->question), gtk_label_get_label(self->question));
    script_add(script, GTK_WIDGET(self->hint), gtk_label_get_label(self->hint));
    for (guint i = 0; i < kiosk_row_list_count(self->rows); i++) {
        const KioskRowItem *item = kiosk_row_list_item(self->rows, i);
        script_add(script, kiosk_row_list_widget(self->rows, i), item->title);
        script_add(script, kiosk_row_list_widget(self->rows, i), item->note);
    }
}

static void kiosk_choices_page_constructed(GObject *object)
{
    G_OBJECT_CLASS(kiosk_choices_page_parent_class)->constructed(object);
    if (kiosk_page_is_landscape(KIOSK_PAGE(object))) g_object_set(object, "share", 0.42, NULL);
}

static void kiosk_choices_page_class_init(KioskChoicesPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->constructed = kiosk_choices_page_constructed;
    KIOSK_PAGE_CLASS(class)->enter = kiosk_choices_page_enter;
    KIOSK_PAGE_CLASS(class)->leave = kiosk_choices_page_leave;
    KIOSK_PAGE_CLASS(class)->say = kiosk_choices_page_say;
    g_type_ensure(KIOSK_TYPE_ROW_LIST);
    g_type_ensure(KIOSK_TYPE_TILE);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/choices_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskChoicesPage, question);
    gtk_widget_class_bind_template_child(widget_class, KioskChoicesPage, hint);
    gtk_widget_class_bind_template_child(widget_class, KioskChoicesPage, rows);
    gtk_widget_class_bind_template_callback(widget_class, on_go);
    gtk_widget_class_bind_template_callback(widget_class, on_again);
    gtk_widget_class_bind_template_callback(widget_class, on_categories);
}

static void kiosk_choices_page_init(KioskChoicesPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    kiosk_page_set_title(KIOSK_PAGE(self), "您想问哪一个？", "search");
}

#include "kiosk/search_page.h"

#include <string.h>

#include "kiosk/keyboard.h"
#include "kiosk/row_list.h"
#include "kiosk/suggestion.h"
#include "kiosk/text_field.h"

#define TEXT_CHARS_MAX 60

struct _KioskSearchPage {
    KioskPage parent_instance;
    KioskTextField *field;
    GtkBox *preview;
    GtkLabel *examples, *preview_caption, *preview_title, *preview_text;
    KioskRowList *rows;
    KioskKeyboard *keyboard;

    GString *text; /* what is typed, without what is being composed */
    char *count;   /* 找到 3 项 */
};

#define FEW_ROWS 3 /* a screen full */

G_DEFINE_FINAL_TYPE(KioskSearchPage, kiosk_search_page, KIOSK_TYPE_PAGE)

/* ---- results ---- */

/* A row with that topic stands there; the row's argument begins with its code. */
static gboolean has_topic(KioskSearchPage *self, const char *code)
{
    for (guint i = 0; i < kiosk_row_list_count(self->rows); i++)
        if (g_str_has_prefix(kiosk_row_list_item(self->rows, i)->argument, code)) return TRUE;
    return FALSE;
}

/* What few names or none begin with may be a question: by its words. */
static void add_hits(KioskSearchPage *self, const char *question)
{
    Desk *desk = kiosk_page_desk(KIOSK_PAGE(self));
    g_autoptr(SearchQuestion) parts = search_question_new(desk->search, question);
    SearchResult result;

    search_query(desk->search, parts, &result);
    if (result.outcome == SEARCH_NONE) return;
    for (guint i = 0; i < result.hit_count; i++) {
        const Topic *topic = &desk->catalogue->topics[result.hits[i].topic];
        if (has_topic(self, topic->code)) continue;
        g_autofree char *argument = g_strdup_printf("%s %s", topic->code, question);
        kiosk_row_list_add(self->rows, NULL, topic->name, "和您写的最接近", "topic", argument);
    }
}

/* Letters mean what the first candidate says: canjirenbutie is one topic's name and many topics'
 * matter. */
static void add_likely_hits(KioskSearchPage *self)
{
    const char *likely = kiosk_keyboard_get_likely(self->keyboard);
    g_autofree char *question = g_strconcat(self->text->str, likely ? likely : "", NULL);

    add_hits(self, question);
    explicit_bzero(question, strlen(question));
}

static void show_preview(KioskSearchPage *self)
{
    gboolean is_there = kiosk_row_list_count(self->rows) > 0;
    Desk *desk = kiosk_page_desk(KIOSK_PAGE(self));

    gtk_widget_set_visible(GTK_WIDGET(self->preview), is_there);
    if (!is_there) return;
    const KioskRowItem *first = kiosk_row_list_item(self->rows, 0);
    g_autofree char *code = g_strndup(first->argument, 4);
    int topic = catalogue_find_topic(desk->catalogue, code);
    gtk_label_set_label(self->preview_title, first->title);
    gtk_label_set_label(self->preview_text,
                        topic >= 0 ? desk->catalogue->topics[topic].short_answer : "");
}

static void show_count(KioskSearchPage *self, const char *typed)
{
    guint count = kiosk_row_list_count(self->rows);
    g_autofree char *text = count    ? g_strdup_printf("找到 %u 项", count)
                            : *typed ? g_strdup("还没找到，接着写，或点“查找”。")
                                     : g_strdup("写两三个字，或拼音首字母。");
    kiosk_row_list_set_caption(self->rows, text);
    g_free(self->count);
    self->count = g_steal_pointer(&text);
    gtk_widget_set_visible(GTK_WIDGET(self->examples), !*typed);
}

/* What is typed and composed so far: topics at once, before any candidate is chosen. */
static void show_results(KioskSearchPage *self)
{
    Desk *desk = kiosk_page_desk(KIOSK_PAGE(self));
    const char *raw = kiosk_keyboard_get_raw(self->keyboard);
    g_autofree char *typed = g_strconcat(self->text->str, raw, NULL);
    SuggestRow rows[SUGGEST_MAX];
    guint count = *typed ? suggest_query(desk_suggest(desk), typed, rows) : 0;

    kiosk_text_field_set(self->field, self->text->str, kiosk_keyboard_get_preedit(self->keyboard));
    kiosk_row_list_clear(self->rows);
    for (guint i = 0; i < count; i++)
        suggestion_add(self->rows, desk->catalogue, &rows[i], FALSE);
    if (count == 0 && *typed)
        add_hits(self, typed);
    else if (count > 0 && count < FEW_ROWS)
        add_likely_hits(self);
    kiosk_row_list_show(self->rows);
    show_preview(self);
    show_count(self, typed);
    explicit_bzero(typed, strlen(typed));
}

/* ---- typing ---- */

static void on_commit(KioskSearchPage *self, const char *text)
{
    if (g_utf8_strlen(self->text->str, -1) + g_utf8_strlen(text, -1) <= TEXT_CHARS_MAX)
        g_string_append(self->text, text);
    show_results(self);
}

static void on_erase(KioskSearchPage *self)
{
    const char *last = g_utf8_find_prev_char(self->text->str, self->text->str + self->text->len);
    if (last) g_string_truncate(self->text, (gsize)(last - self->text->str));
    show_results(self);
}

static void wipe_text(KioskSearchPage *self)
{
    explicit_bzero(self->text->str, self->text->allocated_len);
    g_string_truncate(self->text, 0);
}

static void on_clear(KioskSearchPage *self)
{
    wipe_text(self);
    show_results(self);
}

/* 查找: the answer, the choices, or whom to ask. */
static void on_search(KioskSearchPage *self)
{
    Desk *desk = kiosk_page_desk(KIOSK_PAGE(self));
    g_autofree char *question =
        g_strconcat(self->text->str, kiosk_keyboard_get_raw(self->keyboard), NULL);

    if (!*g_strstrip(question)) return;
    g_autoptr(Answer) answer = answer_question(desk->catalogue, desk->search, question);
    if (answer->outcome == SEARCH_ANSWER && !answer->urgent) {
        const AnswerItem *item = g_ptr_array_index(answer->items, 0);
        g_autofree char *argument = g_strdup_printf("%s %s", item->topic->code, question);
        kiosk_page_go(KIOSK_PAGE(self), "topic", argument);
    } else {
        /* what the list has shown is not denied */
        gboolean is_choice = !answer->urgent && (answer->outcome == SEARCH_CHOICES ||
                                                 kiosk_row_list_count(self->rows) > 0);
        kiosk_page_go(KIOSK_PAGE(self), is_choice ? "choices" : "none", question);
    }
    explicit_bzero(question, strlen(question));
}

static void on_go(KioskSearchPage *self, const char *page, const char *argument)
{
    kiosk_page_go(KIOSK_PAGE(self), page, argument);
}

/* ---- page ---- */

/* After 返回 what was typed still stands there. */
static void kiosk_search_page_enter(KioskPage *page, const char *argument)
{
    KioskSearchPage *self = KIOSK_SEARCH_PAGE(page);

    if (*argument) g_string_assign(self->text, argument);
    show_results(self);
}

/* The results point into the content; the text stays for 返回 and is wiped by 首页 and by the
 * visit's end. */
static void kiosk_search_page_leave(KioskPage *page)
{
    KioskSearchPage *self = KIOSK_SEARCH_PAGE(page);

    kiosk_keyboard_forget(self->keyboard);
    kiosk_row_list_clear(self->rows);
    kiosk_row_list_show(self->rows);
}

static void kiosk_search_page_forget(KioskPage *page)
{
    KioskSearchPage *self = KIOSK_SEARCH_PAGE(page);
    Desk *desk = kiosk_page_desk(page);

    wipe_text(self);
    if (desk->suggest) suggest_forget(desk->suggest);
    kiosk_keyboard_reset(self->keyboard);
    kiosk_text_field_set(self->field, "", "");
    gtk_label_set_label(self->preview_title, "");
    gtk_label_set_label(self->preview_text, "");
}

/* A result, or any other button that is none of the keys on the screen, has the focus. */
static gboolean is_button_chosen(KioskSearchPage *self)
{
    GtkWidget *focus = gtk_root_get_focus(gtk_widget_get_root(GTK_WIDGET(self)));

    return GTK_IS_BUTTON(focus) && !gtk_widget_is_ancestor(focus, GTK_WIDGET(self->keyboard));
}

/* What presses the chosen button is not the keyboard's. */
static gboolean kiosk_search_page_key(KioskPage *page, guint keyval)
{
    KioskSearchPage *self = KIOSK_SEARCH_PAGE(page);
    gboolean presses =
        keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_space;

    if (presses && is_button_chosen(self)) return FALSE;
    return kiosk_keyboard_press(self->keyboard, keyval);
}

static void kiosk_search_page_say(KioskPage *page, Script *script)
{
    KioskSearchPage *self = KIOSK_SEARCH_PAGE(page);

    script_add(script, GTK_WIDGET(self->field), self->text->str);
    script_add(script, kiosk_row_list_get_caption(self->rows), self->count);
    for (guint i = 0; i < kiosk_row_list_count(self->rows); i++)
        script_add(script, kiosk_row_list_widget(self->rows, i),
                   kiosk_row_list_item(self->rows, i)->title);
}

static void kiosk_search_page_modes_changed(KioskPage *page)
{
    gboolean is_large = kiosk_page_is_large(page);
    KioskSearchPage *self = KIOSK_SEARCH_PAGE(page);

    gtk_widget_set_visible(GTK_WIDGET(self->preview_caption), !is_large);
    gtk_label_set_lines(self->preview_text, is_large ? 1 : 3);
}

/* On a wide screen the results stand left, under the field; the keys right. */
static void kiosk_search_page_constructed(GObject *object)
{
    KioskSearchPage *self = KIOSK_SEARCH_PAGE(object);
    KioskPage *page = KIOSK_PAGE(object);

    G_OBJECT_CLASS(kiosk_search_page_parent_class)->constructed(object);
    kiosk_row_list_set_rows(self->rows, FEW_ROWS);
    kiosk_keyboard_set_desk(self->keyboard, kiosk_page_desk(page));
    if (!kiosk_page_is_landscape(page)) return;
    g_object_set(object, "share", 0.46, NULL);
    gtk_box_remove(kiosk_page_above(page), GTK_WIDGET(self->preview));
    g_object_ref(self->rows);
    gtk_box_remove(kiosk_page_below(page), GTK_WIDGET(self->rows));
    gtk_box_append(kiosk_page_above(page), GTK_WIDGET(self->rows));
    g_object_unref(self->rows);
}

static void kiosk_search_page_dispose(GObject *object)
{
    g_clear_object(&KIOSK_SEARCH_PAGE(object)->preview);
    G_OBJECT_CLASS(kiosk_search_page_parent_class)->dispose(object);
}

static void kiosk_search_page_finalize(GObject *object)
{
    KioskSearchPage *self = KIOSK_SEARCH_PAGE(object);
    wipe_text(self);
    g_string_free(self->text, TRUE);
    g_free(self->count);
    G_OBJECT_CLASS(kiosk_search_page_parent_class)->finalize(object);
}

static void kiosk_search_page_class_init(KioskSearchPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->constructed = kiosk_search_page_constructed;
    G_OBJECT_CLASS(class)->dispose = kiosk_search_page_dispose;
    G_OBJECT_CLASS(class)->finalize = kiosk_search_page_finalize;
    KIOSK_PAGE_CLASS(class)->enter = kiosk_search_page_enter;
    KIOSK_PAGE_CLASS(class)->modes_changed = kiosk_search_page_modes_changed;
    KIOSK_PAGE_CLASS(class)->leave = kiosk_search_page_leave;
    KIOSK_PAGE_CLASS(class)->forget = kiosk_search_page_forget;
    KIOSK_PAGE_CLASS(class)->say = kiosk_search_page_say;
    KIOSK_PAGE_CLASS(class)->key = kiosk_search_page_key;
    g_type_ensure(KIOSK_TYPE_TEXT_FIELD);
    g_type_ensure(KIOSK_TYPE_ROW_LIST);
    g_type_ensure(KIOSK_TYPE_KEYBOARD);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/search_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskSearchPage, field);
    gtk_widget_class_bind_template_child(widget_class, KioskSearchPage, preview);
    gtk_widget_class_bind_template_child(widget_class, KioskSearchPage, examples);
    gtk_widget_class_bind_template_child(widget_class, KioskSearchPage, preview_title);
    gtk_widget_class_bind_template_child(widget_class, KioskSearchPage, preview_caption);
    gtk_widget_class_bind_template_child(widget_class, KioskSearchPage, preview_text);
    gtk_widget_class_bind_template_child(widget_class, KioskSearchPage, rows);
    gtk_widget_class_bind_template_child(widget_class, KioskSearchPage, keyboard);
    gtk_widget_class_bind_template_callback(widget_class, on_commit);
    gtk_widget_class_bind_template_callback(widget_class, show_results);
    gtk_widget_class_bind_template_callback(widget_class, on_erase);
    gtk_widget_class_bind_template_callback(widget_class, on_clear);
    gtk_widget_class_bind_template_callback(widget_class, on_search);
    gtk_widget_class_bind_template_callback(widget_class, on_go);
}

static void kiosk_search_page_init(KioskSearchPage *self)
{
    self->text = g_string_sized_new(TEXT_CHARS_MAX * 4);
    gtk_widget_init_template(GTK_WIDGET(self));
    g_object_ref(self->preview);
    kiosk_page_set_title(KIOSK_PAGE(self), "找什么？", "search");
}

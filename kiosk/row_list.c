#include "kiosk/row_list.h"

#include <string.h>

#include "kiosk/turner.h"

struct _KioskRowList {
    GtkWidget parent_instance;
    GtkWidget *box;
    GtkBox *rows, *foot;
    GtkLabel *caption;
    KioskTurner *turner;

    GPtrArray *widgets; /* KioskRow */
    guint per_page;     /* the first so many of them */
    GArray *items;
    guint page;
};

G_DEFINE_FINAL_TYPE(KioskRowList, kiosk_row_list, GTK_TYPE_WIDGET)

static guint go_signal;

static void item_clear(gpointer data)
{
    KioskRowItem *item = data;
    g_free(item->mark);
    g_free(item->title);
    g_free(item->note);
    g_free(item->page);
    if (item->argument) explicit_bzero(item->argument, strlen(item->argument));
    g_free(item->argument);
}

static void on_clicked(KioskRowList *self, KioskRow *row)
{
    g_autofree char *page = g_strdup(kiosk_row_get_page(row));
    g_autofree char *argument = g_strdup(kiosk_row_get_argument(row));
    g_signal_emit(self, go_signal, 0, page, argument);
    explicit_bzero(argument, strlen(argument));
}

static guint page_count(KioskRowList *self)
{
    guint rows = MAX(self->per_page, 1);
    return MAX((self->items->len + rows - 1) / rows, 1);
}

static void fill(KioskRowList *self)
{
    for (guint i = 0; i < self->widgets->len; i++) {
        KioskRow *row = g_ptr_array_index(self->widgets, i);
        guint index = self->page * self->per_page + i;
        gboolean is_there = i < self->per_page && index < self->items->len;
        gtk_widget_set_visible(GTK_WIDGET(row), is_there);
        if (!is_there) { /* nothing of what it showed stays in it */
            kiosk_row_set(row, NULL, "", NULL);
            kiosk_row_set_target(row, NULL, NULL);
            continue;
        }
        const KioskRowItem *item = kiosk_row_list_item(self, index);
        g_autofree char *number = g_strdup_printf("%u", index + 1);
        kiosk_row_set(row, item->mark ? item->mark : number, item->title, item->note);
        kiosk_row_set_target(row, item->page, item->argument);
    }
    kiosk_turner_set(self->turner, self->page, page_count(self));
}

static void on_turn(KioskRowList *self, int step)
{
    self->page = (guint)CLAMP((int)self->page + step, 0, (int)page_count(self) - 1);
    fill(self);
}

void kiosk_row_list_set_rows(KioskRowList *self, guint rows)
{
    while (self->widgets->len < rows) {
        GtkWidget *row = kiosk_row_new();
        g_signal_connect_swapped(row, "clicked", G_CALLBACK(on_clicked), self);
        gtk_widget_set_visible(row, FALSE);
        gtk_box_append(self->rows, row);
        g_ptr_array_add(self->widgets, row);
    }
    if (rows == self->per_page) return;
    self->per_page = rows;
    self->page = 0;
    fill(self);
}

void kiosk_row_list_clear(KioskRowList *self)
{
    g_array_set_size(self->items, 0);
    self->page = 0;
}

void kiosk_row_list_add(KioskRowList *self, const char *mark, const char *title, const char *note,
                        const char *page, const char *argument)
{
    KioskRowItem item = { g_strdup(mark), g_strdup(title), g_strdup(note), g_strdup(page),
                          g_strdup(argument) };
    g_array_append_val(self->items, item);
}

void kiosk_row_list_show(KioskRowList *self)
{
    self->page = 0;
    fill(self);
}

void kiosk_row_list_set_caption(KioskRowList *self, const char *text)
{
    gtk_widget_set_visible(GTK_WIDGET(self->caption), TRUE);
    gtk_label_set_label(self->caption, text);
    gtk_widget_set_hexpand(GTK_WIDGET(self->turner), FALSE);
    gtk_box_reorder_child_after(GTK_BOX(self->box), GTK_WIDGET(self->foot), NULL);
}

GtkWidget *kiosk_row_list_get_caption(KioskRowList *self)
{
    return GTK_WIDGET(self->caption);
}

guint kiosk_row_list_count(KioskRowList *self)
{
    return self->items->len;
}

const KioskRowItem *kiosk_row_list_item(KioskRowList *self, guint index)
{
    return &g_array_index(self->items, KioskRowItem, index);
}

GtkWidget *kiosk_row_list_widget(KioskRowList *self, guint index)
{
    guint first = self->page * self->per_page;
    return index >= first && index < first + self->per_page
               ? g_ptr_array_index(self->widgets, index - first)
               : NULL;
}

static void kiosk_row_list_dispose(GObject *object)
{
    g_clear_pointer(&KIOSK_ROW_LIST(object)->box, gtk_widget_unparent);
    G_OBJECT_CLASS(kiosk_row_list_parent_class)->dispose(object);
}

static void kiosk_row_list_finalize(GObject *object)
{
    KioskRowList *self = KIOSK_ROW_LIST(object);
    g_ptr_array_unref(self->widgets);
    g_array_unref(self->items);
    G_OBJECT_CLASS(kiosk_row_list_parent_class)->finalize(object);
}

static void kiosk_row_list_class_init(KioskRowListClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = kiosk_row_list_dispose;
    G_OBJECT_CLASS(class)->finalize = kiosk_row_list_finalize;
    g_type_ensure(KIOSK_TYPE_TURNER);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
    gtk_widget_class_set_css_name(widget_class, "rowlist");
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/row_list.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskRowList, box);
    gtk_widget_class_bind_template_child(widget_class, KioskRowList, rows);
    gtk_widget_class_bind_template_child(widget_class, KioskRowList, foot);
    gtk_widget_class_bind_template_child(widget_class, KioskRowList, caption);
    gtk_widget_class_bind_template_child(widget_class, KioskRowList, turner);
    gtk_widget_class_bind_template_callback(widget_class, on_turn);
    go_signal = g_signal_new("go", KIOSK_TYPE_ROW_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                             G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void kiosk_row_list_init(KioskRowList *self)
{
    self->widgets = g_ptr_array_new();
    self->items = g_array_new(FALSE, FALSE, sizeof(KioskRowItem));
    g_array_set_clear_func(self->items, item_clear);
    gtk_widget_init_template(GTK_WIDGET(self));
    gtk_widget_set_hexpand(GTK_WIDGET(self->turner), TRUE);
}

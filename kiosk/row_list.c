#include "kiosk/row_list.h"

#include <string.h>

#include "kiosk/turner.h"

struct _KioskRowList {
    GtkWidget parent_instance;
    GtkBox *foot;
    GtkLabel *caption;
    KioskTurner *turner;

    GArray *items;
    GPtrArray *widgets; /* KioskRow: one for each item, and what is left of longer lists */
    GArray *first;      /* guint: index of each page's first item */
    guint per_page;     /* at most */
    guint page;
    guint told; /* idle source: the turner hears of changes of the allocation after it */
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

/* ---- pages ---- */

static gboolean has_caption(KioskRowList *self)
{
    return gtk_widget_get_visible(GTK_WIDGET(self->caption));
}

static int height_of(gpointer widget, int width)
{
    int natural = 0;
    gtk_widget_measure(widget, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
    return natural;
}

/* Rows keep apart by their margin; below the last one there is none. */
static int margin_of(gpointer row)
{
    GtkBorder margin;
    gtk_style_context_get_margin(gtk_widget_get_style_context(row), &margin);
    return margin.bottom;
}

/* Which items begin a page of this height; gives that of the highest. */
static int find_pages(KioskRowList *self, int width, int height, GArray *first)
{
    int used = 0, highest = 0;
    guint begin = 0;

    g_array_set_size(first, 0);
    for (guint i = 0; i < self->items->len; i++) {
        GtkWidget *row = g_ptr_array_index(self->widgets, i);
        int needed = height_of(row, width), margin = margin_of(row);
        if (i == 0 || i - begin == self->per_page || used + needed - margin > height) {
            g_array_append_val(first, i);
            begin = i;
            used = 0;
        }
        used += needed;
        highest = MAX(highest, used - margin);
    }
    if (self->items->len == 0) g_array_append_val(first, begin);
    return highest;
}

/* 上一页 and 下一页 with the gap to the rows. */
static int height_of_foot(KioskRowList *self, int width)
{
    return height_of(self->foot, width) +
           (self->items->len > 0 ? margin_of(g_ptr_array_index(self->widgets, 0)) : 0);
}

static gboolean tell(gpointer data)
{
    KioskRowList *self = data;

    self->told = 0;
    kiosk_turner_set(self->turner, self->page, self->first->len);
    if (has_caption(self)) gtk_widget_set_visible(GTK_WIDGET(self->turner), self->first->len > 1);
    return G_SOURCE_REMOVE;
}

/* Before the frame is drawn, but not within the allocation. */
static void tell_later(KioskRowList *self)
{
    if (!self->told) self->told = g_idle_add_full(G_PRIORITY_HIGH_IDLE, tell, self, NULL);
}

/* ---- layout ---- */

static void measure_width(KioskRowList *self, int *minimum, int *natural)
{
    *minimum = *natural = 0;
    for (GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(self)); child;
         child = gtk_widget_get_next_sibling(child)) {
        int least, liked;
        gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &liked, NULL, NULL);
        *minimum = MAX(*minimum, least);
        *natural = MAX(*natural, liked);
    }
}

/* The highest page that may be, whichever is shown; one row at least. */
static void measure_height(KioskRowList *self, int width, int *minimum, int *natural)
{
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(guint));
    int foot = height_of_foot(self, width), highest = 0;

    for (guint i = 0; i < self->items->len; i++)
        highest = MAX(highest, height_of(g_ptr_array_index(self->widgets, i), width));
    *natural = find_pages(self, width, G_MAXINT / 2, first);
    if (first->len > 1 || has_caption(self)) *natural += foot;
    *minimum = self->items->len > 1 || has_caption(self) ? highest + foot : highest;
    *minimum = MIN(*minimum, *natural);
}

static void kiosk_row_list_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                   int *minimum, int *natural, int *minimum_baseline,
                                   int *natural_baseline)
{
    KioskRowList *self = KIOSK_ROW_LIST(widget);

    *minimum_baseline = *natural_baseline = -1;
    if (orientation == GTK_ORIENTATION_HORIZONTAL)
        measure_width(self, minimum, natural);
    else
        measure_height(self, for_size, minimum, natural);
}

static GtkSizeRequestMode kiosk_row_list_get_request_mode(GtkWidget *widget)
{
    (void)widget;
    return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* What is turned away is not there for a screen reader, either. */
static void set_shown(gpointer widget, gboolean is_shown)
{
    gtk_widget_set_child_visible(widget, is_shown);
    gtk_accessible_update_state(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_STATE_HIDDEN, !is_shown, -1);
}

static void place(gpointer widget, int y, int width, int height)
{
    gtk_widget_size_allocate(widget, &(GtkAllocation){ 0, y, width, height }, -1);
}

static guint page_end(KioskRowList *self)
{
    return self->page + 1 < self->first->len ? g_array_index(self->first, guint, self->page + 1)
                                             : self->items->len;
}

static void place_rows(KioskRowList *self, int y, int width)
{
    guint begin = g_array_index(self->first, guint, self->page), end = page_end(self);

    for (guint i = 0; i < self->items->len; i++) {
        GtkWidget *row = g_ptr_array_index(self->widgets, i);
        gboolean is_here = i >= begin && i < end;
        set_shown(row, is_here);
        if (!is_here) continue;
        int needed = height_of(row, width);
        place(row, y, width, needed);
        y += needed;
    }
}

/* The foot keeps its place on every page: below the highest. */
static void kiosk_row_list_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    KioskRowList *self = KIOSK_ROW_LIST(widget);
    int foot = height_of_foot(self, width), margin = foot - height_of(self->foot, width);
    int highest = find_pages(self, width, has_caption(self) ? height - foot : height, self->first);
    gboolean has_foot = has_caption(self) || self->first->len > 1;

    (void)baseline;
    if (has_foot && !has_caption(self))
        highest = find_pages(self, width, height - foot, self->first);
    self->page = MIN(self->page, self->first->len - 1);
    set_shown(self->foot, has_foot);
    if (has_foot) place(self->foot, has_caption(self) ? 0 : highest + margin, width, foot - margin);
    place_rows(self, has_caption(self) ? foot : 0, width);
    tell_later(self);
}

/* ---- content ---- */

static void fill_row(KioskRowList *self, guint index)
{
    KioskRow *row = g_ptr_array_index(self->widgets, index);

    gtk_widget_set_visible(GTK_WIDGET(row), index < self->items->len);
    if (index >= self->items->len) { /* nothing of what it showed stays in it */
        kiosk_row_set(row, NULL, "", NULL);
        kiosk_row_set_target(row, NULL, NULL);
        return;
    }
    const KioskRowItem *item = kiosk_row_list_item(self, index);
    g_autofree char *number = g_strdup_printf("%u", index + 1);
    kiosk_row_set(row, item->mark ? item->mark : number, item->title, item->note);
    kiosk_row_set_target(row, item->page, item->argument);
}

static void fill(KioskRowList *self)
{
    while (self->widgets->len < self->items->len) {
        GtkWidget *row = kiosk_row_new();
        g_signal_connect_swapped(row, "clicked", G_CALLBACK(on_clicked), self);
        gtk_widget_insert_before(row, GTK_WIDGET(self),
                                 has_caption(self) ? NULL : GTK_WIDGET(self->foot));
        g_ptr_array_add(self->widgets, row);
    }
    for (guint i = 0; i < self->widgets->len; i++)
        fill_row(self, i);
    gtk_widget_queue_resize(GTK_WIDGET(self));
}

static void on_turn(KioskRowList *self, int step)
{
    self->page = (guint)CLAMP((int)self->page + step, 0, (int)self->first->len - 1);
    gtk_widget_queue_allocate(GTK_WIDGET(self));
}

void kiosk_row_list_set_rows(KioskRowList *self, guint rows)
{
    if (rows == self->per_page) return;
    self->per_page = rows;
    self->page = 0;
    gtk_widget_queue_resize(GTK_WIDGET(self));
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
    if (!has_caption(self)) {
        gtk_widget_set_visible(GTK_WIDGET(self->caption), TRUE);
        gtk_widget_set_hexpand(GTK_WIDGET(self->turner), FALSE);
        gtk_widget_insert_after(GTK_WIDGET(self->foot), GTK_WIDGET(self), NULL);
    }
    gtk_label_set_label(self->caption, text);
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
    GtkWidget *row = index < self->items->len ? g_ptr_array_index(self->widgets, index) : NULL;
    return row && gtk_widget_get_child_visible(row) ? row : NULL;
}

static void kiosk_row_list_dispose(GObject *object)
{
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))))
        gtk_widget_unparent(child);
    g_clear_handle_id(&KIOSK_ROW_LIST(object)->told, g_source_remove);
    G_OBJECT_CLASS(kiosk_row_list_parent_class)->dispose(object);
}

static void kiosk_row_list_finalize(GObject *object)
{
    KioskRowList *self = KIOSK_ROW_LIST(object);
    g_ptr_array_unref(self->widgets);
    g_array_unref(self->items);
    g_array_unref(self->first);
    G_OBJECT_CLASS(kiosk_row_list_parent_class)->finalize(object);
}

static void kiosk_row_list_class_init(KioskRowListClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = kiosk_row_list_dispose;
    G_OBJECT_CLASS(class)->finalize = kiosk_row_list_finalize;
    g_type_ensure(KIOSK_TYPE_TURNER);
    widget_class->measure = kiosk_row_list_measure;
    widget_class->get_request_mode = kiosk_row_list_get_request_mode;
    widget_class->size_allocate = kiosk_row_list_size_allocate;
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
    gtk_widget_class_set_css_name(widget_class, "rowlist");
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/row_list.ui");
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
    self->first = g_array_new(FALSE, TRUE, sizeof(guint));
    g_array_set_size(self->first, 1);
    self->per_page = G_MAXUINT;
    gtk_widget_init_template(GTK_WIDGET(self));
    gtk_widget_set_hexpand(GTK_WIDGET(self->turner), TRUE);
    gtk_widget_set_visible(GTK_WIDGET(self->turner), TRUE);
}

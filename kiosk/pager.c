#include "kiosk/pager.h"

struct _KioskPager {
    GtkWidget parent_instance;
    GArray *first; /* guint: index of each page's first block */
    guint page;
    gboolean is_break; /* before the block that comes next */
    guint told;        /* idle source: changes of the allocation are told after it */
};

G_DEFINE_FINAL_TYPE(KioskPager, kiosk_pager, GTK_TYPE_WIDGET)

static guint changed_signal;
#define BREAK "kiosk-pager-break"

static gboolean tell(gpointer data)
{
    KioskPager *self = data;
    self->told = 0;
    g_signal_emit(self, changed_signal, 0);
    return G_SOURCE_REMOVE;
}

/* Before the frame is drawn, but not within the allocation. */
static void tell_later(KioskPager *self)
{
    if (!self->told) self->told = g_idle_add_full(G_PRIORITY_HIGH_IDLE, tell, self, NULL);
}

static int height_of(GtkWidget *block, int width)
{
    int natural = 0;
    gtk_widget_measure(block, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
    return natural;
}

static gboolean is_heading(GtkWidget *block)
{
    return gtk_widget_has_css_class(block, "heading");
}

static int height_of_next(GtkWidget *block, int width)
{
    GtkWidget *next = gtk_widget_get_next_sibling(block);
    return next ? height_of(next, width) : 0;
}

/* Which blocks begin a page, for this size. */
static void find_pages(KioskPager *self, int width, int height)
{
    guint index = 0;
    int used = 0;

    g_array_set_size(self->first, 0);
    for (GtkWidget *block = gtk_widget_get_first_child(GTK_WIDGET(self)); block;
         block = gtk_widget_get_next_sibling(block), index++) {
        int needed = height_of(block, width);
        gboolean is_break = g_object_get_data(G_OBJECT(block), BREAK) != NULL;
        int together = needed + (is_heading(block) ? height_of_next(block, width) : 0);
        if (index == 0 || is_break || used + together > height) {
            g_array_append_val(self->first, index);
            used = 0;
        }
        used += needed;
    }
    if (index == 0) g_array_append_val(self->first, index);
}

static void place_blocks(KioskPager *self, int width)
{
    guint begin = g_array_index(self->first, guint, self->page);
    guint end = self->page + 1 < self->first->len
                    ? g_array_index(self->first, guint, self->page + 1)
                    : G_MAXUINT;
    guint index = 0;
    int y = 0;

    for (GtkWidget *block = gtk_widget_get_first_child(GTK_WIDGET(self)); block;
         block = gtk_widget_get_next_sibling(block), index++) {
        gboolean is_here = index >= begin && index < end;
        gtk_widget_set_child_visible(block, is_here);
        if (!is_here) continue;
        int needed = height_of(block, width);
        /* less than it needs would make it wider; what is too high is hidden at the bottom */
        gtk_widget_size_allocate(block, &(GtkAllocation){ 0, y, width, needed }, -1);
        y += needed;
    }
}

static void kiosk_pager_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    KioskPager *self = KIOSK_PAGER(widget);
    guint page = self->page, count = self->first->len;

    (void)baseline;
    find_pages(self, width, height);
    self->page = MIN(self->page, self->first->len - 1);
    place_blocks(self, width);
    if (self->page != page || self->first->len != count) tell_later(self);
}

static void kiosk_pager_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                int *minimum, int *natural, int *minimum_baseline,
                                int *natural_baseline)
{
    (void)widget, (void)orientation, (void)for_size;
    *minimum = *natural = 0;
    *minimum_baseline = *natural_baseline = -1;
}

/* ---- public ---- */

void kiosk_pager_clear(KioskPager *self)
{
    GtkWidget *block;
    while ((block = gtk_widget_get_first_child(GTK_WIDGET(self))))
        gtk_widget_unparent(block);
    self->page = 0;
    self->is_break = FALSE;
    tell_later(self);
}

void kiosk_pager_append(KioskPager *self, GtkWidget *block)
{
    if (self->is_break) g_object_set_data(G_OBJECT(block), BREAK, self);
    self->is_break = FALSE;
    gtk_widget_set_parent(block, GTK_WIDGET(self));
}

void kiosk_pager_break(KioskPager *self)
{
    self->is_break = TRUE;
}

guint kiosk_pager_get_page(KioskPager *self)
{
    return self->page;
}

guint kiosk_pager_get_page_count(KioskPager *self)
{
    return MAX(self->first->len, 1);
}

void kiosk_pager_set_page(KioskPager *self, guint page)
{
    self->page = MIN(page, kiosk_pager_get_page_count(self) - 1);
    gtk_widget_queue_allocate(GTK_WIDGET(self));
    tell_later(self);
}

guint kiosk_pager_page_of(KioskPager *self, GtkWidget *wanted)
{
    guint index = 0, page = 0;

    for (GtkWidget *block = gtk_widget_get_first_child(GTK_WIDGET(self)); block;
         block = gtk_widget_get_next_sibling(block), index++)
        if (block == wanted || gtk_widget_is_ancestor(wanted, block)) break;
    while (page + 1 < self->first->len && g_array_index(self->first, guint, page + 1) <= index)
        page++;
    return page;
}

void kiosk_pager_show(KioskPager *self, GtkWidget *wanted)
{
    guint page = kiosk_pager_page_of(self, wanted);
    if (page != self->page) kiosk_pager_set_page(self, page);
}

static void kiosk_pager_dispose(GObject *object)
{
    KioskPager *self = KIOSK_PAGER(object);
    GtkWidget *block;
    while ((block = gtk_widget_get_first_child(GTK_WIDGET(self))))
        gtk_widget_unparent(block);
    g_clear_handle_id(&self->told, g_source_remove);
    G_OBJECT_CLASS(kiosk_pager_parent_class)->dispose(object);
}

static void kiosk_pager_finalize(GObject *object)
{
    g_array_unref(KIOSK_PAGER(object)->first);
    G_OBJECT_CLASS(kiosk_pager_parent_class)->finalize(object);
}

static void kiosk_pager_class_init(KioskPagerClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = kiosk_pager_dispose;
    G_OBJECT_CLASS(class)->finalize = kiosk_pager_finalize;
    widget_class->measure = kiosk_pager_measure;
    widget_class->size_allocate = kiosk_pager_size_allocate;
    gtk_widget_class_set_css_name(widget_class, "pager");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
    changed_signal = g_signal_new("changed", KIOSK_TYPE_PAGER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void kiosk_pager_init(KioskPager *self)
{
    self->first = g_array_new(FALSE, FALSE, sizeof(guint));
    gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
    gtk_widget_set_hexpand(GTK_WIDGET(self), TRUE);
    gtk_widget_set_vexpand(GTK_WIDGET(self), TRUE);
}

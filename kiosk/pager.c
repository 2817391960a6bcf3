#include "kiosk/pager.h"

#include "kiosk/page_cut.h"

typedef struct {
    GtkWidget *widget; /* the pager's child, like head */
    GtkWidget *head;   /* NULL: a field begins with it */
    gboolean is_break;
} Block;

struct _KioskPager {
    GtkWidget parent_instance;
    GArray *blocks;    /* Block */
    GtkWidget *filler; /* NULL: none */
    GArray *first;     /* guint: index of each column's first block */
    guint columns;     /* of a page */
    guint page;
    gboolean is_break; /* before the block that comes next */
    guint told;        /* idle source: changes of the allocation are told after it */
};

G_DEFINE_FINAL_TYPE(KioskPager, kiosk_pager, GTK_TYPE_WIDGET)

static guint changed_signal;

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
    if (block)
        gtk_widget_measure(block, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
    return natural;
}

static int line_height(GtkWidget *widget)
{
    PangoFontMetrics *metrics =
        pango_context_get_metrics(gtk_widget_get_pango_context(widget), NULL, NULL);
    int height = PANGO_PIXELS(pango_font_metrics_get_height(metrics));
    pango_font_metrics_unref(metrics);
    return height;
}

static const Block *block_at(KioskPager *self, guint index)
{
    return &g_array_index(self->blocks, Block, index);
}

/* Which blocks begin a column of this size. */
static void find_columns(KioskPager *self, int width, int height)
{
    g_autofree PageCutBlock *cuts = g_new0(PageCutBlock, self->blocks->len + 1);

    for (guint i = 0; i < self->blocks->len; i++) {
        const Block *block = block_at(self, i);
        cuts[i].height = height_of(block->widget, width);
        cuts[i].head_height = height_of(block->head, width);
        cuts[i].line_height = line_height(block->widget);
        cuts[i].is_more = block->head != NULL;
        cuts[i].is_heading = gtk_widget_has_css_class(block->widget, "heading");
        cuts[i].is_tail = gtk_widget_has_css_class(block->widget, "source");
        cuts[i].is_break = block->is_break;
    }
    page_cut(cuts, self->blocks->len, height, self->first);
}

/* What stands on another page is not there for assistive technology either. */
static void set_here(GtkWidget *widget, gboolean is_here)
{
    gtk_widget_set_child_visible(widget, is_here);
    gtk_accessible_update_state(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_STATE_HIDDEN, !is_here, -1);
}

/* Less than it needs would make it wider; what is too high is hidden at the bottom. */
static int place(GtkWidget *widget, int x, int y, int width)
{
    int needed = height_of(widget, width);

    set_here(widget, TRUE);
    gtk_widget_size_allocate(widget, &(GtkAllocation){ x, y, width, needed }, -1);
    return needed;
}

static void place_filler(KioskPager *self, int y, int width, int height)
{
    int needed = height_of(self->filler, width);

    if (!self->filler) return;
    set_here(self->filler, FALSE);
    if (y + needed <= height) place(self->filler, 0, height - needed, width);
}

static guint first_of(KioskPager *self, guint column)
{
    return g_array_index(self->first, guint, column);
}

/* The column in which a block stands, given one at or before it. */
static guint column_of(KioskPager *self, guint index, guint column)
{
    while (column + 1 < self->first->len && first_of(self, column + 1) <= index)
        column++;
    return column;
}

/* So that two columns are not read as one line. */
static int gap_of(KioskPager *self)
{
    return self->columns > 1 ? line_height(GTK_WIDGET(self)) : 0;
}

static int column_width(KioskPager *self, int width)
{
    return (width + gap_of(self)) / (int)self->columns - gap_of(self);
}

static void place_block(const Block *block, gboolean is_first, int x, int *y, int width)
{
    if (block->head && is_first)
        *y += place(block->head, x, *y, width);
    else if (block->head)
        set_here(block->head, FALSE);
    *y += place(block->widget, x, *y, width);
}

static void hide_block(const Block *block)
{
    if (block->head) set_here(block->head, FALSE);
    set_here(block->widget, FALSE);
}

static void place_blocks(KioskPager *self, int width, int height)
{
    int y = 0, wide = column_width(self, width);
    guint column = 0;

    for (guint i = 0; i < self->blocks->len; i++) {
        column = column_of(self, i, column);
        gboolean is_first = i == first_of(self, column);
        int x = (int)(column % self->columns) * (wide + gap_of(self));
        if (is_first && column / self->columns == self->page) y = 0;
        if (column / self->columns == self->page)
            place_block(block_at(self, i), is_first, x, &y, wide);
        else
            hide_block(block_at(self, i));
    }
    place_filler(self, y, width, height);
}

static void kiosk_pager_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    KioskPager *self = KIOSK_PAGER(widget);
    guint page = self->page, count = self->first->len;

    (void)baseline;
    find_columns(self, column_width(self, width), height);
    self->page = MIN(self->page, kiosk_pager_get_page_count(self) - 1);
    place_blocks(self, width, height);
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

static void unparent_all(KioskPager *self)
{
    GtkWidget *block;
    while ((block = gtk_widget_get_first_child(GTK_WIDGET(self))))
        gtk_widget_unparent(block);
    self->filler = NULL;
    g_array_set_size(self->blocks, 0);
    g_array_set_size(self->first, 0);
}

void kiosk_pager_clear(KioskPager *self)
{
    unparent_all(self);
    self->page = 0;
    self->is_break = FALSE;
    tell_later(self);
}

static void append(KioskPager *self, GtkWidget *widget, GtkWidget *head)
{
    Block block = { widget, head, self->is_break };

    self->is_break = FALSE;
    if (head) gtk_widget_set_parent(head, GTK_WIDGET(self));
    gtk_widget_set_parent(widget, GTK_WIDGET(self));
    g_array_append_val(self->blocks, block);
}

void kiosk_pager_append(KioskPager *self, GtkWidget *block)
{
    append(self, block, NULL);
}

void kiosk_pager_append_more(KioskPager *self, GtkWidget *block, GtkWidget *head)
{
    append(self, block, head);
}

void kiosk_pager_break(KioskPager *self)
{
    self->is_break = TRUE;
}

void kiosk_pager_set_columns(KioskPager *self, guint columns)
{
    self->columns = columns;
    gtk_widget_queue_allocate(GTK_WIDGET(self));
}

void kiosk_pager_set_filler(KioskPager *self, GtkWidget *filler)
{
    g_clear_pointer(&self->filler, gtk_widget_unparent);
    self->filler = filler;
    gtk_widget_set_parent(filler, GTK_WIDGET(self));
}

guint kiosk_pager_get_page(KioskPager *self)
{
    return self->page;
}

guint kiosk_pager_get_page_count(KioskPager *self)
{
    return MAX((self->first->len + self->columns - 1) / self->columns, 1);
}

void kiosk_pager_set_page(KioskPager *self, guint page)
{
    self->page = MIN(page, kiosk_pager_get_page_count(self) - 1);
    gtk_widget_queue_allocate(GTK_WIDGET(self));
    tell_later(self);
}

guint kiosk_pager_page_of(KioskPager *self, GtkWidget *wanted)
{
    guint index = 0;

    for (; index < self->blocks->len; index++) {
        GtkWidget *block = block_at(self, index)->widget;
        if (block == wanted || gtk_widget_is_ancestor(wanted, block)) break;
    }
    if (index == self->blocks->len) return self->page;
    return column_of(self, index, 0) / self->columns;
}

void kiosk_pager_show(KioskPager *self, GtkWidget *wanted)
{
    guint page = kiosk_pager_page_of(self, wanted);
    if (page != self->page) kiosk_pager_set_page(self, page);
}

static void kiosk_pager_dispose(GObject *object)
{
    KioskPager *self = KIOSK_PAGER(object);

    unparent_all(self);
    g_clear_handle_id(&self->told, g_source_remove);
    G_OBJECT_CLASS(kiosk_pager_parent_class)->dispose(object);
}

static void kiosk_pager_finalize(GObject *object)
{
    g_array_unref(KIOSK_PAGER(object)->first);
    g_array_unref(KIOSK_PAGER(object)->blocks);
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
    self->blocks = g_array_new(FALSE, FALSE, sizeof(Block));
    self->columns = 1;
    gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
    gtk_widget_set_hexpand(GTK_WIDGET(self), TRUE);
    gtk_widget_set_vexpand(GTK_WIDGET(self), TRUE);
}

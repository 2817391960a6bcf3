#include "kiosk/page.h"

#include "kiosk/waterline.h"

typedef struct {
    Desk *desk; /* the window's, which outlives its pages */
    GtkWidget *above, *waterline, *below;
    GtkWidget *room; /* above what is touched on a wide screen; NULL: none */
    char *title, *icon;
    double share;            /* of a wide screen's width, for what is above */
    gboolean is_touch_first; /* what is below stands left on a wide screen */
    gboolean is_stacked;     /* on a wide screen too what is below stands below */
    gboolean is_bare, has_comfort_row;
    VisitPage kind;
} KioskPagePrivate;

typedef enum {
    PROP_DESK = 1,
    PROP_TITLE,
    PROP_ICON,
    PROP_SHARE,
    PROP_TOUCH_FIRST,
    PROP_BARE,
    PROP_COMFORT_ROW,
    PROP_KIND,
    PROP_COUNT
} Property;

static GParamSpec *properties[PROP_COUNT];
static guint go_signal, tell_signal;

static void buildable_init(GtkBuildableIface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE(KioskPage, kiosk_page, GTK_TYPE_WIDGET,
                                 G_ADD_PRIVATE(KioskPage)
                                     G_IMPLEMENT_INTERFACE(GTK_TYPE_BUILDABLE, buildable_init))

static KioskPagePrivate *private_of(KioskPage *self)
{
    return kiosk_page_get_instance_private(self);
}

/* ---- children of the template ---- */

static GtkBuildableIface *parent_buildable;

static void add_child(GtkBuildable *buildable, GtkBuilder *builder, GObject *child,
                      const char *type)
{
    KioskPagePrivate *p = private_of(KIOSK_PAGE(buildable));

    if (g_strcmp0(type, "above") == 0)
        gtk_box_append(GTK_BOX(p->above), GTK_WIDGET(child));
    else if (g_strcmp0(type, "below") == 0)
        gtk_box_append(GTK_BOX(p->below), GTK_WIDGET(child));
    else
        parent_buildable->add_child(buildable, builder, child, type);
}

static void buildable_init(GtkBuildableIface *iface)
{
    parent_buildable = g_type_interface_peek_parent(iface);
    iface->add_child = add_child;
}

/* ---- layout ---- */

/* Whatever it holds, a page is as large as the screen: it never asks for more. */
static void kiosk_page_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                               int *minimum, int *natural, int *minimum_baseline,
                               int *natural_baseline)
{
    (void)widget, (void)orientation, (void)for_size;
    *minimum = *natural = 0;
    *minimum_baseline = *natural_baseline = -1;
}

static int height_of(GtkWidget *widget, int width, int *minimum)
{
    int natural = 0;
    *minimum = 0;
    if (gtk_widget_should_layout(widget))
        gtk_widget_measure(widget, GTK_ORIENTATION_VERTICAL, width, minimum, &natural, NULL, NULL);
    return natural;
}

static void place(GtkWidget *widget, int x, int y, int width, int height)
{
    GtkAllocation where = { x, y, MAX(width, 0), MAX(height, 0) };

    if (!gtk_widget_should_layout(widget)) return;
    gtk_widget_measure(widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
    gtk_widget_size_allocate(widget, &where, -1);
}

static void allocate_wide(KioskPagePrivate *p, int width, int height)
{
    int above = gtk_widget_get_visible(p->below) ? (int)(width * p->share) : width;

    place(p->above, p->is_touch_first ? width - above : 0, 0, above, height);
    place(p->below, p->is_touch_first ? 0 : above, 0, width - above, height);
}

/* What is touched gets what it likes to have, as long as what is read keeps what it needs. */
static void allocate_tall(KioskPagePrivate *p, int width, int height)
{
    int least, least_above, least_below;
    int below = height_of(p->below, width, &least_below);
    int line = height_of(p->waterline, width, &least);
    height_of(p->above, width, &least_above);
    below = MIN(MAX(MIN(below, height - line - least_above), least_below), height);
    int above = MAX(height - below - line, 0);

    place(p->above, 0, 0, width, above);
    place(p->waterline, 0, above, width, line);
    place(p->below, 0, above + line, width, below);
}

static void kiosk_page_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    KioskPagePrivate *p = private_of(KIOSK_PAGE(widget));

    (void)baseline;
    if (p->desk->is_landscape && !p->is_stacked)
        allocate_wide(p, width, height);
    else
        allocate_tall(p, width, height);
}

/* ---- what the window asks and says ---- */

void kiosk_page_enter(KioskPage *self, const char *argument)
{
    if (KIOSK_PAGE_GET_CLASS(self)->enter)
        KIOSK_PAGE_GET_CLASS(self)->enter(self, argument ? argument : "");
}

void kiosk_page_leave(KioskPage *self)
{
    if (KIOSK_PAGE_GET_CLASS(self)->leave) KIOSK_PAGE_GET_CLASS(self)->leave(self);
}

void kiosk_page_forget(KioskPage *self)
{
    if (KIOSK_PAGE_GET_CLASS(self)->forget) KIOSK_PAGE_GET_CLASS(self)->forget(self);
}

void kiosk_page_say(KioskPage *self, Script *script)
{
    if (KIOSK_PAGE_GET_CLASS(self)->say) KIOSK_PAGE_GET_CLASS(self)->say(self, script);
}

void kiosk_page_modes_changed(KioskPage *self)
{
    if (KIOSK_PAGE_GET_CLASS(self)->modes_changed) KIOSK_PAGE_GET_CLASS(self)->modes_changed(self);
}

gboolean kiosk_page_key(KioskPage *self, guint keyval)
{
    return KIOSK_PAGE_GET_CLASS(self)->key && KIOSK_PAGE_GET_CLASS(self)->key(self, keyval);
}

Desk *kiosk_page_desk(KioskPage *self)
{
    return private_of(self)->desk;
}

gboolean kiosk_page_is_landscape(KioskPage *self)
{
    return private_of(self)->desk->is_landscape;
}

gboolean kiosk_page_is_large(KioskPage *self)
{
    GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));
    return root && gtk_widget_has_css_class(GTK_WIDGET(root), "large");
}

void kiosk_page_go(KioskPage *self, const char *page, const char *argument)
{
    g_signal_emit(self, go_signal, 0, page, argument ? argument : "");
}

void kiosk_page_tell(KioskPage *self, const char *title, const char *text)
{
    g_signal_emit(self, tell_signal, 0, title, text);
}

const char *kiosk_page_get_title(KioskPage *self)
{
    return private_of(self)->title;
}

const char *kiosk_page_get_icon(KioskPage *self)
{
    return private_of(self)->icon;
}

void kiosk_page_set_title(KioskPage *self, const char *title, const char *icon)
{
    g_object_set(self, "title", title, "icon", icon, NULL);
}

gboolean kiosk_page_is_bare(KioskPage *self)
{
    return private_of(self)->is_bare;
}

gboolean kiosk_page_has_comfort_row(KioskPage *self)
{
    return private_of(self)->has_comfort_row;
}

VisitPage kiosk_page_get_kind(KioskPage *self)
{
    return private_of(self)->kind;
}

void kiosk_page_set_stacked(KioskPage *self, gboolean is_stacked)
{
    KioskPagePrivate *p = private_of(self);

    if (!p->desk->is_landscape || p->is_stacked == is_stacked) return;
    p->is_stacked = is_stacked;
    gtk_orientable_set_orientation(GTK_ORIENTABLE(p->below), is_stacked ? GTK_ORIENTATION_HORIZONTAL
                                                                        : GTK_ORIENTATION_VERTICAL);
    if (p->room) gtk_widget_set_visible(p->room, !is_stacked);
    if (is_stacked)
        gtk_widget_add_css_class(GTK_WIDGET(self), "stacked");
    else
        gtk_widget_remove_css_class(GTK_WIDGET(self), "stacked");
    gtk_widget_queue_allocate(GTK_WIDGET(self));
}

GtkBox *kiosk_page_above(KioskPage *self)
{
    return GTK_BOX(private_of(self)->above);
}

GtkBox *kiosk_page_below(KioskPage *self)
{
    return GTK_BOX(private_of(self)->below);
}

/* ---- object ---- */

static void set_text(char **text, const GValue *value)
{
    g_free(*text);
    *text = g_value_dup_string(value);
}

static void kiosk_page_set_property(GObject *object, guint id, const GValue *value,
                                    GParamSpec *spec)
{
    KioskPagePrivate *p = private_of(KIOSK_PAGE(object));

    switch ((Property)id) {
    case PROP_DESK:
        p->desk = g_value_get_pointer(value);
        return;
    case PROP_TITLE:
        set_text(&p->title, value);
        return;
    case PROP_ICON:
        set_text(&p->icon, value);
        return;
    case PROP_SHARE:
        p->share = g_value_get_double(value);
        return;
    case PROP_TOUCH_FIRST:
        p->is_touch_first = g_value_get_boolean(value);
        return;
    case PROP_BARE:
        p->is_bare = g_value_get_boolean(value);
        return;
    case PROP_COMFORT_ROW:
        p->has_comfort_row = g_value_get_boolean(value);
        return;
    case PROP_KIND:
        p->kind = g_value_get_uint(value);
        return;
    case PROP_COUNT:
        break;
    }
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

/* On a wide screen what is touched stands at the foot, near the hands, unless it fills its side. */
static void lower(KioskPagePrivate *p)
{
    if (gtk_widget_compute_expand(p->below, GTK_ORIENTATION_VERTICAL)) return;
    p->room = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_widget_set_vexpand(p->room, TRUE);
    gtk_box_prepend(GTK_BOX(p->below), p->room);
}

static void kiosk_page_constructed(GObject *object)
{
    KioskPagePrivate *p = private_of(KIOSK_PAGE(object));

    gtk_widget_set_visible(p->waterline, !p->desk->is_landscape && !p->is_bare);
    gtk_widget_set_visible(p->below, !p->is_bare);
    if (p->is_bare) gtk_widget_add_css_class(GTK_WIDGET(object), "bare");
    if (p->desk->is_landscape) lower(p);
    G_OBJECT_CLASS(kiosk_page_parent_class)->constructed(object);
}

static void kiosk_page_dispose(GObject *object)
{
    KioskPagePrivate *p = private_of(KIOSK_PAGE(object));

    g_clear_pointer(&p->above, gtk_widget_unparent);
    g_clear_pointer(&p->waterline, gtk_widget_unparent);
    g_clear_pointer(&p->below, gtk_widget_unparent);
    g_clear_pointer(&p->title, g_free);
    g_clear_pointer(&p->icon, g_free);
    G_OBJECT_CLASS(kiosk_page_parent_class)->dispose(object);
}

/* Kept for the window, which shows a title that changes. */
static void install_properties(GObjectClass *class)
{
    GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

    properties[PROP_DESK] =
        g_param_spec_pointer("desk", NULL, NULL, flags | G_PARAM_CONSTRUCT_ONLY);
    properties[PROP_TITLE] = g_param_spec_string("title", NULL, NULL, NULL, flags);
    properties[PROP_ICON] = g_param_spec_string("icon", NULL, NULL, NULL, flags);
    properties[PROP_SHARE] = g_param_spec_double("share", NULL, NULL, 0, 1, 0.6, flags);
    properties[PROP_TOUCH_FIRST] = g_param_spec_boolean("touch-first", NULL, NULL, FALSE, flags);
    properties[PROP_BARE] = g_param_spec_boolean("bare", NULL, NULL, FALSE, flags);
    properties[PROP_COMFORT_ROW] = g_param_spec_boolean("comfort-row", NULL, NULL, TRUE, flags);
    properties[PROP_KIND] = g_param_spec_uint("kind", NULL, NULL, VISIT_PAGE_HOME, VISIT_PAGE_STAFF,
                                              VISIT_PAGE_PUBLIC, flags);
    g_object_class_install_properties(class, PROP_COUNT, properties);
}

static void kiosk_page_class_init(KioskPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    GObjectClass *object_class = G_OBJECT_CLASS(class);

    object_class->set_property = kiosk_page_set_property;
    object_class->constructed = kiosk_page_constructed;
    object_class->dispose = kiosk_page_dispose;
    install_properties(object_class);
    widget_class->measure = kiosk_page_measure;
    widget_class->size_allocate = kiosk_page_size_allocate;
    gtk_widget_class_set_css_name(widget_class, "page");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
    go_signal = g_signal_new("go", KIOSK_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                             G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
    tell_signal = g_signal_new("tell", KIOSK_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static GtkWidget *area_new(KioskPage *self, const char *class)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_widget_add_css_class(box, class);
    gtk_widget_set_overflow(box, GTK_OVERFLOW_HIDDEN);
    gtk_widget_set_parent(box, GTK_WIDGET(self));
    return box;
}

static void kiosk_page_init(KioskPage *self)
{
    KioskPagePrivate *p = private_of(self);

    p->share = 0.6;
    p->kind = VISIT_PAGE_PUBLIC;
    p->has_comfort_row = TRUE;
    gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
    gtk_widget_set_hexpand(GTK_WIDGET(self), TRUE);
    gtk_widget_set_vexpand(GTK_WIDGET(self), TRUE);
    p->above = area_new(self, "above");
    p->waterline = kiosk_waterline_new();
    gtk_widget_set_parent(p->waterline, GTK_WIDGET(self));
    p->below = area_new(self, "below");
}

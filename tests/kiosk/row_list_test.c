/* The longest names of the built-in content in a list, on both screens, with ordinary and with
 * large letters: every row is on some page, and none of its words is cut. On an Xvfb of its own. */
#include <gtk/gtk.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "db/catalogue.h"
#include "kiosk/looks.h"
#include "kiosk/row_list.h"
#include "tests/kiosk/test_screen.h"

#define ROW_COUNT 8

GResource *kiosk_get_resource(void); /* generated from kiosk.gresource.xml */

static const struct {
    const char *path;
    gboolean is_landscape, is_large;
    int width, height; /* the screen's */
    int list_width, list_height;
} screens[] = {
    { "portrait", FALSE, FALSE, 1080, 1920, 1000, 760 },
    { "portrait/large", FALSE, TRUE, 1080, 1920, 1000, 760 },
    { "landscape", TRUE, FALSE, 1366, 768, 560, 500 },
    { "landscape/large", TRUE, TRUE, 1366, 768, 560, 500 },
};

/* ---- what is shown ---- */

static gint by_length(gconstpointer one, gconstpointer other)
{
    const Topic *const *a = one, *const *b = other;
    return (gint)g_utf8_strlen((*b)->name, -1) - (gint)g_utf8_strlen((*a)->name, -1);
}

/* The topics with the longest names. */
static GPtrArray *longest_topics(const Catalogue *catalogue)
{
    GPtrArray *topics = g_ptr_array_new();

    for (guint i = 0; i < catalogue->topic_count; i++)
        g_ptr_array_add(topics, &catalogue->topics[i]);
    g_ptr_array_sort(topics, by_length);
    g_ptr_array_set_size(topics, ROW_COUNT);
    return topics;
}

static KioskRowList *list_new(const Catalogue *catalogue)
{
    KioskRowList *list = g_object_new(KIOSK_TYPE_ROW_LIST, NULL);
    g_autoptr(GPtrArray) topics = longest_topics(catalogue);

    for (guint i = 0; i < topics->len; i++) {
        const Topic *topic = g_ptr_array_index(topics, i);
        g_autofree char *aliases = g_strjoinv("、", topic->alternate_names);
        kiosk_row_list_add(list, topic->code, topic->name, aliases, "topic", topic->code);
    }
    kiosk_row_list_show(list);
    return list;
}

/* ---- looking ---- */

static void iterate(void)
{
    for (int quiet = 0; quiet < 5; g_usleep(10000), quiet++)
        while (g_main_context_iteration(NULL, FALSE))
            quiet = 0;
}

static void check_labels(GtkWidget *widget)
{
    if (GTK_IS_LABEL(widget) && gtk_widget_get_mapped(widget)) {
        PangoLayout *layout = gtk_label_get_layout(GTK_LABEL(widget));
        int height;
        pango_layout_get_pixel_size(layout, NULL, &height);
        g_assert_false(pango_layout_is_ellipsized(layout));
        g_assert_cmpint(height, <=, gtk_widget_get_height(widget));
    }
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
         child = gtk_widget_get_next_sibling(child))
        check_labels(child);
}

static int bottom_of(GtkWidget *widget, GtkWidget *within)
{
    graphene_rect_t bounds;
    g_assert_true(gtk_widget_compute_bounds(widget, within, &bounds));
    return (int)(bounds.origin.y + bounds.size.height);
}

/* Rows `*from` and following; moves it behind the last of them. */
static void check_page(KioskRowList *list, guint *from)
{
    guint begin = *from;
    GtkWidget *row;

    while (*from < ROW_COUNT && (row = kiosk_row_list_widget(list, *from))) {
        g_assert_true(gtk_widget_get_mapped(row));
        g_assert_cmpint(bottom_of(row, GTK_WIDGET(list)), <=,
                        gtk_widget_get_height(GTK_WIDGET(list)));
        check_labels(row);
        ++*from;
    }
    g_assert_cmpuint(*from, >, begin);
}

static GtkWidget *find(GtkWidget *widget, const char *css_name)
{
    GtkWidget *found = strcmp(gtk_widget_get_css_name(widget), css_name) == 0 ? widget : NULL;

    for (GtkWidget *child = gtk_widget_get_first_child(widget); child && !found;
         child = gtk_widget_get_next_sibling(child))
        found = find(child, css_name);
    return found;
}

static void test_list(gconstpointer data)
{
    guint index = GPOINTER_TO_UINT(data);
    g_autoptr(Catalogue) catalogue = catalogue_open("/nonexistent", NULL); /* the built-in one */
    GtkWidget *window = gtk_window_new(), *frame = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    KioskRowList *list = list_new(catalogue);
    guint row = 0;

    looks_apply(screens[index].width, screens[index].height);
    if (screens[index].is_landscape) gtk_widget_add_css_class(window, "landscape");
    if (screens[index].is_large) gtk_widget_add_css_class(window, "large");
    gtk_widget_set_halign(frame, GTK_ALIGN_START);
    gtk_widget_set_valign(GTK_WIDGET(list), GTK_ALIGN_FILL);
    gtk_widget_set_size_request(GTK_WIDGET(list), screens[index].list_width, -1);
    gtk_box_append(GTK_BOX(frame), GTK_WIDGET(list));
    gtk_window_set_child(GTK_WINDOW(window), frame);
    gtk_window_set_default_size(GTK_WINDOW(window), screens[index].list_width,
                                screens[index].list_height);
    gtk_window_present(GTK_WINDOW(window));
    iterate();
    GtkWidget *turner = find(GTK_WIDGET(list), "turner");
    int foot = bottom_of(turner, GTK_WIDGET(list));
    for (check_page(list, &row); row < ROW_COUNT; check_page(list, &row)) {
        g_signal_emit_by_name(turner, "turn", 1);
        iterate();
        g_assert_cmpint(bottom_of(turner, GTK_WIDGET(list)), ==, foot); /* keeps its place */
    }
    gtk_window_destroy(GTK_WINDOW(window));
}

int main(int argc, char **argv)
{
    GPid server = 0;
    g_autofree char *name = NULL;

    g_test_init(&argc, &argv, NULL);
    name = start_screen(&server);
    g_setenv("GDK_BACKEND", "x11", TRUE);
    g_setenv("GSK_RENDERER", "cairo", TRUE);
    g_setenv("GTK_A11Y", "none", TRUE);
    if (name) g_setenv("DISPLAY", name, TRUE);
    if (!name || !gtk_init_check()) {
        g_print("1..0 # SKIP no Xvfb\n");
        return 0;
    }
    g_resources_register(kiosk_get_resource());
    for (guint i = 0; i < G_N_ELEMENTS(screens); i++) {
        g_autofree char *path = g_strdup_printf("/row_list/%s", screens[i].path);
        g_test_add_data_func(path, GUINT_TO_POINTER(i), test_list);
    }
    int status = g_test_run();
    kill(server, SIGTERM);
    return status;
}

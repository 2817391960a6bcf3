/* Letters are drawn in many sizes, given up and drawn anew: the heap is smaller afterwards, and not
 * a pixel is another. On an Xvfb of its own. */
#include "kiosk/glyphs.h"

#include <malloc.h>
#include <stdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/looks.h"
#include "tests/kiosk/test_screen.h"

#define WIDTH  1000
#define HEIGHT 1800
#define MIB    (1 << 20)

GResource *kiosk_get_resource(void); /* generated from kiosk.gresource.xml */

static const char *const words[] = { "困难残疾人生活补贴", "重度残疾人护理补贴", "公共租赁住房",
                                     "城乡居民基本医疗保险", "高龄津贴和养老服务" };

static gsize heap_in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static void iterate(void)
{
    for (int quiet = 0; quiet < 5; g_usleep(10000), quiet++)
        while (g_main_context_iteration(NULL, FALSE))
            quiet = 0;
}

/* The style sheet is in pixels, and so is this. */
static GtkWidget *label_new(const char *text, int size)
{
    GtkWidget *label = gtk_label_new(text);
    PangoAttrList *list = pango_attr_list_new();

    pango_attr_list_insert(list, pango_attr_size_new_absolute(size * PANGO_SCALE));
    gtk_label_set_attributes(GTK_LABEL(label), list);
    pango_attr_list_unref(list);
    return label;
}

/* In sizes from `size`. */
static GtkWidget *column_new(int size)
{
    GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);

    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        gtk_box_append(GTK_BOX(column), label_new(words[i], size + (int)i));
    return column;
}

static guint8 *pixels_of(GtkWidget *window)
{
    g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new(window);
    GtkSnapshot *snapshot = gtk_snapshot_new();

    gdk_paintable_snapshot(paintable, GDK_SNAPSHOT(snapshot), WIDTH, HEIGHT);
    g_autoptr(GskRenderNode) node = gtk_snapshot_free_to_node(snapshot);
    g_assert_nonnull(node);
    g_autoptr(GdkTexture) texture =
        gsk_renderer_render_texture(gtk_native_get_renderer(GTK_NATIVE(window)), node,
                                    &GRAPHENE_RECT_INIT(0, 0, WIDTH, HEIGHT));
    guint8 *pixels = g_malloc0((gsize)WIDTH * HEIGHT * 4);
    gdk_texture_download(texture, pixels, (gsize)WIDTH * 4);
    return pixels;
}

static GtkWidget *window_new(void)
{
    GtkWidget *window = gtk_window_new();

    gtk_window_set_default_size(GTK_WINDOW(window), WIDTH, HEIGHT);
    gtk_window_present(GTK_WINDOW(window));
    return window;
}

static void test_renew(void)
{
    GtkWidget *window = window_new();
    g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func(g_object_unref);
    Glyphs glyphs = { 0 };

    g_assert_false(glyphs_are_many(&glyphs)); /* nothing to compare with yet */
    for (int size = 30; size < 110; size += 4) {
        GtkWidget *column = g_object_ref_sink(column_new(size));
        g_ptr_array_add(columns, column);
        gtk_window_set_child(GTK_WINDOW(window), column);
        iterate();
    }
    g_assert_true(glyphs_are_many(&glyphs));
    g_autofree guint8 *before = pixels_of(window);
    gsize many = heap_in_use();
    for (guint i = 0; i < columns->len; i++) /* only the last one is in the window */
        glyphs_let_go(g_ptr_array_index(columns, i));
    glyphs_renew(window);
    iterate();
    glyphs_drop(&glyphs);
    gsize few = heap_in_use();
    g_test_message("%.1f MiB, %.1f MiB after it", (double)many / MIB, (double)few / MIB);
    g_assert_cmpuint(few + 3 * MIB, <, many);
    g_assert_false(glyphs_are_many(&glyphs));
    g_autofree guint8 *after = pixels_of(window);
    g_assert_cmpint(memcmp(before, after, (gsize)WIDTH * HEIGHT * 4), ==, 0);
    gtk_window_destroy(GTK_WINDOW(window));
}

int main(int argc, char **argv)
{
#ifdef __SANITIZE_ADDRESS__
    puts("1..0 # SKIP the sanitizer's heap is another");
    return 0;
#endif
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
    looks_apply(LOOKS_TALL_WIDTH, LOOKS_TALL_HEIGHT);
    g_test_add_func("/glyphs/renew", test_renew);
    int status = g_test_run();
    kill(server, SIGTERM);
    return status;
}

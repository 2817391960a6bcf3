#include "kiosk/application.h"

#include <glib-unix.h>

#include "db/folder.h"
#include "kiosk/window.h"

GResource *kiosk_get_resource(void); /* generated from kiosk.gresource.xml */

#define SIDE_MIN 320
#define SIDE_MAX 7680

typedef struct {
    GtkApplication *application;
    char *data_dir;
    gboolean is_windowed;
    int width, height;
    int status;
} Kiosk;

/* "1080x1920" */
static gboolean parse_size(const char *text, int *width, int *height)
{
    g_auto(GStrv) sides = g_strsplit(text, "x", 3);
    guint64 w = 0, h = 0;

    if (g_strv_length(sides) != 2 ||
        !g_ascii_string_to_unsigned(sides[0], 10, SIDE_MIN, SIDE_MAX, &w, NULL) ||
        !g_ascii_string_to_unsigned(sides[1], 10, SIDE_MIN, SIDE_MAX, &h, NULL))
        return FALSE;
    *width = (int)w;
    *height = (int)h;
    return TRUE;
}

/* Software rendering: nothing may move by itself. */
static void apply_looks(void)
{
    g_autoptr(GtkCssProvider) looks = gtk_css_provider_new();

    gtk_css_provider_load_from_resource(looks, "/bianmin/kiosk/ui/style.css");
    gtk_style_context_add_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(looks),
                                               GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, "gtk-cursor-blink",
                 FALSE, NULL);
}

static void on_activate(Kiosk *kiosk)
{
    g_autoptr(GError) error = NULL;

    apply_looks();
    KioskWindow *window = kiosk_window_new(kiosk->application, kiosk->data_dir, &error);
    if (!window) {
        kiosk->status = cli_fail(EX_DATAERR, "%s", error->message);
        return;
    }
    gtk_window_set_default_size(GTK_WINDOW(window), kiosk->width, kiosk->height);
    if (!kiosk->is_windowed) gtk_window_fullscreen(GTK_WINDOW(window));
    gtk_window_present(GTK_WINDOW(window));
}

static gboolean on_stop(gpointer application)
{
    g_application_quit(application);
    return G_SOURCE_CONTINUE;
}

static int run(Kiosk *kiosk)
{
    /* a repaint takes 3 ms; GL without a graphics card takes 21 */
    g_setenv("GSK_RENDERER", "cairo", FALSE);
    /* named here, so that the linker takes it out of the archive */
    g_resources_register(kiosk_get_resource());
    if (!gtk_init_check()) return cli_fail(EX_UNAVAILABLE, "打不开屏幕：这里没有图形界面。");

    g_autoptr(GtkApplication) application =
        gtk_application_new("bianmin.Kiosk", G_APPLICATION_NON_UNIQUE);
    kiosk->application = application;
    g_signal_connect_swapped(application, "activate", G_CALLBACK(on_activate), kiosk);
    guint term = g_unix_signal_add(SIGTERM, on_stop, application);
    guint interrupt = g_unix_signal_add(SIGINT, on_stop, application);
    int status = g_application_run(G_APPLICATION(application), 0, NULL);
    g_source_remove(term);
    g_source_remove(interrupt);
    return kiosk->status ? kiosk->status : status;
}

int kiosk_main(CliGlobals *globals, int argc, char **argv)
{
    Kiosk kiosk = { .width = 1080, .height = 1920 };
    g_autofree char *size = NULL;
    const GOptionEntry entries[] = {
        { "windowed", 0, 0, G_OPTION_ARG_NONE, &kiosk.is_windowed, "开在窗口里，不占满屏幕", NULL },
        { "size", 0, 0, G_OPTION_ARG_FILENAME, &size, "窗口大小，例如 1080x1920", "WxH" },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };
    gboolean is_done = FALSE;
    int status = cli_parse(globals, "kiosk [选项]", entries, &argc, &argv, &is_done);

    if (is_done) return status;
    if (argc > 1) return cli_fail(EX_USAGE, "kiosk 后面不用再写别的。");
    if (size && !parse_size(size, &kiosk.width, &kiosk.height))
        return cli_fail(EX_USAGE, "--size 要写成 宽x高，各在 %d 到 %d 之间，例如 1080x1920。",
                        SIDE_MIN, SIDE_MAX);
    kiosk.data_dir = folder_locate(globals->data_dir);
    status = run(&kiosk);
    g_free(kiosk.data_dir);
    return status;
}

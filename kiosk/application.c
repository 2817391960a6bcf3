#include "kiosk/application.h"

#include <glib-unix.h>
#include <malloc.h>
#include <math.h>

#include "charset/notify.h"
#include "charset/setting.h"
#include "db/folder.h"
#include "kiosk/desk.h"
#include "kiosk/looks.h"
#include "kiosk/page_table.h"
#include "kiosk/staff_command.h"
#include "kiosk/window.h"

GResource *kiosk_get_resource(void); /* generated from kiosk.gresource.xml */

#define SIDE_MIN 320
#define SIDE_MAX 7680

/* Freed memory is overwritten with this: what a resident typed does not stay behind in it. glibc
 * leaves out what its tcache takes; the unit switches that off (GLIBC_TUNABLES). */
#define FREED_OCTET 0xA5

/* Octets: larger ones are taken from the system, and go back to it at once. */
#define LARGE (4 << 20)

typedef struct {
    GtkApplication *application;
    KioskWindow *window;
    Desk *desk;
    gboolean is_windowed;
    int width, height;
    char *page; /* "topic:CL02", or NULL: home */
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

/* The first screen's size; what was asked for where there is none to be told. */
static void take_screen_size(Kiosk *kiosk)
{
    GListModel *monitors = gdk_display_get_monitors(gdk_display_get_default());
    g_autoptr(GdkMonitor) monitor = g_list_model_get_item(monitors, 0);
    GdkRectangle place;

    if (!monitor) return;
    gdk_monitor_get_geometry(monitor, &place);
    if (place.width <= 0 || place.height <= 0) return;
    kiosk->width = place.width;
    kiosk->height = place.height;
}

/* Software rendering: nothing may move by itself. No input method of the system: the keys are ours.
 */
static void settle_toolkit(void)
{
    g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, "gtk-cursor-blink",
                 FALSE, "gtk-im-module", "gtk-im-context-simple", NULL);
}

static void show_first_page(Kiosk *kiosk)
{
    g_auto(GStrv) route = kiosk->page ? g_strsplit(kiosk->page, ":", 2) : NULL;

    if (route && route[0]) kiosk_window_go(kiosk->window, route[0], route[1]);
}

static gboolean on_quiet(gpointer data)
{
    Kiosk *kiosk = data;

    if (kiosk->window && kiosk_window_prepare(kiosk->window)) return G_SOURCE_CONTINUE;
    desk_suggest(kiosk->desk);
    return G_SOURCE_REMOVE;
}

/* What the first picture does not need is made after it, before somebody has read it. */
static void on_first_frame(GdkFrameClock *clock, Kiosk *kiosk)
{
    g_signal_handlers_disconnect_by_func(clock, on_first_frame, kiosk);
    g_idle_add_full(G_PRIORITY_LOW, on_quiet, kiosk, NULL);
}

static void on_activate(Kiosk *kiosk)
{
    settle_toolkit();
    if (!kiosk->is_windowed) take_screen_size(kiosk);
    kiosk->desk->is_landscape = kiosk->width > kiosk->height;
    looks_apply(kiosk->width, kiosk->height);
    kiosk->window = kiosk_window_new(kiosk->application, kiosk->desk);
    gtk_window_set_default_size(GTK_WINDOW(kiosk->window), kiosk->width, kiosk->height);
    if (!kiosk->is_windowed) gtk_window_fullscreen(GTK_WINDOW(kiosk->window));
    show_first_page(kiosk);
    gtk_window_present(GTK_WINDOW(kiosk->window));
    g_signal_connect(gtk_widget_get_frame_clock(GTK_WIDGET(kiosk->window)), "after-paint",
                     G_CALLBACK(on_first_frame), kiosk);
    notify_start();
}

static gboolean on_stop(gpointer data)
{
    Kiosk *kiosk = data;

    notify_stop();
    if (kiosk->window) gtk_window_destroy(GTK_WINDOW(kiosk->window));
    kiosk->window = NULL;
    g_application_quit(G_APPLICATION(kiosk->application));
    return G_SOURCE_CONTINUE;
}

/* A repaint by cairo takes 3 ms; by GL without a graphics card 21, and on X11 GDK sets GL up even
 * where nobody draws with it: a third of the start and 19 MiB. style.css says all that is to be
 * seen; reading GTK's own looks takes a tenth of the start. Who wants it otherwise sets the
 * variable. */
static void choose_rendering(void)
{
    gboolean is_old = gtk_get_minor_version() < 16;

    g_setenv("GTK_THEME", "Empty", FALSE);
    g_setenv("GSK_RENDERER", "cairo", FALSE);
    if (g_str_equal(g_getenv("GSK_RENDERER"), "cairo"))
        g_setenv(is_old ? "GDK_DEBUG" : "GDK_DISABLE", is_old ? "gl-disable" : "gl", FALSE);
}

/* glibc would raise both limits by itself after the first picture of a screen is freed, and keep
 * room for two of them for good. */
static void settle_heap(void)
{
    mallopt(M_PERTURB, FREED_OCTET);
    mallopt(M_MMAP_THRESHOLD, LARGE);
    mallopt(M_TRIM_THRESHOLD, LARGE);
}

static int run(Kiosk *kiosk)
{
    choose_rendering();
    settle_heap();
    /* named here, so that the linker takes it out of the archive */
    g_resources_register(kiosk_get_resource());
    if (!gtk_init_check()) return cli_fail(EX_UNAVAILABLE, "打不开屏幕：这里没有图形界面。");

    g_autoptr(GtkApplication) application =
        gtk_application_new("bianmin.Kiosk", G_APPLICATION_NON_UNIQUE);
    kiosk->application = application;
    g_signal_connect_swapped(application, "activate", G_CALLBACK(on_activate), kiosk);
    guint term = g_unix_signal_add(SIGTERM, on_stop, kiosk);
    guint interrupt = g_unix_signal_add(SIGINT, on_stop, kiosk);
    int status = g_application_run(G_APPLICATION(application), 0, NULL);
    g_source_remove(term);
    g_source_remove(interrupt);
    return status;
}

/* ---- command line ---- */

typedef struct {
    char *size, *page, *clock;
    gboolean is_notes, is_counts;
    int note_done, days;
} Options;

static void options_clear(Options *options)
{
    g_free(options->size);
    g_free(options->page);
    g_free(options->clock);
}

static int check_page(const char *page)
{
    g_auto(GStrv) route = g_strsplit(page, ":", 2);

    if (route[0] && page_table_find(route[0]) >= 0) return EX_OK;
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < PAGE_TABLE_COUNT; i++)
        g_string_append_printf(names, "%s%s", i ? "、" : "", page_table[i].name);
    return cli_fail(EX_USAGE, "没有“%s”这一页。可用：%s；后面可以加内容，例如 topic:CL02。", page,
                    names->str);
}

/* A slip of the pen in the kiosk's own file must not leave residents before a black screen. */
static KioskSettings *load_settings(const CliGlobals *globals, gboolean is_windowed, int *status)
{
    g_autoptr(GError) error = NULL;
    KioskSettings *settings = kiosk_settings_load(globals->config_file, &error);

    if (!settings && !is_windowed && !globals->config_file) {
        g_warning("%s\n先按默认的设置打开。", error->message);
        return kiosk_settings_new();
    }
    if (!settings) *status = setting_fail(error);
    return settings;
}

static int show(CliGlobals *globals, const Options *options, gboolean is_windowed)
{
    Kiosk kiosk = { .width = 1080, .height = 1920, .is_windowed = is_windowed };
    g_autofree char *data_dir = folder_locate(globals->data_dir);
    g_autoptr(GTimeZone) zone = g_time_zone_new_local();
    int status = EX_OK;

    if (options->size && !parse_size(options->size, &kiosk.width, &kiosk.height))
        return cli_fail(EX_USAGE, "--size 要写成 宽x高，各在 %d 到 %d 之间，例如 1080x1920。",
                        SIDE_MIN, SIDE_MAX);
    if (options->page && (status = check_page(options->page)) != EX_OK) return status;
    g_autoptr(GDateTime) clock =
        options->clock ? g_date_time_new_from_iso8601(options->clock, zone) : NULL;
    if (options->clock && !clock)
        return cli_fail(EX_USAGE, "--clock 要写成 2026-05-06T14:05:00 这样。");
    KioskSettings *settings = load_settings(globals, is_windowed, &status);
    if (!settings) return status;
    kiosk.page = options->page;
    kiosk.desk = desk_new(data_dir, settings);
    kiosk.desk->stopped_clock = g_steal_pointer(&clock);
    status = run(&kiosk);
    desk_free(kiosk.desk);
    return status;
}

int kiosk_main(CliGlobals *globals, int argc, char **argv)
{
    Options options = { .days = STAFF_DAYS_USUAL };
    gboolean is_windowed = FALSE, is_done = FALSE;
    const GOptionEntry entries[] = {
        { "windowed", 0, 0, G_OPTION_ARG_NONE, &is_windowed, "开在窗口里，不占满屏幕", NULL },
        { "size", 0, 0, G_OPTION_ARG_FILENAME, &options.size, "窗口大小，例如 1080x1920", "WxH" },
        { "page", 0, 0, G_OPTION_ARG_FILENAME, &options.page, "先打开哪一页，例如 topic:CL02",
          "NAME" },
        { "clock", 0, 0, G_OPTION_ARG_FILENAME, &options.clock,
          "屏幕上的钟停在这一刻（拍照用），例如 2026-05-06T14:05:00", "TIME" },
        { "notes", 0, 0, G_OPTION_ARG_NONE, &options.is_notes, "列出居民在屏幕上留下的问题", NULL },
        { "note-done", 0, 0, G_OPTION_ARG_INT, &options.note_done, "第 N 个问题已经处理", "N" },
        { "counts", 0, 0, G_OPTION_ARG_NONE, &options.is_counts, "用了多少次（不记人）", NULL },
        { "days", 0, 0, G_OPTION_ARG_INT, &options.days, "和 --counts 一起：最近几天", "N" },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };
    int status = cli_parse(globals, "kiosk [选项]", entries, &argc, &argv, &is_done);

    if (!is_done && argc > 1)
        status = cli_fail(EX_USAGE, "kiosk 后面不用再写别的。");
    else if (!is_done && (options.is_notes || options.note_done))
        status = staff_notes(globals, options.note_done);
    else if (!is_done && options.is_counts)
        status = staff_counts(globals, options.days);
    else if (!is_done)
        status = show(globals, &options, is_windowed);
    options_clear(&options);
    return status;
}

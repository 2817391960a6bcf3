#include "kiosk/window.h"

#include <malloc.h>
#include <string.h>
#include <time.h>

#include "kiosk/dialog.h"
#include "kiosk/glyphs.h"
#include "kiosk/help_page.h"
#include "kiosk/icon.h"
#include "kiosk/page.h"
#include "kiosk/page_table.h"
#include "kiosk/reader.h"
#include "kiosk/tile.h"

#define ROUTES_MAX 32 /* the way back */
#define STICK_S    2
#define REST_MS    1000 /* nobody touches: time for what must not hold up a frame */

typedef struct {
    char *page, *argument;
} Route;

struct _KioskWindow {
    GtkApplicationWindow parent_instance;
    GtkOverlay *overlay;
    GtkBox *frame, *header, *holder, *comfort, *footer;
    KioskIcon *header_icon, *speak_icon;
    GtkLabel *wordmark, *header_title, *clock;
    GtkToggleButton *large, *contrast, *night, *speak;
    KioskTile *back, *help, *notices, *home;
    KioskDialog *dialog;

    Desk *desk;
    KioskPage
        *pages[PAGE_TABLE_COUNT]; /* each made when it is first shown; only one has a parent */
    KioskPage *page;              /* the one that is shown */
    GPtrArray *routes;            /* Route: the way here; the last one is shown */
    Reader *reader;
    Visit visit;
    guint visit_timer, clock_timer, rest_timer, stick_timer;
    gboolean is_stick_waiting; /* for a resident to have done */
    Glyphs glyphs;
    gulong renewing; /* handler of the frame clock; 0: no letters are being given up */
    gboolean
        is_blind_touch; /* whoever touched did not see what lies below: it means nothing else */
    gboolean is_resetting;
    gboolean has_listened; /* this visitor: the warning is spoken, too */
};

G_DEFINE_FINAL_TYPE(KioskWindow, kiosk_window, GTK_TYPE_APPLICATION_WINDOW)

/* Of the clock that goes on while the machine sleeps: sleep ends a visit. */
static gint64 now_ms(void)
{
    struct timespec now = { 0 };
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (gint64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- routes ---- */

/* What a resident typed may be in it. */
static void wipe(char *text)
{
    if (!text) return;
    explicit_bzero(text, strlen(text));
    g_free(text);
}

static void route_free(gpointer data)
{
    Route *route = data;
    wipe(route->page);
    wipe(route->argument);
    g_free(route);
}

static Route *route_new(const char *page, const char *argument)
{
    Route *route = g_new0(Route, 1);
    route->page = g_strdup(page);
    route->argument = g_strdup(argument ? argument : "");
    return route;
}

static const Route *last_route(KioskWindow *self)
{
    return g_ptr_array_index(self->routes, self->routes->len - 1);
}

/* ---- reading aloud ---- */

static void stop_reading(KioskWindow *self)
{
    reader_stop(self->reader);
    if (gtk_toggle_button_get_active(self->speak)) gtk_toggle_button_set_active(self->speak, FALSE);
}

static void restart_visit_timer(KioskWindow *self);

/* Who listens does not touch: each sentence counts as one does. Not that of the warning itself. */
static void on_reading(gboolean is_ended, gpointer data)
{
    KioskWindow *self = data;

    if (is_ended)
        gtk_toggle_button_set_active(self->speak, FALSE);
    else if (self->visit.state == VISIT_ACTIVE)
        visit_show(&self->visit, self->visit.page, now_ms());
    restart_visit_timer(self);
}

static void read_page(KioskWindow *self)
{
    Script *script = script_new();

    if (!reader_is_there(self->reader)) {
        script_free(script);
        gtk_toggle_button_set_active(self->speak, FALSE);
        kiosk_dialog_ask(self->dialog, "没有声音", "这台机器没有装朗读。\n请工作人员念给您听。",
                         NULL, "知道了", NULL, NULL);
        return;
    }
    self->has_listened = TRUE;
    kiosk_page_say(self->page, script);
    kiosk_store_count(self->desk->store, KIOSK_COUNT_SPEECH, "");
    reader_read(self->reader, script);
}

static void on_speak(KioskWindow *self)
{
    gboolean is_on = gtk_toggle_button_get_active(self->speak);

    kiosk_icon_set_name(self->speak_icon, is_on ? "stop" : "speak");
    if (is_on)
        read_page(self);
    else
        reader_stop(self->reader);
}

/* ---- what stands around the page ---- */

static void show_clock(KioskWindow *self)
{
    g_autoptr(GDateTime) now = desk_now(self->desk);
    g_autofree char *text = g_strdup_printf("%02d:%02d %s", g_date_time_get_hour(now),
                                            g_date_time_get_minute(now), desk_weekday(now));
    gtk_label_set_label(self->clock, text);
}

static void show_notice_count(KioskWindow *self)
{
    g_autoptr(GPtrArray) notices = desk_notices(self->desk);
    g_autofree char *title = g_strdup_printf("看公告 %u 条", notices->len);
    kiosk_tile_set_title(self->notices, title);
    gtk_widget_set_visible(GTK_WIDGET(self->notices), notices->len > 0);
}

static void show_header(KioskWindow *self)
{
    const char *icon = kiosk_page_get_icon(self->page);

    gtk_widget_set_visible(GTK_WIDGET(self->header_icon), icon != NULL);
    gtk_widget_set_visible(GTK_WIDGET(self->wordmark), icon == NULL);
    kiosk_icon_set_name(self->header_icon, icon);
    gtk_label_set_label(self->header_title, kiosk_page_get_title(self->page));
}

static void set_class(GtkWidget *widget, const char *class, gboolean is_on)
{
    if (is_on)
        gtk_widget_add_css_class(widget, class);
    else
        gtk_widget_remove_css_class(widget, class);
}

/* Where there is no room for the row, 朗读 stands in the footer all the same. */
static void show_comfort(KioskWindow *self, gboolean is_there, gboolean has_room)
{
    GtkWidget *speak = GTK_WIDGET(self->speak);
    GtkBox *place = has_room || self->desk->is_landscape ? self->comfort : self->footer;

    gtk_widget_set_visible(GTK_WIDGET(self->comfort),
                           is_there && (has_room || self->desk->is_landscape));
    gtk_widget_set_visible(GTK_WIDGET(self->large), has_room);
    gtk_widget_set_visible(GTK_WIDGET(self->contrast), has_room);
    gtk_widget_set_visible(GTK_WIDGET(self->night), has_room);
    set_class(GTK_WIDGET(self->footer), "four", place == self->footer);
    if (gtk_widget_get_parent(speak) == GTK_WIDGET(place)) return;
    g_object_ref(speak);
    gtk_box_remove(GTK_BOX(gtk_widget_get_parent(speak)), speak);
    if (place == self->footer)
        gtk_box_insert_child_after(place, speak, GTK_WIDGET(self->back));
    else
        gtk_box_append(place, speak);
    g_object_unref(speak);
}

/* On a wide screen the comfort row stands in the footer, where there is room for it. */
static void show_frame(KioskWindow *self)
{
    gboolean is_bare = kiosk_page_is_bare(self->page);
    gboolean is_home = self->routes->len == 1;
    gboolean has_comfort = kiosk_page_has_comfort_row(self->page);

    gtk_widget_set_visible(GTK_WIDGET(self->header), !is_bare);
    gtk_widget_set_visible(GTK_WIDGET(self->footer), !is_bare);
    show_comfort(self, !is_bare, has_comfort);
    gtk_widget_set_visible(GTK_WIDGET(self->back), !is_home);
    gtk_widget_set_visible(GTK_WIDGET(self->home), !is_home);
    gtk_widget_set_visible(GTK_WIDGET(self->notices), is_home);
    if (is_home) show_notice_count(self);
    show_header(self);
}

/* ---- pages ---- */

static void on_page_title(KioskWindow *self)
{
    if (self->page) show_header(self);
}

static void on_page_go(KioskWindow *self, const char *page, const char *argument)
{
    kiosk_window_go(self, page, argument);
}

/* Only to whom it concerns: not over the warning, nor to the next visitor. */
static void on_page_tell(KioskWindow *self, const char *title, const char *text)
{
    if (self->visit.state != VISIT_ACTIVE) return;
    kiosk_dialog_ask(self->dialog, title, text, NULL, "知道了", NULL, NULL);
}

static void on_volume(KioskWindow *self, int volume)
{
    reader_set_volume(self->reader, (SpeechVolume)volume);
}

static KioskPage *page_at(KioskWindow *self, int index)
{
    if (!self->pages[index]) {
        KioskPage *page = g_object_new(page_table[index].type(), "desk", self->desk, NULL);
        self->pages[index] = g_object_ref_sink(page);
        g_signal_connect_swapped(page, "go", G_CALLBACK(on_page_go), self);
        g_signal_connect_swapped(page, "tell", G_CALLBACK(on_page_tell), self);
        g_signal_connect_swapped(page, "notify::title", G_CALLBACK(on_page_title), self);
        if (KIOSK_IS_HELP_PAGE(page))
            g_signal_connect_swapped(page, "volume", G_CALLBACK(on_volume), self);
    }
    return self->pages[index];
}

gboolean kiosk_window_prepare(KioskWindow *self)
{
    for (int i = 0; i < PAGE_TABLE_COUNT; i++) {
        if (self->pages[i]) continue;
        page_at(self, i);
        return TRUE;
    }
    return FALSE;
}

static void leave_page(KioskWindow *self)
{
    if (!self->page) return;
    stop_reading(self);
    kiosk_page_leave(self->page);
    /* a focus that is taken out with its widget takes the keys with it */
    gtk_window_set_focus(GTK_WINDOW(self), NULL);
    gtk_box_remove(self->holder, GTK_WIDGET(self->page));
    self->page = NULL;
}

/* Shows the last route. Newer content is taken when no page holds anything of the old. */
static void show_route(KioskWindow *self)
{
    leave_page(self);
    desk_refresh(self->desk);
    const Route *route = last_route(self);
    const char *name = self->desk->catalogue ? route->page : "out";
    KioskPage *page = page_at(self, page_table_find(name));

    gtk_box_append(self->holder, GTK_WIDGET(page));
    self->page = page;
    kiosk_page_enter(page, route->argument);
    if (self->page != page) return; /* it went elsewhere at once */
    show_frame(self);
    kiosk_page_modes_changed(page);
    visit_show(&self->visit, kiosk_page_get_kind(page), now_ms());
    restart_visit_timer(self);
}

gboolean kiosk_window_go(KioskWindow *self, const char *page, const char *argument)
{
    if (strcmp(page, "home") == 0) {
        KioskPage *search = self->pages[page_table_find("search")];
        if (search) kiosk_page_forget(search); /* who begins anew finds an empty field */
        g_ptr_array_set_size(self->routes, 1);
    } else if (strcmp(page, "back") == 0) {
        if (self->routes->len > 1) g_ptr_array_set_size(self->routes, (gint)self->routes->len - 1);
    } else {
        if (page_table_find(page) < 0) return FALSE;
        if (self->routes->len >= ROUTES_MAX) g_ptr_array_remove_index(self->routes, 1);
        g_ptr_array_add(self->routes, route_new(page, argument));
    }
    show_route(self);
    return TRUE;
}

static void on_back(KioskWindow *self)
{
    kiosk_window_go(self, "back", NULL);
}

static void on_home(KioskWindow *self)
{
    kiosk_window_go(self, "home", NULL);
}

static void on_help(KioskWindow *self)
{
    if (strcmp(last_route(self)->page, "help") != 0) kiosk_window_go(self, "help", NULL);
}

static void on_notices(KioskWindow *self)
{
    kiosk_window_go(self, "notices", NULL);
}

static void act(KioskWindow *self, VisitAction action);

/* ---- modes ---- */

static void set_mode(KioskWindow *self, const char *class, gboolean is_on)
{
    set_class(GTK_WIDGET(self), class, is_on);
    if (!self->is_resetting) act(self, visit_change(&self->visit, now_ms()));
    if (is_on && !self->is_resetting) kiosk_store_count(self->desk->store, KIOSK_COUNT_MODE, class);
    if (self->page) kiosk_page_modes_changed(self->page);
}

static void on_large(KioskWindow *self)
{
    set_mode(self, "large", gtk_toggle_button_get_active(self->large));
}

/* Two sets of colours cannot both be. */
static void on_contrast(KioskWindow *self)
{
    gboolean is_on = gtk_toggle_button_get_active(self->contrast);
    if (is_on) gtk_toggle_button_set_active(self->night, FALSE);
    set_mode(self, "contrast", is_on);
}

static void on_night(KioskWindow *self)
{
    gboolean is_on = gtk_toggle_button_get_active(self->night);
    if (is_on) gtk_toggle_button_set_active(self->contrast, FALSE);
    set_mode(self, "night", is_on);
}

static gboolean is_night(KioskWindow *self)
{
    g_autoptr(GDateTime) now = desk_now(self->desk);
    guint hour = (guint)g_date_time_get_hour(now);
    guint from = self->desk->settings->night_from_h, to = self->desk->settings->night_to_h;

    return from < to ? hour >= from && hour < to : from > to && (hour >= from || hour < to);
}

static void reset_modes(KioskWindow *self)
{
    self->is_resetting = TRUE;
    gtk_toggle_button_set_active(self->large, FALSE);
    gtk_toggle_button_set_active(self->contrast, FALSE);
    gtk_toggle_button_set_active(self->night, is_night(self));
    self->is_resetting = FALSE;
}

/* ---- the visit ---- */

/* Nothing of it remains: not the way back, not what was typed, not the letters' size. */
static void end_visit(KioskWindow *self)
{
    guint length_s = visit_length_s(&self->visit);

    kiosk_dialog_hide(self->dialog);
    stop_reading(self);
    reader_set_volume(self->reader, SPEECH_MIDDLE);
    kiosk_window_go(self, "home", NULL);
    for (guint i = 0; i < PAGE_TABLE_COUNT; i++)
        if (self->pages[i]) kiosk_page_forget(self->pages[i]);
    reset_modes(self);
    self->has_listened = FALSE;
    desk_retry_store(self->desk);
    kiosk_store_visit_ended(self->desk->store, length_s);
    kiosk_store_flush_async(self->desk->store, NULL, NULL);
}

static void on_still_there(gboolean is_primary, gpointer data)
{
    KioskWindow *self = data;

    act(self, is_primary ? visit_touch(&self->visit, now_ms()) : visit_end(&self->visit, now_ms()));
    restart_visit_timer(self);
}

static void show_seconds(KioskWindow *self)
{
    guint left = visit_seconds_left(&self->visit);
    guint of = self->visit.patience[self->visit.page].warning_s;
    g_autofree char *text = g_strdup_printf("%u 秒后回首页，内容清除。", left);

    kiosk_dialog_set_seconds(self->dialog, left, of);
    kiosk_dialog_set_text(self->dialog, text);
}

/* The button by its name and its colour, which is another where contrast is high. */
static void speak_warning(KioskWindow *self)
{
    Script *script = script_new();
    g_autofree char *text =
        g_strdup_printf("还在看吗？要继续，请按%s色的“继续看”。不按，%u 秒后清除，回到首页。",
                        gtk_toggle_button_get_active(self->contrast) ? "黄" : "绿",
                        visit_seconds_left(&self->visit));

    script_add(script, NULL, text);
    reader_read(self->reader, script);
}

static void warn(KioskWindow *self)
{
    stop_reading(self);
    kiosk_dialog_ask(self->dialog, "还在看吗？", "", "结束", "继续看", on_still_there, self);
    show_seconds(self);
    if (self->has_listened) speak_warning(self);
}

static void act(KioskWindow *self, VisitAction action)
{
    switch (action) {
    case VISIT_DO_NOTHING:
        break;
    case VISIT_DO_SHOW_WARNING:
        warn(self);
        break;
    case VISIT_DO_COUNTDOWN:
        show_seconds(self);
        break;
    case VISIT_DO_HIDE_WARNING:
        kiosk_dialog_hide(self->dialog);
        break;
    case VISIT_DO_END_VISIT:
        end_visit(self);
        break;
    case VISIT_DO_SHOW_ATTRACT:
        kiosk_window_go(self, "idle", NULL);
        break;
    case VISIT_DO_LEAVE_ATTRACT:
        kiosk_window_go(self, "home", NULL);
        break;
    }
}

static gboolean on_visit_timer(gpointer data)
{
    KioskWindow *self = data;

    self->visit_timer = 0;
    act(self, visit_tick(&self->visit, now_ms()));
    restart_visit_timer(self);
    return G_SOURCE_REMOVE;
}

static void restart_visit_timer(KioskWindow *self)
{
    gint64 next = visit_next_ms(&self->visit);

    g_clear_handle_id(&self->visit_timer, g_source_remove);
    if (next == VISIT_NEVER) return;
    gint64 wait = CLAMP(next - now_ms(), 1, G_MAXINT);
    self->visit_timer = g_timeout_add((guint)wait, on_visit_timer, self);
}

/* The button under the finger, or with the focus; NULL: none. */
static GtkWidget *button_of(KioskWindow *self, GdkEvent *event)
{
    GtkWidget *widget = gtk_window_get_focus(GTK_WINDOW(self));
    double x, y, left, top;

    if (gdk_event_get_position(event, &x, &y)) {
        gtk_native_get_surface_transform(GTK_NATIVE(self), &left, &top);
        widget = gtk_widget_pick(GTK_WIDGET(self), x - left, y - top, GTK_PICK_DEFAULT);
    }
    if (widget && !GTK_IS_BUTTON(widget)) widget = gtk_widget_get_ancestor(widget, GTK_TYPE_BUTTON);
    return widget && kiosk_dialog_is_shown(self->dialog) &&
                   !gtk_widget_is_ancestor(widget, GTK_WIDGET(self->dialog))
               ? NULL
               : widget;
}

static void stop_renewing(KioskWindow *self)
{
    GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(self));

    if (self->renewing && clock) g_signal_handler_disconnect(clock, self->renewing);
    self->renewing = 0;
}

/* The frame before held the letters of old. */
static void on_renewed(KioskWindow *self)
{
    stop_renewing(self);
    glyphs_drop(&self->glyphs);
}

/* Pages that are not shown hold letters, too. */
static void renew_glyphs(KioskWindow *self)
{
    GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(self));

    if (self->renewing || !clock) return;
    for (guint i = 0; i < PAGE_TABLE_COUNT; i++)
        if (self->pages[i]) glyphs_let_go(GTK_WIDGET(self->pages[i]));
    glyphs_let_go(GTK_WIDGET(self));
    glyphs_renew(GTK_WIDGET(self));
    self->renewing = g_signal_connect_swapped(clock, "after-paint", G_CALLBACK(on_renewed), self);
}

/* Pages come and go, and leave holes in the heap that only grow: they are given back. */
static gboolean on_rest(gpointer data)
{
    KioskWindow *self = data;

    self->rest_timer = 0;
    malloc_trim(0);
    if (glyphs_are_many(&self->glyphs)) renew_glyphs(self);
    return G_SOURCE_REMOVE;
}

static void restart_rest_timer(KioskWindow *self)
{
    g_clear_handle_id(&self->rest_timer, g_source_remove);
    self->rest_timer = g_timeout_add(REST_MS, on_rest, self);
}

/* A touch anywhere: somebody is there. It silences the voice, and only wakes a sleeping screen. */
static gboolean on_touch(KioskWindow *self, GdkEvent *event)
{
    GtkWidget *button = button_of(self, event);
    VisitAction action = self->visit.state == VISIT_WARNING && button
                             ? VISIT_DO_NOTHING /* the button says what it means */
                             : visit_touch(&self->visit, now_ms());

    if (button != GTK_WIDGET(self->speak)) stop_reading(self);
    self->is_blind_touch = action == VISIT_DO_LEAVE_ATTRACT || action == VISIT_DO_END_VISIT;
    act(self, action);
    restart_visit_timer(self);
    restart_rest_timer(self);
    return self->is_blind_touch;
}

static gboolean on_event(KioskWindow *self, GdkEvent *event)
{
    GdkEventType type = gdk_event_get_event_type(event);

    if (type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN || type == GDK_KEY_PRESS)
        return on_touch(self, event);
    if (type == GDK_BUTTON_RELEASE || type == GDK_TOUCH_END || type == GDK_TOUCH_UPDATE ||
        type == GDK_KEY_RELEASE)
        return self->is_blind_touch;
    return FALSE;
}

/* ---- keys: nothing leads out of here ---- */

static gboolean is_plain(GdkModifierType state)
{
    return !(state &
             (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK | GDK_HYPER_MASK));
}

static gboolean moves_focus(guint keyval)
{
    switch (keyval) {
    case GDK_KEY_Tab:
    case GDK_KEY_ISO_Left_Tab:
    case GDK_KEY_Left:
    case GDK_KEY_Right:
    case GDK_KEY_Up:
    case GDK_KEY_Down:
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_space:
        return TRUE;
    default:
        return FALSE;
    }
}

/* What moves the focus and presses a button may; letters are the page's; all else ends here. */
static gboolean on_key(KioskWindow *self, guint keyval, guint keycode, GdkModifierType state)
{
    (void)keycode;
    if (!is_plain(state)) return TRUE;
    if (!kiosk_dialog_is_shown(self->dialog) && kiosk_page_key(self->page, keyval)) return TRUE;
    return !moves_focus(keyval);
}

static gboolean on_close(KioskWindow *self)
{
    (void)self;
    return TRUE;
}

/* ---- clock ---- */

static gboolean on_minute(gpointer data);

static void restart_clock(KioskWindow *self)
{
    gint64 second = g_get_real_time() / G_USEC_PER_SEC % 60;
    self->clock_timer = g_timeout_add_seconds((guint)(60 - second), on_minute, self);
}

static gboolean on_minute(gpointer data)
{
    KioskWindow *self = data;

    show_clock(self);
    if (self->visit.state == VISIT_NONE || self->visit.state == VISIT_ATTRACT) {
        reset_modes(self);
        desk_retry_store(self->desk);
    }
    if (!self->desk->catalogue) {
        desk_refresh(self->desk);
        if (self->desk->catalogue) show_route(self);
    }
    restart_clock(self);
    return G_SOURCE_REMOVE;
}

/* Whoever inserts a stick is before the screen. A resident who reads something is left alone: it
 * waits until they have done. */
static gboolean on_stick_timer(gpointer data)
{
    KioskWindow *self = data;
    VisitPage page = kiosk_page_get_kind(self->page);
    gboolean is_free = self->routes->len == 1 || self->visit.state == VISIT_ATTRACT;

    if (desk_has_new_stick(self->desk)) self->is_stick_waiting = TRUE;
    if (page == VISIT_PAGE_STAFF) self->is_stick_waiting = FALSE;
    if (!self->is_stick_waiting || !is_free) return G_SOURCE_CONTINUE;
    self->is_stick_waiting = FALSE;
    act(self, visit_touch(&self->visit, now_ms()));
    kiosk_window_go(self, "staff", NULL);
    return G_SOURCE_CONTINUE;
}

/* ---- object ---- */

static void kiosk_window_dispose(GObject *object)
{
    KioskWindow *self = KIOSK_WINDOW(object);

    g_clear_handle_id(&self->visit_timer, g_source_remove);
    g_clear_handle_id(&self->clock_timer, g_source_remove);
    g_clear_handle_id(&self->rest_timer, g_source_remove);
    g_clear_handle_id(&self->stick_timer, g_source_remove);
    stop_renewing(self);
    if (self->reader) leave_page(self);
    for (guint i = 0; i < PAGE_TABLE_COUNT; i++)
        g_clear_object(&self->pages[i]);
    g_clear_pointer(&self->reader, reader_free);
    g_clear_pointer(&self->routes, g_ptr_array_unref);
    G_OBJECT_CLASS(kiosk_window_parent_class)->dispose(object);
}

/* It is as large as it was asked to be, whatever stands in it: nothing makes it grow. */
static void kiosk_window_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                 int *minimum, int *natural, int *minimum_baseline,
                                 int *natural_baseline)
{
    GTK_WIDGET_CLASS(kiosk_window_parent_class)
        ->measure(widget, orientation, for_size, minimum, natural, minimum_baseline,
                  natural_baseline);
    *minimum = 0;
}

static void bind_children(GtkWidgetClass *class)
{
    gtk_widget_class_bind_template_child(class, KioskWindow, overlay);
    gtk_widget_class_bind_template_child(class, KioskWindow, frame);
    gtk_widget_class_bind_template_child(class, KioskWindow, header);
    gtk_widget_class_bind_template_child(class, KioskWindow, header_icon);
    gtk_widget_class_bind_template_child(class, KioskWindow, wordmark);
    gtk_widget_class_bind_template_child(class, KioskWindow, header_title);
    gtk_widget_class_bind_template_child(class, KioskWindow, clock);
    gtk_widget_class_bind_template_child(class, KioskWindow, holder);
    gtk_widget_class_bind_template_child(class, KioskWindow, comfort);
    gtk_widget_class_bind_template_child(class, KioskWindow, large);
    gtk_widget_class_bind_template_child(class, KioskWindow, contrast);
    gtk_widget_class_bind_template_child(class, KioskWindow, night);
    gtk_widget_class_bind_template_child(class, KioskWindow, speak);
    gtk_widget_class_bind_template_child(class, KioskWindow, speak_icon);
    gtk_widget_class_bind_template_child(class, KioskWindow, footer);
    gtk_widget_class_bind_template_child(class, KioskWindow, back);
    gtk_widget_class_bind_template_child(class, KioskWindow, help);
    gtk_widget_class_bind_template_child(class, KioskWindow, notices);
    gtk_widget_class_bind_template_child(class, KioskWindow, home);
    gtk_widget_class_bind_template_child(class, KioskWindow, dialog);
}

static void kiosk_window_class_init(KioskWindowClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = kiosk_window_dispose;
    widget_class->measure = kiosk_window_measure;
    g_type_ensure(KIOSK_TYPE_ICON);
    g_type_ensure(KIOSK_TYPE_TILE);
    g_type_ensure(KIOSK_TYPE_DIALOG);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/window.ui");
    bind_children(widget_class);
    gtk_widget_class_bind_template_callback(widget_class, on_large);
    gtk_widget_class_bind_template_callback(widget_class, on_contrast);
    gtk_widget_class_bind_template_callback(widget_class, on_night);
    gtk_widget_class_bind_template_callback(widget_class, on_speak);
    gtk_widget_class_bind_template_callback(widget_class, on_back);
    gtk_widget_class_bind_template_callback(widget_class, on_help);
    gtk_widget_class_bind_template_callback(widget_class, on_notices);
    gtk_widget_class_bind_template_callback(widget_class, on_home);
}

static void watch_input(KioskWindow *self)
{
    GtkEventController *keys = gtk_event_controller_key_new();
    GtkEventController *events = gtk_event_controller_legacy_new();

    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect_swapped(keys, "key-pressed", G_CALLBACK(on_key), self);
    gtk_widget_add_controller(GTK_WIDGET(self), keys);
    gtk_event_controller_set_propagation_phase(events, GTK_PHASE_CAPTURE);
    g_signal_connect_swapped(events, "event", G_CALLBACK(on_event), self);
    gtk_widget_add_controller(GTK_WIDGET(self), events);
    g_signal_connect(self, "close-request", G_CALLBACK(on_close), NULL);
}

static void kiosk_window_init(KioskWindow *self)
{
    self->routes = g_ptr_array_new_with_free_func(route_free);
    gtk_widget_init_template(GTK_WIDGET(self));
    kiosk_dialog_set_behind(self->dialog, GTK_WIDGET(self->frame));
    gtk_widget_set_cursor_from_name(GTK_WIDGET(self), "none");
    watch_input(self);
}

static void write_wordmark(KioskWindow *self)
{
    g_autofree char *mark = NULL, *title = NULL;

    desk_place(self->desk, &mark, &title);
    gtk_label_set_label(self->wordmark, mark);
    kiosk_page_set_title(page_at(self, page_table_find("home")), title, NULL);
}

static void arrange(KioskWindow *self)
{
    if (!self->desk->is_landscape) {
        gtk_widget_add_css_class(GTK_WIDGET(self), "portrait");
        gtk_box_set_homogeneous(self->footer, TRUE);
        return;
    }
    gtk_widget_add_css_class(GTK_WIDGET(self), "landscape");
    g_object_ref(self->comfort);
    gtk_box_remove(self->frame, GTK_WIDGET(self->comfort));
    gtk_box_insert_child_after(self->footer, GTK_WIDGET(self->comfort), GTK_WIDGET(self->back));
    g_object_unref(self->comfort);
}

KioskWindow *kiosk_window_new(GtkApplication *application, Desk *desk)
{
    KioskWindow *self = g_object_new(KIOSK_TYPE_WINDOW, "application", application, NULL);
    const KioskSettings *settings = desk->settings;

    self->desk = desk;
    self->reader = reader_new(settings->speech_command, on_reading, self);
    visit_init(&self->visit, settings->idle_s, settings->warning_s, settings->attract_s, now_ms());
    arrange(self);
    write_wordmark(self);
    show_clock(self);
    restart_clock(self);
    if (settings->has_staff)
        self->stick_timer = g_timeout_add_seconds(STICK_S, on_stick_timer, self);
    reset_modes(self);
    g_ptr_array_add(self->routes, route_new("home", ""));
    show_route(self);
    return self;
}

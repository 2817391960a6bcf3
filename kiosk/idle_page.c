#include "kiosk/idle_page.h"

#include "kiosk/icon.h"

#define CARD_S      12
#define SHIFT_PX    8 /* a minute: so that nothing burns in */
#define SHIFT_STEPS 5

struct _KioskIdlePage {
    KioskPage parent_instance;
    GtkBox *content;
    GtkLabel *mark, *place, *clock, *day, *invitation, *card_title, *card_text, *date;
    KioskIcon *card_icon;
    GtkDrawingArea *lake;

    guint card, card_timer, shift;
};

G_DEFINE_FINAL_TYPE(KioskIdlePage, kiosk_idle_page, KIOSK_TYPE_PAGE)

static void set_card(KioskIdlePage *self, const char *icon, const char *title, const char *text)
{
    kiosk_icon_set_name(self->card_icon, icon);
    gtk_label_set_label(self->card_title, title);
    gtk_label_set_label(self->card_text, text);
}

/* ---- cards: hours, a notice, how it is used ---- */

static void show_hours(KioskIdlePage *self)
{
    const KioskSettings *settings = kiosk_page_desk(KIOSK_PAGE(self))->settings;
    g_autofree char *text =
        *settings->counter || *settings->opening_hours
            ? g_strdup_printf("%s %s", settings->counter, settings->opening_hours)
            : g_strdup_printf("电话 %s", settings->phone);
    set_card(self, "clock", *settings->opening_hours ? "窗口上班时间" : "要找人问", text);
}

static gboolean show_notice(KioskIdlePage *self)
{
    g_autoptr(GPtrArray) notices = desk_notices(kiosk_page_desk(KIOSK_PAGE(self)));
    if (notices->len == 0) return FALSE;
    const Notice *notice = g_ptr_array_index(notices, self->card / 3 % notices->len);
    set_card(self, "notice", notice->title, notice->body);
    return TRUE;
}

static void show_card(KioskIdlePage *self)
{
    switch (self->card % 3) {
    case 0:
        if (show_notice(self)) break;
        /* fall through */
    case 1:
        set_card(self, "touch", "点格子，或打字", "残疾人补贴、低保、公租房，都能查。");
        break;
    default:
        show_hours(self);
        break;
    }
}

static void show_clock(KioskIdlePage *self)
{
    g_autoptr(GDateTime) now = desk_now(kiosk_page_desk(KIOSK_PAGE(self)));
    g_autofree char *time = g_date_time_format(now, "%H:%M");

    gtk_label_set_label(self->clock, time);
    gtk_label_set_label(self->day, desk_weekday(now));
}

/* All of it moves by a few pixels, in both directions. */
static void shift(KioskIdlePage *self)
{
    guint step = self->shift % (2 * SHIFT_STEPS);
    guint offset = step <= SHIFT_STEPS ? step : 2 * SHIFT_STEPS - step;

    gtk_widget_set_margin_top(GTK_WIDGET(self->content), (int)(offset * SHIFT_PX));
    gtk_widget_set_margin_start(GTK_WIDGET(self->content), (int)(offset * SHIFT_PX));
}

static gboolean on_card(gpointer data)
{
    KioskIdlePage *self = data;

    self->card++;
    if (self->card % (60 / CARD_S) == 0) self->shift++;
    show_card(self);
    show_clock(self);
    shift(self);
    return G_SOURCE_CONTINUE;
}

/* Lines of water, the further down the longer and fainter; the first one is gold. */
static void draw_lake(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    static const struct {
        double y, length, rise, opacity; /* of the height, of the width, of the height */
    } lines[] = {
        { 0.05, 0.055, 0.030, 0.9 }, { 0.14, 0.078, 0.043, 0.8 },  { 0.25, 0.107, 0.060, 0.65 },
        { 0.40, 0.148, 0.078, 0.5 }, { 0.60, 0.204, 0.100, 0.38 }, { 0.84, 0.278, 0.126, 0.28 },
    };
    GdkRGBA color;

    (void)data;
    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(area)), &color);
    cairo_set_line_width(cr, 3);
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        double step = lines[i].length * width, y = lines[i].y * height;
        double rise = lines[i].rise * height;
        if (i == 0)
            cairo_set_source_rgb(cr, 0.878, 0.725, 0.416);
        else
            cairo_set_source_rgba(cr, color.red, color.green, color.blue, lines[i].opacity);
        cairo_move_to(cr, -step, y);
        for (int k = 0; (2 * k - 1) * step < width; k++) {
            double x = (2 * k - 1) * step;
            cairo_curve_to(cr, x + step / 3, y - rise, x + 2 * step / 3, y - rise, x + step, y);
            cairo_curve_to(cr, x + 4 * step / 3, y + rise, x + 5 * step / 3, y + rise, x + 2 * step,
                           y);
        }
        cairo_stroke(cr);
    }
}

/* ---- page ---- */

static void kiosk_idle_page_leave(KioskPage *page)
{
    g_clear_handle_id(&KIOSK_IDLE_PAGE(page)->card_timer, g_source_remove);
}

static void kiosk_idle_page_enter(KioskPage *page, const char *argument)
{
    KioskIdlePage *self = KIOSK_IDLE_PAGE(page);
    Desk *desk = kiosk_page_desk(page);
    g_autofree char *mark = NULL, *place = NULL;
    g_autofree char *date = g_strdup_printf("资料日期 %s", desk_data_date(desk));

    (void)argument;
    desk_place(desk, &mark, &place);
    gtk_label_set_label(self->mark, mark);
    gtk_label_set_label(self->place, place);
    gtk_label_set_label(self->date, date);
    self->card = self->shift = 0;
    show_card(self);
    show_clock(self);
    shift(self);
    kiosk_idle_page_leave(page);
    self->card_timer = g_timeout_add_seconds(CARD_S, on_card, self);
}

/* A wide screen is low. */
static void kiosk_idle_page_constructed(GObject *object)
{
    KioskIdlePage *self = KIOSK_IDLE_PAGE(object);

    G_OBJECT_CLASS(kiosk_idle_page_parent_class)->constructed(object);
    if (!kiosk_page_is_landscape(KIOSK_PAGE(object))) return;
    gtk_label_set_label(self->invitation, "轻触屏幕，查询补贴和办事");
    gtk_label_set_lines(self->card_title, 1);
    gtk_label_set_lines(self->card_text, 2);
    gtk_widget_set_visible(GTK_WIDGET(self->lake), FALSE);
}

static void kiosk_idle_page_dispose(GObject *object)
{
    kiosk_idle_page_leave(KIOSK_PAGE(object));
    G_OBJECT_CLASS(kiosk_idle_page_parent_class)->dispose(object);
}

static void kiosk_idle_page_class_init(KioskIdlePageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->constructed = kiosk_idle_page_constructed;
    G_OBJECT_CLASS(class)->dispose = kiosk_idle_page_dispose;
    KIOSK_PAGE_CLASS(class)->enter = kiosk_idle_page_enter;
    KIOSK_PAGE_CLASS(class)->leave = kiosk_idle_page_leave;
    g_type_ensure(KIOSK_TYPE_ICON);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/idle_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskIdlePage, content);
    gtk_widget_class_bind_template_child(widget_class, KioskIdlePage, mark);
    gtk_widget_class_bind_template_child(widget_class, KioskIdlePage, place);
    gtk_widget_class_bind_template_child(widget_class, KioskIdlePage, clock);
    gtk_widget_class_bind_template_child(widget_class, KioskIdlePage, day);
    gtk_widget_class_bind_template_child(widget_class, KioskIdlePage, invitation);
    gtk_widget_class_bind_template_child(widget_class, KioskIdlePage, card_icon);
    gtk_widget_class_bind_template_child(widget_class, KioskIdlePage, card_title);
    gtk_widget_class_bind_template_child(widget_class, KioskIdlePage, card_text);
    gtk_widget_class_bind_template_child(widget_class, KioskIdlePage, date);
    gtk_widget_class_bind_template_child(widget_class, KioskIdlePage, lake);
}

static void kiosk_idle_page_init(KioskIdlePage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    gtk_drawing_area_set_draw_func(self->lake, draw_lake, NULL, NULL);
    kiosk_page_set_title(KIOSK_PAGE(self), "轻触屏幕", NULL);
}

#include "kiosk/staff_page.h"

#include <string.h>

#include "kiosk/block.h"
#include "kiosk/key_grid.h"
#include "kiosk/pager.h"
#include "kiosk/row_list.h"
#include "kiosk/staff_list.h"
#include "kiosk/staff_view.h"
#include "kiosk/tile.h"
#include "kiosk/turner.h"
#include "kiosk/update_link.h"

#define PIN_MAX 12
#define ASK_MS  1500 /* whether a stick has come */
#define DOT     "● "
#define PIN_MIN 6
#define INSERT  "请插上U盘"

#define COLUMNS_LYING 2u

typedef enum {
    STAGE_WAIT,   /* for a stick */
    STAGE_PIN,    /* of its holder */
    STAGE_BUSY,   /* nothing to touch */
    STAGE_CHANGE, /* what will change: publish? */
    STAGE_PERSON, /* who confirms as the second one */
    STAGE_SECOND, /* that one's PIN */
    STAGE_SURE,   /* back to the edition before? */
    STAGE_DONE,
} Stage;

struct _KioskStaffPage {
    KioskPage parent_instance;
    GtkBox *head;
    GtkLabel *heading, *text, *dots;
    GtkProgressBar *bar;
    KioskPager *pager;
    KioskTurner *turner;
    KioskRowList *people;
    GtkBox *pad, *others;
    KioskTile *rollback, *report, *keep, *primary;

    UpdateLink *link; /* while the page is shown */
    guint asking;     /* timer */
    Stage stage;
    Stage kept_stage; /* what was shown before STAGE_SURE */
    char *kept_heading, *kept_text;
    char pin[PIN_MAX + 1];
    char *second; /* who confirms; "": the same one */
    gboolean has_heard;
    gint64 stick; /* what was heard: id of the news of a stick */
    gboolean has_entered, is_rollback;
    gboolean is_report_wanted; /* on the stick when it comes again */
    gboolean is_other_waiting; /* a stick that was inserted after the one this is about */
    gboolean is_pin_sent;      /* and not yet answered: no key does anything */
};

G_DEFINE_FINAL_TYPE(KioskStaffPage, kiosk_staff_page, KIOSK_TYPE_PAGE)

/* ---- stages ---- */

static const struct {
    const char *primary; /* NULL: none */
    gboolean has_pad, has_people, has_others, has_keep;
} stages[] = {
    [STAGE_WAIT] = { NULL, FALSE, FALSE, FALSE, FALSE },
    [STAGE_PIN] = { NULL, TRUE, FALSE, FALSE, FALSE },
    [STAGE_BUSY] = { NULL, FALSE, FALSE, FALSE, FALSE },
    [STAGE_CHANGE] = { "确认发布", FALSE, FALSE, TRUE, FALSE },
    [STAGE_PERSON] = { NULL, FALSE, TRUE, FALSE, FALSE },
    [STAGE_SECOND] = { NULL, TRUE, FALSE, FALSE, FALSE },
    [STAGE_SURE] = { "确认恢复", FALSE, FALSE, FALSE, TRUE },
    [STAGE_DONE] = { "完成", FALSE, FALSE, TRUE, FALSE },
};

static void show_dots(KioskStaffPage *self)
{
    g_autoptr(GString) dots = g_string_new(NULL);

    for (gsize i = 0; i < strlen(self->pin); i++)
        g_string_append(dots, DOT);
    gtk_label_set_label(self->dots, dots->len ? dots->str : "密码");
}

static void forget_pin(KioskStaffPage *self)
{
    explicit_bzero(self->pin, sizeof self->pin);
    show_dots(self);
}

static void show_stage(KioskStaffPage *self, Stage stage, const char *heading, const char *text)
{
    gboolean has_pad = stages[stage].has_pad;

    self->stage = stage;
    self->is_pin_sent = FALSE;
    forget_pin(self);
    gtk_label_set_label(self->heading, heading);
    gtk_label_set_label(self->text, text);
    gtk_widget_set_visible(GTK_WIDGET(self->text), *text != '\0');
    gtk_widget_set_visible(GTK_WIDGET(self->dots), has_pad);
    gtk_widget_set_visible(GTK_WIDGET(self->pad), has_pad);
    gtk_widget_set_visible(GTK_WIDGET(self->bar), stage == STAGE_BUSY);
    gtk_widget_set_visible(GTK_WIDGET(self->people), stages[stage].has_people);
    gtk_widget_set_visible(GTK_WIDGET(self->others), stages[stage].has_others);
    gtk_widget_set_visible(GTK_WIDGET(self->keep), stages[stage].has_keep);
    gtk_widget_set_visible(GTK_WIDGET(self->pager), !stages[stage].has_keep);
    gtk_widget_set_visible(GTK_WIDGET(self->primary), stages[stage].primary != NULL);
    gtk_widget_set_sensitive(GTK_WIDGET(self->report), TRUE);
    if (stages[stage].primary) kiosk_tile_set_title(self->primary, stages[stage].primary);
    gtk_progress_bar_set_fraction(self->bar, 0);
}

/* A list has the whole of a wide screen, in columns, and its heading is one line. */
static void lay_out(KioskStaffPage *self, gboolean has_list)
{
    gboolean is_wide_list = has_list && kiosk_page_is_landscape(KIOSK_PAGE(self));

    kiosk_page_set_stacked(KIOSK_PAGE(self), is_wide_list);
    kiosk_pager_set_columns(self->pager, is_wide_list ? COLUMNS_LYING : 1);
    gtk_orientable_set_orientation(GTK_ORIENTABLE(self->head), is_wide_list
                                                                   ? GTK_ORIENTATION_HORIZONTAL
                                                                   : GTK_ORIENTATION_VERTICAL);
}

static void show_lines(KioskStaffPage *self, GArray *lines)
{
    kiosk_pager_clear(self->pager);
    staff_list_append(self->pager, lines, kiosk_page_is_landscape(KIOSK_PAGE(self)));
    lay_out(self, lines->len > 0);
    g_array_unref(lines);
}

static void show_no_lines(KioskStaffPage *self)
{
    kiosk_pager_clear(self->pager);
    lay_out(self, FALSE);
}

static void show_busy(KioskStaffPage *self, const char *text)
{
    show_no_lines(self);
    show_stage(self, STAGE_BUSY, "请稍等", text);
}

/* ---- what is heard ---- */

static void show_copied(KioskStaffPage *self, const char *message)
{
    g_autofree char *text = g_strdup_printf("%s%s请输入您的密码（6 到 12 位数字），按“确定”。",
                                            message, *message ? "。\n" : "");

    show_stage(self, STAGE_PIN, "请输入密码", text);
}

/* Nobody has shown who they are yet: the stick that came last counts. */
static void take_stick(KioskStaffPage *self, const char *stick, const char *message)
{
    static const struct {
        const char *stick, *heading;
    } headings[] = { { "copying", "请稍等" },
                     { "nothing", "没有找到表" },
                     { "refused", "这次没有拷" },
                     { "pulled", "没有拷完" } };
    const char *heading = INSERT;

    for (guint i = 0; i < G_N_ELEMENTS(headings); i++)
        if (g_str_equal(stick, headings[i].stick)) heading = headings[i].heading;
    if (g_str_equal(stick, "copied"))
        show_copied(self, message);
    else
        show_stage(self, STAGE_WAIT, heading,
                   *message ? message : "插上以后等几秒，表会自己拷进来。");
}

/* The stick came again, or another one, after “导出结果”. */
static void tell_written(KioskStaffPage *self, JsonObject *reply)
{
    gboolean is_written = *staff_view_text(reply, "written") != '\0';
    gboolean is_refused = g_str_equal(staff_view_text(reply, "stick"), "refused");
    const char *reason = is_refused ? staff_view_text(reply, "message") : "U盘可能满了，或者不让写";
    g_autofree char *trouble = g_strdup_printf("%s。\n请换一个U盘，插上再试。", reason);

    self->is_report_wanted = FALSE;
    kiosk_page_tell(KIOSK_PAGE(self), is_written ? "结果写好了" : "结果没有写进U盘",
                    is_written ? "可以拔出U盘，带回去看。" : trouble);
}

/* What is shown stays, and can still be published. */
static void tell_other(KioskStaffPage *self, const char *stick, const char *message)
{
    gboolean is_copied = g_str_equal(stick, "copied");
    g_autofree char *text =
        is_copied ? g_strdup("屏幕上还是前一个U盘的内容。\n做完这一个，按“完成”，就轮到后插的。")
                  : g_strdup_printf("%s。\n屏幕上还是前一个U盘的内容。", message);

    self->is_other_waiting = is_copied;
    kiosk_page_tell(KIOSK_PAGE(self), "又插上了一个U盘", text);
}

static void start_over(KioskStaffPage *self);

/* Whatever is shown, a stick that comes is told of. */
static void hear_stick(KioskStaffPage *self, JsonObject *reply)
{
    const char *stick = staff_view_text(reply, "stick"),
               *message = staff_view_text(reply, "message");
    gboolean is_copying = g_str_equal(stick, "copying");

    if (!self->has_entered)
        take_stick(self, stick, message);
    else if (g_str_equal(stick, "none"))
        return; /* it came again just before the PIN was sent: what is shown are its tables */
    else if (self->is_report_wanted && !is_copying)
        tell_written(self, reply);
    else if (self->is_report_wanted)
        return; /* until it is known whether it was written */
    else if (self->stage == STAGE_DONE)
        start_over(self);
    else if (!is_copying)
        tell_other(self, stick, message);
}

static void hear_hello(KioskStaffPage *self, JsonObject *reply)
{
    gint64 stick = staff_view_number(reply, "id");

    if (self->stage == STAGE_BUSY || self->is_pin_sent) return;
    if (self->has_heard && stick == self->stick) return;
    self->has_heard = TRUE;
    self->stick = stick;
    hear_stick(self, reply);
}

static void hear_entered(KioskStaffPage *self, JsonObject *reply)
{
    JsonArray *others = staff_view_array(reply, "others");

    if (self->has_entered) { /* the second one */
        show_busy(self, "正在发布");
        update_link_say(self->link, "publish", NULL, NULL);
        return;
    }
    self->has_entered = TRUE;
    kiosk_row_list_clear(self->people);
    for (guint i = 0; i < staff_view_count(others); i++) {
        JsonObject *other = staff_view_object_at(others, i);
        kiosk_row_list_add(self->people, NULL, staff_view_text(other, "name"), NULL, "person",
                           staff_view_text(other, "id"));
    }
    kiosk_row_list_show(self->people);
    show_busy(self, "正在检查表格");
    update_link_say(self->link, "check", NULL, NULL);
}

static void hear_refused(KioskStaffPage *self, JsonObject *reply)
{
    show_stage(self, self->stage, "不能进入", staff_view_text(reply, "message"));
}

static void hear_progress(KioskStaffPage *self, JsonObject *reply)
{
    gint64 index = staff_view_number(reply, "index"), count = staff_view_number(reply, "count");
    g_autofree char *text = g_strdup_printf(
        "正在检查 %s\n第 %" G_GINT64_FORMAT " 张，共 %" G_GINT64_FORMAT " 张；%" G_GINT64_FORMAT
        " 行",
        staff_view_text(reply, "sheet"), index + 1, count, staff_view_number(reply, "rows"));

    gtk_label_set_label(self->text, text);
    gtk_progress_bar_set_fraction(self->bar, count > 0 ? (double)index / (double)count : 0);
}

static void hear_checked(KioskStaffPage *self, JsonObject *reply)
{
    const char *outcome = staff_view_outcome(reply);
    g_autofree char *counts = staff_view_counts(reply);

    if (g_str_equal(outcome, "reject")) {
        show_stage(self, STAGE_DONE, "不能发布", "现用的内容没有变，改好再来。");
        show_lines(self, staff_view_issues(reply));
    } else if (g_str_equal(outcome, "same")) {
        show_stage(self, STAGE_DONE, "不用发布", "U盘上的内容和现用的完全一样。");
        show_lines(self, staff_view_issues(reply));
    } else {
        GArray *lines = staff_view_changes(reply), *issues = staff_view_issues(reply);
        show_stage(self, STAGE_CHANGE, "请看有哪些变化", counts);
        g_array_append_vals(lines, issues->data, issues->len);
        g_array_set_clear_func(issues, NULL); /* their texts have moved */
        g_array_unref(issues);
        show_lines(self, lines);
    }
}

static void hear_second(KioskStaffPage *self, JsonObject *reply)
{
    const char *why = staff_view_text(reply, "message");
    gboolean has_people = kiosk_row_list_count(self->people) > 0;
    g_autofree char *text = g_strconcat(
        why, has_people ? "。\n请另一位工作人员来，点自己的名字。" : "。\n请再输入一次密码。",
        NULL);

    show_no_lines(self);
    g_clear_pointer(&self->second, g_free);
    show_stage(self, has_people ? STAGE_PERSON : STAGE_SECOND, "再确认一次", text);
}

static void hear_done(KioskStaffPage *self, const char *heading, JsonObject *reply)
{
    show_no_lines(self);
    show_stage(self, STAGE_DONE, heading, staff_view_text(reply, "message"));
}

static void hear_published(KioskStaffPage *self, JsonObject *reply)
{
    hear_done(self, self->is_rollback ? "恢复好了" : "发布好了", reply);
    /* once more would be the edition before that; and of this one there is no result */
    if (self->is_rollback) gtk_widget_set_visible(GTK_WIDGET(self->others), FALSE);
}

/* The answer to “导出结果”: what the page shows stays, and can still be published. */
static void tell_report(KioskStaffPage *self, const char *heading, JsonObject *reply)
{
    gtk_widget_set_sensitive(GTK_WIDGET(self->report), TRUE);
    kiosk_page_tell(KIOSK_PAGE(self), heading, staff_view_text(reply, "message"));
}

static void hear_reported(KioskStaffPage *self, JsonObject *reply)
{
    self->is_report_wanted = TRUE;
    tell_report(self, "导出结果", reply);
}

static void hear_failed(KioskStaffPage *self, JsonObject *reply)
{
    gboolean is_report = !gtk_widget_get_sensitive(GTK_WIDGET(self->report));

    if (is_report)
        tell_report(self, "没有成功", reply);
    else if (!self->has_entered) /* another PIN would not help, another stick may */
        show_stage(self, STAGE_WAIT, "没有成功", staff_view_text(reply, "message"));
    else if (self->stage == STAGE_SECOND)
        show_stage(self, STAGE_SECOND, "没有成功", staff_view_text(reply, "message"));
    else
        hear_done(self, "没有成功", reply);
}

static void hear(KioskStaffPage *self, JsonObject *reply)
{
    const char *is = staff_view_text(reply, "is");

    if (g_str_equal(is, "hello"))
        hear_hello(self, reply);
    else if (g_str_equal(is, "entered"))
        hear_entered(self, reply);
    else if (g_str_equal(is, "refused"))
        hear_refused(self, reply);
    else if (g_str_equal(is, "progress"))
        hear_progress(self, reply);
    else if (g_str_equal(is, "checked"))
        hear_checked(self, reply);
    else if (g_str_equal(is, "second"))
        hear_second(self, reply);
    else if (g_str_equal(is, "published"))
        hear_published(self, reply);
    else if (g_str_equal(is, "reported"))
        hear_reported(self, reply);
    else
        hear_failed(self, reply);
}

static void on_heard(JsonObject *reply, const char *message, gpointer data)
{
    KioskStaffPage *self = data;

    if (reply) {
        hear(self, reply);
        return;
    }
    g_clear_pointer(&self->link, update_link_free);
    g_clear_handle_id(&self->asking, g_source_remove);
    show_no_lines(self);
    show_stage(self, STAGE_DONE, "没有成功", message);
    gtk_widget_set_visible(GTK_WIDGET(self->others), FALSE);
}

/* ---- what is touched ---- */

static void enter_pin(KioskStaffPage *self)
{
    gboolean is_second = self->stage == STAGE_SECOND;

    if (!self->link || !*self->pin) return;
    if (strlen(self->pin) < PIN_MIN) {
        show_stage(self, self->stage, "密码太短", "请输入您的密码（6 到 12 位数字），按“确定”。");
        return;
    }
    if (is_second)
        update_link_say(self->link, "second", self->pin, self->second);
    else
        update_link_say(self->link, "enter", self->pin, NULL);
    forget_pin(self);
    self->is_pin_sent = TRUE;
    gtk_label_set_label(self->heading, "请稍等");
    gtk_label_set_label(self->text, "正在核对密码");
}

static void on_key(KioskStaffPage *self, int command)
{
    gsize len = strlen(self->pin);

    if (self->is_pin_sent) return; /* a PIN typed twice would be taken for the second person's */
    if (command == KEY_GRID_SEARCH) {
        enter_pin(self);
        return;
    }
    if (command == KEY_GRID_CLEAR) explicit_bzero(self->pin, sizeof self->pin);
    if (command == KEY_GRID_ERASE && len > 0) self->pin[len - 1] = '\0';
    if (command < KEY_GRID_ERASE && len < PIN_MAX) self->pin[len] = (char)command;
    show_dots(self);
}

static gboolean kiosk_staff_page_key(KioskPage *page, guint keyval)
{
    KioskStaffPage *self = KIOSK_STAFF_PAGE(page);
    gunichar digit = gdk_keyval_to_unicode(keyval);

    if (!stages[self->stage].has_pad) return FALSE;
    if (digit >= '0' && digit <= '9')
        on_key(self, (int)digit);
    else if (keyval == GDK_KEY_BackSpace)
        on_key(self, KEY_GRID_ERASE);
    else if (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter)
        on_key(self, KEY_GRID_SEARCH);
    else
        return FALSE;
    return TRUE;
}

static void on_person(KioskStaffPage *self, const char *page, const char *id)
{
    (void)page;
    g_free(self->second);
    self->second = g_strdup(id);
    show_stage(self, STAGE_SECOND, "再确认一次", "请输入您自己的密码，按“确定”。");
}

static void on_primary(KioskStaffPage *self)
{
    if (self->stage == STAGE_DONE && self->is_other_waiting) {
        start_over(self);
        return;
    }
    if (self->stage == STAGE_DONE) {
        kiosk_page_go(KIOSK_PAGE(self), "home", NULL);
        return;
    }
    self->is_rollback = self->stage == STAGE_SURE;
    show_busy(self, self->is_rollback ? "正在恢复上一版" : "正在发布");
    update_link_say(self->link, self->is_rollback ? "rollback" : "publish", NULL, NULL);
}

/* What was shown stays behind the question, for who keeps what is published. */
static void on_rollback(KioskStaffPage *self)
{
    self->kept_stage = self->stage;
    g_free(self->kept_heading);
    self->kept_heading = g_strdup(gtk_label_get_label(self->heading));
    g_free(self->kept_text);
    self->kept_text = g_strdup(gtk_label_get_label(self->text));
    gtk_widget_set_visible(GTK_WIDGET(self->turner), FALSE);
    show_stage(self, STAGE_SURE, "恢复上一版吗？",
               "现在的内容换回发布以前的那一版，马上生效。这次检查过的表不发布。");
}

static void on_keep(KioskStaffPage *self)
{
    show_stage(self, self->kept_stage, self->kept_heading, self->kept_text);
    kiosk_pager_set_page(self->pager, kiosk_pager_get_page(self->pager)); /* shows the turner */
}

static void on_report(KioskStaffPage *self)
{
    gtk_widget_set_sensitive(GTK_WIDGET(self->report), FALSE);
    update_link_say(self->link, "report", NULL, NULL);
}

/* ---- page ---- */

static gboolean on_ask(gpointer data)
{
    KioskStaffPage *self = data;

    if (self->stage != STAGE_BUSY && !self->is_pin_sent)
        update_link_say(self->link, "hello", NULL, NULL);
    return G_SOURCE_CONTINUE;
}

static void kiosk_staff_page_leave(KioskPage *page)
{
    KioskStaffPage *self = KIOSK_STAFF_PAGE(page);

    g_clear_handle_id(&self->asking, g_source_remove);
    g_clear_pointer(&self->link, update_link_free);
    g_clear_pointer(&self->second, g_free);
    g_clear_pointer(&self->kept_heading, g_free);
    g_clear_pointer(&self->kept_text, g_free);
    self->has_entered = self->has_heard = FALSE;
    self->is_report_wanted = self->is_other_waiting = FALSE;
    show_no_lines(self);
    kiosk_row_list_clear(self->people);
    kiosk_row_list_show(self->people);
    show_stage(self, STAGE_WAIT, INSERT, "");
}

static void kiosk_staff_page_enter(KioskPage *page, const char *argument)
{
    KioskStaffPage *self = KIOSK_STAFF_PAGE(page);
    const Desk *desk = kiosk_page_desk(page);

    (void)argument;
    kiosk_staff_page_leave(page);
    self->link = update_link_new(desk->data_dir, desk->settings->update_folder, on_heard, self);
    update_link_say(self->link, "hello", NULL, NULL);
    self->asking = g_timeout_add(ASK_MS, on_ask, self);
}

static void start_over(KioskStaffPage *self)
{
    kiosk_staff_page_enter(KIOSK_PAGE(self), "");
}

static void kiosk_staff_page_say(KioskPage *page, Script *script)
{
    KioskStaffPage *self = KIOSK_STAFF_PAGE(page);

    script_add(script, GTK_WIDGET(self->heading), gtk_label_get_label(self->heading));
    script_add(script, GTK_WIDGET(self->text), gtk_label_get_label(self->text));
}

/* ---- object ---- */

static void kiosk_staff_page_constructed(GObject *object)
{
    KioskStaffPage *self = KIOSK_STAFF_PAGE(object);
    GtkWidget *keys = kiosk_key_grid_new(KEY_GRID_PIN, kiosk_page_is_landscape(KIOSK_PAGE(object)));

    G_OBJECT_CLASS(kiosk_staff_page_parent_class)->constructed(object);
    g_signal_connect_swapped(keys, "key", G_CALLBACK(on_key), self);
    gtk_box_append(self->pad, keys);
    kiosk_turner_follow(self->turner, self->pager);
    if (!kiosk_page_is_landscape(KIOSK_PAGE(object))) return;
    g_object_set(object, "share", 0.55, NULL);
}

static void kiosk_staff_page_dispose(GObject *object)
{
    KioskStaffPage *self = KIOSK_STAFF_PAGE(object);

    g_clear_handle_id(&self->asking, g_source_remove);
    g_clear_pointer(&self->link, update_link_free);
    g_clear_pointer(&self->second, g_free);
    g_clear_pointer(&self->kept_heading, g_free);
    g_clear_pointer(&self->kept_text, g_free);
    explicit_bzero(self->pin, sizeof self->pin);
    G_OBJECT_CLASS(kiosk_staff_page_parent_class)->dispose(object);
}

static void kiosk_staff_page_class_init(KioskStaffPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->constructed = kiosk_staff_page_constructed;
    G_OBJECT_CLASS(class)->dispose = kiosk_staff_page_dispose;
    KIOSK_PAGE_CLASS(class)->enter = kiosk_staff_page_enter;
    KIOSK_PAGE_CLASS(class)->leave = kiosk_staff_page_leave;
    KIOSK_PAGE_CLASS(class)->say = kiosk_staff_page_say;
    KIOSK_PAGE_CLASS(class)->key = kiosk_staff_page_key;
    g_type_ensure(KIOSK_TYPE_PAGER);
    g_type_ensure(KIOSK_TYPE_TURNER);
    g_type_ensure(KIOSK_TYPE_ROW_LIST);
    g_type_ensure(KIOSK_TYPE_TILE);
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/staff_page.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, head);
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, heading);
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, text);
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, dots);
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, bar);
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, pager);
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, turner);
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, people);
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, pad);
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, others);
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, rollback);
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, report);
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, keep);
    gtk_widget_class_bind_template_child(widget_class, KioskStaffPage, primary);
    gtk_widget_class_bind_template_callback(widget_class, on_person);
    gtk_widget_class_bind_template_callback(widget_class, on_rollback);
    gtk_widget_class_bind_template_callback(widget_class, on_keep);
    gtk_widget_class_bind_template_callback(widget_class, on_report);
    gtk_widget_class_bind_template_callback(widget_class, on_primary);
}

static void kiosk_staff_page_init(KioskStaffPage *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    g_object_set(self, "kind", VISIT_PAGE_STAFF, NULL);
    kiosk_page_set_title(KIOSK_PAGE(self), "工作人员", "usb");
    show_stage(self, STAGE_WAIT, INSERT, "");
}

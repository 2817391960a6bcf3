#include "kiosk/desk.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "db/disk.h"
#include "db/intake.h"

static void close_content(Desk *desk)
{
    g_clear_pointer(&desk->suggest, suggest_free);
    g_clear_pointer(&desk->search, search_free);
    g_clear_pointer(&desk->catalogue, catalogue_free);
}

static void open_content(Desk *desk)
{
    g_autoptr(GError) error = NULL;
    Catalogue *fresh = catalogue_open(desk->data_dir, &error);

    if (!fresh) {
        g_warning("content not opened: %s", error->message);
        return;
    }
    close_content(desk);
    desk->catalogue = fresh;
    desk->search = search_new(fresh);
}

/* Tried again when nobody is there: what was wrong with the disk may have been put right. Said once
 * that it fails, and once that it works. */
static void open_store(Desk *desk, gboolean is_first)
{
    g_autoptr(GError) error = NULL;

    desk->store = kiosk_store_open(desk->data_dir, &error);
    if (!desk->store && is_first)
        g_warning("触摸屏的使用次数和居民留言记不下来：%s。看 bianmin status", error->message);
    if (desk->store && !is_first) g_message("触摸屏的使用次数和居民留言又记得下来了");
}

/* ---- sticks ---- */

#define SEEN     "stick-seen" /* beside the store: the id of what was last heard of a stick */
#define SEEN_MAX 32u

static int open_own_folder(const Desk *desk)
{
    g_autofree char *path = g_build_filename(desk->data_dir, "kiosk", NULL);

    return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static guint64 load_seen(const Desk *desk)
{
    gsize len = 0;
    int folder = open_own_folder(desk);
    g_autofree char *text = folder >= 0 ? disk_read(folder, SEEN, SEEN_MAX, &len, NULL) : NULL;

    if (folder >= 0) close(folder);
    return text ? g_ascii_strtoull(text, NULL, 10) : 0;
}

static void save_seen(const Desk *desk)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT "\n", desk->stick_id);
    int folder = open_own_folder(desk);

    if (folder < 0) return; /* like the store: that was said */
    if (!disk_replace(folder, SEEN, text, strlen(text), 0600, &error))
        g_message("a stick that was seen is not kept: %s", error->message);
    close(folder);
}

/* By identity, not by time, whose clock may jump: what was seen before a restart is not new, and a
 * stick that was in the machine when it was switched on is. */
gboolean desk_has_new_stick(Desk *desk)
{
    g_auto(IntakeState) state = { 0 };
    gboolean is_new =
        desk->settings->has_staff && intake_peek(desk->data_dir, &desk->stick_id, &state);

    if (is_new) save_seen(desk);
    return is_new && state.result != INTAKE_NONE;
}

/* ---- the desk ---- */

Desk *desk_new(const char *data_dir, KioskSettings *settings)
{
    Desk *desk = g_new0(Desk, 1);

    desk->data_dir = g_strdup(data_dir);
    desk->settings = settings;
    open_store(desk, TRUE);
    desk->stick_id = load_seen(desk);
    open_content(desk);
    return desk;
}

void desk_free(Desk *desk)
{
    if (!desk) return;
    close_content(desk);
    kiosk_store_free(desk->store);
    kiosk_settings_free(desk->settings);
    g_clear_pointer(&desk->stopped_clock, g_date_time_unref);
    g_free(desk->data_dir);
    g_free(desk);
}

void desk_refresh(Desk *desk)
{
    if (!desk->catalogue || catalogue_is_stale(desk->catalogue)) open_content(desk);
}

void desk_retry_store(Desk *desk)
{
    if (!desk->store) open_store(desk, FALSE);
}

GDateTime *desk_now(const Desk *desk)
{
    return desk->stopped_clock ? g_date_time_ref(desk->stopped_clock) : g_date_time_new_now_local();
}

Suggest *desk_suggest(Desk *desk)
{
    if (!desk->suggest && desk->catalogue) desk->suggest = suggest_new(desk->catalogue);
    return desk->suggest;
}

const char *desk_weekday(GDateTime *now)
{
    static const char *const days[] = { "星期一", "星期二", "星期三", "星期四",
                                        "星期五", "星期六", "星期日" };
    return days[g_date_time_get_day_of_week(now) - 1];
}

void desk_place(const Desk *desk, char **mark, char **title)
{
    const char *place = desk->settings->place;
    const char *rest = g_utf8_offset_to_pointer(place, MIN(g_utf8_strlen(place, -1), 2));

    *mark = g_strndup(place, (gsize)(rest - place));
    *title = g_strdup_printf("%s便民查询", rest);
}

/* ---- categories ---- */

GPtrArray *desk_categories(const Desk *desk)
{
    GPtrArray *list = g_ptr_array_new();
    const Catalogue *catalogue = desk->catalogue;

    for (guint i = 0; catalogue && i < catalogue->topic_count; i++) {
        const char *category = catalogue->topics[i].category;
        if (!g_ptr_array_find_with_equal_func(list, category, g_str_equal, NULL))
            g_ptr_array_add(list, (gpointer)category);
    }
    return list;
}

guint desk_category_count(const Desk *desk, const char *category)
{
    guint count = 0;
    for (guint i = 0; desk->catalogue && i < desk->catalogue->topic_count; i++)
        count += g_str_equal(desk->catalogue->topics[i].category, category);
    return count;
}

const char *desk_category_icon(const char *category)
{
    static const struct {
        const char *category, *icon;
    } icons[] = {
        { "残疾人服务", "cat-disability" }, { "社会救助", "cat-aid" },
        { "住房保障", "cat-housing" },      { "养老服务", "cat-elder" },
        { "医保社保", "cat-insurance" },    { "教育就业", "cat-education" },
        { "户籍证件", "cat-identity" },     { "平安建设", "cat-safety" },
        { "城市环境", "cat-environment" },  { "社区生活", "cat-community" },
        { "政务公开", "cat-open" },
    };
    for (guint i = 0; i < G_N_ELEMENTS(icons); i++)
        if (g_str_equal(icons[i].category, category)) return icons[i].icon;
    return "documents";
}

const char *desk_data_date(const Desk *desk)
{
    const char *newest = "";

    for (guint i = 0; desk->catalogue && i < desk->catalogue->topic_count; i++)
        if (strcmp(desk->catalogue->topics[i].as_of_date, newest) > 0)
            newest = desk->catalogue->topics[i].as_of_date;
    return newest;
}

/* ---- notices ---- */

static gboolean is_valid_on(const Notice *notice, const char *day)
{
    return (!*notice->valid_from || strcmp(notice->valid_from, day) <= 0) &&
           (!*notice->valid_to || strcmp(notice->valid_to, day) >= 0);
}

GPtrArray *desk_notices(const Desk *desk)
{
    GPtrArray *list = g_ptr_array_new();
    g_autoptr(GDateTime) now = desk_now(desk);
    g_autofree char *day = g_date_time_format(now, "%Y-%m-%d");

    for (guint i = 0; desk->catalogue && i < desk->catalogue->notice_count; i++)
        if (is_valid_on(&desk->catalogue->notices[i], day))
            g_ptr_array_add(list, &desk->catalogue->notices[i]);
    return list;
}

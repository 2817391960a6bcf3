#include "db/status_command.h"

#include "charset/terminal.h"
#include "db/folder.h"
#include "db/generation.h"
#include "db/json_line.h"
#include "db/kiosk_health.h"
#include "db/sms_health.h"
#include "db/store.h"

#include <errno.h>
#include <unistd.h>

static const char *source_name(GenerationSource source)
{
    switch (source) {
    case GENERATION_CURRENT:
        return "current";
    case GENERATION_PREVIOUS:
        return "previous";
    case GENERATION_BUILTIN:
        return "builtin";
    }
    return "builtin";
}

static sqlite3_stmt *prepare_sheets(const Generation *generation)
{
    return store_prepare(generation->db,
                         "SELECT name, rows, origin, charset, loaded FROM sheet ORDER BY name",
                         NULL);
}

/* The newest date any topic is vouched for; "" if there is none. Free with g_free(). */
static char *newest_as_of(const Generation *generation)
{
    g_autoptr(sqlite3_stmt) row =
        store_prepare(generation->db, "SELECT max(as_of_date) FROM topic", NULL);
    return g_strdup(row && store_step(row, NULL) ? store_text(row, 0) : "");
}

static guint32 day_number(GDateTime *time)
{
    GDate day;
    g_date_clear(&day, 1);
    g_date_set_dmy(&day, (GDateDay)g_date_time_get_day_of_month(time),
                   (GDateMonth)g_date_time_get_month(time), (GDateYear)g_date_time_get_year(time));
    return g_date_get_julian(&day);
}

/* 今天, 3 天前: by the calendar here, for what was published last night was not published today.
 * Free with g_free(). */
static char *age_text(const char *published)
{
    g_autoptr(GDateTime) then = g_date_time_new_from_iso8601(published, NULL);
    if (!then) return g_strdup("时间不明");
    g_autoptr(GDateTime) here = g_date_time_to_local(then);
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    guint32 from = day_number(here), to = day_number(now);
    return to > from ? g_strdup_printf("%u 天前", to - from) : g_strdup("今天");
}

/* ---- JSON ---- */

static void add_member(JsonBuilder *builder, const char *name, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, valid);
}

static void add_sheets(JsonBuilder *builder, const Generation *generation)
{
    g_autoptr(sqlite3_stmt) row = prepare_sheets(generation);
    json_builder_set_member_name(builder, "sheets");
    json_builder_begin_array(builder);
    while (row && store_step(row, NULL)) {
        json_builder_begin_object(builder);
        add_member(builder, "name", store_text(row, 0));
        json_builder_set_member_name(builder, "rows");
        json_builder_add_int_value(builder, sqlite3_column_int64(row, 1));
        add_member(builder, "origin", store_text(row, 2));
        add_member(builder, "charset", store_text(row, 3));
        add_member(builder, "loaded", store_text(row, 4));
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void add_generations(JsonBuilder *builder, const Generation *generation)
{
    g_autoptr(GArray) numbers = generation_list(generation->data_dir);
    json_builder_set_member_name(builder, "generations");
    json_builder_begin_array(builder);
    for (guint i = 0; i < numbers->len; i++)
        json_builder_add_int_value(builder, g_array_index(numbers, guint, i));
    json_builder_end_array(builder);
}

static void add_warnings(JsonBuilder *builder, const Generation *generation)
{
    json_builder_set_member_name(builder, "warnings");
    json_builder_begin_array(builder);
    for (guint i = 0; i < generation->warnings->len; i++)
        json_builder_add_string_value(builder, generation->warnings->pdata[i]);
    json_builder_end_array(builder);
}

/* What the gateway wrote of itself; null if it never ran here. */
static void add_sms(JsonBuilder *builder, const char *data_dir)
{
    g_autofree char *health = sms_health_read(data_dir);
    JsonNode *node = health ? json_from_string(health, NULL) : NULL;
    json_builder_set_member_name(builder, "sms");
    if (node)
        json_builder_add_value(builder, node);
    else
        json_builder_add_null_value(builder);
}

/* null if no touch screen ever ran here. */
static void add_kiosk(JsonBuilder *builder, const char *data_dir)
{
    KioskHealth health = kiosk_health(data_dir);
    json_builder_set_member_name(builder, "kiosk");
    if (health == KIOSK_HEALTH_NONE) {
        json_builder_add_null_value(builder);
        return;
    }
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "can_write");
    json_builder_add_boolean_value(builder, !kiosk_health_is_bad(health));
    add_member(builder, "state", kiosk_health_name(health));
    add_member(builder, "text", kiosk_health_text(health));
    json_builder_end_object(builder);
}

static char *digest_of(const Generation *generation)
{
    char *digest =
        generation->digest ? g_strdup(generation->digest) : generation_digest(generation->db, NULL);

    return digest ? digest : g_strdup("");
}

static void print_json(const Generation *generation)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree char *as_of = newest_as_of(generation);
    g_autofree char *digest = digest_of(generation);
    json_builder_begin_object(builder);
    add_member(builder, "version", BIANMIN_VERSION);
    add_member(builder, "data_dir", generation->data_dir);
    add_member(builder, "source", source_name(generation->source));
    json_builder_set_member_name(builder, "generation");
    json_builder_add_int_value(builder, generation->number);
    add_member(builder, "digest", digest);
    add_member(builder, "published", generation->published);
    add_member(builder, "newest_as_of", as_of);
    add_sheets(builder, generation);
    add_generations(builder, generation);
    add_warnings(builder, generation);
    add_sms(builder, generation->data_dir);
    add_kiosk(builder, generation->data_dir);
    json_builder_end_object(builder);
    g_autofree char *text = json_line(builder);
    fputs(text, stdout); /* JSON is UTF-8 whatever the terminal */
    fputc('\n', stdout);
}

/* ---- text ---- */

static void print_sheets(const Generation *generation)
{
    g_autoptr(sqlite3_stmt) row = prepare_sheets(generation);
    while (row && store_step(row, NULL)) {
        const char *name = store_text(row, 0), *origin = store_text(row, 2),
                   *loaded = store_text(row, 4);
        guint columns = terminal_columns(name);
        terminal_printf(stdout, "  %s%*s%6" G_GINT64_FORMAT " 行", name,
                        (int)(columns < 16 ? 16 - columns : 0), "",
                        (gint64)sqlite3_column_int64(row, 1));
        if (strcmp(origin, "built-in") == 0)
            terminal_printf(stdout, "  程序自带\n");
        else
            terminal_printf(stdout, "  %s，%s，%.10s 读入\n", origin, store_text(row, 3), loaded);
    }
}

static void print_generations(const Generation *generation)
{
    g_autoptr(GArray) numbers = generation_list(generation->data_dir);
    if (numbers->len == 0) return;
    terminal_printf(stdout, "留存版本：");
    for (guint i = 0; i < numbers->len; i++)
        terminal_printf(stdout, "%s%u", i > 0 ? "、" : "", g_array_index(numbers, guint, i));
    terminal_printf(stdout, "（bianmin rollback 版本号 可以退回）\n");
}

static void print_text(const Generation *generation)
{
    g_autofree char *as_of = newest_as_of(generation);
    g_autofree char *digest = digest_of(generation);
    g_autofree char *data_dir = terminal_to_utf8(generation->data_dir, -1);
    g_autofree char *age = age_text(generation->published);
    gboolean is_missing = access(generation->data_dir, F_OK) != 0 && errno == ENOENT;
    terminal_printf(stdout, "便民查询 %s\n数据文件夹：%s%s\n", BIANMIN_VERSION, data_dir,
                    is_missing ? "（还没有这个文件夹）" : "");
    if (generation->source == GENERATION_BUILTIN)
        terminal_printf(stdout, "现用数据：程序自带的起步数据\n");
    else
        terminal_printf(stdout, "现用数据：第 %u 版%s，%.10s %.5s 发布（%s）\n", generation->number,
                        generation->source == GENERATION_PREVIOUS ? "（备用的上一版）" : "",
                        generation->published, generation->published + 11, age);
    terminal_printf(stdout, "数据日期：%s（最新的一项）\n内容校验码：%s\n", as_of, digest);
    print_sheets(generation);
    print_generations(generation);
}

int status_main(CliGlobals *globals, int argc, char **argv)
{
    gboolean is_json = FALSE, is_done = FALSE;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, "输出一行 JSON", NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    int status = cli_parse(globals, "status [选项]", entries, &argc, &argv, &is_done);
    if (is_done) return status;
    if (argc > 1) return cli_fail(EX_USAGE, "status 后面不用再写别的");

    g_autofree char *data_dir = folder_locate(globals->data_dir);
    g_autoptr(Generation) generation = generation_open(data_dir, &error);
    if (!generation) return cli_fail(EX_DATAERR, "没有可用的数据：%s", error->message);
    if (is_json)
        print_json(generation);
    else
        print_text(generation);
    gboolean is_sms_well = TRUE;
    g_autofree char *sms =
        sms_health_describe(data_dir, g_get_real_time() / G_USEC_PER_SEC, &is_sms_well);
    KioskHealth kiosk = kiosk_health(data_dir);
    if (!is_json) terminal_printf(stdout, "%s", sms);
    if (!is_json && kiosk_health_is_bad(kiosk))
        terminal_printf(stdout, "注意：%s\n", kiosk_health_text(kiosk));
    for (guint i = 0; i < generation->warnings->len; i++)
        cli_fail(EX_DATAERR, "%s", (char *)generation->warnings->pdata[i]);
    if (generation->warnings->len > 0) return EX_DATAERR;
    return is_sms_well && !kiosk_health_is_bad(kiosk) ? EX_OK : EX_UNAVAILABLE;
}

#include "db/update_serve.h"

#include "charset/cli.h"
#include "db/disk.h"
#include "db/generation.h"
#include "db/json_line.h"
#include "db/report_outbox.h"
#include "db/trust.h"
#include "db/update.h"
#include "db/update_report.h"
#include "db/update_source.h"
#include "db/update_stick.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <unistd.h>

#define WAIT_MS        (600 * 1000) /* for the next line: somebody went away */
#define PROGRESS_EVERY (100 * G_TIME_SPAN_MILLISECOND)
#define ENTRIES_MAX    200u /* of each list of changes; counts are exact */

typedef struct {
    const char *data_dir;
    UpdateStick stick;
    Update *update;
    char who[TRUST_ID_HEX], second[TRUST_ID_HEX]; /* "" until the PIN was right */
    gint64 told_at;                               /* of the last progress */
    GString *line;
} Serve;

typedef struct {
    const char *name;
    gboolean is_open; /* without a PIN */
    void (*run)(Serve *serve, JsonObject *request);
} Verb;

/* ---- what is said ---- */

static void say(JsonBuilder *builder)
{
    g_autofree char *line = NULL;
    g_autofree char *text = NULL;

    json_builder_end_object(builder);
    line = json_line(builder);
    text = g_strconcat(line, "\n", NULL);
    if (!disk_write_all(STDOUT_FILENO, text, strlen(text), NULL))
        exit(EX_OK); /* nobody listens any more */
}

static JsonBuilder *answer(const char *is)
{
    JsonBuilder *builder = json_builder_new();

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "is");
    json_builder_add_string_value(builder, is);
    return builder;
}

static void add_text(JsonBuilder *builder, const char *name, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);

    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, valid);
}

static void add_number(JsonBuilder *builder, const char *name, guint64 number)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, (gint64)number);
}

static void say_message(const char *is, const char *message)
{
    g_autoptr(JsonBuilder) builder = answer(is);

    add_text(builder, "message", message);
    say(builder);
}

static void fail(const GError *error)
{
    g_autofree char *trouble = update_source_explain(error, UPDATE_READER_CLERK);

    say_message("failed", trouble);
}

/* ---- hello ---- */

/* The unit that writes the stick has no right to note that it did. */
static void forget_written_report(const Serve *serve, const UpdateStickNews *news)
{
    if (*news->written) report_outbox_forget(serve->data_dir, news->time);
}

static void hello(Serve *serve, JsonObject *request)
{
    g_autoptr(JsonBuilder) builder = answer("hello");
    g_auto(UpdateStickNews) news = update_stick_news(&serve->stick);
    g_autoptr(GError) error = NULL;
    g_autoptr(Generation) published = generation_open(serve->data_dir, &error);

    (void)request;
    forget_written_report(serve, &news);
    add_text(builder, "stick", news.state);
    add_number(builder, "id", news.id >> 1); /* JSON's are signed */
    add_text(builder, "message", news.message);
    add_text(builder, "written", news.written);
    add_number(builder, "generation", published ? published->number : 0);
    add_text(builder, "published", published ? published->published : "");
    say(builder);
}

/* ---- who it is ---- */

static void start_over(Serve *serve)
{
    g_clear_pointer(&serve->update, update_free);
    *serve->second = '\0';
}

static const char *text_of(JsonObject *request, const char *name)
{
    JsonNode *node = json_object_get_member(request, name);
    return node && json_node_get_value_type(node) == G_TYPE_STRING ? json_node_get_string(node)
                                                                   : "";
}

/* Whoever else may confirm; not the one who came in. The holders stay in it. */
static GPtrArray *others_of(Trust *trust, const Serve *serve)
{
    const Uptime now = uptime_now();
    g_autoptr(GPtrArray) holders = trust_holders(trust, &now, NULL);

    for (guint i = holders ? holders->len : 0; i > 0; i--) {
        const TrustHolder *holder = holders->pdata[i - 1];
        if (*holder->revoked || strcmp(holder->id, serve->who) == 0)
            g_ptr_array_remove_index(holders, i - 1);
    }
    return g_steal_pointer(&holders);
}

static void add_others(Trust *trust, const Serve *serve, JsonBuilder *builder)
{
    g_autoptr(GPtrArray) others = others_of(trust, serve);

    json_builder_set_member_name(builder, "others");
    json_builder_begin_array(builder);
    for (guint i = 0; others && i < others->len; i++) {
        const TrustHolder *holder = others->pdata[i];
        json_builder_begin_object(builder);
        add_text(builder, "id", holder->id);
        add_text(builder, "name", holder->label);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void say_verdict(Trust *trust, const Serve *serve, const TrustResult *result)
{
    g_autoptr(JsonBuilder) builder = answer(result->verdict == TRUST_OK ? "entered" : "refused");

    add_text(builder, "message", result->message);
    if (result->verdict == TRUST_OK) add_others(trust, serve, builder);
    say(builder);
}

static gboolean check_key(const Serve *serve, Trust *trust, const char *pin, TrustResult *result,
                          GError **error)
{
    const Uptime now = uptime_now();

    return trust_check(trust, serve->stick.key, serve->stick.key_len, pin, &now, result, error);
}

static Trust *open_trust(const Serve *serve, GError **error)
{
    return trust_open(serve->data_dir, TRUST_FIND, NULL, error);
}

static void enter(Serve *serve, JsonObject *request)
{
    g_auto(TrustResult) result = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(Trust) trust = open_trust(serve, &error);

    start_over(serve);
    report_outbox_forget(serve->data_dir, G_MAXINT64);
    *serve->who = '\0'; /* whoever comes now has to show it anew */
    gboolean is_checked = trust && update_stick_open(&serve->stick, &error) &&
                          check_key(serve, trust, text_of(request, "pin"), &result, &error) &&
                          (result.verdict != TRUST_OK || update_stick_spend(&serve->stick, &error));
    if (is_checked && result.verdict == TRUST_OK)
        g_strlcpy(serve->who, result.id, sizeof serve->who);
    else
        update_stick_close(&serve->stick);
    if (is_checked)
        say_verdict(trust, serve, &result);
    else
        fail(error);
}

/* Another person; where nobody else is enrolled, the same one once more. */
static gboolean check_second(Serve *serve, Trust *trust, const char *id, const char *pin,
                             TrustResult *result, GError **error)
{
    g_autoptr(GPtrArray) others = others_of(trust, serve);
    const Uptime now = uptime_now();

    return others && others->len == 0
               ? check_key(serve, trust, pin, result, error)
               : trust_check_second(trust, serve->who, id, pin, &now, result, error);
}

static void second(Serve *serve, JsonObject *request)
{
    g_auto(TrustResult) result = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(Trust) trust = open_trust(serve, &error);

    if (!trust || !check_second(serve, trust, text_of(request, "id"), text_of(request, "pin"),
                                &result, &error)) {
        fail(error);
        return;
    }
    if (result.verdict == TRUST_OK) g_strlcpy(serve->second, result.id, sizeof serve->second);
    say_verdict(trust, serve, &result);
}

/* An administrator may have revoked either of them since. Without an answer: no. */
static gboolean is_admitted(const Serve *serve)
{
    const Uptime now = uptime_now();
    g_autoptr(Trust) trust = open_trust(serve, NULL);
    g_autoptr(GPtrArray) holders = trust ? trust_holders(trust, &now, NULL) : NULL;

    for (guint i = 0; holders && i < holders->len; i++) {
        const TrustHolder *holder = holders->pdata[i];
        gboolean is_here =
            strcmp(holder->id, serve->who) == 0 || strcmp(holder->id, serve->second) == 0;
        if (is_here && *holder->revoked) return FALSE;
    }
    return holders != NULL;
}

/* ---- check ---- */

static void on_progress(const ImportProgress *progress, gpointer data)
{
    Serve *serve = data;
    gint64 now = g_get_monotonic_time();
    g_autoptr(JsonBuilder) builder = NULL;

    if (progress->rows > 0 && now - serve->told_at < PROGRESS_EVERY) return;
    serve->told_at = now;
    builder = answer("progress");
    add_text(builder, "sheet", progress->sheet);
    add_number(builder, "index", progress->index);
    add_number(builder, "count", progress->count);
    add_number(builder, "rows", progress->rows);
    say(builder);
}

static void add_field(JsonBuilder *builder, const DiffField *field)
{
    json_builder_begin_object(builder);
    add_text(builder, "name", field->header);
    add_text(builder, "before", field->before);
    add_text(builder, "after", field->after);
    json_builder_end_object(builder);
}

static void add_entries(JsonBuilder *builder, const char *name, const GPtrArray *entries)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
    for (guint i = 0; i < MIN(entries->len, ENTRIES_MAX); i++) {
        const DiffEntry *entry = entries->pdata[i];
        json_builder_begin_object(builder);
        add_text(builder, "key", entry->key);
        json_builder_set_member_name(builder, "fields");
        json_builder_begin_array(builder);
        for (guint k = 0; entry->fields && k < entry->fields->len; k++)
            add_field(builder, entry->fields->pdata[k]);
        json_builder_end_array(builder);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void add_sheet(JsonBuilder *builder, const DiffSheet *sheet)
{
    if (sheet->added_count + sheet->changed_count + sheet->removed_count == 0) return;
    json_builder_begin_object(builder);
    add_text(builder, "file", sheet->file);
    add_number(builder, "before", sheet->before_count);
    add_number(builder, "after", sheet->after_count);
    add_number(builder, "added_count", sheet->added_count);
    add_number(builder, "changed_count", sheet->changed_count);
    add_number(builder, "removed_count", sheet->removed_count);
    add_entries(builder, "added", sheet->added);
    add_entries(builder, "changed", sheet->changed);
    add_entries(builder, "removed", sheet->removed);
    json_builder_end_object(builder);
}

static void add_cautions(JsonBuilder *builder, const Diff *diff)
{
    g_auto(GStrv) cautions = diff ? diff_cautions(diff) : NULL;

    json_builder_set_member_name(builder, "cautions");
    json_builder_begin_array(builder);
    for (char **caution = cautions; caution && *caution; caution++)
        json_builder_add_string_value(builder, *caution);
    json_builder_end_array(builder);
}

static void add_changes(JsonBuilder *builder, const Diff *diff)
{
    json_builder_set_member_name(builder, "changes");
    json_builder_begin_array(builder);
    for (guint i = 0; diff && i < CONTENT_SHEET_COUNT; i++)
        add_sheet(builder, &diff->sheets[i]);
    json_builder_end_array(builder);
}

static void say_checked(const Update *update)
{
    g_autoptr(JsonBuilder) builder = answer("checked");
    g_autofree char *report =
        update_report_json(update_outcome(update), update_number(update),
                           update_import_report(update), update_diff(update), NULL);

    json_builder_set_member_name(builder, "report");
    json_builder_add_value(builder, json_from_string(report, NULL));
    add_number(builder, "error_count", update_import_report(update)->error_count);
    add_number(builder, "warning_count", update_import_report(update)->warning_count);
    add_cautions(builder, update_diff(update));
    add_changes(builder, update_diff(update));
    say(builder);
}

/* For the case that they want it: at the end of the conversation nobody knows it any more. */
static void keep_report(const Serve *serve, const char *trouble)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    const Update *update = serve->update;
    const ReportSheet sheet = {
        .outcome = trouble ? UPDATE_REJECT : update_outcome(update),
        .is_check = update_number(update) == 0 && !trouble && update_outcome(update) <= UPDATE_WARN,
        .number = update_number(update),
        .source = serve->stick.path ? serve->stick.path : "U盘",
        .trouble = trouble,
        .report = update_import_report(update),
        .diff = update_diff(update),
        .when = now,
    };

    if (!report_outbox_put(serve->data_dir, &sheet, &error))
        g_warning("the result is not kept: %s", error->message);
}

static void check(Serve *serve, JsonObject *request)
{
    g_autoptr(GError) error = NULL;

    (void)request;
    start_over(serve);
    if (!serve->stick.source) {
        say_message("failed", "U盘换过了，请返回重新输入密码");
        return;
    }
    serve->update = update_new(serve->data_dir);
    update_set_progress(serve->update, on_progress, serve);
    update_set_path(serve->update, serve->stick.source);
    gboolean is_read = update_read(serve->update, UPDATE_PUBLISH, FALSE, &error);
    if (!serve->stick.path) update_stick_release(&serve->stick); /* the next one need not wait */
    if (is_read) {
        say_checked(serve->update);
        keep_report(serve, NULL); /* nobody waits for it */
        return;
    }
    g_autofree char *trouble = update_source_explain(error, UPDATE_READER_CLERK);
    keep_report(serve, trouble);
    start_over(serve);
    fail(error);
}

/* ---- publish ---- */

static void say_published(guint number)
{
    g_autoptr(JsonBuilder) builder = answer("published");
    g_autofree char *message = number > 0 ? g_strdup_printf("已发布第 %u 版，马上生效", number)
                                          : g_strdup("已退回到程序自带的起步数据，马上生效");

    add_number(builder, "generation", number);
    add_text(builder, "message", message);
    say(builder);
}

/* What a wrong file or a wrong hand does most harm with takes a second PIN: asks for it, once. */
static gboolean ask_second(const Serve *serve)
{
    g_auto(GStrv) cautions = diff_cautions(update_diff(serve->update));
    if (!*cautions || *serve->second) return FALSE;
    g_autofree char *reasons = g_strjoinv("。", cautions);
    g_autofree char *message = g_strconcat(reasons, "。要再确认一次", NULL);
    say_message("second", message);
    return TRUE;
}

static void publish(Serve *serve, JsonObject *request)
{
    g_autoptr(GError) error = NULL;

    (void)request;
    if (!serve->update || update_outcome(serve->update) == UPDATE_REJECT ||
        update_outcome(serve->update) == UPDATE_SAME) {
        say_message("failed", "没有检查通过的变化可以发布");
        return;
    }
    if (ask_second(serve)) return;
    g_autofree char *who =
        *serve->second ? g_strdup_printf("%s+%s", serve->who, serve->second) : g_strdup(serve->who);
    gboolean is_published = update_publish(serve->update, who, &error);
    if (is_published)
        say_published(update_number(serve->update));
    else
        fail(error);
    keep_report(serve, is_published ? NULL : error->message);
    start_over(serve);
}

static void rollback(Serve *serve, JsonObject *request)
{
    g_autoptr(GError) error = NULL;
    guint number = 0;

    (void)request;
    start_over(serve); /* and with it the lock */
    if (generation_rollback(serve->data_dir, GENERATION_BEFORE, &number, &error))
        say_published(number);
    else
        fail(error);
}

/* ---- the result on the stick ---- */

/* Into the folder at once. The stick is not ours to write: root does it when it comes again. */
static void report(Serve *serve, JsonObject *request)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL, *message = NULL;
    const char *path = serve->stick.path;
    int folder = path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    gboolean is_done = path ? report_outbox_copy(serve->data_dir, folder, &name, &error)
                            : report_outbox_want(serve->data_dir, &error);

    (void)request;
    if (folder >= 0) close(folder);
    if (!is_done) {
        fail(error);
        return;
    }
    message = path ? g_strdup_printf("写好了：%s", name)
                   : g_strdup("请拔下U盘再插上，结果就写进U盘，等屏幕上说写好了再拔。");
    say_message("reported", message);
}

/* ---- the conversation ---- */

static const Verb verbs[] = {
    { "hello", TRUE, hello },    { "enter", TRUE, enter },      { "check", FALSE, check },
    { "second", FALSE, second }, { "publish", FALSE, publish }, { "rollback", FALSE, rollback },
    { "report", FALSE, report },
};

static void serve_line(Serve *serve, const char *line)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    gboolean is_read = json_parser_load_from_data(parser, line, -1, NULL);
    JsonNode *root = is_read ? json_parser_get_root(parser) : NULL;
    const char *verb = "";

    if (root && JSON_NODE_HOLDS_OBJECT(root)) verb = text_of(json_node_get_object(root), "do");
    for (guint i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (strcmp(verb, verbs[i].name) != 0) continue;
        if (!verbs[i].is_open && !*serve->who)
            say_message("failed", "请先输入 PIN");
        else if (!verbs[i].is_open && !is_admitted(serve))
            say_message("failed", "这个U盘（或这个人的密码）已经停用");
        else
            verbs[i].run(serve, json_node_get_object(root));
        return;
    }
    say_message("failed", "不懂的请求");
}

/* FALSE: nobody is there any more, or the line is too long. */
static gboolean read_line(Serve *serve)
{
    struct pollfd wait = { .fd = STDIN_FILENO, .events = POLLIN };
    char c = '\0';

    g_string_truncate(serve->line, 0);
    while (serve->line->len < UPDATE_SERVE_LINE_MAX && poll(&wait, 1, WAIT_MS) > 0 &&
           read(STDIN_FILENO, &c, 1) == 1) {
        if (c == '\n') return TRUE;
        g_string_append_c(serve->line, c);
    }
    return FALSE;
}

int update_serve(const char *data_dir, const char *path)
{
    Serve serve = { .data_dir = data_dir,
                    .stick = { .data_dir = data_dir, .path = path, .copies = -1 } };

    signal(SIGPIPE, SIG_IGN);
    serve.line = g_string_sized_new(UPDATE_SERVE_LINE_MAX + 1); /* a PIN moves to no other place */
    while (read_line(&serve)) {
        serve_line(&serve, serve.line->str);
        sodium_memzero(serve.line->str, serve.line->allocated_len);
    }
    start_over(&serve);
    update_stick_close(&serve.stick);
    g_string_free(serve.line, TRUE);
    return EX_OK;
}

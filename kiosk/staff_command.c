#include "kiosk/staff_command.h"

#include "charset/terminal.h"
#include "db/catalogue.h"
#include "db/folder.h"
#include "db/kiosk_health.h"
#include "db/kiosk_store.h"

#define DAYS_MAX     400 /* kiosk_store.h keeps no more */
#define ROWS_MAX     20
#define KEY_COLUMNS  8
#define NAME_COLUMNS 40

/* What is read may be all there is to be read: nothing new comes. */
static void tell_health(const char *data_dir)
{
    KioskHealth health = kiosk_health(data_dir);
    if (kiosk_health_is_bad(health)) cli_fail(EX_OK, "%s", kiosk_health_text(health));
}

static int failed(const char *data_dir, const GError *error)
{
    if (kiosk_health_is_bad(kiosk_health(data_dir))) {
        tell_health(data_dir);
        return cli_fail(EX_IOERR, "%s", error->message);
    }
    if (g_error_matches(error, RUNTIME_ERROR, RUNTIME_ERROR_MISSING))
        return cli_fail(EX_NOINPUT, "%s", error->message);
    if (g_error_matches(error, RUNTIME_ERROR, RUNTIME_ERROR_NO_RIGHT))
        return cli_fail(EX_NOPERM, "%s：触摸屏的数据要用 sudo 看", error->message);
    return cli_fail(EX_IOERR, "%s", error->message);
}

/* "" if it is not known, or no content can be read. */
static const char *name_of(const Catalogue *catalogue, const char *code)
{
    int topic = catalogue && *code ? catalogue_find_topic(catalogue, code) : -1;
    return topic >= 0 ? catalogue->topics[topic].name : "";
}

/* ---- questions ---- */

static void put_question(const KioskQuestion *question, const Catalogue *catalogue)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_local(question->at_s);
    g_autofree char *when = at ? g_date_time_format(at, "%Y-%m-%d %H:%M") : g_strdup("?");
    const char *name = name_of(catalogue, question->topic);
    terminal_printf(stdout, "%" G_GINT64_FORMAT "  %s  %s%s%s%s%s\n", question->id, when,
                    question->topic, *name ? " " : "", name, *question->topic ? "  " : "",
                    question->text);
}

static int list_questions(KioskStore *store, const char *data_dir)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) questions = kiosk_store_questions(store, &error);
    g_autoptr(Catalogue) catalogue = NULL;

    if (!questions) return failed(data_dir, error);
    tell_health(data_dir);
    if (questions->len == 0) {
        terminal_put(stdout, "没有没办好的留言。\n");
        return EX_OK;
    }
    catalogue = catalogue_open(data_dir, NULL);
    for (guint i = 0; i < questions->len; i++)
        put_question(questions->pdata[i], catalogue);
    terminal_put(stdout, "办好一条，就 bianmin kiosk --note-done 编号\n");
    return EX_OK;
}

int staff_notes(CliGlobals *globals, int done)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *data_dir = folder_locate(globals->data_dir);
    g_autoptr(KioskStore) store = kiosk_store_open_beside(data_dir, &error);
    gboolean was_open = FALSE;

    if (!store) return failed(data_dir, error);
    if (done <= 0) return list_questions(store, data_dir);
    if (!kiosk_store_question_done(store, done, &was_open, &error)) return failed(data_dir, error);
    if (!was_open) return cli_fail(EX_DATAERR, "没有 %d 号留言，或者已经办好了", done);
    terminal_printf(stdout, "%d 号留言办好了。\n", done);
    return EX_OK;
}

/* ---- counts ---- */

static gint64 find(const GPtrArray *totals, KioskCount kind, const char *key)
{
    for (guint i = 0; i < totals->len; i++) {
        const KioskTotal *total = totals->pdata[i];
        if (total->kind == kind && g_str_equal(total->key, key)) return total->count;
    }
    return 0;
}

/* `text`, and spaces up to that column, at least two. */
static void put_padded(const char *text, guint columns)
{
    guint taken = terminal_columns(text);
    terminal_printf(stdout, "%s%*s", text, taken + 2 < columns ? (int)(columns - taken) : 2, "");
}

static void put_visits(const GPtrArray *totals, int days)
{
    gint64 visits = find(totals, KIOSK_COUNT_VISIT, "count");
    gint64 seconds = find(totals, KIOSK_COUNT_VISIT, "seconds");
    gint64 mean = visits > 0 ? (seconds + visits / 2) / visits : 0;

    terminal_printf(stdout, "最近 %d 天：用了 %" G_GINT64_FORMAT " 次", days, visits);
    if (visits > 0)
        terminal_printf(stdout, "，平均 %" G_GINT64_FORMAT " 分 %" G_GINT64_FORMAT " 秒", mean / 60,
                        mean % 60);
    terminal_put(stdout, "\n");
}

/* A line for each topic, the highest first. */
static void put_topics(const GPtrArray *totals, KioskCount kind, const char *title,
                       const Catalogue *catalogue)
{
    guint rows = 0;

    for (guint i = 0; i < totals->len && rows < ROWS_MAX; i++) {
        const KioskTotal *total = totals->pdata[i];
        if (total->kind != kind) continue;
        if (rows++ == 0)
            terminal_printf(stdout, "\n%s\n  ", title);
        else
            terminal_put(stdout, "  ");
        put_padded(*total->key ? total->key : "其他", KEY_COLUMNS);
        put_padded(name_of(catalogue, total->key), NAME_COLUMNS);
        terminal_printf(stdout, "%6" G_GINT64_FORMAT "\n", total->count);
    }
}

/* Only what three visits have asked is known as text. */
static void put_searches(const GPtrArray *totals)
{
    gint64 all = find(totals, KIOSK_COUNT_SEARCH, "");
    guint rows = 0;

    if (all == 0) return;
    terminal_printf(stdout, "\n没查到的：%" G_GINT64_FORMAT " 次（有三次以上问过的才列出来）\n",
                    all);
    for (guint i = 0; i < totals->len && rows < ROWS_MAX; i++) {
        const KioskTotal *total = totals->pdata[i];
        if (total->kind != KIOSK_COUNT_SEARCH || !*total->key) continue;
        rows++;
        terminal_put(stdout, "  ");
        put_padded(total->key, KEY_COLUMNS + NAME_COLUMNS);
        terminal_printf(stdout, "%6" G_GINT64_FORMAT "\n", total->count);
    }
}

typedef struct {
    const char *key, *name;
} Word;

static const Word mode_words[] = { { "large", "大字" },
                                   { "contrast", "高对比" },
                                   { "night", "夜间" } };
static const Word input_words[] = {
    { "nine", "九键" }, { "full", "全键" }, { "stroke", "笔画" }, { "hand", "手写" }
};

/* All of them in a line, nothing if nobody used one. */
static void put_words(const GPtrArray *totals, KioskCount kind, const char *title,
                      const Word *words, guint word_count)
{
    g_autoptr(GString) line = g_string_new(NULL);
    gint64 sum = 0;

    for (guint i = 0; i < word_count; i++) {
        gint64 count = find(totals, kind, words[i].key);
        sum += count;
        g_string_append_printf(line, "  %s %" G_GINT64_FORMAT, words[i].name, count);
    }
    if (sum > 0) terminal_printf(stdout, "\n%s\n%s\n", title, line->str);
}

int staff_counts(CliGlobals *globals, int days)
{
    g_autoptr(GError) error = NULL;

    if (days < 1 || days > DAYS_MAX)
        return cli_fail(EX_USAGE, "--days 要写 1 到 %d，例如 --days 7。", DAYS_MAX);
    g_autofree char *data_dir = folder_locate(globals->data_dir);
    g_autoptr(KioskStore) store = kiosk_store_open_beside(data_dir, &error);
    g_autoptr(GPtrArray) totals = store ? kiosk_store_totals(store, (guint)days, &error) : NULL;

    if (!totals) return failed(data_dir, error);
    g_autoptr(Catalogue) catalogue = catalogue_open(data_dir, NULL);
    tell_health(data_dir);
    put_visits(totals, days);
    put_topics(totals, KIOSK_COUNT_TOPIC, "看过的事项", catalogue);
    put_searches(totals);
    put_topics(totals, KIOSK_COUNT_PRINT, "打印", catalogue);
    put_topics(totals, KIOSK_COUNT_SPEECH, "朗读", catalogue);
    put_words(totals, KIOSK_COUNT_MODE, "显示方式", mode_words, G_N_ELEMENTS(mode_words));
    put_words(totals, KIOSK_COUNT_INPUT, "输入方式", input_words, G_N_ELEMENTS(input_words));
    return EX_OK;
}

#include "kiosk/topic_view.h"

#include <string.h>

#include "db/figure.h"

/* ---- cutting ---- */

/* Where to cut `text` (longer than `max` characters): after the last sentence that fits, else after
 * the last comma, else at `max`. */
static const char *cut_at(const char *text, glong max)
{
    const char *limit = g_utf8_offset_to_pointer(text, max);
    const char *sentence = NULL, *comma = NULL;

    for (const char *p = text; p < limit; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == 0x3002 || c == 0xff1b || c == 0xff01 || c == 0xff1f) /* 。；！？ */
            sentence = g_utf8_next_char(p);
        else if (c == 0xff0c || c == 0x3001) /* ，、 */
            comma = g_utf8_next_char(p);
    }
    return sentence ? sentence : comma ? comma : limit;
}

char **topic_view_split(const char *text, glong max_chars)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new();

    while (g_utf8_strlen(text, -1) > max_chars) {
        const char *end = cut_at(text, max_chars);
        g_ptr_array_add(parts, g_strndup(text, (gsize)(end - text)));
        text = end;
    }
    if (*text) g_ptr_array_add(parts, g_strdup(text));
    g_ptr_array_add(parts, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&parts), FALSE);
}

static char *replaced(const char *text, const char *old, const char *fresh)
{
    GString *copy = g_string_new(text);
    g_string_replace(copy, old, fresh, 0);
    return g_string_free(copy, FALSE);
}

/* ---- amounts ---- */

static void amount_clear(gpointer data)
{
    TopicAmount *amount = data;
    g_free(amount->label);
    g_free(amount->number);
    g_free(amount->unit);
}

char *topic_amount_text(const TopicAmount *amount)
{
    return g_strconcat(amount->label, amount->number, amount->unit, NULL);
}

/* "到期换领20元", "首次申领免费"; FALSE if the clause says more than that. */
static gboolean read_amount(const char *clause, TopicAmount *out)
{
    static const char *const patterns[] = {
        "^([^0-9]*?)([0-9]+(?:\\.[0-9]+)?)(元|万元|元/月|元/年)$", "^(.*?)()(免费|不收费|免收)$"
    };

    for (guint i = 0; i < G_N_ELEMENTS(patterns); i++) {
        g_autoptr(GRegex) regex = g_regex_new(patterns[i], 0, 0, NULL);
        g_autoptr(GMatchInfo) match = NULL;
        if (!g_regex_match(regex, clause, 0, &match)) continue;
        out->label = g_match_info_fetch(match, 1);
        out->number = g_match_info_fetch(match, 2);
        out->unit = g_match_info_fetch(match, 3);
        return TRUE;
    }
    return FALSE;
}

/* All clauses, or none: half of a price list would mislead. */
static void read_amounts(TopicView *view, const char *standard)
{
    g_autofree char *text = g_strdup(standard);
    if (g_str_has_suffix(text, "。")) text[strlen(text) - strlen("。")] = '\0';
    g_auto(GStrv) clauses = g_strsplit(text, "；", -1);

    for (char **clause = clauses; *clause; clause++) {
        TopicAmount amount = { 0 };
        if (!read_amount(*clause, &amount)) {
            g_array_set_size(view->amounts, 0);
            return;
        }
        g_array_append_val(view->amounts, amount);
    }
}

static void add_words(TopicView *view, const char *words)
{
    TopicAmount amount = { g_strdup(""), g_strdup(""), g_strdup(words) };
    g_array_append_val(view->amounts, amount);
}

/* What the short answer itself leaves to the community. */
static void add_unknown(TopicView *view, const char *short_answer)
{
    static const struct {
        const char *said, *words;
    } unknown[] = {
        { "金额请问", "金额请问社区" }, { "补多少", "金额请问社区" },
        { "发多少", "金额请问社区" },   { "补贴请问", "金额请问社区" },
        { "标准请问", "标准请问社区" }, { "比例请问", "比例请问社区" },
    };
    if (!strstr(short_answer, "请问")) return;
    for (guint i = 0; i < G_N_ELEMENTS(unknown); i++)
        if (strstr(short_answer, unknown[i].said)) {
            view->caption = "多少钱";
            add_words(view, unknown[i].words);
            return;
        }
}

static void write_amounts(TopicView *view, const Topic *topic)
{
    const char *standard = topic->benefit_standard;

    view->caption = "答复";
    if (g_str_has_prefix(standard, "收费：")) {
        view->caption = "收费";
        standard += strlen("收费：");
    }
    if (!*standard)
        add_unknown(view, topic->short_answer);
    else
        read_amounts(view, standard);
}

/* ---- blocks ---- */

static void block_clear(gpointer data)
{
    TopicBlock *block = data;
    g_free(block->title);
    g_free(block->text);
}

static void add(TopicView *view, TopicBlockKind kind, const char *icon, const char *title,
                const char *text)
{
    TopicBlock block = { kind, icon, g_strdup(title), g_strdup(text) };
    g_array_append_val(view->blocks, block);
}

static void add_text(TopicView *view, TopicBlockKind kind, const char *text)
{
    g_auto(GStrv) parts = topic_view_split(text, TOPIC_VIEW_BLOCK_MAX);
    for (char **part = parts; *part; part++)
        add(view, kind, NULL, "", *part);
}

static void add_fact(TopicView *view, const char *icon, const char *title, const char *text)
{
    g_auto(GStrv) parts = topic_view_split(text, TOPIC_VIEW_BLOCK_MAX);
    for (guint i = 0; parts[i]; i++)
        add(view, i ? TOPIC_BLOCK_MORE : TOPIC_BLOCK_FACT, i ? NULL : icon, i ? "" : title,
            parts[i]);
}

static gboolean is_paid_out(const Topic *topic)
{
    static const char *const words[] = { "补贴", "津贴", "低保", "救助", "资助", "失业金" };
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (strstr(topic->name, words[i])) return TRUE;
    return FALSE;
}

static void add_where(TopicView *view, const Topic *topic)
{
    g_autofree char *unknown = g_strdup_printf("打 %s 问。", topic->phones[0]);

    if (*topic->location) add_fact(view, "place", "去哪里", topic->location);
    if (*topic->opening_hours) add_fact(view, "clock", "几点", topic->opening_hours);
    if (!*topic->location && !*topic->opening_hours) add_fact(view, "place", "去哪里", unknown);
}

static void add_facts(TopicView *view, const Topic *topic)
{
    g_autofree char *documents = replaced(topic->required_documents, "；", "、");
    g_autofree char *phones = g_strjoinv("、", topic->phones);

    if (*topic->benefit_standard && view->amounts->len == 0)
        add_fact(view, "money", g_str_equal(view->caption, "收费") ? "收费" : "多少钱",
                 topic->benefit_standard);
    if (*topic->eligibility)
        add_fact(view, "person", is_paid_out(topic) ? "谁能领" : "谁能办", topic->eligibility);
    if (*documents) add_fact(view, "documents", "要带", documents);
    add_where(view, topic);
    add_fact(view, "phone", "电话", phones);
}

static void add_figures(TopicView *view, const Catalogue *catalogue, const Topic *topic)
{
    const Figure *previous = NULL;

    for (guint i = 0; i < topic->figure_count; i++) {
        const Figure *figure = &catalogue->figures[topic->first_figure + i];
        g_autofree char *words = figure_text(figure);
        g_autofree char *year = g_strdup_printf("%d 年", figure->year);
        gboolean is_same = previous && previous->year == figure->year &&
                           g_str_equal(previous->subject, figure->subject);
        g_autofree char *text =
            is_same ? g_strdup(words) : g_strdup_printf("%s：%s", figure->subject, words);
        if (previous && previous->year == figure->year)
            add(view, TOPIC_BLOCK_MORE, NULL, "", text);
        else
            add(view, TOPIC_BLOCK_FACT, "chart", year, text);
        previous = figure;
    }
    if (previous) {
        g_autofree char *source = g_strdup_printf("来源：%s", previous->source);
        add_text(view, TOPIC_BLOCK_SOURCE, source);
    }
}

static void add_projects(TopicView *view, const Catalogue *catalogue, const Topic *topic)
{
    for (guint i = 0; i < topic->project_count; i++) {
        const Project *project = &catalogue->projects[topic->first_project + i];
        g_autofree char *text = g_strdup_printf("%s：%s，%s（%d年）。", project->name,
                                                project->status, project->progress, project->year);
        if (i == 0) add(view, TOPIC_BLOCK_HEADING, NULL, "工程进度", "");
        add_text(view, TOPIC_BLOCK_TEXT, text);
    }
}

/* "1. 本人申请。2. 街道初审。": a block a step; a text without numbers stays one. */
static void add_steps(TopicView *view, const char *process)
{
    g_autoptr(GRegex) number =
        g_regex_new("(?:^|(?<=[。；]))\\s*[0-9]{1,2}[.．、]\\s*", 0, 0, NULL);
    g_auto(GStrv) steps = g_regex_split(number, process, 0);
    guint count = 0;

    if (!*process) return;
    add(view, TOPIC_BLOCK_HEADING, NULL, "怎么办", "");
    for (char **step = steps; *step; step++) {
        g_autofree char *title = NULL;
        if (!*g_strstrip(*step)) continue;
        title = g_strdup_printf("%u", ++count);
        add(view, TOPIC_BLOCK_STEP, NULL, title, *step);
    }
}

static void add_rest(TopicView *view, const Topic *topic)
{
    g_autofree char *basis = replaced(topic->legal_basis, ";", "、");
    g_autofree char *source = g_strdup_printf("依据：%s", basis);

    add(view, TOPIC_BLOCK_HEADING, NULL, "说明", "");
    add_text(view, TOPIC_BLOCK_TEXT, topic->description);
    add_text(view, TOPIC_BLOCK_SOURCE, source);
}

/* ---- the whole ---- */

static gboolean is_old(const char *as_of_date, GDateTime *now)
{
    g_autofree char *text = g_strdup_printf("%sT00:00:00Z", as_of_date);
    g_autoptr(GDateTime) date = g_date_time_new_from_iso8601(text, NULL);

    return date && g_date_time_difference(now, date) > TOPIC_VIEW_OLD_DAYS * G_TIME_SPAN_DAY;
}

TopicView *topic_view_new(const Catalogue *catalogue, const AnswerItem *item, GDateTime *now)
{
    const Topic *topic = item->topic;
    TopicView *view = g_new0(TopicView, 1);
    g_autofree char *phones = g_strjoinv(" 或 ", topic->phones);

    view->amounts = g_array_new(FALSE, FALSE, sizeof(TopicAmount));
    g_array_set_clear_func(view->amounts, amount_clear);
    view->blocks = g_array_new(FALSE, FALSE, sizeof(TopicBlock));
    g_array_set_clear_func(view->blocks, block_clear);
    view->is_verified = topic->is_verified;
    view->is_old = is_old(topic->as_of_date, now);
    view->conclusion = g_strdup(item->conclusion);
    view->ask = g_strdup_printf("打 %s", phones);
    view->date = g_strdup_printf("资料日期 %s", topic->as_of_date);
    write_amounts(view, topic);
    if (view->amounts->len > 0) add_text(view, TOPIC_BLOCK_TEXT, view->conclusion);
    if (!g_str_equal(item->conclusion, topic->short_answer))
        add_text(view, TOPIC_BLOCK_TEXT, topic->short_answer);
    add_facts(view, topic);
    add_figures(view, catalogue, topic);
    add_steps(view, topic->application_process);
    add_projects(view, catalogue, topic);
    add_rest(view, topic);
    return view;
}

void topic_view_free(TopicView *view)
{
    if (!view) return;
    g_array_unref(view->amounts);
    g_array_unref(view->blocks);
    g_free(view->conclusion);
    g_free(view->ask);
    g_free(view->date);
    g_free(view);
}

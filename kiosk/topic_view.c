#include "kiosk/topic_view.h"

#include <string.h>

#include "db/figure.h"
#include "kiosk/topic_words.h"

/* ---- cutting ---- */

static gboolean is_one_of(gunichar c, const char *set)
{
    return g_utf8_strchr(set, -1, c) != NULL;
}

/* Of the places behind one of `marks` within the first `max` characters the nearest to `goal`. */
static const char *cut_behind(const char *text, const char *marks, glong goal, glong max)
{
    const char *best = NULL;
    glong best_away = G_MAXLONG, count = 0;

    for (const char *p = text; *p && count < max; p = g_utf8_next_char(p)) {
        count++;
        if (!is_one_of(g_utf8_get_char(p), marks) || ABS(count - goal) > best_away) continue;
        best = g_utf8_next_char(p);
        best_away = ABS(count - goal);
    }
    return best;
}

/* `text` has more than `max` characters: the parts are to be of about one length. */
static const char *cut_at(const char *text, glong max)
{
    glong len = g_utf8_strlen(text, -1), part_count = (len + max - 1) / max;
    const char *sentence = cut_behind(text, "。；！？", len / part_count, max);
    const char *comma = cut_behind(text, "，、", len / part_count, max);

    return sentence ? sentence : comma ? comma : g_utf8_offset_to_pointer(text, max);
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

static void set_ask(TopicView *view, const Topic *topic)
{
    g_autofree char *phones = g_strjoinv(" 或 ", topic->phones);

    g_free(view->ask);
    view->ask = g_strdup_printf("打 %s", phones);
}

/* What the short answer itself leaves to the community. */
static void add_unknown(TopicView *view, const Topic *topic)
{
    static const struct {
        const char *said, *words;
    } unknown[] = {
        { "金额请问", "金额请问社区" }, { "补多少", "金额请问社区" },
        { "发多少", "金额请问社区" },   { "补贴请问", "金额请问社区" },
        { "标准请问", "标准请问社区" }, { "比例请问", "比例请问社区" },
    };
    if (!strstr(topic->short_answer, "请问")) return;
    for (guint i = 0; i < G_N_ELEMENTS(unknown); i++)
        if (strstr(topic->short_answer, unknown[i].said)) {
            view->caption = "多少钱";
            add_words(view, unknown[i].words);
            set_ask(view, topic);
            return;
        }
}

static void write_amounts(TopicView *view, const Topic *topic)
{
    const char *standard = topic->benefit_standard;

    view->caption = "答复";
    view->ask = g_strdup("");
    if (g_str_has_prefix(standard, "收费：")) {
        view->caption = "收费";
        standard += strlen("收费：");
    }
    if (!*standard)
        add_unknown(view, topic);
    else
        read_amounts(view, standard);
    if (*standard && view->amounts->len > 0 && standard == topic->benefit_standard)
        view->caption = "多少钱";
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
    TopicBlock block = { kind, icon, g_strdup(title), g_strdup(text), NULL };
    g_array_append_val(view->blocks, block);
}

static void add_text(TopicView *view, TopicBlockKind kind, const char *text)
{
    g_auto(GStrv) parts = topic_view_split(text, TOPIC_VIEW_BLOCK_MAX);
    for (char **part = parts; *part; part++)
        add(view, kind, NULL, "", *part);
}

/* The first part is of this kind, the rest stands under it. */
static void add_parts(TopicView *view, TopicBlockKind kind, const char *icon, const char *title,
                      const char *text)
{
    g_auto(GStrv) parts = topic_view_split(text, TOPIC_VIEW_BLOCK_MAX);
    for (guint i = 0; parts[i]; i++)
        add(view, i ? TOPIC_BLOCK_MORE : kind, i ? NULL : icon, i ? "" : title, parts[i]);
}

static void add_fact(TopicView *view, const char *icon, const char *title, const char *text)
{
    add_parts(view, TOPIC_BLOCK_FACT, icon, title, text);
}

static gboolean is_paid_out(const Topic *topic)
{
    static const char *const words[] = { "补贴", "津贴", "低保", "救助", "资助", "失业金" };
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (strstr(topic->name, words[i])) return TRUE;
    return FALSE;
}

static void add_phones(TopicView *view, const Topic *topic)
{
    g_autofree char *phones = g_strjoinv("、", topic->phones);
    add_fact(view, "phone", "电话", phones);
}

/* Who takes it, as the sheet says it in passing; nothing where all is done by telephone. TRUE: the
 * only number is in it. */
static gboolean add_unknown_where(TopicView *view, const Topic *topic)
{
    g_autofree char *where = topic_words_where(topic);
    const char *phone = topic_words_phone(topic);
    g_autofree char *text = where ? g_strdup_printf("%s。\n先打 %s 问清楚。", where, phone)
                                  : g_strdup_printf("先问清楚再去：打 %s。", phone);

    if (!where && (!*topic->application_process || topic_words_is_by_phone(topic))) return FALSE;
    add_fact(view, "place", "去哪里", text);
    return !topic->phones[1];
}

/* The numbers, unless they were said with the amount or the place. */
static void add_where(TopicView *view, const Topic *topic)
{
    gboolean is_known = *topic->location || *topic->opening_hours;
    gboolean has_phone = *view->ask != '\0';

    if (*topic->location) add_fact(view, "place", "去哪里", topic->location);
    if (*topic->opening_hours) add_fact(view, "clock", "几点", topic->opening_hours);
    if (!is_known && add_unknown_where(view, topic)) has_phone = TRUE;
    if (!has_phone) add_phones(view, topic);
}

static void add_standard(TopicView *view, const char *standard)
{
    gboolean is_charge = g_str_has_prefix(standard, "收费：");

    add_fact(view, "money", is_charge ? "收费" : "多少钱",
             is_charge ? standard + strlen("收费：") : standard);
}

static void add_facts(TopicView *view, const Topic *topic)
{
    g_autofree char *documents = replaced(topic->required_documents, "；", "、");

    if (*topic->benefit_standard && view->amounts->len == 0)
        add_standard(view, topic->benefit_standard);
    if (*topic->eligibility)
        add_fact(view, "person", is_paid_out(topic) ? "谁能领" : "谁能办", topic->eligibility);
    if (*documents) add_fact(view, "documents", "要带", documents);
    add_where(view, topic);
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
        gboolean is_more = previous && previous->year == figure->year;
        add_parts(view, is_more ? TOPIC_BLOCK_MORE : TOPIC_BLOCK_FACT, is_more ? NULL : "chart",
                  is_more ? "" : year, text);
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
        add_parts(view, TOPIC_BLOCK_STEP, NULL, title, *step);
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

/* The short answer, unless the card and the facts say all of it. */
static void add_short_answer(TopicView *view, const Topic *topic)
{
    g_autoptr(GString) told = g_string_new(topic->name);
    g_autofree char *where = topic_words_where(topic);

    for (guint i = 0; i < view->amounts->len; i++) {
        g_autofree char *amount = topic_amount_text(&g_array_index(view->amounts, TopicAmount, i));
        g_string_append_printf(told, "\n%s", amount);
    }
    g_string_append_printf(told, "\n%s\n%s\n%s\n%s", topic->eligibility, topic->location,
                           topic->required_documents, where ? where : "");
    if (view->amounts->len == 0 || !topic_words_are_told(topic->short_answer, told->str))
        add_text(view, TOPIC_BLOCK_TEXT, topic->short_answer);
}

/* The conclusion is the short answer, unless something else was asked. */
static void add_conclusion(TopicView *view, const Topic *topic)
{
    gboolean is_short_answer = g_str_equal(view->conclusion, topic->short_answer);

    view->is_conclusion_apart =
        view->amounts->len > 0 || g_utf8_strlen(view->conclusion, -1) > TOPIC_VIEW_BLOCK_MAX;
    if (view->is_conclusion_apart && view->amounts->len == 0) set_ask(view, topic);
    if (view->is_conclusion_apart && !is_short_answer)
        add_text(view, TOPIC_BLOCK_TEXT, view->conclusion);
    if (view->is_conclusion_apart || !is_short_answer) add_short_answer(view, topic);
}

static void name_fields(TopicView *view)
{
    const char *field = NULL;

    for (guint i = 0; i < view->blocks->len; i++) {
        TopicBlock *block = &g_array_index(view->blocks, TopicBlock, i);
        gboolean is_first = block->kind == TOPIC_BLOCK_FACT || block->kind == TOPIC_BLOCK_HEADING;
        block->field = is_first ? NULL : field;
        if (is_first) field = block->title;
        if (!field) field = "答复";
    }
}

TopicView *topic_view_new(const Catalogue *catalogue, const AnswerItem *item, GDateTime *now)
{
    const Topic *topic = item->topic;
    TopicView *view = g_new0(TopicView, 1);

    view->amounts = g_array_new(FALSE, FALSE, sizeof(TopicAmount));
    g_array_set_clear_func(view->amounts, amount_clear);
    view->blocks = g_array_new(FALSE, FALSE, sizeof(TopicBlock));
    g_array_set_clear_func(view->blocks, block_clear);
    view->is_verified = topic->is_verified;
    view->is_old = is_old(topic->as_of_date, now);
    view->conclusion = g_strdup(item->conclusion);
    view->date = g_strdup_printf("资料日期 %s", topic->as_of_date);
    write_amounts(view, topic);
    add_conclusion(view, topic);
    add_facts(view, topic);
    add_figures(view, catalogue, topic);
    add_steps(view, topic->application_process);
    add_projects(view, catalogue, topic);
    add_rest(view, topic);
    name_fields(view);
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

#include "db/answer.h"

#include <string.h>

#include "charset/fold.h"
#include "db/figure.h"
#include "db/intent.h"
#include "db/redirect.h"

#define FIGURES_SHOWN      6
#define PROJECTS_SHOWN     8
#define QUESTION_LOOKED_AT 4000 /* octets, for the words that ask */
#define SMS_TEXT_MAX       134 /* characters of two UCS-2 parts, 3GPP TS 23.040 §9.2.3.24.1: 67 each */
#define SMS_ONE_MAX        70

/* Least match (search_match) of a row that is shown. */
#define FIGURE_MATCH_ASKED 0.30 /* the question asks for a number */
#define FIGURE_MATCH_NAMED 0.60 /* … or only names what the row counts */
#define SAME_YEAR          0.05 /* the question names the row's year */
#define IS_MONEY           0.1  /* the question asks 多少钱, the row is in 元 */
#define PROJECT_MATCH      0.45
#define QA_MATCH           0.62
#define FOLLOW_UP_SCORE    0.6 /* of the best one's */

/* What is common to all items of one answer. */
typedef struct {
    const Catalogue *catalogue;
    const Search *search;
    const SearchQuestion *parts;
    const char *question;
    guint intent;
    int year;
    gboolean is_recent; /* 去年, 今年 */
} Asked;

/* ---- figures ---- */

static double figure_match(const Asked *a, guint figure)
{
    const Figure *f = &a->catalogue->figures[figure];
    double match = search_match_figure(a->search, a->parts, figure);

    if (a->year == f->year) match += SAME_YEAR;
    if ((a->intent & INTENT_AMOUNT) && g_str_has_suffix(f->unit, "元")) match += IS_MONEY;
    return match;
}

/* The row that matches best, then its neighbours of the same subject and year. */
static void choose_figures(const Asked *a, AnswerItem *item)
{
    const Topic *t = item->topic;
    const Figure *best = NULL;
    double best_match = a->intent & INTENT_FIGURE ? FIGURE_MATCH_ASKED : FIGURE_MATCH_NAMED;

    for (guint i = 0; i < t->figure_count; i++) {
        const Figure *f = &a->catalogue->figures[t->first_figure + i];
        double match = figure_match(a, t->first_figure + i);
        if (match <= best_match) continue;
        best_match = match;
        best = f;
    }
    if (!best) return;
    g_ptr_array_add(item->figures, (gpointer)best);
    for (guint i = 0; i < t->figure_count && item->figures->len < FIGURES_SHOWN; i++) {
        const Figure *f = &a->catalogue->figures[t->first_figure + i];
        if (f != best && f->year == best->year && g_str_equal(f->subject, best->subject))
            g_ptr_array_add(item->figures, (gpointer)f);
    }
}

static char *figures_text(const AnswerItem *item)
{
    const Figure *first = g_ptr_array_index(item->figures, 0);
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text, "%d年，%s：", first->year, first->subject);
    for (guint i = 0; i < item->figures->len; i++) {
        g_autofree char *one = figure_text(g_ptr_array_index(item->figures, i));
        g_string_append_printf(text, "%s%s", i ? "；" : "", one);
    }
    g_string_append(text, "。");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* ---- projects ---- */

static void choose_projects(const Asked *a, AnswerItem *item)
{
    const Topic *t = item->topic;

    for (guint i = 0; i < t->project_count && item->projects->len < PROJECTS_SHOWN; i++) {
        guint row = t->first_project + i;
        if ((a->intent & INTENT_LIST) ||
            search_match_project(a->search, a->parts, row) >= PROJECT_MATCH)
            g_ptr_array_add(item->projects, &a->catalogue->projects[row]);
    }
}

static char *project_text(const Project *p)
{
    g_autofree char *place =
        *p->place && !strstr(p->name, p->place) ? g_strdup_printf("，%s", p->place) : g_strdup("");
    g_autofree char *note = *p->note ? g_strdup_printf("（%s）", p->note) : g_strdup("");

    return g_strdup_printf("%s：%d年，%s%s，%s%s。", p->name, p->year, p->status, place,
                           p->progress, note);
}

/* ---- sections ---- */

static void add_section(AnswerItem *item, const char *title, const char *text)
{
    if (g_str_has_prefix(text, "收费：")) { /* 补贴标准 also holds what a resident pays */
        title = "收费";
        text += strlen("收费：");
    }
    AnswerSection section = { title, g_strdup(text) };
    g_array_append_val(item->sections, section);
}

/* What a resident asked for and we do not have is said, not passed over. */
static void add_asked(const Asked *a, AnswerItem *item, Intent intent, const char *title,
                      const char *text, gboolean is_asked_round)
{
    gboolean is_asked = (a->intent & intent) != 0;
    g_autofree char *missing = NULL;

    if (is_asked != is_asked_round) return;
    if (!*text && is_asked) {
        missing = g_strdup_printf("待社区核实，请打%s。", item->topic->phones[0]);
        text = missing;
    }
    if (*text) add_section(item, title, text);
}

static void add_sections(const Asked *a, AnswerItem *item)
{
    const Topic *t = item->topic;
    g_autofree char *phones = g_strjoinv("、", t->phones);

    for (int round = 1; round >= 0; round--) {
        add_asked(a, item, INTENT_AMOUNT, "补贴标准", t->benefit_standard, round);
        add_asked(a, item, INTENT_WHO, "办理对象", t->eligibility, round);
        add_asked(a, item, INTENT_DOCUMENTS, "所需材料", t->required_documents, round);
        add_asked(a, item, INTENT_WHERE, "办理地点", t->location, round);
        add_asked(a, item, INTENT_WHEN, "办理时间", t->opening_hours, round);
        add_asked(a, item, INTENT_HOW, "办理流程", t->application_process, round);
        add_asked(a, item, INTENT_PHONE, "咨询电话", phones, round);
        if (round) item->asked_count = item->sections->len;
    }
}

/* ---- one topic ---- */

/* The ready answer to a question that is nearly the same and asks for the same thing: 带什么 is no
 * answer to 在哪里办. */
static const Qa *same_question(const Asked *a, const SearchHit *hit)
{
    const Qa *qa = hit && hit->qa >= 0 ? &a->catalogue->qas[hit->qa] : NULL;
    guint asked, answered;

    if (!qa || search_match_qa(a->search, a->parts, (guint)hit->qa) < QA_MATCH) return NULL;
    asked = a->intent & (INTENT_SECTIONS | INTENT_MINE);
    answered = intent_of(qa->question) & (INTENT_SECTIONS | INTENT_MINE);
    return (asked & answered) || (!asked && !answered) ? qa : NULL;
}

#define ASK_YOURSELF "您本人的办理和发放情况要本人查：请带身份证到社区窗口，或打12345。"

static char *conclude(const Asked *a, AnswerItem *item, const SearchHit *hit)
{
    const Qa *qa = same_question(a, hit);

    item->is_published = TRUE;
    if (item->figures->len > 0 && (a->intent & INTENT_FIGURE)) return figures_text(item);
    if (item->projects->len == 1) return project_text(g_ptr_array_index(item->projects, 0));
    item->is_published = FALSE;
    if (!qa && (a->intent & INTENT_MINE)) return g_strdup(ASK_YOURSELF);
    return g_strdup(qa ? qa->answer : item->topic->short_answer);
}

/* Rows that were found but are not the conclusion. */
static void write_rows(GString *text, const Asked *a, const AnswerItem *item)
{
    const Figure *figure = item->figures->len ? g_ptr_array_index(item->figures, 0) : NULL;

    if (figure && !(a->intent & INTENT_FIGURE)) {
        g_autofree char *line = figures_text(item);
        g_string_append_printf(text, "%s\n", line);
    }
    if (figure && a->year && a->year != figure->year)
        g_string_append_printf(text, "没有%d年的数字，这是%d年的。\n", a->year, figure->year);
    else if (figure && a->is_recent) /* no clock is asked: a kiosk's may be wrong */
        g_string_append_printf(text, "已公布的是%d年的数字。\n", figure->year);
    for (guint i = 0; i < item->projects->len; i++) {
        g_autofree char *line = project_text(g_ptr_array_index(item->projects, i));
        if (!g_str_equal(line, item->conclusion)) g_string_append_printf(text, "· %s\n", line);
    }
}

static const char *source_of(const AnswerItem *item)
{
    if (item->figures->len > 0)
        return ((const Figure *)g_ptr_array_index(item->figures, 0))->source;
    if (item->projects->len > 0)
        return ((const Project *)g_ptr_array_index(item->projects, 0))->source;
    return NULL;
}

static char *item_text(const Asked *a, const AnswerItem *item)
{
    const Topic *t = item->topic;
    const char *source = source_of(item);
    g_autoptr(GString) text = g_string_new(NULL);
    g_auto(GStrv) bases = g_strsplit(t->legal_basis, ";", -1);
    g_autofree char *basis = NULL;

    g_string_append_printf(text, "【%s】\n%s\n", t->name, item->conclusion);
    write_rows(text, a, item);
    if (source) g_string_append_printf(text, "来源：%s。\n", source);
    if (!g_str_equal(item->conclusion, t->short_answer))
        g_string_append_printf(text, "%s\n", t->short_answer);
    for (guint i = 0; i < item->sections->len; i++) {
        const AnswerSection *s = &g_array_index(item->sections, AnswerSection, i);
        g_string_append_printf(text, "%s：%s\n", s->title, s->text);
    }
    g_string_append_printf(text, "说明：%s\n", t->description);
    if ((a->intent & INTENT_MINE) && !g_str_equal(item->conclusion, ASK_YOURSELF))
        g_string_append(text, ASK_YOURSELF "\n");
    basis = g_strjoinv("、", bases);
    g_string_append_printf(text, "内容截至%s%s。依据：%s。", t->as_of_date,
                           t->is_verified ? "，已核实" : "。本地信息待社区核实，请打12345确认",
                           basis);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void clear_section(gpointer section)
{
    g_free(((AnswerSection *)section)->text);
}

static void item_free(gpointer data)
{
    AnswerItem *item = data;

    g_free(item->choice);
    g_free(item->conclusion);
    g_free(item->text);
    g_array_unref(item->sections);
    g_ptr_array_unref(item->figures);
    g_ptr_array_unref(item->projects);
    g_free(item);
}

static AnswerItem *item_new(const Asked *a, guint topic, const SearchHit *hit)
{
    AnswerItem *item = g_new0(AnswerItem, 1);

    item->topic = &a->catalogue->topics[topic];
    item->score = hit ? hit->score : 0;
    item->confidence = hit ? hit->confidence : 1;
    item->is_guess = hit && hit->is_guess;
    item->sections = g_array_new(FALSE, FALSE, sizeof(AnswerSection));
    g_array_set_clear_func(item->sections, clear_section);
    item->figures = g_ptr_array_new();
    item->projects = g_ptr_array_new();
    choose_figures(a, item);
    choose_projects(a, item);
    add_sections(a, item);
    item->conclusion = conclude(a, item, hit);
    item->text = item_text(a, item);
    return item;
}

/* ---- the whole ---- */

#define CHOICE_LINE_MAX 45  /* characters */
#define CHOICE_SCORE    0.6 /* of the best one's, to be offered beside it; the second always is */

/* Whom it is for tells neighbours apart; what is for everybody, by what it is. */
static const char *telling_text(const Answer *answer, const AnswerItem *item)
{
    const char *who = item->topic->eligibility;

    if (!*who || g_str_has_prefix(who, "所有") || g_str_has_prefix(who, "辖区"))
        return item->topic->short_answer;
    for (guint i = 0; i < answer->choice_count; i++) {
        const AnswerItem *other = g_ptr_array_index(answer->items, i);
        if (other != item && g_str_equal(other->topic->eligibility, who))
            return item->topic->short_answer;
    }
    return who;
}

/* The first sentence of `text`, without its end. */
static char *first_sentence(const char *text, glong max)
{
    const char *end = strstr(text, "。");
    g_autofree char *sentence = end ? g_strndup(text, (gsize)(end - text)) : g_strdup(text);
    g_autofree char *start = NULL;

    if (g_utf8_strlen(sentence, -1) <= max) return g_steal_pointer(&sentence);
    start = g_utf8_substring(sentence, 0, max - 1);
    return g_strconcat(start, "…", NULL);
}

static void choose_choices(Answer *answer)
{
    const AnswerItem *best = g_ptr_array_index(answer->items, 0);
    guint most = MIN(answer->items->len, ANSWER_CHOICES_MAX);

    answer->choice_count = MIN(most, 2);
    while (answer->choice_count < most &&
           ((AnswerItem *)answer->items->pdata[answer->choice_count])->score >=
               CHOICE_SCORE * best->score)
        answer->choice_count++;
    for (guint i = 0; i < answer->choice_count; i++) {
        AnswerItem *item = g_ptr_array_index(answer->items, i);
        item->choice = first_sentence(telling_text(answer, item), CHOICE_LINE_MAX);
    }
}

static char *choices_text(const Answer *answer)
{
    g_autoptr(GString) text = g_string_new("您要问的是哪一个？");

    for (guint i = 0; i < answer->choice_count; i++) {
        const AnswerItem *item = g_ptr_array_index(answer->items, i);
        g_string_append_printf(text, "\n%u. %s：%s", i + 1, item->topic->name, item->choice);
    }
    g_string_append(text, "\n都不是的话，请换个说法，或打12345问。");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static Answer *answer_new(const Asked *a)
{
    Answer *answer = g_new0(Answer, 1);

    answer->query = g_strdup(a->question);
    answer->items = g_ptr_array_new_with_free_func(item_free);
    answer->redirect = g_strdup("");
    return answer;
}

static Asked asked(const Catalogue *catalogue, const Search *search, const SearchQuestion *parts,
                   const char *question)
{
    g_autofree char *folded = fold_text(question, (gssize)strnlen(question, QUESTION_LOOKED_AT));

    return (Asked){ catalogue,
                    search,
                    parts,
                    question,
                    intent_of(folded),
                    intent_year(folded),
                    intent_is_recent(folded) };
}

Answer *answer_topic(const Catalogue *catalogue, Search *search, const char *question, guint topic)
{
    g_autoptr(SearchQuestion) parts = search_question_new(search, question);
    Asked a = asked(catalogue, search, parts, question);
    Answer *answer = answer_new(&a);

    answer->outcome = SEARCH_ANSWER;
    g_ptr_array_add(answer->items, item_new(&a, topic, NULL));
    answer->text = g_strdup(((AnswerItem *)answer->items->pdata[0])->text);
    return answer;
}

/* Neighbours that may have been meant instead. */
static char *follow_ups(const Answer *answer)
{
    const AnswerItem *best = g_ptr_array_index(answer->items, 0);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 1; i < answer->items->len; i++) {
        const AnswerItem *item = g_ptr_array_index(answer->items, i);
        if (item->score < FOLLOW_UP_SCORE * best->score) break;
        g_string_append_printf(text, "%s%s", i > 1 ? "、" : "\n相近的事项：", item->topic->name);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

#define OTHER_SCORE                                                                                \
    0.7 /* of the best topic's, for another office to be named by its sound alone                  \
         */

/* Who handles it, by the words of the question, else by what the search takes it for. */
static const char *who_handles(const SearchResult *result, const char *folded)
{
    const char *where = redirect_for(folded);
    double best = result->hit_count > 0 ? result->hits[0].score : 0;

    if (where) return where;
    if (result->other >= 0 && result->other_score > OTHER_SCORE * best)
        where = redirect_row_where((guint)result->other);
    return where ? where : REDIRECT_NOWHERE;
}

/* Nothing found: where to ask; or what is missing, if only asking words were said. */
static void finish_none(Answer *answer, const SearchResult *result, const char *folded)
{
    g_free(answer->redirect);
    if (redirect_is_small_talk(folded)) {
        answer->redirect = g_strdup(redirect_for(folded));
        answer->text = g_strdup(answer->redirect);
    } else if (intent_has_subject(folded) || redirect_for(folded)) {
        answer->redirect =
            g_strdup_printf("%s其他事情请打12345政务服务热线。", who_handles(result, folded));
        answer->text = g_strdup_printf("这里没有查到这方面的内容。%s", answer->redirect);
    } else {
        answer->redirect = g_strdup("也可以打12345政务服务热线。");
        answer->text =
            g_strdup_printf("请说一下是哪件事，例如：低保要带什么。%s", answer->redirect);
    }
}

static void finish(Answer *answer, const SearchResult *result)
{
    g_autofree char *folded =
        fold_text(answer->query, (gssize)strnlen(answer->query, QUESTION_LOOKED_AT));
    g_autofree char *others = NULL;
    g_autofree char *body = NULL;

    answer->urgent = redirect_urgent(folded);
    switch (answer->outcome) {
    case SEARCH_ANSWER:
        others = follow_ups(answer);
        body = g_strconcat(((AnswerItem *)answer->items->pdata[0])->text, others, NULL);
        break;
    case SEARCH_CHOICES:
        choose_choices(answer);
        body = choices_text(answer);
        break;
    case SEARCH_NONE:
        finish_none(answer, result, folded); /* names it already */
        return;
    }
    answer->text =
        g_strconcat(answer->urgent ? answer->urgent : "", answer->urgent ? "\n" : "", body, NULL);
}

Answer *answer_question(const Catalogue *catalogue, Search *search, const char *question)
{
    g_autofree char *start = g_strndup(question, strnlen(question, 16));
    int code = catalogue_find_topic(catalogue, g_strstrip(start));
    g_autoptr(SearchQuestion) parts = NULL;
    Asked a;
    Answer *answer;
    SearchResult result;

    if (code >= 0) { /* a code asks for nothing but its topic */
        answer = answer_topic(catalogue, search, "", (guint)code);
        g_free(answer->query);
        answer->query = g_strdup(question);
        return answer;
    }
    parts = search_question_new(search, question);
    a = asked(catalogue, search, parts, question);
    answer = answer_new(&a);
    search_query(search, parts, &result);
    answer->outcome = result.outcome;
    for (guint i = 0; i < result.hit_count; i++)
        g_ptr_array_add(answer->items, item_new(&a, result.hits[i].topic, &result.hits[i]));
    finish(answer, &result);
    return answer;
}

void answer_free(Answer *answer)
{
    if (!answer) return;
    g_free(answer->query);
    g_ptr_array_unref(answer->items);
    g_free(answer->redirect);
    g_free(answer->text);
    g_free(answer);
}

/* ---- short message ---- */

/* `text` cut to `max` characters, at the end of a sentence if there is one in its second half. */
static char *cut_sentence(const char *text, glong max)
{
    g_autofree char *cut = NULL;
    char *end = NULL;

    if (g_utf8_strlen(text, -1) <= max) return g_strdup(text);
    cut = g_utf8_substring(text, 0, max - 1);
    for (char *p = cut; *p; p = g_utf8_next_char(p)) {
        gunichar ch = g_utf8_get_char(p);
        if (ch == 0x3002 || ch == 0xff1b) end = g_utf8_next_char(p); /* 。； */
    }
    if (end && end - cut > (gssize)strlen(cut) / 2) {
        *end = '\0';
        return g_steal_pointer(&cut);
    }
    return g_strconcat(cut, "…", NULL);
}

/* "身份证办理与补领。所需材料：…" for what was asked; NULL if there is nothing better than the
 * short answer: nothing was asked, it is not known, or it is the procedure and too long for one
 * message. */
static char *sms_of_section(const AnswerItem *item, glong max)
{
    const AnswerSection *asked =
        item->asked_count ? &g_array_index(item->sections, AnswerSection, 0) : NULL;
    g_autofree char *text = NULL;

    if (!asked || strstr(asked->text, "待社区核实")) return NULL;
    text = g_strdup_printf("%s。%s：%s", item->topic->name, asked->title, asked->text);
    if (g_utf8_strlen(text, -1) > max && g_str_equal(asked->title, "办理流程")) return NULL;
    return g_steal_pointer(&text);
}

/* What goes before and behind the conclusion if there is room: the name, the source. */
static char *sms_dress(const AnswerItem *item, char *body, glong max)
{
    const char *name = item->topic->name, *source = item->is_published ? source_of(item) : NULL;
    g_autofree char *dressed = source ? g_strdup_printf("%s来源：%s", body, source)
                                      : g_strdup_printf("%s：%s", name, body);

    if (g_utf8_strlen(dressed, -1) > max || (!source && strstr(body, name))) return body;
    g_free(body);
    return g_steal_pointer(&dressed);
}

static char *sms_of_item(const AnswerItem *item)
{
    const char *tail = item->topic->is_verified || item->is_published ? "" : "待核实，问12345";
    glong tail_len = g_utf8_strlen(tail, -1), one = SMS_ONE_MAX - tail_len;
    g_autofree char *section = NULL;
    g_autofree char *body = NULL;
    const char *text = item->conclusion;

    if (g_str_equal(text, item->topic->short_answer)) section = sms_of_section(item, one);
    if (section) text = section;
    body = cut_sentence(text, SMS_TEXT_MAX - tail_len);
    body = sms_dress(item, g_steal_pointer(&body), one);
    return g_strconcat(body, tail, NULL);
}

static char *sms_of_choices(const Answer *answer)
{
    g_autoptr(GString) text = g_string_new("您要问哪个？回复数字：");

    for (guint i = 0; i < answer->choice_count; i++) {
        const AnswerItem *item = g_ptr_array_index(answer->items, i);
        g_string_append_printf(text, "%s%u%s", i ? " " : "", i + 1, item->topic->name);
    }
    return cut_sentence(text->str, SMS_TEXT_MAX);
}

char *answer_sms(const Answer *answer)
{
    g_autofree char *body = NULL;
    g_autofree char *whole = NULL;

    switch (answer->outcome) {
    case SEARCH_ANSWER:
        body = sms_of_item(g_ptr_array_index(answer->items, 0));
        break;
    case SEARCH_CHOICES:
        body = sms_of_choices(answer);
        break;
    case SEARCH_NONE:
        return cut_sentence(answer->text, SMS_ONE_MAX);
    }
    if (!answer->urgent) return g_steal_pointer(&body);
    whole = g_strconcat(answer->urgent, body, NULL);
    return cut_sentence(whole, SMS_TEXT_MAX);
}

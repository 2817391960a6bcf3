#include "db/ask_command.h"

#include <errno.h>
#include <unistd.h>

#include "charset/errno_text.h"
#include "charset/fold.h"
#include "charset/segment.h"
#include "charset/terminal.h"
#include "db/answer.h"
#include "db/explain.h"
#include "db/folder.h"
#include "db/intent.h"
#include "db/generation.h"
#include "db/json_line.h"

#define EXIT_NO_ANSWER 1

/* A question on stdin is read to its end, whatever its length; this much of it is kept. */
#define QUESTION_KEPT_MAX (64 * 1024)

typedef struct {
    gboolean is_json, is_batch, is_sms, is_explained;
    char *from; /* the number that a short message comes from; NULL */
    const AskSms *by_sms;
    char *data_dir;
    Catalogue *catalogue;
    Search *search;
} Ask;

/* ---- the catalogue, and a newer one when there is one ---- */

static void close_catalogue(Ask *ask)
{
    search_free(ask->search);
    catalogue_free(ask->catalogue);
    ask->search = NULL;
    ask->catalogue = NULL;
}

static gboolean open_catalogue(Ask *ask, GError **error)
{
    Catalogue *fresh = catalogue_open(ask->data_dir, error);

    if (!fresh) return FALSE;
    close_catalogue(ask);
    ask->catalogue = fresh;
    ask->search = search_new(fresh);
    for (guint i = 0; i < fresh->generation->warnings->len; i++)
        terminal_printf(stderr, "bianmin: %s\n",
                        (const char *)g_ptr_array_index(fresh->generation->warnings, i));
    return TRUE;
}

/* An update may have been published between two questions. What was open stays if the new one
 * cannot be read. */
static void refresh(Ask *ask)
{
    g_autoptr(GError) error = NULL;

    if (!generation_is_stale(ask->catalogue->generation)) return;
    if (!open_catalogue(ask, &error)) terminal_printf(stderr, "bianmin: %s\n", error->message);
}

/* ---- one answer as JSON ---- */

static void add_string(JsonBuilder *b, const char *name, const char *value)
{
    json_builder_set_member_name(b, name);
    json_builder_add_string_value(b, value);
}

static void add_figure(JsonBuilder *b, const Figure *f)
{
    json_builder_begin_object(b);
    add_string(b, "subject", f->subject);
    add_string(b, "indicator", f->indicator);
    add_string(b, "value", f->value);
    add_string(b, "unit", f->unit);
    add_string(b, "qualifier", f->qualifier_text);
    json_builder_set_member_name(b, "year");
    json_builder_add_int_value(b, f->year);
    add_string(b, "source", f->source);
    json_builder_end_object(b);
}

static void add_project(JsonBuilder *b, const Project *p)
{
    json_builder_begin_object(b);
    add_string(b, "name", p->name);
    add_string(b, "type", p->type);
    add_string(b, "place", p->place);
    add_string(b, "status", p->status);
    add_string(b, "progress", p->progress);
    json_builder_set_member_name(b, "year");
    json_builder_add_int_value(b, p->year);
    add_string(b, "note", p->note);
    add_string(b, "source", p->source);
    json_builder_end_object(b);
}

static void add_item(JsonBuilder *b, const AnswerItem *item)
{
    json_builder_begin_object(b);
    add_string(b, "code", item->topic->code);
    add_string(b, "name", item->topic->name);
    json_builder_set_member_name(b, "score");
    json_builder_add_double_value(b, item->score);
    json_builder_set_member_name(b, "confidence");
    json_builder_add_double_value(b, item->confidence);
    add_string(b, "text", item->text);
    json_builder_set_member_name(b, "sections");
    json_builder_begin_array(b);
    for (guint i = 0; i < item->sections->len; i++) {
        const AnswerSection *s = &g_array_index(item->sections, AnswerSection, i);
        json_builder_begin_object(b);
        add_string(b, "title", s->title);
        add_string(b, "text", s->text);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
    json_builder_set_member_name(b, "figures");
    json_builder_begin_array(b);
    for (guint i = 0; i < item->figures->len; i++)
        add_figure(b, g_ptr_array_index(item->figures, i));
    json_builder_end_array(b);
    json_builder_set_member_name(b, "projects");
    json_builder_begin_array(b);
    for (guint i = 0; i < item->projects->len; i++)
        add_project(b, g_ptr_array_index(item->projects, i));
    json_builder_end_array(b);
    add_string(b, "as_of", item->topic->as_of_date);
    json_builder_set_member_name(b, "verified");
    json_builder_add_boolean_value(b, item->topic->is_verified);
    json_builder_end_object(b);
}

static char *answer_json(const Answer *answer)
{
    static const char *const outcomes[] = { "answer", "choices", "none" };
    g_autoptr(JsonBuilder) b = json_builder_new_immutable();
    g_autofree char *sms = answer_sms(answer);
    g_auto(GStrv) parts = segment_text(sms);

    json_builder_begin_object(b);
    add_string(b, "query", answer->query);
    add_string(b, "outcome", outcomes[answer->outcome]);
    json_builder_set_member_name(b, "confident");
    json_builder_add_boolean_value(b, answer->outcome == SEARCH_ANSWER);
    json_builder_set_member_name(b, "answers");
    json_builder_begin_array(b);
    for (guint i = 0; i < answer->items->len; i++)
        add_item(b, g_ptr_array_index(answer->items, i));
    json_builder_end_array(b);
    add_string(b, "redirect", answer->redirect);
    json_builder_set_member_name(b, "sms");
    json_builder_begin_array(b);
    for (char **part = parts; *part; part++)
        json_builder_add_string_value(b, *part);
    json_builder_end_array(b);
    json_builder_end_object(b);
    return json_line(b);
}

/* ---- one answer as text ---- */

/* On one line, for --batch. */
static char *one_line(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    return g_strjoinv(" ", lines);
}

static void put_parts(const char *sms)
{
    g_auto(GStrv) parts = segment_text(sms);
    const char *alphabet = segment_alphabet(sms) == SEGMENT_GSM7 ? "GSM 7 bit" : "UCS-2";
    guint count = g_strv_length(parts);

    for (guint i = 0; i < count; i++)
        terminal_printf(stdout, "[%u/%u %s %ld字] %s\n", i + 1, count, alphabet,
                        g_utf8_strlen(parts[i], -1), parts[i]);
}

/* As a short message: help, codes, notes and all. */
static int ask_by_sms(const Ask *ask, const char *question)
{
    gboolean is_none = FALSE;
    g_autoptr(GError) error = NULL;
    g_autofree char *sms =
        ask->by_sms->reply(ask->by_sms->data, question, ask->from, &is_none, &error);
    if (error) return cli_fail(EX_DATAERR, "%s", error->message);
    g_autofree char *line = one_line(sms ? sms : "");

    if (ask->is_batch)
        terminal_printf(stdout, "%s\n", line);
    else if (sms)
        put_parts(sms);
    else
        terminal_put(stderr, "这样的短信不回复。\n");
    fflush(stdout);
    return is_none ? EXIT_NO_ANSWER : EX_OK;
}

static void put_wrapped(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line; line++) {
        /* who reads a pipe looks for whole words, not for lines of a width */
        g_autofree char *wrapped =
            isatty(STDOUT_FILENO) ? terminal_wrap(*line, terminal_width(), 2) : g_strdup(*line);
        terminal_put(stdout, wrapped);
        terminal_put(stdout, "\n");
    }
}

static void put_answer(const Ask *ask, const Answer *answer)
{
    if (ask->is_json) {
        g_autofree char *json = answer_json(answer);
        /* JSON is for programs: UTF-8 whatever the terminal */
        fputs(json, stdout);
        fputc('\n', stdout);
    } else if (ask->is_batch) {
        g_autofree char *line = one_line(answer->text);
        terminal_put(stdout, line);
        terminal_put(stdout, "\n");
    } else {
        put_wrapped(answer->text);
    }
    fflush(stdout);
}

static void put_explanation(const Ask *ask, const char *question)
{
    g_autofree char *text = explain_question(ask->catalogue, ask->search, question);

    put_wrapped(text);
    terminal_put(stdout, "\n");
}

static int ask_one(Ask *ask, const char *question)
{
    if (ask->is_sms && !ask->is_json && !ask->is_explained) return ask_by_sms(ask, question);
    g_autoptr(Answer) answer = answer_question(ask->catalogue, ask->search, question);

    if (ask->is_explained) put_explanation(ask, question);
    put_answer(ask, answer);
    return answer->outcome == SEARCH_NONE ? EXIT_NO_ANSWER : EX_OK;
}

/* ---- many questions: a line in, a line out ---- */

/* The next line of `in` without its end, at most QUESTION_KEPT_MAX octets of it; NUL octets become
 * spaces. FALSE at the end. */
static gboolean read_line(FILE *in, GString *line)
{
    int c, seen = 0;

    g_string_truncate(line, 0);
    while ((c = getc_unlocked(in)) != EOF && c != '\n') {
        seen = 1;
        if (line->len < QUESTION_KEPT_MAX) g_string_append_c(line, c ? (char)c : ' ');
    }
    if (line->len > 0 && line->str[line->len - 1] == '\r') g_string_truncate(line, line->len - 1);
    return c != EOF || seen;
}

static int ask_batch(Ask *ask)
{
    g_autoptr(GString) line = g_string_new(NULL);

    while (read_line(stdin, line)) {
        g_autofree char *question = terminal_to_utf8(line->str, (gssize)line->len);
        refresh(ask);
        ask_one(ask, question);
        if (ferror(stdout)) return cli_fail(EX_IOERR, "写不出答复：%s", errno_text(errno));
    }
    return EX_OK;
}

/* ---- a small dialogue ---- */

typedef struct {
    Answer *last; /* what a number chooses from */
    int topic;    /* what was talked about last; -1: nothing yet */
} Dialogue;

/* The number a line consists of (１ as well as 1); 0 if it is none. */
static guint64 typed_number(const char *line)
{
    g_autofree char *folded = fold_text(line, -1);
    guint64 number = 0;

    return g_ascii_string_to_unsigned(folded, 10, 1, 99, &number, NULL) ? number : 0;
}

static gboolean is_farewell(const char *line)
{
    static const char *const words[] = { "q", "quit", "exit", "退出", "结束", "再见", NULL };
    g_autofree char *folded = fold_text(line, -1);

    return *folded == '\0' || g_strv_contains(words, folded);
}

static void remember(const Ask *ask, Dialogue *d, Answer *answer)
{
    answer_free(d->last);
    d->last = answer;
    if (answer->outcome == SEARCH_ANSWER)
        d->topic = (int)(((AnswerItem *)answer->items->pdata[0])->topic - ask->catalogue->topics);
}

/* A choice from the list, a further question about the same thing ("要带什么"), or a new question.
 */
static void reply(Ask *ask, Dialogue *d, const char *line)
{
    if (ask->is_sms) {
        ask_by_sms(ask, line);
        return;
    }
    guint64 number = typed_number(line);
    g_autofree char *folded = fold_text(line, -1);

    if (number > 0 && d->last && d->last->outcome == SEARCH_CHOICES) {
        guint shown = d->last->choice_count;
        const AnswerItem *item;

        if (number > shown) {
            terminal_printf(stdout, "请输入 1 到 %u，或者换个说法。\n", shown);
            return;
        }
        item = g_ptr_array_index(d->last->items, (guint)number - 1);
        remember(ask, d,
                 answer_topic(ask->catalogue, ask->search, d->last->query,
                              (guint)(item->topic - ask->catalogue->topics)));
    } else if (d->topic >= 0 && !intent_has_subject(folded)) {
        remember(ask, d, answer_topic(ask->catalogue, ask->search, line, (guint)d->topic));
    } else {
        remember(ask, d, answer_question(ask->catalogue, ask->search, line));
    }
    put_answer(ask, d->last);
}

static int ask_dialogue(Ask *ask)
{
    g_autoptr(GString) raw = g_string_new(NULL);
    Dialogue d = { NULL, -1 };

    terminal_put(stdout, "便民查询。请用自己的话问，一行一个问题；空行或“退出”结束。\n");
    for (;;) {
        g_autofree char *line = NULL;

        terminal_put(stdout, "问：");
        fflush(stdout);
        if (!read_line(stdin, raw)) break;
        line = terminal_to_utf8(raw->str, (gssize)raw->len);
        if (is_farewell(g_strstrip(line))) break;
        if (catalogue_is_stale(ask->catalogue)) {
            g_clear_pointer(&d.last, answer_free); /* it points into the old catalogue */
            d.topic = -1;
            refresh(ask);
        }
        reply(ask, &d, line);
    }
    answer_free(d.last);
    terminal_put(stdout, "再见。\n");
    return EX_OK;
}

/* ---- the command ---- */

static int run(Ask *ask, int argc, char **argv)
{
    g_autofree char *joined = NULL;
    g_autofree char *question = NULL;

    if (ask->from && !ask->is_sms) return cli_fail(EX_USAGE, "--from 要和 --sms 一起用。");
    if (argc < 2 && !ask->is_batch && terminal_is_interactive()) return ask_dialogue(ask);
    if (argc < 2) return ask_batch(ask);
    if (ask->is_explained && (ask->is_json || ask->is_batch))
        return cli_fail(EX_USAGE, "--explain 是给人看的，不能和 --json、--batch 一起用。");
    if (ask->is_batch)
        return cli_fail(EX_USAGE, "--batch 从标准输入读问题，命令行上不要再写问题。");
    joined = g_strjoinv(" ", argv + 1);
    question = terminal_to_utf8(joined, -1);
    return ask_one(ask, question);
}

int ask_main(CliGlobals *globals, int argc, char **argv, const AskSms *by_sms)
{
    Ask ask = { .by_sms = by_sms };
    const GOptionEntry entries[] = {
        { "json", 0, 0, G_OPTION_ARG_NONE, &ask.is_json, "每个答复一行 JSON", NULL },
        { "batch", 0, 0, G_OPTION_ARG_NONE, &ask.is_batch, "从标准输入读，一行一问，一行一答",
          NULL },
        { "explain", 0, 0, G_OPTION_ARG_NONE, &ask.is_explained,
          "说明为什么这样答：哪些词、多大分量", NULL },
        { "sms", 0, 0, G_OPTION_ARG_NONE, &ask.is_sms, "照短信的样子答，标明字母表和条数", NULL },
        { "from", 0, 0, G_OPTION_ARG_STRING, &ask.from, "和 --sms 一起：当作这个号码发来的",
          "号码" },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };
    g_autoptr(GError) error = NULL;
    gboolean is_done = FALSE;
    int status = cli_parse(globals, "ask [选项] [问题…]", entries, &argc, &argv, &is_done);

    if (is_done) {
        g_free(ask.from);
        return status;
    }
    ask.data_dir = folder_locate(globals->data_dir);
    if (open_catalogue(&ask, &error))
        status = run(&ask, argc, argv);
    else
        status = cli_fail(EX_DATAERR, "%s", error->message);
    close_catalogue(&ask);
    g_free(ask.data_dir);
    g_free(ask.from);
    return status;
}

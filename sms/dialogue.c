#include "sms/dialogue.h"

#include <string.h>

#include "charset/fold.h"
#include "db/answer.h"
#include "db/catalogue.h"
#include "db/intent.h"
#include "sms/phrase.h"

#define PHONE_DIGITS 11

struct Dialogue {
    char *data_dir;
    Catalogue *catalogue;
    Search *search;
};

DialogueState dialogue_state_copy(const DialogueState *state)
{
    return (DialogueState){ state->is_stopped,         g_strdup(state->choices),
                            g_strdup(state->question), g_strdup(state->more),
                            g_strdup(state->topic),    state->at_s };
}

void dialogue_state_clear(DialogueState *state)
{
    g_free(state->choices);
    g_free(state->question);
    g_free(state->more);
    g_free(state->topic);
    *state = (DialogueState){ 0 };
}

void dialogue_reply_free(DialogueReply *reply)
{
    if (!reply) return;
    g_free(reply->text);
    g_free(reply->note);
    g_free(reply->code);
    g_free(reply);
}

/* ---- content ---- */

static gboolean open_content(Dialogue *dialogue, GError **error)
{
    Catalogue *fresh = catalogue_open(dialogue->data_dir, error);
    if (!fresh) return FALSE;
    search_free(dialogue->search);
    catalogue_free(dialogue->catalogue);
    dialogue->catalogue = fresh;
    dialogue->search = search_new(fresh);
    return TRUE;
}

Dialogue *dialogue_new(const char *data_dir, GError **error)
{
    Dialogue *dialogue = g_new0(Dialogue, 1);
    dialogue->data_dir = g_strdup(data_dir);
    if (open_content(dialogue, error)) return dialogue;
    dialogue_free(dialogue);
    return NULL;
}

void dialogue_free(Dialogue *dialogue)
{
    if (!dialogue) return;
    search_free(dialogue->search);
    catalogue_free(dialogue->catalogue);
    g_free(dialogue->data_dir);
    g_free(dialogue);
}

static void refresh(Dialogue *dialogue)
{
    g_autoptr(GError) error = NULL;
    if (!catalogue_is_stale(dialogue->catalogue)) return;
    if (!open_content(dialogue, &error)) g_warning("新内容读不了，先用原来的：%s", error->message);
}

/* A topic's code as the whole message, "cl01", "CL 1", "查询CL01", in upper case; NULL if it is
 * none. g_free() */
static char *code_of(const char *text)
{
    static const char *const before[] = { "查询", "查", "查看", "代码", "编号", "事项" };
    const char *rest = text;
    for (guint i = 0; i < G_N_ELEMENTS(before); i++)
        if (g_str_has_prefix(rest, before[i])) rest += strlen(before[i]);
    while (*rest == ' ' || *rest == ':')
        rest++;
    if (!g_ascii_isalpha(rest[0]) || !g_ascii_isalpha(rest[1])) return NULL;
    const char *digits = rest + 2 + strspn(rest + 2, " ");
    gsize count = strspn(digits, "0123456789");
    if (count < 1 || count > 2 || digits[count] != '\0') return NULL;
    return g_strdup_printf("%c%c%02d", g_ascii_toupper(rest[0]), g_ascii_toupper(rest[1]),
                           (int)g_ascii_strtoll(digits, NULL, 10));
}

/* ---- replies ---- */

static DialogueReply *reply_new(DialogueKind kind, const char *text)
{
    DialogueReply *reply = g_new0(DialogueReply, 1);
    reply->kind = kind;
    reply->text = g_strdup(text);
    return reply;
}

static void forget(DialogueState *state)
{
    g_clear_pointer(&state->choices, g_free);
    g_clear_pointer(&state->question, g_free);
    g_clear_pointer(&state->more, g_free);
    g_clear_pointer(&state->topic, g_free);
}

static DialogueReply *reply_help(const DialogueState *state)
{
    if (state->is_stopped)
        return reply_new(DIALOGUE_MENU, "您已停止短信回答，发“开通”恢复。人工请打12345。");
    return reply_new(DIALOGUE_MENU, "直接发您要问的事，如“低保怎么办”，会自动回答。发“更多”看详细，"
                                    "“留言”加内容给工作人员，“退订”停止。人工请打12345。");
}

/* ---- 更多: what the short message left out ---- */

static void append_section(GString *more, const AnswerSection *section)
{
    if (!*section->text) return;
    if (more->len) g_string_append_c(more, '\n');
    g_string_append_printf(more, "%s：%s", section->title, section->text);
}

/* The sections that the conclusion does not contain; the asked ones first, as they are ordered. */
static char *rest_of(const AnswerItem *item, const char *said)
{
    g_autoptr(GString) more = g_string_new(NULL);
    for (guint i = 0; i < item->sections->len; i++) {
        const AnswerSection *section = &g_array_index(item->sections, AnswerSection, i);
        if (!strstr(said, section->text)) append_section(more, section);
    }
    return more->len ? g_strdup(more->str) : NULL;
}

static gboolean is_sentence_end(gunichar ch)
{
    return ch == 0x3002 || ch == 0xff1b || ch == '\n' || ch == 0xff01 || ch == 0xff1f || ch == ';';
}

/* Octets of the first portion of at most `max` characters, up to a sentence's end if there is one
 * in its second half. */
static gsize portion_len(const char *text, glong max)
{
    const char *end = NULL, *p = text;
    for (glong n = 0; *p && n < max; n++) {
        gboolean is_end = is_sentence_end(g_utf8_get_char(p));
        p = g_utf8_next_char(p);
        if (is_end && n >= max / 2) end = p;
    }
    if (!*p) return (gsize)(p - text);
    return (gsize)((end ? end : p) - text);
}

static DialogueReply *reply_more(DialogueState *state)
{
    static const char tail[] = "（发“更多”看下面）";
    if (!state->more || !*state->more)
        return reply_new(DIALOGUE_MENU, "没有更多内容了。请直接发您要问的事，人工请打12345。");
    g_autofree char *text = g_steal_pointer(&state->more);
    gboolean fits = g_utf8_strlen(text, -1) <= DIALOGUE_TEXT_MAX;
    glong max = DIALOGUE_TEXT_MAX - (fits ? 0 : g_utf8_strlen(tail, -1));
    gsize len = portion_len(text, max);
    g_autofree char *portion = g_strndup(text, len);
    const char *rest = text + len;
    while (*rest == '\n')
        rest++;
    if (*rest) state->more = g_strdup(rest);
    g_strchomp(portion);
    g_autofree char *whole = *rest ? g_strconcat(portion, tail, NULL) : g_strdup(portion);
    return reply_new(DIALOGUE_MENU, whole);
}

/* ---- questions ---- */

static char *codes_of(const Answer *answer)
{
    GString *codes = g_string_new(NULL);
    for (guint i = 0; i < answer->choice_count; i++) {
        const AnswerItem *item = answer->items->pdata[i];
        g_string_append_printf(codes, "%s%s", i ? ";" : "", item->topic->code);
    }
    return g_string_free(codes, FALSE);
}

/* What the next message may refer to. */
static void remember(DialogueState *state, const Answer *answer, const char *said, gint64 now_s)
{
    if (answer->outcome == SEARCH_NONE) return; /* it goes on with what was there */
    forget(state);
    state->at_s = now_s;
    if (answer->outcome == SEARCH_CHOICES) {
        state->choices = codes_of(answer);
        state->question = g_strdup(answer->query);
    } else if (answer->outcome == SEARCH_ANSWER) {
        const AnswerItem *item = answer->items->pdata[0];
        state->topic = g_strdup(item->topic->code);
        state->more = rest_of(item, said);
    }
}

static DialogueReply *reply_answer(DialogueState *state, const Answer *answer, gint64 now_s)
{
    static const DialogueKind kinds[] = { [SEARCH_ANSWER] = DIALOGUE_ANSWER,
                                          [SEARCH_CHOICES] = DIALOGUE_CHOICES,
                                          [SEARCH_NONE] = DIALOGUE_NONE };
    g_autofree char *text = answer_sms(answer);
    DialogueReply *reply = reply_new(kinds[answer->outcome], text);
    if (answer->outcome == SEARCH_ANSWER)
        reply->code = g_strdup(((AnswerItem *)answer->items->pdata[0])->topic->code);
    reply->is_urgent = answer->urgent != NULL;
    remember(state, answer, text, now_s);
    return reply;
}

static DialogueReply *reply_topic(Dialogue *dialogue, const char *question, int topic, gint64 now_s,
                                  DialogueState *state)
{
    g_autoptr(Answer) answer =
        answer_topic(dialogue->catalogue, dialogue->search, question, (guint)topic);
    return reply_answer(state, answer, now_s);
}

static gboolean is_fresh(const DialogueState *state, gint64 now_s)
{
    /* a clock that was set back keeps nothing either */
    return now_s >= state->at_s && now_s - state->at_s <= DIALOGUE_KEPT_S;
}

static DialogueReply *reply_number(Dialogue *dialogue, guint number, gint64 now_s,
                                   DialogueState *state)
{
    if (!state->choices)
        return reply_new(DIALOGUE_MENU, "现在没有可选的编号。请直接发您要问的事，如“低保怎么办”。");
    g_auto(GStrv) codes = g_strsplit(state->choices, ";", -1);
    guint count = g_strv_length(codes);
    int topic = number <= count ? catalogue_find_topic(dialogue->catalogue, codes[number - 1]) : -1;
    if (topic < 0) {
        g_autofree char *text =
            g_strdup_printf("请回复 1 到 %u 中的一个数字，或者换个说法再问。", count);
        return reply_new(DIALOGUE_MENU, text);
    }
    g_autofree char *question = g_strdup(state->question ? state->question : "");
    g_autofree char *choices = g_strdup(state->choices);
    DialogueReply *reply = reply_topic(dialogue, question, topic, now_s, state);
    /* the list holds on: "1", and then "2" */
    state->choices = g_steal_pointer(&choices);
    state->question = g_steal_pointer(&question);
    return reply;
}

static DialogueReply *reply_code(Dialogue *dialogue, const char *text, const char *code,
                                 gint64 now_s, DialogueState *state)
{
    int topic = catalogue_find_topic(dialogue->catalogue, code);
    if (topic >= 0) return reply_topic(dialogue, text, topic, now_s, state);
    g_autofree char *none = g_strdup_printf(
        "没有“%s”这个编号。请直接发您要问的事，如“低保怎么办”。人工请打12345。", code);
    return reply_new(DIALOGUE_MENU, none);
}

static DialogueReply *reply_question(Dialogue *dialogue, const char *text, const char *folded,
                                     gint64 now_s, DialogueState *state)
{
    if (state->topic && !intent_has_subject(folded)) {
        int topic = catalogue_find_topic(dialogue->catalogue, state->topic);
        if (topic >= 0) return reply_topic(dialogue, text, topic, now_s, state);
    }
    g_autoptr(Answer) answer = answer_question(dialogue->catalogue, dialogue->search, text);
    return reply_answer(state, answer, now_s);
}

/* ---- 留言 ---- */

static DialogueReply *reply_note(char *note)
{
    if (!*note) {
        g_free(note);
        return reply_new(DIALOGUE_MENU,
                         "要给工作人员留言，请发“留言”两个字再加内容，例如：留言 我家水管坏了。");
    }
    DialogueReply *reply = reply_new(
        DIALOGUE_NOTE, "留言已收到，工作人员上班后会看，需要时打这个号码找您。急事请打12345。");
    reply->note = note;
    return reply;
}

/* ---- a message ---- */

static DialogueReply *reply_word(PhraseWord word, DialogueState *state)
{
    switch (word) {
    case PHRASE_HELP:
        return reply_help(state);
    case PHRASE_MORE:
        return reply_more(state);
    case PHRASE_STOP:
        state->is_stopped = TRUE;
        forget(state);
        return reply_new(DIALOGUE_MENU, "已为您停止短信回答。想再用，发“开通”。急事请打12345。");
    case PHRASE_START:
        state->is_stopped = FALSE;
        return reply_new(DIALOGUE_MENU, "已开通。请直接发您要问的事，如“低保怎么办”。");
    case PHRASE_THANKS:
    case PHRASE_NONE:
        break;
    }
    return reply_new(DIALOGUE_SILENCE, NULL);
}

static DialogueReply *reply_free_text(Dialogue *dialogue, const char *text, const char *folded,
                                      const char *plain, gint64 now_s, DialogueState *state)
{
    guint number = phrase_number(plain);
    g_autofree char *code = code_of(plain);

    if (number > 0) return reply_number(dialogue, number, now_s, state);
    if (code) return reply_code(dialogue, text, code, now_s, state);
    char *note = phrase_note(text);
    if (note) return reply_note(note);
    if (phrase_asks_own_record(plain))
        return reply_new(DIALOGUE_MENU, "本人的发放情况不能用短信查。请带身份证到社区服务站查，"
                                        "或打12345。请不要用短信发身份证号和密码。");
    return reply_question(dialogue, text, folded, now_s, state);
}

static char *first_octets(const char *text)
{
    const char *end = NULL;
    gsize len = strlen(text);
    if (len <= DIALOGUE_READ_MAX) return g_strdup(text);
    g_utf8_validate_len(text, DIALOGUE_READ_MAX, &end);
    return g_strndup(text, (gsize)(end - text));
}

DialogueReply *dialogue_reply(Dialogue *dialogue, const char *text, gint64 now_s,
                              DialogueState *state)
{
    g_autofree char *read = first_octets(text);
    g_autofree char *folded = fold_text(read, -1);
    g_autofree char *plain = phrase_bare(folded);
    PhraseWord word = phrase_word(folded);

    refresh(dialogue);
    if (!is_fresh(state, now_s)) forget(state);
    if (state->is_stopped && word != PHRASE_START && word != PHRASE_HELP)
        return reply_new(DIALOGUE_SILENCE, NULL);
    if (word != PHRASE_NONE) return reply_word(word, state);
    if (!phrase_has_letters(plain) || phrase_is_from_machine(folded))
        return reply_new(DIALOGUE_SILENCE, NULL);
    return reply_free_text(dialogue, read, folded, plain, now_s, state);
}

gboolean dialogue_may_answer(const char *number)
{
    const char *digits = *number == '+' ? number + 1 : number;
    gsize len = strlen(digits);

    if (strspn(digits, "0123456789") != len) return FALSE;
    if (*number == '+') {
        if (!g_str_has_prefix(digits, "86")) return len >= PHONE_DIGITS;
        digits += 2;
    } else if (g_str_has_prefix(digits, "0086")) {
        digits += 4;
    } else if (g_str_has_prefix(digits, "86") && len == PHONE_DIGITS + 2) {
        digits += 2;
    }
    len = strlen(digits);
    if (len < PHONE_DIGITS || len > PHONE_DIGITS + 1) return FALSE;
    /* 106… are gateways, 95… firms, 10086, 12345 and their like are too short anyway */
    return !g_str_has_prefix(digits, "106") && !g_str_has_prefix(digits, "95") &&
           !g_str_has_prefix(digits, "100");
}

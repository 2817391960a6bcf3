#include "sms/dialogue.h"

#include <string.h>

#include "charset/segment.h"
#include "db/answer.h"

static Dialogue *dialogue;

static const char *const kinds[] = {
    [DIALOGUE_SILENCE] = "silence", [DIALOGUE_ANSWER] = "answer", [DIALOGUE_CHOICES] = "choices",
    [DIALOGUE_NONE] = "none",       [DIALOGUE_MENU] = "menu",     [DIALOGUE_NOTE] = "note"
};

/* What a restart keeps: the strings, and nothing else. */
static void store_and_load(DialogueState *state)
{
    DialogueState copy = { state->is_stopped,         g_strdup(state->choices),
                           g_strdup(state->question), g_strdup(state->more),
                           g_strdup(state->topic),    state->at_s };
    dialogue_state_clear(state);
    *state = copy;
}

static void check_text(const DialogueReply *reply)
{
    g_assert_true((reply->text == NULL) == (reply->kind == DIALOGUE_SILENCE));
    if (!reply->text) return;
    g_auto(GStrv) parts = segment_text(reply->text);
    g_assert_cmpuint(g_strv_length(parts), <=, 2);
    g_assert_cmpint(g_utf8_strlen(reply->text, -1), <=, DIALOGUE_TEXT_MAX);
}

/* Transcripts: tests/sms/dialogue/X.txt. */
static void run_transcript(gconstpointer name)
{
    g_autofree char *path = g_build_filename(g_test_get_dir(G_TEST_DIST), "tests/sms/dialogue",
                                             (const char *)name, NULL);
    g_autofree char *text = NULL;
    DialogueReply *reply = NULL;
    DialogueState state = { 0 };
    gint64 now_s = 1795500000;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        const char *rest = strlen(*line) > 2 ? *line + 2 : "";
        g_test_message("%s", *line);
        if (**line == '>') {
            dialogue_reply_free(reply);
            reply = dialogue_reply(dialogue, rest, now_s, &state);
            store_and_load(&state);
            check_text(reply);
            g_test_message("  %s: %s", kinds[reply->kind], reply->text ? reply->text : "");
        } else if (**line == '=') {
            g_assert_cmpstr(kinds[reply->kind], ==, rest);
        } else if (**line == '!') {
            g_assert_cmpstr(kinds[reply->kind], !=, rest);
        } else if (**line == '<') {
            g_assert_nonnull(strstr(reply->text, rest));
        } else if (**line == '+') {
            g_assert_cmpstr(reply->note, ==, rest);
        } else if (g_str_has_prefix(*line, "wait ")) {
            now_s += g_ascii_strtoll(*line + 5, NULL, 10);
        }
    }
    dialogue_reply_free(reply);
    dialogue_state_clear(&state);
}

/* A message gets what `bianmin ask --sms` says, to the letter. */
static void test_same_as_ask(void)
{
    static const char *const questions[] = { "低保怎么办", "残疾人补贴去年发了多少钱",
                                             "补贴",       "今天天气怎样",
                                             "cjrbt",      "着火了" };
    g_autoptr(GError) error = NULL;
    Catalogue *catalogue = catalogue_open("/nonexistent", &error);
    g_assert_no_error(error);
    Search *search = search_new(catalogue);
    for (guint i = 0; i < G_N_ELEMENTS(questions); i++) {
        DialogueState state = { 0 };
        Answer *answer = answer_question(catalogue, search, questions[i]);
        g_autofree char *want = answer_sms(answer);
        g_autoptr(DialogueReply) reply = dialogue_reply(dialogue, questions[i], 1, &state);
        g_assert_cmpstr(reply->text, ==, want);
        answer_free(answer);
        dialogue_state_clear(&state);
    }
    search_free(search);
    catalogue_free(catalogue);
}

/* 更多 comes to an end, says no part twice, and nothing of it is lost. */
static void test_more(void)
{
    static const char *const codes[] = { "CL01", "CJ01", "DB01", "GZ01", "YL01" };
    guint answered = 0;
    for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
        DialogueState state = { 0 };
        g_autoptr(DialogueReply) first = dialogue_reply(dialogue, codes[i], 1, &state);
        if (first->kind == DIALOGUE_ANSWER) answered++;
        g_autoptr(GHashTable) said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        guint rounds = 0;
        for (; state.more && rounds < 100; rounds++) {
            g_autoptr(DialogueReply) more = dialogue_reply(dialogue, "更多", 1, &state);
            check_text(more);
            g_assert_true(g_hash_table_add(said, g_strdup(more->text)));
        }
        g_assert_cmpuint(rounds, <, 100);
        dialogue_state_clear(&state);
    }
    g_assert_cmpuint(answered, >=, 1);
}

static void test_help(void)
{
    DialogueState state = { 0 };
    g_autoptr(DialogueReply) reply = dialogue_reply(dialogue, "帮助", 1, &state);
    g_assert_cmpint(g_utf8_strlen(reply->text, -1), <=, 70);
}

static void test_may_answer(void)
{
    static const struct {
        const char *number;
        gboolean may;
    } rows[] = {
        { "+8615400000001", TRUE },
        { "15400000001", TRUE },
        { "008615400000001", TRUE },
        { "8615400000001", TRUE },
        { "057765000000", TRUE },
        { "10086", FALSE },
        { "+8610086", FALSE },
        { "12345", FALSE },
        { "106575000001", FALSE },
        { "+86106575000001", FALSE },
        { "955880000000", FALSE },
        { "ChinaMobile", FALSE },
        { "", FALSE },
        { "+", FALSE },
        { "1540000000", FALSE },
        { "*10015400000", FALSE },
        { "10655000000000000", FALSE },
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].number);
        g_assert_cmpint(dialogue_may_answer(rows[i].number), ==, rows[i].may);
    }
}

int main(int argc, char **argv)
{
    static const char *const transcripts[] = { "words.txt", "stop.txt", "choices.txt", "topic.txt",
                                               "note.txt" };
    g_test_init(&argc, &argv, NULL);
    g_autoptr(GError) error = NULL;
    dialogue = dialogue_new("/nonexistent", &error);
    g_assert_no_error(error);
    for (guint i = 0; i < G_N_ELEMENTS(transcripts); i++) {
        g_autofree char *name = g_strconcat("/dialogue/", transcripts[i], NULL);
        g_test_add_data_func(name, transcripts[i], run_transcript);
    }
    g_test_add_func("/dialogue/same-as-ask", test_same_as_ask);
    g_test_add_func("/dialogue/more", test_more);
    g_test_add_func("/dialogue/help", test_help);
    g_test_add_func("/dialogue/may-answer", test_may_answer);
    int status = g_test_run();
    dialogue_free(dialogue);
    return status;
}

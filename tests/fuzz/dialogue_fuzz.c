/* Any message, after any other: an answer of at most two short messages, or silence. */
#include "sms/dialogue.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static Dialogue *dialogue;

static void say(const char *text, gint64 now_s, DialogueState *state)
{
    g_autoptr(DialogueReply) reply = dialogue_reply(dialogue, text, now_s, state);

    g_assert_true((reply->kind == DIALOGUE_SILENCE) == (reply->text == NULL));
    g_assert_true((reply->kind == DIALOGUE_NOTE) == (reply->note != NULL));
    if (!reply->text) return;
    g_assert_true(g_utf8_validate(reply->text, -1, NULL));
    g_assert_cmpint(g_utf8_strlen(reply->text, -1), <=, DIALOGUE_TEXT_MAX);
    g_assert_cmpint(g_utf8_strlen(reply->text, -1), >, 0);
    for (const char *p = reply->text; *p; p++)
        g_assert_true((guchar)*p >= 0x20 || *p == '\n');
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    DialogueState state = { 0 };
    if (!dialogue) dialogue = dialogue_new("/nonexistent", NULL);
    g_assert_nonnull(dialogue);
    g_autofree char *text = g_utf8_make_valid((const char *)data, (gssize)size);
    g_auto(GStrv) messages = g_strsplit(text, "\n\n", 5);
    for (guint i = 0; messages[i]; i++) {
        say(messages[i], 1000 + i, &state);
        dialogue_may_answer(messages[i]);
    }
    dialogue_state_clear(&state);
    return 0;
}

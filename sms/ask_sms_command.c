#include "sms/ask_sms_command.h"

#include "db/ask_command.h"
#include "db/folder.h"
#include "sms/dialogue.h"

typedef struct {
    const char *data_dir;
    Dialogue *dialogue; /* opened when it is first wanted */
} AskDialogue;

/* The reply to a number that has not written before. */
static char *reply(gpointer data, const char *text, const char *from, gboolean *is_none,
                   GError **error)
{
    AskDialogue *ask = data;
    DialogueState state = { 0 };

    *is_none = TRUE;
    if (from && !dialogue_may_answer(from)) return NULL;
    if (!ask->dialogue) ask->dialogue = dialogue_new(ask->data_dir, error);
    if (!ask->dialogue) return NULL;
    g_autoptr(DialogueReply) said =
        dialogue_reply(ask->dialogue, text, g_get_real_time() / G_USEC_PER_SEC, &state);
    dialogue_state_clear(&state);
    *is_none = said->kind == DIALOGUE_NONE || said->kind == DIALOGUE_SILENCE;
    return g_strdup(said->text);
}

int ask_sms_main(CliGlobals *globals, int argc, char **argv)
{
    g_autofree char *data_dir = folder_locate(globals->data_dir);
    AskDialogue ask = { data_dir, NULL };
    const AskSms by_sms = { reply, &ask };
    int status = ask_main(globals, argc, argv, &by_sms);

    dialogue_free(ask.dialogue);
    return status;
}

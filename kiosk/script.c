#include "kiosk/script.h"

#include "kiosk/speech.h"

struct Script {
    GArray *lines;
};

static void line_clear(gpointer data)
{
    ScriptLine *line = data;
    g_clear_object(&line->widget);
    g_free(line->sentence);
}

Script *script_new(void)
{
    Script *script = g_new0(Script, 1);
    script->lines = g_array_new(FALSE, FALSE, sizeof(ScriptLine));
    g_array_set_clear_func(script->lines, line_clear);
    return script;
}

void script_free(Script *script)
{
    if (!script) return;
    g_array_unref(script->lines);
    g_free(script);
}

void script_add(Script *script, GtkWidget *widget, const char *text)
{
    g_auto(GStrv) sentences = text ? speech_split(text) : NULL;

    for (char **sentence = sentences; sentence && *sentence; sentence++) {
        ScriptLine line = { widget ? g_object_ref(widget) : NULL, g_strdup(*sentence) };
        g_array_append_val(script->lines, line);
    }
}

guint script_length(const Script *script)
{
    return script->lines->len;
}

const ScriptLine *script_line(const Script *script, guint index)
{
    return &g_array_index(script->lines, ScriptLine, index);
}

const char **script_sentences(const Script *script)
{
    const char **sentences = g_new0(const char *, script->lines->len + 1);
    for (guint i = 0; i < script->lines->len; i++)
        sentences[i] = script_line(script, i)->sentence;
    return sentences;
}

#include "kiosk/reader.h"

#include "kiosk/pager.h"

struct Reader {
    Speech *speech;
    Script *script;
    GtkWidget *marked; /* the script's */
    ReaderProgress progress;
    gpointer data;
};

static void unmark(Reader *reader)
{
    if (reader->marked) gtk_widget_remove_css_class(reader->marked, "speaking");
    reader->marked = NULL;
}

/* What is read must be seen: its page of a pager is turned up. */
static void mark(Reader *reader, GtkWidget *widget)
{
    GtkWidget *pager = gtk_widget_get_ancestor(widget, KIOSK_TYPE_PAGER);

    reader->marked = widget;
    gtk_widget_add_css_class(widget, "speaking");
    if (pager) kiosk_pager_show(KIOSK_PAGER(pager), widget);
}

static void on_started(int index, gpointer data)
{
    Reader *reader = data;

    unmark(reader);
    if (index < 0) {
        g_clear_pointer(&reader->script, script_free);
        reader->progress(TRUE, reader->data);
        return;
    }
    GtkWidget *widget = script_line(reader->script, (guint)index)->widget;
    if (widget) mark(reader, widget);
    reader->progress(FALSE, reader->data);
}

Reader *reader_new(const char *command, ReaderProgress progress, gpointer data)
{
    Reader *reader = g_new0(Reader, 1);
    reader->speech = speech_new(command);
    reader->progress = progress;
    reader->data = data;
    return reader;
}

void reader_free(Reader *reader)
{
    if (!reader) return;
    reader_stop(reader);
    speech_free(reader->speech);
    g_free(reader);
}

gboolean reader_is_there(const Reader *reader)
{
    return speech_is_there(reader->speech);
}

void reader_read(Reader *reader, Script *script)
{
    reader_stop(reader);
    g_autofree const char **sentences = script_sentences(script);
    reader->script = script;
    speech_say(reader->speech, sentences, on_started, reader);
}

void reader_stop(Reader *reader)
{
    speech_stop(reader->speech);
    unmark(reader);
    g_clear_pointer(&reader->script, script_free);
}

void reader_set_volume(Reader *reader, SpeechVolume volume)
{
    speech_set_volume(reader->speech, volume);
}

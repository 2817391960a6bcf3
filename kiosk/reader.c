#include "kiosk/reader.h"

#include <string.h>

#include "kiosk/pager.h"

struct Reader {
    Speech *speech;
    Script *script;
    GtkWidget *marked; /* the script's */
    GtkLabel *label;   /* within it: the one whose sentence is underlined; NULL: none */
    ReaderProgress progress;
    gpointer data;
};

static void unmark(Reader *reader)
{
    if (reader->marked) gtk_widget_remove_css_class(reader->marked, "speaking");
    if (reader->label) gtk_label_set_attributes(reader->label, NULL);
    reader->marked = NULL;
    reader->label = NULL;
}

/* The label in which the sentence stands: the widget, or one within it. */
static GtkLabel *find_label(GtkWidget *widget, const char *sentence)
{
    GtkLabel *found = NULL;

    if (GTK_IS_LABEL(widget))
        return strstr(gtk_label_get_text(GTK_LABEL(widget)), sentence) ? GTK_LABEL(widget) : NULL;
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child && !found;
         child = gtk_widget_get_next_sibling(child))
        found = find_label(child, sentence);
    return found;
}

static void underline(GtkLabel *label, const char *sentence)
{
    const char *text = gtk_label_get_text(label);
    PangoAttrList *list = pango_attr_list_new();
    PangoAttribute *line = pango_attr_underline_new(PANGO_UNDERLINE_SINGLE);

    line->start_index = (guint)(strstr(text, sentence) - text);
    line->end_index = line->start_index + (guint)strlen(sentence);
    pango_attr_list_insert(list, line);
    gtk_label_set_attributes(label, list);
    pango_attr_list_unref(list);
}

/* What is read must be seen: its page of a pager is turned up, the sentence underlined in the
 * paragraph that changes its colour. */
static void mark(Reader *reader, const ScriptLine *line)
{
    GtkWidget *pager = gtk_widget_get_ancestor(line->widget, KIOSK_TYPE_PAGER);

    reader->marked = line->widget;
    reader->label = find_label(line->widget, line->sentence);
    gtk_widget_add_css_class(line->widget, "speaking");
    if (reader->label) underline(reader->label, line->sentence);
    if (pager) kiosk_pager_show(KIOSK_PAGER(pager), line->widget);
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
    const ScriptLine *line = script_line(reader->script, (guint)index);
    if (line->widget) mark(reader, line);
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

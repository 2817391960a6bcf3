#pragma once
/* What a page reads aloud: sentences, each with the widget that shows it. */
#include <gtk/gtk.h>

typedef struct {
    GtkWidget *widget; /* owned reference; NULL if nothing on the screen shows it */
    char *sentence;
} ScriptLine;

typedef struct Script Script;

Script *script_new(void);
void script_free(Script *script); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Script, script_free)

/* `text` may be several sentences; "" and NULL add nothing. `widget` may be NULL. */
void script_add(Script *script, GtkWidget *widget, const char *text);
guint script_length(const Script *script);
const ScriptLine *script_line(const Script *script, guint index);
/* The sentences alone, NULL-ended; they are the script's, free the array with g_free(). */
const char **script_sentences(const Script *script);

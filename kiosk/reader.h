#pragma once
/* Reads a script aloud and marks what is being read (CSS class "speaking"). */
#include "kiosk/script.h"
#include "kiosk/speech.h"

typedef struct Reader Reader;
/* A sentence begins; `is_ended`: the last one is over, by itself and not by reader_stop(). */
typedef void (*ReaderProgress)(gboolean is_ended, gpointer data);

Reader *reader_new(const char *command, ReaderProgress progress, gpointer data);
void reader_free(Reader *reader); /* silent at once; NULL is fine */
gboolean reader_is_there(const Reader *reader);
/* Takes the script over. */
void reader_read(Reader *reader, Script *script);
void reader_stop(Reader *reader);
void reader_set_volume(Reader *reader, SpeechVolume volume);

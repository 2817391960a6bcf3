#pragma once
/* Reads sentences aloud, one after the other, through a program that is started anew for each
 * (KioskSettings.speech_command). Knows nothing of widgets. Main loop only: nothing here blocks,
 * and callbacks come from the loop, never from within a call of these functions.
 * The command is split as a shell would (quotes, no expansion); {text}, {pinyin} and {volume} in
 * its words are replaced by the sentence, by spoken_pinyin() of it and by a number as espeak-ng's
 * -a takes it. No shell sees it, and a sentence never begins a word with '-'.
 * The child has a process group of its own, no input, and its output is dropped. One that fails, is
 * missing or takes far longer than the sentence can last ends the reading with one g_warning. */
#include <glib.h>

typedef struct Speech Speech;
typedef enum { SPEECH_LOW, SPEECH_MIDDLE, SPEECH_HIGH } SpeechVolume;

/* `index` of the sentence that begins; -1: the reading is over, by itself or because it failed.
 * It may call any of the functions below, speech_free() too. */
typedef void (*SpeechStarted)(int index, gpointer data);

#define SPEECH_SENTENCE_MAX 40 /* characters */

Speech *speech_new(const char *command); /* "": none. The volume is in the middle */
void speech_free(Speech *speech);        /* NULL is fine; silent at once, no callback */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Speech, speech_free)

/* There is a command, and its program is in the PATH. */
gboolean speech_is_there(const Speech *speech);
gboolean speech_is_speaking(const Speech *speech);

/* Stops what is being read, then reads these, which it copies. `started` may be NULL. */
void speech_say(Speech *speech, const char *const *sentences, SpeechStarted started, gpointer data);
/* Silent within 50 ms: SIGTERM to the group, then SIGKILL. No callback follows. */
void speech_stop(Speech *speech);
/* From the next sentence on. */
void speech_set_volume(Speech *speech, SpeechVolume volume);

/* The sentences of a text, as they stand in it: each ends after 。！？； or a line, or after ，、
 * where it would have more than SPEECH_SENTENCE_MAX characters. What has neither letter nor digit
 * is left out. Free with g_strfreev(). */
char **speech_split(const char *text);

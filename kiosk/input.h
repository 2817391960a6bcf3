#pragma once
/* Keys → Chinese text: what the kiosk's own keyboard asks. One composition at a time: keys that are
 * not text yet, and what they may mean, best first. No GTK in here.
 *
 *   FULL    a–z, ' as the border of a syllable: pinyin, first letters, both mixed
 *   NINE    2–9 as on a telephone (2 abc … 9 wxyz), and '
 *   STROKE  h 一  s 丨  p 丿  n 丶  z 乙: one character at a time, as soon as it can be guessed
 *
 * Behind it is librime, opened when the first Input is made, with data compiled by the build
 * (kiosk/rime). Nothing is learned, nothing is written: no user dictionary, no log. What was typed
 * is overwritten in our own memory; librime's copies are freed, not overwritten.
 * All Inputs belong to the one thread that made the first (librime has one state a process). */
#include <glib.h>

typedef struct Input Input; /* opaque */
typedef enum { PINYIN_INPUT_FULL, PINYIN_INPUT_NINE, PINYIN_INPUT_STROKE } PinyinInputKind;

#define INPUT_KEYS_MAX       64 /* of one composition; further keys are refused */
#define INPUT_CANDIDATES_MAX 40

#define INPUT_ERROR (input_error_quark())
GQuark input_error_quark(void);
typedef enum {
    INPUT_ERROR_LIBRARY, /* librime is not installed */
    INPUT_ERROR_DATA,    /* its data is not where it should be (rime.h) */
    INPUT_ERROR_SESSION, /* librime refuses */
} InputError;

/* The first takes 10 to 20 ms, each further kind a few. Free with input_free(). */
Input *pinyin_input_new(PinyinInputKind kind, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void input_free(Input *input); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Input, input_free)

/* FALSE, and nothing changes: no key of this kind, too many keys, a border where none can be, or
 * (STROKE) a stroke after which no character is left. */
gboolean input_key(Input *input, char key);
/* Takes back the last choice of a part, else the last key. FALSE: there is nothing to take back. */
gboolean input_backspace(Input *input);
/* Forgets all, also what was committed before: for the 清空 key, and when a visit ends. 0.2 ms. */
void input_clear(Input *input);

/* What is being composed, as shown: what was chosen already, then what was typed, with the borders
 * that were: "canjiren", on nine keys too, where it is the pinyin of the first candidate as far as
 * it was typed; digits where that is not known; strokes as 一丨丿丶乙. "" if nothing is. Valid
 * until the next call. */
const char *input_preedit(const Input *input);
/* What was typed, for db/suggest.h: what was chosen already, then the letters or digits and
 * borders, without spaces. Of STROKE always "": strokes are no letters. Valid until the next call.
 */
const char *input_raw(const Input *input);

/* Candidates are fetched when asked for; all of them take about 0.1 ms. */
const char *input_candidate(Input *input, guint i); /* NULL: there are not so many */
guint input_candidate_count(Input *input);          /* at most INPUT_CANDIDATES_MAX */

/* Takes candidate `i`. The text if that ends the composition, which is then empty; free with
 * g_free(). NULL: it stood for a part, or there is no such candidate; the rest is composed on, with
 * candidates of its own. */
char *input_choose(Input *input, guint i);

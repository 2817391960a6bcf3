#include "kiosk/speech.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "charset/spoken.h"

#define KILL_AFTER_MS 30   /* after SIGTERM */
#define PATIENCE_MS   4000 /* to begin and to end … */
#define PER_OCTET_MS  150  /* … and to say one letter of pinyin: three times as slow as usual */

/* A process that was started. It lives until the process was reaped, longer than the Speech if need
 * be. */
typedef struct {
    GPid pid;
    Speech *speech; /* NULL: nobody waits for it any more */
    guint timer;    /* patience, then SIGKILL; 0: none */
} Child;

struct Speech {
    char **command; /* NULL: none */
    SpeechVolume volume;
    char **sentences; /* NULL: not speaking */
    int index;        /* of the sentence that is read */
    SpeechStarted started;
    gpointer data;
    Child *child; /* NULL between two sentences */
    guint next;   /* the source that begins the next sentence; 0: none */
};

static void speak_later(Speech *speech);

/* ---- the child ---- */

static void kill_group(const Child *child, int signal_number)
{
    kill(-child->pid, signal_number);
}

static gboolean on_kill(gpointer data)
{
    Child *child = data;
    child->timer = 0;
    kill_group(child, SIGKILL);
    return G_SOURCE_REMOVE;
}

static void clear_timer(Child *child)
{
    if (child->timer) g_source_remove(child->timer);
    child->timer = 0;
}

/* Nobody waits for it any more; on_exit() still reaps it. */
static void let_go(Child *child, gboolean is_patient)
{
    child->speech = NULL;
    clear_timer(child);
    kill_group(child, is_patient ? SIGTERM : SIGKILL);
    if (is_patient) child->timer = g_timeout_add(KILL_AFTER_MS, on_kill, child);
}

/* In the child, between fork and exec: only calls that are safe there. It does not outlive us. */
static void set_up_child(gpointer data G_GNUC_UNUSED)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* ---- the command ---- */

static const char *volume_text(SpeechVolume volume)
{
    switch (volume) {
    case SPEECH_LOW:
        return "60";
    case SPEECH_MIDDLE:
        return "110";
    case SPEECH_HIGH:
        return "180";
    }
    return "110";
}

/* One word with its placeholders replaced, in one pass: what a sentence holds is not looked at. */
static char *fill_word(const char *word, const char *const values[][2])
{
    GString *out = g_string_new(NULL);
    gboolean is_option = *word == '-';
    while (*word) {
        gsize i = 0;
        while (values[i][0] && !g_str_has_prefix(word, values[i][0]))
            i++;
        if (values[i][0]) {
            g_string_append(out, values[i][1]);
            word += strlen(values[i][0]);
        } else {
            g_string_append_c(out, *word++);
        }
    }
    if (!is_option && out->str[0] == '-') g_string_prepend_c(out, ' ');
    return g_string_free(out, FALSE);
}

static char **fill_command(const Speech *speech, const char *text, const char *pinyin)
{
    const char *const values[][2] = { { "{text}", text },
                                      { "{pinyin}", pinyin },
                                      { "{volume}", volume_text(speech->volume) },
                                      { NULL, NULL } };
    guint count = g_strv_length(speech->command);
    char **argv = g_new0(char *, count + 1);
    for (guint i = 0; i < count; i++)
        argv[i] = fill_word(speech->command[i], values);
    return argv;
}

/* ---- speaking ---- */

/* Back to silence; who is told is told last, for it may free the Speech. */
static void finish(Speech *speech)
{
    SpeechStarted started = speech->started;
    gpointer data = speech->data;
    speech_stop(speech);
    if (started) started(-1, data);
}

static void fail(Speech *speech, const char *reason)
{
    g_warning("朗读程序 %s 没有读完：%s", speech->command ? speech->command[0] : "", reason);
    finish(speech);
}

static gboolean on_patience(gpointer data)
{
    Child *child = data;
    child->timer = 0;
    fail(child->speech, "超时");
    return G_SOURCE_REMOVE;
}

/* Frees the child. Whatever it leaves in its group goes with it. */
static void on_exit_status(GPid pid, int status, gpointer data)
{
    Child *child = data;
    Speech *speech = child->speech;
    g_autoptr(GError) error = NULL;

    clear_timer(child);
    kill_group(child, SIGKILL);
    g_spawn_close_pid(pid);
    g_free(child);
    if (!speech) return;
    speech->child = NULL;
    if (g_spawn_check_wait_status(status, &error))
        speak_later(speech);
    else
        fail(speech, error->message);
}

static guint patience_ms(const char *text, const char *pinyin)
{
    gsize octets = MIN(MAX(strlen(text), strlen(pinyin)), 10000);
    return PATIENCE_MS + (guint)octets * PER_OCTET_MS;
}

static gboolean start_child(Speech *speech, const char *text, const char *pinyin, GError **error)
{
    g_auto(GStrv) argv = fill_command(speech, text, pinyin);
    GPid pid;
    if (!g_spawn_async(NULL, argv, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
                           G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                       set_up_child, NULL, &pid, error))
        return FALSE;
    Child *child = g_new0(Child, 1);
    child->pid = pid;
    child->speech = speech;
    child->timer = g_timeout_add(patience_ms(text, pinyin), on_patience, child);
    g_child_watch_add(pid, on_exit_status, child);
    speech->child = child;
    return TRUE;
}

/* Where nothing can be said of a sentence no program is started. */
static void begin_sentence(Speech *speech)
{
    const char *text = speech->sentences[speech->index];
    g_autofree char *pinyin = spoken_pinyin(text);
    g_autoptr(GError) error = NULL;

    if (!*pinyin) {
        speak_later(speech);
    } else if (!start_child(speech, text, pinyin, &error)) {
        fail(speech, error->message);
        return;
    }
    if (speech->started) speech->started(speech->index, speech->data);
}

static gboolean on_next(gpointer data)
{
    Speech *speech = data;
    speech->next = 0;
    speech->index++;
    if (!speech->sentences[speech->index])
        finish(speech);
    else if (!speech->command)
        fail(speech, "没有设置");
    else
        begin_sentence(speech);
    return G_SOURCE_REMOVE;
}

static void speak_later(Speech *speech)
{
    speech->next = g_idle_add_full(G_PRIORITY_DEFAULT, on_next, speech, NULL);
}

static void silence(Speech *speech, gboolean is_patient)
{
    if (speech->next) g_source_remove(speech->next);
    speech->next = 0;
    if (speech->child) let_go(speech->child, is_patient);
    speech->child = NULL;
    g_clear_pointer(&speech->sentences, g_strfreev);
    speech->started = NULL;
    speech->data = NULL;
}

/* ---- for others ---- */

Speech *speech_new(const char *command)
{
    Speech *speech = g_new0(Speech, 1);
    speech->volume = SPEECH_MIDDLE;
    g_autoptr(GError) error = NULL;
    if (!g_shell_parse_argv(command, NULL, &speech->command, &error) &&
        !g_error_matches(error, G_SHELL_ERROR, G_SHELL_ERROR_EMPTY_STRING))
        g_warning("设置里的朗读命令看不懂：%s", error->message);
    return speech;
}

void speech_free(Speech *speech)
{
    if (!speech) return;
    silence(speech, FALSE);
    g_strfreev(speech->command);
    g_free(speech);
}

gboolean speech_is_there(const Speech *speech)
{
    g_autofree char *program = speech->command ? g_find_program_in_path(speech->command[0]) : NULL;
    return program != NULL;
}

gboolean speech_is_speaking(const Speech *speech)
{
    return speech->sentences != NULL;
}

void speech_say(Speech *speech, const char *const *sentences, SpeechStarted started, gpointer data)
{
    char **copy = g_strdupv((char **)sentences); /* they may be our own */
    speech_stop(speech);
    speech->sentences = copy;
    speech->index = -1;
    speech->started = started;
    speech->data = data;
    speak_later(speech);
}

void speech_stop(Speech *speech)
{
    silence(speech, TRUE);
}

void speech_set_volume(Speech *speech, SpeechVolume volume)
{
    speech->volume = volume;
}

/* ---- sentences ---- */

static gboolean is_one_of(gunichar ch, const char *set)
{
    return ch && g_utf8_strchr(set, -1, ch);
}

static gboolean is_end(gunichar ch)
{
    return is_one_of(ch, "。！？；!?;\n");
}

/* Where a sentence ends that begins at `start`, its punctuation and closing quotes included. */
static const char *sentence_end(const char *start)
{
    const char *at = start;
    while (*at && !is_end(g_utf8_get_char(at)))
        at = g_utf8_next_char(at);
    while (*at && (is_end(g_utf8_get_char(at)) || is_one_of(g_utf8_get_char(at), "”’」』）)》")))
        at = g_utf8_next_char(at);
    return at;
}

/* A cut here goes through no number and no word of letters. */
static gboolean is_cut(const char *at, const char *start)
{
    gunichar before = g_utf8_get_char(g_utf8_find_prev_char(start, at)),
             after = g_utf8_get_char(at);
    return !(before < 0x80 && after < 0x80 && g_unichar_isgraph(before) &&
             g_unichar_isgraph(after));
}

/* Not beyond SPEECH_SENTENCE_MAX: after the last comma, else at the last place that is no number.
 */
static const char *part_end(const char *start, const char *end)
{
    const char *at = start, *comma = NULL, *cut = NULL;
    for (guint i = 0; i < SPEECH_SENTENCE_MAX; i++) {
        if (at == end) return end;
        gunichar ch = g_utf8_get_char(at);
        at = g_utf8_next_char(at);
        if (!is_cut(at, start)) continue;
        cut = at;
        if (is_one_of(ch, "，、,：:")) comma = at;
    }
    return at == end ? end : comma ? comma : cut ? cut : at;
}

static void add_part(GPtrArray *parts, const char *start, const char *end)
{
    gboolean has_word = FALSE;
    for (const char *at = start; at < end; at = g_utf8_next_char(at))
        has_word |= g_unichar_isalnum(g_utf8_get_char(at));
    if (has_word) g_ptr_array_add(parts, g_strstrip(g_strndup(start, (gsize)(end - start))));
}

char **speech_split(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GPtrArray *parts = g_ptr_array_new();
    for (const char *start = valid; *start;) {
        const char *end = sentence_end(start);
        while (start < end) {
            const char *part = part_end(start, end);
            add_part(parts, start, part);
            start = part;
        }
    }
    g_ptr_array_add(parts, NULL);
    return (char **)g_ptr_array_free(parts, FALSE);
}

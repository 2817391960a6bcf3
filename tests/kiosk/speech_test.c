/* kiosk/speech.c: with speakers that are shell scripts. */
#include "kiosk/speech.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STOP = 1, SAY, FREE };

typedef struct {
    char *folder;
    Speech *speech;
    GString *calls; /* "0 1 -1" */
    GMainLoop *loop;
    GString *log;
    int stop_at; /* the index at which … */
    guint what;
} Fixture;

typedef struct {
    const char *name;
    void (*run)(Fixture *f, gconstpointer data);
    GString *log; /* what was logged */
    const char *script;
    guint what;
} Case;

static GLogWriterOutput keep_message(GLogLevelFlags level G_GNUC_UNUSED, const GLogField *fields,
                                     gsize count, gpointer data)
{
    GString *log = data;
    for (gsize i = 0; i < count; i++)
        if (!strcmp(fields[i].key, "MESSAGE"))
            g_string_append_printf(log, "%s\n", (const char *)fields[i].value);
    return G_LOG_WRITER_HANDLED;
}

/* One line was logged since the last time, and says this. */
static void assert_logged(GString *log, const char *words)
{
    g_assert_nonnull(strstr(log->str, words));
    g_assert_true(strchr(log->str, '\n') == log->str + log->len - 1);
    g_string_truncate(log, 0);
}

static char *path_in(const Fixture *f, const char *name)
{
    return g_build_filename(f->folder, name, NULL);
}

static void use(Fixture *f, const char *script, const char *words)
{
    g_autofree char *path = path_in(f, "speaker");
    g_autofree char *text = g_strdup_printf("#!/bin/sh\ncd '%s'\n%s\n", f->folder, script);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_cmpint(g_chmod(path, 0700), ==, 0);
    g_autofree char *command = g_strconcat("'", path, "' ", words, NULL);
    f->speech = speech_new(command);
}

static void set_up(Fixture *f, gconstpointer data)
{
    const Case *c = data;
    f->log = c->log;
    f->folder = g_dir_make_tmp("speech-XXXXXX", NULL);
    f->calls = g_string_new(NULL);
    f->loop = g_main_loop_new(NULL, FALSE);
    f->stop_at = -2;
}

static void tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
    static const char *const names[] = { "speaker", "log", "pid" };
    speech_free(f->speech);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = path_in(f, names[i]);
        g_unlink(path);
    }
    g_rmdir(f->folder);
    g_free(f->folder);
    g_string_free(f->calls, TRUE);
    g_main_loop_unref(f->loop);
}

static void on_started(int index, gpointer data)
{
    Fixture *f = data;
    static const char *const again[] = { "再来", NULL };
    g_string_append_printf(f->calls, "%s%d", f->calls->len ? " " : "", index);
    if (index == f->stop_at) {
        f->stop_at = -2;
        if (f->what == STOP) speech_stop(f->speech);
        if (f->what == SAY) speech_say(f->speech, again, on_started, f);
        if (f->what == FREE) g_clear_pointer(&f->speech, speech_free);
        if (f->what != SAY) g_main_loop_quit(f->loop);
    } else if (index == -1) {
        g_main_loop_quit(f->loop);
    }
}

static gboolean on_quit(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_REMOVE;
}

static void run_for(Fixture *f, guint ms)
{
    g_timeout_add(ms, on_quit, f->loop);
    g_main_loop_run(f->loop);
}

static char *file_text(const Fixture *f, const char *name)
{
    g_autofree char *path = path_in(f, name);
    char *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL) ? text : g_strdup("");
}

/* The process whose id the script wrote; waits until it did. */
static pid_t speaker_pid(Fixture *f)
{
    for (guint i = 0; i < 200; i++) {
        g_autofree char *text = file_text(f, "pid");
        if (strchr(text, '\n')) return (pid_t)g_ascii_strtoll(text, NULL, 10);
        run_for(f, 10);
    }
    g_assert_not_reached();
}

static void assert_gone(Fixture *f, pid_t pid, guint ms)
{
    gint64 start = g_get_monotonic_time();
    while (kill(pid, 0) == 0 && g_get_monotonic_time() - start < ms * 1000)
        run_for(f, 1);
    g_assert_cmpint(kill(pid, 0), ==, -1);
    g_assert_cmpint(errno, ==, ESRCH); /* no zombie either */
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
}

static const char *const three[] = { "银行{pinyin}", "-v 选项；`id`$HOME", "第三句", NULL };

static void test_words(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
    use(f, "printf '[%s]' \"$@\" >>log; echo >>log",
        "-a {volume} x={text} -- '{text} {pinyin}' {text}");
    g_assert_true(speech_is_there(f->speech));
    speech_say(f->speech, three, on_started, f);
    g_assert_cmpstr(f->calls->str, ==, ""); /* never from within */
    g_assert_true(speech_is_speaking(f->speech));
    speech_set_volume(f->speech, SPEECH_HIGH);
    g_main_loop_run(f->loop);
    g_assert_cmpstr(f->calls->str, ==, "0 1 2 -1");
    g_assert_false(speech_is_speaking(f->speech));
    g_autofree char *log = file_text(f, "log");
    g_assert_cmpstr(
        log, ==,
        "[-a][180][x=银行{pinyin}][--][银行{pinyin} yin2 hang2, P I N Y I N][银行{pinyin}]\n"
        "[-a][180][x=-v 选项；`id`$HOME][--][ -v 选项；`id`$HOME V xuan3 xiang4. I D H O M E]"
        "[ -v 选项；`id`$HOME]\n"
        "[-a][180][x=第三句][--][第三句 di4 san1 ju4][第三句]\n");
}

/* Nothing to say of the first one: it is passed over, but told. */
static void test_silent(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
    static const char *const sentences[] = { "……", "好", "", NULL };
    static const char *const none[] = { NULL };
    use(f, "echo \"$1\" >>log", "{text}");
    speech_say(f->speech, sentences, on_started, f);
    g_main_loop_run(f->loop);
    g_assert_cmpstr(f->calls->str, ==, "0 1 2 -1");
    g_autofree char *log = file_text(f, "log");
    g_assert_cmpstr(log, ==, "好\n");
    speech_say(f->speech, none, on_started, f);
    g_main_loop_run(f->loop);
    g_assert_cmpstr(f->calls->str, ==, "0 1 2 -1 -1");
}

/* Even one that ignores SIGTERM, and what it started. */
static void test_stop(Fixture *f, gconstpointer data)
{
    const Case *c = data;
    use(f, c->script, "{text}");
    speech_say(f->speech, three, on_started, f);
    pid_t pid = speaker_pid(f);
    speech_stop(f->speech);
    assert_gone(f, pid, 50);
    run_for(f, 50);
    g_assert_cmpstr(f->calls->str, ==, "0");
}

/* From within the callback. */
static void test_within(Fixture *f, gconstpointer data)
{
    const Case *c = data;
    f->what = c->what;
    f->stop_at = 1;
    use(f, "echo \"$1\" >>log", "{text}");
    speech_say(f->speech, three, on_started, f);
    g_main_loop_run(f->loop);
    run_for(f, 100);
    g_assert_cmpstr(f->calls->str, ==, f->what == SAY ? "0 1 0 -1" : "0 1");
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
}

static void test_free(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
    use(f, "trap '' TERM; echo $$ >pid; while :; do sleep 1; done", "{text}");
    speech_say(f->speech, three, on_started, f);
    pid_t pid = speaker_pid(f);
    g_clear_pointer(&f->speech, speech_free);
    assert_gone(f, pid, 50);
    g_assert_cmpstr(f->calls->str, ==, "0");
}

/* A new text takes the place of the old one. */
static void test_again(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
    static const char *const other[] = { "别的", NULL };
    use(f, "echo $$ >pid; case $1 in 别的) exit 0; esac; sleep 100", "{text}");
    speech_say(f->speech, three, on_started, f);
    pid_t pid = speaker_pid(f);
    speech_say(f->speech, other, on_started, f);
    g_main_loop_run(f->loop);
    g_assert_cmpstr(f->calls->str, ==, "0 0 -1");
    assert_gone(f, pid, 50);
}

static void test_fails(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
    use(f, "case $1 in 第三句) exit 3; esac", "{text}");
    speech_say(f->speech, three, on_started, f);
    g_main_loop_run(f->loop);
    assert_logged(f->log, "没有读完");
    g_assert_cmpstr(f->calls->str, ==, "0 1 2 -1");
}

static void test_missing(Fixture *f, gconstpointer data)
{
    const Case *c = data;
    f->speech = speech_new(c->script);
    g_assert_false(speech_is_there(f->speech));
    speech_say(f->speech, three, on_started, f);
    g_main_loop_run(f->loop);
    assert_logged(f->log, "没有读完");
    g_assert_cmpstr(f->calls->str, ==, "-1");
    g_assert_false(speech_is_speaking(f->speech));
}

static void test_hangs(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
    static const char *const sentences[] = { "一", "二", NULL };
    use(f, "trap '' TERM; echo $$ >pid; while :; do sleep 1; done", "{text}");
    gint64 start = g_get_monotonic_time();
    speech_say(f->speech, sentences, on_started, f);
    pid_t pid = speaker_pid(f);
    g_main_loop_run(f->loop);
    assert_logged(f->log, "超时");
    g_assert_cmpstr(f->calls->str, ==, "0 -1");
    g_assert_cmpint(g_get_monotonic_time() - start, <, 8 * G_USEC_PER_SEC);
    assert_gone(f, pid, 50);
}

static void test_bad_command(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
    f->speech = speech_new("espeak 'open");
    assert_logged(f->log, "看不懂");
    g_assert_false(speech_is_there(f->speech));
    speech_stop(f->speech);
    speech_free(NULL);
}

static void test_split(void)
{
    static const char *const table[][2] = {
        { "", "" },
        { "。！\n", "" },
        { "第一句。第二句！\n第三句", "第一句。|第二句！|第三句" },
        { "他说“好。”然后走了；完", "他说“好。”|然后走了；|完" },
        { "1. 带身份证。2. 带户口簿。", "1. 带身份证。|2. 带户口簿。" },
        { "每月1,234.5元？是", "每月1,234.5元？|是" },
        { "一二三四五六七八九十一二三四五六七八九十，一二三四五六七八九十一二三四五六七八九十，完",
          "一二三四五六七八九十一二三四五六七八九十，|"
          "一二三四五六七八九十一二三四五六七八九十，完" },
        { "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五12345678人",
          "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五|12345678人" },
        { "低\xff保", "低\xef\xbf\xbd保" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_auto(GStrv) parts = speech_split(table[i][0]);
        g_autofree char *joined = g_strjoinv("|", parts);
        g_assert_cmpstr(joined, ==, table[i][1]);
    }
    g_autofree char *run = g_strnfill(1000, 'a');
    g_auto(GStrv) parts = speech_split(run);
    g_assert_cmpuint(g_strv_length(parts), ==, 25);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autoptr(GString) log = g_string_new(NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_log_set_writer_func(keep_message, log, NULL);
    g_test_add_func("/speech/split", test_split);
    const Case cases[] = {
        { "/speech/bad command", test_bad_command, log, .what = 0 },
        { "/speech/words", test_words, log, .what = 0 },
        { "/speech/silent", test_silent, log, .what = 0 },
        { "/speech/stop", test_stop, log, .script = "echo $$ >pid; sleep 100" },
        { "/speech/stop a deaf one", test_stop, log,
          .script = "trap '' TERM; echo $$ >pid; while :; do sleep 1; done" },
        { "/speech/stop within", test_within, log, .what = STOP },
        { "/speech/say within", test_within, log, .what = SAY },
        { "/speech/free within", test_within, log, .what = FREE },
        { "/speech/free", test_free, log, .what = 0 },
        { "/speech/again", test_again, log, .what = 0 },
        { "/speech/fails", test_fails, log, .what = 0 },
        { "/speech/missing", test_missing, log, .script = "/nonexistent/speaker {text}" },
        { "/speech/none", test_missing, log, .script = "" },
        { "/speech/hangs", test_hangs, log, .what = 0 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_test_add(cases[i].name, Fixture, &cases[i], set_up, cases[i].run, tear_down);
    return g_test_run();
}

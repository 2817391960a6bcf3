#include "db/kiosk_store.h"

#include "db/kiosk_private.h"

/* One line: control characters and runs of space become a space. */
static char *one_line(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autoptr(GString) out = g_string_new(NULL);

    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar ch = g_utf8_get_char(at);
        if (!g_unichar_isspace(ch) && !g_unichar_iscntrl(ch))
            g_string_append_unichar(out, ch);
        else if (out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
    }
    return g_strdup(g_strchomp(out->str));
}

typedef struct {
    KioskStore *store;
    char *text, *topic;
} Leaving;

static Leaving *leaving_new(KioskStore *store, const char *text, const char *topic)
{
    Leaving *leaving = g_new0(Leaving, 1);
    leaving->store = store;
    leaving->text = one_line(text);
    leaving->topic = g_utf8_make_valid(topic ? topic : "", -1);
    return leaving;
}

static void leaving_free(Leaving *leaving)
{
    g_free(leaving->text);
    g_free(leaving->topic);
    g_free(leaving);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Leaving, leaving_free)

/* Done ones give way first. */
static gboolean make_room(Runtime *runtime, GError **error)
{
    gint64 rows = 0;

    if (!runtime_number(runtime_bind(runtime, error, "SELECT count(*) FROM question", ""), 0, &rows,
                        error))
        return FALSE;
    if (rows < KIOSK_QUESTION_COUNT_MAX) return TRUE;
    if (!runtime_run(runtime, error,
                     "DELETE FROM question WHERE id = (SELECT id FROM question WHERE done > 0 "
                     "ORDER BY done, id LIMIT 1)",
                     ""))
        return FALSE;
    if (runtime_changes(runtime) == 1) return TRUE;
    g_set_error(error, KIOSK_STORE_ERROR, KIOSK_STORE_ERROR_FULL,
                "留言已经满了，请到窗口直接问工作人员");
    return FALSE;
}

static gboolean write_question(KioskStore *store, gpointer what, GError **error)
{
    const Leaving *leaving = what;
    return make_room(store->runtime, error) &&
           runtime_run(store->runtime, error,
                       "INSERT INTO question (at, text, topic) VALUES (?,?,?)", "iss",
                       kiosk_now_s(), leaving->text, leaving->topic);
}

static gboolean check_question(const Leaving *leaving, GError **error)
{
    glong chars = g_utf8_strlen(leaving->text, -1);

    if (!leaving->store)
        g_set_error(error, KIOSK_STORE_ERROR, KIOSK_STORE_ERROR_ABSENT,
                    "这台机器现在不能留言，请到窗口直接问工作人员");
    else if (chars == 0)
        g_set_error(error, KIOSK_STORE_ERROR, KIOSK_STORE_ERROR_TEXT, "还没有写字");
    else if (chars > KIOSK_QUESTION_CHARS_MAX)
        g_set_error(error, KIOSK_STORE_ERROR, KIOSK_STORE_ERROR_TEXT, "留言最多写 %d 个字",
                    KIOSK_QUESTION_CHARS_MAX);
    else
        return TRUE;
    return FALSE;
}

static gboolean leave(Leaving *leaving, GError **error)
{
    if (!check_question(leaving, error)) return FALSE;
    g_mutex_lock(&leaving->store->disk);
    gboolean is_ok = kiosk_write(leaving->store, write_question, leaving, error);
    g_mutex_unlock(&leaving->store->disk);
    return is_ok;
}

gboolean kiosk_store_leave_question(KioskStore *store, const char *text, const char *topic,
                                    GError **error)
{
    g_autoptr(Leaving) leaving = leaving_new(store, text, topic);
    return leave(leaving, error);
}

void kiosk_question_free(KioskQuestion *question)
{
    if (!question) return;
    g_free(question->text);
    g_free(question->topic);
    g_free(question);
}

static gboolean list_questions(Runtime *runtime, GPtrArray *out, GError **error)
{
    g_autoptr(GError) cause = NULL;
    sqlite3_stmt *row = runtime_bind(
        runtime, error, "SELECT id, at, text, topic FROM question WHERE done = 0 ORDER BY id", "");

    if (!row) return FALSE;
    while (store_step(row, &cause)) {
        KioskQuestion *question = g_new0(KioskQuestion, 1);
        question->id = sqlite3_column_int64(row, 0);
        question->at_s = sqlite3_column_int64(row, 1);
        question->text = g_strdup(store_text(row, 2));
        question->topic = g_strdup(store_text(row, 3));
        g_ptr_array_add(out, question);
    }
    return runtime_end(row, g_steal_pointer(&cause), error);
}

GPtrArray *kiosk_store_questions(KioskStore *store, GError **error)
{
    g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)kiosk_question_free);

    if (!store) return g_steal_pointer(&out);
    g_mutex_lock(&store->disk);
    gboolean is_ok = kiosk_is_open(store, error) && list_questions(store->runtime, out, error);
    g_mutex_unlock(&store->disk);
    return is_ok ? g_steal_pointer(&out) : NULL;
}

typedef struct {
    gint64 id;
    gboolean was_open;
} Doing;

static gboolean write_done(KioskStore *store, gpointer what, GError **error)
{
    Doing *doing = what;
    gboolean is_ok = runtime_run(store->runtime, error,
                                 "UPDATE question SET done = ?2 WHERE id = ?1 AND done = 0", "ii",
                                 doing->id, MAX(kiosk_now_s(), 1));
    doing->was_open = is_ok && runtime_changes(store->runtime) == 1;
    return is_ok;
}

gboolean kiosk_store_question_done(KioskStore *store, gint64 id, gboolean *was_open, GError **error)
{
    Doing doing = { .id = id };
    gboolean is_ok = TRUE;

    if (store) {
        g_mutex_lock(&store->disk);
        is_ok = kiosk_write(store, write_done, &doing, error);
        g_mutex_unlock(&store->disk);
    }
    *was_open = doing.was_open;
    return is_ok;
}

static void leave_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Leaving *leaving = data;
    KioskStore *store = leaving->store; /* `leaving` may be gone with the result */
    GError *error = NULL;
    (void)source;
    (void)cancellable;
    gboolean is_ok = leave(leaving, &error);
    kiosk_return_result(task, is_ok, error);
    kiosk_thread_ended(store);
}

void kiosk_store_leave_question_async(KioskStore *store, const char *text, const char *topic,
                                      GAsyncReadyCallback done, gpointer data)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, done, data);
    Leaving *leaving = leaving_new(store, text, topic);
    GError *error = NULL;

    g_task_set_task_data(task, leaving, (GDestroyNotify)leaving_free);
    if (check_question(leaving, &error))
        kiosk_start_thread(store, task, leave_thread);
    else
        g_task_return_error(task, error);
}

gboolean kiosk_store_leave_question_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error);
}

#include "db/kiosk_store.h"

#include "charset/fold.h"
#include "db/runtime_sql.h"

#include <sodium.h>
#include <string.h>

#define COUNT_DAYS        400
#define DONE_DAYS         90
#define SALT_DAYS         30
#define VISITS_TO_KNOW    3
#define KEY_CHARS_MAX     60 /* as in kiosk.sql */
#define SEARCH_CHARS_MAX  40
#define SEARCH_DIGITS_MAX 5
#define SEARCH_ROWS_MAX   5000
#define SEARCHES_DAY_MAX  200 /* known as text */
#define PENDING_MAX       500 /* of each sort: somebody plays with it, or nothing can be written */
#define DAY_S             (24 * 60 * 60)
#define DAY_LEN           11 /* "2026-05-01", NUL included */
#define KEY_SEPARATOR     "\n"
#define SALT_HEX          (2 * crypto_generichash_KEYBYTES + 1)

G_DEFINE_QUARK(bianmin_kiosk_store_error, kiosk_store_error)

static const SalvageTable kept[] = {
    { "SELECT * FROM question", "SELECT * FROM question ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO question VALUES (?,?,?,?,?)" },
    { "SELECT * FROM count", "SELECT * FROM count ORDER BY kind DESC, key DESC, day DESC",
      "INSERT OR IGNORE INTO count VALUES (?,?,?,?)" },
    { "SELECT * FROM salt", "SELECT * FROM salt ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO salt VALUES (?,?,?)" },
    { "SELECT * FROM search", "SELECT * FROM search ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO search VALUES (?,?,?)" },
};

static const RuntimeKind kind_of_store = {
    .schema = { "/bianmin/db/kiosk.sql", 0x62696d6b, 1 },
    .folder = "kiosk",
    .file = "kiosk.db",
    .folder_mode = 0700,
    .busy = "触摸屏已经在运行",
    .missing = "这里还没有开过触摸屏",
    .salvage = { kept, G_N_ELEMENTS(kept), NULL },
};

/* `disk` may be held for long, `memory` never is; who wants both takes `disk` first. */
struct KioskStore {
    char *data_dir;
    gboolean is_beside;
    gint was_damaged; /* atomic */

    GMutex disk;
    Runtime *runtime;         /* NULL: could not be opened anew, the next writing tries again */
    char pruned_day[DAY_LEN]; /* "": not yet */

    GMutex memory;
    GCond is_idle;
    guint thread_count;
    GHashTable *counts; /* day, kind, key → number */
    GHashTable *asked;  /* text that found nothing → visits */
    GHashTable *seen;   /* such texts of the visit that goes on: a set */
};

static const char *const count_names[] = {
    [KIOSK_COUNT_TOPIC] = "topic",   [KIOSK_COUNT_SEARCH] = "search", [KIOSK_COUNT_PRINT] = "print",
    [KIOSK_COUNT_SPEECH] = "speech", [KIOSK_COUNT_MODE] = "mode",     [KIOSK_COUNT_INPUT] = "input",
    [KIOSK_COUNT_VISIT] = "visit",
};

const char *kiosk_count_name(KioskCount kind)
{
    return count_names[kind];
}

/* The local date `days` ago. */
static void day_before(guint days, char day[DAY_LEN])
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autoptr(GDateTime) then = g_date_time_add_days(now, -(gint)days);
    g_autofree char *text = then ? g_date_time_format(then, "%Y-%m-%d") : NULL;
    g_strlcpy(day, text ? text : "1970-01-01", DAY_LEN);
}

static gint64 now_s(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

/* ---- opening ---- */

static void wipe_text(gpointer text)
{
    sodium_memzero(text, strlen(text));
    g_free(text);
}

static GHashTable *counts_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static GHashTable *texts_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, wipe_text, NULL);
}

static KioskStore *store_new(const char *data_dir, Runtime *runtime)
{
    KioskStore *store = g_new0(KioskStore, 1);
    store->data_dir = g_strdup(data_dir);
    store->runtime = runtime;
    g_mutex_init(&store->disk);
    g_mutex_init(&store->memory);
    g_cond_init(&store->is_idle);
    store->counts = counts_new();
    store->asked = texts_new();
    store->seen = texts_new();
    return store;
}

KioskStore *kiosk_store_open(const char *data_dir, GError **error)
{
    gboolean was_damaged = FALSE;
    if (sodium_init() < 0) {
        g_set_error(error, RUNTIME_ERROR, RUNTIME_ERROR_MISSING, "libsodium 不能用");
        return NULL;
    }
    Runtime *runtime = runtime_open(&kind_of_store, data_dir, &was_damaged, error);
    if (!runtime) return NULL;
    KioskStore *store = store_new(data_dir, runtime);
    store->was_damaged = was_damaged;
    return store;
}

KioskStore *kiosk_store_open_beside(const char *data_dir, GError **error)
{
    Runtime *runtime = runtime_open_beside(&kind_of_store, data_dir, error);
    if (!runtime) return NULL;
    KioskStore *store = store_new(data_dir, runtime);
    store->is_beside = TRUE;
    return store;
}

gboolean kiosk_store_was_damaged(KioskStore *store)
{
    return store && g_atomic_int_get(&store->was_damaged);
}

void kiosk_store_free(KioskStore *store)
{
    g_autoptr(GError) error = NULL;
    if (!store) return;
    g_mutex_lock(&store->memory);
    while (store->thread_count > 0)
        g_cond_wait(&store->is_idle, &store->memory);
    g_mutex_unlock(&store->memory);
    if (!store->is_beside && !kiosk_store_flush(store, &error))
        g_warning("kiosk counts are lost: %s", error->message);
    runtime_free(store->runtime);
    g_hash_table_unref(store->counts);
    g_hash_table_unref(store->asked);
    g_hash_table_unref(store->seen);
    g_mutex_clear(&store->disk);
    g_mutex_clear(&store->memory);
    g_cond_clear(&store->is_idle);
    g_free(store->data_dir);
    g_free(store);
}

/* ---- counting: memory is held ---- */

static void add_to(GHashTable *numbers, char *key, guint number)
{
    gpointer old = g_hash_table_lookup(numbers, key);
    if (!old && g_hash_table_size(numbers) >= PENDING_MAX)
        wipe_text(key);
    else
        g_hash_table_replace(numbers, key, GSIZE_TO_POINTER(GPOINTER_TO_SIZE(old) + number));
}

static void count_today(KioskStore *store, KioskCount kind, const char *key, guint number)
{
    char day[DAY_LEN];
    if (number == 0) return;
    day_before(0, day);
    g_autofree char *valid = g_utf8_make_valid(key, -1);
    g_autofree char *brief =
        g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), KEY_CHARS_MAX));
    add_to(store->counts, g_strjoin(KEY_SEPARATOR, day, count_names[kind], brief, NULL), number);
}

/* One that may become known as text. */
static gboolean is_keepable(const char *folded)
{
    guint digits = 0;
    for (const char *at = folded; *at; at++)
        if (g_ascii_isdigit(*at)) digits++;
    return *folded && digits <= SEARCH_DIGITS_MAX && g_utf8_strlen(folded, -1) <= SEARCH_CHARS_MAX;
}

static void count_search(KioskStore *store, const char *typed)
{
    char *text = fold_text(typed, -1);
    if (!is_keepable(text)) {
        count_today(store, KIOSK_COUNT_SEARCH, "", 1);
        wipe_text(text);
        return;
    }
    if (g_hash_table_contains(store->seen, text) || g_hash_table_size(store->seen) >= PENDING_MAX) {
        wipe_text(text);
        return;
    }
    count_today(store, KIOSK_COUNT_SEARCH, "", 1);
    add_to(store->asked, g_strdup(text), 1);
    g_hash_table_add(store->seen, text);
}

void kiosk_store_count(KioskStore *store, KioskCount kind, const char *key)
{
    if (!store) return;
    g_mutex_lock(&store->memory);
    switch (kind) {
    case KIOSK_COUNT_SEARCH:
        count_search(store, key);
        break;
    case KIOSK_COUNT_TOPIC:
    case KIOSK_COUNT_PRINT:
    case KIOSK_COUNT_SPEECH:
    case KIOSK_COUNT_MODE:
    case KIOSK_COUNT_INPUT:
    case KIOSK_COUNT_VISIT:
        count_today(store, kind, key, 1);
        break;
    }
    g_mutex_unlock(&store->memory);
}

void kiosk_store_visit_ended(KioskStore *store, guint seconds)
{
    if (!store) return;
    g_mutex_lock(&store->memory);
    count_today(store, KIOSK_COUNT_VISIT, "count", 1);
    count_today(store, KIOSK_COUNT_VISIT, "seconds", seconds);
    g_hash_table_remove_all(store->seen);
    g_mutex_unlock(&store->memory);
}

/* ---- writing: disk is held ---- */

typedef gboolean (*Writer)(KioskStore *store, gpointer what, GError **error);

static gboolean write_once(KioskStore *store, Writer writer, gpointer what, GError **error)
{
    if (!runtime_begin(store->runtime, error)) return FALSE;
    if (writer(store, what, error)) return runtime_commit(store->runtime, error);
    runtime_rollback(store->runtime);
    return FALSE;
}

static gboolean open_anew(KioskStore *store, GError **error)
{
    gboolean was_damaged = FALSE;
    runtime_free(store->runtime);
    store->runtime = runtime_open(&kind_of_store, store->data_dir, &was_damaged, error);
    if (was_damaged) g_atomic_int_set(&store->was_damaged, TRUE);
    return store->runtime != NULL;
}

/* One transaction. */
static gboolean write_down(KioskStore *store, Writer writer, gpointer what, GError **error)
{
    g_autoptr(GError) cause = NULL;

    if (!store->runtime && !open_anew(store, error)) return FALSE;
    if (write_once(store, writer, what, &cause)) return TRUE;
    if (!runtime_is_damaged(cause) || store->is_beside) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    g_warning("kiosk.db is damaged, it is begun anew: %s", cause->message);
    runtime_mark_damaged(&kind_of_store, store->data_dir);
    return open_anew(store, error) && write_once(store, writer, what, error);
}

static gboolean add_count(Runtime *runtime, const char *day, const char *kind, const char *key,
                          gint64 number, GError **error)
{
    return runtime_run(runtime, error,
                       "INSERT INTO count (kind, key, day, count) VALUES (?,?,?,?) ON CONFLICT "
                       "DO UPDATE SET count = count + excluded.count",
                       "sssi", kind, key, day, number);
}

static gboolean write_counts(Runtime *runtime, GHashTable *counts, GError **error)
{
    GHashTableIter at;
    gpointer key, number;

    g_hash_table_iter_init(&at, counts);
    while (g_hash_table_iter_next(&at, &key, &number)) {
        g_auto(GStrv) parts = g_strsplit(key, KEY_SEPARATOR, 3);
        if (!add_count(runtime, parts[0], parts[1], parts[2], (gint64)GPOINTER_TO_SIZE(number),
                       error))
            return FALSE;
    }
    return TRUE;
}

/* A new key, and what was known by the old one is forgotten. */
static gboolean renew_salt(Runtime *runtime, const char *today, GError **error)
{
    guint8 key[crypto_generichash_KEYBYTES];
    char hex[SALT_HEX];

    crypto_generichash_keygen(key);
    sodium_bin2hex(hex, sizeof hex, key, sizeof key);
    return runtime_run(runtime, error, "DELETE FROM search", "") &&
           runtime_run(runtime, error, "INSERT OR REPLACE INTO salt VALUES (1,?,?)", "ss", hex,
                       today);
}

/* FALSE with *error if it cannot be read; `key` is all zeros if there is none. */
static gboolean load_salt(Runtime *runtime, guint8 key[crypto_generichash_KEYBYTES], GError **error)
{
    g_autoptr(GError) cause = NULL;
    sqlite3_stmt *row = runtime_bind(runtime, error, "SELECT hex FROM salt", "");

    memset(key, 0, crypto_generichash_KEYBYTES);
    if (!row) return FALSE;
    if (store_step(row, &cause)) {
        const char *hex = store_text(row, 0);
        sodium_hex2bin(key, crypto_generichash_KEYBYTES, hex, strlen(hex), NULL, NULL, NULL);
    }
    return runtime_end(row, g_steal_pointer(&cause), error);
}

static void digest_text(const char *text, const guint8 key[crypto_generichash_KEYBYTES],
                        char hex[33])
{
    guint8 digest[16];
    crypto_generichash(digest, sizeof digest, (const guint8 *)text, strlen(text), key,
                       crypto_generichash_KEYBYTES);
    sodium_bin2hex(hex, 33, digest, sizeof digest);
}

static gboolean has_room(Runtime *runtime, const char *sql, const char *day, gint64 max,
                         gboolean *out, GError **error)
{
    gint64 rows = 0;
    if (!runtime_number(runtime_bind(runtime, error, sql, day ? "s" : "", day), 0, &rows, error))
        return FALSE;
    *out = rows < max;
    return TRUE;
}

/* Asked in `visits` more of them. With the one that makes it known, those before are told too. */
static gboolean write_search(Runtime *runtime, const char *text, const char *digest, gint64 visits,
                             const char *today, GError **error)
{
    gint64 before = 0;
    gboolean is_room = FALSE;

    if (!runtime_number(runtime_bind(runtime, error, "SELECT visits FROM search WHERE digest = ?1",
                                     "s", digest),
                        0, &before, error) ||
        !has_room(runtime, "SELECT count(*) FROM search", NULL, SEARCH_ROWS_MAX, &is_room, error))
        return FALSE;
    if (before == 0 && !is_room) return TRUE;
    if (!runtime_run(runtime, error,
                     "INSERT INTO search VALUES (?1,?2,?3) ON CONFLICT DO UPDATE SET visits = "
                     "visits + ?2, day = ?3",
                     "sis", digest, visits, today) ||
        !has_room(runtime, "SELECT count(*) FROM count WHERE day = ?1 AND kind = 'search'", today,
                  SEARCHES_DAY_MAX, &is_room, error))
        return FALSE;
    if (before + visits < VISITS_TO_KNOW || !is_room) return TRUE;
    return add_count(runtime, today, count_names[KIOSK_COUNT_SEARCH], text,
                     before < VISITS_TO_KNOW ? before + visits : visits, error);
}

static gboolean write_searches(Runtime *runtime, GHashTable *asked, const char *today,
                               GError **error)
{
    guint8 salt[crypto_generichash_KEYBYTES];
    GHashTableIter at;
    gpointer text, visits;
    gboolean is_ok = load_salt(runtime, salt, error);

    g_hash_table_iter_init(&at, asked);
    while (is_ok && g_hash_table_iter_next(&at, &text, &visits)) {
        char digest[33];
        digest_text(text, salt, digest);
        is_ok = write_search(runtime, text, digest, (gint64)GPOINTER_TO_SIZE(visits), today, error);
    }
    sodium_memzero(salt, sizeof salt);
    return is_ok;
}

/* A key from the future says that the clock was wrong. */
static gboolean is_salt_due(Runtime *runtime, const char *today, gboolean *out, GError **error)
{
    char oldest[DAY_LEN];
    gint64 valid = 0;

    day_before(SALT_DAYS - 1, oldest);
    if (!runtime_number(runtime_bind(runtime, error,
                                     "SELECT count(*) FROM salt WHERE day BETWEEN ?1 AND ?2", "ss",
                                     oldest, today),
                        0, &valid, error))
        return FALSE;
    *out = valid == 0;
    return TRUE;
}

static gboolean prune(Runtime *runtime, const char *today, GError **error)
{
    char oldest[DAY_LEN];
    gboolean is_due = FALSE;

    day_before(COUNT_DAYS - 1, oldest);
    return runtime_run(runtime, error, "DELETE FROM count WHERE day < ?1", "s", oldest) &&
           runtime_run(runtime, error, "DELETE FROM question WHERE done > 0 AND done < ?1", "i",
                       now_s() - (gint64)DONE_DAYS * DAY_S) &&
           is_salt_due(runtime, today, &is_due, error) &&
           (!is_due || renew_salt(runtime, today, error));
}

typedef struct {
    GHashTable *counts, *asked;
    char today[DAY_LEN];
    gboolean is_new_day;
} Batch;

static gboolean write_batch(KioskStore *store, gpointer what, GError **error)
{
    const Batch *batch = what;
    Runtime *runtime = store->runtime;
    return (!batch->is_new_day || prune(runtime, batch->today, error)) &&
           write_counts(runtime, batch->counts, error) &&
           (g_hash_table_size(batch->asked) == 0 ||
            write_searches(runtime, batch->asked, batch->today, error));
}

static Batch take_batch(KioskStore *store)
{
    Batch batch = { 0 };
    day_before(0, batch.today);
    batch.is_new_day = !g_str_equal(batch.today, store->pruned_day);
    g_mutex_lock(&store->memory);
    batch.counts = store->counts;
    batch.asked = store->asked;
    store->counts = counts_new();
    store->asked = texts_new();
    g_mutex_unlock(&store->memory);
    return batch;
}

/* Back to memory, beside what came in the meantime. Not the texts: those may be names. */
static void give_back(KioskStore *store, GHashTable *counts)
{
    GHashTableIter at;
    gpointer key, number;

    g_mutex_lock(&store->memory);
    g_hash_table_iter_init(&at, counts);
    while (g_hash_table_iter_next(&at, &key, &number))
        add_to(store->counts, g_strdup(key), (guint)GPOINTER_TO_SIZE(number));
    g_mutex_unlock(&store->memory);
}

static gboolean flush(KioskStore *store, GError **error)
{
    Batch batch = take_batch(store);
    gboolean is_ok = TRUE;

    if (batch.is_new_day || g_hash_table_size(batch.counts) > 0 ||
        g_hash_table_size(batch.asked) > 0)
        is_ok = write_down(store, write_batch, &batch, error);
    if (!is_ok) {
        give_back(store, batch.counts);
    } else if (batch.is_new_day) {
        g_strlcpy(store->pruned_day, batch.today, DAY_LEN);
        runtime_empty_log(store->runtime, NULL);
    }
    g_hash_table_unref(batch.counts);
    g_hash_table_unref(batch.asked);
    return is_ok;
}

gboolean kiosk_store_flush(KioskStore *store, GError **error)
{
    if (!store) return TRUE;
    g_mutex_lock(&store->disk);
    gboolean is_ok = flush(store, error);
    g_mutex_unlock(&store->disk);
    return is_ok;
}

/* ---- questions ---- */

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
                       "INSERT INTO question (at, text, topic) VALUES (?,?,?)", "iss", now_s(),
                       leaving->text, leaving->topic);
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
    gboolean is_ok = write_down(leaving->store, write_question, leaving, error);
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
    gboolean is_ok =
        (store->runtime || open_anew(store, error)) && list_questions(store->runtime, out, error);
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
                                 doing->id, MAX(now_s(), 1));
    doing->was_open = is_ok && runtime_changes(store->runtime) == 1;
    return is_ok;
}

gboolean kiosk_store_question_done(KioskStore *store, gint64 id, gboolean *was_open, GError **error)
{
    Doing doing = { .id = id };
    gboolean is_ok = TRUE;

    if (store) {
        g_mutex_lock(&store->disk);
        is_ok = write_down(store, write_done, &doing, error);
        g_mutex_unlock(&store->disk);
    }
    *was_open = doing.was_open;
    return is_ok;
}

/* ---- reading the counts ---- */

void kiosk_total_free(KioskTotal *total)
{
    if (!total) return;
    g_free(total->key);
    g_free(total);
}

static gboolean list_totals(Runtime *runtime, const char *since, GPtrArray *out, GError **error)
{
    g_autoptr(GError) cause = NULL;
    sqlite3_stmt *row = runtime_bind(runtime, error,
                                     "SELECT kind, key, sum(count) FROM count WHERE day >= ?1 "
                                     "GROUP BY kind, key ORDER BY kind, sum(count) DESC, key",
                                     "s", since);

    if (!row) return FALSE;
    while (store_step(row, &cause))
        for (guint i = 0; i < G_N_ELEMENTS(count_names); i++)
            if (g_str_equal(store_text(row, 0), count_names[i])) {
                KioskTotal *total = g_new0(KioskTotal, 1);
                total->kind = (KioskCount)i;
                total->key = g_strdup(store_text(row, 1));
                total->count = sqlite3_column_int64(row, 2);
                g_ptr_array_add(out, total);
            }
    return runtime_end(row, g_steal_pointer(&cause), error);
}

GPtrArray *kiosk_store_totals(KioskStore *store, guint days, GError **error)
{
    g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)kiosk_total_free);
    char since[DAY_LEN];

    if (!store) return g_steal_pointer(&out);
    day_before(CLAMP(days, 1, COUNT_DAYS) - 1, since);
    g_mutex_lock(&store->disk);
    gboolean is_ok = (store->runtime || open_anew(store, error)) &&
                     list_totals(store->runtime, since, out, error);
    g_mutex_unlock(&store->disk);
    return is_ok ? g_steal_pointer(&out) : NULL;
}

/* ---- in a thread ---- */

/* What the thread does last with the store: kiosk_store_free() waits for it. */
static void thread_ended(KioskStore *store)
{
    g_mutex_lock(&store->memory);
    store->thread_count--;
    g_cond_signal(&store->is_idle);
    g_mutex_unlock(&store->memory);
}

static void start_thread(KioskStore *store, GTask *task, GTaskThreadFunc run)
{
    g_mutex_lock(&store->memory);
    store->thread_count++;
    g_mutex_unlock(&store->memory);
    g_task_run_in_thread(task, run);
}

static void return_result(GTask *task, gboolean is_ok, GError *error)
{
    if (is_ok)
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void flush_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    KioskStore *store = data;
    GError *error = NULL;
    (void)source;
    (void)cancellable;
    gboolean is_ok = kiosk_store_flush(store, &error);
    return_result(task, is_ok, error);
    thread_ended(store);
}

static void log_failure(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)source;
    (void)data;
    if (!kiosk_store_flush_finish(result, &error))
        g_warning("kiosk counts are not written yet: %s", error->message);
}

void kiosk_store_flush_async(KioskStore *store, GAsyncReadyCallback done, gpointer data)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, done ? done : log_failure, data);
    g_task_set_task_data(task, store, NULL);
    if (store)
        start_thread(store, task, flush_thread);
    else
        g_task_return_boolean(task, TRUE);
}

gboolean kiosk_store_flush_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error);
}

static void leave_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Leaving *leaving = data;
    KioskStore *store = leaving->store; /* `leaving` may be gone with the result */
    GError *error = NULL;
    (void)source;
    (void)cancellable;
    gboolean is_ok = leave(leaving, &error);
    return_result(task, is_ok, error);
    thread_ended(store);
}

void kiosk_store_leave_question_async(KioskStore *store, const char *text, const char *topic,
                                      GAsyncReadyCallback done, gpointer data)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, done, data);
    Leaving *leaving = leaving_new(store, text, topic);
    GError *error = NULL;

    g_task_set_task_data(task, leaving, (GDestroyNotify)leaving_free);
    if (check_question(leaving, &error))
        start_thread(store, task, leave_thread);
    else
        g_task_return_error(task, error);
}

gboolean kiosk_store_leave_question_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error);
}

#include "db/kiosk_store.h"

#include "charset/fold.h"
#include "db/kiosk_private.h"

#define COUNT_DAYS    400
#define DONE_DAYS     90
#define KEY_CHARS_MAX 60  /* as in kiosk.sql */
#define PENDING_MAX   500 /* of each sort: somebody plays with it, or nothing can be written */
#define DAY_S         (24 * 60 * 60)
#define KEY_SEPARATOR "\n"

static const char *const count_names[] = {
    [KIOSK_COUNT_TOPIC] = "topic",   [KIOSK_COUNT_SEARCH] = "search", [KIOSK_COUNT_PRINT] = "print",
    [KIOSK_COUNT_SPEECH] = "speech", [KIOSK_COUNT_MODE] = "mode",     [KIOSK_COUNT_INPUT] = "input",
    [KIOSK_COUNT_VISIT] = "visit",
};

const char *kiosk_count_name(KioskCount kind)
{
    return count_names[kind];
}

/* ---- counting: memory is held ---- */

static void add_to(GHashTable *numbers, char *key, guint number)
{
    gpointer old = g_hash_table_lookup(numbers, key);
    if (!old && g_hash_table_size(numbers) >= PENDING_MAX)
        kiosk_wipe_text(key);
    else
        g_hash_table_replace(numbers, key, GSIZE_TO_POINTER(GPOINTER_TO_SIZE(old) + number));
}

static void count_today(KioskStore *store, KioskCount kind, const char *key, guint number)
{
    char day[KIOSK_DAY_LEN];
    if (number == 0) return;
    kiosk_day_before(0, day);
    g_autofree char *valid = g_utf8_make_valid(key, -1);
    g_autofree char *brief =
        g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), KEY_CHARS_MAX));
    add_to(store->counts, g_strjoin(KEY_SEPARATOR, day, count_names[kind], brief, NULL), number);
}

static void count_search(KioskStore *store, const char *typed)
{
    char *text = fold_text(typed, -1);
    if (!kiosk_search_is_keepable(text)) {
        count_today(store, KIOSK_COUNT_SEARCH, "", 1);
        kiosk_wipe_text(text);
        return;
    }
    if (g_hash_table_contains(store->seen, text) || g_hash_table_size(store->seen) >= PENDING_MAX) {
        kiosk_wipe_text(text);
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

gboolean kiosk_add_count(Runtime *runtime, const char *day, const char *kind, const char *key,
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
        if (!kiosk_add_count(runtime, parts[0], parts[1], parts[2],
                             (gint64)GPOINTER_TO_SIZE(number), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean prune(Runtime *runtime, const char *today, GError **error)
{
    char oldest[KIOSK_DAY_LEN];

    kiosk_day_before(COUNT_DAYS - 1, oldest);
    return runtime_run(runtime, error, "DELETE FROM count WHERE day < ?1", "s", oldest) &&
           runtime_run(runtime, error, "DELETE FROM question WHERE done > 0 AND done < ?1", "i",
                       kiosk_now_s() - (gint64)DONE_DAYS * DAY_S) &&
           kiosk_search_renew(runtime, today, error);
}

typedef struct {
    GHashTable *counts, *asked;
    char today[KIOSK_DAY_LEN];
    gboolean is_new_day;
} Batch;

static gboolean write_batch(KioskStore *store, gpointer what, GError **error)
{
    const Batch *batch = what;
    Runtime *runtime = store->runtime;
    return (!batch->is_new_day || prune(runtime, batch->today, error)) &&
           write_counts(runtime, batch->counts, error) &&
           (g_hash_table_size(batch->asked) == 0 ||
            kiosk_search_write(runtime, batch->asked, batch->today, error));
}

static Batch take_batch(KioskStore *store)
{
    Batch batch = { 0 };
    kiosk_day_before(0, batch.today);
    batch.is_new_day = !g_str_equal(batch.today, store->pruned_day);
    g_mutex_lock(&store->memory);
    batch.counts = store->counts;
    batch.asked = store->asked;
    store->counts = kiosk_counts_new();
    store->asked = kiosk_texts_new();
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
        is_ok = kiosk_write(store, write_batch, &batch, error);
    if (!is_ok) {
        give_back(store, batch.counts);
    } else if (batch.is_new_day) {
        g_strlcpy(store->pruned_day, batch.today, KIOSK_DAY_LEN);
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

/* Once for each time that it begins, not with every visit. */
static void tell_change(KioskStore *store, gboolean is_ok, const GError *error)
{
    if (!g_atomic_int_compare_and_exchange(&store->is_failing, is_ok, !is_ok)) return;
    if (is_ok)
        g_message("触摸屏的使用次数又记得下来了");
    else
        g_warning("触摸屏的使用次数记不下来：%s。先留在内存里；看 bianmin status", error->message);
}

static void flush_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    KioskStore *store = data;
    GError *error = NULL;
    (void)source;
    (void)cancellable;
    gboolean is_ok = kiosk_store_flush(store, &error);
    tell_change(store, is_ok, error);
    kiosk_return_result(task, is_ok, error);
    kiosk_thread_ended(store);
}

void kiosk_store_flush_async(KioskStore *store, GAsyncReadyCallback done, gpointer data)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, done, data);
    g_task_set_task_data(task, store, NULL);
    if (store)
        kiosk_start_thread(store, task, flush_thread);
    else
        g_task_return_boolean(task, TRUE);
}

gboolean kiosk_store_flush_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error);
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
    char since[KIOSK_DAY_LEN];

    if (!store) return g_steal_pointer(&out);
    kiosk_day_before(CLAMP(days, 1, COUNT_DAYS) - 1, since);
    g_mutex_lock(&store->disk);
    gboolean is_ok = kiosk_is_open(store, error) && list_totals(store->runtime, since, out, error);
    g_mutex_unlock(&store->disk);
    return is_ok ? g_steal_pointer(&out) : NULL;
}

#include "db/kiosk_store.h"

#include "db/kiosk_private.h"

#include <sodium.h>
#include <string.h>

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
    .schema = { "/bianmin/db/kiosk.sql", 0x62696d6b, 1, FALSE },
    .folder = "kiosk",
    .file = "kiosk.db",
    .folder_mode = 0700,
    .busy = "触摸屏已经在运行",
    .missing = "这里还没有开过触摸屏",
    .salvage = { kept, G_N_ELEMENTS(kept), NULL },
};

/* The local date `days` ago. */
void kiosk_day_before(guint days, char day[KIOSK_DAY_LEN])
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autoptr(GDateTime) then = g_date_time_add_days(now, -(gint)days);
    g_autofree char *text = then ? g_date_time_format(then, "%Y-%m-%d") : NULL;
    g_strlcpy(day, text ? text : "1970-01-01", KIOSK_DAY_LEN);
}

gint64 kiosk_now_s(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

/* ---- opening and closing ---- */

void kiosk_wipe_text(gpointer text)
{
    sodium_memzero(text, strlen(text));
    g_free(text);
}

GHashTable *kiosk_counts_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

GHashTable *kiosk_texts_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, kiosk_wipe_text, NULL);
}

static KioskStore *store_new(const char *data_dir, Runtime *runtime)
{
    KioskStore *store = g_new0(KioskStore, 1);
    store->data_dir = g_strdup(data_dir);
    store->runtime = runtime;
    g_mutex_init(&store->disk);
    g_mutex_init(&store->memory);
    g_cond_init(&store->is_idle);
    store->counts = kiosk_counts_new();
    store->asked = kiosk_texts_new();
    store->seen = kiosk_texts_new();
    return store;
}

KioskStore *kiosk_store_open(const char *data_dir, GError **error)
{
    gboolean was_damaged = FALSE;
    if (sodium_init() < 0) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_OPEN, "libsodium 不能用");
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

/* ---- writing: disk is held ---- */

static gboolean write_once(KioskStore *store, KioskWriter writer, gpointer what, GError **error)
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

gboolean kiosk_write(KioskStore *store, KioskWriter writer, gpointer what, GError **error)
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

gboolean kiosk_is_open(KioskStore *store, GError **error)
{
    return store->runtime || open_anew(store, error);
}

/* ---- in a thread ---- */

void kiosk_thread_ended(KioskStore *store)
{
    g_mutex_lock(&store->memory);
    store->thread_count--;
    g_cond_signal(&store->is_idle);
    g_mutex_unlock(&store->memory);
}

void kiosk_start_thread(KioskStore *store, GTask *task, GTaskThreadFunc run)
{
    g_mutex_lock(&store->memory);
    store->thread_count++;
    g_mutex_unlock(&store->memory);
    g_task_run_in_thread(task, run);
}

void kiosk_return_result(GTask *task, gboolean is_ok, GError *error)
{
    if (is_ok)
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

#pragma once
/* What the files of the touch screen's store share. Only for db/kiosk_*.c. */
#include "db/kiosk_store.h"
#include "db/runtime_sql.h"

#define KIOSK_DAY_LEN 11 /* "2026-05-01", NUL included */

/* `disk` may be held for long, `memory` never is; who wants both takes `disk` first. */
struct KioskStore {
    char *data_dir;
    gboolean is_beside;
    gint was_damaged; /* atomic */
    gint is_failing;  /* atomic: what the last flush in a thread could not write has been told */

    GMutex disk;
    Runtime *runtime; /* NULL: could not be opened anew, the next writing tries again */
    char pruned_day[KIOSK_DAY_LEN]; /* "": not yet */

    GMutex memory;
    GCond is_idle;
    guint thread_count;
    GHashTable *counts; /* day, kind, key → number */
    GHashTable *asked;  /* text that found nothing → visits */
    GHashTable *seen;   /* such texts of the visit that goes on: a set */
};

/* The local date `days` ago. */
void kiosk_day_before(guint days, char day[KIOSK_DAY_LEN]);
gint64 kiosk_now_s(void);

/* ---- memory ---- */
GHashTable *kiosk_counts_new(void);
GHashTable *kiosk_texts_new(void);
void kiosk_wipe_text(gpointer text); /* before it is freed */

/* ---- disk ---- */
typedef gboolean (*KioskWriter)(KioskStore *store, gpointer what, GError **error);
/* One transaction, with `disk` held; of a damaged file once more, when it has been begun anew. */
gboolean kiosk_write(KioskStore *store, KioskWriter writer, gpointer what, GError **error);
/* TRUE if there is something to read from, with `disk` held. */
gboolean kiosk_is_open(KioskStore *store, GError **error);
/* `kind`: kiosk_count_name(). */
gboolean kiosk_add_count(Runtime *runtime, const char *day, const char *kind, const char *key,
                         gint64 number, GError **error);

/* ---- texts that found nothing: kiosk_search.c ---- */
/* One that may become known as text. */
gboolean kiosk_search_is_keepable(const char *folded);
/* `asked`: text → visits. */
gboolean kiosk_search_write(Runtime *runtime, GHashTable *asked, const char *today, GError **error);
/* A new key, if it is time, and what was known by the old one is forgotten. */
gboolean kiosk_search_renew(Runtime *runtime, const char *today, GError **error);

/* ---- threads ---- */
/* The last thing that `run` does with the store is kiosk_thread_ended(): kiosk_store_free() waits
 * for it. */
void kiosk_start_thread(KioskStore *store, GTask *task, GTaskThreadFunc run);
void kiosk_thread_ended(KioskStore *store);
void kiosk_return_result(GTask *task, gboolean is_ok, GError *error); /* takes *error */

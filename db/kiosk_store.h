#pragma once
/* What the touch screen must not forget, in the data folder's kiosk/kiosk.db (kiosk.sql): how often
 * what was used, a day at a time and without persons, and the questions that residents leave for
 * staff.
 *
 * Counting only adds to memory, so that no tap waits for the disk; a flush writes it in one
 * transaction. A power cut may lose the counts of the visit that goes on, never a question that was
 * accepted. What a disk takes 50 ms and more for, has an _async form that runs in a thread; all
 * functions may be called from any thread, one uses the database at a time.
 *
 * A store that cannot be opened must not stop the touch screen: every function takes NULL, and does
 * nothing. Of a damaged one the questions and what can be read of the counts are kept; when that is
 * seen while it is in use, it is opened anew and the writing tried once more. Counts are kept for
 * 400 days, questions that are done for 90.
 *
 * A text that found nothing may be somebody's name. It is kept as a keyed digest until three
 * visits have asked it, and only from then on as text; one with six digits or more never is
 * (numbers of persons, whole or half typed). In which visits is not kept either: a visit counts a
 * text once, which memory knows. The key lies in the same file, so the digest hides a text from
 * whoever reads the file, not from whoever tries names against it; therefore every 30 days there is
 * a new key and all digests are forgotten.
 *
 * Errors: KIOSK_STORE_ERROR, in sentences that a resident may read; RUNTIME_ERROR and STORE_ERROR
 * for the disk. */
#include <gio/gio.h>

#include "db/runtime.h"

#define KIOSK_QUESTION_CHARS_MAX 200
#define KIOSK_QUESTION_COUNT_MAX 500

#define KIOSK_STORE_ERROR (kiosk_store_error_quark())
GQuark kiosk_store_error_quark(void);
typedef enum {
    KIOSK_STORE_ERROR_ABSENT, /* the store is NULL */
    KIOSK_STORE_ERROR_FULL,   /* as many open questions as staff can be expected to read */
    KIOSK_STORE_ERROR_TEXT,   /* nothing in it, or too long */
} KioskStoreError;

typedef struct KioskStore KioskStore;

/* Makes the folder (0700) and the file (0600) if need be. RUNTIME_ERROR_BUSY: another touch screen
 * uses it; STORE_ERROR_NEWER: a later version of this program wrote it. */
KioskStore *kiosk_store_open(const char *data_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Beside the touch screen that runs: for what staff read and tick off. RUNTIME_ERROR_MISSING if
 * there is none. */
KioskStore *kiosk_store_open_beside(const char *data_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a new file was begun since kiosk_store_open() because the old one was damaged. */
gboolean kiosk_store_was_damaged(KioskStore *store);
/* Writes what is counted, after waiting for the threads of the _async functions. */
void kiosk_store_free(KioskStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KioskStore, kiosk_store_free)

/* ---- counting ---- */
typedef enum {
    KIOSK_COUNT_TOPIC,  /* shown; key: its code */
    KIOSK_COUNT_SEARCH, /* found nothing; key: the text, as it was typed */
    KIOSK_COUNT_PRINT,  /* key: the topic's code, or "" */
    KIOSK_COUNT_SPEECH, /* read aloud; the same */
    KIOSK_COUNT_MODE,   /* key: "large", "contrast", "night" */
    KIOSK_COUNT_INPUT,  /* key: "nine", "full", "stroke", "hand" */
    KIOSK_COUNT_VISIT,  /* only to be read: key "count", "seconds" */
} KioskCount;
const char *kiosk_count_name(KioskCount kind); /* "topic", for machines */

/* Never touches the disk. */
void kiosk_store_count(KioskStore *store, KioskCount kind, const char *key);
/* The same; the next visit begins. To be followed by a flush. */
void kiosk_store_visit_ended(KioskStore *store, guint seconds);

/* What cannot be written stays counted, except the texts that found nothing. */
gboolean kiosk_store_flush(KioskStore *store, GError **error);
/* `done` may be NULL. That it begins to fail is logged, and that it works again. */
void kiosk_store_flush_async(KioskStore *store, GAsyncReadyCallback done, gpointer data);
gboolean kiosk_store_flush_finish(GAsyncResult *result, GError **error);

/* ---- questions for staff ---- */
/* Written to the disk before it returns TRUE. Spaces and line ends become one space each; `topic`
 * may be NULL. */
gboolean kiosk_store_leave_question(KioskStore *store, const char *text, const char *topic,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void kiosk_store_leave_question_async(KioskStore *store, const char *text, const char *topic,
                                      GAsyncReadyCallback done, gpointer data);
gboolean kiosk_store_leave_question_finish(GAsyncResult *result, GError **error);

typedef struct {
    gint64 id, at_s;
    char *text, *topic;
} KioskQuestion;
void kiosk_question_free(KioskQuestion *question);
/* KioskQuestion *: those that are open, the oldest first; none of a NULL store. */
GPtrArray *kiosk_store_questions(KioskStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* *was_open: there is an open one of that number. */
gboolean kiosk_store_question_done(KioskStore *store, gint64 id, gboolean *was_open,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- reading the counts ---- */
typedef struct {
    KioskCount kind;
    char *key;
    gint64 count;
} KioskTotal;
void kiosk_total_free(KioskTotal *total);
/* KioskTotal *: of the last `days` days, today included; by kind, the highest first. Only what has
 * been flushed. A search's key "" stands for all of them, known as text or not. */
GPtrArray *kiosk_store_totals(KioskStore *store, guint days,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

#pragma once
/* What the SMS gateway must not forget, in the data folder's sms/sms.db (sms.sql): messages that
 * came in, messages that go out, what a number may refer to, notes for staff. WAL and
 * synchronous=FULL: what a commit has confirmed survives a power cut.
 * Every function below and in sms_inbox.h, sms_outbox.h is FALSE or NULL with *error when the
 * database cannot be read or written (STORE_ERROR); those that write want a transaction around
 * them if they are to count together. One thread. */
#include "db/runtime.h"

typedef struct Runtime SmsStore;

/* Makes the folder and the file if need be. A damaged file is put aside as sms.db.bad, and a new
 * one is begun with what can still be read of it: *was_damaged. */
SmsStore *sms_store_open(const char *data_dir, gboolean *was_damaged,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Beside the gateway that runs: for what staff read and tick off. NULL with *error if there is
 * none. */
SmsStore *sms_store_open_beside(const char *data_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sms_store_free(SmsStore *store); /* NULL is fine; an open transaction is undone */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmsStore, sms_store_free)

gboolean sms_store_begin(SmsStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sms_store_commit(SmsStore *store, GError **error); /* undone if it fails */
void sms_store_rollback(SmsStore *store);

/* Whether a function failed because the file is damaged: it is of no use until it is opened anew.
 */
gboolean sms_store_is_damaged(const GError *error);
/* The next sms_store_open() begins a new one, whatever its own look says. */
void sms_store_mark_damaged(const char *data_dir);

/* Forgets messages and contacts from before `before_s`, and read notes; a thousand of each at a
 * time: *is_more. */
gboolean sms_store_prune(SmsStore *store, gint64 before_s, gboolean *is_more, GError **error);
/* When the last message came or was made; 0: none. The clock may have been reset since. */
gboolean sms_store_last_seen(SmsStore *store, gint64 *at_s, GError **error);

/* The last eleven digits of a number: one person, with +86 or without. Free with g_free(). */
char *sms_contact_of(const char *number);

/* ---- what a number may refer to ---- */
typedef struct {
    gboolean is_stopped;
    char *choices, *question, *more, *topic; /* NULL: none */
    gint64 at_s;
} SmsContact;
gboolean sms_contact_load(SmsStore *store, const char *contact, SmsContact *out, GError **error);
gboolean sms_contact_save(SmsStore *store, const char *contact, const SmsContact *state,
                          GError **error);
void sms_contact_clear(SmsContact *state);

gboolean sms_note_add(SmsStore *store, gint64 now_s, const char *number, const char *text,
                      GError **error);

typedef struct {
    gint64 id, at_s;
    char *number, *text;
} SmsNote;
void sms_note_free(SmsNote *note);
/* SmsNote *: those that nobody has ticked off, the oldest first. */
GPtrArray *sms_note_unread(SmsStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sms_note_set_read(SmsStore *store, gint64 id, GError **error);

/* A SIM is blocked by three wrong PINs. `digest` names the settings that one comes from: TRUE if it
 * may be entered, and then the disk knows that it is being tried. A wrong one never again; one that
 * was good whenever the SIM wants it; of unknown outcome (a power cut in between) twice. */
gboolean sms_pin_begin(SmsStore *store, const char *digest, gint64 now_s, GError **error);
gboolean sms_pin_end(SmsStore *store, const char *digest, gboolean is_good, GError **error);
/* The SIM was busy and did not look at it: this was no try. */
gboolean sms_pin_undo(SmsStore *store, const char *digest, GError **error);

/* ---- for bianmin status ---- */
typedef struct {
    guint received, answered, limited, unreadable; /* questions since `since_s` */
    guint sent, failed, unknown;                   /* messages since `since_s` */
    guint queued, doubtful, notes;                 /* now */
} SmsCounts;
gboolean sms_store_count(SmsStore *store, gint64 since_s, SmsCounts *out, GError **error);

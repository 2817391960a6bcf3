#include "db/sms_store.h"

#include "db/runtime_sql.h"

#include <string.h>

#define CONTACT_DIGITS 11
#define PRUNE_ROWS     1000 /* at a time: others wait */

/* What is kept of a damaged one: who does not want answers, notes for staff, which messages are
 * known, what waits to be sent, which PINs were tried. */
static const SalvageTable kept[] = {
    { "SELECT * FROM contact", "SELECT * FROM contact ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO contact VALUES (?,?,?,?,?,?,?)" },
    { "SELECT * FROM note", "SELECT * FROM note ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO note VALUES (?,?,?,?,?)" },
    { "SELECT * FROM pin_try", "SELECT * FROM pin_try ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO pin_try VALUES (?,?,?,?)" },
    { "SELECT * FROM inbox", "SELECT * FROM inbox ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO inbox VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)" },
    { "SELECT * FROM outbox", "SELECT * FROM outbox ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO outbox VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)" },
};

/* The parents of some rows are among what is lost. */
static const char mend[] =
    "UPDATE outbox SET inbox_id = NULL WHERE inbox_id NOT IN (SELECT id FROM inbox);"
    "UPDATE inbox SET head = NULL WHERE head NOT IN (SELECT id FROM inbox);";

static const RuntimeKind kind = {
    .schema = { "/bianmin/db/sms.sql", 0x62696d73, 1, FALSE },
    .folder = "sms",
    .file = "sms.db",
    .folder_mode = 0750,
    .busy = "短信服务已经在运行",
    .missing = "这里还没有收过短信",
    .salvage = { kept, G_N_ELEMENTS(kept), mend },
};

SmsStore *sms_store_open(const char *data_dir, gboolean *was_damaged, GError **error)
{
    return runtime_open(&kind, data_dir, was_damaged, error);
}

SmsStore *sms_store_open_beside(const char *data_dir, GError **error)
{
    return runtime_open_beside(&kind, data_dir, error);
}

void sms_store_free(SmsStore *store)
{
    runtime_free(store);
}

gboolean sms_store_begin(SmsStore *store, GError **error)
{
    return runtime_begin(store, error);
}

gboolean sms_store_commit(SmsStore *store, GError **error)
{
    return runtime_commit(store, error);
}

void sms_store_rollback(SmsStore *store)
{
    runtime_rollback(store);
}

gboolean sms_store_is_damaged(const GError *error)
{
    return runtime_is_damaged(error);
}

void sms_store_mark_damaged(const char *data_dir)
{
    runtime_mark_damaged(&kind, data_dir);
}

static gboolean prune_some(SmsStore *store, gint64 before_s, gboolean *is_more, GError **error)
{
    static const char *const deletes[] = {
        "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE created < ?1 AND state NOT IN "
        "('queued','sending','doubtful') LIMIT ?2)",
        "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox AS i WHERE received < ?1 AND NOT "
        "EXISTS (SELECT 1 FROM inbox AS p WHERE p.head = i.id) AND NOT EXISTS (SELECT 1 FROM "
        "outbox AS o WHERE o.inbox_id = i.id) LIMIT ?2)",
        "DELETE FROM note WHERE id IN (SELECT id FROM note WHERE at < ?1 AND is_read LIMIT ?2)",
        "DELETE FROM contact WHERE contact IN (SELECT contact FROM contact WHERE at < ?1 AND NOT "
        "is_stopped LIMIT ?2)",
    };
    *is_more = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(deletes); i++) {
        if (!runtime_run(store, error, deletes[i], "ii", before_s, (gint64)PRUNE_ROWS))
            return FALSE;
        if (runtime_changes(store) > 0) *is_more = TRUE;
    }
    return TRUE;
}

gboolean sms_store_prune(SmsStore *store, gint64 before_s, gboolean *is_more, GError **error)
{
    if (!sms_store_begin(store, error)) return FALSE;
    if (!prune_some(store, before_s, is_more, error)) {
        sms_store_rollback(store);
        return FALSE;
    }
    if (!sms_store_commit(store, error)) return FALSE;
    return *is_more || runtime_empty_log(store, error);
}

gboolean sms_store_last_seen(SmsStore *store, gint64 *at_s, GError **error)
{
    return runtime_number(runtime_bind(store, error,
                                       "SELECT max(coalesce((SELECT max(received) FROM inbox), 0), "
                                       "coalesce((SELECT max(created) FROM outbox), 0))",
                                       ""),
                          0, at_s, error);
}

/* ---- contacts ---- */

char *sms_contact_of(const char *number)
{
    gsize len = strlen(number), digits = 0;
    while (digits < len && digits < CONTACT_DIGITS && g_ascii_isdigit(number[len - digits - 1]))
        digits++;
    return g_strdup(digits == CONTACT_DIGITS ? number + len - digits : number);
}

void sms_contact_clear(SmsContact *state)
{
    g_free(state->choices);
    g_free(state->question);
    g_free(state->more);
    g_free(state->topic);
    *state = (SmsContact){ 0 };
}

static char *text_or_null(sqlite3_stmt *row, int i)
{
    return g_strdup((const char *)sqlite3_column_text(row, i));
}

gboolean sms_contact_load(SmsStore *store, const char *contact, SmsContact *out, GError **error)
{
    g_autoptr(GError) cause = NULL;
    sqlite3_stmt *row = runtime_bind(
        store, error,
        "SELECT is_stopped, choices, question, more, topic, at FROM contact WHERE contact = ?1",
        "s", contact);

    *out = (SmsContact){ 0 };
    if (!row) return FALSE;
    if (store_step(row, &cause)) {
        out->is_stopped = sqlite3_column_int(row, 0) != 0;
        out->choices = text_or_null(row, 1);
        out->question = text_or_null(row, 2);
        out->more = text_or_null(row, 3);
        out->topic = text_or_null(row, 4);
        out->at_s = sqlite3_column_int64(row, 5);
    }
    return runtime_end(row, g_steal_pointer(&cause), error);
}

gboolean sms_contact_save(SmsStore *store, const char *contact, const SmsContact *state,
                          GError **error)
{
    return runtime_run(store, error, "INSERT OR REPLACE INTO contact VALUES (?,?,?,?,?,?,?)",
                       "sissssi", contact, (gint64)state->is_stopped, state->choices,
                       state->question, state->more, state->topic, state->at_s);
}

gboolean sms_note_add(SmsStore *store, gint64 now_s, const char *number, const char *text,
                      GError **error)
{
    return runtime_run(store, error, "INSERT INTO note (at, number, text) VALUES (?,?,?)", "iss",
                       now_s, number, text);
}

void sms_note_free(SmsNote *note)
{
    if (!note) return;
    g_free(note->number);
    g_free(note->text);
    g_free(note);
}

GPtrArray *sms_note_unread(SmsStore *store, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func((GDestroyNotify)sms_note_free);
    sqlite3_stmt *row = runtime_bind(
        store, error, "SELECT id, at, number, text FROM note WHERE NOT is_read ORDER BY id", "");
    if (!row) return NULL;
    while (store_step(row, &cause)) {
        SmsNote *note = g_new0(SmsNote, 1);
        note->id = sqlite3_column_int64(row, 0);
        note->at_s = sqlite3_column_int64(row, 1);
        note->number = g_strdup(store_text(row, 2));
        note->text = g_strdup(store_text(row, 3));
        g_ptr_array_add(notes, note);
    }
    return runtime_end(row, g_steal_pointer(&cause), error) ? g_steal_pointer(&notes) : NULL;
}

gboolean sms_note_set_read(SmsStore *store, gint64 id, GError **error)
{
    return runtime_run(store, error, "UPDATE note SET is_read = 1 WHERE id = ?1", "i", id);
}

gboolean sms_pin_begin(SmsStore *store, const char *digest, gint64 now_s, GError **error)
{
    return runtime_run(store, error,
                       "INSERT INTO pin_try VALUES (?1, ?2, 'trying', 1) ON CONFLICT (digest) DO "
                       "UPDATE SET at = ?2, state = 'trying', tries = tries + 1 "
                       "WHERE state = 'good' OR (state = 'trying' AND tries < 2)",
                       "si", digest, now_s) &&
           runtime_changes(store) == 1;
}

gboolean sms_pin_end(SmsStore *store, const char *digest, gboolean is_good, GError **error)
{
    return runtime_run(store, error,
                       "UPDATE pin_try SET state = iif(?2, 'good', 'wrong'), tries = 0 WHERE "
                       "digest = ?1",
                       "si", digest, (gint64)is_good);
}

gboolean sms_pin_undo(SmsStore *store, const char *digest, GError **error)
{
    return runtime_run(store, error,
                       "UPDATE pin_try SET tries = max(tries - 1, 0) WHERE digest = ?1", "s",
                       digest);
}

/* ---- counts ---- */

typedef struct {
    const char *state;
    guint *count;
} CountSlot;

/* Rows of (state, number) into the slots of the same name. */
static gboolean count_states(sqlite3_stmt *row, const CountSlot *slots, guint slot_count,
                             GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (!row) return FALSE;
    while (store_step(row, &cause))
        for (guint i = 0; i < slot_count; i++)
            if (strcmp(store_text(row, 0), slots[i].state) == 0)
                *slots[i].count += (guint)sqlite3_column_int64(row, 1);
    return runtime_end(row, g_steal_pointer(&cause), error);
}

gboolean sms_store_count(SmsStore *store, gint64 since_s, SmsCounts *out, GError **error)
{
    *out = (SmsCounts){ 0 };
    gint64 notes = 0;
    guint waiting = 0;
    const CountSlot in[] = { { "answered", &out->answered },
                             { "silent", &out->received },
                             { "limited", &out->limited },
                             { "unreadable", &out->unreadable },
                             { "waiting", &waiting } };
    const CountSlot sent[] = { { "sent", &out->sent },
                               { "delivered", &out->sent },
                               { "failed", &out->failed },
                               { "unknown", &out->unknown } };
    const CountSlot open[] = { { "queued", &out->queued },
                               { "sending", &out->doubtful },
                               { "doubtful", &out->doubtful } };
    if (!count_states(runtime_bind(store, error,
                                   "SELECT state, count(*) FROM inbox WHERE received >= ?1 GROUP "
                                   "BY state",
                                   "i", since_s),
                      in, G_N_ELEMENTS(in), error) ||
        !count_states(runtime_bind(store, error,
                                   "SELECT state, count(*) FROM outbox WHERE created >= ?1 GROUP "
                                   "BY state",
                                   "i", since_s),
                      sent, G_N_ELEMENTS(sent), error) ||
        !count_states(runtime_bind(store, error,
                                   "SELECT state, count(*) FROM outbox INDEXED BY outbox_queue "
                                   "WHERE state = 'queued' UNION ALL SELECT state, count(*) FROM "
                                   "outbox INDEXED BY outbox_open WHERE state IN "
                                   "('sending','doubtful')",
                                   ""),
                      open, G_N_ELEMENTS(open), error) ||
        !runtime_number(
            runtime_bind(store, error, "SELECT count(*) FROM note WHERE NOT is_read", ""), 0,
            &notes, error))
        return FALSE;
    out->received += out->answered + out->limited + out->unreadable + waiting;
    out->notes = (guint)notes;
    return TRUE;
}

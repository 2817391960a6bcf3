#include "db/sms_outbox.h"

#include "charset/segment.h"
#include "db/runtime_sql.h"

#define ECHO_CHARS_MIN 15 /* a shorter text may be anybody's words */

#define COLUMNS                                                                                    \
    "id, inbox_id IS NULL, number, text, modem, is_ucs2, ref, total, seq, attempts, copies, "      \
    "created, changed, coalesce(mr, -1)"

void sms_outbound_free(SmsOutbound *message)
{
    if (!message) return;
    g_free(message->number);
    g_free(message->text);
    g_free(message->modem);
    g_free(message);
}

static SmsOutbound *outbound_of(sqlite3_stmt *row)
{
    SmsOutbound *message = g_new0(SmsOutbound, 1);
    message->id = sqlite3_column_int64(row, 0);
    message->is_notice = sqlite3_column_int(row, 1) != 0;
    message->number = g_strdup(store_text(row, 2));
    message->text = g_strdup(store_text(row, 3));
    message->modem = g_strdup((const char *)sqlite3_column_text(row, 4));
    message->is_ucs2 = sqlite3_column_int(row, 5) != 0;
    message->ref = (guint)sqlite3_column_int(row, 6);
    message->total = (guint)sqlite3_column_int(row, 7);
    message->seq = (guint)sqlite3_column_int(row, 8);
    message->attempts = (guint)sqlite3_column_int(row, 9);
    message->copies = (guint)sqlite3_column_int(row, 10);
    message->created_s = sqlite3_column_int64(row, 11);
    message->changed_s = sqlite3_column_int64(row, 12);
    message->mr = sqlite3_column_int(row, 13);
    return message;
}

static gint64 next_ref(SmsStore *store)
{
    gint64 id = 0;
    runtime_number(runtime_bind(store, NULL, "SELECT max(id) FROM outbox", ""), 0, &id, NULL);
    return (id + 1) & 0xff;
}

gboolean sms_outbox_add(SmsStore *store, gint64 inbox_id, const char *modem, const char *number,
                        const char *text, gint64 now_s, GError **error)
{
    g_auto(GStrv) parts = segment_text(text);
    g_autofree char *contact = sms_contact_of(number);
    gint64 total = (gint64)g_strv_length(parts), ref = next_ref(store);
    gint64 is_ucs2 = segment_alphabet(text) == SEGMENT_UCS2;

    for (gint64 i = 0; i < total; i++)
        if (!runtime_run(store, error,
                         "INSERT INTO outbox (inbox_id, modem, number, contact, text, is_ucs2, "
                         "ref, total, seq, state, created, changed, due) "
                         "VALUES (nullif(?,0),?,?,?,?,?,?,?,?,'queued',?10,?10,?10)",
                         "issssiiiii", inbox_id, modem, number, contact, parts[i], is_ucs2, ref,
                         total, i + 1, now_s))
            return FALSE;
    return TRUE;
}

#define DUE "state = 'queued' AND (due <= ?2 OR due > ?2 + 1200) "

gboolean sms_outbox_next(SmsStore *store, const char *modem, gint64 now_s, SmsOutbound **out,
                         gboolean *is_last, GError **error)
{
    GError *cause = NULL;
    sqlite3_stmt *row = runtime_bind(store, error,
                                     "SELECT " COLUMNS " FROM ("
                                     "SELECT * FROM (SELECT * FROM outbox WHERE " DUE
                                     "AND modem = ?1 ORDER BY attempts, id LIMIT 2) UNION ALL "
                                     "SELECT * FROM (SELECT * FROM outbox WHERE " DUE
                                     "AND modem IS NULL ORDER BY attempts, id LIMIT 2)) "
                                     "ORDER BY attempts, modem IS NULL, id LIMIT 2",
                                     "si", modem, now_s);
    *out = NULL;
    if (!row) return FALSE;
    if (store_step(row, &cause)) *out = outbound_of(row);
    *is_last = *out && !cause && !store_step(row, &cause);
    if (runtime_end(row, cause, error)) return TRUE;
    g_clear_pointer(out, sms_outbound_free);
    return FALSE;
}

gboolean sms_outbox_next_due(SmsStore *store, const char *modem, gint64 *due_s, GError **error)
{
    return runtime_number(runtime_bind(store, error,
                                       "SELECT min(due) FROM outbox WHERE state = 'queued' AND "
                                       "(modem = ?1 OR modem IS NULL)",
                                       "s", modem),
                          0, due_s, error);
}

gboolean sms_outbox_set_sending(SmsStore *store, gint64 id, const char *modem, gint64 now_s,
                                GError **error)
{
    return runtime_run(store, error,
                       "UPDATE outbox SET state = 'sending', modem = ?2, changed = ?3, "
                       "attempts = attempts + 1, copies = copies + 1, mr = NULL WHERE id = ?1",
                       "isi", id, modem, now_s);
}

gboolean sms_outbox_set_sent(SmsStore *store, gint64 id, const char *modem, gint mr, gint64 now_s,
                             GError **error)
{
    return runtime_run(store, error,
                       "UPDATE outbox SET state = 'sent', mr = nullif(?2, -1), changed = ?3 WHERE "
                       "id = ?1 AND state NOT IN ('delivered','failed')",
                       "iii", id, (gint64)mr, now_s) &&
           (mr < 0 || runtime_run(store, error, "INSERT OR REPLACE INTO modem VALUES (?,?)", "si",
                                  modem, (gint64)mr));
}

gboolean sms_outbox_set_doubtful(SmsStore *store, gint64 id, gint64 now_s, GError **error)
{
    return runtime_run(store, error,
                       "UPDATE outbox SET state = 'doubtful', changed = ?2 WHERE id = ?1 AND "
                       "state = 'sending'",
                       "ii", id, now_s);
}

gboolean sms_outbox_set_unsent(SmsStore *store, gint64 id, gint64 due_s, const char *reason,
                               gint64 now_s, GError **error)
{
    return runtime_run(store, error,
                       "UPDATE outbox SET state = iif(?2 > 0, 'queued', 'failed'), "
                       "copies = max(copies - 1, 0), due = ?2, error = ?3, changed = ?4 "
                       "WHERE id = ?1 AND state IN ('sending','doubtful')",
                       "iisi", id, due_s, reason, now_s);
}

gboolean sms_outbox_set_untaken(SmsStore *store, gint64 id, gint64 due_s, gint64 now_s,
                                GError **error)
{
    return sms_outbox_set_unsent(store, id, due_s, "not taken", now_s, error) &&
           runtime_run(store, error,
                       "UPDATE outbox SET attempts = max(attempts - 1, 0) WHERE id = ?1", "i", id);
}

gboolean sms_outbox_forget_mr(SmsStore *store, const char *modem, GError **error)
{
    return runtime_run(store, error, "UPDATE modem SET mr = -1 WHERE name = ?1", "s", modem);
}

gboolean sms_outbox_release(SmsStore *store, const char *modem, gint64 before_s, GError **error)
{
    return runtime_run(store, error,
                       "UPDATE outbox SET modem = NULL WHERE state = 'queued' AND modem = ?1 AND "
                       "created < ?2",
                       "si", modem, before_s);
}

gboolean sms_outbox_has_said(SmsStore *store, const char *contact, const char *text, gint64 from_s,
                             gboolean *has_said, GError **error)
{
    gint64 found = 0;
    gboolean is_ok = runtime_number(
        runtime_bind(store, error,
                     "SELECT EXISTS (SELECT 1 FROM outbox WHERE contact = ?1 AND created > ?3 AND "
                     "length(text) >= ?4 AND instr(?2, text) > 0)",
                     "ssii", contact, text, from_s, (gint64)ECHO_CHARS_MIN),
        0, &found, error);
    *has_said = found != 0;
    return is_ok;
}

gboolean sms_outbox_give_up_doubt(SmsStore *store, gint64 id, gint64 now_s, GError **error)
{
    return runtime_run(store, error,
                       "UPDATE outbox SET state = iif(inbox_id IS NOT NULL AND copies < 2, "
                       "'queued', 'unknown'), due = ?2, changed = ?2 WHERE id = ?1 AND "
                       "state = 'doubtful'",
                       "ii", id, now_s);
}

gboolean sms_outbox_recover(SmsStore *store, const char *const *modems, gint64 now_s,
                            GError **error)
{
    g_autofree char *known = g_strjoinv("\n", (char **)modems);
    g_autofree char *list = g_strconcat("\n", known, "\n", NULL);
    return runtime_run(store, error,
                       "UPDATE outbox SET state = 'doubtful', changed = ?1 WHERE state = "
                       "'sending'",
                       "i", now_s) &&
           runtime_run(store, error,
                       "UPDATE outbox SET due = ?1 WHERE state = 'queued' AND due > ?1 + 1200", "i",
                       now_s) &&
           runtime_run(store, error,
                       "UPDATE outbox SET modem = iif(state = 'queued', NULL, ?3) WHERE state IN "
                       "('queued','doubtful') AND modem IS NOT NULL AND "
                       "instr(?1, char(10) || modem || char(10)) = ?2",
                       "sis", list, (gint64)0, modems[0]);
}

GPtrArray *sms_outbox_doubtful(SmsStore *store, const char *modem, GError **error)
{
    GError *cause = NULL;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sms_outbound_free);
    sqlite3_stmt *row = runtime_bind(store, error,
                                     "SELECT " COLUMNS " FROM outbox INDEXED BY outbox_open WHERE "
                                     "state IN ('sending','doubtful') AND state = 'doubtful' AND "
                                     "modem = ?1 ORDER BY changed, id",
                                     "s", modem);
    if (!row) return NULL;
    while (store_step(row, &cause))
        g_ptr_array_add(list, outbound_of(row));
    return runtime_end(row, cause, error) ? g_steal_pointer(&list) : NULL;
}

gboolean sms_outbox_last_mr(SmsStore *store, const char *modem, gint *mr, GError **error)
{
    gint64 number = -1;
    gboolean is_ok = runtime_number(
        runtime_bind(store, error, "SELECT mr FROM modem WHERE name = ?1", "s", modem), -1, &number,
        error);
    *mr = (gint)number;
    return is_ok;
}

gboolean sms_outbox_report(SmsStore *store, const char *modem, const char *number, guint mr,
                           gboolean is_delivered, gint64 now_s, gint64 *id, GError **error)
{
    g_autofree char *contact = sms_contact_of(number);
    if (!runtime_number(
            runtime_bind(store, error,
                         "SELECT id FROM outbox WHERE contact = ?1 AND modem = ?2 AND "
                         "((state = 'sent' AND mr = ?3) OR (state IN ('sending','doubtful') "
                         "AND NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.contact = ?1 AND "
                         "o.modem = ?2 AND o.mr = ?3 AND o.state IN ('delivered', "
                         "'failed') AND o.changed > ?4 - 86400))) "
                         "ORDER BY state = 'sent' DESC, id DESC LIMIT 1",
                         "ssii", contact, modem, (gint64)mr, now_s),
            0, id, error))
        return FALSE;
    return *id == 0 ||
           runtime_run(store, error,
                       "UPDATE outbox SET state = iif(?2, 'delivered', 'failed'), mr = ?3, "
                       "changed = ?4 WHERE id = ?1",
                       "iiii", *id, (gint64)is_delivered, (gint64)mr, now_s);
}

gboolean sms_outbox_count(SmsStore *store, gint64 from_s, gint64 to_s, guint *count, GError **error)
{
    gint64 number = 0;
    gboolean is_ok = runtime_number(
        runtime_bind(store, error,
                     "SELECT coalesce(sum(max(copies, 1)), 0) FROM outbox WHERE created > ?1 AND "
                     "created <= ?2 AND (state <> 'failed' OR copies > 0)",
                     "ii", from_s, to_s),
        0, &number, error);
    *count = (guint)number;
    return is_ok;
}

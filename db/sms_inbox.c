#include "db/sms_inbox.h"

#include "db/runtime_sql.h"

void sms_part_free(SmsPart *part)
{
    if (!part) return;
    g_free(part->raw);
    g_free(part);
}

gboolean sms_inbox_add(SmsStore *store, const SmsInbound *message, gint64 *id, GError **error)
{
    g_autofree char *contact = sms_contact_of(message->sender);
    *id = 0;
    if (!runtime_run(store, error,
                     "INSERT OR IGNORE INTO inbox (key, received, modem, sender, contact, scts, "
                     "ref, ref_bits, total, seq, raw, state) "
                     "VALUES (?,?,?,?,?,?,?,?,?,?,?,'waiting')",
                     "sisssiiiiis", message->key, message->received_s, message->modem,
                     message->sender, contact, message->scts_s, (gint64)message->ref,
                     (gint64)message->ref_bits, (gint64)message->total, (gint64)message->seq,
                     message->raw))
        return FALSE;
    if (runtime_changes(store) == 1) *id = runtime_last_id(store);
    return TRUE;
}

gboolean sms_inbox_settle(SmsStore *store, gint64 id, const char *state, const char *text,
                          const char *topic, GError **error)
{
    return runtime_run(store, error,
                       "UPDATE inbox SET state = ?2, text = coalesce(?3, ''), "
                       "topic = coalesce(?4, '') WHERE id = ?1",
                       "isss", id, state, text, topic);
}

/* Parts of the same message as ?1. */
#define SAME_MESSAGE                                                                               \
    " FROM inbox AS p JOIN inbox AS m ON p.contact = m.contact AND p.total = m.total "             \
    "AND p.ref = m.ref AND p.ref_bits = m.ref_bits AND abs(p.scts - m.scts) <= ?2 "                \
    "WHERE m.id = ?1 AND p.total > 0 "

GPtrArray *sms_inbox_parts(SmsStore *store, gint64 id, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func((GDestroyNotify)sms_part_free);
    sqlite3_stmt *row = runtime_bind(store, error,
                                     "SELECT min(p.id), p.seq, p.raw" SAME_MESSAGE
                                     "AND p.state = 'waiting' GROUP BY p.seq ORDER BY p.seq",
                                     "ii", id, (gint64)SMS_PARTS_APART_S);
    if (!row) return NULL;
    while (store_step(row, &cause)) {
        SmsPart *part = g_new0(SmsPart, 1);
        part->id = sqlite3_column_int64(row, 0);
        part->seq = (guint)sqlite3_column_int64(row, 1);
        part->raw = g_strdup(store_text(row, 2));
        g_ptr_array_add(parts, part);
    }
    return runtime_end(row, g_steal_pointer(&cause), error) ? g_steal_pointer(&parts) : NULL;
}

gboolean sms_inbox_join(SmsStore *store, gint64 head, GError **error)
{
    return runtime_run(store, error,
                       "UPDATE inbox SET state = 'joined', head = ?1 WHERE state = 'waiting' AND "
                       "id <> ?1 AND id IN (SELECT p.id" SAME_MESSAGE ")",
                       "ii", head, (gint64)SMS_PARTS_APART_S);
}

gboolean sms_inbox_join_late(SmsStore *store, gint64 id, gint64 head, GError **error)
{
    return runtime_run(store, error, "UPDATE inbox SET state = 'joined', head = ?2 WHERE id = ?1",
                       "ii", id, head);
}

/* Some telephones give each long message the same reference: what has that part already, or waits
 * for parts beside this one, is another message. */
gboolean sms_inbox_late_head(SmsStore *store, gint64 id, gint64 *head, GError **error)
{
    return runtime_number(
        runtime_bind(store, error,
                     "SELECT iif(max(p.id <> ?1 AND (p.state = 'waiting' OR p.seq = m.seq)), 0, "
                     "max(iif(p.state = 'waiting', 0, coalesce(p.head, p.id))))" SAME_MESSAGE,
                     "ii", id, (gint64)SMS_PARTS_APART_S),
        0, head, error);
}

gboolean sms_inbox_overdue(SmsStore *store, gint64 before_s, gint64 after_s, gint64 *id,
                           char **sender, char **modem, GError **error)
{
    g_autoptr(GError) cause = NULL;
    sqlite3_stmt *row = runtime_bind(store, error,
                                     "SELECT id, sender, modem FROM inbox WHERE total > 0 AND "
                                     "state = 'waiting' AND (received < ?1 OR received > ?2) "
                                     "LIMIT 1",
                                     "ii", before_s, after_s);
    *id = 0;
    if (!row) return FALSE;
    if (store_step(row, &cause)) {
        *id = sqlite3_column_int64(row, 0);
        *sender = g_strdup(store_text(row, 1));
        *modem = g_strdup(store_text(row, 2));
    }
    return runtime_end(row, g_steal_pointer(&cause), error);
}

gboolean sms_inbox_count_answered(SmsStore *store, const char *contact, gint64 from_s, gint64 to_s,
                                  guint *count, GError **error)
{
    gint64 number = 0;
    gboolean is_ok = runtime_number(
        runtime_bind(store, error,
                     "SELECT count(*) FROM inbox WHERE contact = ?1 AND received > ?2 AND "
                     "received <= ?3 AND state = 'answered'",
                     "sii", contact, from_s, to_s),
        0, &number, error);
    *count = (guint)number;
    return is_ok;
}

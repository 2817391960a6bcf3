/* The holders of trust.h: enrolled, revoked, listed. */
#include "db/trust_private.h"

#include <sodium.h>

#define COLUMNS                                                                                    \
    "id, label, enrolled, revoked, stick, octets, passes, salt, pin, tries, locks, left_s, "       \
    "seen_s, boot"

void holder_clear(Holder *holder)
{
    g_free(holder->shown.label);
    g_free(holder->shown.enrolled);
    g_free(holder->shown.revoked);
    sodium_memzero(holder, sizeof *holder);
}

static void free_holder(gpointer holder)
{
    TrustHolder *shown = holder;
    g_free(shown->label);
    g_free(shown->enrolled);
    g_free(shown->revoked);
    g_free(shown);
}

static guint number_at(sqlite3_stmt *row, int column)
{
    return (guint)CLAMP(sqlite3_column_int64(row, column), 0, G_MAXINT32);
}

static void take_shown(sqlite3_stmt *row, TrustHolder *shown)
{
    g_strlcpy(shown->id, store_text(row, 0), sizeof shown->id);
    shown->label = g_strdup(store_text(row, 1));
    shown->enrolled = g_strdup(store_text(row, 2));
    shown->revoked = g_strdup(store_text(row, 3));
    shown->has_stick = *store_text(row, 4) != '\0';
    shown->lockout.tries = number_at(row, 9);
    shown->lockout.locks = number_at(row, 10);
    shown->lockout.left_s = number_at(row, 11);
    shown->lockout.seen.s = (guint64)MAX(sqlite3_column_int64(row, 12), 0);
    g_strlcpy(shown->lockout.seen.boot, store_text(row, 13), UPTIME_BOOT_LEN);
}

static gboolean take_holder(sqlite3_stmt *row, Holder *holder)
{
    take_shown(row, &holder->shown);
    g_strlcpy(holder->stick, store_text(row, 4), sizeof holder->stick);
    holder->pin.cost.octets = (guint64)MAX(sqlite3_column_int64(row, 5), 0);
    holder->pin.cost.passes = (guint64)MAX(sqlite3_column_int64(row, 6), 0);
    return trust_from_hex(store_text(row, 7), holder->pin.salt, PIN_SALT_LEN) &&
           trust_from_hex(store_text(row, 8), holder->pin.hash, PIN_HASH_LEN);
}

gboolean holder_load(Trust *trust, const char *id, Holder *holder, gboolean *is_known,
                     GError **error)
{
    g_autoptr(GError) cause = NULL;
    sqlite3_stmt *row = runtime_bind(trust->runtime, error,
                                     "SELECT " COLUMNS " FROM holder WHERE id = ?", "s", id);
    if (!row) return FALSE;
    *is_known = store_step(row, &cause);
    if (*is_known && !take_holder(row, holder))
        cause = g_error_new_literal(STORE_ERROR, STORE_ERROR_FORMAT, "登记簿已损坏");
    return runtime_end(row, g_steal_pointer(&cause), error);
}

gboolean holder_save_lockout(Trust *trust, const TrustHolder *holder, GError **error)
{
    const Lockout *lockout = &holder->lockout;
    return runtime_run(trust->runtime, error,
                       "UPDATE holder SET tries = ?, locks = ?, left_s = ?, seen_s = ?, boot = ? "
                       "WHERE id = ?",
                       "iiiiss", (gint64)lockout->tries, (gint64)lockout->locks,
                       (gint64)lockout->left_s, (gint64)lockout->seen.s, lockout->seen.boot,
                       holder->id);
}

void holder_stick_hash(const Trust *trust, const StickKey *key, char hex[65])
{
    guint8 hash[32];
    crypto_generichash(hash, sizeof hash, key->secret, sizeof key->secret, trust->pepper,
                       PIN_PEPPER_LEN);
    sodium_bin2hex(hex, 65, hash, sizeof hash);
}

/* ---- enrolment ---- */

static gboolean check_label_free(Trust *trust, const char *label, GError **error)
{
    gint64 count = 0;
    if (!trust_check_label(label, FALSE, error)) return FALSE;
    sqlite3_stmt *row =
        runtime_bind(trust->runtime, error,
                     "SELECT count(*) FROM holder WHERE label = ? AND revoked = ''", "s", label);
    if (!runtime_number(row, 0, &count, error)) return FALSE;
    if (count == 0) return TRUE;
    g_set_error(error, TRUST_ERROR, TRUST_ERROR_LABEL,
                "已经有“%s”了。换一个名字，或先停用原来的：bianmin stick revoke %s", label, label);
    return FALSE;
}

static gboolean insert(Trust *trust, const char *id, const char *label, const char *stick,
                       const PinHash *pin, GError **error)
{
    g_autofree char *now = trust_time();
    char salt[2 * PIN_SALT_LEN + 1], hash[2 * PIN_HASH_LEN + 1];
    sodium_bin2hex(salt, sizeof salt, pin->salt, PIN_SALT_LEN);
    sodium_bin2hex(hash, sizeof hash, pin->hash, PIN_HASH_LEN);
    return runtime_run(trust->runtime, error,
                       "INSERT INTO holder (id, label, stick, octets, passes, salt, pin, enrolled, "
                       "revoked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '')",
                       "sssiisss", id, label, stick, (gint64)pin->cost.octets,
                       (gint64)pin->cost.passes, salt, hash, now);
}

/* The row, the file and the record come together or not at all; only a cut just before the commit
 * leaves a file that nobody knows. */
static gboolean enrol_in_transaction(Trust *trust, const char *dir, const char *label,
                                     const StickKey *key, const PinHash *pin, const char *id,
                                     GError **error)
{
    char stick[65] = "";
    if (dir) holder_stick_hash(trust, key, stick);
    if (!insert(trust, id, label, stick, pin, error) ||
        (dir && !stick_key_save(dir, key, error)))
        return FALSE;
    if (trust_record(trust, "stick-enrol", id, dir ? "stick" : "pin", error) &&
        runtime_commit(trust->runtime, error))
        return TRUE;
    if (dir) stick_key_unsave(dir);
    return FALSE;
}

gboolean trust_enrol(Trust *trust, const char *dir, const char *label, const char *pin,
                     char id[TRUST_ID_HEX], GError **error)
{
    g_auto(StickKey) key = { 0 };
    PinHash hash;
    if (!stick_key_make(&key)) return trust_fail(error, TRUST_ERROR_PEPPER, "libsodium 不能用");
    sodium_bin2hex(id, TRUST_ID_HEX, key.id, sizeof key.id);
    if (!check_label_free(trust, label, error) ||
        !pin_hash_new(pin, id, trust->pepper, &trust->cost, &hash, error) ||
        !runtime_begin(trust->runtime, error))
        return FALSE;
    gboolean is_done = enrol_in_transaction(trust, dir, label, &key, &hash, id, error);
    if (!is_done) runtime_rollback(trust->runtime);
    return is_done;
}

gboolean trust_revoke(Trust *trust, const char *which, char id[TRUST_ID_HEX], GError **error)
{
    g_autofree char *now = trust_time();
    return trust_find_one(trust,
                          "SELECT id FROM holder WHERE revoked = '' AND (label = ? OR id GLOB ?)",
                          which, "登记了的U盘或人", id, error) &&
           trust_record(trust, "stick-revoke", id, "", error) &&
           runtime_run(trust->runtime, error, "UPDATE holder SET revoked = ? WHERE id = ?", "ss",
                       now, id);
}

/* ---- the list ---- */

static gboolean read_holders(Trust *trust, GPtrArray *holders, GError **error)
{
    g_autoptr(GError) cause = NULL;
    sqlite3_stmt *row = runtime_bind(
        trust->runtime, error, "SELECT " COLUMNS " FROM holder ORDER BY enrolled, label, id", "");
    if (!row) return FALSE;
    while (store_step(row, &cause)) {
        TrustHolder *holder = g_new0(TrustHolder, 1);
        take_shown(row, holder);
        g_ptr_array_add(holders, holder);
    }
    return runtime_end(row, g_steal_pointer(&cause), error);
}

GPtrArray *trust_holders(Trust *trust, const Uptime *now, GError **error)
{
    g_autoptr(GPtrArray) holders = g_ptr_array_new_with_free_func(free_holder);
    if (!read_holders(trust, holders, error)) return NULL;
    for (guint i = 0; i < holders->len; i++) {
        TrustHolder *holder = holders->pdata[i];
        gboolean is_locked = holder->lockout.left_s > 0;
        lockout_pass(&holder->lockout, now);
        if (is_locked && !holder_save_lockout(trust, holder, error)) return NULL;
    }
    return g_steal_pointer(&holders);
}

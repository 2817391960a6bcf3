/* The keys of packages of trust.h, with the versions that only go up. */
#include "db/trust_private.h"

#include <sodium.h>

#define SELECT_KEY                                                                                 \
    "SELECT id, key, label, trusted, distrusted, version, digest, "                                \
    "EXISTS (SELECT 1 FROM own_key WHERE own_key.key = package_key.id) FROM package_key"
#define SEALED_LEN                                                                                 \
    (crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + crypto_sign_SEEDBYTES)
#define OWN_LABEL "本机"

void trust_key_free(TrustKey *key)
{
    if (!key) return;
    g_free(key->label);
    g_free(key->trusted);
    g_free(key->distrusted);
    g_free(key->digest);
    g_free(key);
}

void trust_key_id(const guint8 key[TRUST_KEY_LEN], char id[TRUST_ID_HEX])
{
    guint8 digest[16];
    crypto_generichash(digest, sizeof digest, key, TRUST_KEY_LEN, NULL, 0);
    sodium_bin2hex(id, TRUST_ID_HEX, digest, sizeof digest);
}

static TrustKey *take_key(sqlite3_stmt *row)
{
    g_autoptr(TrustKey) key = g_new0(TrustKey, 1);
    char id[TRUST_ID_HEX] = "";
    g_strlcpy(key->id, store_text(row, 0), sizeof key->id);
    if (!trust_from_hex(store_text(row, 1), key->key, TRUST_KEY_LEN)) return NULL;
    trust_key_id(key->key, id);
    if (strcmp(id, key->id) != 0) return NULL;
    key->label = g_strdup(store_text(row, 2));
    key->trusted = g_strdup(store_text(row, 3));
    key->distrusted = g_strdup(store_text(row, 4));
    key->version = (guint)CLAMP(sqlite3_column_int64(row, 5), 0, TRUST_VERSION_MAX);
    key->digest = g_strdup(store_text(row, 6));
    key->is_own = sqlite3_column_int64(row, 7) != 0;
    return g_steal_pointer(&key);
}

static gboolean read_keys(sqlite3_stmt *row, GPtrArray *keys, GError **error)
{
    g_autoptr(GError) cause = NULL;
    while (row && store_step(row, &cause)) {
        TrustKey *key = take_key(row);
        if (!key) {
            cause = g_error_new_literal(STORE_ERROR, STORE_ERROR_FORMAT, "登记簿已损坏");
            break;
        }
        g_ptr_array_add(keys, key);
    }
    return row && runtime_end(row, g_steal_pointer(&cause), error);
}

static GPtrArray *keys_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)trust_key_free);
}

GPtrArray *trust_keys(Trust *trust, GError **error)
{
    g_autoptr(GPtrArray) keys = keys_new();
    sqlite3_stmt *row =
        runtime_bind(trust->runtime, error, SELECT_KEY " ORDER BY trusted, id", "");
    return read_keys(row, keys, error) ? g_steal_pointer(&keys) : NULL;
}

TrustKey *trust_key_find(Trust *trust, const char *id, GError **error)
{
    g_autoptr(GPtrArray) keys = keys_new();
    sqlite3_stmt *row = runtime_bind(trust->runtime, error, SELECT_KEY " WHERE id = ?", "s", id);
    if (!read_keys(row, keys, error) || keys->len == 0) return NULL;
    return g_ptr_array_steal_index(keys, 0);
}

/* ---- others' ---- */

static gboolean insert_key(Trust *trust, const guint8 key[TRUST_KEY_LEN], const char *label,
                           GError **error)
{
    g_autofree char *now = trust_time();
    char id[TRUST_ID_HEX], hex[2 * TRUST_KEY_LEN + 1];
    trust_key_id(key, id);
    sodium_bin2hex(hex, sizeof hex, key, TRUST_KEY_LEN);
    return runtime_run(trust->runtime, error,
                       "INSERT INTO package_key VALUES (?1, ?2, ?3, ?4, '', 0, '') "
                       "ON CONFLICT (id) DO UPDATE SET distrusted = '', trusted = ?4, "
                       "label = CASE ?3 WHEN '' THEN label ELSE ?3 END",
                       "ssss", id, hex, label, now);
}

gboolean trust_key_add(Trust *trust, const guint8 key[TRUST_KEY_LEN], const char *label,
                       GError **error)
{
    char id[TRUST_ID_HEX];
    guint8 curve[crypto_scalarmult_curve25519_BYTES];
    /* neither on the curve nor of small order: with those every signature would fit, or none */
    if (crypto_sign_ed25519_pk_to_curve25519(curve, key) != 0)
        return trust_fail(error, TRUST_ERROR_KEY, "这不是一把公钥");
    trust_key_id(key, id);
    return trust_check_label(label, TRUE, error) &&
           trust_record(trust, "key-trust", id, "", error) && insert_key(trust, key, label, error);
}

gboolean trust_key_remove(Trust *trust, const char *which, char id[TRUST_ID_HEX], GError **error)
{
    g_autofree char *now = trust_time();
    if (!trust_find_one(trust,
                        "SELECT id FROM package_key WHERE distrusted = '' AND "
                        "(label = ? OR id GLOB ?)",
                        which, "认得的公钥", id, error))
        return FALSE;
    g_autoptr(TrustKey) key = trust_key_find(trust, id, error);
    if (!key) return FALSE;
    if (key->is_own) return trust_fail(error, TRUST_ERROR_KEY, "这是本机自己的公钥，不用停用");
    return trust_record(trust, "key-distrust", id, "", error) &&
           runtime_run(trust->runtime, error, "UPDATE package_key SET distrusted = ? WHERE id = ?",
                       "ss", now, id);
}

/* ---- versions ---- */

TrustVersion trust_key_judge(const TrustKey *key, guint version, const char *digest)
{
    if (version < key->version) return TRUST_VERSION_OLD;
    if (version == key->version)
        return strcmp(digest, key->digest) == 0 ? TRUST_VERSION_SAME : TRUST_VERSION_OTHER;
    /* the first one of a key may have any: it begins anew */
    if (key->version > 0 && version - key->version > TRUST_JUMP_MAX) return TRUST_VERSION_FAR;
    return TRUST_VERSION_NEW;
}

gboolean trust_key_advance(Trust *trust, const char *id, guint version, const char *digest,
                           GError **error)
{
    return runtime_run(trust->runtime, error,
                       "UPDATE package_key SET version = ?1, digest = ?2 "
                       "WHERE id = ?3 AND version < ?1",
                       "iss", (gint64)version, digest, id);
}

/* ---- our own ---- */

static char *seal_seed(const Trust *trust, const guint8 seed[crypto_sign_SEEDBYTES])
{
    guint8 sealed[SEALED_LEN], key[32];
    char *hex = g_malloc(2 * SEALED_LEN + 1);
    trust_subkey(trust, "sign", key);
    randombytes_buf(sealed, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(sealed + crypto_secretbox_NONCEBYTES, seed, crypto_sign_SEEDBYTES, sealed,
                          key);
    sodium_memzero(key, sizeof key);
    sodium_bin2hex(hex, 2 * SEALED_LEN + 1, sealed, SEALED_LEN);
    return hex;
}

static gboolean open_seed(const Trust *trust, const char *hex, guint8 seed[crypto_sign_SEEDBYTES])
{
    guint8 sealed[SEALED_LEN], key[32];
    if (!trust_from_hex(hex, sealed, SEALED_LEN)) return FALSE;
    trust_subkey(trust, "sign", key);
    int result = crypto_secretbox_open_easy(seed, sealed + crypto_secretbox_NONCEBYTES,
                                            SEALED_LEN - crypto_secretbox_NONCEBYTES, sealed, key);
    sodium_memzero(key, sizeof key);
    return result == 0;
}

static gboolean insert_own(Trust *trust, const guint8 key[TRUST_KEY_LEN], const char *sealed,
                           GError **error)
{
    char id[TRUST_ID_HEX];
    trust_key_id(key, id);
    return insert_key(trust, key, OWN_LABEL, error) &&
           trust_record(trust, "key-own", id, "", error) &&
           runtime_run(trust->runtime, error, "INSERT INTO own_key VALUES (1, ?, ?)", "ss", id,
                       sealed) &&
           runtime_commit(trust->runtime, error);
}

static gboolean make_own(Trust *trust, GError **error)
{
    guint8 seed[crypto_sign_SEEDBYTES], key[TRUST_KEY_LEN], secret[TRUST_SECRET_LEN];
    randombytes_buf(seed, sizeof seed);
    crypto_sign_seed_keypair(key, secret, seed);
    g_autofree char *sealed = seal_seed(trust, seed);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(secret, sizeof secret);
    if (!runtime_begin(trust->runtime, error)) return FALSE;
    if (insert_own(trust, key, sealed, error)) return TRUE;
    runtime_rollback(trust->runtime);
    return FALSE;
}

/* "" and TRUE: there is none yet. Free both. */
static gboolean read_own(Trust *trust, char **id, char **sealed, GError **error)
{
    g_autoptr(GError) cause = NULL;
    sqlite3_stmt *row = runtime_bind(trust->runtime, error, "SELECT key, sealed FROM own_key", "");
    if (!row) return FALSE;
    gboolean is_there = store_step(row, &cause);
    *id = g_strdup(is_there ? store_text(row, 0) : "");
    *sealed = g_strdup(is_there ? store_text(row, 1) : "");
    return runtime_end(row, g_steal_pointer(&cause), error);
}

static gboolean open_secret(const Trust *trust, const TrustKey *key, const char *sealed,
                            guint8 secret[TRUST_SECRET_LEN])
{
    guint8 seed[crypto_sign_SEEDBYTES], again[TRUST_KEY_LEN];
    gboolean is_open = open_seed(trust, sealed, seed);
    if (is_open) crypto_sign_seed_keypair(again, secret, seed);
    sodium_memzero(seed, sizeof seed);
    return is_open && memcmp(again, key->key, sizeof again) == 0;
}

TrustKey *trust_own_key(Trust *trust, guint8 secret[TRUST_SECRET_LEN], GError **error)
{
    for (guint attempt = 0; attempt < 2; attempt++) {
        g_autofree char *id = NULL, *sealed = NULL;
        if (!read_own(trust, &id, &sealed, error)) return NULL;
        if (!*id) {
            if (!make_own(trust, error)) return NULL;
            continue;
        }
        g_autoptr(TrustKey) key = trust_key_find(trust, id, error);
        if (key && (!secret || open_secret(trust, key, sealed, secret)))
            return g_steal_pointer(&key);
        if (key) trust_fail(error, TRUST_ERROR_PEPPER, "本机的签名密钥已损坏");
        return NULL;
    }
    trust_fail(error, TRUST_ERROR_PEPPER, "本机没有签名密钥");
    return NULL;
}

gboolean trust_own_version(Trust *trust, const char *digest, guint generation, guint *version,
                           GError **error)
{
    g_autoptr(TrustKey) key = trust_own_key(trust, NULL, error);
    if (!key) return FALSE;
    if (key->version > 0 && strcmp(key->digest, digest) == 0) {
        *version = key->version;
        return TRUE;
    }
    *version = MAX(key->version + 1, generation);
    if (*version > TRUST_VERSION_MAX)
        return trust_fail(error, TRUST_ERROR_VERSION, "更新包的版本号已经用完");
    return trust_key_advance(trust, key->id, *version, digest, error);
}

#include "db/kiosk_private.h"

#include <sodium.h>
#include <string.h>

#define SALT_DAYS      30
#define VISITS_TO_KNOW 3
#define CHARS_MAX      40
#define DIGITS_MAX     5
#define ROWS_MAX       5000
#define DAY_TEXTS_MAX  200 /* known as text */
#define SALT_HEX       (2 * crypto_generichash_KEYBYTES + 1)

gboolean kiosk_search_is_keepable(const char *folded)
{
    guint digits = 0;
    for (const char *at = folded; *at; at++)
        if (g_ascii_isdigit(*at)) digits++;
    return *folded && digits <= DIGITS_MAX && g_utf8_strlen(folded, -1) <= CHARS_MAX;
}

/* A new key, and what was known by the old one is forgotten. */
static gboolean renew_salt(Runtime *runtime, const char *today, GError **error)
{
    guint8 key[crypto_generichash_KEYBYTES];
    char hex[SALT_HEX];

    crypto_generichash_keygen(key);
    sodium_bin2hex(hex, sizeof hex, key, sizeof key);
    return runtime_run(runtime, error, "DELETE FROM search", "") &&
           runtime_run(runtime, error, "INSERT OR REPLACE INTO salt VALUES (1,?,?)", "ss", hex,
                       today);
}

/* A key from the future says that the clock was wrong. */
static gboolean is_salt_due(Runtime *runtime, const char *today, gboolean *out, GError **error)
{
    char oldest[KIOSK_DAY_LEN];
    gint64 valid = 0;

    kiosk_day_before(SALT_DAYS - 1, oldest);
    if (!runtime_number(runtime_bind(runtime, error,
                                     "SELECT count(*) FROM salt WHERE day BETWEEN ?1 AND ?2", "ss",
                                     oldest, today),
                        0, &valid, error))
        return FALSE;
    *out = valid == 0;
    return TRUE;
}

gboolean kiosk_search_renew(Runtime *runtime, const char *today, GError **error)
{
    gboolean is_due = FALSE;
    return is_salt_due(runtime, today, &is_due, error) &&
           (!is_due || renew_salt(runtime, today, error));
}

static gboolean load_salt(Runtime *runtime, guint8 key[crypto_generichash_KEYBYTES], GError **error)
{
    g_autoptr(GError) cause = NULL;
    sqlite3_stmt *row = runtime_bind(runtime, error, "SELECT hex FROM salt", "");

    memset(key, 0, crypto_generichash_KEYBYTES);
    if (!row) return FALSE;
    if (store_step(row, &cause)) {
        const char *hex = store_text(row, 0);
        sodium_hex2bin(key, crypto_generichash_KEYBYTES, hex, strlen(hex), NULL, NULL, NULL);
    }
    return runtime_end(row, g_steal_pointer(&cause), error);
}

static void digest_text(const char *text, const guint8 key[crypto_generichash_KEYBYTES],
                        char hex[33])
{
    guint8 digest[16];
    crypto_generichash(digest, sizeof digest, (const guint8 *)text, strlen(text), key,
                       crypto_generichash_KEYBYTES);
    sodium_bin2hex(hex, 33, digest, sizeof digest);
}

static gboolean has_room(Runtime *runtime, const char *sql, const char *day, gint64 max,
                         gboolean *out, GError **error)
{
    gint64 rows = 0;
    if (!runtime_number(runtime_bind(runtime, error, sql, day ? "s" : "", day), 0, &rows, error))
        return FALSE;
    *out = rows < max;
    return TRUE;
}

/* Asked in `visits` more of them. With the one that makes it known, those before are told too. */
static gboolean write_search(Runtime *runtime, const char *text, const char *digest, gint64 visits,
                             const char *today, GError **error)
{
    gint64 before = 0;
    gboolean is_room = FALSE;

    if (!runtime_number(runtime_bind(runtime, error, "SELECT visits FROM search WHERE digest = ?1",
                                     "s", digest),
                        0, &before, error) ||
        !has_room(runtime, "SELECT count(*) FROM search", NULL, ROWS_MAX, &is_room, error))
        return FALSE;
    if (before == 0 && !is_room) return TRUE;
    if (!runtime_run(runtime, error,
                     "INSERT INTO search VALUES (?1,?2,?3) ON CONFLICT DO UPDATE SET visits = "
                     "visits + ?2, day = ?3",
                     "sis", digest, visits, today) ||
        !has_room(runtime, "SELECT count(*) FROM count WHERE day = ?1 AND kind = 'search'", today,
                  DAY_TEXTS_MAX, &is_room, error))
        return FALSE;
    if (before + visits < VISITS_TO_KNOW || !is_room) return TRUE;
    return kiosk_add_count(runtime, today, kiosk_count_name(KIOSK_COUNT_SEARCH), text,
                           before < VISITS_TO_KNOW ? before + visits : visits, error);
}

gboolean kiosk_search_write(Runtime *runtime, GHashTable *asked, const char *today, GError **error)
{
    guint8 salt[crypto_generichash_KEYBYTES];
    GHashTableIter at;
    gpointer text, visits;
    /* also here: a file that was begun anew in the midst of a day has none */
    gboolean is_ok = kiosk_search_renew(runtime, today, error) && load_salt(runtime, salt, error);

    g_hash_table_iter_init(&at, asked);
    while (is_ok && g_hash_table_iter_next(&at, &text, &visits)) {
        char digest[33];
        digest_text(text, salt, digest);
        is_ok = write_search(runtime, text, digest, (gint64)GPOINTER_TO_SIZE(visits), today, error);
    }
    sodium_memzero(salt, sizeof salt);
    return is_ok;
}

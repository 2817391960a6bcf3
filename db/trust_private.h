#pragma once
/* What the files of trust.h share. Only for db/trust*.c. */
#include "db/runtime_sql.h"
#include "db/trust.h"

struct Trust {
    char *data_dir;
    Runtime *runtime;
    PinCost cost;
    guint8 *pepper; /* PIN_PEPPER_LEN, sodium_malloc() */
};

gboolean trust_fail(GError **error, TrustError code, const char *message);
gboolean trust_check_label(const char *label, gboolean may_be_empty, GError **error);
char *trust_time(void); /* ISO 8601 with offset; free with g_free() */
/* On record before it is done; `subject` is an id. */
gboolean trust_record(Trust *trust, const char *event, const char *subject, const char *result,
                      GError **error);
/* A key for one purpose, from the pepper. */
void trust_subkey(const Trust *trust, const char *purpose, guint8 key[32]);
/* `hex` has 2 * len digits, else FALSE. */
gboolean trust_from_hex(const char *hex, guint8 *octets, gsize len);
/* The one id that `sql` (parameters: the word, the word as a GLOB pattern) gives. */
gboolean trust_find_one(Trust *trust, const char *sql, const char *which, const char *what,
                        char id[TRUST_ID_HEX], GError **error);

/* ---- holders ---- */
typedef struct {
    TrustHolder shown;
    char stick[65]; /* "": a PIN alone */
    PinHash pin;
} Holder;
void holder_clear(Holder *holder);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Holder, holder_clear)

/* *is_known FALSE: there is none of that id. */
gboolean holder_load(Trust *trust, const char *id, Holder *holder, gboolean *is_known,
                     GError **error);
gboolean holder_save_lockout(Trust *trust, const TrustHolder *holder, GError **error);
/* BLAKE2b(key = pepper, secret) as hex. */
void holder_stick_hash(const Trust *trust, const StickKey *key, char hex[65]);

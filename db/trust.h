#pragma once
/* Who may publish: the data folder's update/trust.db (trust.sql) and update/pepper, both 0600.
 *   holders  a person with a PIN and (mostly) a stick with a key file; the stick's id is the
 *            holder's. What is kept of the secret and of the PIN is of no use without the pepper.
 *   keys     whose signed packages are taken, with the highest version that was published of each;
 *            and this kiosk's own.
 * Open it for one thing and free it: others wait meanwhile, up to TRUST_WAIT_MS, the command line
 * for a service and the other way round. One thread at a time. Changes and checks are on record
 * (audit.h) under ids only. What root makes here belongs to the owner of the folder.
 *
 * Errors: TRUST_ERROR, PIN_ERROR, STICK_KEY_ERROR; RUNTIME_ERROR, STORE_ERROR and DISK_ERROR for
 * the disk, AUDIT_ERROR. Source: SAFETY.md (b) 11–15, (c) Keys, KDF. */
#include "db/lockout.h"
#include "db/pin.h"
#include "db/stick_key.h"

#define TRUST_WAIT_MS   15000u
#define TRUST_ID_HEX    33u /* NUL included */
#define TRUST_LABEL_MAX 40u /* characters */

#define TRUST_ERROR (trust_error_quark())
GQuark trust_error_quark(void);
typedef enum {
    TRUST_ERROR_MISSING,   /* nothing was ever enrolled here */
    TRUST_ERROR_PEPPER,    /* lost, or another machine's: nothing here can be compared any more */
    TRUST_ERROR_LABEL,     /* not usable, or in use */
    TRUST_ERROR_NOT_FOUND, /* no such holder or key, or more than one */
    TRUST_ERROR_KEY,       /* not an Ed25519 public key; or our own, which stays */
    TRUST_ERROR_VERSION,   /* no more versions */
} TrustError;

typedef struct Trust Trust;

typedef enum { TRUST_MAKE, TRUST_FIND } TrustMode; /* make what is missing; or TRUST_ERROR_MISSING */
/* `cost` is of new PINs; NULL: pin_cost_staff. */
Trust *trust_open(const char *data_dir, TrustMode mode, const PinCost *cost,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void trust_free(Trust *trust); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trust, trust_free)

/* ---- holders ---- */
/* Makes a holder; `dir` gets the key file, NULL: a PIN alone, for the second confirmation. */
gboolean trust_enrol(Trust *trust, const char *dir, const char *label, const char *pin,
                     char id[TRUST_ID_HEX], GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* `which`: the id, its first 8 digits or more, or the label. */
gboolean trust_revoke(Trust *trust, const char *which, char id[TRUST_ID_HEX],
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    char id[TRUST_ID_HEX];
    char *label, *enrolled, *revoked; /* times: ISO 8601 with offset; "" */
    gboolean has_stick;
    Lockout lockout;
} TrustHolder;
/* TrustHolder *, the oldest first; whoever was revoked too. Lets the time of locks pass, on the
 * disk too: a service that calls it every ten minutes loses no more than those to a power cut. */
GPtrArray *trust_holders(Trust *trust, const Uptime *now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- checking ---- */
typedef enum {
    TRUST_OK,
    TRUST_WRONG_PIN,
    TRUST_LOCKED, /* nothing was tried */
    TRUST_UNKNOWN,
    TRUST_REVOKED,
    TRUST_SAME_PERSON, /* a second PIN must be another's */
} TrustVerdict;
typedef struct {
    TrustVerdict verdict;
    char id[TRUST_ID_HEX]; /* of the stick, known or not */
    guint tries_left;      /* TRUST_WRONG_PIN; 0: locked from now on */
    guint64 minutes_left;  /* of the lock, or 0 */
    char *message;         /* for staff */
} TrustResult;
void trust_result_clear(TrustResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TrustResult, trust_result_clear)

/* A key file's octets and a PIN. TRUE: *result says what they are worth. FALSE with *error: they
 * could not be compared (not a key file, not a PIN's form, no memory, no disk), which costs no try
 * and is never a success. The try is on the disk before the PIN is looked at; a stick that is
 * unknown takes as long as a wrong PIN. */
gboolean trust_check(Trust *trust, const guint8 *key_octets, gsize len, const char *pin,
                     const Uptime *now, TrustResult *result,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The PIN of a second person, without a stick. `first`: the id that trust_check() gave. */
gboolean trust_check_second(Trust *trust, const char *first, const char *second, const char *pin,
                            const Uptime *now, TrustResult *result,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- keys of packages ---- */
#define TRUST_KEY_LEN     32u
#define TRUST_SECRET_LEN  64u
#define TRUST_VERSION_MAX 999999u /* six digits in a file's name */
#define TRUST_JUMP_MAX    10000u  /* a leaked key must not use up all versions at once */

typedef struct {
    char id[TRUST_ID_HEX]; /* the fingerprint */
    guint8 key[TRUST_KEY_LEN];
    char *label, *trusted, *distrusted; /* distrusted "": it is trusted */
    guint version;                      /* highest published here; 0: none */
    char *digest;                       /* content of that one */
    gboolean is_own;
} TrustKey;
void trust_key_free(TrustKey *key); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TrustKey, trust_key_free)

void trust_key_id(const guint8 key[TRUST_KEY_LEN], char id[TRUST_ID_HEX]);
/* From now on; one that was distrusted keeps its version. `label` may be "". */
gboolean trust_key_add(Trust *trust, const guint8 key[TRUST_KEY_LEN], const char *label,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean trust_key_remove(Trust *trust, const char *which, char id[TRUST_ID_HEX],
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *trust_keys(Trust *trust, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* TrustKey * */
/* By its full id; NULL without *error: unknown. */
TrustKey *trust_key_find(Trust *trust, const char *id, GError **error);
/* After a package was fully verified and is published; never lowers. */
gboolean trust_key_advance(Trust *trust, const char *id, guint version, const char *digest,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
    TRUST_VERSION_NEW,
    TRUST_VERSION_SAME,
    TRUST_VERSION_OLD,   /* replayed */
    TRUST_VERSION_OTHER, /* the same version with other content */
    TRUST_VERSION_FAR,
} TrustVersion;
TrustVersion trust_key_judge(const TrustKey *key, guint version, const char *digest);

/* Our own, made when it is first asked for. Wipe `secret` (Ed25519, as libsodium has it) after use;
 * NULL: only the public one is wanted. */
TrustKey *trust_own_key(Trust *trust, guint8 secret[TRUST_SECRET_LEN],
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The version of a package of ours with this content: that of the last one if it is the same, else
 * a higher one, and at least `generation`. On the disk before it returns. */
gboolean trust_own_version(Trust *trust, const char *digest, guint generation, guint *version,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

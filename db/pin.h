#pragma once
/* The PIN of a member of staff: 6 to 12 digits, kept as Argon2id over a peppered form of it.
 *   pw' = BLAKE2b(key = P_pw, kind NUL subject NUL secret),  P_pw = BLAKE2b(key = pepper, "pw")
 * The cost is kept with each hash, so that a later program may raise it. Source: SAFETY.md (c) Keys,
 * KDF. */
#include <glib.h>

#define PIN_DIGITS_MIN 6u
#define PIN_DIGITS_MAX 12u
#define PIN_SALT_LEN   16u
#define PIN_HASH_LEN   32u
#define PIN_PEPPER_LEN 32u

#define PIN_ERROR (pin_error_quark())
GQuark pin_error_quark(void);
typedef enum {
    PIN_ERROR_FORM,    /* not 6 to 12 digits */
    PIN_ERROR_TRIVIAL, /* 111111, 123456, 121212 */
    PIN_ERROR_READ,    /* the file that holds it */
    PIN_ERROR_DIFFERS, /* typed twice, and not the same */
    PIN_ERROR_MEMORY,  /* Argon2id did not get its memory: nothing was compared */
} PinError;

typedef struct {
    guint64 octets; /* of memory */
    guint64 passes;
} PinCost;
extern const PinCost pin_cost_staff; /* 256 MiB, 3 passes */

typedef struct {
    PinCost cost;
    guint8 salt[PIN_SALT_LEN], hash[PIN_HASH_LEN];
} PinHash;

gboolean pin_check_form(const char *pin, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, and that nobody would guess it first. For a new one. */
gboolean pin_check_new(const char *pin, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whose it is: `subject` is the hex id of the holder. */
gboolean pin_hash_new(const char *pin, const char *subject, const guint8 pepper[PIN_PEPPER_LEN],
                      const PinCost *cost, PinHash *hash,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE with *error if it could not be compared; *is_right in constant time otherwise. */
gboolean pin_hash_check(const PinHash *hash, const char *pin, const char *subject,
                        const guint8 pepper[PIN_PEPPER_LEN], gboolean *is_right,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- where it comes from ---- */
#define PIN_TEXT_LEN (PIN_DIGITS_MAX + 1)
/* The first line of a file; "-": of stdin. Wipe `pin` after use, also on failure. */
gboolean pin_read_file(const char *path, char pin[PIN_TEXT_LEN],
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Asked for on the terminal, not shown while it is typed; `is_new`: twice. */
gboolean pin_ask(const char *prompt, gboolean is_new, char pin[PIN_TEXT_LEN],
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

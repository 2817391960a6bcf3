#include "db/pin.h"

#include <sodium.h>

/* libsodium gives up beyond these; a row that was tampered with must not ask for more */
#define PASSES_MAX 1000000000u

G_DEFINE_QUARK(bianmin_pin_error, pin_error)

const PinCost pin_cost_staff = { 256u * 1024 * 1024, 3 };

static gboolean fail(GError **error, PinError code, const char *message)
{
    g_set_error_literal(error, PIN_ERROR, (gint)code, message);
    return FALSE;
}

/* ---- what one looks like ---- */

gboolean pin_check_form(const char *pin, GError **error)
{
    gsize len = strnlen(pin, PIN_DIGITS_MAX + 1);
    return (len >= PIN_DIGITS_MIN && len <= PIN_DIGITS_MAX && strspn(pin, "0123456789") == len) ||
           fail(error, PIN_ERROR_FORM, "密码要 6 到 12 位数字");
}

/* 123456, 654321, 890123, 111111: each digit is as far from the one before. */
static gboolean is_run(const char *pin)
{
    int step = (pin[1] - pin[0] + 10) % 10;
    if (step != 0 && step != 1 && step != 9) return FALSE;
    for (const char *at = pin + 1; *at; at++)
        if ((at[0] - at[-1] + 10) % 10 != step) return FALSE;
    return TRUE;
}

/* 121212, 123123 */
static gboolean is_repeated(const char *pin, gsize period)
{
    for (gsize i = period; pin[i]; i++)
        if (pin[i] != pin[i - period]) return FALSE;
    return TRUE;
}

gboolean pin_check_new(const char *pin, GError **error)
{
    if (!pin_check_form(pin, error)) return FALSE;
    if (!is_run(pin) && !is_repeated(pin, 2) && !is_repeated(pin, 3)) return TRUE;
    return fail(error, PIN_ERROR_TRIVIAL,
                "这个密码太容易猜（像 111111、123456、121212），请换一个");
}

/* ---- what is kept of it ---- */

static void add_part(crypto_generichash_state *state, const char *text)
{
    crypto_generichash_update(state, (const guint8 *)text, strlen(text) + 1);
}

static void pepper_it(const char *pin, const char *subject, const guint8 pepper[PIN_PEPPER_LEN],
                      guint8 out[32])
{
    guint8 key[32];
    crypto_generichash_state state;
    crypto_generichash(key, sizeof key, (const guint8 *)"pw", 2, pepper, PIN_PEPPER_LEN);
    crypto_generichash_init(&state, key, sizeof key, 32);
    add_part(&state, "pin");
    add_part(&state, subject);
    crypto_generichash_update(&state, (const guint8 *)pin, strlen(pin));
    crypto_generichash_final(&state, out, 32);
    sodium_memzero(key, sizeof key);
    sodium_memzero(&state, sizeof state);
}

static gboolean derive(const PinHash *hash, const char *pin, const char *subject,
                       const guint8 pepper[PIN_PEPPER_LEN], guint8 out[PIN_HASH_LEN],
                       GError **error)
{
    guint8 peppered[32];
    if (sodium_init() < 0 || hash->cost.octets > G_MAXSIZE || hash->cost.passes > PASSES_MAX)
        return fail(error, PIN_ERROR_MEMORY, "密码没法核对：设置不对");
    sodium_mlock(peppered, sizeof peppered);
    pepper_it(pin, subject, pepper, peppered);
    int result =
        crypto_pwhash(out, PIN_HASH_LEN, (const char *)peppered, sizeof peppered, hash->salt,
                      hash->cost.passes, (gsize)hash->cost.octets, crypto_pwhash_ALG_ARGON2ID13);
    sodium_munlock(peppered, sizeof peppered); /* and wipes it */
    return result == 0 ||
           fail(error, PIN_ERROR_MEMORY, "密码没法核对：内存不够，请关掉别的程序再试");
}

gboolean pin_hash_new(const char *pin, const char *subject, const guint8 pepper[PIN_PEPPER_LEN],
                      const PinCost *cost, PinHash *hash, GError **error)
{
    if (!pin_check_new(pin, error)) return FALSE;
    hash->cost = *cost;
    if (sodium_init() < 0) return fail(error, PIN_ERROR_MEMORY, "libsodium 不能用");
    randombytes_buf(hash->salt, sizeof hash->salt);
    return derive(hash, pin, subject, pepper, hash->hash, error);
}

gboolean pin_hash_check(const PinHash *hash, const char *pin, const char *subject,
                        const guint8 pepper[PIN_PEPPER_LEN], gboolean *is_right, GError **error)
{
    guint8 fresh[PIN_HASH_LEN] = { 0 };
    *is_right = FALSE;
    if (!derive(hash, pin, subject, pepper, fresh, error)) return FALSE;
    *is_right = sodium_memcmp(fresh, hash->hash, sizeof fresh) == 0;
    sodium_memzero(fresh, sizeof fresh);
    return TRUE;
}

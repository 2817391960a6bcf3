/* The checks of trust.h. Every one runs one Argon2id, unless the holder is locked. */
#include "db/trust_private.h"

#include <sodium.h>

void trust_result_clear(TrustResult *result)
{
    g_free(result->message);
    *result = (TrustResult){ 0 };
}

static const char *verdict_name(TrustVerdict verdict)
{
    switch (verdict) {
    case TRUST_OK:
        return "ok";
    case TRUST_WRONG_PIN:
        return "wrong-pin";
    case TRUST_LOCKED:
        return "locked";
    case TRUST_UNKNOWN:
        return "unknown";
    case TRUST_REVOKED:
        return "revoked";
    case TRUST_SAME_PERSON:
        return "same-person";
    }
    return "";
}

static char *sentence(const TrustResult *result)
{
#define WAIT "请等 %" G_GUINT64_FORMAT " 分钟再试（机器开着才算时间）"
    switch (result->verdict) {
    case TRUST_OK:
        return g_strdup("密码正确");
    case TRUST_WRONG_PIN:
        if (result->tries_left > 0)
            return g_strdup_printf("密码不对，还可以试 %u 次", result->tries_left);
        return g_strdup_printf("密码不对，已经错了 %u 次，" WAIT, LOCKOUT_TRIES,
                               result->minutes_left);
    case TRUST_LOCKED:
        return g_strdup_printf("密码错得太多，已锁住，" WAIT, result->minutes_left);
    case TRUST_UNKNOWN:
        return g_strdup("这个U盘没有在本机登记，请叫技术人员来登记");
    case TRUST_REVOKED:
        return g_strdup("这个U盘（或这个人的密码）已经停用");
    case TRUST_SAME_PERSON:
        return g_strdup("要另一个人的密码，不能是同一个人的");
    }
#undef WAIT
    return NULL;
}

static void conclude(TrustResult *result, TrustVerdict verdict, const Lockout *lockout)
{
    result->verdict = verdict;
    if (lockout && verdict != TRUST_OK) {
        result->tries_left = lockout_tries_left(lockout);
        result->minutes_left = lockout_minutes_left(lockout);
    }
    result->message = sentence(result);
}

/* Nobody's PIN; only the time it takes matters. */
static gboolean spend_time(Trust *trust, const char *pin, const char *id, GError **error)
{
    PinHash nobody = { .cost = trust->cost };
    gboolean is_right = FALSE;
    return pin_hash_check(&nobody, pin, id, trust->pepper, &is_right, error);
}

/* The try is on the disk (synchronous=FULL) when this returns. */
static gboolean begin_try(Trust *trust, TrustHolder *holder, const Uptime *now, gboolean *is_begun,
                          GError **error)
{
    *is_begun = lockout_try(&holder->lockout, now);
    return holder_save_lockout(trust, holder, error);
}

static gboolean compare(Trust *trust, Holder *holder, const char *pin, const Uptime *now,
                        TrustResult *result, GError **error)
{
    gboolean is_begun = FALSE, is_right = FALSE;
    TrustHolder before = holder->shown;
    lockout_pass(&before.lockout, now);
    if (!begin_try(trust, &holder->shown, now, &is_begun, error)) return FALSE;
    if (!is_begun) {
        conclude(result, TRUST_LOCKED, &holder->shown.lockout);
        return TRUE;
    }
    if (!pin_hash_check(&holder->pin, pin, holder->shown.id, trust->pepper, &is_right, error)) {
        /* nothing was compared, so it is no try; what cannot be taken back stays counted */
        (void)!holder_save_lockout(trust, &before, NULL);
        return FALSE;
    }
    if (!is_right) {
        conclude(result, TRUST_WRONG_PIN, &holder->shown.lockout);
        return TRUE;
    }
    lockout_reset(&holder->shown.lockout);
    if (!holder_save_lockout(trust, &holder->shown, error)) return FALSE;
    conclude(result, TRUST_OK, NULL);
    return TRUE;
}

/* Nothing counts as right that is not on record. */
static gboolean record_result(Trust *trust, const char *event, const TrustResult *result,
                              GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (trust_record(trust, event, result->id, verdict_name(result->verdict), &cause)) return TRUE;
    if (result->verdict != TRUST_OK) {
        g_warning("a check is not on record: %s", cause->message);
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
}

static gboolean refuse(Trust *trust, const char *pin, TrustVerdict verdict, TrustResult *result,
                       GError **error)
{
    if (!spend_time(trust, pin, result->id, error)) return FALSE;
    conclude(result, verdict, NULL);
    return TRUE;
}

/* `stick`: the hash of the secret that was shown; NULL: a PIN alone is enough. */
static gboolean check_holder(Trust *trust, const char *stick, const char *pin, const Uptime *now,
                             TrustResult *result, GError **error)
{
    g_auto(Holder) holder = { 0 };
    gboolean is_known = FALSE;
    if (!holder_load(trust, result->id, &holder, &is_known, error)) return FALSE;
    gboolean is_same =
        is_known && (!stick || (strlen(holder.stick) == strlen(stick) &&
                                sodium_memcmp(holder.stick, stick, strlen(stick)) == 0));
    if (!is_same) return refuse(trust, pin, TRUST_UNKNOWN, result, error);
    if (*holder.shown.revoked) return refuse(trust, pin, TRUST_REVOKED, result, error);
    return compare(trust, &holder, pin, now, result, error);
}

gboolean trust_check(Trust *trust, const guint8 *key_octets, gsize len, const char *pin,
                     const Uptime *now, TrustResult *result, GError **error)
{
    g_auto(StickKey) key = { 0 };
    char stick[65];
    *result = (TrustResult){ .verdict = TRUST_UNKNOWN };
    if (!pin_check_form(pin, error) || !stick_key_parse(key_octets, len, &key, error)) return FALSE;
    sodium_bin2hex(result->id, sizeof result->id, key.id, sizeof key.id);
    holder_stick_hash(trust, &key, stick);
    if (check_holder(trust, stick, pin, now, result, error) &&
        record_result(trust, "stick-pin", result, error))
        return TRUE;
    trust_result_clear(result);
    result->verdict = TRUST_UNKNOWN;
    return FALSE;
}

gboolean trust_check_second(Trust *trust, const char *first, const char *second, const char *pin,
                            const Uptime *now, TrustResult *result, GError **error)
{
    *result = (TrustResult){ .verdict = TRUST_UNKNOWN };
    if (!pin_check_form(pin, error)) return FALSE;
    g_strlcpy(result->id, second, sizeof result->id);
    gboolean is_checked = strcmp(first, second) == 0
                              ? refuse(trust, pin, TRUST_SAME_PERSON, result, error)
                              : check_holder(trust, NULL, pin, now, result, error);
    if (is_checked && record_result(trust, "second-pin", result, error)) return TRUE;
    trust_result_clear(result);
    result->verdict = TRUST_UNKNOWN;
    return FALSE;
}

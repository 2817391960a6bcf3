#include "db/lockout.h"

static const guint64 lock_minutes[] = { 15, 60, 240 };

void lockout_pass(Lockout *lockout, const Uptime *now)
{
    guint64 passed = uptime_since(&lockout->seen, now);
    lockout->left_s -= MIN(passed, lockout->left_s);
    lockout->seen = *now;
}

gboolean lockout_try(Lockout *lockout, const Uptime *now)
{
    lockout_pass(lockout, now);
    if (lockout->left_s > 0) return FALSE;
    lockout->tries++;
    if (lockout->tries >= LOCKOUT_TRIES) {
        guint last = G_N_ELEMENTS(lock_minutes) - 1;
        lockout->left_s = 60 * lock_minutes[MIN(lockout->locks, last)];
        lockout->locks = MIN(lockout->locks, last) + 1;
        lockout->tries = 0;
    }
    return TRUE;
}

void lockout_reset(Lockout *lockout)
{
    lockout->tries = lockout->locks = 0;
    lockout->left_s = 0;
}

guint lockout_tries_left(const Lockout *lockout)
{
    return lockout->left_s > 0 ? 0 : LOCKOUT_TRIES - MIN(lockout->tries, LOCKOUT_TRIES);
}

guint64 lockout_minutes_left(const Lockout *lockout)
{
    return (lockout->left_s + 59) / 60;
}

#pragma once
/* Whether what the touch screen counts and what residents leave there can be written, for `bianmin
 * status` and for staff. Judged from outside, by the disk and the rights on the data folder's
 * kiosk/: a full or read-only disk takes no report either. Needs no right to look into it, so every
 * user is told the same. */
#include <glib.h>

typedef enum {
    KIOSK_HEALTH_NONE, /* no touch screen ever ran here */
    KIOSK_HEALTH_WELL,
    KIOSK_HEALTH_READ_ONLY,
    KIOSK_HEALTH_FULL,
    KIOSK_HEALTH_NO_RIGHT, /* the folder's owner cannot write it, or another owns the file */
} KioskHealth;

KioskHealth kiosk_health(const char *data_dir);
gboolean kiosk_health_is_bad(KioskHealth health);
const char *kiosk_health_name(KioskHealth health); /* "full", for machines */
/* What is wrong and what to do, Chinese; "" if nothing is. */
const char *kiosk_health_text(KioskHealth health);

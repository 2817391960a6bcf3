#pragma once
/* What /etc/bianmin/bianmin.conf says of the gateway: [sms], [modem.1], [modem.2] … Every key has a
 * default; what is wrong is told all at once (charset/setting.h). */
#include <glib.h>

typedef enum {
    SETTINGS_CHARSET_AUTO,
    SETTINGS_CHARSET_PDU,
    SETTINGS_CHARSET_UCS2,
    SETTINGS_CHARSET_GBK
} SettingsCharset;

typedef struct {
    char *name;              /* "1" of [modem.1] */
    char *port;              /* "/dev/bianmin-modem", "auto" */
    guint baud;              /* 0: search */
    char *pin;               /* NULL: none. Never logged */
    char *smsc;              /* service centre to set, "+8613800…"; NULL: the SIM's */
    SettingsCharset charset; /* auto: PDU mode, else text mode with UCS2, else GBK */
    gboolean has_rts_cts;
    char *pin_digest; /* fingerprint (SHA-256, hex) of name and pin: a wrong PIN is entered once for
                         each value of it */
} SettingsModem;

typedef struct {
    guint limit_per_hour, limit_per_day; /* answers to one number */
    guint limit_total;                   /* messages sent to all numbers in a day */
    guint poll_s;                        /* how often the stores are read without being told */
    gboolean has_reports;                /* ask for delivery reports where they settle a doubt */
    GPtrArray *modems;                   /* SettingsModem *, at least one */
} Settings;

/* `path` NULL: the file in /etc, or the defaults if there is none. */
Settings *settings_load(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
Settings *settings_new(void);           /* the defaults: one modem, found by itself */
void settings_free(Settings *settings); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_free)

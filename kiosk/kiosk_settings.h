#pragma once
/* What the settings file says of the touch screen: [kiosk]. Every key has a default. The SIM's PIN
 * stands in the SMS service's file, which this program's user may not read: so this is one of its
 * own, /etc/bianmin/kiosk.conf; --config names another. */
#include <glib.h>

typedef struct {
    char *place;   /* "锦湖街道": the name in the header; the first two characters are big */
    char *counter; /* "3 号窗口", or "" */
    char *opening_hours;     /* "8:30—11:30，14:00—17:00", or "": not known */
    char *phone;             /* the counter's, or 12345 */
    char *sms_number;        /* where a resident sends a topic's code; "" if there is no gateway */
    char *printer;           /* device, FIFO or file; "" if there is none */
    guint paper_mm;          /* 58 or 80 */
    gboolean has_printer_qr; /* the printer knows GS ( k; else the code is sent as a picture */
    char *speech_command; /* its words separated by spaces; {text} {pinyin} {volume}; "" for none */
    char *handwriting_model;        /* zinnia's; no such file: no handwriting */
    guint idle_s, warning_s;        /* public pages: 90 + 30 */
    guint attract_s;                /* from the end of a visit to the attract screen: 180 */
    guint night_from_h, night_to_h; /* night colours by the clock; equal: never */
    gboolean has_person;            /* its content comes later: hidden */
    gboolean has_staff;             /* the page on which staff publish */
    char *update_folder;            /* staff publish from it instead of from a stick; "" */
} KioskSettings;

KioskSettings *kiosk_settings_new(void); /* the defaults */
/* `path` NULL: the file in /etc, or the defaults if there is none. charset/setting.h's errors. */
KioskSettings *kiosk_settings_load(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void kiosk_settings_free(KioskSettings *settings); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KioskSettings, kiosk_settings_free)

#pragma once
/* How the gateway is doing, for `bianmin status`: data folder, sms/status.json, written whole by
 * the gateway and read by anybody; no personal data in it. */
#include <glib.h>

#include "db/sms_store.h"

typedef enum {
    SMS_MODEM_ABSENT,  /* no port */
    SMS_MODEM_SILENT,  /* a port, no answer */
    SMS_MODEM_SETUP,   /* being set up */
    SMS_MODEM_BLOCKED, /* SIM missing, PIN, PUK */
    SMS_MODEM_READY,
} SmsModemState;

typedef enum {
    SMS_ALARM_PORT = 1 << 0,   /* the port cannot be opened */
    SMS_ALARM_SILENT = 1 << 1, /* no answer for half a minute */
    SMS_ALARM_SIM = 1 << 2,    /* missing or broken */
    SMS_ALARM_PIN = 1 << 3,    /* wanted and not in the settings, or wrong */
    SMS_ALARM_PUK = 1 << 4,
    SMS_ALARM_NETWORK = 1 << 5, /* not registered */
    SMS_ALARM_SMSC = 1 << 6,    /* no service centre */
    SMS_ALARM_SEND = 1 << 7,    /* nothing goes out: prepaid out? */
    SMS_ALARM_SLOT = 1 << 8,    /* messages that cannot be deleted */
    SMS_ALARM_POWER = 1 << 9,   /* starts anew too often */
    SMS_ALARM_DISK = 1 << 10,   /* nothing can be stored */
    SMS_ALARM_MODE = 1 << 11,   /* refuses what a gateway needs */
} SmsAlarm;
const char *sms_alarm_name(SmsAlarm alarm); /* "no_sim", for machines */
const char *sms_alarm_text(SmsAlarm alarm); /* what is wrong and what to do, Chinese */

typedef struct {
    char *name, *port, *model, *operator_name; /* "" if not known */
    SmsModemState state;
    guint alarms;      /* SmsAlarm, or-ed */
    gint signal;       /* 0 to 31; 99: not known. TS 27.007 §8.5 */
    gint registration; /* TS 27.007 §7.2; -1: not known */
    guint store_used, store_total;
    guint reboots, resyncs;
    gint64 received_s, sent_s; /* the last message; 0: none since the start */
} SmsModemHealth;

typedef struct {
    gint64 at_s; /* when it was written */
    gint64 started_s;
    gboolean is_running;
    SmsCounts today;
    GPtrArray *modems; /* SmsModemHealth * */
} SmsHealth;

gboolean sms_modem_is_registered(gint registration);
/* 很好, 好, 弱, 没有信号, 不清楚 */
const char *sms_signal_text(gint signal);

gboolean sms_health_write(const char *data_dir, const SmsHealth *health, GError **error);
/* As it was written, a JSON object; NULL if there is none or it cannot be read. Free with
 * g_free(). */
char *sms_health_read(const char *data_dir);
/* The same as lines for a clerk, each ending in LF; "" if the gateway never ran here. Free with
 * g_free(). */
char *sms_health_describe(const char *data_dir, gint64 now_s, gboolean *is_well);

#pragma once
/* What the parts of the gateway share: gateway.c (life cycle, health), gateway_line.c (a modem and
 * what goes out by it). */
#include "db/sms_outbox.h"
#include "sms/clock.h"
#include "sms/gateway.h"
#include "sms/modem.h"
#include "sms/responder.h"

typedef struct {
    Gateway *gateway;
    const SettingsModem *settings;
    Modem *modem;
    SmsOutbound *current; /* handed to the modem, until its outcome is on the disk */
    ModemResult unsaved;
    gint last_mr;           /* -1: not known */
    gboolean is_counting;   /* its references rise by one */
    gboolean has_rebooted;  /* since last_mr */
    GArray *gap;            /* gint64: doubtful ones since last_mr, in their order */
    guint failures, misses; /* in a row: refused, not taken */
    gint64 hold_until_us;   /* nothing that was refused is tried before … */
    gint64 fresh_until_us;  /* … and nothing else before this */
    gint64 trial_us;        /* when to try without a network */
    gint64 ready_us;        /* when the modem was last seen to be */
    guint wake, doubt_timer, save_timer;
    gboolean is_failing; /* nothing goes out */
} Line;

struct Gateway {
    const Settings *settings;
    char *data_dir;
    SmsStore *store;
    Dialogue *dialogue;
    Responder responder;
    Clock clock;
    GPtrArray *lines; /* Line * */
    GMainLoop *loop;
    gint64 started_s, started_us, pruned_us;
    guint health_timer;
    gboolean is_ending, is_unwritable;
    gboolean is_dirty; /* status.json will be written soon */
    GatewayEnd end;
};

/* gateway.c */
gint64 gateway_now_s(const Gateway *gateway); /* Unix time, see clock.h */
/* `is_ok`; if not, says why, once until something has been stored: a full disk would fill the log
 * as well. With a damaged database it ends the gateway, so that the next start begins a new one. */
gboolean gateway_can_store(Gateway *gateway, gboolean is_ok, GError **error);
void gateway_has_stored(Gateway *gateway);   /* something was, and committed */
void gateway_changed(Gateway *gateway);      /* status.json says something new */
void gateway_wake(Gateway *gateway);         /* every line may have something to send */
void gateway_line_is_free(Gateway *gateway); /* what was being sent is settled */

/* gateway_line.c */
Line *gateway_line_new(Gateway *gateway, const SettingsModem *settings);
void gateway_line_free(gpointer line);
/* Takes up what was being sent when the power went. */
gboolean gateway_line_recover(Line *line, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean gateway_line_is_done(const Line *line); /* all read, all sent that is due */
/* What waits for a modem that is gone for long may go out by another. */
void gateway_line_release(Line *line);

#pragma once
/* What the parts of a modem share: modem.c (life cycle), modem_setup.c, modem_store.c (reading and
 * deleting), modem_send.c, modem_health.c. */
#include "sms/at_chat.h"
#include "sms/modem.h"
#include "sms/port.h"

#define MEMORIES_MAX 4

typedef enum {
    MODEM_CLOSED,
    MODEM_SETTING_UP,
    MODEM_RESYNC,
    MODEM_DRAINING, /* waiting for late replies to end */
    MODEM_READY,
} ModemState;

/* What is due at some time; 0: not. */
typedef enum {
    DUE_OPEN,
    DUE_STEP,   /* the next step of setup or resync */
    DUE_SWEEP,  /* reading the stores without being told */
    DUE_FOLLOW, /* once more after a burst: a +CMTI may have been lost */
    DUE_HEALTH,
    DUE_COUNT
} Due;

typedef struct {
    char memory[4];
    gint index;
    gboolean is_single; /* CMGR even if others wait: it could not be read in a list */
} Slot;

struct Modem {
    const SettingsModem *settings;
    guint poll_s;
    ModemEvents events;
    gpointer data;
    AtChat *chat;
    char *identity;      /* of the port that worked, to find it again */
    char *open_identity; /* of the port that is open */
    guint port_turn, good_baud;
    ModemState state;
    gint64 due_us[DUE_COUNT];
    guint timer;
    gint64 opened_us, closed_us, silent_since_us, set_up_us, boot_us, reset_us;
    guint baud_try, speeds_tried, searches;
    SmsModemHealth health;
    gint64 boots_us[3]; /* the last ones */

    /* setup */
    guint setup_step, setup_try, setups_failed;
    gboolean is_set_up; /* wholly, since the last time it was begun */
    gboolean is_setup_again, has_echo_off;
    gboolean is_huawei, has_csms1;
    gboolean is_text, is_raw; /* text mode; with GBK */
    gboolean has_ucs2, has_gbk;
    gboolean was_pin_entered, has_smsc;
    gboolean has_memories; /* it knows +CPMS */
    char cnmi[24];

    /* stores */
    char memories[MEMORIES_MAX][4]; /* the preferred one first */
    guint memory_count;
    char memory[4];        /* the one that is being read now */
    guint sweep_mask;      /* memories to be listed */
    GArray *pending;       /* Slot: announced, to be read */
    GArray *deletes;       /* Slot */
    GHashTable *repeats;   /* "SM/3" → how often it came back after it was deleted */
    GHashTable *bad_reads; /* "SM/3" → how often its body made no sense */
    guint list_pending;    /* of `pending` when the list was asked for */
    guint swept_mask, sweeps;
    gboolean is_ack_due;              /* +CNMA */
    gint64 hold_until_us;             /* nothing can be stored */
    guint memory_fails, delete_fails; /* in a row */
    gint64 memory_hold_until_us;      /* a memory was refused */

    guint health_step;
    gint registrations[2]; /* GSM, LTE; -1: not known */
    gboolean has_lte;
    gboolean is_sending;
};

/* modem.c */
void modem_go(Modem *modem);     /* does the next thing, if the line is free */
void modem_resync(Modem *modem); /* the modem is out of step */
void modem_set_due(Modem *modem, Due due, gint64 ms);
void modem_set_alarm(Modem *modem, SmsAlarm alarm, gboolean is_on);
void modem_set_text(Modem *modem, char **field, const char *text);
void modem_changed(Modem *modem);
void modem_is_set_up(Modem *modem);
void modem_lost(Modem *modem, const char *why); /* closes the port and looks for it again */
void modem_next_port(Modem *modem);             /* nothing answers on this one */
/* TRUE if the reply shows a modem that still follows; else a resync or a setup has begun. */
gboolean modem_reply_is_sound(Modem *modem, const AtReply *reply);

/* modem_setup.c */
void modem_setup_start(Modem *modem);
void modem_setup_go(Modem *modem);

/* modem_store.c */
void modem_store_reset(Modem *modem);  /* forgets slots: they are listed again */
gboolean modem_store_go(Modem *modem); /* TRUE: a command is under way */
gboolean modem_store_wants(const Modem *modem);
void modem_store_announce(Modem *modem, const char *line);
void modem_store_direct(Modem *modem, const char *header, const char *body);
void modem_store_sweep(Modem *modem, gboolean is_all);

/* modem_send.c */
gboolean modem_send_go(Modem *modem); /* TRUE: a message is under way */
char *modem_hex_of(const char *text); /* UCS-2 in hex, as text mode has it; g_free() */

/* modem_health.c */
gboolean modem_health_go(Modem *modem); /* TRUE: a command is under way */
void modem_take_registration(Modem *modem, const char *line, gboolean is_reply);
void modem_take_signal(Modem *modem, const char *line);
void modem_take_centre(Modem *modem, const char *line);

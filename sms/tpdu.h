#pragma once
/* Short messages as the modem hands them over in PDU mode: a service centre's address and a TPDU.
 * A value, decoded whole or refused with a reason; no file, no port, no clock.
 * Source: 3GPP TS 23.040 §9.2 (TPDUs, user-data header), TS 23.038 §4 and §5 (data coding),
 * TS 27.005 §4 (the service centre's address before the TPDU), TS 24.011 §8.2.5.2. */
#include <glib.h>

#include "charset/gsm7.h"

#define TPDU_ERROR (tpdu_error_quark())
GQuark tpdu_error_quark(void);
typedef enum {
    TPDU_ERROR_TRUNCATED, /* ends within a field */
    TPDU_ERROR_EXCESS,    /* more octets than a message can have, or than was stated */
    TPDU_ERROR_FIELD,     /* a field holds what it must not */
    TPDU_ERROR_KIND,      /* a reserved message type */
    TPDU_ERROR_TEXT,      /* encoding: a text or a number that does not fit */
} TpduError;

#define TPDU_UD_MAX     140 /* octets of user data, header included: TS 23.040 §9.2.3.24 */
#define TPDU_OCTETS_MAX 180 /* an address of 12 octets, a TPDU of 164, and room */

typedef enum { TPDU_DELIVER, TPDU_SUBMIT, TPDU_STATUS_REPORT } TpduKind;
typedef enum { TPDU_GSM7, TPDU_8BIT, TPDU_UCS2 } TpduAlphabet;

typedef struct {
    guint8 toa;    /* type of address, TS 23.040 §9.2.5; 0: no address */
    char text[48]; /* "+8615400000000", "10086", or letters ("ChinaMobile"); UTF-8 */
} TpduAddress;

/* TP-SCTS and TP-DT, §9.2.3.11. */
typedef struct {
    gint64 unix_s; /* seconds since 1970; 0 if the field names no time (all zero, month 13) */
    char text[32]; /* "2026-03-05T09:10:11+08:00"; "" if it names no time */
    guint8 bcd[7]; /* as it came: part of the key that tells a repeated message */
} TpduTime;

/* What of the user-data header we use, §9.2.3.24. Other elements are skipped. */
typedef struct {
    guint total, seq;    /* total 0: not concatenated (or nonsense: seq 0, seq > total) */
    guint ref, ref_bits; /* 8 or 16 */
    gboolean has_port;   /* application port addressing: not for people */
    guint destination_port;
    Gsm7Alphabet languages; /* national language tables */
    gboolean is_torn;       /* its last element does not fit: then all of it "shall be ignored" */
} Udh;

typedef struct {
    TpduKind kind;
    TpduAddress smsc;
    TpduAddress address; /* TP-OA, TP-DA or TP-RA */
    guint8 tp_pid, tp_dcs;
    TpduAlphabet alphabet;
    gboolean is_compressed; /* §3 of TS 23.038: text is not to be read */
    gboolean is_type0;      /* TP-PID 0x40: to be acknowledged and discarded */
    TpduTime tp_scts;
    Udh udh;
    guint8 ud[TPDU_UD_MAX]; /* without its header: octets; with TPDU_GSM7 the unpacked septets … */
    guint8 ud_extra[160 - TPDU_UD_MAX]; /* … of which there are up to 160 */
    guint ud_count;                     /* octets or septets */
    guint8 tp_mr;                       /* SUBMIT, STATUS-REPORT */
    TpduTime tp_dt;                     /* STATUS-REPORT: when it was settled */
    guint8 tp_st;                       /* STATUS-REPORT, §9.2.3.15 */
    gboolean has_srr;                   /* SUBMIT: a report is wanted */
    guint excess; /* octets behind the last field that makes sense: some modems pad */
} Tpdu;

/* The service centre's address (its length octet may be 0) and the TPDU, as in +CMGR. A message of
 * type 1 is an SMS-SUBMIT. */
gboolean tpdu_decode(const guint8 *octets, gsize len, Tpdu *out,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same from hex digits (either case, nothing else among them). `stated_len`: TPDU octets
 * without the service centre's address, as the header line says, or -1 if unknown; another number
 * is TPDU_ERROR_TRUNCATED or _EXCESS. */
gboolean tpdu_decode_hex(const char *hex, gssize stated_len, Tpdu *out,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The text of the parts of one message in their order, joined before it is decoded, because a
 * surrogate pair may be cut in two. A lone surrogate is U+FFFD. 8-bit data and compressed text give
 * "". NUL and other control characters but LF become spaces, CR LF becomes LF. Free with g_free().
 */
char *tpdu_text(const Tpdu *const *parts, guint count);
/* The same with its control characters, but for NUL: a space. */
char *tpdu_text_as_sent(const Tpdu *const *parts, guint count);
/* TRUE if a STATUS-REPORT says that the message arrived; *is_final if no other will follow. */
gboolean tpdu_is_delivered(guint8 tp_st, gboolean *is_final);

/* ---- SMS-SUBMIT ---- */

typedef struct {
    const char *number;     /* "+8615400000000" or digits, * # a b c */
    const char *text;       /* one part of segment_text() */
    gboolean is_ucs2;       /* else GSM 7 bit; of the whole message: all parts alike */
    guint ref, total, seq;  /* concatenation with an 8-bit reference; total ≤ 1: none */
    gboolean has_srr;       /* ask for a report */
    gboolean is_repeat;     /* TP-RD: reject what the centre still holds with this TP-MR */
    guint8 tp_mr;           /* most modems put their own */
    guint validity_minutes; /* relative format, rounded up; 0: none */
} TpduSubmit;

/* Upper-case hex with an empty service centre's address ("00…": the one on the SIM). *tpdu_len is
 * what AT+CMGS wants: octets without that address. NULL with *error. Free with g_free(). */
char *tpdu_submit_hex(const TpduSubmit *submit, guint *tpdu_len,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

#pragma once
/* What modems say without being asked: unsolicited result codes. 3GPP TS 27.005 §3.4.1, TS 27.007
 * §7.2; the others are vendors' own. */
#include <glib.h>

typedef enum {
    URC_NONE,    /* not one that we know */
    URC_MESSAGE, /* +CMTI: stored */
    URC_REPORT,  /* +CDSI: a delivery report was stored */
    URC_DIRECT,  /* +CMT, +CDS, +CBM: the next line is the message itself */
    URC_REGISTRATION,
    URC_FULL,  /* the store of messages is full */
    URC_BOOT,  /* the modem started anew */
    URC_READY, /* a part of it became ready */
    URC_SIM,   /* +CPIN: */
    URC_CALL,  /* RING: nobody answers, the caller hears the operator's sentence */
    URC_CHATTER,
} UrcKind;

UrcKind urc_kind(const char *line);

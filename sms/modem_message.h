#pragma once
/* The messages in a modem's reply: a header line and what follows it, in PDU mode or in text mode.
 * A value; whatever a modem says, it is read as far as it makes sense. 3GPP TS 27.005 §3.4.2,
 * §3.4.3, §3.1. */
#include <glib.h>

#include "sms/tpdu.h"

typedef enum { MODEM_PDU, MODEM_TEXT_UCS2, MODEM_TEXT_GBK } ModemFormat;

typedef struct {
    char memory[4]; /* "SM", "ME"; "": came without being stored */
    gint index;     /* -1: not stored */
    gboolean is_pdu;
    gboolean is_readable; /* else `raw` is all there is */
    Tpdu tpdu;            /* is_pdu */
    char *sender, *text;  /* text mode: what the modem decoded, UTF-8 */
    gint64 scts_s;        /* text mode; 0: none */
    char *raw;            /* the body as it came, UTF-8 */
    gboolean is_repeat;   /* set by the gateway: stored before */
} ModemMessage;
void modem_message_free(ModemMessage *message); /* NULL is fine */

/* Lines of +CMGL (`index` -1: each header names its own) or of +CMGR for the slot `index`. Never
 * NULL: ModemMessage *. */
GPtrArray *modem_messages_read(const char *const *lines, guint line_count, ModemFormat format,
                               gint index);
/* +CMT and +CDS with the line behind; NULL if it is neither. */
ModemMessage *modem_message_direct(const char *header, const char *body, ModemFormat format);

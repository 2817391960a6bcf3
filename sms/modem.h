#pragma once
/* One modem, from the port to messages: finds and opens the port, sets the modem up, reads its
 * stores, deletes what the caller has stored, sends what the caller gives, and gets back into step
 * after a hang, a reboot, an unplugging. Keeps nothing itself: the caller's database does, so what
 * a crash or a lost reply leaves undone is simply read again. Pull: the modem asks for the next
 * message when the line is free. 3GPP TS 27.005, TS 27.007. One thread, the main loop. */
#include <glib.h>

#include "db/sms_health.h"
#include "sms/at_reply.h"
#include "sms/modem_message.h"
#include "sms/settings.h"
#include "sms/tpdu.h"

typedef enum {
    MODEM_SENT,     /* `mr` is the reference, or -1 */
    MODEM_REFUSED,  /* surely not sent; `code` is a CMS code or AT_CODE_NONE */
    MODEM_NOT_SENT, /* surely not sent, and no fault of the message: at once again */
    MODEM_DOUBTFUL,
} ModemOutcome;

typedef struct {
    ModemOutcome outcome;
    gint mr, code;
} ModemResult;

typedef enum { MODEM_PIN_GOOD, MODEM_PIN_WRONG, MODEM_PIN_UNTAKEN /* busy */ } ModemPin;

typedef struct {
    /* ModemMessage *: to be committed. FALSE: nothing could be stored, and nothing is deleted. */
    gboolean (*received)(GPtrArray *messages, gpointer data);
    /* The next message to send, committed as being sent; FALSE: none. Its strings stay valid until
     * `result`. */
    gboolean (*next)(TpduSubmit *out, gpointer data);
    void (*result)(const ModemResult *result, gpointer data);
    /* "+CMGS: mr" after its command was given up. */
    void (*late_result)(guint mr, gpointer data);
    /* The modem started anew: its references may begin anew, too. */
    void (*rebooted)(gpointer data);
    gboolean (*may_enter_pin)(gpointer data); /* never again after a wrong one */
    void (*pin_result)(ModemPin result, gpointer data);
    void (*changed)(gpointer data); /* modem_health() says something new */
} ModemEvents;

typedef struct Modem Modem;

Modem *modem_new(const SettingsModem *settings, guint poll_s, const ModemEvents *events,
                 gpointer data); /* `settings` must outlive it */
void modem_free(Modem *modem);   /* NULL is fine; not from within an event */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Modem, modem_free)
void modem_start(Modem *modem);
void modem_wake(Modem *modem); /* there is something to send */
const SmsModemHealth *modem_health(const Modem *modem);
gboolean modem_can_send(const Modem *modem); /* ready, in the network, has a service centre */
/* Ready, every store has been read since, nothing is left to be deleted or sent. */
gboolean modem_is_idle(const Modem *modem);

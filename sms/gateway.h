#pragma once
/* The gateway: modems on one side, the dialogue on the other, the database between them. Each step
 * of a message's way is one transaction, committed before the modem goes on:
 *   read from a store → inbox and answer committed → deleted from the store
 *   queued → "sending" committed → handed to the modem → outcome committed
 * So a crash at any point repeats a step, and a repetition is recognised. SMS.md §5d. */
#include <glib.h>

#include "sms/settings.h"

typedef struct Gateway Gateway;

typedef enum {
    GATEWAY_ENDED,    /* asked to end */
    GATEWAY_NO_MODEM, /* once: no modem could be used, or it could not send */
    GATEWAY_DAMAGED,  /* the database; the next start begins a new one with what can be saved */
} GatewayEnd;

/* Opens the database and the content. `settings` must outlive it. */
Gateway *gateway_new(const char *data_dir, const Settings *settings,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gateway_free(Gateway *gateway); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Gateway, gateway_free)

/* Runs until SIGTERM or SIGINT, or with `is_once` until everything that was there is answered. A
 * message that is being sent is finished first. */
GatewayEnd gateway_run(Gateway *gateway, gboolean is_once);

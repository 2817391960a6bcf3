#pragma once
/* The lines of a reply: result codes (V.250 §5.7.1, 3GPP TS 27.007 §9.2, TS 27.005 §3.2.5) and the
 * comma-separated values behind a prefix. */
#include <glib.h>

typedef enum {
    AT_OK,
    AT_ERROR,     /* ERROR, ABORTED and their like; NO CARRIER, BUSY … are about calls */
    AT_CMS_ERROR, /* with a code; a refusal in words has AT_CODE_NONE */
    AT_CME_ERROR,
    /* not the modem's words: */
    AT_TIMEOUT,   /* no final line in time */
    AT_NO_PROMPT, /* "> " did not come: the message was not handed over */
    AT_DOUBTFUL,  /* the message was handed over, but no result came */
    AT_CANCELLED, /* the modem started anew, or the port is gone */
} AtOutcome;

#define AT_CODE_NONE (-1)

/* TRUE if `line` ends a reply; before ATV1 that may be a digit. *code is a CMS or CME number, else
 * AT_CODE_NONE. */
gboolean at_reply_final(const char *line, AtOutcome *outcome, gint *code);

/* The values behind "+CMGL:", quotes taken off, spaces trimmed; an empty array if `line` does not
 * begin with `prefix`. A list in brackets is one value. Never NULL; g_ptr_array_unref(). */
GPtrArray *at_reply_values(const char *line, const char *prefix);
const char *at_reply_text(const GPtrArray *values, guint i);            /* "" if there is none */
gint at_reply_number(const GPtrArray *values, guint i, gint otherwise); /* decimal */
/* Whether "(0-2,4)" contains `number`; also a bare "2". */
gboolean at_reply_range_has(const char *range, gint number);
gboolean at_reply_is_hex(const char *line, gsize len); /* hex digits alone, an even count, not 0 */

/* A reason in Chinese and what to do, for logs and for staff; NULL: nothing special to say. */
const char *at_reply_cms_reason(gint code);
/* Whether the same message may be sent later, TS 27.005 §3.2.5 and TS 24.011 annex E. */
gboolean at_reply_cms_is_temporary(gint code);

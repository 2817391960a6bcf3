#pragma once
/* bianmin ask: questions from the command line, from stdin, or in a small dialogue. */
#include "charset/cli.h"

/* What a short message gets (--sms): its text, free with g_free(); NULL: no reply at all. `from`
 * may be NULL. *is_none: no answer is known. The dialogue of short messages is sms/'s, which db/
 * does not know. */
typedef struct {
    char *(*reply)(gpointer data, const char *text, const char *from, gboolean *is_none,
                   GError **error);
    gpointer data;
} AskSms;

int ask_main(CliGlobals *globals, int argc, char **argv, const AskSms *by_sms);

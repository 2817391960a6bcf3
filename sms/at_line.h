#pragma once
/* Octets from a modem → lines. A line ends at CR or LF; empty ones are dropped. NUL and everything
 * that is not printable ASCII is dropped too, unless the text of messages comes raw (text mode with
 * GBK). A line of more than AT_LINE_MAX octets is noise: it is dropped up to its end. The prompt
 * "> " has no line end and is told by itself, where one is awaited. 3GPP TS 27.005 §3.5.1. */
#include <glib.h>

#define AT_LINE_MAX 4096

typedef struct AtLine AtLine;
typedef void (*AtLineFound)(const char *line, gsize len, gpointer data); /* NUL-ended, len ≥ 1 */
typedef void (*AtPromptFound)(gpointer data);

AtLine *at_line_new(AtLineFound found, AtPromptFound prompt, gpointer data);
void at_line_free(AtLine *line); /* NULL is fine; not from within a callback */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AtLine, at_line_free)
void at_line_push(AtLine *line, const guint8 *octets, gsize len);
void at_line_reset(AtLine *line); /* forgets what has begun */
void at_line_set_raw(AtLine *line, gboolean is_raw);
void at_line_await_prompt(AtLine *line, gboolean is_awaited);

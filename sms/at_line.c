#include "sms/at_line.h"

struct AtLine {
    AtLineFound found;
    AtPromptFound prompt;
    gpointer data;
    gboolean is_raw, is_prompt_awaited, is_noise;
    gboolean is_after_prompt; /* its space may come in the next read */
    GString *text;
};

AtLine *at_line_new(AtLineFound found, AtPromptFound prompt, gpointer data)
{
    AtLine *line = g_new0(AtLine, 1);
    line->found = found;
    line->prompt = prompt;
    line->data = data;
    line->text = g_string_sized_new(512);
    return line;
}

void at_line_free(AtLine *line)
{
    if (!line) return;
    g_string_free(line->text, TRUE);
    g_free(line);
}

void at_line_reset(AtLine *line)
{
    g_string_truncate(line->text, 0);
    line->is_noise = line->is_after_prompt = FALSE;
}

void at_line_set_raw(AtLine *line, gboolean is_raw)
{
    line->is_raw = is_raw;
}

void at_line_await_prompt(AtLine *line, gboolean is_awaited)
{
    line->is_prompt_awaited = is_awaited;
}

/* The callback may reset the line. */
static void end_line(AtLine *line)
{
    gboolean is_noise = line->is_noise;
    line->is_noise = FALSE;
    if (line->text->len == 0) return;
    if (is_noise) {
        g_string_truncate(line->text, 0);
        return;
    }
    gsize len = line->text->len;
    g_autofree char *text = g_strndup(line->text->str, len);
    g_string_truncate(line->text, 0);
    line->found(text, len, line->data);
}

static gboolean is_text(const AtLine *line, guint8 octet)
{
    return (octet >= 0x20 && octet < 0x7f) || (line->is_raw && octet >= 0x80);
}

static void push_octet(AtLine *line, guint8 octet)
{
    gboolean was_after_prompt = line->is_after_prompt;
    line->is_after_prompt = FALSE;
    if (octet == '\r' || octet == '\n') {
        end_line(line);
    } else if (was_after_prompt && octet == ' ') {
        return;
    } else if (octet == '>' && line->is_prompt_awaited && line->text->len == 0) {
        line->is_after_prompt = TRUE;
        line->prompt(line->data);
    } else if (line->text->len >= AT_LINE_MAX) {
        line->is_noise = TRUE;
    } else if (is_text(line, octet)) {
        g_string_append_c(line->text, (gchar)octet);
    }
}

void at_line_push(AtLine *line, const guint8 *octets, gsize len)
{
    for (gsize i = 0; i < len; i++)
        push_octet(line, octets[i]);
}

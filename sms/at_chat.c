#include "sms/at_chat.h"

#include "sms/at_line.h"
#include "sms/urc.h"

#include <string.h>

#define PROMPT_MS      5000
#define SUBMIT_QUIET_S 9 /* then the first probe */
#define PROBE_EVERY_S  3
#define RESULT_OK_MS   700  /* the OK behind +CMGS: it may be lost, the message is not */
#define SUBMIT_MAX_S   150  /* the longest that a vendor names for +CMGS */
#define ESCAPE_PROBES  3    /* from this one on the modem may be waiting for text: ESC */
#define GAP_MS         6000 /* silence between two lines of a reply */
#define LINES_MAX      4096 /* of one reply; 255 messages are 510 */
#define PROBE          "AT+CMGF?"

typedef enum { STEP_IDLE, STEP_REPLY, STEP_PROMPT, STEP_RESULT, STEP_RESULT_OK } Step;

struct AtChat {
    Port *port;
    AtLine *line;
    AtChatEvents events;
    gpointer data;
    Step step;
    char *command, *prefix;
    GBytes *body;
    AtDone done;
    gpointer done_data;
    GPtrArray *lines;
    gboolean had_echo;
    guint timeout_ms, timer, probes;
    gint64 began_us, heard_us;
    gboolean is_body_awaited; /* behind a header of this reply */
    gboolean is_text, is_raw; /* text mode; its bodies are not hex */
    gboolean is_echo_off, has_words;
    char *direct;               /* +CMT: its body comes next */
    gboolean is_freed, is_gone; /* the port is: nothing more can be begun */
    guint depth;                /* callbacks under way */
};

static gboolean on_timer(gpointer data);

static void set_timer(AtChat *chat, guint ms)
{
    if (chat->timer) g_source_remove(chat->timer);
    chat->timer = ms ? g_timeout_add(ms, on_timer, chat) : 0;
}

static void release(AtChat *chat)
{
    if (chat->depth > 0 || !chat->is_freed) return;
    port_close(chat->port);
    at_line_free(chat->line);
    g_ptr_array_unref(chat->lines);
    g_free(chat->command);
    g_free(chat->prefix);
    g_free(chat->direct);
    if (chat->body) g_bytes_unref(chat->body);
    g_free(chat);
}

/* Ends the running command. The callback may start the next one or free the chat. */
static void finish(AtChat *chat, AtOutcome outcome, gint code)
{
    AtReply reply = { outcome, code, chat->lines, chat->had_echo, chat->probes > 0 };
    AtDone done = chat->done;
    gpointer done_data = chat->done_data;

    chat->step = STEP_IDLE;
    chat->lines = g_ptr_array_new_with_free_func(g_free);
    chat->is_body_awaited = FALSE;
    at_line_await_prompt(chat->line, FALSE);
    set_timer(chat, 0);
    chat->depth++;
    if (done && !chat->is_freed) done(&reply, done_data);
    chat->depth--;
    g_ptr_array_unref(reply.lines);
}

static void trace(AtChat *chat, gboolean is_sent, const char *line)
{
    if (chat->events.trace && !chat->is_freed) chat->events.trace(is_sent, line, chat->data);
}

/* ---- lines ---- */

static void tell_urc(AtChat *chat, const char *line, const char *body)
{
    chat->depth++;
    if (!chat->is_freed) chat->events.urc(line, body, chat->data);
    chat->depth--;
}

static gboolean has_prefix(const char *line, const char *prefix)
{
    return g_ascii_strncasecmp(line, prefix, strlen(prefix)) == 0;
}

/* Whether the line ends a reply of this modem: after ATV1 a digit does not. */
static gboolean is_final(const AtChat *chat, const char *line, AtOutcome *outcome, gint *code)
{
    if (chat->has_words && line[0] && !line[1]) return FALSE;
    return at_reply_final(line, outcome, code);
}

/* An ABORTED, or a reply to the probe before the result: the message may be out or not. */
static void take_result_line(AtChat *chat, const char *line)
{
    AtOutcome outcome;
    gint code;

    if (has_prefix(line, "+CMGS:")) {
        g_ptr_array_add(chat->lines, g_strdup(line));
        chat->step = STEP_RESULT_OK;
        set_timer(chat, RESULT_OK_MS);
    } else if (has_prefix(line, "+CMGF:")) {
        if (chat->probes > 0) finish(chat, AT_DOUBTFUL, AT_CODE_NONE);
    } else if (is_final(chat, line, &outcome, &code)) {
        if (strcmp(line, "ABORTED") == 0)
            finish(chat, AT_DOUBTFUL, AT_CODE_NONE);
        else if (outcome != AT_OK)
            finish(chat, outcome, code);
        /* an OK without its +CMGS: the reference is lost, not the message */
        else if (chat->probes == 0)
            finish(chat, AT_OK, AT_CODE_NONE);
    } else if (urc_kind(line) != URC_NONE) {
        tell_urc(chat, line, NULL);
    }
}

static void take_result_end(AtChat *chat, const char *line)
{
    AtOutcome outcome;
    gint code;

    if (is_final(chat, line, &outcome, &code))
        finish(chat, AT_OK, AT_CODE_NONE);
    else
        tell_urc(chat, line, NULL);
}

static void take_prompt_line(AtChat *chat, const char *line)
{
    AtOutcome outcome;
    gint code;

    if (is_final(chat, line, &outcome, &code)) {
        if (outcome != AT_OK) finish(chat, outcome, code); /* an OK is an earlier command's */
    } else {
        tell_urc(chat, line, NULL);
    }
}

static gboolean is_header(const char *line)
{
    return has_prefix(line, "+CMGL:") || has_prefix(line, "+CMGR:");
}

/* In text mode the line behind a header is its body, whatever a resident wrote, unless the modem
 * itself speaks. */
static gboolean is_own_line(const AtChat *chat, const char *line, gsize len)
{
    if (chat->is_body_awaited && (chat->is_raw || at_reply_is_hex(line, len))) return TRUE;
    if (chat->is_body_awaited && chat->is_text && urc_kind(line) == URC_NONE) return TRUE;
    if (chat->prefix) return has_prefix(line, chat->prefix);
    return urc_kind(line) == URC_NONE;
}

/* Among lines of raw text: what no resident writes. BUSY and RDY are words. */
static gboolean is_surely_urc(const char *line)
{
    UrcKind kind = urc_kind(line);
    gsize letters = strspn(line + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (strchr("+^*$%", *line) && letters >= 3 && !g_ascii_isalnum(line[1 + letters])) return TRUE;
    return strcmp(line, "RING") == 0 || (kind != URC_NONE && kind != URC_CALL && kind != URC_BOOT);
}

static void take_reply_line(AtChat *chat, const char *line, gsize len)
{
    AtOutcome outcome;
    gint code;

    /* a digit ends a reply only before ATV1; a resident's "0" does not */
    gboolean is_digit = chat->is_raw && chat->is_body_awaited && len == 1;
    if (is_own_line(chat, line, len) && (is_digit || !is_final(chat, line, &outcome, &code))) {
        if (chat->is_raw && chat->is_body_awaited && !is_header(line) && is_surely_urc(line)) {
            tell_urc(chat, line, NULL);
            return;
        }
        if (is_header(line))
            chat->is_body_awaited = TRUE;
        else if (!chat->is_raw)
            chat->is_body_awaited = FALSE;
        if (chat->lines->len < LINES_MAX) g_ptr_array_add(chat->lines, g_strdup(line));
        set_timer(chat, MIN(chat->timeout_ms, GAP_MS));
    } else if (is_final(chat, line, &outcome, &code)) {
        finish(chat, outcome, code);
    } else {
        tell_urc(chat, line, NULL);
    }
}

/* The message behind +CMT: in PDU mode hex of whatever length, in text mode the next line. */
static gboolean take_direct(AtChat *chat, const char *line, gsize len)
{
    if (!chat->direct) return FALSE;
    if (!chat->is_text && !at_reply_is_hex(line, len)) return FALSE;
    g_autofree char *header = g_steal_pointer(&chat->direct);
    tell_urc(chat, header, line);
    return TRUE;
}

static gboolean is_echo(const AtChat *chat, const char *line)
{
    return chat->command && g_ascii_strcasecmp(line, chat->command) == 0;
}

static void on_line(const char *line, gsize len, gpointer data)
{
    AtChat *chat = data;

    if (chat->is_freed) return;
    trace(chat, FALSE, line);
    if (take_direct(chat, line, len)) return;
    if (urc_kind(line) == URC_DIRECT) {
        g_free(chat->direct);
        chat->direct = g_strdup(line);
    } else if (chat->step == STEP_IDLE) {
        tell_urc(chat, line, NULL);
    } else if (is_echo(chat, line) || (chat->probes > 0 && strcmp(line, PROBE) == 0)) {
        chat->had_echo = TRUE;
    } else if (chat->step == STEP_RESULT) {
        take_result_line(chat, line);
    } else if (chat->step == STEP_RESULT_OK) {
        take_result_end(chat, line);
    } else if (chat->step == STEP_PROMPT) {
        take_prompt_line(chat, line);
    } else {
        take_reply_line(chat, line, len);
    }
}

static void write_octets(AtChat *chat, const void *octets, gsize len)
{
    /* what does not fit meets a modem that takes nothing: the deadline deals with it */
    if (!port_write(chat->port, octets, len)) g_debug("port: queue is full");
}

static void on_prompt(gpointer data)
{
    AtChat *chat = data;
    gsize len = 0;

    if (chat->is_freed || chat->step != STEP_PROMPT) return;
    const void *octets = g_bytes_get_data(chat->body, &len);
    at_line_await_prompt(chat->line, FALSE);
    if (chat->had_echo && chat->is_echo_off) {
        write_octets(chat, "\x1b", 1);
        finish(chat, AT_NO_PROMPT, AT_CODE_NONE);
        return;
    }
    write_octets(chat, octets, len);
    trace(chat, TRUE, "<message>");
    chat->step = STEP_RESULT;
    chat->began_us = chat->heard_us = g_get_monotonic_time();
    set_timer(chat, SUBMIT_QUIET_S * 1000);
}

/* ---- time ---- */

static void probe(AtChat *chat)
{
    static const char escape[] = "\x1b\r";
    if (++chat->probes >= ESCAPE_PROBES) write_octets(chat, escape, sizeof escape - 1);
    write_octets(chat, PROBE "\r", sizeof PROBE);
    set_timer(chat, PROBE_EVERY_S * 1000);
}

static gboolean on_timer(gpointer data)
{
    AtChat *chat = data;

    chat->timer = 0;
    if (chat->step == STEP_RESULT_OK)
        finish(chat, AT_OK, AT_CODE_NONE);
    else if (chat->step == STEP_PROMPT)
        finish(chat, AT_NO_PROMPT, AT_CODE_NONE);
    else if (chat->step == STEP_REPLY)
        finish(chat, AT_TIMEOUT, AT_CODE_NONE);
    else if (g_get_monotonic_time() - chat->began_us >= SUBMIT_MAX_S * G_USEC_PER_SEC)
        finish(chat, AT_DOUBTFUL, AT_CODE_NONE);
    else
        probe(chat);
    release(chat);
    return G_SOURCE_REMOVE;
}

/* ---- the port ---- */

static void on_received(const guint8 *octets, gsize len, gpointer data)
{
    AtChat *chat = data;
    chat->heard_us = g_get_monotonic_time();
    chat->depth++;
    at_line_push(chat->line, octets, len);
    chat->depth--;
    release(chat);
}

static void on_gone(const char *why, gpointer data)
{
    AtChat *chat = data;
    chat->depth++;
    chat->is_gone = TRUE;
    at_chat_cancel(chat);
    if (!chat->is_freed) chat->events.gone(why, chat->data);
    chat->depth--;
    release(chat);
}

/* ---- commands ---- */

AtChat *at_chat_new(Port *port, const AtChatEvents *events, gpointer data)
{
    AtChat *chat = g_new0(AtChat, 1);
    chat->port = port;
    chat->line = at_line_new(on_line, on_prompt, chat);
    chat->events = *events;
    chat->data = data;
    chat->lines = g_ptr_array_new_with_free_func(g_free);
    chat->heard_us = g_get_monotonic_time();
    port_watch(port, on_received, on_gone, chat);
    return chat;
}

void at_chat_free(AtChat *chat)
{
    if (!chat) return;
    set_timer(chat, 0);
    chat->is_freed = TRUE;
    chat->step = STEP_IDLE;
    port_watch(chat->port, NULL, NULL, NULL);
    release(chat);
}

static void begin(AtChat *chat, Step step, const char *command, guint timeout_ms, AtDone done,
                  gpointer data)
{
    g_return_if_fail(chat->step == STEP_IDLE);
    g_autofree char *line = g_strconcat(command, "\r", NULL);
    g_free(chat->command);
    chat->command = g_strdup(command);
    g_clear_pointer(&chat->prefix, g_free);
    chat->step = step;
    chat->done = done;
    chat->done_data = data;
    chat->timeout_ms = timeout_ms;
    chat->had_echo = chat->is_body_awaited = FALSE;
    chat->probes = 0;
    trace(chat, TRUE, command);
    write_octets(chat, line, strlen(line));
    set_timer(chat, timeout_ms);
}

void at_chat_send(AtChat *chat, const char *command, const char *prefix, guint timeout_ms,
                  AtDone done, gpointer data)
{
    begin(chat, STEP_REPLY, command, timeout_ms, done, data);
    chat->prefix = g_strdup(prefix);
}

void at_chat_submit(AtChat *chat, const char *command, GBytes *body, AtDone done, gpointer data)
{
    if (chat->body) g_bytes_unref(chat->body);
    chat->body = g_bytes_ref(body);
    begin(chat, STEP_PROMPT, command, PROMPT_MS, done, data);
    at_line_await_prompt(chat->line, TRUE);
}

gboolean at_chat_is_busy(const AtChat *chat)
{
    return chat->is_gone || chat->step != STEP_IDLE;
}

void at_chat_cancel(AtChat *chat)
{
    if (chat->step == STEP_RESULT_OK)
        finish(chat, AT_OK, AT_CODE_NONE);
    else if (chat->step != STEP_IDLE)
        finish(chat, chat->step == STEP_RESULT ? AT_DOUBTFUL : AT_CANCELLED, AT_CODE_NONE);
}

void at_chat_nudge(AtChat *chat, const char *octets)
{
    write_octets(chat, octets, strlen(octets));
}

gint64 at_chat_quiet_us(const AtChat *chat)
{
    return g_get_monotonic_time() - chat->heard_us;
}

void at_chat_expect_echo(AtChat *chat, gboolean is_expected)
{
    chat->is_echo_off = !is_expected;
}

void at_chat_expect_words(AtChat *chat, gboolean is_expected)
{
    chat->has_words = is_expected;
}

void at_chat_set_text(AtChat *chat, gboolean is_text, gboolean is_raw)
{
    chat->is_text = is_text;
    chat->is_raw = is_raw;
    at_line_set_raw(chat->line, is_raw);
}

gboolean at_chat_set_baud(AtChat *chat, guint baud, GError **error)
{
    at_line_reset(chat->line);
    return port_set_baud(chat->port, baud, error);
}

#include "sms/modem_message.h"

#include <string.h>

#include "charset/convert.h"
#include "sms/at_reply.h"

void modem_message_free(ModemMessage *message)
{
    if (!message) return;
    g_free(message->sender);
    g_free(message->text);
    g_free(message->raw);
    g_free(message);
}

static char *hex_to_utf8(const char *hex)
{
    gsize len = strlen(hex) / 2;
    g_autofree guint8 *octets = g_malloc(len + 1);
    for (gsize i = 0; i < len; i++)
        octets[i] =
            (guint8)(g_ascii_xdigit_value(hex[2 * i]) * 16 + g_ascii_xdigit_value(hex[2 * i + 1]));
    return convert_text(CHARSET_UTF16BE, CHARSET_UTF8, octets, len, NULL, NULL, NULL);
}

/* What a modem in text mode says, as UTF-8: UCS-2 in hex, or GBK. Never NULL. */
static char *text_of(ModemFormat format, const char *field)
{
    gsize len = strlen(field);
    char *text = NULL;
    if (format == MODEM_TEXT_GBK)
        text = convert_text(CHARSET_GB18030, CHARSET_UTF8, field, len, NULL, NULL, NULL);
    else if (at_reply_is_hex(field, len) && len % 4 == 0)
        text = hex_to_utf8(field);
    return text ? text : g_utf8_make_valid(field, (gssize)len);
}

enum { ZONE_QUARTERS_MAX = 96 }; /* a day: more is no time zone */

/* "26/11/24,10:00:00+32": quarters of an hour. 0 if it is no time. */
static gint64 time_of(const char *text)
{
    gint parts[6] = { 0 };
    const char *p = text;
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (!g_ascii_isdigit(p[0]) || !g_ascii_isdigit(p[1])) return 0;
        parts[i] = (p[0] - '0') * 10 + p[1] - '0';
        p += 2;
        if (i < 5 && *p) p++;
    }
    gint64 quarters = *p ? g_ascii_strtoll(p, NULL, 10) : 32;
    g_autoptr(GDateTime) time =
        g_date_time_new_utc(2000 + parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
    if (quarters < -ZONE_QUARTERS_MAX || quarters > ZONE_QUARTERS_MAX) return 0;
    return time ? g_date_time_to_unix(time) - quarters * 900 : 0;
}

/* `first`: of the status among `values`. What somebody had saved on the SIM is not read: it never
 * came. */
static void read_text(ModemMessage *message, const GPtrArray *values, guint first,
                      ModemFormat format)
{
    message->is_readable = g_str_has_prefix(at_reply_text(values, first), "REC");
    message->sender = text_of(format, at_reply_text(values, first + 1));
    message->scts_s = time_of(at_reply_text(values, first + 3));
}

/* Old modems leave the service centre's address out: then the stated number is that of all octets.
 */
static void read_pdu(ModemMessage *message, const GPtrArray *values)
{
    gint len = values->len ? at_reply_number(values, values->len - 1, -1) : -1;
    if (len > 0 && strlen(message->raw) == (gsize)len * 2) {
        g_autofree char *bare = g_steal_pointer(&message->raw);
        message->raw = g_strconcat("00", bare, NULL);
    }
    message->is_pdu = TRUE;
    message->is_readable = tpdu_decode_hex(message->raw, len, &message->tpdu, NULL);
}

/* A body is kept as text, whatever octets it has. */
static ModemMessage *message_new(const char *body, ModemFormat format)
{
    ModemMessage *message = g_new0(ModemMessage, 1);
    message->raw = text_of(MODEM_TEXT_GBK, body);
    if (format != MODEM_PDU) message->text = text_of(format, body);
    return message;
}

static void add_message(GPtrArray *messages, const char *header, const char *body,
                        ModemFormat format, gint index)
{
    gboolean is_list = index < 0;
    g_autoptr(GPtrArray) values = at_reply_values(header, is_list ? "+CMGL:" : "+CMGR:");
    gint slot = is_list ? at_reply_number(values, 0, -1) : index;
    if (slot < 0) return; /* the sweep sees it again */
    ModemMessage *message = message_new(body, format);
    message->index = slot;
    if (format == MODEM_PDU)
        read_pdu(message, values);
    else
        read_text(message, values, is_list ? 1 : 0, format);
    g_ptr_array_add(messages, message);
}

GPtrArray *modem_messages_read(const char *const *lines, guint line_count, ModemFormat format,
                               gint index)
{
    GPtrArray *messages = g_ptr_array_new_with_free_func((GDestroyNotify)modem_message_free);
    const char *prefix = index < 0 ? "+CMGL:" : "+CMGR:", *header = NULL;
    g_autoptr(GString) body = g_string_new(NULL);

    for (guint i = 0; i <= line_count; i++) {
        const char *line = i < line_count ? lines[i] : NULL;
        gboolean is_header = line && g_ascii_strncasecmp(line, prefix, strlen(prefix)) == 0;
        if (header && (!line || is_header)) {
            add_message(messages, header, body->str, format, index);
            g_string_truncate(body, 0);
        }
        if (is_header) {
            header = line;
        } else if (line && header) { /* raw text has line ends of its own */
            if (body->len) g_string_append_c(body, '\n');
            g_string_append(body, line);
        }
    }
    return messages;
}

ModemMessage *modem_message_direct(const char *header, const char *body, ModemFormat format)
{
    gboolean is_report = g_ascii_strncasecmp(header, "+CDS:", 5) == 0;
    if (!is_report && g_ascii_strncasecmp(header, "+CMT:", 5) != 0) return NULL;
    g_autoptr(GPtrArray) values = at_reply_values(header, is_report ? "+CDS:" : "+CMT:");
    ModemMessage *message = message_new(body, format);
    message->index = -1;
    if (format == MODEM_PDU) {
        read_pdu(message, values);
        return message;
    }
    message->is_readable = !is_report;
    message->sender = text_of(format, at_reply_text(values, 0));
    message->scts_s = time_of(at_reply_text(values, 2));
    return message;
}

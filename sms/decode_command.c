#include "sms/decode_command.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#include "charset/terminal.h"
#include "db/json_line.h"
#include "sms/tpdu.h"

#define USAGE                                                                                                           \
    "modem decode [--json] < 十六进制.txt\n\n一行一条 PDU（短信中心号码在前，可以是 "              \
    "00），一行输出"                                                                                              \
    "一条，空行也算。有读不懂的，退出码是 65。\n--json：kind（deliver、submit、status-report）" \
    "smsc number（国际号码带 +）pid dcs alphabet（gsm7、ucs2、8bit）scts（没有时间是 null）ref "      \
    "total "                                                                                                            \
    "seq（不是长短信时都是 null）text；8bit 另有 data（十六进制）；submit、status-report 另有 "  \
    "mr；"                                                                                                             \
    "status-report 另有 discharge status delivered final；读不懂时只有 error。"

#define LINE_MAX_KEPT 4096 /* more than any PDU has; a longer line is refused as too long */

static const char *kind_name(TpduKind kind)
{
    static const char *const names[] = {
        [TPDU_DELIVER] = "deliver", [TPDU_SUBMIT] = "submit", [TPDU_STATUS_REPORT] = "status-report"
    };
    return names[kind];
}

static const char *alphabet_name(TpduAlphabet alphabet)
{
    static const char *const names[] = {
        [TPDU_GSM7] = "gsm7", [TPDU_8BIT] = "8bit", [TPDU_UCS2] = "ucs2"
    };
    return names[alphabet];
}

/* ---- JSON ---- */

static void add_text(JsonBuilder *b, const char *name, const char *text)
{
    json_builder_set_member_name(b, name);
    if (text)
        json_builder_add_string_value(b, text);
    else
        json_builder_add_null_value(b);
}

static void add_number(JsonBuilder *b, const char *name, guint number, gboolean is_there)
{
    json_builder_set_member_name(b, name);
    if (is_there)
        json_builder_add_int_value(b, number);
    else
        json_builder_add_null_value(b);
}

static void add_truth(JsonBuilder *b, const char *name, gboolean value)
{
    json_builder_set_member_name(b, name);
    json_builder_add_boolean_value(b, value);
}

static char *data_hex(const Tpdu *tpdu)
{
    GString *hex = g_string_new(NULL);
    for (guint i = 0; i < tpdu->ud_count; i++)
        g_string_append_printf(hex, "%02X", tpdu->ud[i]);
    return g_string_free(hex, FALSE);
}

static void add_user_data(JsonBuilder *b, const Tpdu *tpdu)
{
    const Tpdu *const parts[] = { tpdu };
    g_autofree char *text = tpdu_text_as_sent(parts, 1);
    gboolean is_part = tpdu->udh.total > 0;

    add_text(b, "alphabet", alphabet_name(tpdu->alphabet));
    add_number(b, "ref", tpdu->udh.ref, is_part);
    add_number(b, "total", tpdu->udh.total, is_part);
    add_number(b, "seq", tpdu->udh.seq, is_part);
    if (tpdu->udh.has_port) add_number(b, "port", tpdu->udh.destination_port, TRUE);
    if (tpdu->is_compressed) add_truth(b, "compressed", TRUE);
    add_text(b, "text", text);
    if (tpdu->alphabet == TPDU_8BIT || tpdu->is_compressed) {
        g_autofree char *hex = data_hex(tpdu);
        add_text(b, "data", hex);
    }
}

static void add_outcome(JsonBuilder *b, const Tpdu *tpdu)
{
    gboolean is_final = FALSE, is_delivered = tpdu_is_delivered(tpdu->tp_st, &is_final);
    add_text(b, "discharge", *tpdu->tp_dt.text ? tpdu->tp_dt.text : NULL);
    add_number(b, "status", tpdu->tp_st, TRUE);
    add_truth(b, "delivered", is_delivered);
    add_truth(b, "final", is_final);
}

static void put_json(const Tpdu *tpdu)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    json_builder_begin_object(b);
    add_text(b, "kind", kind_name(tpdu->kind));
    add_text(b, "smsc", tpdu->smsc.text);
    add_text(b, "number", tpdu->address.text);
    add_number(b, "pid", tpdu->tp_pid, TRUE);
    add_number(b, "dcs", tpdu->tp_dcs, TRUE);
    add_text(b, "scts", *tpdu->tp_scts.text ? tpdu->tp_scts.text : NULL);
    if (tpdu->kind != TPDU_DELIVER) add_number(b, "mr", tpdu->tp_mr, TRUE);
    add_user_data(b, tpdu);
    if (tpdu->kind == TPDU_STATUS_REPORT) add_outcome(b, tpdu);
    json_builder_end_object(b);
    g_autofree char *line = json_line(b);
    puts(line);
}

static void put_json_error(const GError *error)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    json_builder_begin_object(b);
    add_text(b, "error", error->message);
    json_builder_end_object(b);
    g_autofree char *line = json_line(b);
    puts(line);
}

/* ---- words ---- */

static void put_words(const Tpdu *tpdu)
{
    static const char *const kinds[] = { [TPDU_DELIVER] = "收到的短信，来自",
                                         [TPDU_SUBMIT] = "要发的短信，发给",
                                         [TPDU_STATUS_REPORT] = "送达报告，收件人" };
    const Tpdu *const parts[] = { tpdu };
    g_autofree char *text = tpdu_text(parts, 1);
    gboolean is_final = FALSE;

    terminal_printf(stdout, "%s %s", kinds[tpdu->kind], tpdu->address.text);
    if (*tpdu->smsc.text) terminal_printf(stdout, "，短信中心 %s", tpdu->smsc.text);
    if (*tpdu->tp_scts.text) terminal_printf(stdout, "，%s", tpdu->tp_scts.text);
    if (tpdu->udh.total > 0)
        terminal_printf(stdout, "，第 %u/%u 条（编号 %u）", tpdu->udh.seq, tpdu->udh.total,
                        tpdu->udh.ref);
    if (tpdu->kind == TPDU_STATUS_REPORT)
        terminal_printf(stdout, "，%s",
                        tpdu_is_delivered(tpdu->tp_st, &is_final) ? "已送达"
                        : is_final                                ? "没有送达"
                                                                  : "还在送");
    else
        terminal_printf(stdout, "，%s：%s", alphabet_name(tpdu->alphabet), text);
    terminal_printf(stdout, "\n");
}

/* ---- lines ---- */

/* Strict: who pastes a PDU here wants to hear of it. */
static gboolean decode(const char *line, Tpdu *tpdu, GError **error)
{
    if (!tpdu_decode_hex(line, -1, tpdu, error)) return FALSE;
    if (tpdu->excess > 0)
        g_set_error(error, TPDU_ERROR, TPDU_ERROR_EXCESS, "后面还有 %u 个多余的或读不懂的八位组",
                    tpdu->excess);
    else if (tpdu->udh.is_torn)
        g_set_error(error, TPDU_ERROR, TPDU_ERROR_FIELD, "用户数据头有错");
    return tpdu->excess == 0 && !tpdu->udh.is_torn;
}

static gboolean decode_line(const char *line, gboolean is_json)
{
    Tpdu tpdu;
    g_autoptr(GError) error = NULL;

    if (decode(line, &tpdu, &error)) {
        if (is_json)
            put_json(&tpdu);
        else
            put_words(&tpdu);
    } else if (is_json) {
        put_json_error(error);
    } else {
        terminal_printf(stdout, "读不懂：%s\n", error->message);
    }
    fflush(stdout);
    return error == NULL;
}

/* A line without its end, the first LINE_MAX_KEPT octets of it. FALSE at the end. */
static gboolean read_line(GString *line)
{
    int c, seen = 0;
    g_string_truncate(line, 0);
    while ((c = getc_unlocked(stdin)) != EOF && c != '\n') {
        seen = 1;
        if (line->len < LINE_MAX_KEPT) g_string_append_c(line, c ? (char)c : '?');
    }
    return c != EOF || seen;
}

int decode_main(CliGlobals *globals, int argc, char **argv)
{
    gboolean is_json = FALSE, is_done = FALSE, is_refused = FALSE;
    g_autoptr(GString) line = g_string_new(NULL);
    const GOptionEntry entries[] = {
        { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, "一条一行 JSON", NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    int status = cli_parse(globals, USAGE, entries, &argc, &argv, &is_done);
    if (is_done) return status;
    if (argc > 1) return cli_fail(EX_USAGE, "PDU 从标准输入读，一行一条");
    while (read_line(line)) {
        g_strstrip(line->str);
        is_refused |= !decode_line(line->str, is_json);
    }
    return is_refused ? EX_DATAERR : EX_OK;
}

#include "sms/tpdu.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "charset/segment.h"

/* ---- vectors of another implementation: make_tpdu_vectors.py ---- */

static const char *or_dash(const char *text)
{
    return *text ? text : "-";
}

static char *number_or_dash(guint number, gboolean is_there)
{
    return is_there ? g_strdup_printf("%u", number) : g_strdup("-");
}

/* The row that we would write of it. */
static char *describe(const Tpdu *tpdu)
{
    static const char *const kinds[] = { "deliver", "submit", "status-report" };
    static const char *const alphabets[] = { "gsm7", "8bit", "ucs2" };
    const Tpdu *const parts[] = { tpdu };
    g_autofree char *text = tpdu_text(parts, 1);
    g_autoptr(JsonNode) node = json_node_init_string(json_node_alloc(), text);
    g_autofree char *json = json_to_string(node, FALSE);
    gboolean is_part = tpdu->udh.total > 0;
    g_autofree char *ref = number_or_dash(tpdu->udh.ref, is_part);
    g_autofree char *total = number_or_dash(tpdu->udh.total, is_part);
    g_autofree char *seq = number_or_dash(tpdu->udh.seq, is_part);

    return g_strdup_printf("%s\t%s\t%s\t%u\t%s\t%s\t%s\t%s\t%s\t%s", kinds[tpdu->kind],
                           tpdu->smsc.text, tpdu->address.text, tpdu->tp_dcs,
                           alphabets[tpdu->alphabet], or_dash(tpdu->tp_scts.text), ref, total, seq,
                           json);
}

/* Escapes differ between writers of JSON. */
static char *plain(const char *row)
{
    const char *json = strrchr(row, '\t');
    g_autoptr(JsonNode) node = json ? json_from_string(json + 1, NULL) : NULL;
    if (!node) return g_strdup(row);
    g_autofree char *head = g_strndup(row, (gsize)(json - row));
    return g_strconcat(head, "\t", json_node_get_string(node), NULL);
}

static void check_row(const char *line)
{
    Tpdu tpdu;
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) fields = g_strsplit(line, "\t", 3);

    g_assert_cmpint(g_strv_length(fields), ==, 3);
    gboolean is_ok = tpdu_decode_hex(fields[1], -1, &tpdu, &error);
    g_test_message("%s", fields[0]);
    if (strcmp(fields[2], "error") == 0) {
        /* what the gateway reads all the same is marked */
        g_assert_true(!is_ok || tpdu.excess > 0 || tpdu.udh.is_torn);
        g_assert_true(is_ok == (error == NULL));
        return;
    }
    g_assert_cmpuint(tpdu.excess, ==, 0);
    g_assert_no_error(error);
    g_assert_true(is_ok);
    g_autofree char *row = describe(&tpdu);
    g_autofree char *got = plain(row), *want = plain(fields[2]);
    g_assert_cmpstr(got, ==, want);
}

static void test_vectors(void)
{
    g_autofree char *path =
        g_build_filename(g_test_get_dir(G_TEST_DIST), "tests/sms/tpdu_vectors.tsv", NULL);
    g_autofree char *text = NULL;
    guint count = 0;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (!**line) continue;
        check_row(*line);
        count++;
    }
    g_assert_cmpuint(count, >=, 200);
}

/* ---- our own SUBMITs, read back ---- */

static void round_trip(const char *text, const char *number, guint ref)
{
    g_auto(GStrv) parts = segment_text(text);
    guint total = g_strv_length(parts), len = 0;
    g_autofree Tpdu *read = g_new0(Tpdu, total);
    g_autofree const Tpdu **list = g_new0(const Tpdu *, total);

    for (guint i = 0; i < total; i++) {
        g_autoptr(GError) error = NULL;
        TpduSubmit submit = { .number = number,
                              .text = parts[i],
                              .is_ucs2 = segment_alphabet(text) == SEGMENT_UCS2,
                              .ref = ref,
                              .total = total,
                              .seq = i + 1,
                              .has_srr = i == 0,
                              .validity_minutes = 1440 };
        g_autofree char *hex = tpdu_submit_hex(&submit, &len, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(strlen(hex), ==, 2 * (len + 1));
        g_assert_true(tpdu_decode_hex(hex, (gssize)len, &read[i], &error));
        g_assert_cmpint(read[i].kind, ==, TPDU_SUBMIT);
        g_assert_cmpstr(read[i].address.text, ==, number);
        g_assert_cmpint(read[i].has_srr, ==, i == 0);
        g_assert_cmpuint(read[i].udh.total, ==, total > 1 ? total : 0);
        g_assert_cmpuint(read[i].udh.seq, ==, total > 1 ? i + 1 : 0);
        list[i] = &read[i];
    }
    g_autofree char *back = tpdu_text(list, total);
    g_assert_cmpstr(back, ==, text);
}

static void test_round_trip(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    static const char *const numbers[] = { "+8615400000001", "15400000002", "10086", "*100#" };

    for (guint i = 0; i < 140; i++) {
        round_trip(text->str, numbers[i % G_N_ELEMENTS(numbers)], i);
        g_string_append(text, i % 7 == 3 ? "😀" : i % 5 == 2 ? "办" : "a");
    }
    g_string_truncate(text, 0);
    for (guint i = 0; i < 320; i++) {
        round_trip(text->str, numbers[0], i & 255);
        g_string_append(text, i % 9 == 4 ? "€" : "b");
    }
}

/* A part may end within a pair: joined before it is decoded. */
static void test_cut_pair(void)
{
    Tpdu first = { .alphabet = TPDU_UCS2, .ud = { 0x4f, 0x4e, 0xd8, 0x3d }, .ud_count = 4 };
    Tpdu second = { .alphabet = TPDU_UCS2, .ud = { 0xde, 0x00 }, .ud_count = 2 };
    const Tpdu *const parts[] = { &first, &second };
    g_autofree char *text = tpdu_text(parts, 2);
    g_assert_cmpstr(text, ==, "低😀");
}

static void test_refused_submits(void)
{
    static const char *const numbers[] = { "", "+", "abc-", "1234567890123456789012", "86 154" };
    guint len = 0;
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autoptr(GError) error = NULL;
        TpduSubmit submit = { .number = numbers[i], .text = "x" };
        g_assert_null(tpdu_submit_hex(&submit, &len, &error));
        g_assert_error(error, TPDU_ERROR, TPDU_ERROR_TEXT);
    }
    g_autoptr(GError) error = NULL;
    TpduSubmit chinese = { .number = "10086", .text = "低" };
    g_assert_null(tpdu_submit_hex(&chinese, &len, &error));
    g_assert_error(error, TPDU_ERROR, TPDU_ERROR_TEXT);
}

static void test_stated_length(void)
{
    Tpdu tpdu;
    const char *hex = "00040581"
                      "0180F6"
                      "0000"
                      "62305090011123"
                      "0131";
    g_assert_true(tpdu_decode_hex(hex, 17, &tpdu, NULL));
    g_autoptr(GError) less = NULL, more = NULL;
    g_assert_false(tpdu_decode_hex(hex, 18, &tpdu, &less));
    g_assert_error(less, TPDU_ERROR, TPDU_ERROR_TRUNCATED);
    g_assert_false(tpdu_decode_hex(hex, 16, &tpdu, &more));
    g_assert_error(more, TPDU_ERROR, TPDU_ERROR_EXCESS);
}

/* National language tables: Turkish locking shift, septet 0x04 is €. */
static void test_language(void)
{
    Tpdu tpdu;
    /* header 03 25 01 01: locking shift 1; 32 bits and 3 of fill, then one septet */
    const char *hex = "00440581"
                      "0180F6"
                      "0000"
                      "62305090011123"
                      "06"
                      "03250101"
                      "2000";
    g_autoptr(GError) error = NULL;
    g_assert_true(tpdu_decode_hex(hex, -1, &tpdu, &error));
    g_assert_cmpint(tpdu.udh.languages.locking, ==, GSM7_TURKISH);
    const Tpdu *const parts[] = { &tpdu };
    g_autofree char *text = tpdu_text(parts, 1);
    g_assert_cmpstr(text, ==, "€");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tpdu/vectors", test_vectors);
    g_test_add_func("/tpdu/round-trip", test_round_trip);
    g_test_add_func("/tpdu/cut-pair", test_cut_pair);
    g_test_add_func("/tpdu/refused-submits", test_refused_submits);
    g_test_add_func("/tpdu/stated-length", test_stated_length);
    g_test_add_func("/tpdu/language", test_language);
    return g_test_run();
}

#include "sms/at_reply.h"

#include "sms/urc.h"

static void test_finals(void)
{
    static const struct {
        const char *line;
        gboolean is_final;
        AtOutcome outcome;
        gint code;
    } rows[] = {
        { "OK", TRUE, AT_OK, AT_CODE_NONE },
        { "ok", TRUE, AT_OK, AT_CODE_NONE },
        { "0", TRUE, AT_OK, AT_CODE_NONE },
        { "4", TRUE, AT_ERROR, AT_CODE_NONE },
        { "ERROR", TRUE, AT_ERROR, AT_CODE_NONE },
        { "ABORTED", TRUE, AT_ERROR, AT_CODE_NONE },
        { "NO CARRIER", FALSE, AT_OK, AT_CODE_NONE }, /* of a call, not of ours */
        { "BUSY", FALSE, AT_OK, AT_CODE_NONE },
        { "+CMS ERROR: 500", TRUE, AT_CMS_ERROR, 500 },
        { "+CMS ERROR:38", TRUE, AT_CMS_ERROR, 38 },
        { "+CMS ERROR: invalid memory index", TRUE, AT_CMS_ERROR, AT_CODE_NONE },
        { "+CME ERROR: 10", TRUE, AT_CME_ERROR, 10 },
        { "+CME ERROR: 99999999999999999999", TRUE, AT_CME_ERROR, AT_CODE_NONE },
        { "OKAY", FALSE, AT_OK, AT_CODE_NONE },
        { "+CMGS: 4", FALSE, AT_OK, AT_CODE_NONE },
        { "1", FALSE, AT_OK, AT_CODE_NONE },
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        AtOutcome outcome = AT_OK;
        gint code = AT_CODE_NONE;
        g_test_message("%s", rows[i].line);
        g_assert_cmpint(at_reply_final(rows[i].line, &outcome, &code), ==, rows[i].is_final);
        if (!rows[i].is_final) continue;
        g_assert_cmpint(outcome, ==, rows[i].outcome);
        g_assert_cmpint(code, ==, rows[i].code);
    }
}

static void test_values(void)
{
    g_autoptr(GPtrArray) list =
        at_reply_values("+CMGL: 3,\"REC UNREAD\",\"+86154\",,\"26/11/24,10:00:00+32\"", "+CMGL:");
    g_assert_cmpuint(list->len, ==, 5);
    g_assert_cmpint(at_reply_number(list, 0, -1), ==, 3);
    g_assert_cmpstr(at_reply_text(list, 1), ==, "REC UNREAD");
    g_assert_cmpstr(at_reply_text(list, 3), ==, "");
    g_assert_cmpstr(at_reply_text(list, 4), ==, "26/11/24,10:00:00+32");
    g_assert_cmpstr(at_reply_text(list, 9), ==, "");
    g_assert_cmpint(at_reply_number(list, 1, -7), ==, -7);

    g_autoptr(GPtrArray) ranges = at_reply_values("+CNMI: (0-2),(0,1,3),(0),2,(1)", "+CNMI:");
    g_assert_cmpuint(ranges->len, ==, 5);
    g_assert_true(at_reply_range_has(at_reply_text(ranges, 0), 1));
    g_assert_false(at_reply_range_has(at_reply_text(ranges, 1), 2));
    g_assert_true(at_reply_range_has(at_reply_text(ranges, 1), 3));
    g_assert_true(at_reply_range_has(at_reply_text(ranges, 3), 2));
    g_assert_false(at_reply_range_has("", 0));
    g_assert_false(at_reply_range_has("(1-", 1));

    g_autoptr(GPtrArray) other = at_reply_values("+CREG: 1", "+CSQ:");
    g_assert_cmpuint(other->len, ==, 0);
    g_autoptr(GPtrArray) broken = at_reply_values("+X: \"never closed, (1,2", "+X:");
    g_assert_cmpuint(broken->len, ==, 1);
}

static void test_hex(void)
{
    g_assert_true(at_reply_is_hex("0aFf", 4));
    g_assert_false(at_reply_is_hex("0aF", 3));
    g_assert_false(at_reply_is_hex("", 0));
    g_assert_false(at_reply_is_hex("OK", 2));
}

static void test_errors(void)
{
    static const gint temporary[] = { 500, 38, 41, 42, 47, 331, 332, 512, 513, 9999, AT_CODE_NONE };
    static const gint permanent[] = { 304, 305, 1, 8, 21, 28, 50 };
    for (guint i = 0; i < G_N_ELEMENTS(temporary); i++)
        g_assert_true(at_reply_cms_is_temporary(temporary[i]));
    for (guint i = 0; i < G_N_ELEMENTS(permanent); i++)
        g_assert_false(at_reply_cms_is_temporary(permanent[i]));
    g_assert_nonnull(at_reply_cms_reason(500));
    g_assert_null(at_reply_cms_reason(9999));
}

static void test_urcs(void)
{
    g_assert_cmpint(urc_kind("+CMTI: \"SM\",3"), ==, URC_MESSAGE);
    g_assert_cmpint(urc_kind("+cmti: \"SM\",3"), ==, URC_MESSAGE);
    g_assert_cmpint(urc_kind("+QIND: \"smsfull\",\"ME\""), ==, URC_FULL);
    g_assert_cmpint(urc_kind("+QIND: \"csq\",20,99"), ==, URC_CHATTER);
    g_assert_cmpint(urc_kind("^SYSSTART"), ==, URC_BOOT);
    g_assert_cmpint(urc_kind("OK"), ==, URC_NONE);
    g_assert_cmpint(urc_kind("+CMGS: 1"), ==, URC_NONE);
    g_assert_cmpint(urc_kind("0891683108"), ==, URC_NONE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/at-reply/finals", test_finals);
    g_test_add_func("/at-reply/values", test_values);
    g_test_add_func("/at-reply/hex", test_hex);
    g_test_add_func("/at-reply/errors", test_errors);
    g_test_add_func("/at-reply/urcs", test_urcs);
    return g_test_run();
}

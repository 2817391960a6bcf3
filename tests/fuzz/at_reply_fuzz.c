/* Any line as a reply: its values, final codes, ranges. */
#include "sms/at_reply.h"

#include "sms/urc.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_values(const char *line, const char *prefix)
{
    g_autoptr(GPtrArray) values = at_reply_values(line, prefix);
    for (guint i = 0; i <= values->len; i++) {
        g_assert_nonnull(at_reply_text(values, i));
        gint number = at_reply_number(values, i, -1);
        at_reply_range_has(at_reply_text(values, i), number);
    }
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    AtOutcome outcome = AT_TIMEOUT;
    gint code = 0;
    g_autofree char *line = g_strndup((const char *)data, size);

    check_values(line, "");
    check_values(line, "+CMGL:");
    if (at_reply_final(line, &outcome, &code)) {
        g_assert_cmpint(outcome, <=, AT_CME_ERROR);
        at_reply_cms_is_temporary(code);
    }
    urc_kind(line);
    return 0;
}

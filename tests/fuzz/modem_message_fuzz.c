/* Any lines as the reply to +CMGL and +CMGR, in PDU mode and in both text modes. */
#include "sms/modem_message.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check(const ModemMessage *message)
{
    g_assert_nonnull(message->raw);
    g_assert_true(g_utf8_validate(message->raw, -1, NULL));
    g_assert_true(!message->sender || g_utf8_validate(message->sender, -1, NULL));
    g_assert_true(!message->text || g_utf8_validate(message->text, -1, NULL));
    g_assert_true(message->is_pdu || message->text);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size < 1) return 0;
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 1000);
    guint count = g_strv_length(lines);
    ModemFormat format = (ModemFormat)(data[0] % 3);

    for (gint index = -1; index < 1; index++) {
        g_autoptr(GPtrArray) messages =
            modem_messages_read((const char *const *)lines, count, format, index);
        for (guint i = 0; i < messages->len; i++)
            check(messages->pdata[i]);
    }
    if (count >= 2) {
        ModemMessage *direct = modem_message_direct(lines[0], lines[1], format);
        if (direct) check(direct);
        modem_message_free(direct);
    }
    return 0;
}

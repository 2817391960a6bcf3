#include "sms/modem_message.h"

#include <string.h>

#define PDU "0891683108501705F0040D91685104000000F100006211420120002304D4F29C0E"

static GPtrArray *read_all(const char *text, ModemFormat format, gint index)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    return modem_messages_read((const char *const *)lines, g_strv_length(lines), format, index);
}

static void test_pdu(void)
{
    g_autoptr(GPtrArray) list =
        read_all("+CMGL: 4,0,,24\n" PDU "\n+CMGL: 7,1,\"\",24\n" PDU, MODEM_PDU, -1);
    g_assert_cmpuint(list->len, ==, 2);
    const ModemMessage *first = list->pdata[0], *second = list->pdata[1];
    g_assert_true(first->is_readable);
    g_assert_cmpint(first->index, ==, 4);
    g_assert_cmpint(second->index, ==, 7);
    g_assert_cmpstr(first->tpdu.address.text, ==, "+8615400000001");

    g_autoptr(GPtrArray) one = read_all("+CMGR: 0,,24\n" PDU, MODEM_PDU, 9);
    g_assert_cmpuint(one->len, ==, 1);
    g_assert_cmpint(((ModemMessage *)one->pdata[0])->index, ==, 9);
}

/* What makes no sense is there all the same: it must not be lost. */
static void test_damaged(void)
{
    static const char *const texts[] = {
        "+CMGL: 4,0,,24",          "+CMGL: 4,0,,24\n0891",     "+CMGL: 4,0,,23\n" PDU,
        "+CMGL: 4,0,,24\nrubbish", "+CMGL: 4,0,,24\n08\n" PDU, "+CMGL: 4,0,,\n0891",
    };
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GPtrArray) list = read_all(texts[i], MODEM_PDU, -1);
        g_test_message("%s", texts[i]);
        g_assert_cmpuint(list->len, ==, 1);
        g_assert_false(((ModemMessage *)list->pdata[0])->is_readable);
    }
    g_autoptr(GPtrArray) nothing = read_all(PDU "\nOK\n+CMGL: x,0,,24\n" PDU, MODEM_PDU, -1);
    g_assert_cmpuint(nothing->len, ==, 0);
}

static void test_text(void)
{
    g_autoptr(GPtrArray) ucs2 =
        read_all("+CMGL: 1,\"REC UNREAD\",\"002B003800360031\",,\"26/03/05,09:10:11+32\"\n4F4E4FDD",
                 MODEM_TEXT_UCS2, -1);
    const ModemMessage *message = ucs2->pdata[0];
    g_assert_cmpstr(message->sender, ==, "+861");
    g_assert_cmpstr(message->text, ==, "低保");
    g_assert_cmpint(message->scts_s, ==, 1772673011);

    /* no zone is that far away, and 900 times it is no number */
    g_autoptr(GPtrArray) zone =
        read_all("+CMGL: 1,\"REC READ\",\"1\",,\"26/03/05,09:10:11+1111111111111111113\"\n4F4E",
                 MODEM_TEXT_UCS2, -1);
    g_assert_cmpint(((ModemMessage *)zone->pdata[0])->scts_s, ==, 0);

    g_autoptr(GPtrArray) gbk =
        read_all("+CMGR: \"REC READ\",\"+8615400000001\",,\"26/03/05,09:10:11+32\"\n"
                 "\xb5\xcd\xb1\xa3\n\xd4\xf5\xc3\xb4",
                 MODEM_TEXT_GBK, 3);
    message = gbk->pdata[0];
    g_assert_cmpstr(message->text, ==, "低保\n怎么");
    g_assert_cmpint(message->index, ==, 3);

    g_autoptr(GPtrArray) saved =
        read_all("+CMGL: 1,\"STO UNSENT\",\"1\",,\n4F4E", MODEM_TEXT_UCS2, -1);
    g_assert_false(((ModemMessage *)saved->pdata[0])->is_readable);
}

static void test_direct(void)
{
    ModemMessage *message = modem_message_direct("+CMT: ,24", PDU, MODEM_PDU);
    g_assert_true(message->is_readable);
    g_assert_cmpint(message->index, ==, -1);
    modem_message_free(message);
    g_assert_null(modem_message_direct("+CBM: 1,2", "41", MODEM_PDU));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/modem-message/pdu", test_pdu);
    g_test_add_func("/modem-message/damaged", test_damaged);
    g_test_add_func("/modem-message/text", test_text);
    g_test_add_func("/modem-message/direct", test_direct);
    return g_test_run();
}

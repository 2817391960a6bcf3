/* Any octets as a PDU: a message or an error; its text is valid; what we can send reads back. */
#include "sms/tpdu.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_text(const Tpdu *tpdu)
{
    const Tpdu *const parts[] = { tpdu, tpdu };
    g_autofree char *one = tpdu_text(parts, 1), *two = tpdu_text(parts, 2);
    g_assert_true(g_utf8_validate(one, -1, NULL));
    g_assert_true(g_utf8_validate(two, -1, NULL));
    g_assert_true(g_utf8_validate(tpdu->address.text, -1, NULL));
    g_assert_cmpuint(tpdu->ud_count, <=, 160);
    g_assert_true(tpdu->udh.total == 0 || (tpdu->udh.seq >= 1 && tpdu->udh.seq <= tpdu->udh.total));
    for (const char *p = one; *p; p++)
        g_assert_true((guchar)*p >= 0x20 || *p == '\n');
}

static void send_back(const Tpdu *tpdu)
{
    const Tpdu *const parts[] = { tpdu };
    g_autofree char *text = tpdu_text(parts, 1);
    guint len = 0;
    TpduSubmit submit = { .number = tpdu->address.text,
                          .text = text,
                          .is_ucs2 = TRUE,
                          .ref = tpdu->udh.ref,
                          .total = tpdu->udh.total,
                          .seq = tpdu->udh.seq,
                          .validity_minutes = 1440 };
    g_autofree char *hex = tpdu_submit_hex(&submit, &len, NULL);
    if (!hex) return;
    Tpdu again;
    g_assert_true(tpdu_decode_hex(hex, (gssize)len, &again, NULL));
    const Tpdu *const parts_again[] = { &again };
    g_autofree char *back = tpdu_text(parts_again, 1);
    g_assert_cmpstr(back, ==, text);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    Tpdu tpdu;
    g_autoptr(GError) error = NULL, hex_error = NULL;
    gboolean is_ok = tpdu_decode(data, size, &tpdu, &error);

    g_assert_true(is_ok == (error == NULL));
    if (is_ok) {
        check_text(&tpdu);
        send_back(&tpdu);
    }
    g_autofree char *text = g_strndup((const char *)data, size);
    is_ok = tpdu_decode_hex(text, -1, &tpdu, &hex_error);
    g_assert_true(is_ok == (hex_error == NULL));
    if (is_ok) check_text(&tpdu);
    return 0;
}

#include "sms/udh.h"

enum {
    IE_CONCATENATION_8 = 0x00,
    IE_PORT_8 = 0x04,
    IE_PORT_16 = 0x05,
    IE_CONCATENATION_16 = 0x08,
    IE_SINGLE_SHIFT = 0x24,
    IE_LOCKING_SHIFT = 0x25,
};

/* Nonsense makes it a message by itself: it must be read all the same. */
static void read_concatenation(Udh *out, guint bits, guint ref, guint total, guint seq)
{
    if (total == 0 || seq == 0 || seq > total) return;
    out->ref = ref;
    out->ref_bits = bits;
    out->total = total;
    out->seq = seq;
}

static void read_element(guint8 id, const guint8 *data, guint len, Udh *out)
{
    switch (id) {
    case IE_CONCATENATION_8:
        if (len == 3) read_concatenation(out, 8, data[0], data[1], data[2]);
        break;
    case IE_CONCATENATION_16:
        if (len == 4) read_concatenation(out, 16, (guint)data[0] << 8 | data[1], data[2], data[3]);
        break;
    case IE_PORT_8:
        if (len != 2) break;
        out->has_port = TRUE;
        out->destination_port = data[0];
        break;
    case IE_PORT_16:
        if (len != 4) break;
        out->has_port = TRUE;
        out->destination_port = (guint)data[0] << 8 | data[1];
        break;
    case IE_SINGLE_SHIFT:
        if (len == 1) out->languages.single_shift = gsm7_language(data[0]);
        break;
    case IE_LOCKING_SHIFT:
        if (len == 1) out->languages.locking = gsm7_language(data[0]);
        break;
    default:
        break;
    }
}

gboolean udh_read(const guint8 *octets, gsize octets_len, Udh *out, gsize *len)
{
    if (octets_len == 0 || octets[0] + 1u > octets_len) return FALSE;
    gsize end = octets[0] + 1u;
    *len = end;
    for (gsize at = 1; at < end;) {
        if (end - at < 2 || octets[at + 1] > end - at - 2) {
            *out = (Udh){ .is_torn = TRUE };
            return TRUE;
        }
        read_element(octets[at], octets + at + 2, octets[at + 1], out);
        at += 2u + octets[at + 1];
    }
    return TRUE;
}

void udh_concatenation(guint8 out[UDH_CONCATENATION_LEN], guint ref, guint total, guint seq)
{
    const guint8 octets[UDH_CONCATENATION_LEN] = { 5,           IE_CONCATENATION_8, 3,
                                                   (guint8)ref, (guint8)total,      (guint8)seq };
    for (guint i = 0; i < UDH_CONCATENATION_LEN; i++)
        out[i] = octets[i];
}

#include "sms/tpdu.h"

#include "charset/convert.h"
#include "sms/udh.h"

#include <string.h>

G_DEFINE_QUARK(bianmin_tpdu_error, tpdu_error)

#define NUMBER_DIGITS_MAX 20 /* §9.1.2.5: ten octets */
#define SMSC_OCTETS_MAX   11 /* TS 24.011 §8.2.5.2: type and ten octets */
#define TEXT_SEPTETS_MAX  160

#define TOA_NUMBER_MASK        0x70
#define TOA_INTERNATIONAL      0x10
#define TOA_ALPHANUMERIC       0x50
#define TOA_NATIONAL_ISDN      0x81
#define TOA_INTERNATIONAL_ISDN 0x91

/* ---- reading ---- */

typedef struct {
    const guint8 *octets;
    gsize len, at;
    GError **error;
    gboolean is_bad;
} Reader;

static gboolean refuse(Reader *reader, TpduError code, const char *what)
{
    if (!reader->is_bad)
        g_set_error(reader->error, TPDU_ERROR, (gint)code, "第 %zu 个八位组：%s", reader->at + 1,
                    what);
    reader->is_bad = TRUE;
    return FALSE;
}

static guint8 take(Reader *reader, const char *field)
{
    if (reader->is_bad) return 0;
    if (reader->at < reader->len) return reader->octets[reader->at++];
    g_autofree char *what = g_strdup_printf("%s 不完整", field);
    refuse(reader, TPDU_ERROR_TRUNCATED, what);
    return 0;
}

/* NULL if they are not there. */
static const guint8 *take_octets(Reader *reader, gsize count, const char *field)
{
    if (reader->is_bad) return NULL;
    if (count <= reader->len - reader->at) {
        reader->at += count;
        return reader->octets + reader->at - count;
    }
    g_autofree char *what = g_strdup_printf("%s 不完整", field);
    refuse(reader, TPDU_ERROR_TRUNCATED, what);
    return NULL;
}

/* ---- addresses, TS 23.040 §9.1.2.5 ---- */

static const char semi_octets[] = "0123456789*#abc";

static guint nibble(const guint8 *octets, guint i)
{
    return i % 2 ? octets[i / 2] >> 4 : octets[i / 2] & 0xf;
}

/* `digits` semi-octets; a filler ends them early. */
static void read_digits(const guint8 *octets, guint digits, TpduAddress *out)
{
    gsize n = 0;
    if (digits > 0 && (out->toa & TOA_NUMBER_MASK) == TOA_INTERNATIONAL) out->text[n++] = '+';
    for (guint i = 0; i < digits && nibble(octets, i) != 0xf; i++)
        out->text[n++] = semi_octets[nibble(octets, i)];
    out->text[n] = '\0';
}

static void read_letters(const guint8 *octets, gsize len, guint digits, TpduAddress *out)
{
    guint8 septets[NUMBER_DIGITS_MAX] = { 0 };
    gsize count = digits * 4 / 7;
    if (!gsm7_unpack(octets, len, 0, septets, count)) count = 0;
    if (count == 8 && septets[7] == 0 && septets[6] != 0)
        count = 7; /* the octet's spare bits, counted by mistake */
    g_autofree char *text = gsm7_decode(septets, count, (Gsm7Alphabet){ 0 });
    g_strlcpy(out->text, text, sizeof out->text);
}

static void read_address(Reader *reader, TpduAddress *out, const char *field)
{
    guint digits = take(reader, field);
    if (digits > NUMBER_DIGITS_MAX) {
        refuse(reader, TPDU_ERROR_FIELD, "号码超过 20 位");
        return;
    }
    out->toa = take(reader, field);
    gsize len = (digits + 1) / 2;
    const guint8 *octets = take_octets(reader, len, field);
    if (!octets) return;
    if ((out->toa & TOA_NUMBER_MASK) == TOA_ALPHANUMERIC)
        read_letters(octets, len, digits, out);
    else
        read_digits(octets, digits, out);
}

/* TS 24.011 §8.2.5.2: the length counts octets, the type included. */
static void read_centre(Reader *reader, TpduAddress *out)
{
    guint len = take(reader, "短信中心号码");
    if (len == 0) return;
    if (len > SMSC_OCTETS_MAX) {
        refuse(reader, TPDU_ERROR_FIELD, "短信中心号码太长");
        return;
    }
    out->toa = take(reader, "短信中心号码");
    const guint8 *octets = take_octets(reader, len - 1, "短信中心号码");
    if (octets) read_digits(octets, (len - 1) * 2, out);
}

/* ---- time stamps, §9.2.3.11 ---- */

/* -1 if it is no two-digit number. */
static gint swapped_bcd(guint8 octet)
{
    guint tens = octet & 0xf, ones = octet >> 4;
    return tens > 9 || ones > 9 ? -1 : (gint)(tens * 10 + ones);
}

static void read_time(Reader *reader, TpduTime *out, const char *field)
{
    gint value[6];
    const guint8 *octets = take_octets(reader, sizeof out->bcd, field);

    if (!octets) return;
    memcpy(out->bcd, octets, sizeof out->bcd);
    for (guint i = 0; i < G_N_ELEMENTS(value); i++)
        value[i] = swapped_bcd(octets[i]);
    gint quarters = swapped_bcd((guint8)(octets[6] & 0xf7)); /* bit 3 is the sign */
    for (guint i = 0; i < G_N_ELEMENTS(value); i++)
        if (value[i] < 0) return;
    if (quarters < 0 || quarters > 14 * 4) return;
    /* two digits of a year: 90 and above are of the last century, as other programs have it */
    gint year = value[0] + (value[0] >= 90 ? 1900 : 2000);
    g_autoptr(GDateTime) local =
        g_date_time_new_utc(year, value[1], value[2], value[3], value[4], value[5]);
    if (!local) return;
    gint minutes = (octets[6] & 0x08 ? -15 : 15) * quarters;
    out->unix_s = g_date_time_to_unix(local) - minutes * 60;
    g_snprintf(out->text, sizeof out->text, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", year,
               value[1], value[2], value[3], value[4], value[5], minutes < 0 ? '-' : '+',
               ABS(minutes) / 60, ABS(minutes) % 60);
}

/* ---- data coding, TS 23.038 §4 ---- */

static void read_coding(guint8 dcs, Tpdu *out)
{
    static const TpduAlphabet alphabets[] = { TPDU_GSM7, TPDU_8BIT, TPDU_UCS2, TPDU_GSM7 };
    guint group = dcs >> 4;

    out->tp_dcs = dcs;
    out->alphabet = TPDU_GSM7; /* reserved codings are to be read as this */
    if (group <= 7) {          /* general, automatic deletion */
        out->is_compressed = (dcs & 0x20) != 0;
        out->alphabet = alphabets[(dcs >> 2) & 3];
    } else if (group == 0xe) { /* message waiting, stored, UCS-2 */
        out->alphabet = TPDU_UCS2;
    } else if (group == 0xf) { /* data coding and class */
        out->alphabet = dcs & 0x04 ? TPDU_8BIT : TPDU_GSM7;
    }
}

/* ---- user data, §9.2.3.24 ---- */

static void set_septets(Tpdu *out, const guint8 *septets, guint count)
{
    out->ud_count = count;
    memcpy(out->ud, septets, MIN(count, TPDU_UD_MAX));
    if (count > TPDU_UD_MAX) memcpy(out->ud_extra, septets + TPDU_UD_MAX, count - TPDU_UD_MAX);
}

static void read_septets(Reader *reader, Tpdu *out, const guint8 *octets, gsize len,
                         gsize header_len, guint udl)
{
    guint8 septets[TEXT_SEPTETS_MAX];
    guint fill = gsm7_fill_bits(header_len);
    guint header_septets = (guint)((header_len * 8 + 6) / 7);

    if (header_septets > udl) {
        refuse(reader, TPDU_ERROR_FIELD, "用户数据头比用户数据长");
        return;
    }
    guint count = udl - header_septets;
    if (count == 0) return;
    if (!gsm7_unpack(octets + header_len, len - header_len, header_len ? fill : 0, septets, count))
        refuse(reader, TPDU_ERROR_TRUNCATED, "用户数据 不完整");
    else
        set_septets(out, septets, count);
}

static void read_user_data(Reader *reader, Tpdu *out, gboolean has_header)
{
    guint udl = take(reader, "用户数据长度");
    gboolean is_septets = out->alphabet == TPDU_GSM7 && !out->is_compressed;
    gsize len = is_septets ? (udl * 7 + 7) / 8 : udl, header_len = 0;

    if (reader->is_bad) return;
    if (len > TPDU_UD_MAX) {
        refuse(reader, TPDU_ERROR_FIELD, "用户数据超过 140 个八位组");
        return;
    }
    gsize start = reader->at;
    const guint8 *octets = take_octets(reader, len, "用户数据");
    if (!octets) return;
    if (has_header && !udh_read(octets, len, &out->udh, &header_len)) {
        reader->at = start;
        refuse(reader, TPDU_ERROR_FIELD, "用户数据头有错");
        return;
    }
    if (is_septets) {
        read_septets(reader, out, octets, len, header_len, udl);
        return;
    }
    out->ud_count = (guint)(len - header_len);
    memcpy(out->ud, octets + header_len, out->ud_count);
}

/* ---- the three kinds ---- */

static void read_protocol(Reader *reader, Tpdu *out)
{
    out->tp_pid = take(reader, "TP-PID");
    out->is_type0 = out->tp_pid == 0x40;
    read_coding(take(reader, "TP-DCS"), out);
}

static void read_deliver(Reader *reader, Tpdu *out, guint8 first)
{
    out->kind = TPDU_DELIVER;
    read_address(reader, &out->address, "发送方号码");
    read_protocol(reader, out);
    read_time(reader, &out->tp_scts, "时间");
    read_user_data(reader, out, (first & 0x40) != 0);
}

static void read_submit(Reader *reader, Tpdu *out, guint8 first)
{
    static const guint validity_len[] = { 0, 7, 1, 7 }; /* none, enhanced, relative, absolute */

    out->kind = TPDU_SUBMIT;
    out->has_srr = (first & 0x20) != 0;
    out->tp_mr = take(reader, "TP-MR");
    read_address(reader, &out->address, "接收方号码");
    read_protocol(reader, out);
    take_octets(reader, validity_len[(first >> 3) & 3], "有效期");
    read_user_data(reader, out, (first & 0x40) != 0);
}

/* TP-PI says what follows, §9.2.3.27; nothing may. What makes no sense there is left out: the
 * outcome is known already. */
static void read_report_rest(Reader *reader, Tpdu *out, guint8 first)
{
    Reader rest = { reader->octets, reader->len, reader->at, NULL, FALSE };
    Tpdu with = *out;
    guint8 present = take(&rest, "TP-PI");
    for (guint8 more = present; more & 0x80 && !rest.is_bad;)
        more = take(&rest, "TP-PI");
    if (present & 0x01) with.tp_pid = take(&rest, "TP-PID");
    if (present & 0x02) read_coding(take(&rest, "TP-DCS"), &with);
    if (present & 0x04) read_user_data(&rest, &with, (first & 0x40) != 0);
    if (rest.is_bad) return;
    *out = with;
    reader->at = rest.at;
}

static void read_report(Reader *reader, Tpdu *out, guint8 first)
{
    out->kind = TPDU_STATUS_REPORT;
    out->tp_mr = take(reader, "TP-MR");
    read_address(reader, &out->address, "接收方号码");
    read_time(reader, &out->tp_scts, "时间");
    read_time(reader, &out->tp_dt, "送达时间");
    out->tp_st = take(reader, "TP-ST");
    if (!reader->is_bad && reader->at < reader->len) read_report_rest(reader, out, first);
}

gboolean tpdu_decode(const guint8 *octets, gsize len, Tpdu *out, GError **error)
{
    Reader reader = { octets, len, 0, error, FALSE };

    memset(out, 0, sizeof *out);
    read_centre(&reader, &out->smsc);
    guint8 first = take(&reader, "第一个八位组");
    if (reader.is_bad) return FALSE;
    switch (first & 3) { /* TP-MTI */
    case 0:
        read_deliver(&reader, out, first);
        break;
    case 1:
        read_submit(&reader, out, first);
        break;
    case 2:
        read_report(&reader, out, first);
        break;
    default:
        reader.at--;
        return refuse(&reader, TPDU_ERROR_KIND, "保留的短信类型");
    }
    if (!reader.is_bad) out->excess = (guint)(len - reader.at);
    return !reader.is_bad;
}

/* Octets, or 0 with *error. */
static gsize hex_octets(const char *hex, guint8 octets[TPDU_OCTETS_MAX], GError **error)
{
    gsize digits = strlen(hex), len = digits / 2;

    for (gsize i = 0; i < digits; i++)
        if (!g_ascii_isxdigit(hex[i])) {
            g_set_error(error, TPDU_ERROR, TPDU_ERROR_FIELD, "第 %zu 个字符不是十六进制数字",
                        i + 1);
            return 0;
        }
    if (digits % 2 || digits == 0) {
        g_set_error(error, TPDU_ERROR, TPDU_ERROR_TRUNCATED, "十六进制数字的个数是 %zu，%s", digits,
                    digits ? "不成对" : "是空的");
        return 0;
    }
    if (len > TPDU_OCTETS_MAX) {
        g_set_error(error, TPDU_ERROR, TPDU_ERROR_EXCESS, "太长：%zu 个八位组", len);
        return 0;
    }
    for (gsize i = 0; i < len; i++)
        octets[i] =
            (guint8)(g_ascii_xdigit_value(hex[2 * i]) * 16 + g_ascii_xdigit_value(hex[2 * i + 1]));
    return len;
}

gboolean tpdu_decode_hex(const char *hex, gssize stated_len, Tpdu *out, GError **error)
{
    guint8 octets[TPDU_OCTETS_MAX];

    memset(out, 0, sizeof *out);
    gsize len = hex_octets(hex, octets, error);
    if (len == 0) return FALSE;
    gssize tpdu_len = (gssize)len - 1 - octets[0];
    if (stated_len >= 0 && tpdu_len != stated_len) {
        g_set_error(error, TPDU_ERROR,
                    tpdu_len < stated_len ? TPDU_ERROR_TRUNCATED : TPDU_ERROR_EXCESS,
                    "说是 %zd 个八位组，实际 %zd 个", stated_len, tpdu_len);
        return FALSE;
    }
    return tpdu_decode(octets, len, out, error);
}

gboolean tpdu_is_delivered(guint8 tp_st, gboolean *is_final)
{
    /* 0x00–0x1f done, 0x20–0x3f the centre still tries, 0x40–0x7f given up; reserved values are a
     * failure, §9.2.3.15 */
    *is_final = tp_st < 0x20 || tp_st >= 0x40;
    return tp_st <= 0x02;
}

/* ---- text ---- */

static void append_units(GByteArray *units, const Tpdu *part)
{
    g_byte_array_append(units, part->ud, part->ud_count & ~1u); /* half a unit is none */
}

/* UTF-16 with surrogates put together; a lone one is U+FFFD. */
static void append_ucs2(GString *out, const GByteArray *units)
{
    for (guint i = 0; i + 1 < units->len; i += 2) {
        gunichar unit = (gunichar)units->data[i] << 8 | units->data[i + 1];
        gboolean is_high = unit >= 0xd800 && unit < 0xdc00;
        if (is_high && i + 3 < units->len) {
            gunichar low = (gunichar)units->data[i + 2] << 8 | units->data[i + 3];
            if (low >= 0xdc00 && low < 0xe000) {
                unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        if (unit >= 0xd800 && unit < 0xe000) unit = 0xfffd;
        g_string_append_unichar(out, unit ? unit : ' ');
    }
}

static void append_gsm7(GString *out, const Tpdu *part)
{
    guint8 septets[TEXT_SEPTETS_MAX];
    for (guint i = 0; i < part->ud_count; i++)
        septets[i] = i < TPDU_UD_MAX ? part->ud[i] : part->ud_extra[i - TPDU_UD_MAX];
    g_autofree char *text = gsm7_decode(septets, part->ud_count, part->udh.languages);
    g_string_append(out, text);
}

/* CR LF → LF; other control characters → space. */
static char *clean(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar ch = g_utf8_get_char(p);
        if (ch == '\r' && p[1] == '\n') continue;
        if (ch == '\r') ch = '\n';
        gboolean is_control = ch != '\n' && (ch < 0x20 || (ch >= 0x7f && ch < 0xa0));
        g_string_append_unichar(out, is_control ? ' ' : ch);
    }
    return g_string_free(out, FALSE);
}

char *tpdu_text_as_sent(const Tpdu *const *parts, guint count)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GByteArray) units = g_byte_array_new();

    for (guint i = 0; i < count; i++) {
        if (parts[i]->is_compressed || parts[i]->alphabet == TPDU_8BIT) continue;
        if (parts[i]->alphabet == TPDU_UCS2) {
            append_units(units, parts[i]);
            if (i + 1 < count && parts[i + 1]->alphabet == TPDU_UCS2) continue;
            append_ucs2(text, units);
            g_byte_array_set_size(units, 0);
        } else {
            append_gsm7(text, parts[i]);
        }
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

char *tpdu_text(const Tpdu *const *parts, guint count)
{
    g_autofree char *text = tpdu_text_as_sent(parts, count);
    return clean(text);
}

/* ---- SMS-SUBMIT, §9.2.2.2 ---- */

static gboolean append_number(GByteArray *tpdu, const char *number, GError **error)
{
    guint8 octets[NUMBER_DIGITS_MAX / 2];
    guint8 toa = *number == '+' ? TOA_INTERNATIONAL_ISDN : TOA_NATIONAL_ISDN;
    const char *digits = *number == '+' ? number + 1 : number;
    gsize count = strlen(digits);

    if (count == 0 || count > NUMBER_DIGITS_MAX || strspn(digits, semi_octets) != count) {
        g_set_error(error, TPDU_ERROR, TPDU_ERROR_TEXT, "不是电话号码");
        return FALSE;
    }
    memset(octets, 0xff, sizeof octets);
    for (gsize i = 0; i < count; i++) {
        guint value = (guint)(strchr(semi_octets, digits[i]) - semi_octets);
        octets[i / 2] = (guint8)(i % 2 ? (octets[i / 2] & 0x0f) | value << 4 : 0xf0 | value);
    }
    guint8 head[] = { (guint8)count, toa };
    g_byte_array_append(tpdu, head, sizeof head);
    g_byte_array_append(tpdu, octets, (guint)((count + 1) / 2));
    return TRUE;
}

/* Relative format, §9.2.3.12.1, rounded up. */
static guint8 relative_validity(guint minutes)
{
    if (minutes <= 12 * 60) return (guint8)(minutes <= 5 ? 0 : (minutes + 4) / 5 - 1);
    if (minutes <= 24 * 60) return (guint8)(143 + (minutes - 12 * 60 + 29) / 30);
    guint days = (minutes + 1439) / 1440;
    if (days <= 30) return (guint8)(166 + days);
    return (guint8)(192 + MIN((days + 6) / 7, 63));
}

static GByteArray *ucs2_of(const char *text, GError **error)
{
    gsize len = 0;
    char *octets =
        convert_text(CHARSET_UTF8, CHARSET_UTF16BE, text, strlen(text), &len, NULL, error);
    if (!octets) return NULL;
    return g_byte_array_new_take((guint8 *)octets, len);
}

static gboolean too_long(GError **error)
{
    g_set_error(error, TPDU_ERROR, TPDU_ERROR_TEXT, "超过一条短信的长度");
    return FALSE;
}

static gboolean append_ucs2_data(GByteArray *tpdu, const guint8 *header, guint header_len,
                                 const char *text, GError **error)
{
    g_autoptr(GByteArray) data = ucs2_of(text, error);
    if (!data) return FALSE;
    if (header_len + data->len > TPDU_UD_MAX) return too_long(error);
    guint8 udl = (guint8)(header_len + data->len);
    g_byte_array_append(tpdu, &udl, 1);
    g_byte_array_append(tpdu, header, header_len);
    g_byte_array_append(tpdu, data->data, data->len);
    return TRUE;
}

static gboolean append_gsm7_data(GByteArray *tpdu, const guint8 *header, guint header_len,
                                 const char *text, GError **error)
{
    gunichar missing = 0;
    guint fill = header_len ? gsm7_fill_bits(header_len) : 0;
    guint header_septets = (header_len * 8 + 6) / 7;
    g_autoptr(GByteArray) septets = gsm7_encode(text, (Gsm7Alphabet){ 0 }, &missing);

    if (!septets) {
        g_set_error(error, TPDU_ERROR, TPDU_ERROR_TEXT, "U+%04X 不在 GSM 7 位字符集里", missing);
        return FALSE;
    }
    if (header_septets + septets->len > TEXT_SEPTETS_MAX) return too_long(error);
    g_autoptr(GByteArray) packed = gsm7_pack(septets->data, septets->len, fill);
    guint8 udl = (guint8)(header_septets + septets->len);
    g_byte_array_append(tpdu, &udl, 1);
    g_byte_array_append(tpdu, header, header_len);
    g_byte_array_append(tpdu, packed->data, packed->len);
    return TRUE;
}

static char *hex_of(const GByteArray *octets)
{
    GString *hex = g_string_sized_new(octets->len * 2 + 1);
    for (guint i = 0; i < octets->len; i++)
        g_string_append_printf(hex, "%02X", octets->data[i]);
    return g_string_free(hex, FALSE);
}

char *tpdu_submit_hex(const TpduSubmit *submit, guint *tpdu_len, GError **error)
{
    guint8 header[UDH_CONCATENATION_LEN];
    guint header_len = submit->total > 1 ? UDH_CONCATENATION_LEN : 0;
    g_autoptr(GByteArray) tpdu = g_byte_array_new();
    guint8 first =
        (guint8)(0x01 | (submit->is_repeat ? 0x04 : 0) | (submit->validity_minutes ? 0x10 : 0) |
                 (submit->has_srr ? 0x20 : 0) | (header_len ? 0x40 : 0));
    guint8 head[] = { 0x00, first, submit->tp_mr };
    guint8 coding[] = { 0x00, submit->is_ucs2 ? 0x08 : 0x00 };
    guint8 validity = relative_validity(submit->validity_minutes);

    udh_concatenation(header, submit->ref, submit->total, submit->seq);
    g_byte_array_append(tpdu, head, sizeof head);
    if (!append_number(tpdu, submit->number, error)) return NULL;
    g_byte_array_append(tpdu, coding, sizeof coding);
    if (submit->validity_minutes) g_byte_array_append(tpdu, &validity, 1);
    if (!(submit->is_ucs2 ? append_ucs2_data(tpdu, header, header_len, submit->text, error)
                          : append_gsm7_data(tpdu, header, header_len, submit->text, error)))
        return NULL;
    *tpdu_len = tpdu->len - 1;
    return hex_of(tpdu);
}

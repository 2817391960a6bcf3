#include "db/private_number.h"

#include "charset/mask.h"

#define MOBILE_LEN   PRIVATE_NUMBER_LEN_MIN
#define CARD_LEN_MIN 16u
#define CARD_LEN_MAX 19u
#define ID_LEN       18u

gboolean private_number_has_check_digit(const char *id)
{
    static const guint8 weights[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    guint sum = 0;
    for (gsize i = 0; i < 17; i++)
        sum += weights[i] * (guint)(id[i] - '0');
    return "10X98765432"[sum % 11] == g_ascii_toupper(id[17]);
}

static guint number(const char *digits, gsize len)
{
    guint value = 0;
    for (gsize i = 0; i < len; i++)
        value = value * 10 + (guint)(digits[i] - '0');
    return value;
}

/* A date of birth too: the eighteen digits of other registers pass the check digit now and then. */
static gboolean is_id(const char *at, gsize len)
{
    if (len != ID_LEN || !private_number_has_check_digit(at)) return FALSE;
    guint year = number(at + 6, 4), month = number(at + 10, 2), day = number(at + 12, 2);
    return year >= 1900 && year <= 2100 && month >= 1 && month <= 12 &&
           g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

/* ISO/IEC 7812-1 annex B */
static gboolean is_card(const char *at, gsize len)
{
    guint sum = 0;
    if (len < CARD_LEN_MIN || len > CARD_LEN_MAX || at[0] == '0' || at[len - 1] > '9') return FALSE;
    for (gsize i = 0; i < len; i++) {
        guint digit = (guint)(at[i] - '0') << ((len - i) % 2 == 0);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
}

static gboolean is_mobile(const char *at, gsize len)
{
    if (len == MOBILE_LEN + 2 && at[0] == '8' && at[1] == '6') return is_mobile(at + 2, len - 2);
    return len == MOBILE_LEN && at[0] == '1' && at[1] >= '3' && at[1] <= '9';
}

/* From *from on, the next run of so many digits that it may be one; an X that ends it belongs to
 * it. */
static const char *next_run(const char **from, const char *end, gsize *len)
{
    const char *at = *from;
    while ((gsize)(end - at) >= MOBILE_LEN) {
        gsize back = 0;
        while (back < MOBILE_LEN && g_ascii_isdigit(at[MOBILE_LEN - 1 - back]))
            back++;
        if (back < MOBILE_LEN) {
            at += MOBILE_LEN - back;
            continue;
        }
        const char *after = at + MOBILE_LEN;
        while (after < end && g_ascii_isdigit(*after))
            after++;
        if (after < end && after - at == ID_LEN - 1 && (*after == 'X' || *after == 'x')) after++;
        *from = after;
        *len = (gsize)(after - at);
        return at;
    }
    return NULL;
}

static PrivateNumber classify(const char *text, const char *at, gsize len)
{
    if ((at > text && g_ascii_isalnum(at[-1])) || g_ascii_isalnum(at[len]))
        return PRIVATE_NUMBER_NONE;
    if (is_id(at, len)) return PRIVATE_NUMBER_ID;
    if (is_card(at, len)) return PRIVATE_NUMBER_BANK_CARD;
    return is_mobile(at, len) ? PRIVATE_NUMBER_MOBILE : PRIVATE_NUMBER_NONE;
}

PrivateNumber private_number_find(const char *text, gsize len)
{
    PrivateNumber worst = PRIVATE_NUMBER_NONE;
    gsize run = 0;
    for (const char *from = text, *at; (at = next_run(&from, text + len, &run));)
        worst = MAX(worst, classify(text, at, run));
    return worst;
}

char *private_number_mask(const char *text)
{
    GString *masked = g_string_new(NULL);
    const char *from = text, *copied = text;
    gsize run = 0;
    for (const char *at; (at = next_run(&from, text + strlen(text), &run));) {
        if (classify(text, at, run) == PRIVATE_NUMBER_NONE) continue;
        g_autofree char *plain = g_strndup(at, run);
        g_autofree char *hidden = run <= MOBILE_LEN + 2 ? mask_phone(plain) : mask_id(plain);
        g_string_append_len(masked, copied, at - copied);
        g_string_append(masked, hidden);
        copied = from;
    }
    g_string_append(masked, copied);
    return g_string_free(masked, FALSE);
}

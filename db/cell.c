#include "db/cell.h"

/* What an octet says about the character it begins. */
enum { PLAIN, SPACE, CONTINUATION, HAN, CJK_SYMBOL, FORMS, OTHER };

static const guint8 octet_class[256] = {
    [0x00 ... 0x1f] = OTHER,
    [0x20] = SPACE,
    [0x21 ... 0x7e] = PLAIN,
    [0x7f] = OTHER,
    [0x80 ... 0xbf] = CONTINUATION,
    [0xc0 ... 0xe2] = OTHER,
    [0xe3] = CJK_SYMBOL,
    [0xe4 ... 0xe9] = HAN, /* U+4000–9FFF: none decomposes */
    [0xea ... 0xee] = OTHER,
    [0xef] = FORMS,
    [0xf0 ... 0xff] = OTHER,
};

/* 、 。 〈 … 】 (U+3001–3011) but not the space U+3000 */
static gboolean is_cjk_mark(const char *at)
{
    return (guint8)at[1] == 0x80 && (guint8)at[2] >= 0x81 && (guint8)at[2] <= 0x91;
}

/* （ ） ， ： ； ？ ！ */
static gboolean is_full_width_mark(const char *at)
{
    return (guint8)at[1] == 0xbc && strchr("\x81\x88\x89\x8c\x9a\x9b\x9f", at[2]) != NULL;
}

/* TRUE, with the characters counted, if there is nothing to mend for certain. */
static gboolean is_clean(const char *text, gsize len, guint *char_count)
{
    guint count = 0;
    for (gsize i = 0; i < len; i++) {
        switch (octet_class[(guint8)text[i]]) {
        case PLAIN:
        case SPACE:
        case HAN:
            count++;
            break;
        case CONTINUATION:
            break;
        case CJK_SYMBOL:
            if (!is_cjk_mark(text + i)) return FALSE;
            count++;
            break;
        case FORMS:
            if (!is_full_width_mark(text + i)) return FALSE;
            count++;
            break;
        default:
            return FALSE;
        }
    }
    *char_count = count;
    return len == 0 || (text[0] != ' ' && text[len - 1] != ' ');
}

static gboolean is_noncharacter(gunichar ch)
{
    return (ch & 0xfffe) == 0xfffe || (ch >= 0xfdd0 && ch <= 0xfdef);
}

static gunichar half_width(gunichar ch, gboolean is_code)
{
    gboolean is_form = ch >= 0xff01 && ch <= 0xff5e;
    gunichar ascii = is_form ? ch - 0xfee0 : ch;
    return is_form && (is_code || g_ascii_isalnum((char)ascii)) ? ascii : ch;
}

/* One character into `scratch`; spaces are held back in *gap until something follows them. */
static void clean_char(gunichar ch, gboolean is_code, GString *scratch, gunichar *gap,
                       CellText *out)
{
    GUnicodeType type = g_unichar_type(ch);
    gboolean is_break = ch == '\n' || ch == '\r' || ch == '\t' || ch == 0x2028 || ch == 0x2029;
    if (is_break || type == G_UNICODE_SPACE_SEPARATOR) {
        if (is_break) out->mends |= CELL_TRIMMED;
        if (!is_break && ch != ' ') out->mends |= CELL_HALF_WIDTH;
        if (scratch->len == 0)
            out->mends |= CELL_TRIMMED;
        else if (*gap != ' ')
            *gap = is_break ? '\n' : ' ';
        return;
    }
    if (type == G_UNICODE_FORMAT) {
        out->mends |= CELL_INVISIBLE;
        return;
    }
    if (ch == 0xfffd)
        out->faults |= CELL_GARBLED;
    else if (type == G_UNICODE_CONTROL || is_noncharacter(ch))
        out->faults |= CELL_CONTROL;
    else if (type == G_UNICODE_PRIVATE_USE)
        out->faults |= CELL_PRIVATE_USE;
    gunichar half = half_width(ch, is_code);
    if (half != ch) out->mends |= CELL_HALF_WIDTH;
    /* a line end between Latin words keeps them apart, one within Chinese text vanishes */
    gboolean is_apart =
        *gap == '\n' && ch < 0x80 && g_ascii_isalnum(scratch->str[scratch->len - 1]);
    if (*gap == ' ' || is_apart) g_string_append_c(scratch, ' ');
    *gap = 0;
    g_string_append_unichar(scratch, type == G_UNICODE_CONTROL ? 0xfffd : half);
}

static void compose(GString *scratch, CellText *out)
{
    g_autofree char *composed =
        g_utf8_normalize(scratch->str, (gssize)scratch->len, G_NORMALIZE_NFC);
    if (!composed || strcmp(composed, scratch->str) == 0) return;
    out->mends |= CELL_COMPOSED;
    g_string_assign(scratch, composed);
}

void cell_clean(const char *text, gsize len, gboolean is_code, GString *scratch, CellText *out)
{
    *out = (CellText){ .text = text, .len = len };
    if (is_clean(text, len, &out->char_count) && (!is_code || out->char_count == len)) return;

    g_string_truncate(scratch, 0);
    gunichar gap = 0;
    const char *end = text + len;
    for (const char *at = text; at < end; at = g_utf8_next_char(at))
        clean_char(*at ? g_utf8_get_char(at) : 0, is_code, scratch, &gap, out);
    if (gap) out->mends |= CELL_TRIMMED;
    compose(scratch, out);
    out->text = scratch->str;
    out->len = scratch->len;
    out->char_count = (guint)g_utf8_strlen(scratch->str, (gssize)scratch->len);
}

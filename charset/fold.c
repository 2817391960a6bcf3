#include "charset/fold.h"

/* Characters in a row that lean on the one before (marks, Hangul vowels and finals), beyond this
 * many, are dropped: reordering and composing them (NFKC) costs GLib the square of their number,
 * and no language needs so many. Unicode's Stream-Safe Text Format (UAX #15 §13) has the same
 * limit. */
#define LEANING_MAX 30

/* Octets handed to GLib's normalisation at once, for the same reason: each composition moves all
 * that follows it. */
#define PIECE_LEN 512

#define SIMPLIFY_FIRST 0x3400
#define SIMPLIFY_LAST  0x9fff

/* By character; 0: stays as it is. */
static const guint16 simplify_table[SIMPLIFY_LAST - SIMPLIFY_FIRST + 1] = {
#include "charset/simplify_table.inc"
};

gunichar fold_simplify(gunichar ch)
{
    if (ch < SIMPLIFY_FIRST || ch > SIMPLIFY_LAST || !simplify_table[ch - SIMPLIFY_FIRST])
        return ch;
    return simplify_table[ch - SIMPLIFY_FIRST];
}

/* ---- before normalisation: valid, visible, little that leans ---- */

static gboolean is_han(gunichar ch)
{
    return (ch >= 0x4e00 && ch <= 0x9fff) || (ch >= 0x3400 && ch <= 0x4dbf) || ch == 0x3005 ||
           ch == 0x3007 || (ch >= 0x20000 && ch <= 0x3ffff);
}

/* Characters that neither NFKC nor case folding touches, once prepare() has seen to A–Z and full
 * width; in a text of nothing else both can be left out, which is nearly every text. */
static gboolean is_plain(gunichar ch)
{
    return ch < 0x80 || (ch >= 0x4e00 && ch <= 0x9fff) || (ch >= 0x3400 && ch <= 0x4dbf) ||
           (ch >= 0x3001 && ch <= 0x3002) || (ch >= 0x3005 && ch <= 0x3011) ||
           (ch >= 0x2018 && ch <= 0x2019) || (ch >= 0x201c && ch <= 0x201d) || ch == 0x2014 ||
           ch == 0xfffd;
}

/* White space of any kind, among it what separates lines and paragraphs. */
static gboolean is_space(gunichar ch)
{
    if (ch < 0x80) return ch == ' ' || (ch >= '\t' && ch <= '\r') || ch == 0;
    if (ch >= 0x3001 && ch <= 0x9fff) return FALSE;
    return ch == 0x85 || g_unichar_isspace(ch);
}

/* What nobody sees: controls, zero-width and direction marks, variation selectors, fillers. */
static gboolean is_invisible(gunichar ch)
{
    if (ch >= 0x20 && ch < 0x7f) return FALSE;
    if (ch >= 0x3001 && ch <= 0x3163) return FALSE;
    if (ch >= 0x3165 && ch <= 0x9fff) return FALSE;
    switch (ch) {
    case 0x034f: /* combining grapheme joiner */
    case 0x115f: /* Hangul fillers */
    case 0x1160:
    case 0x17b4: /* Khmer inherent vowels */
    case 0x17b5:
    case 0x3164:
    case 0xffa0:
        return TRUE;
    default:
        break;
    }
    if ((ch >= 0x180b && ch <= 0x180f) || (ch >= 0xfe00 && ch <= 0xfe0f)) return TRUE;
    if (ch >= 0xe0000 && ch <= 0xe0fff) return TRUE;
    GUnicodeType type = g_unichar_type(ch);
    return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT;
}

/* Whether NFKC may reorder `ch` or compose it with what stands before. */
static gboolean is_leaning(gunichar ch)
{
    if (is_plain(ch)) return FALSE;
    gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
    if (g_unichar_fully_decompose(ch, TRUE, parts, G_N_ELEMENTS(parts)) == 0) return FALSE;
    return g_unichar_ismark(parts[0]) || (parts[0] >= 0x1160 && parts[0] <= 0x11ff) ||
           (parts[0] >= 0xd7b0 && parts[0] <= 0xd7ff);
}

typedef struct {
    GString *out;
    guint leaning;         /* in a row, at the end of `out` */
    gboolean is_all_plain; /* is_plain() for every character of `out` */
} Prepared;

static void prepare_char(Prepared *p, gunichar ch)
{
    if (is_space(ch)) {
        p->leaning = 0;
        g_string_append_c(p->out, ' ');
        return;
    }
    if (is_invisible(ch)) return;
    if (ch >= 0xff01 && ch <= 0xff5e) ch -= 0xfee0; /* full width; NFKC does the same */
    if (ch >= 'A' && ch <= 'Z') ch += 'a' - 'A';
    if (ch >= 0x13a0 && ch <= 0x13f5)
        ch = g_unichar_tolower(ch); /* GLib folds Cherokee to and fro */
    if (!is_plain(ch)) p->is_all_plain = FALSE;
    p->leaning = is_leaning(ch) ? p->leaning + 1 : 0;
    if (p->leaning > LEANING_MAX) return;
    g_string_append_unichar(p->out, ch);
}

static void prepare(Prepared *p, const char *octets, gsize len)
{
    const char *at = octets, *end = octets + len;
    while (at < end) {
        gunichar ch = (guchar)*at < 0x80 ? (guchar)*at : g_utf8_get_char_validated(at, end - at);
        if (ch == (gunichar)-1 || ch == (gunichar)-2) {
            prepare_char(p, 0xfffd);
            at++;
            continue;
        }
        prepare_char(p, ch);
        at += g_utf8_skip[(guchar)*at];
    }
}

/* ---- normalisation, piece by piece ---- */

/* Where the piece that starts at `text` ends: before a character that does not lean on the one
 * before. */
static const char *piece_end(const char *text, const char *end)
{
    if (end - text <= PIECE_LEN) return end;
    const char *at = g_utf8_find_prev_char(text, text + PIECE_LEN + 1);
    while (at < end && is_leaning(g_utf8_get_char(at)))
        at = g_utf8_next_char(at);
    return at;
}

static char *normalize(const char *text)
{
    gsize len = strlen(text);
    GString *out = g_string_sized_new(len);
    for (const char *at = text, *end = text + len; at < end;) {
        const char *next = piece_end(at, end);
        g_autofree char *piece = g_utf8_normalize(at, next - at, G_NORMALIZE_NFKC);
        g_string_append(out, piece);
        at = next;
    }
    return g_string_free(out, FALSE);
}

/* ---- after it: simplified, and spaces only where they part something ---- */

static char *finish(const char *utf8, gsize len)
{
    GString *out = g_string_sized_new(len);
    gunichar last = 0; /* 0: nothing yet, so that a leading space goes, too */
    gboolean has_space = FALSE;
    guint leaning = 0;
    for (const char *at = utf8; *at; at = g_utf8_next_char(at)) {
        gunichar ch = g_utf8_get_char(at);
        if (is_space(ch)) {
            has_space = TRUE;
            leaning = 0;
            continue;
        }
        ch = fold_simplify(ch);
        leaning = is_leaning(ch) ? leaning + 1 : 0; /* one may have become several */
        if (leaning > LEANING_MAX) continue;
        if (has_space && last && !(is_han(last) && is_han(ch))) g_string_append_c(out, ' ');
        g_string_append_unichar(out, ch);
        has_space = FALSE;
        last = ch;
    }
    return g_string_free(out, FALSE);
}

/* ---- nearly every text: nothing but Han, ASCII and usual punctuation, without spaces ---- */

/* The character of three octets at `at`, or 0 if there is none. */
static gunichar three_octets(const guchar *at, const guchar *end)
{
    if (end - at < 3 || (at[0] & 0xf0) != 0xe0 || (at[1] & 0xc0) != 0x80 || (at[2] & 0xc0) != 0x80)
        return 0;
    return (gunichar)((at[0] & 0x0f) << 12 | (at[1] & 0x3f) << 6 | (at[2] & 0x3f));
}

/* NULL if the text has anything else in it. */
static char *fold_plain(const char *utf8, gsize len)
{
    const guchar *at = (const guchar *)utf8, *end = at + len;
    g_autofree char *out = g_malloc(len + 1);
    char *to = out;

    while (at < end) {
        gunichar ch = *at;
        if (ch > 0x20 && ch < 0x7f) {
            *to++ = g_ascii_tolower((char)ch);
            at++;
            continue;
        }
        ch = three_octets(at, end);
        if (ch >= 0xff01 && ch <= 0xff5e) {
            *to++ = g_ascii_tolower((char)(ch - 0xfee0));
        } else {
            if (ch < 0x80 || ch == 0xfffd || !is_plain(ch)) return NULL;
            to += g_unichar_to_utf8(fold_simplify(ch), to);
        }
        at += 3;
    }
    *to = 0;
    return g_steal_pointer(&out);
}

char *fold_text(const char *utf8, gssize len)
{
    gsize octets = len < 0 ? strlen(utf8) : (gsize)len;
    char *plain = fold_plain(utf8, octets);
    if (plain) return plain;
    Prepared p = { .out = g_string_sized_new(octets), .is_all_plain = TRUE };
    prepare(&p, utf8, octets);
    g_autofree char *text = g_string_free(p.out, FALSE);
    if (!p.is_all_plain) {
        g_autofree char *normal = normalize(text);
        g_autofree char *small = g_utf8_casefold(normal, -1);
        g_free(text);
        text = normalize(small);
    }
    return finish(text, strlen(text));
}

/* charset/convert.c: two octets choose the pair and where the stream is cut, the rest is the
 * stream. */
#include "charset/convert.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

typedef struct {
    gboolean is_ok;
    guint64 fault;
    int code; /* of the error */
    GString *out;
} Outcome;

static Outcome convert(Charset from, Charset to, const void *octets, gsize len, gsize split)
{
    g_autoptr(Converter) c = converter_new(from, to, NULL);
    g_autoptr(GError) error = NULL;
    Outcome outcome = { .out = g_string_new(NULL) };
    outcome.is_ok =
        converter_push(c, octets, split, FALSE, outcome.out, &error) &&
        converter_push(c, (const guint8 *)octets + split, len - split, TRUE, outcome.out, &error);
    g_assert(outcome.is_ok == !error); /* a result or an error, never both, never neither */
    outcome.code = error ? error->code : -1;
    if (outcome.is_ok) return outcome;
    gsize fault_len;
    outcome.fault = converter_fault_offset(c);
    const guint8 *fault = converter_fault_octets(c, &fault_len);
    g_assert(fault_len >= 1 && outcome.fault + fault_len <= len);
    g_assert(memcmp(fault, (const guint8 *)octets + outcome.fault, fault_len) == 0);
    return outcome;
}

/* Where the stream is cut changes nothing. */
static void check_split(Charset from, Charset to, const guint8 *octets, gsize len, gsize split,
                        const Outcome *whole)
{
    Outcome cut = convert(from, to, octets, len, split);
    g_assert(cut.is_ok == whole->is_ok && cut.fault == whole->fault && cut.code == whole->code);
    g_assert(g_string_equal(cut.out, whole->out));
    g_string_free(cut.out, TRUE);
}

/* What was converted converts back, and from there again to the same. */
static void check_round_trip(Charset from, Charset to, const GString *out)
{
    Outcome back = convert(to, from, out->str, out->len, 0);
    g_assert(back.is_ok);
    Outcome again = convert(from, to, back.out->str, back.out->len, 0);
    g_assert(again.is_ok && g_string_equal(again.out, out));
    g_string_free(back.out, TRUE);
    g_string_free(again.out, TRUE);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size < 2) return 0;
    Charset from = data[0] / 16 % CHARSET_COUNT, to = data[0] % 16 % CHARSET_COUNT;
    gsize len = size - 2, split = len > 0 ? data[1] % (len + 1) : 0;
    g_autofree guint8 *octets =
        g_malloc(MAX(len, 1)); /* of its own, so that reading past its end shows */
    memcpy(octets, data + 2, len);
    Outcome whole = convert(from, to, octets, len, len);
    check_split(from, to, octets, len, split, &whole);
    check_round_trip(from, to, whole.out);
    if (to == CHARSET_UTF8) {
        for (const char *p = whole.out->str, *end = p + whole.out->len; p < end; p++) {
            const char *bad;
            if (g_utf8_validate_len(p, (gsize)(end - p), &bad)) break;
            g_assert(*bad == '\0');
            p = bad;
        }
    }
    g_string_free(whole.out, TRUE);
    return 0;
}

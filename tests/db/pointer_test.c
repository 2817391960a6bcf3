#include "db/pointer.h"

static const Pointer good = {
    .content = 123,
    .prev = 122,
    .last = 130,
    .schema = 1,
    .content_b2 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    .digest = "0123456789abcdef0123456789abcdef",
    .published = "2026-03-05T09:10:11+08:00",
};
#define LINE                                                                                       \
    "{\"v\":1,\"content\":123,\"content_b2\":"                                                     \
    "\"00112233445566778899aabbccddeeff00112233445566778899"                                       \
    "aabbccddeeff\",\"digest\":\"0123456789abcdef0123456789abcdef\",\"personal\":null,"            \
    "\"personal_b2\":null,\"schema\":1,\"published\":\"2026-03-05T09:10:11+08:00\",\"prev\":122,"  \
    "\"last\":130}"

static gboolean parse_with_hash(const char *line, Pointer *out)
{
    char hash[33];
    g_autoptr(GError) error = NULL;
    disk_short_digest(line, strlen(line), hash);
    g_autofree char *text = g_strconcat(line, "\n\n", hash, "\n", NULL);
    gboolean is_parsed = pointer_parse(text, strlen(text), out, &error);
    g_assert_true(is_parsed == (error == NULL));
    return is_parsed;
}

static void test_round_trip(void)
{
    gsize len = 0;
    Pointer read = { 0 };
    g_autoptr(GError) error = NULL;
    g_autofree char *text = pointer_format(&good, &len);
    g_assert_true(g_str_has_prefix(text, LINE "\n\n"));
    g_assert_true(pointer_parse(text, len, &read, &error));
    g_assert_cmpuint(read.content, ==, 123);
    g_assert_cmpuint(read.prev, ==, 122);
    g_assert_cmpuint(read.last, ==, 130);
    g_assert_cmpstr(read.content_b2, ==, good.content_b2);
    g_assert_cmpstr(read.digest, ==, good.digest);
    g_assert_cmpstr(read.published, ==, good.published);
}

/* Lines with a right hash that are none of ours: LINE with one part replaced. */
static const struct {
    const char *name, *old, *fresh;
} refused[] = {
    { "other version", "\"v\":1", "\"v\":2" },
    { "number too high", "\"content\":123", "\"content\":1000000" },
    { "number above last", "\"last\":130", "\"last\":122" },
    { "negative", "\"prev\":122", "\"prev\":-1" },
    { "number as text", "\"prev\":122", "\"prev\":\"122\"" },
    { "leading zero", "\"prev\":122", "\"prev\":0122" },
    { "short digest", "0123456789abcdef0123456789abcdef", "0123456789abcdef" },
    { "upper case", "0123456789abcdef0123456789abcdef", "0123456789ABCDEF0123456789ABCDEF" },
    { "path as time", "2026-03-05T09:10:11+08:00", "../../etc/passwd/////////" },
    { "no time", "2026-03-05T09:10:11+08:00", "" },
    { "starter with digest", "\"content\":123", "\"content\":0" },
    { "extra member", "\"schema\":1", "\"schema\":1,\"x\":1" },
    { "member twice", "\"schema\":1", "\"schema\":1,\"schema\":1" },
    { "space", "\"schema\":1", "\"schema\": 1" },
    { "member missing", "\"schema\":1,", "" },
};

static void test_refused(void)
{
    Pointer untouched = { .content = 7 };
    Pointer read = { 0 };
    g_assert_true(parse_with_hash(LINE, &read));
    for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_test_message("%s", refused[i].name);
        g_auto(GStrv) parts = g_strsplit(LINE, refused[i].old, 2);
        g_assert_cmpuint(g_strv_length(parts), ==, 2);
        g_autofree char *line = g_strjoinv(refused[i].fresh, parts);
        g_assert_false(parse_with_hash(line, &untouched));
        g_assert_cmpuint(untouched.content, ==, 7);
    }
    g_assert_false(parse_with_hash("", &untouched));
    g_assert_false(parse_with_hash("[]", &untouched));
    g_assert_false(parse_with_hash("{}", &untouched));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pointer/round-trip", test_round_trip);
    g_test_add_func("/pointer/refused", test_refused);
    return g_test_run();
}

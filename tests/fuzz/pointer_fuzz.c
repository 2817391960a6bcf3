/* A pointer file of any octets: a pointer that reads back to the same octets, or an error. The hash
 * would keep nearly every input out, so the same octets are tried as a line that has its right
 * hash. */
#include "db/pointer.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *octets, gsize len)
{
    g_autoptr(GError) error = NULL;
    Pointer pointer = { 0 };
    gboolean is_parsed = pointer_parse(octets, len, &pointer, &error);
    g_assert_true(is_parsed == (error == NULL));
    if (!is_parsed) return;
    gsize again_len = 0;
    g_autofree char *again = pointer_format(&pointer, &again_len);
    g_assert_true(again_len == len && memcmp(again, octets, len) == 0);
    g_assert_true(pointer.content <= pointer.last && pointer.last <= POINTER_NUMBER_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char hash[33];
    check((const char *)data, size);
    const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
    gsize line_len = end ? (gsize)(end - data) : size;
    disk_short_digest(data, line_len, hash);
    g_autoptr(GString) whole = g_string_new_len((const char *)data, (gssize)line_len);
    g_string_append_printf(whole, "\n\n%s\n", hash);
    check(whole->str, whole->len);
    return 0;
}

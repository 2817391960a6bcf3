/* Any octets from a modem: lines without line ends, within the limit, the same wherever cut. */
#include "sms/at_line.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

typedef struct {
    GString *out;
    gboolean is_raw;
} Found;

static void on_line(const char *line, gsize len, gpointer data)
{
    Found *found = data;
    g_assert_cmpuint(len, ==, strlen(line));
    g_assert_true(len >= 1 && len <= AT_LINE_MAX);
    for (gsize i = 0; i < len; i++)
        g_assert_true((guchar)line[i] >= 0x20 && (found->is_raw || (guchar)line[i] < 0x7f));
    g_string_append_printf(found->out, "[%s]", line);
}

static void on_prompt(gpointer data)
{
    g_string_append_c(((Found *)data)->out, '>');
}

static char *run(const guint8 *data, gsize size, gsize step, guint8 flags)
{
    Found found = { g_string_new(NULL), (flags & 1) != 0 };
    g_autoptr(AtLine) line = at_line_new(on_line, on_prompt, &found);
    at_line_set_raw(line, found.is_raw);
    at_line_await_prompt(line, (flags & 2) != 0);
    for (gsize i = 0; i < size; i += step)
        at_line_push(line, data + i, MIN(step, size - i));
    return g_string_free(found.out, FALSE);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size < 2) return 0;
    g_autofree char *whole = run(data + 2, size - 2, size, data[0]);
    g_autofree char *cut = run(data + 2, size - 2, data[1] % 7 + 1u, data[0]);
    g_assert_cmpstr(whole, ==, cut);
    return 0;
}

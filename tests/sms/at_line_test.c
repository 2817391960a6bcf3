#include "sms/at_line.h"

#include <string.h>

static void on_line(const char *line, gsize len, gpointer data)
{
    g_assert_cmpuint(strlen(line), ==, len);
    g_string_append_printf(data, "[%s]", line);
}

static void on_prompt(gpointer data)
{
    g_string_append(data, "{>}");
}

static const struct {
    const char *name, *input;
    gsize len; /* 0: strlen */
    gboolean is_raw, is_prompt_awaited;
    const char *want;
} rows[] = {
    { "reply", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n", 0, FALSE, FALSE, "[+CSQ: 20,99][OK]" },
    { "echo", "AT+CSQ\r\r\nOK\r\n", 0, FALSE, FALSE, "[AT+CSQ][OK]" },
    { "CR alone", "OK\rOK\r", 0, FALSE, FALSE, "[OK][OK]" },
    { "no end", "OK", 0, FALSE, FALSE, "" },
    { "NUL and high octets", "O\0K\xff\xfe\r\n", 7, FALSE, FALSE, "[OK]" },
    { "raw text", "\xb5\xcd\xb1\xa3\r\n", 0, TRUE, FALSE, "[\xb5\xcd\xb1\xa3]" },
    { "prompt", "\r\n> ", 0, FALSE, TRUE, "{>}" },
    { "prompt without space", "\r\n>\r\n", 0, FALSE, TRUE, "{>}" },
    { "prompt behind an echo", "AT+CMGS=23\r\r\n> ", 0, FALSE, TRUE, "[AT+CMGS=23]{>}" },
    { "no prompt awaited", "> x\r\n", 0, FALSE, FALSE, "[> x]" },
    { "a code before the prompt", "\r\n^RSSI:1\r\n\r\n> ", 0, FALSE, TRUE, "[^RSSI:1]{>}" },
};

static void push(const char *input, gsize len, gsize step, gboolean is_raw, gboolean is_awaited,
                 const char *want)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(AtLine) line = at_line_new(on_line, on_prompt, out);
    at_line_set_raw(line, is_raw);
    at_line_await_prompt(line, is_awaited);
    for (gsize i = 0; i < len; i += step)
        at_line_push(line, (const guint8 *)input + i, MIN(step, len - i));
    g_assert_cmpstr(out->str, ==, want);
}

/* Wherever the reads are cut. */
static void test_rows(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        gsize len = rows[i].len ? rows[i].len : strlen(rows[i].input);
        g_test_message("%s", rows[i].name);
        for (gsize step = 1; step <= len; step++)
            push(rows[i].input, len, step, rows[i].is_raw, rows[i].is_prompt_awaited, rows[i].want);
    }
}

static void test_noise(void)
{
    g_autofree char *noise = g_strnfill(3 * AT_LINE_MAX, 'x');
    g_autofree char *longest = g_strnfill(AT_LINE_MAX, 'y');
    g_autofree char *input = g_strconcat(noise, "\r\nOK\r\n", longest, "\r\n", NULL);
    g_autofree char *want = g_strconcat("[OK][", longest, "]", NULL);
    push(input, strlen(input), 1000, FALSE, FALSE, want);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/at-line/rows", test_rows);
    g_test_add_func("/at-line/noise", test_noise);
    return g_test_run();
}

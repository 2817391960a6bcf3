#include "charset/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_DEFAULT 80
#define WIDTH_MIN     20
#define WIDTH_MAX     100 /* longer lines are hard to read */

static const char *encoding = "UTF-8";
static gboolean is_utf8 = TRUE;

/* The locale "C" (a bare Debian, cron, a service) says nothing of the terminal; an answer made of '?' would
 * help nobody, and what displays it knows UTF-8 today. */
void terminal_init(void)
{
    is_utf8 = g_get_charset(&encoding) || strstr(encoding, "ASCII") || strstr(encoding, "ANSI_X3.4");
}

gboolean terminal_is_interactive(void)
{
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

guint terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return WIDTH_DEFAULT;
    return CLAMP(size.ws_col, WIDTH_MIN, WIDTH_MAX);
}

static guint columns_of(gunichar ch)
{
    if (g_unichar_iszerowidth(ch)) return 0;
    return g_unichar_iswide(ch) ? 2 : 1;
}

guint terminal_columns(const char *utf8)
{
    guint columns = 0;
    for (const char *at = utf8; *at; at = g_utf8_next_char(at))
        columns += columns_of(g_utf8_get_char(at));
    return columns;
}

char *terminal_wrap(const char *utf8, guint width, guint indent)
{
    g_autoptr(GString) out = g_string_new(NULL);
    guint column = 0;

    for (const char *at = utf8; *at; at = g_utf8_next_char(at)) {
        gunichar ch = g_utf8_get_char(at);
        if (column + columns_of(ch) > width) {
            g_string_append_printf(out, "\n%*s", (int)indent, "");
            column = indent;
        }
        g_string_append_unichar(out, ch);
        column = ch == '\n' ? 0 : column + columns_of(ch);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

void terminal_put(FILE *stream, const char *utf8)
{
    if (is_utf8) {
        fputs(utf8, stream);
        return;
    }
    g_autofree char *converted = g_convert_with_fallback(utf8, -1, encoding, "UTF-8", "?", NULL, NULL, NULL);
    fputs(converted ? converted : "?", stream);
}

void terminal_printf(FILE *stream, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    terminal_put(stream, text);
}

char *terminal_to_utf8(const char *typed, gssize len)
{
    gsize octets = len < 0 ? strlen(typed) : (gsize)len;
    char *text = NULL;

    if (g_utf8_validate_len(typed, octets, NULL)) return g_strndup(typed, octets);
    text = g_convert(typed, (gssize)octets, "UTF-8", "GB18030", NULL, NULL, NULL);
    return text ? text : g_utf8_make_valid(typed, (gssize)octets);
}

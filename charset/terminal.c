#include "charset/terminal.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "charset/convert.h"

#define WIDTH_DEFAULT 80
#define WIDTH_MIN     20
#define WIDTH_MAX     100 /* longer lines are hard to read */

/* ---- encoding ---- */

static GIConv to_terminal = (GIConv)-1; /* -1: the terminal is UTF-8 */

/* What the environment names, although the locale may not be installed: then setlocale() failed and
 * nl_langinfo() says ASCII, but the terminal is what it is. NULL if it says nothing. */
static const char *environment_codeset(void)
{
    static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };
    for (gsize i = 0; i < G_N_ELEMENTS(variables); i++) {
        const char *locale = g_getenv(variables[i]);
        if (!locale || !*locale) continue;
        if (!strcmp(locale, "zh_CN")) return "GBK"; /* glibc's default for it is GB2312 */
        const char *dot = strchr(locale, '.');
        return dot ? dot + 1 : NULL;
    }
    return NULL;
}

/* GBK is what is meant by all its smaller and older names. */
static const char *widest_name(const char *codeset)
{
    static const char *const names[] = { "GB2312", "EUC-CN", "EUCCN", "CP936", "MS936" };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (!g_ascii_strcasecmp(codeset, names[i])) return "GBK";
    return codeset;
}

/* The locale "C" (a bare Debian, cron, a service) says nothing of the terminal; an answer made of
 * '?' would help nobody, and what displays it knows UTF-8 today. */
void terminal_init(void)
{
    if (to_terminal != (GIConv)-1) g_iconv_close(to_terminal);
    to_terminal = (GIConv)-1;

    const char *codeset;
    if (g_get_charset(&codeset)) return;
    if (strstr(codeset, "ASCII") || strstr(codeset, "ANSI_X3.4")) codeset = environment_codeset();
    if (!codeset) return;

    g_autofree char *name = g_strdup(codeset);
    *strchrnul(name, '@') = 0;
    if (!g_ascii_strcasecmp(name, "UTF-8") || !g_ascii_strcasecmp(name, "UTF8")) return;
    g_autofree char *target = g_strconcat(widest_name(name), "//TRANSLIT", NULL);
    to_terminal = g_iconv_open(target, "UTF-8");
}

/* Appends `utf8` in the terminal's encoding; what it cannot hold, nor anything like it, is '?'. */
static void append_converted(GString *out, const char *utf8)
{
    char *at = (char *)utf8; /* iconv writes nothing there */
    gsize left = strlen(utf8);
    while (left > 0) {
        char room[512];
        char *to = room;
        gsize free_len = sizeof room;
        gsize result = g_iconv(to_terminal, &at, &left, &to, &free_len);
        int reason = errno;
        g_string_append_len(out, room, to - room);
        if (result != (gsize)-1 || reason == E2BIG) continue;
        gsize skip = MIN((gsize)g_utf8_skip[(guchar)*at], left);
        g_string_append_c(out, '?');
        at += skip;
        left -= skip;
    }
    g_iconv(to_terminal, NULL, NULL, NULL, NULL);
}

void terminal_put(FILE *stream, const char *utf8)
{
    if (to_terminal == (GIConv)-1) {
        fputs(utf8, stream);
        return;
    }
    g_autoptr(GString) out = g_string_new(NULL);
    append_converted(out, utf8);
    fwrite(out->str, 1, out->len, stream);
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
    g_autoptr(GString) text = g_string_new_len(typed, len < 0 ? (gssize)strlen(typed) : len);
    for (gsize i = 0; i < text->len; i++)
        if (!text->str[i]) text->str[i] = ' ';

    if (g_utf8_validate_len(text->str, text->len, NULL)) return g_strdup(text->str);
    char *converted =
        convert_text(CHARSET_GB18030, CHARSET_UTF8, text->str, text->len, NULL, NULL, NULL);
    return converted ? converted : g_utf8_make_valid(text->str, (gssize)text->len);
}

/* ---- width ---- */

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

static guint columns_between(const char *at, const char *end)
{
    guint columns = 0;
    for (; at < end; at = g_utf8_next_char(at))
        columns += columns_of(g_utf8_get_char(at));
    return columns;
}

guint terminal_columns(const char *utf8)
{
    return columns_between(utf8, utf8 + strlen(utf8));
}

/* ---- wrapping: 避头尾, what may not begin a line and what may not end one ---- */

static gboolean is_any_of(gunichar ch, const char *set)
{
    return g_utf8_strchr(set, -1, ch) != NULL;
}

static gboolean may_break_between(gunichar before, gunichar after)
{
    if (columns_of(after) == 0) return FALSE;
    if (is_any_of(after, "，。、；：？！）】》〉」』〕”’…—～·％℃,.;:?!)]}%")) return FALSE;
    if (is_any_of(before, "（【《〈「『〔“‘([{")) return FALSE;
    return g_unichar_iswide(before) || g_unichar_iswide(after);
}

/* The end of what starts at `at` and may not be broken; spaces and line ends end it, too. */
static const char *unit_end(const char *at)
{
    for (;;) {
        gunichar ch = g_utf8_get_char(at);
        at = g_utf8_next_char(at);
        gunichar next = g_utf8_get_char(at);
        if (next == 0 || next == ' ' || next == '\n' || may_break_between(ch, next)) return at;
    }
}

typedef struct {
    GString *out;
    guint width, indent;
    guint column;
    guint spaces;      /* wait to see whether something follows them on the line */
    gboolean is_empty; /* nothing but indentation on the line so far */
} Wrap;

static void wrap_newline(Wrap *w, guint indent)
{
    g_string_append_printf(w->out, "\n%*s", (int)indent, "");
    w->column = indent;
    w->spaces = 0;
    w->is_empty = TRUE;
}

static void wrap_unit(Wrap *w, const char *at, const char *end)
{
    guint columns = columns_between(at, end);
    if (!w->is_empty && w->column + w->spaces + columns > w->width) wrap_newline(w, w->indent);
    w->spaces = MIN(w->spaces, w->width - MIN(w->column, w->width));
    g_string_append_printf(w->out, "%*s", (int)w->spaces, "");
    w->column += w->spaces;
    w->spaces = 0;
    for (; at < end; at = g_utf8_next_char(at)) { /* longer than a line: broken anywhere */
        gunichar ch = g_utf8_get_char(at);
        if (!w->is_empty && w->column + columns_of(ch) > w->width) wrap_newline(w, w->indent);
        g_string_append_unichar(w->out, ch);
        w->column += columns_of(ch);
        w->is_empty = FALSE;
    }
}

char *terminal_wrap(const char *utf8, guint width, guint indent)
{
    Wrap w = { .out = g_string_new(NULL),
               .width = width,
               .indent = MIN(indent, width / 2),
               .is_empty = TRUE };
    for (const char *at = utf8; *at;) {
        if (*at == '\n') {
            wrap_newline(&w, 0);
            at++;
        } else if (*at == ' ') {
            w.spaces++;
            at++;
        } else {
            const char *end = unit_end(at);
            wrap_unit(&w, at, end);
            at = end;
        }
    }
    return g_string_free(w.out, FALSE);
}

/* Where a PIN comes from: pin_read_file() and pin_ask() of pin.h. */
#include "db/pin.h"

#include "charset/errno_text.h"
#include "charset/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <termios.h>
#include <unistd.h>

#define LINE_MAX_LEN 64u

static gboolean fail_read(GError **error, int saved_errno)
{
    g_set_error(error, PIN_ERROR, PIN_ERROR_READ, "读不到密码：%s", errno_text(saved_errno));
    return FALSE;
}

/* Octet by octet, so that what follows the line stays where it is. */
static gboolean read_line(int fd, char line[LINE_MAX_LEN], GError **error)
{
    gsize len = 0;
    for (;;) {
        char octet = 0;
        ssize_t got = read(fd, &octet, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_read(error, errno);
        if (got == 0 || octet == '\n' || octet == '\0') break;
        if (octet == '\r') continue;
        if (len + 1 < LINE_MAX_LEN) line[len++] = octet; /* longer ones are no PIN anyway */
    }
    line[len] = '\0';
    return TRUE;
}

static gboolean read_pin(int fd, char pin[PIN_TEXT_LEN], GError **error)
{
    char line[LINE_MAX_LEN] = "";
    gboolean is_read = read_line(fd, line, error);
    const char *text = g_str_has_prefix(line, "\xef\xbb\xbf") ? line + 3 : line; /* Notepad */
    is_read = is_read && pin_check_form(text, error);
    if (is_read) g_strlcpy(pin, text, PIN_TEXT_LEN);
    sodium_memzero(line, sizeof line);
    return is_read;
}

gboolean pin_read_file(const char *path, char pin[PIN_TEXT_LEN], GError **error)
{
    pin[0] = '\0';
    if (strcmp(path, "-") == 0) return read_pin(STDIN_FILENO, pin, error);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return fail_read(error, errno);
    gboolean is_read = read_pin(fd, pin, error);
    close(fd);
    return is_read;
}

static gboolean ask_once(const char *prompt, char pin[PIN_TEXT_LEN], GError **error)
{
    struct termios before, quiet;
    gboolean is_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    if (is_terminal) {
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
        if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) != 0) return fail_read(error, errno);
    }
    terminal_printf(stderr, "%s（6 到 12 位数字，输入时不显示）：", prompt);
    gboolean is_read = read_pin(STDIN_FILENO, pin, error);
    if (is_terminal) tcsetattr(STDIN_FILENO, TCSANOW, &before);
    terminal_printf(stderr, "\n");
    return is_read;
}

gboolean pin_ask(const char *prompt, gboolean is_new, char pin[PIN_TEXT_LEN], GError **error)
{
    char again[PIN_TEXT_LEN] = "";
    pin[0] = '\0';
    if (!ask_once(prompt, pin, error)) return FALSE;
    if (!is_new) return TRUE;
    if (!pin_check_new(pin, error)) return FALSE;
    gboolean is_read = ask_once("再输一遍", again, error);
    gboolean is_same = is_read && strcmp(pin, again) == 0;
    sodium_memzero(again, sizeof again);
    if (is_read && !is_same)
        g_set_error_literal(error, PIN_ERROR, PIN_ERROR_DIFFERS, "两遍输的不一样，请重新来");
    return is_same;
}

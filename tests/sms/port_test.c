#include "sms/port.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

typedef struct {
    int master;
    char *path;
    GString *received;
    char *why;
    GMainLoop *loop;
    Port *port;
    gboolean closes;
} Line;

static void line_open(Line *line)
{
    *line = (Line){ .master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK),
                    .received = g_string_new(NULL),
                    .loop = g_main_loop_new(NULL, FALSE) };
    g_assert_cmpint(line->master, >=, 0);
    g_assert_cmpint(grantpt(line->master), ==, 0);
    g_assert_cmpint(unlockpt(line->master), ==, 0);
    line->path = g_strdup(ptsname(line->master));
}

static void line_close(Line *line)
{
    port_close(line->port);
    if (line->master >= 0) close(line->master);
    g_string_free(line->received, TRUE);
    g_main_loop_unref(line->loop);
    g_free(line->path);
    g_free(line->why);
}

static void on_received(const guint8 *octets, gsize len, gpointer data)
{
    Line *line = data;
    g_string_append_len(line->received, (const char *)octets, (gssize)len);
    if (line->closes) g_clear_pointer(&line->port, port_close);
    g_main_loop_quit(line->loop);
}

static void on_gone(const char *why, gpointer data)
{
    Line *line = data;
    g_assert_null(line->why);
    line->why = g_strdup(why);
    g_clear_pointer(&line->port, port_close);
    g_main_loop_quit(line->loop);
}

static const PortSettings settings = { 115200, FALSE };

static void line_connect(Line *line)
{
    g_autoptr(GError) error = NULL;
    line->port = port_open(line->path, &settings, &error);
    g_assert_no_error(error);
    port_watch(line->port, on_received, on_gone, line);
}

static void test_both_ways(void)
{
    Line line;
    char octets[16] = { 0 };
    line_open(&line);
    line_connect(&line);
    g_assert_true(port_write(line.port, "AT\r", 3));
    g_assert_cmpint(read(line.master, octets, sizeof octets), ==, 3);
    g_assert_cmpstr(octets, ==, "AT\r");
    /* octets that a terminal would take for itself */
    g_assert_cmpint(write(line.master, "\x11\x13\x03\r\n\xff", 6), ==, 6);
    g_main_loop_run(line.loop);
    g_assert_cmpmem(line.received->str, (int)line.received->len, "\x11\x13\x03\r\n\xff", 6);
    line_close(&line);
}

static void test_close_within(void)
{
    Line line;
    line_open(&line);
    line_connect(&line);
    line.closes = TRUE;
    g_assert_cmpint(write(line.master, "x", 1), ==, 1);
    g_main_loop_run(line.loop);
    g_assert_null(line.port);
    line_close(&line);
}

static void test_gone(void)
{
    Line line;
    line_open(&line);
    line_connect(&line);
    close(line.master);
    line.master = -1;
    g_main_loop_run(line.loop);
    g_assert_nonnull(line.why);
    line_close(&line);
}

/* What is not read at once waits, up to a limit; nothing blocks. */
static void test_queue(void)
{
    Line line;
    line_open(&line);
    line_connect(&line);
    g_autofree char *block = g_strnfill(PORT_QUEUE_MAX / 2, 'x');
    guint taken = 0;
    while (taken < 100 && port_write(line.port, block, PORT_QUEUE_MAX / 2))
        taken++;
    g_assert_cmpuint(taken, >=, 1);
    g_assert_cmpuint(taken, <, 100);
    gsize got = 0, want = (gsize)taken * (PORT_QUEUE_MAX / 2);
    for (guint idle = 0; got < want && idle < 1000; idle++) {
        char octets[8192];
        gssize count = read(line.master, octets, sizeof octets);
        if (count > 0) got += (gsize)count;
        g_main_context_iteration(NULL, FALSE);
    }
    g_assert_cmpuint(got, ==, want);
    line_close(&line);
}

static void expect_error(const char *path, PortError code)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(port_open(path, &settings, &error));
    g_assert_error(error, PORT_ERROR, (gint)code);
}

static void test_refused(void)
{
    Line line;
    line_open(&line);
    expect_error("/nonexistent/port", PORT_ERROR_MISSING);
    expect_error("/dev/null", PORT_ERROR_KIND);
    line_connect(&line);
    expect_error(line.path, PORT_ERROR_BUSY);
    g_autoptr(GError) error = NULL;
    g_assert_false(port_set_baud(line.port, 12345, &error));
    g_assert_error(error, PORT_ERROR, PORT_ERROR_KIND);
    g_assert_true(port_set_baud(line.port, 9600, NULL));
    /* and free again when it is closed */
    g_clear_pointer(&line.port, port_close);
    line_connect(&line);
    line_close(&line);
}

static void test_link(void)
{
    Line line;
    line_open(&line);
    g_autofree char *folder = g_dir_make_tmp("port-XXXXXX", NULL);
    g_autofree char *name = g_build_filename(folder, "modem", NULL);
    g_assert_cmpint(symlink(line.path, name), ==, 0);
    g_autofree char *real = g_steal_pointer(&line.path);
    line.path = g_strdup(name);
    line_connect(&line);
    g_assert_cmpstr(port_path(line.port), ==, real);
    line_close(&line);
    unlink(name);
    rmdir(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/port/both-ways", test_both_ways);
    g_test_add_func("/port/close-within", test_close_within);
    g_test_add_func("/port/gone", test_gone);
    g_test_add_func("/port/queue", test_queue);
    g_test_add_func("/port/refused", test_refused);
    g_test_add_func("/port/link", test_link);
    return g_test_run();
}

#include "kiosk/slip_printer.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <pty.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static char *path_of(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

/* ---- one job, run to its end ---- */

typedef struct {
    gboolean is_done;
    GError *error;
} Outcome;

static void on_printed(GObject *source, GAsyncResult *result, gpointer data)
{
    Outcome *outcome = data;

    g_assert_null(source);
    g_assert_false(outcome->is_done);
    outcome->is_done = TRUE;
    g_assert_true(slip_printer_print_finish(result, &outcome->error) == !outcome->error);
}

static void start(SlipPrinter *printer, const void *octets, gsize len, Outcome *outcome)
{
    g_autoptr(GBytes) bytes = g_bytes_new(octets, len);

    *outcome = (Outcome){ FALSE, NULL };
    slip_printer_print_async(printer, bytes, on_printed, outcome);
    g_assert_false(outcome->is_done); /* never from within the call */
}

static void wait_for(const Outcome *outcome)
{
    while (!outcome->is_done)
        g_main_context_iteration(NULL, TRUE);
}

static void assert_error(Outcome *outcome, SlipPrinterError code, const char *words)
{
    g_assert_error(outcome->error, SLIP_PRINTER_ERROR, (gint)code);
    g_assert_nonnull(strstr(outcome->error->message, words));
    g_clear_error(&outcome->error);
}

static void assert_fails(const char *device, SlipPrinterError code, const char *words)
{
    g_autoptr(SlipPrinter) printer = slip_printer_new(device);
    Outcome outcome;

    start(printer, "x", 1, &outcome);
    wait_for(&outcome);
    assert_error(&outcome, code, words);
}

/* ---- files and what is no printer ---- */

static void test_file(void)
{
    g_autofree char *path = path_of("file");
    g_autofree char *text = NULL;
    g_autoptr(SlipPrinter) printer = slip_printer_new(path);
    gsize len = 0;
    Outcome outcome;

    g_assert_false(slip_printer_is_there(printer));
    g_assert_true(g_file_set_contents(path, "a", 1, NULL));
    g_assert_true(slip_printer_is_there(printer));
    for (int i = 0; i < 2; i++) {
        start(printer, "b\0\n", 3, &outcome);
        wait_for(&outcome);
        g_assert_no_error(outcome.error);
    }
    g_assert_true(g_file_get_contents(path, &text, &len, NULL));
    g_assert_cmpmem(text, len, "ab\0\nb\0\n", 7);
    g_unlink(path);
    g_assert_false(slip_printer_is_there(printer));
}

static void test_no_printer(void)
{
    g_autofree char *missing = path_of("missing");
    g_autoptr(SlipPrinter) none = slip_printer_new(NULL);
    g_autoptr(SlipPrinter) a_folder = slip_printer_new(folder);

    g_assert_false(slip_printer_is_there(none));
    g_assert_false(slip_printer_is_there(a_folder));
    assert_fails("", SLIP_PRINTER_ERROR_NO_DEVICE, "没有打印机");
    assert_fails(missing, SLIP_PRINTER_ERROR_NO_DEVICE, "没有接好");
    assert_fails(folder, SLIP_PRINTER_ERROR_CANNOT_WRITE, "打不开打印机");
    assert_fails("/dev/full", SLIP_PRINTER_ERROR_CANNOT_WRITE, "磁盘已满");
}

/* ---- a FIFO ---- */

static void test_fifo(void)
{
    g_autofree char *path = path_of("fifo");
    g_autofree char *big = g_strnfill(200000, 'x');
    Outcome outcome;
    char buffer[65536];
    gsize got = 0;

    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    assert_fails(path, SLIP_PRINTER_ERROR_NO_DEVICE, "没有接好"); /* nobody reads */

    g_autoptr(SlipPrinter) printer = slip_printer_new(path);
    g_assert_true(slip_printer_is_there(printer));
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    start(printer, big, 200000, &outcome); /* more than a FIFO holds */
    while (!outcome.is_done) {
        gssize n = read(reader, buffer, sizeof buffer);
        got += n > 0 ? (gsize)n : 0;
        g_main_context_iteration(NULL, FALSE);
    }
    g_assert_no_error(outcome.error);
    for (gssize n; (n = read(reader, buffer, sizeof buffer)) > 0;)
        got += (gsize)n;
    g_assert_cmpuint(got, ==, 200000);

    start(printer, big, 200000, &outcome); /* the reader goes: no SIGPIPE */
    for (int i = 0; i < 5; i++)
        g_main_context_iteration(NULL, FALSE);
    close(reader);
    wait_for(&outcome);
    assert_error(&outcome, SLIP_PRINTER_ERROR_CANNOT_WRITE, "断开");
    g_unlink(path);
}

/* ---- a printer at the other end of a pty ---- */

typedef struct {
    int master;
    char *device;
    guint8 paper, state, paper_after; /* its answers, 0: none */
    guint questions;
    GByteArray *printed; /* without the questions */
    guint watch;
} FakePrinter;

#define FINE 0x12

static void answer(FakePrinter *fake, guint8 question)
{
    guint8 octet = question == 1         ? fake->state
                   : fake->questions > 1 ? fake->paper_after
                                         : fake->paper;

    fake->questions++;
    if (octet) g_assert_cmpint(write(fake->master, &octet, 1), ==, 1);
}

static gboolean on_octets(int fd, GIOCondition condition, gpointer data)
{
    FakePrinter *fake = data;
    guint8 octets[4096];
    gssize n = read(fd, octets, sizeof octets);

    (void)condition;
    for (gssize i = 0; i < n; i++) {
        if (i + 2 < n && octets[i] == 0x10 && octets[i + 1] == 0x04) {
            answer(fake, octets[i + 2]);
            i += 2;
        } else {
            g_byte_array_append(fake->printed, &octets[i], 1);
        }
    }
    return G_SOURCE_CONTINUE;
}

/* `is_reading`: else it takes nothing. */
static void plug_in(FakePrinter *fake, gboolean is_reading)
{
    char name[64];
    int slave;

    g_assert_cmpint(openpty(&fake->master, &slave, name, NULL, NULL), ==, 0);
    g_assert_true(g_unix_set_fd_nonblocking(fake->master, TRUE, NULL));
    close(slave);
    fake->device = g_strdup(name);
    fake->printed = g_byte_array_new();
    fake->questions = 0;
    fake->watch = is_reading ? g_unix_fd_add(fake->master, G_IO_IN, on_octets, fake) : 0;
}

static void unplug(FakePrinter *fake)
{
    if (fake->watch) g_source_remove(fake->watch);
    if (fake->master >= 0) close(fake->master);
    g_byte_array_unref(fake->printed);
    g_free(fake->device);
}

static const struct {
    const char *name;
    guint8 paper, state, paper_after;
    int error; /* -1: none */
    const char *words;
    gboolean is_printed;
    guint questions;
} printers[] = {
    { "well", FINE, FINE, FINE, -1, NULL, TRUE, 3 },
    { "paper nearly at its end", FINE | 0x0c, FINE, FINE | 0x0c, -1, NULL, TRUE, 3 },
    { "silent", 0, 0, 0, -1, NULL, TRUE, 1 },
    { "knows paper only", FINE, 0, FINE, -1, NULL, TRUE, 3 },
    { "talks nonsense", 0xff, 0, 0, -1, NULL, TRUE, 1 },
    { "no paper", FINE | 0x60, FINE, 0, SLIP_PRINTER_ERROR_PAPER_OUT, "打印纸用完了", FALSE, 1 },
    { "cover open", FINE, FINE | 0x08, 0, SLIP_PRINTER_ERROR_NOT_READY, "盖子", FALSE, 2 },
    { "paper ends on the way", FINE, FINE, FINE | 0x60, SLIP_PRINTER_ERROR_PAPER_OUT, "打印纸",
      TRUE, 3 },
};

/* Every octet arrives as it is, whatever a terminal would make of it. */
static void test_pty(void)
{
    guint8 octets[20000];

    for (gsize i = 0; i < sizeof octets; i++)
        octets[i] = (guint8)(i % 0x100 == 0x10 ? 0x11 : i); /* no question of our own */
    for (gsize i = 0; i < G_N_ELEMENTS(printers); i++) {
        FakePrinter fake = { .paper = printers[i].paper,
                             .state = printers[i].state,
                             .paper_after = printers[i].paper_after };
        Outcome outcome;
        gint64 start_us = g_get_monotonic_time();

        g_test_message("%s", printers[i].name);
        plug_in(&fake, TRUE);
        g_autoptr(SlipPrinter) printer = slip_printer_new(fake.device);
        start(printer, octets, sizeof octets, &outcome);
        wait_for(&outcome);
        if (printers[i].error < 0)
            g_assert_no_error(outcome.error);
        else
            assert_error(&outcome, (SlipPrinterError)printers[i].error, printers[i].words);
        if (printers[i].is_printed)
            g_assert_cmpmem(fake.printed->data, fake.printed->len, octets, sizeof octets);
        else
            g_assert_cmpuint(fake.printed->len, ==, 0);
        g_assert_cmpuint(fake.questions, ==, printers[i].questions);
        g_assert_cmpint(g_get_monotonic_time() - start_us, <, 2 * G_USEC_PER_SEC);
        unplug(&fake);
    }
}

static gboolean count_turns(gpointer turns)
{
    ++*(guint *)turns;
    return G_SOURCE_CONTINUE;
}

/* It takes nothing: told after 5 s, and meanwhile the screen goes on. */
static void test_never_reads(void)
{
    g_autofree char *big = g_strnfill(100000, 'x');
    FakePrinter fake = { 0 };
    Outcome outcome, second;
    guint turns = 0, ticks = g_timeout_add(10, count_turns, &turns);
    gint64 start_us = g_get_monotonic_time();

    plug_in(&fake, FALSE);
    g_autoptr(SlipPrinter) printer = slip_printer_new(fake.device);
    start(printer, big, 100000, &outcome);
    start(printer, "x", 1, &second);
    wait_for(&second);
    assert_error(&second, SLIP_PRINTER_ERROR_BUSY, "上一张");
    g_assert_false(outcome.is_done);
    wait_for(&outcome);
    assert_error(&outcome, SLIP_PRINTER_ERROR_TIMEOUT, "没有反应");
    gint64 took_ms = (g_get_monotonic_time() - start_us) / 1000;
    g_assert_cmpint(took_ms, >=, SLIP_PRINTER_STALL_MS);
    g_assert_cmpint(took_ms, <, SLIP_PRINTER_STALL_MS + 1500);
    g_assert_cmpuint(turns, >, 100);
    g_source_remove(ticks);
    unplug(&fake);
}

static gboolean pull_out(gpointer data)
{
    FakePrinter *fake = data;

    close(fake->master);
    fake->master = -1;
    return G_SOURCE_REMOVE;
}

static void test_unplugged_meanwhile(void)
{
    g_autofree char *big = g_strnfill(100000, 'x');
    FakePrinter fake = { 0 };
    Outcome outcome;

    plug_in(&fake, FALSE);
    g_autoptr(SlipPrinter) printer = slip_printer_new(fake.device);
    start(printer, big, 100000, &outcome);
    g_timeout_add(600, pull_out, &fake);
    wait_for(&outcome);
    assert_error(&outcome, SLIP_PRINTER_ERROR_CANNOT_WRITE, "断开");
    start(printer, big, 100000, &outcome);
    wait_for(&outcome);
    assert_error(&outcome, SLIP_PRINTER_ERROR_NO_DEVICE, "没有接好");
    unplug(&fake);
}

/* ---- whose end comes early ---- */

static void test_free_cancels(void)
{
    FakePrinter fake = { 0 };
    Outcome outcome;

    plug_in(&fake, FALSE);
    SlipPrinter *printer = slip_printer_new(fake.device);
    start(printer, "x", 1, &outcome);
    slip_printer_free(printer);
    wait_for(&outcome);
    assert_error(&outcome, SLIP_PRINTER_ERROR_CANCELLED, "取消");
    unplug(&fake);
}

static void free_printer(GObject *source, GAsyncResult *result, gpointer data)
{
    SlipPrinter **printer = data;

    (void)source;
    g_assert_true(slip_printer_print_finish(result, NULL));
    g_clear_pointer(printer, slip_printer_free);
}

static void test_freed_by_its_callback(void)
{
    SlipPrinter *printer = slip_printer_new("/dev/null");
    g_autoptr(GBytes) bytes = g_bytes_new("x", 1);

    slip_printer_print_async(printer, bytes, free_printer, &printer);
    while (printer)
        g_main_context_iteration(NULL, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("bianmin-test-XXXXXX", NULL);
    g_test_add_func("/slip_printer/file", test_file);
    g_test_add_func("/slip_printer/no-printer", test_no_printer);
    g_test_add_func("/slip_printer/fifo", test_fifo);
    g_test_add_func("/slip_printer/pty", test_pty);
    g_test_add_func("/slip_printer/never-reads", test_never_reads);
    g_test_add_func("/slip_printer/unplugged-meanwhile", test_unplugged_meanwhile);
    g_test_add_func("/slip_printer/free-cancels", test_free_cancels);
    g_test_add_func("/slip_printer/freed-by-its-callback", test_freed_by_its_callback);
    int status = g_test_run();
    g_rmdir(folder);
    g_free(folder);
    return status;
}

#include "kiosk/slip_printer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "charset/errno_text.h"

#define TICK_MS    20
#define CHUNK_MAX  4096 /* octets a turn of the main loop */
#define STALE_READ 64

/* DLE EOT n: the answer is one octet, 0xx1xx10. */
#define ASK_STATE      1
#define ASK_PAPER      4
#define ANSWER_MASK    0x93
#define ANSWER_FIXED   0x12
#define STATE_OFFLINE  0x08
#define PAPER_END_MASK 0x60 /* 0x0c is: nearly at its end */

typedef enum {
    STAGE_ASK_PAPER, /* DLE EOT 4 was sent, its answer is awaited */
    STAGE_ASK_STATE, /* likewise DLE EOT 1 */
    STAGE_WRITE,
    STAGE_DRAIN, /* all was taken by the driver, not yet by the printer */
    STAGE_ASK_AGAIN,
} Stage;

typedef struct {
    SlipPrinter *printer;
    GTask *task;
    GBytes *octets;
    gsize sent;
    int fd;
    gboolean is_device, is_tty, can_read;
    gboolean has_answered;
    Stage stage;
    gint64 asked_at;                 /* monotonic, µs */
    guint watch, tick, stall, total; /* sources, 0 if there is none */
} Job;

struct SlipPrinter {
    char *device;
    Job *job; /* NULL: idle */
};

G_DEFINE_QUARK(slip - printer - error - quark, slip_printer_error)

SlipPrinter *slip_printer_new(const char *device)
{
    SlipPrinter *printer = g_new0(SlipPrinter, 1);
    printer->device = g_strdup(device ? device : "");
    return printer;
}

gboolean slip_printer_is_there(const SlipPrinter *printer)
{
    struct stat st;

    return *printer->device && stat(printer->device, &st) == 0 &&
           (S_ISCHR(st.st_mode) || S_ISFIFO(st.st_mode) || S_ISREG(st.st_mode)) &&
           faccessat(AT_FDCWD, printer->device, W_OK, AT_EACCESS) == 0;
}

/* ---- the end of a job ---- */

static void clear_source(guint *source)
{
    if (*source) g_source_remove(*source);
    *source = 0;
}

/* The task goes on, to be returned once nothing of the job is left: its callback may be called at
 * once, and may print again or free the printer. */
static GTask *job_end(Job *job)
{
    GTask *task = job->task;

    clear_source(&job->watch);
    clear_source(&job->tick);
    clear_source(&job->stall);
    clear_source(&job->total);
    if (job->fd >= 0) close(job->fd);
    if (job->printer->job == job) job->printer->job = NULL;
    g_bytes_unref(job->octets);
    g_free(job);
    return task;
}

static void succeed(Job *job)
{
    g_info("slip printed octets=%zu", job->sent);
    g_autoptr(GTask) task = job_end(job);
    g_task_return_boolean(task, TRUE);
}

/* Closing a serial port waits for what it has not sent, up to 30 s: so that is thrown away. */
static void fail(Job *job, SlipPrinterError code, const char *sentence)
{
    if (job->is_tty) tcflush(job->fd, TCOFLUSH);
    g_autoptr(GTask) task = job_end(job);
    g_task_return_new_error(task, SLIP_PRINTER_ERROR, (gint)code, "%s", sentence);
}

static void fail_errno(Job *job, SlipPrinterError code, const char *what, int number)
{
    g_autofree char *sentence =
        g_strdup_printf("%s（%s），请找工作人员。", what, errno_text(number));
    fail(job, code, sentence);
}

static void fail_paper_out(Job *job)
{
    fail(job, SLIP_PRINTER_ERROR_PAPER_OUT, "打印纸用完了，请找工作人员换纸。");
}

static gboolean on_timeout(gpointer data)
{
    fail(data, SLIP_PRINTER_ERROR_TIMEOUT,
         "打印机没有反应，请找工作人员看看有没有纸、有没有卡住。");
    return G_SOURCE_REMOVE;
}

void slip_printer_free(SlipPrinter *printer)
{
    if (!printer) return;
    if (printer->job) fail(printer->job, SLIP_PRINTER_ERROR_CANCELLED, "打印取消了。");
    g_free(printer->device);
    g_free(printer);
}

/* ---- octets to and from the printer ---- */

/* write(2) without SIGPIPE, which is blocked meanwhile and taken back if we have caused it: the
 * process's own handling of it is not ours to change. */
static gssize write_quietly(int fd, const void *octets, gsize len)
{
    const struct timespec at_once = { 0, 0 };
    sigset_t pipe_signal, before, pending;

    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    gssize written = write(fd, octets, len);
    int number = errno;
    if (written < 0 && number == EPIPE && !sigismember(&pending, SIGPIPE))
        sigtimedwait(&pipe_signal, NULL, &at_once);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = number;
    return written;
}

static gboolean is_not_now(int number)
{
    return number == EAGAIN || number == EINTR;
}

/* Answers to questions of before are none to ours. */
static void discard_stale(const Job *job)
{
    char stale[STALE_READ];
    if (read(job->fd, stale, sizeof stale) < 0) return; /* nothing there */
}

/* FALSE: the printer cannot be asked, or not now. */
static gboolean ask(Job *job, guint8 question, Stage stage)
{
    const guint8 command[] = { 0x10, 0x04, question };

    if (!job->can_read) return FALSE;
    discard_stale(job);
    if (write_quietly(job->fd, command, sizeof command) != sizeof command) return FALSE;
    job->stage = stage;
    job->asked_at = g_get_monotonic_time();
    return TRUE;
}

typedef enum { ANSWER_NONE, ANSWER_WAIT, ANSWER_GOT } Answered;

/* Read by the clock and not by G_IO_IN: usblp calls itself readable, and then reads 0, for each
 * empty packet of a printer that has nothing to say. */
static Answered take_answer(Job *job, guint8 *answer)
{
    guint8 octet = 0;

    while (read(job->fd, &octet, 1) == 1)
        if ((octet & ANSWER_MASK) == ANSWER_FIXED) {
            *answer = octet;
            job->has_answered = TRUE;
            return ANSWER_GOT;
        }
    gint64 waited_ms = (g_get_monotonic_time() - job->asked_at) / 1000;
    return waited_ms < SLIP_PRINTER_ANSWER_MS ? ANSWER_WAIT : ANSWER_NONE;
}

/* ---- the stages ---- */

static gboolean on_tick(gpointer data);

static void renew_stall(Job *job)
{
    clear_source(&job->stall);
    job->stall = g_timeout_add(SLIP_PRINTER_STALL_MS, on_timeout, job);
}

static void fail_write(Job *job, int number)
{
    fail_errno(job, SLIP_PRINTER_ERROR_CANNOT_WRITE, "打印机断开了，没有印完", number);
}

static gboolean on_writable(int fd, GIOCondition condition, gpointer data)
{
    Job *job = data;
    gsize len = 0;
    const guint8 *octets = g_bytes_get_data(job->octets, &len);

    (void)condition; /* an error or a hang-up shows in write */
    gssize written = write_quietly(fd, octets + job->sent, MIN(len - job->sent, CHUNK_MAX));
    if (written < 0 && is_not_now(errno)) return G_SOURCE_CONTINUE;
    if (written < 0) {
        fail_write(job, errno);
        return G_SOURCE_REMOVE;
    }
    job->sent += (gsize)written;
    if (written > 0) renew_stall(job);
    if (job->sent < len) return G_SOURCE_CONTINUE;
    job->watch = 0;
    job->stage = STAGE_DRAIN;
    job->tick = g_timeout_add(TICK_MS, on_tick, job);
    return G_SOURCE_REMOVE;
}

/* For files poll(2), which GLib's loop uses, always says that they are writable. */
static void start_writing(Job *job)
{
    clear_source(&job->tick);
    job->stage = STAGE_WRITE;
    renew_stall(job);
    job->watch = g_unix_fd_add(job->fd, G_IO_OUT | G_IO_ERR | G_IO_HUP, on_writable, job);
}

/* Whether paper was there to the end, from a printer that answered before. */
static void end_or_ask(Job *job)
{
    if (!job->has_answered || !ask(job, ASK_PAPER, STAGE_ASK_AGAIN)) succeed(job);
}

/* usblp and serial drivers say that they have taken what is still on its way, and closing them
 * loses it. A FIFO and a file have it. */
static void drain(Job *job)
{
    struct pollfd poll_fd = { .fd = job->fd, .events = POLLOUT };
    int waiting = 0;

    if (!job->is_device) {
        end_or_ask(job);
        return;
    }
    if (poll(&poll_fd, 1, 0) != 1) return;
    if (poll_fd.revents & (POLLERR | POLLHUP)) {
        fail_write(job, EIO);
        return;
    }
    if (job->is_tty && ioctl(job->fd, TIOCOUTQ, &waiting) == 0 && waiting > 0) return;
    end_or_ask(job);
}

static void on_paper(Job *job, Answered answered, guint8 answer)
{
    if (answered == ANSWER_GOT && (answer & PAPER_END_MASK))
        fail_paper_out(job);
    else if (answered != ANSWER_GOT || !ask(job, ASK_STATE, STAGE_ASK_STATE))
        start_writing(job); /* who is silent once is not asked again */
}

static void on_state(Job *job, Answered answered, guint8 answer)
{
    if (answered == ANSWER_GOT && (answer & STATE_OFFLINE))
        fail(job, SLIP_PRINTER_ERROR_NOT_READY,
             "打印机没有准备好，请找工作人员看看盖子有没有合上。");
    else
        start_writing(job);
}

static void on_paper_again(Job *job, Answered answered, guint8 answer)
{
    if (answered == ANSWER_GOT && (answer & PAPER_END_MASK))
        fail_paper_out(job);
    else
        succeed(job);
}

/* A question was asked: its answer, if it has come or the time for it is over. */
static void take_turn(Job *job)
{
    guint8 answer = 0;
    Answered answered = take_answer(job, &answer);

    if (answered == ANSWER_WAIT) return;
    if (job->stage == STAGE_ASK_PAPER)
        on_paper(job, answered, answer);
    else if (job->stage == STAGE_ASK_STATE)
        on_state(job, answered, answer);
    else
        on_paper_again(job, answered, answer);
}

/* The stages remove the source themselves, by its number in the job. */
static gboolean on_tick(gpointer data)
{
    Job *job = data;

    switch (job->stage) {
    case STAGE_ASK_PAPER:
    case STAGE_ASK_STATE:
    case STAGE_ASK_AGAIN:
        take_turn(job);
        break;
    case STAGE_DRAIN:
        drain(job);
        break;
    case STAGE_WRITE: /* no ticks */
        break;
    }
    return G_SOURCE_CONTINUE;
}

/* ---- the start of a job ---- */

/* No echo, no CR before LF: a picture holds any octet. */
static void set_raw(int fd)
{
    struct termios settings;

    if (tcgetattr(fd, &settings) != 0) return;
    cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    if (tcsetattr(fd, TCSANOW, &settings) != 0)
        g_warning("printer: not raw: %s", g_strerror(errno));
}

/* Reading as well where that is possible; never for a FIFO, which would be its own reader. */
static int open_device(const char *device, gboolean *can_read)
{
    const int flags = O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
    struct stat st;
    int fd = -1;

    *can_read = FALSE;
    if (stat(device, &st) != 0) return -1;
    if (!S_ISCHR(st.st_mode)) return open(device, O_WRONLY | O_APPEND | flags);
    fd = open(device, O_RDWR | flags);
    *can_read = fd >= 0;
    return fd >= 0 || errno != EACCES ? fd : open(device, O_WRONLY | flags);
}

static void fail_open(Job *job, int number)
{
    if (number == ENOENT || number == ENXIO || number == ENODEV || number == ENOTDIR)
        fail(job, SLIP_PRINTER_ERROR_NO_DEVICE, "打印机没有接好，请找工作人员。");
    else if (number == EBUSY)
        fail(job, SLIP_PRINTER_ERROR_BUSY, "打印机正忙，请过一会儿再试。");
    else if (errno_is_no_right(number))
        fail_errno(job, SLIP_PRINTER_ERROR_NO_RIGHT, "用不了打印机", number);
    else
        fail_errno(job, SLIP_PRINTER_ERROR_CANNOT_WRITE, "打不开打印机", number);
}

/* A folder or a disk is no printer. */
static gboolean look_at(Job *job)
{
    struct stat st;

    if (fstat(job->fd, &st) != 0) return FALSE;
    job->is_device = S_ISCHR(st.st_mode);
    job->is_tty = job->is_device && isatty(job->fd);
    if (job->is_tty) set_raw(job->fd);
    return job->is_device || S_ISFIFO(st.st_mode) || S_ISREG(st.st_mode);
}

static void start(Job *job)
{
    job->fd = open_device(job->printer->device, &job->can_read);
    if (job->fd < 0) {
        fail_open(job, errno);
        return;
    }
    if (!look_at(job)) {
        fail(job, SLIP_PRINTER_ERROR_NO_DEVICE, "设置里写的不是打印机，请找工作人员。");
        return;
    }
    job->total = g_timeout_add(SLIP_PRINTER_TOTAL_MS, on_timeout, job);
    if (ask(job, ASK_PAPER, STAGE_ASK_PAPER))
        job->tick = g_timeout_add(TICK_MS, on_tick, job);
    else
        start_writing(job);
}

void slip_printer_print_async(SlipPrinter *printer, GBytes *octets, GAsyncReadyCallback callback,
                              gpointer data)
{
    Job *job = g_new0(Job, 1);

    job->printer = printer;
    job->task = g_task_new(NULL, NULL, callback, data);
    g_task_set_source_tag(job->task, slip_printer_print_async);
    job->octets = g_bytes_ref(octets);
    job->fd = -1;
    if (printer->job) {
        fail(job, SLIP_PRINTER_ERROR_BUSY, "上一张还在打印，请等一下。");
        return;
    }
    if (!*printer->device) {
        fail(job, SLIP_PRINTER_ERROR_NO_DEVICE, "这台机器没有打印机。");
        return;
    }
    printer->job = job;
    start(job);
}

gboolean slip_printer_print_finish(GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_async_result_is_tagged(result, slip_printer_print_async), FALSE);
    return g_task_propagate_boolean(G_TASK(result), error);
}

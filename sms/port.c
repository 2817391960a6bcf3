#include "sms/port.h"

#include "charset/errno_text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <libserialport.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

G_DEFINE_QUARK(bianmin_port_error, port_error)

#define READ_MAX  4096
#define READS_MAX 16 /* blocks in one go: others want the main loop, too */

const guint port_search_speeds[] = { 115200, 9600, 19200, 57600, 38400, 460800, 0 };
const guint port_search_speed_count = G_N_ELEMENTS(port_search_speeds) - 1;

struct Port {
    char *path;
    struct sp_port *serial; /* NULL: opened by ourselves */
    int fd;
    gboolean has_rts_cts;
    GByteArray *unsent;
    guint in_source, out_source;
    PortReceived received;
    PortGone gone;
    gpointer data;
    gboolean is_gone, is_closed;
    guint depth; /* callbacks under way */
};

/* ---- errors ---- */

static void port_fail(GError **error, const char *path, int saved_errno)
{
    PortError code = saved_errno == ENOENT || saved_errno == ENXIO || saved_errno == ENODEV
                         ? PORT_ERROR_MISSING
                     : saved_errno == EBUSY || saved_errno == EWOULDBLOCK ? PORT_ERROR_BUSY
                     : errno_is_no_right(saved_errno)                     ? PORT_ERROR_NO_RIGHT
                     : saved_errno == ENOTTY || saved_errno == EINVAL     ? PORT_ERROR_KIND
                                                                          : PORT_ERROR_OTHER;
    static const char *const what[] = {
        [PORT_ERROR_MISSING] = "没有这个串口",
        [PORT_ERROR_BUSY] = "串口正被别的程序占用",
        [PORT_ERROR_NO_RIGHT] = "没有权限打开串口（要在 dialout 组里）",
        [PORT_ERROR_KIND] = "不是串口，或者没有这个速率",
        [PORT_ERROR_OTHER] = "串口打不开",
    };
    if (code == PORT_ERROR_OTHER || code == PORT_ERROR_KIND)
        g_set_error(error, PORT_ERROR, (gint)code, "%s：%s（%s）", path, what[code],
                    errno_text(saved_errno));
    else
        g_set_error(error, PORT_ERROR, (gint)code, "%s：%s", path, what[code]);
}

/* ---- by ourselves: what libserialport refuses ---- */

static const struct {
    guint baud;
    speed_t speed;
} speeds[] = {
    { 1200, B1200 },     { 2400, B2400 },     { 4800, B4800 },     { 9600, B9600 },
    { 19200, B19200 },   { 38400, B38400 },   { 57600, B57600 },   { 115200, B115200 },
    { 230400, B230400 }, { 460800, B460800 }, { 921600, B921600 },
};

static gboolean set_termios(int fd, const PortSettings *settings)
{
    struct termios tio;
    speed_t speed = B0;
    for (guint i = 0; i < G_N_ELEMENTS(speeds); i++)
        if (speeds[i].baud == settings->baud) speed = speeds[i].speed;
    if (speed == B0) {
        errno = EINVAL;
        return FALSE;
    }
    if (tcgetattr(fd, &tio) != 0) return FALSE;
    cfmakeraw(&tio);
    tio.c_cflag |= CLOCAL | CREAD;
    tio.c_cflag &= ~(tcflag_t)(CSTOPB | CRTSCTS);
    if (settings->has_rts_cts) tio.c_cflag |= CRTSCTS;
    tio.c_iflag &= ~(tcflag_t)(IXON | IXOFF | IXANY);
    tio.c_cc[VMIN] = 1;
    tio.c_cc[VTIME] = 0;
    if (cfsetspeed(&tio, speed) != 0 || tcsetattr(fd, TCSANOW, &tio) != 0) return FALSE;
    tcflush(fd, TCIOFLUSH);
    return TRUE;
}

/* Nobody else may talk to the modem: other users of flock see it, other openers are refused. */
static gboolean hold_alone(int fd)
{
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) return FALSE;
    return ioctl(fd, TIOCEXCL) == 0;
}

static int open_plain(const char *path, const PortSettings *settings)
{
    struct stat info;
    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return -1;
    gboolean is_device = fstat(fd, &info) == 0 && S_ISCHR(info.st_mode) && isatty(fd);
    if (!is_device) errno = ENOTTY;
    if (is_device && hold_alone(fd) && set_termios(fd, settings)) return fd;
    int saved_errno = errno;
    close(fd);
    errno = saved_errno;
    return -1;
}

/* ---- by libserialport ---- */

static gboolean configure(struct sp_port *serial, const PortSettings *settings)
{
    enum sp_flowcontrol flow = settings->has_rts_cts ? SP_FLOWCONTROL_RTSCTS : SP_FLOWCONTROL_NONE;
    return sp_set_baudrate(serial, (int)settings->baud) == SP_OK &&
           sp_set_bits(serial, 8) == SP_OK && sp_set_parity(serial, SP_PARITY_NONE) == SP_OK &&
           sp_set_stopbits(serial, 1) == SP_OK && sp_set_flowcontrol(serial, flow) == SP_OK &&
           sp_set_dtr(serial, SP_DTR_ON) == SP_OK && sp_flush(serial, SP_BUF_BOTH) == SP_OK;
}

/* NULL: it does not know or does not want this path. *fd is the port's own. */
static struct sp_port *open_serial(const char *path, const PortSettings *settings, int *fd)
{
    struct sp_port *serial = NULL;
    if (sp_get_port_by_name(path, &serial) != SP_OK) return NULL;
    if (sp_open(serial, SP_MODE_READ_WRITE) == SP_OK) {
        if (sp_get_port_handle(serial, fd) == SP_OK && hold_alone(*fd) &&
            configure(serial, settings))
            return serial;
        sp_close(serial);
    }
    sp_free_port(serial);
    return NULL;
}

/* ---- octets in ---- */

static void release(Port *port)
{
    if (port->depth > 0 || !port->is_closed) return;
    g_byte_array_unref(port->unsent);
    g_free(port->path);
    g_free(port);
}

static void stop_sources(Port *port)
{
    if (port->in_source) g_source_remove(port->in_source);
    if (port->out_source) g_source_remove(port->out_source);
    port->in_source = port->out_source = 0;
}

static void tell_gone(Port *port, const char *why)
{
    if (port->is_gone) return;
    port->is_gone = TRUE;
    stop_sources(port);
    port->depth++;
    if (port->gone && !port->is_closed) port->gone(why, port->data);
    port->depth--;
}

/* After an unplugging libserialport reads 0 octets, not an error. -1: nothing now; 0: gone. */
static gssize read_some(Port *port, guint8 *octets, gsize max)
{
    gssize count = read(port->fd, octets, max);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return -1;
    return MAX(count, 0);
}

static gboolean on_input(gint fd, GIOCondition condition, gpointer data)
{
    Port *port = data;
    guint8 octets[READ_MAX];
    (void)fd;
    port->depth++;
    for (guint i = 0; i < READS_MAX && !port->is_closed && !port->is_gone; i++) {
        gssize count = read_some(port, octets, sizeof octets);
        if (count == 0) tell_gone(port, "串口断开了");
        if (count <= 0) break;
        if (port->received) port->received(octets, (gsize)count, port->data);
    }
    if (condition & (G_IO_HUP | G_IO_ERR | G_IO_NVAL)) tell_gone(port, "串口断开了");
    port->depth--;
    gboolean goes_on = !port->is_gone && !port->is_closed;
    release(port);
    return goes_on;
}

/* ---- octets out ---- */

static gboolean on_writable(gint fd, GIOCondition condition, gpointer data);

/* FALSE if the port is gone. */
static gboolean write_some(Port *port)
{
    while (port->unsent->len > 0) {
        gssize count = write(port->fd, port->unsent->data, port->unsent->len);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno != EAGAIN) return FALSE;
        if (count <= 0) break;
        g_byte_array_remove_range(port->unsent, 0, (guint)count);
    }
    if (port->unsent->len > 0 && !port->out_source)
        port->out_source = g_unix_fd_add(port->fd, G_IO_OUT, on_writable, port);
    return TRUE;
}

static gboolean on_writable(gint fd, GIOCondition condition, gpointer data)
{
    Port *port = data;
    (void)fd;
    (void)condition;
    gboolean is_there = write_some(port);
    if (!is_there || port->unsent->len == 0) {
        port->out_source = 0;
        if (!is_there) tell_gone(port, "串口断开了");
        release(port);
        return G_SOURCE_REMOVE;
    }
    return G_SOURCE_CONTINUE;
}

gboolean port_write(Port *port, const void *octets, gsize len)
{
    if (port->is_gone || port->is_closed) return FALSE;
    if (port->unsent->len + len > PORT_QUEUE_MAX) return FALSE;
    g_byte_array_append(port->unsent, octets, (guint)len);
    write_some(port); /* if it is gone, reading will tell */
    return TRUE;
}

/* ---- life ---- */

Port *port_open(const char *path, const PortSettings *settings, GError **error)
{
    g_autofree char *resolved = realpath(path, NULL); /* freed by free(), which is g_free() */
    int fd = -1;

    if (!resolved) {
        port_fail(error, path, errno);
        return NULL;
    }
    struct sp_port *serial = open_serial(resolved, settings, &fd);
    if (!serial) fd = open_plain(resolved, settings);
    if (fd < 0) {
        port_fail(error, path, errno);
        return NULL;
    }
    Port *port = g_new0(Port, 1);
    port->path = g_strdup(resolved);
    port->serial = serial;
    port->fd = fd;
    port->has_rts_cts = settings->has_rts_cts;
    port->unsent = g_byte_array_new();
    port->in_source = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, port);
    return port;
}

void port_close(Port *port)
{
    if (!port || port->is_closed) return;
    port->is_closed = TRUE;
    stop_sources(port);
    ioctl(port->fd, TIOCNXCL);
    flock(port->fd, LOCK_UN);
    if (port->serial) {
        sp_close(port->serial);
        sp_free_port(port->serial);
    } else {
        close(port->fd);
    }
    port->fd = -1;
    release(port);
}

void port_watch(Port *port, PortReceived received, PortGone gone, gpointer data)
{
    port->received = received;
    port->gone = gone;
    port->data = data;
}

gboolean port_set_baud(Port *port, guint baud, GError **error)
{
    PortSettings settings = { baud, port->has_rts_cts };
    gboolean is_ok = port->serial ? sp_set_baudrate(port->serial, (int)baud) == SP_OK &&
                                        sp_flush(port->serial, SP_BUF_BOTH) == SP_OK
                                  : set_termios(port->fd, &settings);
    if (is_ok) return TRUE;
    port_fail(error, port->path, errno);
    return FALSE;
}

const char *port_path(const Port *port)
{
    return port->path;
}

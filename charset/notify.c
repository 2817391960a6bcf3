#include "charset/notify.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static guint watchdog;

static void notify_send(const char *text)
{
    const char *path = g_getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    if (!path || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof address.sun_path)
        return;
    memcpy(address.sun_path, path, strlen(path));
    if (path[0] == '@') address.sun_path[0] = '\0'; /* the abstract name space */
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return;
    socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    if (sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&address, len) < 0)
        g_debug("NOTIFY_SOCKET does not answer");
    close(fd);
}

static gboolean on_watchdog(gpointer unused)
{
    (void)unused;
    notify_send("WATCHDOG=1");
    return G_SOURCE_CONTINUE;
}

void notify_start(void)
{
    const char *period = g_getenv("WATCHDOG_USEC");
    guint64 usec = 0;

    notify_send("READY=1");
    if (period && g_ascii_string_to_unsigned(period, 10, 1000, G_MAXINT64, &usec, NULL))
        watchdog = g_timeout_add((guint)MIN(usec / 2000, G_MAXUINT), on_watchdog, NULL);
}

void notify_stop(void)
{
    if (watchdog) g_source_remove(watchdog);
    watchdog = 0;
    notify_send("STOPPING=1");
}

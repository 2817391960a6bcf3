#pragma once
/* An Xvfb of a test's own. */
#include <glib.h>
#include <unistd.h>

/* Its name, ":7"; NULL: there is no Xvfb. */
static inline char *start_screen(GPid *server)
{
    const char *command[] = { "Xvfb", "-displayfd",   "1", "-nolisten", "tcp", "-screen",
                              "0",    "1920x1920x24", NULL };
    char name[16] = ":";
    gsize at = 1;
    int out;

    if (!g_spawn_async_with_pipes(NULL, (char **)command, NULL,
                                  G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                                  server, NULL, &out, NULL, NULL))
        return NULL;
    while (at < sizeof name - 1 && read(out, name + at, 1) == 1 && name[at] != '\n')
        at++;
    name[at] = '\0';
    return at > 1 ? g_strdup(name) : NULL;
}

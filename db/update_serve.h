#pragma once
/* The update as a service for a screen: one JSON object a line on stdin, one or more on stdout, in
 * turn. It lives as long as the conversation; what was not published when it ends is discarded.
 *   {"do":"hello"}                → {"is":"hello","stick":STATE,"message":…,"generation":n,"previous":bool}
 *   {"do":"enter","pin":"…"}      → {"is":"entered","who":…} | {"is":"refused","message":…}
 *   {"do":"check"}                → {"is":"progress","sheet":…,"index":…,"count":…,"rows":…} …,
 *                                   {"is":"checked","report":{as update --json},"changes":CHANGES}
 *   {"do":"publish","agreed":[…]} → {"is":"published","generation":n,"message":…} |
 *                                   {"is":"ask","about":"removal"|"phones","message":…}
 *   {"do":"second","pin":"…"}     → {"is":"entered",…} | {"is":"refused",…}: another person's PIN
 *   {"do":"rollback"}             → {"is":"published",…}
 *   {"do":"report"}               → {"is":"reported","message":…}
 * Whatever fails: {"is":"failed","message":…}; after "enter" has not succeeded, everything but
 * "hello" and "enter" fails. A line has at most UPDATE_SERVE_LINE_MAX octets. */
#include <glib.h>

#define UPDATE_SERVE_LINE_MAX 4096

/* `path` NULL: the copies of the last stick. Returns an exit status. */
int update_serve(const char *data_dir, const char *path);

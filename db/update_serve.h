#pragma once
/* The update as a service for a screen: one JSON object a line on stdin, one or more on stdout, in
 * turn. It lives as long as the conversation; what was not published when it ends is discarded.
 *   {"do":"hello"}             → {"is":"hello","stick":STATE,"id":n,"message":…,"written":…,
 *                                 "generation":n,"published":…}: `id` is another for each that was
 *                                inserted and each step of copying it; `written` the name of the
 *                                result that was found on it, which then nobody wants any more
 *   {"do":"enter","pin":"…"}   → {"is":"entered","message":…,"others":[{"id","name"}]} |
 *                                {"is":"refused","message":…}
 *   {"do":"check"}             → {"is":"progress","sheet","index","count","rows"} …,
 *                                {"is":"checked","report":{as update --json},
 *                                 "error_count","warning_count": all, listed or not,
 *                                 "cautions":[diff_cautions()],
 *                                 "changes":[{"file","before","after",
 *                                  "added_count","changed_count","removed_count",
 *                                  "added":[ENTRY],"changed":[ENTRY],"removed":[ENTRY]}]}
 *   {"do":"publish"}           → {"is":"published","generation":n,"message":…} |
 *                                {"is":"second","message":…}: another PIN is needed first, because
 *                                 of the cautions
 *   {"do":"second","id":…,"pin":…} → {"is":"entered",…} | {"is":"refused",…}. "id": one of
 *                                 "others"; "" only where there is none: the same holder once more
 *   {"do":"rollback"}          → {"is":"published",…}
 *   {"do":"report"}            → {"is":"reported","message":…}
 * ENTRY: {"key","fields":[{"name","before","after"}]}. STATE: as in intake/state.json (intake.h).
 * Whatever fails: {"is":"failed","message":…}; before "entered" everything but "hello" and "enter"
 * fails, and so it does once whoever entered is revoked. A line has at most UPDATE_SERVE_LINE_MAX
 * octets. */
#include <glib.h>

#define UPDATE_SERVE_LINE_MAX 4096

/* `path` NULL: the copies of the last stick. Returns an exit status. */
int update_serve(const char *data_dir, const char *path);

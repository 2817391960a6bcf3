#pragma once
/* What every command shares: global options, usage errors with the nearest valid option, exit status.
 * Messages are Chinese, on stderr, in the terminal's encoding (terminal.h). */
#include <glib.h>
#include <sysexits.h>

typedef struct {
    char *data_dir;    /* --data; NULL if not given: db/folder.h decides */
    char *config_file; /* --config; NULL if not given */
    gboolean is_verbose;
} CliGlobals;

typedef struct {
    const char *name;
    const char *summary; /* 一句话 */
    int (*run)(CliGlobals *globals, int argc, char **argv); /* argv[0] is the command's name; exit status */
} CliCommand;

/* Parses `entries` and the global options out of argc/argv, which keep the rest (argv[0] included).
 * 0 to go on; else the exit status to return at once with *is_done TRUE (--help gives 0, a bad option 64). */
int cli_parse(CliGlobals *globals, const char *usage, const GOptionEntry *entries, int *argc, char ***argv,
              gboolean *is_done);

/* Prints "bianmin: MESSAGE" and returns `status`. */
int cli_fail(int status, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The entry of `words` (NULL-ended) nearest to `typed` by edit distance, or NULL if none is near. */
const char *cli_nearest(const char *typed, const char *const *words);

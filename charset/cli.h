#pragma once
/* What every command shares: global options, usage errors with the nearest valid option, exit
 * status. Messages are Chinese, on stderr, in the terminal's encoding (terminal.h). GOption does
 * the parsing; its own (English) texts never reach the user. */
#include <glib.h>
#include <sysexits.h>

typedef struct {
    char *data_dir;    /* --data; NULL if not given: db/folder.h decides */
    char *config_file; /* --config; NULL if not given; else a file that can be read */
    gboolean is_verbose;
} CliGlobals;

typedef struct {
    const char *name;
    const char *summary; /* 一句话 */
    /* argv[0] is the command's name; returns the exit status */
    int (*run)(CliGlobals *globals, int argc, char **argv);
} CliCommand;

void cli_globals_clear(CliGlobals *globals);

/* Parses `entries` (NULL: none) and the global options out of argc/argv, which keep the rest
 * (argv[0] included). `usage` is what follows "bianmin " in the usage line ("ask [选项] [问题…]");
 * further lines of it appear in --help only. Take texts as G_OPTION_ARG_FILENAME, not _STRING: the
 * latter refuses what the locale cannot hold.
 *
 * 0 to go on; else the exit status to return at once with *is_done TRUE (--help gives 0, a bad
 * option 64, a --config file that cannot be read 66). */
int cli_parse(CliGlobals *globals, const char *usage, const GOptionEntry *entries, int *argc,
              char ***argv, gboolean *is_done);

/* The same for what stands before the command: stops at the first word that is no option. */
int cli_parse_leading(CliGlobals *globals, const char *usage, int *argc, char ***argv,
                      gboolean *is_done);

/* Prints "bianmin: MESSAGE" and returns `status`. */
int cli_fail(int status, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The entry of `words` (NULL-ended) nearest to `typed` by edit distance; NULL if none is near. */
const char *cli_nearest(const char *typed, const char *const *words);

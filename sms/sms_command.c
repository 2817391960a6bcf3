#include "sms/sms_command.h"

#include "charset/setting.h"
#include "charset/terminal.h"
#include "db/folder.h"
#include "db/sms_store.h"
#include "sms/footprint.h"
#include "sms/gateway.h"
#include "sms/notes_command.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define USAGE "sms [选项]\n\n短信问答：居民发短信来问，自动回答。设置在 /etc/bianmin/bianmin.conf。"

#define FULL_WAIT_S 3

typedef struct {
    char *port;
    int baud;
    gboolean is_once, is_notes;
    int note_done;
} Options;

/* Lines for the journal: systemd reads the level from "<4>"; a terminal gets them plain. */
static GLogWriterOutput write_log(GLogLevelFlags level, const GLogField *fields, gsize count,
                                  gpointer is_verbose)
{
    gboolean is_debug = (level & G_LOG_LEVEL_MASK) >= G_LOG_LEVEL_INFO;
    int priority = level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL) ? 3
                   : level & G_LOG_LEVEL_WARNING                      ? 4
                   : is_debug                                         ? 7
                                                                      : 6;
    if (is_debug && !is_verbose) return G_LOG_WRITER_HANDLED;
    for (gsize i = 0; i < count; i++) {
        if (strcmp(fields[i].key, "MESSAGE") != 0) continue;
        if (g_getenv("JOURNAL_STREAM"))
            terminal_printf(stderr, "<%d>%s\n", priority, (const char *)fields[i].value);
        else
            terminal_printf(stderr, "bianmin: %s\n", (const char *)fields[i].value);
    }
    return G_LOG_WRITER_HANDLED;
}

/* What the command line says goes before what the file says. */
static void apply_options(Settings *settings, const Options *options)
{
    SettingsModem *first = settings->modems->pdata[0];
    if (options->port) {
        g_free(first->port);
        first->port = g_strdup(options->port);
        g_ptr_array_set_size(settings->modems, 1);
    }
    if (options->baud > 0) first->baud = (guint)options->baud;
}

static int open_failed(const GError *error)
{
    if (g_error_matches(error, RUNTIME_ERROR, RUNTIME_ERROR_BUSY))
        return cli_fail(EX_TEMPFAIL, "%s：看 bianmin status；要停，sudo systemctl stop bianmin-sms",
                        error->message);
    if (g_error_matches(error, RUNTIME_ERROR, RUNTIME_ERROR_NO_RIGHT))
        return cli_fail(EX_NOPERM, "%s", error->message);
    return cli_fail(EX_CANTCREAT, "%s", error->message);
}

/* A full disk is waited for: the messages wait on the SIM. */
static Gateway *open_gateway(const char *data_dir, const Settings *settings, gboolean is_once,
                             GError **error)
{
    for (gboolean is_told = FALSE;; is_told = TRUE) {
        g_autoptr(GError) cause = NULL;
        Gateway *gateway = gateway_new(data_dir, settings, &cause);
        if (gateway) return gateway;
        if (is_once || !g_error_matches(cause, RUNTIME_ERROR, RUNTIME_ERROR_FULL)) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return NULL;
        }
        if (!is_told) g_warning("%s。先等着，有了空间就开始；短信留在卡里不会丢", cause->message);
        g_usleep(FULL_WAIT_S * G_USEC_PER_SEC);
    }
}

static int run_gateway(CliGlobals *globals, const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Settings) settings = settings_load(globals->config_file, &error);

    if (!settings) return setting_fail(error);
    apply_options(settings, options);
    footprint_trim(); /* what linking has touched, before the content comes on top */
    g_autofree char *data_dir = folder_locate(globals->data_dir);
    g_autoptr(Gateway) gateway = open_gateway(data_dir, settings, options->is_once, &error);
    if (!gateway) return open_failed(error);
    footprint_trim();
    switch (gateway_run(gateway, options->is_once)) {
    case GATEWAY_ENDED:
        return EX_OK;
    case GATEWAY_NO_MODEM:
        return cli_fail(EX_UNAVAILABLE, "没有能用的短信猫，或者发不出去，看 bianmin modem probe");
    case GATEWAY_DAMAGED:
        return cli_fail(EX_IOERR, "短信记录 sms.db 损坏了；再启动时会留下能读出来的，换一个新的");
    }
    return EX_SOFTWARE;
}

int sms_main(CliGlobals *globals, int argc, char **argv)
{
    Options options = { 0 };
    gboolean is_done = FALSE;
    const GOptionEntry entries[] = {
        { "port", 0, 0, G_OPTION_ARG_FILENAME, &options.port, "串口，auto 是自动找", "设备" },
        { "baud", 0, 0, G_OPTION_ARG_INT, &options.baud, "速率，不填是自动试", "N" },
        { "once", 0, 0, G_OPTION_ARG_NONE, &options.is_once, "把现有的短信答完就结束", NULL },
        { "notes", 0, 0, G_OPTION_ARG_NONE, &options.is_notes, "列出没看过的居民留言", NULL },
        { "note-done", 0, 0, G_OPTION_ARG_INT, &options.note_done, "这一条留言办好了", "编号" },
        { 0 }
    };
    int status = cli_parse(globals, USAGE, entries, &argc, &argv, &is_done);
    if (is_done) {
        g_free(options.port);
        return status;
    }
    if (options.is_notes || options.note_done) {
        g_free(options.port);
        return notes_run(globals, options.note_done);
    }
    if (argc > 1 || options.baud < 0 || options.baud > 4000000)
        status = cli_fail(EX_USAGE,
                          "用法：bianmin sms [--port 设备|auto] [--baud N] [--once] [--notes]");
    else {
        signal(SIGPIPE, SIG_IGN);
        signal(SIGXFSZ, SIG_IGN); /* a limit on files is an error like a full disk */
        g_log_set_writer_func(write_log, globals->is_verbose ? globals : NULL, NULL);
        status = run_gateway(globals, &options);
    }
    g_free(options.port);
    return status;
}

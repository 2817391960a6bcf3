#include "kiosk/update_link.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "charset/json_text.h"

#define SOCKET_PATH "/run/bianmin/update.socket"
#define SOCKET_UNIT "bianmin-update.socket"

struct UpdateLink {
    GSubprocess *child;    /* NULL: the socket */
    GIOStream *connection; /* NULL: a child, or not yet */
    GOutputStream *to;     /* NULL: not yet connected */
    GDataInputStream *from;
    GQueue *waiting; /* GString *: what is to be sent; the first one is being sent */
    GCancellable *hangup;
    UpdateLinkHeard heard;
    gpointer data;
    guint no_child; /* idle source */
};

/* ---- the end ---- */

static void wiped_free(gpointer data)
{
    GString *text = data;

    explicit_bzero(text->str, text->allocated_len);
    g_string_free(text, TRUE);
}

void update_link_free(UpdateLink *link)
{
    if (!link) return;
    g_clear_handle_id(&link->no_child, g_source_remove);
    g_cancellable_cancel(link->hangup);
    if (link->connection) g_io_stream_close(link->connection, NULL, NULL);
    if (link->child && link->to) g_output_stream_close(link->to, NULL, NULL);
    g_clear_object(&link->child);
    g_clear_object(&link->connection);
    g_clear_object(&link->to);
    g_clear_object(&link->from);
    g_clear_object(&link->hangup);
    g_queue_free_full(link->waiting, wiped_free);
    g_free(link);
}

/* Of an operation that ended: TRUE if the link is there no more, whatever `data` says. */
static gboolean has_hung_up(const GError *error)
{
    return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void end(UpdateLink *link, const char *message)
{
    link->heard(NULL, message, link->data);
}

/* ---- hearing ---- */

static void hear(UpdateLink *link);

static void on_line(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *line =
        g_data_input_stream_read_line_finish(G_DATA_INPUT_STREAM(source), result, NULL, &error);
    UpdateLink *link = data;
    g_autoptr(JsonParser) parser = json_parser_new();

    if (has_hung_up(error)) return;
    if (!line || !json_parser_load_from_data(parser, line, -1, NULL) ||
        !JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser))) {
        end(link, "检查和发布的程序意外结束了，现用的内容没有变。请退出再试一次");
        return;
    }
    hear(link); /* first: hearing may free the link */
    link->heard(json_node_get_object(json_parser_get_root(parser)), NULL, link->data);
}

static void hear(UpdateLink *link)
{
    g_data_input_stream_read_line_async(link->from, G_PRIORITY_DEFAULT, link->hangup, on_line,
                                        link);
}

/* ---- saying ---- */

static void send_next(UpdateLink *link);

static void on_sent(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    gboolean is_sent =
        g_output_stream_write_all_finish(G_OUTPUT_STREAM(source), result, NULL, &error);
    UpdateLink *link = data;

    if (has_hung_up(error)) return;
    wiped_free(g_queue_pop_head(link->waiting));
    if (is_sent) send_next(link); /* else the reading side hears of the end */
}

static void send_next(UpdateLink *link)
{
    const GString *text = g_queue_peek_head(link->waiting);

    if (!text || !link->to) return;
    g_output_stream_write_all_async(link->to, text->str, text->len, G_PRIORITY_DEFAULT,
                                    link->hangup, on_sent, link);
}

static void append_member(GString *text, const char *name, const char *value)
{
    if (!value) return;
    g_string_append_printf(text, ",\"%s\":", name);
    json_text_string(text, value);
}

void update_link_say(UpdateLink *link, const char *verb, const char *pin, const char *id)
{
    GString *text = g_string_sized_new(256); /* a PIN moves to no other place */

    g_string_append(text, "{\"do\":");
    json_text_string(text, verb);
    append_member(text, "pin", pin);
    append_member(text, "id", id);
    g_string_append(text, "}\n");
    g_queue_push_tail(link->waiting, text);
    if (g_queue_get_length(link->waiting) == 1) send_next(link);
}

/* ---- the beginning ---- */

static void set_streams(UpdateLink *link, GOutputStream *to, GInputStream *from)
{
    link->to = g_object_ref(to);
    link->from = g_data_input_stream_new(from);
    hear(link);
    send_next(link);
}

static void on_connected(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    GSocketConnection *connection =
        g_socket_client_connect_finish(G_SOCKET_CLIENT(source), result, &error);
    UpdateLink *link = data;

    if (has_hung_up(error)) return;
    if (!connection) {
        g_message("staff page: %s", error->message);
        end(link, "检查和发布的服务没有打开，不能更新。\n请叫技术人员，告诉他：没有 " SOCKET_UNIT);
        return;
    }
    link->connection = G_IO_STREAM(connection);
    set_streams(link, g_io_stream_get_output_stream(link->connection),
                g_io_stream_get_input_stream(link->connection));
}

static void connect_socket(UpdateLink *link)
{
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(SOCKET_PATH);

    g_socket_client_connect_async(client, G_SOCKET_CONNECTABLE(address), link->hangup, on_connected,
                                  link);
}

static gboolean on_no_child(gpointer data)
{
    UpdateLink *link = data;

    link->no_child = 0;
    end(link, "检查和发布的程序没有启动");
    return G_SOURCE_REMOVE;
}

static void start_child(UpdateLink *link, const char *data_dir, const char *folder)
{
    g_autoptr(GError) error = NULL;

    link->child =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                         "/proc/self/exe", "--data", data_dir, "update", "--serve", folder, NULL);
    if (link->child) {
        set_streams(link, g_subprocess_get_stdin_pipe(link->child),
                    g_subprocess_get_stdout_pipe(link->child));
        return;
    }
    g_message("staff page: %s", error->message);
    link->no_child = g_idle_add(on_no_child, link);
}

UpdateLink *update_link_new(const char *data_dir, const char *folder, UpdateLinkHeard heard,
                            gpointer data)
{
    UpdateLink *link = g_new0(UpdateLink, 1);

    link->waiting = g_queue_new();
    link->hangup = g_cancellable_new();
    link->heard = heard;
    link->data = data;
    if (*folder)
        start_child(link, data_dir, folder);
    else
        connect_socket(link);
    return link;
}

#include "db/intake.h"

#include "charset/json_text.h"
#include "db/disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define STATE_NAME "state.json"
#define STATE_MAX  (16u * 1024)
#define LOCK_EVERY (100 * G_TIME_SPAN_MILLISECOND)
#define BUSY       "前一个U盘的表还有人在用。请等用完了，再插一次"

static const char *const result_names[] = { "none",    "copying", "copied",
                                            "nothing", "refused", "pulled" };

const char *intake_result_name(IntakeResult result)
{
    return result_names[result];
}

void intake_state_clear(IntakeState *state)
{
    g_free(state->message);
    g_free(state->time);
    g_free(state->device);
    g_free(state->folder);
    g_free(state->report);
    *state = (IntakeState){ 0 };
}

char *intake_now(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    return g_date_time_format(now, "%FT%T%:z");
}

/* ---- the folder ---- */

static gboolean try_lock(int fd, int operation)
{
    int status;
    do
        status = flock(fd, operation);
    while (status != 0 && errno == EINTR);
    return status == 0;
}

/* Nobody copies, for the lock is shared by readers and us. */
static void tell_busy(int fd)
{
    g_autoptr(GError) error = NULL;
    const IntakeState state = { .result = INTAKE_REFUSED, .message = (char *)BUSY };
    if (!intake_save_state(fd, &state, &error)) g_warning("intake: %s", error->message);
}

/* Who copies says so in state.json, and is waited for; who reads has said nothing to whoever
 * inserted another stick, and is waited for no longer than that one would. */
static gboolean lock_to_write(int fd)
{
    gint64 end = g_get_monotonic_time() + INTAKE_WAIT_S * G_TIME_SPAN_SECOND;
    while (!try_lock(fd, LOCK_EX | LOCK_NB)) {
        if (errno != EWOULDBLOCK) return FALSE;
        gboolean is_read = try_lock(fd, LOCK_SH | LOCK_NB);
        if (is_read && g_get_monotonic_time() > end) {
            tell_busy(fd);
            errno = EBUSY;
            return FALSE;
        }
        if (is_read)
            (void)try_lock(fd, LOCK_UN);
        else
            end = g_get_monotonic_time() + INTAKE_WAIT_S * G_TIME_SPAN_SECOND;
        g_usleep(LOCK_EVERY);
    }
    return TRUE;
}

static gboolean lock(int fd, IntakeMode mode, GError **error)
{
    gboolean is_locked = mode == INTAKE_READ        ? try_lock(fd, LOCK_SH)
                         : mode == INTAKE_WRITE_NOW ? try_lock(fd, LOCK_EX | LOCK_NB)
                                                    : lock_to_write(fd);
    gboolean is_busy = errno == EBUSY || errno == EWOULDBLOCK;
    return is_locked || disk_fail(error, is_busy ? DISK_ERROR_BUSY : DISK_ERROR_WRITE, errno,
                                  mode == INTAKE_WRITE ? BUSY : "正在拷另一个U盘");
}

int intake_open(const char *data_dir, IntakeMode mode, GError **error)
{
    g_autofree char *path = g_build_filename(data_dir, "intake", NULL);
    if (mode != INTAKE_READ && g_mkdir_with_parents(data_dir, 0755) == 0) (void)!mkdir(path, 0700);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        disk_fail(error, errno == ENOENT ? DISK_ERROR_MISSING : DISK_ERROR_WRITE, errno, path);
        return -1;
    }
    if (lock(fd, mode, error)) return fd;
    close(fd);
    return -1;
}

static guint mode_of(int intake)
{
    struct stat status = { 0 };
    return fstat(intake, &status) == 0 ? status.st_mode : 0700;
}

guint intake_file_mode(int intake)
{
    return mode_of(intake) & 0640;
}

static gboolean is_folder_name(const char *name)
{
    return strlen(name) == INTAKE_NAME_LEN - 1 &&
           strspn(name, "0123456789abcdef") == INTAKE_NAME_LEN - 1;
}

int intake_begin(int intake, char name[INTAKE_NAME_LEN], GError **error)
{
    guint8 random[(INTAKE_NAME_LEN - 1) / 2];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(name, INTAKE_NAME_LEN, random, sizeof random);
    g_autofree char *unfinished = g_strconcat(name, ".tmp", NULL);
    int fd = -1;
    if (mkdirat(intake, unfinished, mode_of(intake) & 0750) == 0)
        fd = openat(intake, unfinished, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) disk_fail(error, DISK_ERROR_WRITE, errno, "不能新建文件夹");
    return fd;
}

gboolean intake_finish(int intake, const char *name, GError **error)
{
    g_autofree char *unfinished = g_strconcat(name, ".tmp", NULL);
    if (renameat(intake, unfinished, intake, name) != 0)
        return disk_fail(error, DISK_ERROR_WRITE, errno, "拷好的文件夹不能改名");
    return disk_sync(intake, error);
}

/* Nothing deeper is ever made here. */
static void remove_folder(int intake, const char *name)
{
    int fd = openat(intake, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir) {
        if (fd >= 0) close(fd);
        return;
    }
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
        (void)!unlinkat(fd, entry->d_name, 0);
    closedir(dir);
    if (unlinkat(intake, name, AT_REMOVEDIR) != 0)
        g_warning("intake: %s stays: %s", name, g_strerror(errno));
}

/* `keep`: the finished one to keep; NULL: all of them. */
static void remove_folders_but(int intake, const char *keep)
{
    int fd = openat(intake, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir) {
        if (fd >= 0) close(fd);
        return;
    }
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        gboolean is_unfinished = g_str_has_suffix(entry->d_name, ".tmp");
        g_autofree char *name =
            g_strndup(entry->d_name, strlen(entry->d_name) - (is_unfinished ? 4 : 0));
        gboolean is_kept = !is_unfinished && (!keep || strcmp(name, keep) == 0);
        if (is_folder_name(name) && !is_kept) remove_folder(intake, entry->d_name);
    }
    closedir(dir);
}

void intake_tidy(int intake)
{
    g_auto(IntakeState) state = { 0 };
    gboolean is_loaded = intake_load_state(intake, &state);
    /* one that cannot be read now may be read later, and must not name what is gone */
    if (is_loaded || disk_id(intake, STATE_NAME) == 0)
        remove_folders_but(intake, is_loaded ? state.folder : "");
    else
        remove_folders_but(intake, NULL);
}

char *intake_path(int intake, const char *data_dir)
{
    g_auto(IntakeState) state = { 0 };
    if (!intake_load_state(intake, &state) || state.result != INTAKE_COPIED) return NULL;
    return g_build_filename(data_dir, "intake", state.folder, NULL);
}

/* ---- state.json ---- */

static char *take_text(JsonObject *object, const char *member)
{
    JsonNode *node = json_object_get_member(object, member);
    gboolean is_text = node && json_node_get_value_type(node) == G_TYPE_STRING;
    return g_strdup(is_text ? json_node_get_string(node) : "");
}

static guint64 take_number(JsonObject *object, const char *member)
{
    JsonNode *node = json_object_get_member(object, member);
    gboolean is_number = node && json_node_get_value_type(node) == G_TYPE_INT64;
    return is_number ? (guint64)MAX(json_node_get_int(node), 0) : 0;
}

static gboolean take_state(JsonObject *object, IntakeState *state)
{
    g_autofree char *name = take_text(object, "state");
    guint result = 0;
    while (result < G_N_ELEMENTS(result_names) && strcmp(name, result_names[result]) != 0)
        result++;
    *state = (IntakeState){
        .result = (IntakeResult)result,
        .message = take_text(object, "message"),
        .time = take_text(object, "time"),
        .device = take_text(object, "device"),
        .folder = take_text(object, "folder"),
        .report = take_text(object, "report"),
        .disk = take_number(object, "disk"),
        .passed_over = take_number(object, "passed_over"),
    };
    return result < G_N_ELEMENTS(result_names) &&
           is_folder_name(state->folder) == (result == INTAKE_COPIED);
}

gboolean intake_load_state(int intake, IntakeState *state)
{
    gsize len = 0;
    g_autofree char *text = disk_read(intake, STATE_NAME, STATE_MAX, &len, NULL);
    g_autoptr(JsonParser) parser = json_parser_new();
    *state = (IntakeState){ 0 };
    if (!text || !json_parser_load_from_data(parser, text, (gssize)len, NULL)) return FALSE;
    JsonNode *root = json_parser_get_root(parser);
    if (!root || !JSON_NODE_HOLDS_OBJECT(root)) return FALSE;
    if (take_state(json_node_get_object(root), state)) return TRUE;
    intake_state_clear(state);
    return FALSE;
}

gboolean intake_peek(const char *data_dir, guint64 *id, IntakeState *state)
{
    g_autofree char *path = g_build_filename(data_dir, "intake", NULL);
    int folder = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    guint64 now = folder >= 0 ? disk_id(folder, STATE_NAME) : 0;
    gboolean is_new = now != 0 && now != *id && intake_load_state(folder, state);

    *id = now;
    if (folder >= 0) close(folder);
    return is_new;
}

static void add_text(GString *json, const char *member, const char *text)
{
    g_string_append_printf(json, ",\"%s\":", member);
    json_text_string(json, text ? text : "");
}

gboolean intake_save_state(int intake, const IntakeState *state, GError **error)
{
    g_autofree char *now = intake_now();
    g_autoptr(GString) json = g_string_new("{\"v\":1");
    add_text(json, "state", result_names[state->result]);
    add_text(json, "message", state->message);
    add_text(json, "time", now);
    add_text(json, "device", state->device);
    add_text(json, "folder", state->folder);
    add_text(json, "report", state->report);
    g_string_append_printf(
        json, ",\"disk\":%" G_GUINT64_FORMAT ",\"passed_over\":%" G_GUINT64_FORMAT "}\n",
        state->disk, state->passed_over);
    return disk_replace(intake, STATE_NAME, json->str, json->len, 0644, error);
}

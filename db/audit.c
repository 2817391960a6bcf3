#include "db/audit.h"

#include "db/disk.h"
#include "db/json_line.h"

#include <errno.h>
#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIELD_CHARS_MAX 200
#define FILE_MAX        (16u * 1024 * 1024) /* a month of an update every minute has 9 MB */

G_DEFINE_QUARK(bianmin_audit_error, audit_error)

static gboolean audit_fail(GError **error, AuditError code, const char *what)
{
    g_set_error(error, AUDIT_ERROR, (gint)code, "操作记录（audit）%s", what);
    return FALSE;
}

static int open_folder(const char *data_dir, GError **error)
{
    g_autofree char *path = g_build_filename(data_dir, "audit", NULL);
    if (mkdir(path, 0750) != 0 && errno != EEXIST) {
        disk_fail(error, DISK_ERROR_WRITE, errno, "不能新建 audit 文件夹");
        return -1;
    }
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) disk_fail(error, DISK_ERROR_READ, errno, "audit 文件夹打不开");
    return folder;
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The log files, oldest first; none if the folder is not there. */
static GPtrArray *list_logs(const char *data_dir)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *path = g_build_filename(data_dir, "audit", NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        if (g_str_has_prefix(name, "audit-") && g_str_has_suffix(name, ".log"))
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    return names;
}

/* The last line of the newest log, whole or torn; *is_torn if its line end is missing. "" if there
 * is none yet. */
static char *last_line(int folder, const char *data_dir, gboolean *is_torn, GError **error)
{
    g_autoptr(GPtrArray) names = list_logs(data_dir);
    *is_torn = FALSE;
    for (guint i = names->len; i > 0; i--) {
        gsize len = 0;
        g_autofree char *text = disk_read(folder, names->pdata[i - 1], FILE_MAX, &len, error);
        if (!text) return NULL;
        if (len == 0) continue;
        *is_torn = text[len - 1] != '\n';
        gsize end = *is_torn ? len : len - 1, start = end;
        while (start > 0 && text[start - 1] != '\n')
            start--;
        return g_strndup(text + start, end - start);
    }
    return g_strdup("");
}

static void hash_before(const char *line, char hash[33])
{
    hash[0] = '\0';
    if (*line) disk_short_digest(line, strlen(line), hash);
}

static void add_text(JsonBuilder *builder, const char *name, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *part =
        g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), FIELD_CHARS_MAX));
    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, part);
}

static char *format_line(GDateTime *now, const char *event, const char *const *fields,
                         const char *before)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree char *time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S%:z");
    json_builder_begin_object(builder);
    add_text(builder, "time", time);
    add_text(builder, "event", event);
    for (guint i = 0; fields[i] && fields[i + 1]; i += 2)
        add_text(builder, fields[i], fields[i + 1]);
    add_text(builder, "before", before);
    json_builder_end_object(builder);
    return json_line(builder);
}

/* A log belongs to the owner of its folder, also if root begins it: else he could not go on. */
static void give_to_owner(int folder, int fd)
{
    struct stat owner;

    if (geteuid() == 0 && fstat(folder, &owner) == 0 && owner.st_uid != 0 &&
        fchown(fd, owner.st_uid, (gid_t)-1) != 0)
        g_warning("audit: a log stays root's: %s", g_strerror(errno));
}

/* What could not be written whole is taken back; if that fails too, the torn line stays and is
 * told. */
static gboolean append_text(int folder, const char *name, const char *text, GError **error)
{
    int fd = openat(folder, name, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (fd < 0) return disk_fail(error, DISK_ERROR_WRITE, errno, name);
    give_to_owner(folder, fd);
    struct stat st;
    gboolean is_known = fstat(fd, &st) == 0;
    gboolean is_written = disk_write_all(fd, text, strlen(text), error) && disk_sync(fd, error);
    if (!is_written && is_known && ftruncate(fd, st.st_size) != 0)
        g_warning("audit line torn file=%s", name);
    close(fd);
    return is_written && disk_sync(folder, error);
}

static gboolean append_locked(int folder, const char *data_dir, GDateTime *now, const char *event,
                              const char *const *fields, GError **error)
{
    gboolean is_torn = FALSE;
    char before[33];
    g_autofree char *last = last_line(folder, data_dir, &is_torn, error);
    if (!last) return FALSE;
    hash_before(last, before);
    g_autofree char *line = format_line(now, event, fields, before);
    g_autofree char *text = g_strconcat(is_torn ? "\n" : "", line, "\n", NULL);
    g_autofree char *month = g_date_time_format(now, "audit-%Y%m.log");
    /* A clock that was set back must not put a line in front of its predecessor. */
    g_autoptr(GPtrArray) names = list_logs(data_dir);
    const char *newest = names->len > 0 ? names->pdata[names->len - 1] : month;
    return append_text(folder, strcmp(month, newest) > 0 && !is_torn ? month : newest, text, error);
}

gboolean audit_append(const char *data_dir, GDateTime *now, const char *event,
                      const char *const *fields, GError **error)
{
    g_autoptr(GError) cause = NULL;
    int folder = open_folder(data_dir, &cause);
    gboolean is_written = folder >= 0 && flock(folder, LOCK_EX) == 0 &&
                          append_locked(folder, data_dir, now, event, fields, &cause);
    if (folder >= 0) close(folder);
    gboolean is_denied = g_error_matches(cause, DISK_ERROR, DISK_ERROR_NO_RIGHT);
    return is_written || audit_fail(error, is_denied ? AUDIT_ERROR_NO_RIGHT : AUDIT_ERROR_WRITE,
                                    cause ? cause->message : "锁不上");
}

/* ---- checking ---- */

/* A line that is no JSON was torn; it has no "before" to compare, but the next line names its hash.
 */
static gboolean check_line(const char *line, const char *before)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    if (!json_parser_load_from_data(parser, line, -1, NULL)) return TRUE;
    JsonNode *root = json_parser_get_root(parser);
    if (!root || !JSON_NODE_HOLDS_OBJECT(root)) return FALSE;
    JsonNode *node = json_object_get_member(json_node_get_object(root), "before");
    return node && JSON_NODE_HOLDS_VALUE(node) &&
           g_strcmp0(json_node_get_string(node), before) == 0;
}

static gboolean check_log(char *text, char before[33], guint64 *count)
{
    for (char *line = text, *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        if (!end) return TRUE; /* torn by a cut just now */
        *end = '\0';
        if (!check_line(line, before)) return FALSE;
        hash_before(line, before);
        (*count)++;
    }
    return TRUE;
}

gboolean audit_verify(const char *data_dir, guint64 *line_count, GError **error)
{
    guint64 count = 0;
    char before[33] = "";
    g_autoptr(GPtrArray) names = list_logs(data_dir);
    for (guint i = 0; i < names->len; i++) {
        gsize len = 0;
        g_autoptr(GError) cause = NULL;
        g_autofree char *name = g_build_filename(data_dir, "audit", names->pdata[i], NULL);
        g_autofree char *text = disk_read(AT_FDCWD, name, FILE_MAX, &len, &cause);
        if (!text) return audit_fail(error, AUDIT_ERROR_READ, cause->message);
        if (strlen(text) != len || !check_log(text, before, &count)) {
            g_set_error(error, AUDIT_ERROR, AUDIT_ERROR_CHAIN,
                        "操作记录 %s 第 %" G_GUINT64_FORMAT " 行前后被改动过",
                        (char *)names->pdata[i], count + 1);
            return FALSE;
        }
    }
    if (line_count) *line_count = count;
    return TRUE;
}

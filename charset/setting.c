#include "charset/setting.h"

#include <string.h>

#include "charset/cli.h"
#include "charset/terminal.h"

#define FILE_MAX        (64 * 1024) /* octets; a shipped file has about 4 K */
#define VALUE_SHOWN_MAX 40          /* characters */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define NOT_UNDERSTOOD  "看不懂：要写成“[组]”或“名称=值”"

/* A line that says something. */
typedef struct {
    guint line;
    char *group;
    char *key; /* NULL: the group's own line */
    char *value;
    char *shown; /* the value as it stands in the file */
} Entry;

typedef struct {
    guint line; /* 0: of no line */
    char *text;
    gboolean is_hint; /* it stops nothing */
} Fault;

struct SettingFile {
    char *name;         /* as it is told */
    GPtrArray *entries; /* Entry * */
    GPtrArray *faults;  /* Fault * */
    GPtrArray *asked;   /* Entry *: group and key of each that somebody wanted */
};

/* Groups that may stand in one file, each with the name by which it is offered. */
static const struct {
    const char *pattern, *offered;
} house_groups[] = { { "kiosk", "[kiosk]" }, { "sms", "[sms]" }, { "modem.?*", "[modem.1]" } };

G_DEFINE_QUARK(bianmin_setting_error, setting_error)

static void entry_free(gpointer data)
{
    Entry *entry = data;
    g_free(entry->group);
    g_free(entry->key);
    g_free(entry->value);
    g_free(entry->shown);
    g_free(entry);
}

static void fault_free(gpointer data)
{
    Fault *fault = data;
    g_free(fault->text);
    g_free(fault);
}

void setting_free(SettingFile *file)
{
    if (!file) return;
    g_free(file->name);
    g_ptr_array_unref(file->entries);
    g_ptr_array_unref(file->faults);
    g_ptr_array_unref(file->asked);
    g_free(file);
}

static SettingFile *file_new(const char *path)
{
    SettingFile *file = g_new0(SettingFile, 1);
    file->name = terminal_to_utf8(path, -1);
    file->entries = g_ptr_array_new_with_free_func(entry_free);
    file->faults = g_ptr_array_new_with_free_func(fault_free);
    file->asked = g_ptr_array_new_with_free_func(entry_free);
    return file;
}

static Entry *entry_new(guint line, const char *group, const char *key)
{
    Entry *entry = g_new0(Entry, 1);
    entry->line = line;
    entry->group = g_strdup(group);
    entry->key = g_strdup(key);
    return entry;
}

static const Entry *find(const GPtrArray *entries, const char *group, const char *key)
{
    for (guint i = 0; i < entries->len; i++) {
        const Entry *entry = entries->pdata[i];
        if (g_str_equal(entry->group, group) && g_strcmp0(entry->key, key) == 0) return entry;
    }
    return NULL;
}

static void add_fault(SettingFile *file, guint line, gboolean is_hint, const char *format,
                      va_list values) G_GNUC_PRINTF(4, 0);
static void add_fault(SettingFile *file, guint line, gboolean is_hint, const char *format,
                      va_list values)
{
    Fault *fault = g_new0(Fault, 1);

    fault->line = line;
    fault->is_hint = is_hint;
    fault->text = g_strdup_vprintf(format, values);
    g_ptr_array_add(file->faults, fault);
}

static void complain(SettingFile *file, guint line, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void complain(SettingFile *file, guint line, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    add_fault(file, line, FALSE, format, values);
    va_end(values);
}

static void hint(SettingFile *file, guint line, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void hint(SettingFile *file, guint line, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    add_fault(file, line, TRUE, format, values);
    va_end(values);
}

/* ---- reading: a line at a time, so that each fault has its line ---- */

static GKeyFile *parse(const char *text)
{
    g_autoptr(GKeyFile) parsed = g_key_file_new();
    if (!g_key_file_load_from_data(parsed, text, (gsize)-1, G_KEY_FILE_KEEP_TRANSLATIONS, NULL))
        return NULL;
    return g_steal_pointer(&parsed);
}

/* The group that begins with this line, free with g_free(); NULL: it is not understood. */
static char *group_of(const char *line)
{
    g_autoptr(GKeyFile) parsed = parse(line);
    return parsed ? g_key_file_get_start_group(parsed) : NULL;
}

static void read_key(SettingFile *file, guint number, const char *line, const char *group)
{
    g_autofree char *alone = g_strconcat("[x]\n", line, NULL);
    g_autoptr(GKeyFile) parsed = parse(alone);
    g_autoptr(GError) escape = NULL;
    g_auto(GStrv) keys = parsed ? g_key_file_get_keys(parsed, "x", NULL, NULL) : NULL;

    if (!keys || !keys[0]) {
        complain(file, number, NOT_UNDERSTOOD);
        return;
    }
    if (!group) {
        complain(file, number, "%s= 前面要先有“[组]”这一行", keys[0]);
        return;
    }
    const Entry *earlier = find(file->entries, group, keys[0]);
    if (earlier)
        complain(file, number, "[%s] %s= 写了两次，第 %u 行已经有了", group, keys[0],
                 earlier->line);
    Entry *entry = entry_new(number, group, keys[0]);
    entry->value = g_key_file_get_string(parsed, "x", keys[0], &escape);
    entry->shown = g_key_file_get_value(parsed, "x", keys[0], NULL);
    if (escape) complain(file, number, "[%s] %s= 里的反斜杠 \\ 要写成 \\\\", group, keys[0]);
    g_ptr_array_add(file->entries, entry);
}

static void read_lines(SettingFile *file, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autofree char *group = NULL;
    gboolean is_lost = FALSE; /* after the line of a group that is not understood */

    for (guint i = 0; lines[i]; i++) {
        const char *line = g_strstrip(lines[i]);
        if (*line == '\0' || *line == '#') continue;
        if (*line != '[') {
            if (!is_lost) read_key(file, i + 1, line, group);
            continue;
        }
        g_free(group);
        group = group_of(line);
        is_lost = !group;
        if (is_lost)
            complain(file, i + 1, NOT_UNDERSTOOD);
        else
            g_ptr_array_add(file->entries, entry_new(i + 1, group, NULL));
    }
}

static guint line_of(const char *text, const char *at)
{
    guint line = 1;
    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

/* In another encoding every line with Chinese would be told. */
static void read_text(SettingFile *file, const char *text, gsize len)
{
    const char *bad = NULL;

    if (len > FILE_MAX)
        complain(file, 0, "太大，最多 %d 字节", FILE_MAX);
    else if (!g_utf8_validate_len(text, len, &bad))
        complain(file, line_of(text, bad), "不是 UTF-8 文字：请把整个文件另存为 UTF-8");
    else
        read_lines(file, text + (g_str_has_prefix(text, BYTE_ORDER_MARK) ? 3 : 0));
}

SettingFile *setting_open(const char *path, const char *system_path, GError **error)
{
    g_autoptr(SettingFile) file = file_new(path ? path : system_path);
    g_autoptr(GError) cause = NULL;
    g_autofree char *text = NULL;
    gsize len = 0;

    if (g_file_get_contents(path ? path : system_path, &text, &len, &cause)) {
        read_text(file, text, len);
        return g_steal_pointer(&file);
    }
    if (!path && g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return g_steal_pointer(&file);
    if (g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_ACCES))
        g_set_error(error, SETTING_ERROR, SETTING_ERROR_NO_RIGHT,
                    "没有权限读设置文件 %s：请用 sudo，或用 --config 另给一个", file->name);
    else
        g_set_error(error, SETTING_ERROR, SETTING_ERROR_READ, "设置文件 %s 读不出来", file->name);
    return NULL;
}

GPtrArray *setting_groups(const SettingFile *file)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < file->entries->len; i++) {
        const Entry *entry = file->entries->pdata[i];
        if (!g_ptr_array_find_with_equal_func(names, entry->group, g_str_equal, NULL))
            g_ptr_array_add(names, entry->group);
    }
    return names;
}

/* ---- what is refused ---- */

/* Free with g_free(). */
static char *shown_value(const char *value)
{
    GString *out = g_string_new(NULL);
    guint count = 0;

    for (; *value && count < VALUE_SHOWN_MAX; value = g_utf8_next_char(value), count++) {
        gunichar ch = g_utf8_get_char(value);
        g_string_append_unichar(out, g_unichar_iscntrl(ch) ? '?' : ch);
    }
    if (*value) g_string_append(out, "…");
    return g_string_free(out, FALSE);
}

static void refuse(SettingFile *file, const char *group, const char *key, const char *wanted,
                   gboolean is_secret)
{
    const Entry *entry = find(file->entries, group, key);
    g_autofree char *value = shown_value(entry && entry->shown && !is_secret ? entry->shown : "");
    g_autofree char *what = key ? g_strdup_printf(" %s=%s", key, value) : g_strdup("");

    complain(file, entry ? entry->line : 0, "[%s]%s 不对：应当是%s", group, what, wanted);
}

void setting_refuse(SettingFile *file, const char *group, const char *key, const char *wanted)
{
    refuse(file, group, key, wanted, FALSE);
}

void setting_refuse_secret(SettingFile *file, const char *group, const char *key,
                           const char *wanted)
{
    refuse(file, group, key, wanted, TRUE);
}

/* ---- values ---- */

char *setting_text(SettingFile *file, const char *group, const char *key)
{
    const Entry *entry = find(file->entries, group, key);

    if (!find(file->asked, group, key)) g_ptr_array_add(file->asked, entry_new(0, group, key));
    if (!entry) return NULL;
    char *text = g_strstrip(g_strdup(entry->value));
    if (*text) return text;
    g_free(text);
    return NULL;
}

void setting_take_text(SettingFile *file, const char *group, const char *key, char **out)
{
    char *text = setting_text(file, group, key);
    if (!text) return;
    g_free(*out);
    *out = text;
}

void setting_take_match(SettingFile *file, const char *group, const char *key, const char *pattern,
                        const char *wanted, char **out)
{
    g_autofree char *whole = g_strdup_printf("^(?:%s)$", pattern);
    g_autofree char *text = setting_text(file, group, key);

    if (!text) return;
    if (!g_regex_match_simple(whole, text, G_REGEX_DOLLAR_ENDONLY, 0)) {
        setting_refuse(file, group, key, wanted);
        return;
    }
    g_free(*out);
    *out = g_steal_pointer(&text);
}

void setting_number(SettingFile *file, const char *group, const char *key, guint min, guint max,
                    guint *out)
{
    g_autofree char *text = setting_text(file, group, key);
    guint64 value = *out;

    if (text && !g_ascii_string_to_unsigned(text, 10, min, max, &value, NULL)) {
        g_autofree char *wanted = g_strdup_printf(" %u 到 %u 的数", min, max);
        setting_refuse(file, group, key, wanted);
        return;
    }
    *out = (guint)value;
}

void setting_switch(SettingFile *file, const char *group, const char *key, gboolean *out)
{
    static const char *const yes[] = { "true", "yes", "1", "on", "是", NULL };
    static const char *const no[] = { "false", "no", "0", "off", "否", NULL };
    g_autofree char *text = setting_text(file, group, key);

    if (!text) return;
    *out = g_strv_contains(yes, text);
    if (!*out && !g_strv_contains(no, text)) setting_refuse(file, group, key, " yes 或 no");
}

void setting_choice(SettingFile *file, const char *group, const char *key, const char *const *names,
                    guint *out)
{
    g_autofree char *text = setting_text(file, group, key);

    if (!text) return;
    for (guint i = 0; names[i]; i++)
        if (g_ascii_strcasecmp(text, names[i]) == 0) {
            *out = i;
            return;
        }
    g_autofree char *list = g_strjoinv("、", (char **)names);
    g_autofree char *wanted = g_strdup_printf(" %s 之一", list);
    setting_refuse(file, group, key, wanted);
}

/* ---- what nobody asked for ---- */

static gboolean is_house_group(const char *group)
{
    for (guint i = 0; i < G_N_ELEMENTS(house_groups); i++)
        if (g_pattern_match_simple(house_groups[i].pattern, group)) return TRUE;
    return FALSE;
}

static void hint_at_group(SettingFile *file, const Entry *entry)
{
    g_autoptr(GString) list = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(house_groups); i++)
        g_string_append_printf(list, "%s%s", i ? "、" : "", house_groups[i].offered);
    hint(file, entry->line, "没有 [%s] 这一组，可用：%s", entry->group, list->str);
}

/* The keys of `group` that are asked for, NULL-ended; they are the file's. */
static GPtrArray *asked_keys(const SettingFile *file, const char *group)
{
    GPtrArray *keys = g_ptr_array_new();

    for (guint i = 0; i < file->asked->len; i++) {
        const Entry *asked = file->asked->pdata[i];
        if (g_str_equal(asked->group, group)) g_ptr_array_add(keys, asked->key);
    }
    g_ptr_array_add(keys, NULL);
    return keys;
}

static void hint_at_key(SettingFile *file, const Entry *entry)
{
    g_autoptr(GPtrArray) keys = asked_keys(file, entry->group);
    const char *nearest = cli_nearest(entry->key, (const char *const *)keys->pdata);
    g_autofree char *list = g_strjoinv("、", (char **)keys->pdata);

    if (keys->len == 1) return; /* the other front end's */
    if (nearest)
        hint(file, entry->line, "[%s] 里没有 %s= 这一项，是不是 %s=？", entry->group, entry->key,
             nearest);
    else
        hint(file, entry->line, "[%s] 里没有 %s= 这一项，可用：%s", entry->group, entry->key, list);
}

static void look_for_unknown(SettingFile *file)
{
    for (guint i = 0; i < file->entries->len; i++) {
        const Entry *entry = file->entries->pdata[i];
        if (!is_house_group(entry->group)) {
            if (!entry->key) hint_at_group(file, entry);
        } else if (entry->key && !find(file->asked, entry->group, entry->key)) {
            hint_at_key(file, entry);
        }
    }
}

/* ---- all of it ---- */

static gint by_line(gconstpointer a, gconstpointer b)
{
    const Fault *one = *(const Fault *const *)a, *other = *(const Fault *const *)b;
    return one->line < other->line ? -1 : one->line > other->line;
}

/* Free with g_free(). */
static char *fault_line(const SettingFile *file, const Fault *fault)
{
    return fault->line ? g_strdup_printf("%s 第 %u 行：%s", file->name, fault->line, fault->text)
                       : g_strdup_printf("%s：%s", file->name, fault->text);
}

static guint count_errors(const SettingFile *file)
{
    guint count = 0;

    for (guint i = 0; i < file->faults->len; i++)
        count += ((const Fault *)file->faults->pdata[i])->is_hint ? 0 : 1;
    return count;
}

gboolean setting_check(SettingFile *file, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);

    look_for_unknown(file);
    guint error_count = count_errors(file);
    g_ptr_array_sort(file->faults, by_line);
    if (error_count > 0 && file->faults->len > 1)
        g_string_append_printf(text, "设置有 %u 处不对：", file->faults->len);
    for (guint i = 0; i < file->faults->len; i++) {
        g_autofree char *line = fault_line(file, file->faults->pdata[i]);
        if (error_count == 0)
            cli_fail(EX_OK, "%s（这一项不算）", line);
        else
            g_string_append_printf(text, "%s%s", text->len ? "\n" : "", line);
    }
    if (error_count == 0) return TRUE;
    g_set_error_literal(error, SETTING_ERROR, SETTING_ERROR_VALUE, text->str);
    return FALSE;
}

int setting_fail(const GError *error)
{
    gboolean is_unread = g_error_matches(error, SETTING_ERROR, SETTING_ERROR_READ);
    gboolean is_no_right = g_error_matches(error, SETTING_ERROR, SETTING_ERROR_NO_RIGHT);

    return cli_fail(is_no_right ? EX_NOPERM
                    : is_unread ? EX_NOINPUT
                                : EX_CONFIG,
                    "%s", error->message);
}

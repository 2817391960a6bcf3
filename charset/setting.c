#include "charset/setting.h"

#include <string.h>

G_DEFINE_QUARK(bianmin_setting_error, setting_error)

GKeyFile *setting_open(const char *path, const char *system_path, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) cause = NULL;
    const char *name = path ? path : system_path;

    if (g_key_file_load_from_file(file, name, G_KEY_FILE_NONE, &cause))
        return g_steal_pointer(&file);
    if (!path && g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return g_steal_pointer(&file);
    if (g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_ACCES))
        g_set_error(error, SETTING_ERROR, SETTING_ERROR_NO_RIGHT,
                    "没有权限读设置文件 %s：请用 sudo，或用 --config 另给一个", name);
    else if (cause->domain == G_KEY_FILE_ERROR)
        g_set_error(error, SETTING_ERROR, SETTING_ERROR_VALUE, "设置文件 %s 的写法不对", name);
    else
        g_set_error(error, SETTING_ERROR, SETTING_ERROR_READ, "设置文件 %s 读不出来", name);
    return NULL;
}

gboolean setting_refuse(GError **error, const char *group, const char *key, const char *wanted)
{
    g_set_error(error, SETTING_ERROR, SETTING_ERROR_VALUE, "设置 [%s] %s= 不对：应当是%s", group,
                key, wanted);
    return FALSE;
}

char *setting_text(GKeyFile *file, const char *group, const char *key)
{
    char *text = g_key_file_get_string(file, group, key, NULL);
    if (text && *g_strstrip(text)) return text;
    g_free(text);
    return NULL;
}

void setting_take_text(GKeyFile *file, const char *group, const char *key, char **out)
{
    char *text = setting_text(file, group, key);
    if (!text) return;
    g_free(*out);
    *out = text;
}

gboolean setting_number(GKeyFile *file, const char *group, const char *key, guint min, guint max,
                        guint *out, GError **error)
{
    g_autofree char *text = setting_text(file, group, key);
    guint64 value = 0;
    if (!text) return TRUE;
    if (!g_ascii_string_to_unsigned(text, 10, min, max, &value, NULL)) {
        g_autofree char *wanted = g_strdup_printf("%u 到 %u 的数", min, max);
        return setting_refuse(error, group, key, wanted);
    }
    *out = (guint)value;
    return TRUE;
}

gboolean setting_switch(GKeyFile *file, const char *group, const char *key, gboolean *out,
                        GError **error)
{
    static const char *const yes[] = { "true", "yes", "1", "on", "是", NULL };
    static const char *const no[] = { "false", "no", "0", "off", "否", NULL };
    g_autofree char *text = setting_text(file, group, key);
    if (!text) return TRUE;
    *out = g_strv_contains(yes, text);
    return *out || g_strv_contains(no, text) || setting_refuse(error, group, key, " yes 或 no");
}

gboolean setting_choice(GKeyFile *file, const char *group, const char *key,
                        const char *const *names, guint *out, GError **error)
{
    g_autofree char *text = setting_text(file, group, key);
    if (!text) return TRUE;
    for (guint i = 0; names[i]; i++)
        if (g_ascii_strcasecmp(text, names[i]) == 0) {
            *out = i;
            return TRUE;
        }
    g_autofree char *list = g_strjoinv("、", (char **)names);
    g_autofree char *wanted = g_strdup_printf(" %s 之一", list);
    return setting_refuse(error, group, key, wanted);
}

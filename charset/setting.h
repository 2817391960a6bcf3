#pragma once
/* One value of a settings file (GKeyFile), with its limits. A key that is missing or empty leaves
 * the default; a wrong value is refused with its group, key and what it should be. */
#include <glib.h>

#define SETTING_ERROR (setting_error_quark())
GQuark setting_error_quark(void);
typedef enum { SETTING_ERROR_READ, SETTING_ERROR_NO_RIGHT, SETTING_ERROR_VALUE } SettingError;

/* The file at `path`. With NULL the one at `system_path`, or an empty one if there is none. Free
 * with g_key_file_unref(). */
GKeyFile *setting_open(const char *path, const char *system_path,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The value without spaces around it, free with g_free(); NULL if the key is missing or empty. */
char *setting_text(GKeyFile *file, const char *group, const char *key);
/* The same into *out, whose old text is freed; left as it is if there is none. */
void setting_take_text(GKeyFile *file, const char *group, const char *key, char **out);
gboolean setting_number(GKeyFile *file, const char *group, const char *key, guint min, guint max,
                        guint *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean setting_switch(GKeyFile *file, const char *group, const char *key, gboolean *out,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT; /* yes, no, 是, 否 … */
/* *out becomes the index in `names` (NULL-ended). */
gboolean setting_choice(GKeyFile *file, const char *group, const char *key,
                        const char *const *names, guint *out,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE, with *error: 设置 [group] key= 不对：应当是wanted. */
gboolean setting_refuse(GError **error, const char *group, const char *key, const char *wanted);

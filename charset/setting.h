#pragma once
/* A settings file (groups of key=value, in GKeyFile's format), value by value, each with its
 * limits. A key that is missing or empty leaves the default. What is wrong is kept and told all at
 * once by setting_check(): file, line, group, key, value, and what it should be.
 *
 * A key or a group that nobody has asked for is most often a slip of the pen. It is told, too, but
 * stops nothing: the file of an older or a newer edition must not keep a service from its work. The
 * groups of the house may all stand in one file, so those of the other front end are left alone.
 *
 * The file may hold a SIM's PIN, and under a misspelt key: what is told repeats neither the value
 * of a key that nobody asked for nor a line that is not understood. */
#include <glib.h>

#define SETTING_ERROR (setting_error_quark())
GQuark setting_error_quark(void);
typedef enum { SETTING_ERROR_READ, SETTING_ERROR_NO_RIGHT, SETTING_ERROR_VALUE } SettingError;

typedef struct SettingFile SettingFile;

/* The file at `path`. With NULL the one at `system_path`, or an empty one if there is none. Fails
 * only if it cannot be read; lines that are not understood are told by setting_check(). */
SettingFile *setting_open(const char *path, const char *system_path,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void setting_free(SettingFile *file); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SettingFile, setting_free)

/* Names in the order of the file, each once: const char *, the file's. Free the array. */
GPtrArray *setting_groups(const SettingFile *file);

/* The value without spaces around it, free with g_free(); NULL if the key is missing or empty. */
char *setting_text(SettingFile *file, const char *group, const char *key);
/* The same into *out, whose old text is freed; left as it is if there is none. */
void setting_take_text(SettingFile *file, const char *group, const char *key, char **out);
/* The same, of a text that looks like `pattern` (GRegex, the whole of it; its \d means
 * the digits of any script). */
void setting_take_match(SettingFile *file, const char *group, const char *key, const char *pattern,
                        const char *wanted, char **out);
void setting_number(SettingFile *file, const char *group, const char *key, guint min, guint max,
                    guint *out);
void setting_switch(SettingFile *file, const char *group, const char *key,
                    gboolean *out); /* yes, no, 是, 否 … */
/* *out becomes the index in `names` (NULL-ended). */
void setting_choice(SettingFile *file, const char *group, const char *key, const char *const *names,
                    guint *out);

/* To be told: [group] key=value 不对：应当是WANTED. `key` NULL: the group itself. */
void setting_refuse(SettingFile *file, const char *group, const char *key, const char *wanted);
/* The same without the value. */
void setting_refuse_secret(SettingFile *file, const char *group, const char *key,
                           const char *wanted);

/* When everything has been asked for. FALSE: SETTING_ERROR_VALUE, a line for each fault in the
 * order of the file. Unknown names alone are told on stderr. */
gboolean setting_check(SettingFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says what failed on stderr and returns the exit status: EX_CONFIG, EX_NOPERM, EX_NOINPUT. */
int setting_fail(const GError *error);

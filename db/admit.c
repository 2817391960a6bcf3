#include "db/admit.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENROL "bianmin stick enrol U盘的文件夹"

G_DEFINE_QUARK(bianmin_admit_error, admit_error)

static gboolean refuse(GError **error, AdmitError code, const char *message)
{
    g_set_error_literal(error, ADMIT_ERROR, (gint)code, message);
    return FALSE;
}

static gboolean check(Trust *trust, const StickKey *key, const char *pin, char id[TRUST_ID_HEX],
                      GError **error)
{
    const Uptime now = uptime_now();
    g_auto(TrustResult) result = { 0 };
    guint8 octets[STICK_KEY_LEN];
    stick_key_format(key, octets);
    gboolean is_checked = trust_check(trust, octets, sizeof octets, pin, &now, &result, error);
    sodium_memzero(octets, sizeof octets);
    if (!is_checked) return FALSE;
    g_strlcpy(id, result.id, TRUST_ID_HEX);
    if (result.verdict == TRUST_OK) return TRUE;
    g_autofree char *why =
        g_strconcat(result.message, result.verdict == TRUST_UNKNOWN ? "：" ENROL : NULL, NULL);
    return refuse(error, ADMIT_ERROR_REFUSED, why);
}

/* Nothing was enrolled: as good as an unknown stick. */
static Trust *find_trust(const char *data_dir, GError **error)
{
    g_autoptr(GError) cause = NULL;
    Trust *trust = trust_open(data_dir, TRUST_FIND, NULL, &cause);
    if (!trust && g_error_matches(cause, TRUST_ERROR, TRUST_ERROR_MISSING))
        refuse(error, ADMIT_ERROR_REFUSED, "本机还没有登记过U盘，请管理员先登记：" ENROL);
    else if (!trust)
        g_propagate_error(error, g_steal_pointer(&cause));
    return trust;
}

gboolean admit_stick(const char *data_dir, const char *path, const char *pin_file,
                     char id[TRUST_ID_HEX], GError **error)
{
    g_auto(StickKey) key = { 0 };
    char pin[PIN_TEXT_LEN] = "";
    g_autofree char *folder =
        g_file_test(path, G_FILE_TEST_IS_DIR) ? g_strdup(path) : g_path_get_dirname(path);
    if (!stick_key_load(folder, &key, error)) return FALSE;
    sodium_mlock(pin, sizeof pin);
    gboolean is_admitted = FALSE;
    if (pin_read_file(pin_file, pin, error)) {
        g_autoptr(Trust) trust = find_trust(data_dir, error);
        is_admitted = trust && check(trust, &key, pin, id, error);
    }
    sodium_munlock(pin, sizeof pin); /* and wipes it */
    return is_admitted;
}

gboolean admit_administrator(const char *data_dir, GError **error)
{
    struct stat status = { 0 };
    uid_t user = geteuid();
    if (user == 0 || (stat(data_dir, &status) == 0 && status.st_uid == user)) return TRUE;
    return refuse(error, ADMIT_ERROR_NO_PIN,
                  "U盘拷来的表，要有U盘的密钥和密码才能发布（--pin-file），或者由管理员来发布");
}

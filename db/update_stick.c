#include "db/update_stick.h"

#include "db/disk.h"
#include "db/intake.h"
#include "db/stick_key.h"
#include "db/update.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#define SPENT        "spent"
#define FRESH_S      (15 * 60) /* the copies are not good for long either */
#define KEY_FILE_MAX 4096u

/* ---- spent copies ---- */

static gint64 time_of(const IntakeState *state)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(state->time, NULL);

    return time ? g_date_time_to_unix(time) : 0;
}

static gboolean is_spent(const UpdateStick *stick, const IntakeState *state)
{
    gsize len = 0;
    g_autofree char *path = g_build_filename(stick->data_dir, "update", NULL);
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_autofree char *spent =
        folder >= 0 ? disk_read(folder, SPENT, INTAKE_NAME_LEN, &len, NULL) : NULL;
    gint64 age_s = g_get_real_time() / G_USEC_PER_SEC - time_of(state);

    if (folder >= 0) close(folder);
    return age_s < 0 || age_s > FRESH_S || g_strcmp0(spent, state->folder) == 0;
}

gboolean update_stick_spend(const UpdateStick *stick, GError **error)
{
    g_autofree char *path = g_build_filename(stick->data_dir, "update", NULL);

    if (stick->path) return TRUE;
    g_autofree char *name = g_path_get_basename(stick->source);
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    gboolean is_noted = folder >= 0 ? disk_replace(folder, SPENT, name, strlen(name), 0644, error)
                                    : disk_fail(error, DISK_ERROR_WRITE, errno, path);
    if (folder >= 0) close(folder);
    return is_noted;
}

/* ---- news ---- */

void update_stick_news_clear(UpdateStickNews *news)
{
    g_free(news->message);
    g_free(news->written);
    *news = (UpdateStickNews){ 0 };
}

static char *message_of(const IntakeState *state)
{
    const char *written = *state->report ? "更新结果已经写在U盘上" : NULL;

    return g_strconcat(state->message, written ? "。" : NULL, written, NULL);
}

UpdateStickNews update_stick_news(const UpdateStick *stick)
{
    g_auto(IntakeState) state = { 0 };
    UpdateStickNews news = { .state = intake_result_name(INTAKE_NONE) };

    if (stick->path) {
        news.state = intake_result_name(INTAKE_COPIED);
    } else if (intake_peek(stick->data_dir, &news.id, &state)) {
        gboolean is_used = state.result == INTAKE_COPIED && is_spent(stick, &state);
        if (!is_used) news.state = intake_result_name(state.result);
        news.time = time_of(&state);
        news.message = is_used ? g_strdup("请把U盘拔下，再插一次") : message_of(&state);
    }
    if (!news.message) news.message = g_strdup("");
    news.written = g_strdup(state.report ? state.report : "");
    return news;
}

/* ---- copies and key ---- */

static gboolean find_source(UpdateStick *stick, GError **error)
{
    g_auto(IntakeState) state = { 0 };

    if (stick->path) {
        stick->source = g_strdup(stick->path);
        return TRUE;
    }
    stick->copies = intake_open(stick->data_dir, INTAKE_READ, error);
    if (stick->copies < 0) return FALSE;
    if (intake_load_state(stick->copies, &state) && state.result == INTAKE_COPIED &&
        !is_spent(stick, &state))
        stick->source = intake_path(stick->copies, stick->data_dir);
    if (stick->source) return TRUE;
    g_set_error(error, UPDATE_ERROR, UPDATE_ERROR_NO_COPIES,
                "请插上U盘（插着的拔下再插一次），等表拷好");
    return FALSE;
}

static gboolean read_key(UpdateStick *stick, GError **error)
{
    g_autoptr(GError) cause = NULL;
    int folder = open(stick->source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    stick->key = (guint8 *)disk_read(folder, STICK_KEY_NAME, KEY_FILE_MAX, &stick->key_len, &cause);
    if (folder >= 0) close(folder);
    if (stick->key) return TRUE;
    if (g_error_matches(cause, DISK_ERROR, DISK_ERROR_MISSING))
        g_set_error(error, UPDATE_ERROR, UPDATE_ERROR_NO_COPIES,
                    "U盘上没有钥匙（%s），不能发布。请用登记过的U盘", STICK_KEY_NAME);
    else
        g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
}

gboolean update_stick_open(UpdateStick *stick, GError **error)
{
    update_stick_close(stick);
    return find_source(stick, error) && read_key(stick, error);
}

void update_stick_release(UpdateStick *stick)
{
    if (stick->copies >= 0) close(stick->copies);
    stick->copies = -1;
    g_clear_pointer(&stick->source, g_free);
}

void update_stick_close(UpdateStick *stick)
{
    update_stick_release(stick);
    if (stick->key) sodium_memzero(stick->key, stick->key_len);
    g_clear_pointer(&stick->key, g_free);
}

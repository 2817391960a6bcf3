#pragma once
/* The stick of one conversation (update_serve.h): a folder, or the copies of the last stick
 * (intake.h), and the key that was on it. No other stick can take the place of the copies while
 * they are open; so they are open from the PIN until they are read, no longer. The key stays: its
 * holder may have to show it once more. Where the copies cannot be had: UPDATE_ERROR, DISK_ERROR.
 */
#include <glib.h>

typedef struct {
    const char *data_dir, *path; /* path NULL: the copies of the last stick */
    char *source;                /* where the sheets are whose key was shown; NULL: not open */
    int copies;                  /* shares the lock of intake/; or -1 */
    guint8 *key;                 /* octets of the key file; NULL: none was read */
    gsize key_len;
} UpdateStick;

typedef struct {
    guint64 id;        /* of these news: others have another one */
    const char *state; /* as in intake/state.json; constant */
    char *message;     /* for staff */
    gint64 time;       /* Unix, of the news */
    char *written;     /* name of the result that was found on the stick; "" if none was */
} UpdateStickNews;

/* What became of the last stick; waits for nobody, for somebody may be copying just now. */
UpdateStickNews update_stick_news(const UpdateStick *stick);
void update_stick_news_clear(UpdateStickNews *news);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UpdateStickNews, update_stick_news_clear)

/* Reads the key, and opens the copies for it; from then on the sheets are those that lie beside
 * it. */
gboolean update_stick_open(UpdateStick *stick, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The copies stay until the next stick or boot, and the key among them. So that it is not lent to
 * whoever comes after, they are good for one conversation: no other can open them from now on. */
gboolean update_stick_spend(const UpdateStick *stick, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void update_stick_release(UpdateStick *stick); /* the copies, not the key */
void update_stick_close(UpdateStick *stick);   /* both; the key is wiped */

#pragma once
/* The key file of an update stick, 便民密钥.bin: 64 octets, no more and no less.
 *   8   "BMKEY\0\0\1": magic and version
 *   16  stick id, random
 *   32  secret S, random: never stored on the kiosk, which keeps BLAKE2b(key = its pepper, S)
 *   8   BLAKE2b-64 of all before it: a copying error, not a forgery
 * It can be copied by whoever holds the stick; therefore it is worth nothing without the PIN
 * (trust.h). Source: SAFETY.md (b) 11–12, (c) Keys. */
#include <glib.h>

#define STICK_KEY_NAME       "便民密钥.bin"
#define STICK_KEY_ID_LEN     16u
#define STICK_KEY_SECRET_LEN 32u
#define STICK_KEY_LEN        (8u + STICK_KEY_ID_LEN + STICK_KEY_SECRET_LEN + 8u)

#define STICK_KEY_ERROR (stick_key_error_quark())
GQuark stick_key_error_quark(void);
typedef enum {
    STICK_KEY_ERROR_MISSING, /* no such file */
    STICK_KEY_ERROR_READ,
    STICK_KEY_ERROR_FORMAT, /* not ours, or damaged */
    STICK_KEY_ERROR_EXISTS, /* there is one already */
    STICK_KEY_ERROR_WRITE,
} StickKeyError;

typedef struct {
    guint8 id[STICK_KEY_ID_LEN];
    guint8 secret[STICK_KEY_SECRET_LEN];
} StickKey;

void stick_key_wipe(StickKey *key);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StickKey, stick_key_wipe)

gboolean stick_key_make(StickKey *key); /* both at random; FALSE: libsodium cannot be used */
/* Wipe `octets` after use. */
void stick_key_format(const StickKey *key, guint8 octets[STICK_KEY_LEN]);
gboolean stick_key_parse(const guint8 *octets, gsize len, StickKey *key,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* From the folder `dir`, or its subfolder 便民数据. */
gboolean stick_key_load(const char *dir, StickKey *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whole and on the disk, or not at all; never over one that is there. */
gboolean stick_key_save(const char *dir, const StickKey *key,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes back what stick_key_save() has just written. */
void stick_key_unsave(const char *dir);

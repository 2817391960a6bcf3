#pragma once
/* A database that a service writes while it runs, in a folder of its own in the data folder: what
 * the SMS gateway (sms_store.h) and the touch screen (kiosk_store.h) have in common. WAL and
 * synchronous=FULL: what a commit has confirmed survives a power cut. A damaged file is put aside
 * as NAME.bad, and a new one is begun with what can still be read of it. One process at a time; one
 * thread at a time. How one is opened, and its statements: runtime_sql.h, only within db/.
 * What else fails than the reasons below is STORE_ERROR. */
#include <glib.h>

#define RUNTIME_ERROR (runtime_error_quark())
GQuark runtime_error_quark(void);
typedef enum {
    RUNTIME_ERROR_BUSY, /* the service runs already */
    RUNTIME_ERROR_MISSING,
    RUNTIME_ERROR_NO_RIGHT,
    RUNTIME_ERROR_FULL, /* or a bad block: writing fails */
} RuntimeError;

typedef struct Runtime Runtime;

void runtime_free(Runtime *runtime); /* NULL is fine; an open transaction is undone */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Runtime, runtime_free)

gboolean runtime_begin(Runtime *runtime, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean runtime_commit(Runtime *runtime, GError **error); /* undone if it fails */
void runtime_rollback(Runtime *runtime);

/* Whether a function failed because the file is damaged: it is of no use until it is opened anew.
 */
gboolean runtime_is_damaged(const GError *error);

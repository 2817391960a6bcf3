#pragma once
/* intake/ in the data folder: what was copied from a stick and waits to be checked.
 *   state.json        what became of the last stick: one object, replaced whole
 *   NNNNNNNNNNNNNNNN  the copies (16 hex digits); whole, synced, then given this
 *                     name; only the one that state.json names counts
 *   ….tmp             being copied; a leftover once nobody holds the lock
 * Who copies holds the lock exclusively, who reads the copies shares it; state.json is read
 * without. The copies have the rights of intake/ itself: 0700 where we made it ourselves; where the
 * system made it (bianmin.tmpfiles) the parser's group reads and cannot write, and others reach
 * state.json alone. */
#include <glib.h>

#define INTAKE_NAME_LEN 17u /* of a folder, NUL included */

typedef enum {
    INTAKE_NONE,    /* no stick yet */
    INTAKE_COPYING, /* do not pull out now */
    INTAKE_COPIED,
    INTAKE_NOTHING, /* no file on it has a name we know */
    INTAKE_REFUSED,
    INTAKE_PULLED, /* too early, or the copying was cut off otherwise */
} IntakeResult;

typedef struct {
    IntakeResult result;
    char *message;       /* a sentence for staff */
    char *time;          /* ISO 8601 with offset */
    char *device;        /* "/dev/sdb1"; "" if it was a folder */
    guint64 disk;        /* the device then was part of that one, usb_stick_disk(); 0: unknown */
    char *folder;        /* INTAKE_COPIED, else "" */
    char *report;        /* of the result of the last update, if it is on that stick; else "" */
    guint64 passed_over; /* files whose names are like ours and were not copied */
} IntakeState;

const char *intake_result_name(IntakeResult result); /* "copied", as in state.json; constant */

void intake_state_clear(IntakeState *state);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IntakeState, intake_state_clear)

typedef enum { INTAKE_WRITE, INTAKE_WRITE_NOW, INTAKE_READ } IntakeMode;

#define INTAKE_WAIT_S 15

/* Opens and locks it; the first two make it if need be. INTAKE_READ waits for the lock,
 * INTAKE_WRITE_NOW fails. INTAKE_WRITE waits for who copies, and INTAKE_WAIT_S for who reads: then
 * it fails, and state.json says why. The descriptor of the folder, to be closed; -1: DISK_ERROR. */
int intake_open(const char *data_dir, IntakeMode mode, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* FALSE, and an empty state, if there is none or it is not ours. */
gboolean intake_load_state(int intake, IntakeState *state);
/* What became of the last stick, for who may neither list the folder nor wait for its lock. TRUE,
 * with *state, if it is another than at the last call; *id (0 at first) knows which that was. */
gboolean intake_peek(const char *data_dir, guint64 *id, IntakeState *state);
/* `time` is filled in here. */
gboolean intake_save_state(int intake, const IntakeState *state,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes NAME.tmp with a new random name and opens it; -1 on error. */
int intake_begin(int intake, char name[INTAKE_NAME_LEN], GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives the folder its name. It must have been synced. */
gboolean intake_finish(int intake, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes what state.json does not name: leftovers, and what the last run has replaced. */
void intake_tidy(int intake);

/* The path of the folder that state.json names; NULL if there is none. Free with g_free(). */
char *intake_path(int intake, const char *data_dir);
guint intake_file_mode(int intake); /* to create files of the copies with */
char *intake_now(void);             /* ISO 8601 with offset; free with g_free() */

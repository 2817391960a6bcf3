#pragma once
/* Generations of the catalogue in the data folder, and the one that is published.
 *   content/content-NNNNNN.db   immutable, mode 0440
 *   current, previous           pointer: one line of JSON, a blank line, BLAKE2b-128 of the line
 * A generation is built beside, checked, fsynced, renamed; then `previous` and `current` are
 * switched by rename, each followed by an fsync of the folder: whoever looks sees the old or the
 * new one. Reading falls back from current to previous to the starter that is built into the
 * binary, which is number 0; it never writes. `current` exists as soon as a writer has been there,
 * so that a pointer which is missing is known to be lost. */
#include <glib.h>
#include <sqlite3.h>

#define GENERATION_ERROR (generation_error_quark())
GQuark generation_error_quark(void);
typedef enum {
    GENERATION_ERROR_NOT_FOUND, /* no such number */
    GENERATION_ERROR_DAMAGED,   /* digest, schema or pointer wrong */
    GENERATION_ERROR_WRITE,     /* disk full, bad block */
    GENERATION_ERROR_BUSY,      /* another update holds the lock */
    GENERATION_ERROR_CHECK,     /* the built file failed its own checks */
    GENERATION_ERROR_NO_RIGHT,  /* this user may not read or write there; or it is read-only */
} GenerationError;

typedef enum { GENERATION_CURRENT, GENERATION_PREVIOUS, GENERATION_BUILTIN } GenerationSource;

typedef struct Generation {
    sqlite3 *db;
    GenerationSource source;
    guint number;        /* 0: built-in */
    char *digest;        /* content digest, hex: depends on the rows alone. NULL when built in: it
                            takes as long as opening; generation_digest() */
    char *published;     /* ISO 8601 with offset, "" for the built-in */
    GPtrArray *warnings; /* char *: Chinese sentences, why something better could not be used */
    char *data_dir;
    guint64 pointer_id; /* identity of the pointer file that was read, see generation_is_stale() */
} Generation;

/* Opens what is published. Fails only if even the built-in starter is unusable. */
Generation *generation_open(const char *data_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void generation_free(Generation *generation); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Generation, generation_free)

/* The pointer file has been replaced since: reopen before the next question. About 1 µs. */
gboolean generation_is_stale(const Generation *generation);

/* Content digest of an open catalogue: hex, 32 digits; the same for the same rows in the same
 * order. */
char *generation_digest(sqlite3 *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes the digest beside the rows that it is of. */
gboolean generation_seal(sqlite3 *db, const char *digest, GError **error);

/* ---- publication ---- */
typedef struct GenerationDraft GenerationDraft; /* holds the lock and the file being built */

/* Puts some questions to the built catalogue; FALSE with *error if an answer is not what it must
 * be. */
typedef gboolean (*GenerationSmokeTest)(sqlite3 *db, gpointer data, GError **error);

/* Takes the lock, clears leftovers, creates the folder if need be. generation_draft_path() is where
 * the new catalogue is to be built (store_create_content). */
GenerationDraft *generation_draft_new(const char *data_dir,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void generation_draft_free(GenerationDraft *draft); /* discards what was not published */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GenerationDraft, generation_draft_free)
const char *generation_draft_path(const GenerationDraft *draft);
void generation_draft_set_smoke_test(GenerationDraft *draft, GenerationSmokeTest test,
                                     gpointer data);
/* Checks the closed, finished file, asks it the questions and seals it: nothing is left for
 * generation_draft_publish() but to switch to it. */
gboolean generation_draft_seal(GenerationDraft *draft, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Publishes it, sealed first if it is not; *number is the new generation's. `summary`
 * goes into the audit log. TRUE means that it survives a power cut from now on. */
gboolean generation_draft_publish(GenerationDraft *draft, const char *summary, guint *number,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The next older one that is kept, seen from the one that `current` names; 0: the built-in. */
#define GENERATION_BEFORE G_MAXUINT
/* Publishes an older generation again by a new pointer; the audit keeps the order. */
gboolean generation_rollback(const char *data_dir, guint number, guint *published,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Numbers (guint) of the generations kept in the data folder, ascending. Free with g_array_unref().
 */
GArray *generation_list(const char *data_dir);

#pragma once
/* The pointer file that names the published generation: one line of JSON, a blank line, BLAKE2b-128
 * of the first line. One form only: what does not read back to the same octets is damaged. Number 0
 * is the starter built into the binary; its digests are empty. */
#include "db/disk.h"

#define POINTER_NUMBER_MAX 999999u

#define POINTER_ERROR (pointer_error_quark())
GQuark pointer_error_quark(void);
typedef enum {
    POINTER_ERROR_MISSING,
    POINTER_ERROR_DAMAGED,
    POINTER_ERROR_NO_RIGHT, /* this user may not read it, or what it names */
} PointerError;

typedef struct {
    guint content; /* number of the generation */
    guint prev;    /* the one that was published before it */
    guint last;    /* highest number ever given away: files above it are leftovers */
    guint schema;
    char content_b2[DISK_DIGEST_HEX]; /* of the file */
    char digest[33];                  /* of the rows */
    char published[33];               /* ISO 8601 with offset */
} Pointer;

char *pointer_format(const Pointer *pointer, gsize *len); /* free with g_free() */
gboolean pointer_parse(const char *octets, gsize len, Pointer *out,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads `name` ("current", "previous") in the data folder. */
gboolean pointer_load(int folder, const char *name, Pointer *out,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the file it names is there, of our schema, and has its digest. Always true for number 0.
 */
gboolean pointer_verify(int folder, const Pointer *pointer,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "content/content-000123.db"; free with g_free(). */
char *pointer_content_name(guint number);

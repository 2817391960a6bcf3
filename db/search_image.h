#pragma once
/* The search index kept in its generation's file: a generation never changes, so its index is built
 * once, at publication, and later processes only copy it into memory. It is derived, no content:
 * not in the digest, not exported. What does not fit (other rows, another program, a flipped bit,
 * no table at all in an older generation) is as good as none, and the index is built anew. */
#include "db/search_index.h"

/* Builds the index of the rows in `db`, whose content digest is `digest`, and writes it there in
 * place of one that is there. */
gboolean search_image_store(sqlite3 *db, const char *digest, GError **error);

/* The index that is kept beside the catalogue's rows, or NULL. Free with search_index_free(). */
SearchIndex *search_image_load(const Catalogue *catalogue);

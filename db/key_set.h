#pragma once
/* Which keys have been seen, and on which line: finds duplicates among millions of rows in 16
 * octets a key and 4 a slot, without a UNIQUE index. Holds 64-bit keyed hashes (SipHash with a key
 * of this process), not the keys: nobody can prepare two that collide, and by chance a million keys
 * do once in some 40 million runs. */
#include <glib.h>

/* keys beyond are not remembered: they all count as new */
#define KEY_SET_MAX (32u * 1024 * 1024)

typedef struct KeySet KeySet; /* opaque */

KeySet *key_set_new(void);
void key_set_free(KeySet *set); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeySet, key_set_free)

guint64 key_set_hash(const void *key, gsize len);

/* Says that this hash will be added soon: among millions of keys its slot is in no cache, and
 * fetching it takes as long as checking a cell. */
void key_set_prefetch(const KeySet *set, guint64 hash);

/* Remembers a key: 0 if it is new, else the line of the first one, whose value goes to *first_value
 * (may be NULL). `line` counts from 1. */
guint32 key_set_add(KeySet *set, guint64 hash, guint32 line, guint32 value, guint32 *first_value);

#include "db/key_set.h"

#include <sodium.h>

#define ENTRY_BITS 26
#define ENTRY_MASK ((1u << ENTRY_BITS) - 1)

struct KeySet {
    guint64 *hashes; /* entry → hash, line, value; entries in the order of arrival */
    guint32 *lines;
    guint32 *values;
    guint32 count, capacity;
    guint32 *slots;     /* open addressing: 0 is free, see slot_value() */
    guint32 slot_count; /* a power of two, at least a third larger than `capacity` */
};

KeySet *key_set_new(void)
{
    return g_new0(KeySet, 1);
}

void key_set_free(KeySet *set)
{
    if (!set) return;
    g_free(set->hashes);
    g_free(set->lines);
    g_free(set->values);
    g_free(set->slots);
    g_free(set);
}

guint64 key_set_hash(const void *key, gsize len)
{
    static guint8 secret[crypto_shorthash_KEYBYTES];
    static gsize is_ready = 0;
    if (g_once_init_enter(&is_ready)) {
        gsize drawn = sodium_init() >= 0 ? 1 : 2;
        randombytes_buf(secret, sizeof secret);
        g_once_init_leave(&is_ready, drawn);
    }
    guint64 hash = 0;
    crypto_shorthash((unsigned char *)&hash, key, len, secret);
    return hash;
}

/* A slot holds entry + 1 and, above it, six bits of the hash: nearly every other key that lies on
 * the way is told apart without a look at `hashes`, which would be a miss of the cache each. */
static guint32 slot_value(guint32 entry, guint64 hash)
{
    return (entry + 1) | (guint32)(hash >> 58) << ENTRY_BITS;
}

static gboolean is_at(const KeySet *set, guint32 slot, guint64 hash)
{
    return slot >> ENTRY_BITS == hash >> 58 && set->hashes[(slot & ENTRY_MASK) - 1] == hash;
}

static guint32 *slot_of(const KeySet *set, guint64 hash)
{
    guint32 mask = set->slot_count - 1;
    guint32 i = (guint32)hash & mask;
    while (set->slots[i] != 0 && !is_at(set, set->slots[i], hash))
        i = (i + 1) & mask;
    return &set->slots[i];
}

/* All keys are known to differ. */
static void place(KeySet *set, guint32 entry)
{
    guint32 mask = set->slot_count - 1;
    guint32 i = (guint32)set->hashes[entry] & mask;
    while (set->slots[i] != 0)
        i = (i + 1) & mask;
    set->slots[i] = slot_value(entry, set->hashes[entry]);
}

/* The slots are made anew, not copied, so that the old ones are gone before the new ones come. */
static void grow(KeySet *set)
{
    set->slot_count = set->slot_count ? set->slot_count * 2 : 1024;
    set->capacity = MIN(set->slot_count / 4 * 3, KEY_SET_MAX);
    set->hashes = g_renew(guint64, set->hashes, set->capacity);
    set->lines = g_renew(guint32, set->lines, set->capacity);
    set->values = g_renew(guint32, set->values, set->capacity);
    g_free(set->slots);
    set->slots = g_new0(guint32, set->slot_count);
    for (guint32 i = 0; i < set->count; i++)
        place(set, i);
}

void key_set_prefetch(const KeySet *set, guint64 hash)
{
    if (set->slots) __builtin_prefetch(&set->slots[(guint32)hash & (set->slot_count - 1)], 1);
}

guint32 key_set_add(KeySet *set, guint64 hash, guint32 line, guint32 value, guint32 *first_value)
{
    if (set->count == KEY_SET_MAX) return 0;
    if (set->count == set->capacity) grow(set);
    guint32 *slot = slot_of(set, hash);
    if (*slot != 0) {
        guint32 entry = (*slot & ENTRY_MASK) - 1;
        if (first_value) *first_value = set->values[entry];
        return set->lines[entry];
    }
    set->hashes[set->count] = hash;
    set->lines[set->count] = line;
    set->values[set->count] = value;
    *slot = slot_value(set->count, hash);
    set->count++;
    return 0;
}

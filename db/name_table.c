#include "db/name_table.h"

#define BUCKET_REFS 4 /* on the average, half as many at least */
#define LOOK_BACK   8 /* refs: a topic's names are added one after the other */

void name_table_init(NameTable *t)
{
    t->refs = g_array_new(FALSE, FALSE, sizeof(NameRef));
    t->buckets = g_new0(guint32, 2);
    t->shift = 32;
    t->sorted = 0;
}

void name_table_clear(NameTable *t)
{
    g_array_unref(t->refs);
    g_free(t->buckets);
}

void name_table_add(NameTable *t, guint64 hash, guint length, guint kind, guint target)
{
    NameRef ref = { (guint32)(hash >> 32), (guint16)hash, (guint8)length, (guint8)kind, target };

    g_array_append_val(t->refs, ref);
}

static guint32 bucket_of(const NameTable *t, guint32 hash)
{
    return t->shift < 32 ? hash >> t->shift : 0;
}

static guint32 bucket_count(const NameTable *t)
{
    return 1U << (32 - t->shift);
}

static gboolean is_same_name(const NameRef *a, const NameRef *b)
{
    return a->hash == b->hash && a->check == b->check && a->length == b->length;
}

static gboolean is_twice(const NameRef *bucket, guint count, const NameRef *ref)
{
    for (guint i = count; i > 0 && count - i < LOOK_BACK; i--) {
        if (is_same_name(&bucket[i - 1], ref) && bucket[i - 1].kind == ref->kind &&
            bucket[i - 1].target == ref->target)
            return TRUE;
    }
    return FALSE;
}

/* A counting sort by bucket: within one the refs stay in their order. */
static GArray *sorted_refs(NameTable *t)
{
    GArray *sorted = g_array_sized_new(FALSE, FALSE, sizeof(NameRef), t->refs->len);
    guint32 count = bucket_count(t);

    g_array_set_size(sorted, t->refs->len);
    g_free(t->buckets);
    t->buckets = g_new0(guint32, (gsize)count + 1);
    for (guint i = 0; i < t->refs->len; i++)
        t->buckets[bucket_of(t, g_array_index(t->refs, NameRef, i).hash) + 1]++;
    for (guint32 i = 0; i < count; i++)
        t->buckets[i + 1] += t->buckets[i];
    for (guint i = 0; i < t->refs->len; i++) {
        const NameRef *ref = &g_array_index(t->refs, NameRef, i);
        g_array_index(sorted, NameRef, t->buckets[bucket_of(t, ref->hash)]++) = *ref;
    }
    /* each has moved to the end of its bucket, which is the start of the next */
    memmove(t->buckets + 1, t->buckets, count * sizeof *t->buckets);
    t->buckets[0] = 0;
    return sorted;
}

static void drop_doubles(NameTable *t)
{
    NameRef *refs = (NameRef *)t->refs->data;
    guint32 kept = 0;

    for (guint32 b = 0; b < bucket_count(t); b++) {
        guint32 first = t->buckets[b], end = t->buckets[b + 1], start = kept;

        for (guint32 i = first; i < end; i++) {
            if (!is_twice(refs + start, kept - start, &refs[i])) refs[kept++] = refs[i];
        }
        t->buckets[b] = start;
    }
    t->buckets[bucket_count(t)] = kept;
    g_array_set_size(t->refs, kept);
}

void name_table_sort(NameTable *t)
{
    GArray *sorted;

    t->shift = 32;
    while (t->shift > 8 && (guint64)bucket_count(t) * BUCKET_REFS < t->refs->len)
        t->shift--;
    sorted = sorted_refs(t);
    g_array_unref(t->refs);
    t->refs = sorted;
    drop_doubles(t);
    t->sorted = t->refs->len;
}

static const NameRef *next_like(const NameTable *t, const NameRef *name, guint32 from)
{
    guint32 end = t->sorted ? t->buckets[bucket_of(t, name->hash) + 1] : 0;

    for (guint32 i = from; i < end; i++) {
        const NameRef *ref = &g_array_index(t->refs, NameRef, i);
        if (is_same_name(ref, name)) return ref;
    }
    return NULL;
}

const NameRef *name_table_find(const NameTable *t, guint64 hash, guint length)
{
    NameRef name = { (guint32)(hash >> 32), (guint16)hash, (guint8)length, 0, 0 };

    return next_like(t, &name, t->buckets[bucket_of(t, name.hash)]);
}

const NameRef *name_table_next(const NameTable *t, const NameRef *ref)
{
    return next_like(t, ref, (guint32)(ref - (const NameRef *)t->refs->data) + 1);
}

#include "db/posting.h"

#define CHUNK_OCTETS   12
#define FIRST_SLOTS    4096
#define NUMBER_OCTETS  5 /* of 32 bits in groups of 7 */
#define POSTING_OCTETS ((gsize)2 * NUMBER_OCTETS)

/* While it is built a list is a chain of chunks, so that no list has to be moved when it grows. */
typedef struct {
    guint32 next; /* index; 0: none */
    guint8 octets[CHUNK_OCTETS];
} Chunk;

typedef struct {
    Term term;
    guint32 first, last; /* chunks; 0: none yet */
    guint32 used;        /* octets of the last one */
    guint32 size;        /* octets of them all */
    guint32 before;      /* unit of the last posting that was written */
    guint32 unit, count; /* the posting that still grows */
    guint32 postings;
} Growing;

struct PostingsBuilder {
    GArray *growing; /* Growing */
    GArray *chunks;  /* Chunk; the first is not used */
    guint32 *slots;
    guint32 slot_mask;
};

/* ---- the hash table of terms, open addressing ---- */

static guint32 term_slot(Term term)
{
    guint64 hash = term * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);

    return (guint32)(hash >> 32);
}

const PostingList *postings_find(const Postings *p, Term term)
{
    for (guint32 slot = term_slot(term) & p->slot_mask; p->slots[slot];
         slot = (slot + 1) & p->slot_mask) {
        const PostingList *list = &p->lists[p->slots[slot] - 1];
        if (list->term == term) return list;
    }
    return NULL;
}

static Growing *growing_at(const PostingsBuilder *b, guint32 index)
{
    return &g_array_index(b->growing, Growing, index);
}

/* A quarter of the slots are always free. */
static void make_room(PostingsBuilder *b)
{
    guint32 count = (b->slot_mask + 1) * 2;

    if (b->growing->len <= b->slot_mask / 4 * 3) return;
    g_free(b->slots);
    b->slots = g_new0(guint32, count);
    b->slot_mask = count - 1;
    for (guint32 i = 0; i < b->growing->len; i++) {
        guint32 slot = term_slot(growing_at(b, i)->term) & b->slot_mask;
        while (b->slots[slot])
            slot = (slot + 1) & b->slot_mask;
        b->slots[slot] = i + 1;
    }
}

static Growing *find_growing(PostingsBuilder *b, Term term)
{
    Growing fresh = { .term = term };
    guint32 slot = term_slot(term) & b->slot_mask;

    for (; b->slots[slot]; slot = (slot + 1) & b->slot_mask) {
        Growing *g = growing_at(b, b->slots[slot] - 1);
        if (g->term == term) return g;
    }
    g_array_append_val(b->growing, fresh);
    b->slots[slot] = b->growing->len;
    make_room(b);
    return growing_at(b, b->growing->len - 1);
}

/* ---- writing ---- */

static gsize put_number(guint8 *octets, guint32 number)
{
    gsize len = 0;

    for (; number >= 0x80; number >>= 7)
        octets[len++] = (guint8)(number | 0x80);
    octets[len++] = (guint8)number;
    return len;
}

/* A chunk more at the end of the chain; the one it stands in. */
static Chunk *add_chunk(PostingsBuilder *b, Growing *g)
{
    Chunk fresh = { 0 };
    guint32 index = b->chunks->len;

    g_array_append_val(b->chunks, fresh);
    if (g->first == 0)
        g->first = index;
    else
        g_array_index(b->chunks, Chunk, g->last).next = index;
    g->last = index;
    g->used = 0;
    return &g_array_index(b->chunks, Chunk, index);
}

static void put_octets(PostingsBuilder *b, Growing *g, const guint8 *octets, gsize len)
{
    Chunk *chunk = g->first ? &g_array_index(b->chunks, Chunk, g->last) : add_chunk(b, g);

    for (gsize i = 0; i < len; i++) {
        if (g->used == CHUNK_OCTETS) chunk = add_chunk(b, g);
        chunk->octets[g->used++] = octets[i];
    }
    g->size += (guint32)len;
}

/* The posting that has grown till now. */
static void flush(PostingsBuilder *b, Growing *g)
{
    guint8 octets[POSTING_OCTETS];
    gsize len;

    if (g->count == 0) return;
    len = put_number(octets, (g->unit - g->before) << 1 | (g->count > 1));
    if (g->count > 1) len += put_number(octets + len, g->count);
    put_octets(b, g, octets, len);
    g->before = g->unit;
    g->postings++;
    g->count = 0;
}

PostingsBuilder *postings_builder_new(void)
{
    PostingsBuilder *b = g_new0(PostingsBuilder, 1);

    b->growing = g_array_sized_new(FALSE, FALSE, sizeof(Growing), FIRST_SLOTS);
    b->chunks = g_array_sized_new(FALSE, FALSE, sizeof(Chunk), 2 * FIRST_SLOTS);
    g_array_set_size(b->chunks, 1);
    b->slots = g_new0(guint32, FIRST_SLOTS);
    b->slot_mask = FIRST_SLOTS - 1;
    return b;
}

void postings_add(PostingsBuilder *b, Term term, guint32 unit, guint count)
{
    Growing *g = find_growing(b, term);

    if (g->unit != unit) flush(b, g);
    g->unit = unit;
    g->count += count;
}

/* ---- the finished form ---- */

static guint8 *copy_chain(const PostingsBuilder *b, const Growing *g, guint8 *to)
{
    guint32 left = g->size;

    for (guint32 i = g->first; i; i = g_array_index(b->chunks, Chunk, i).next) {
        guint32 part = MIN(left, CHUNK_OCTETS);
        memcpy(to, g_array_index(b->chunks, Chunk, i).octets, part);
        to += part;
        left -= part;
    }
    return to;
}

static guint32 skip_count(guint32 postings)
{
    return postings > 0 ? (postings - 1) / POSTING_STRIDE : 0;
}

static void note_skips(const Postings *p, const PostingList *list)
{
    PostingCursor cursor = posting_cursor(p, list);

    for (guint32 i = 0; i < skip_count(list->count); i++) {
        for (guint k = 0; k < POSTING_STRIDE; k++)
            posting_next(&cursor);
        p->skips[list->skip + i] = (PostingSkip){ cursor.unit, (guint32)(cursor.at - p->octets) };
    }
}

Postings *postings_finish(PostingsBuilder *b)
{
    Postings *p = g_new0(Postings, 1);
    gsize size = 0, skips = 0;
    guint8 *to;

    for (guint32 i = 0; i < b->growing->len; i++) {
        Growing *g = growing_at(b, i);
        flush(b, g);
        size += g->size;
        skips += skip_count(g->postings);
    }
    p->octets = to = g_malloc(size + 1);
    p->skips = g_new(PostingSkip, skips + 1);
    p->lists = g_new(PostingList, b->growing->len + 1);
    p->list_count = b->growing->len;
    p->octet_count = (guint32)size;
    p->skip_count = (guint32)skips;
    p->slots = g_steal_pointer(&b->slots);
    p->slot_mask = b->slot_mask;
    skips = 0;
    for (guint32 i = 0; i < p->list_count; i++) {
        const Growing *g = growing_at(b, i);
        PostingList list = { .term = g->term,
                             .offset = (guint32)(to - p->octets),
                             .count = g->postings,
                             .skip = (guint32)skips };
        to = copy_chain(b, g, to);
        p->lists[i] = list;
        note_skips(p, &list);
        skips += skip_count(list.count);
    }
    g_array_unref(b->growing);
    g_array_unref(b->chunks);
    g_free(b);
    return p;
}

gboolean posting_seek(const Postings *p, const PostingList *list, guint32 unit,
                      PostingCursor *cursor)
{
    guint32 low = 0, high = skip_count(list->count);

    *cursor = posting_cursor(p, list);
    while (low < high) {
        guint32 middle = low + (high - low) / 2;
        if (p->skips[list->skip + middle].unit < unit)
            low = middle + 1;
        else
            high = middle;
    }
    if (low > 0) {
        const PostingSkip *skip = &p->skips[list->skip + low - 1];
        cursor->at = p->octets + skip->offset;
        cursor->left -= low * POSTING_STRIDE;
        cursor->unit = skip->unit;
    }
    while (posting_next(cursor)) {
        if (cursor->unit >= unit) return TRUE;
    }
    return FALSE;
}

void postings_free(Postings *p)
{
    if (!p) return;
    g_free(p->lists);
    g_free(p->slots);
    g_free(p->octets);
    g_free(p->skips);
    g_free(p);
}

#include "db/search_image.h"

#include <sodium.h>
#include <string.h>

#include "db/redirect.h"
#include "db/store.h"

#define MAGIC       G_GUINT64_CONSTANT(0x317864696d6e6962) /* "binmidx1" on the usual machine */
#define FORMAT      1      /* to be raised when terms (term.h) or this file change */
#define PART_OCTETS 500000 /* of a row; readers take no longer ones (store.c) */
#define NAME_TABLES 3

/* What stands before the arrays. The checksum is of all that follows it. */
typedef struct {
    guint64 magic, checksum;
    guint8 key[16];
    guint32 topic_count, unit_count, list_count, slot_count, octet_count, skip_count;
    guint32 term_count, official_count;
    struct {
        guint32 ref_count, bucket_count, shift;
    } names[NAME_TABLES];
    float unknown_idf;
} Header;

/* An array, as it is written or read. */
typedef struct {
    gpointer *at;
    gsize size; /* octets */
} Part;

#define PART_COUNT (9 + 2 * NAME_TABLES)

/* ---- what an index is made of, and by ---- */

static void add_word(const char *word, gpointer state)
{
    crypto_generichash_update(state, (const guint8 *)word, strlen(word) + 1);
}

/* The rows, the words of other offices, the weights, the program. */
static void make_key(const char *digest, guint8 key[16])
{
    static const char program[] = BIANMIN_VERSION " " G_STRINGIFY(FORMAT);
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, 16);
    crypto_generichash_update(&state, (const guint8 *)program, sizeof program);
    crypto_generichash_update(&state, (const guint8 *)digest, strlen(digest) + 1);
    crypto_generichash_update(&state, (const guint8 *)&search_weights, sizeof search_weights);
    for (guint row = 0; row < redirect_row_count(); row++) {
        add_word("", &state);
        redirect_row_words(row, add_word, &state);
    }
    crypto_generichash_final(&state, key, 16);
}

/* Against flipped bits, not against malice: who may write the file may write rows, too. */
static guint64 checksum(const guint8 *octets, gsize len)
{
    guint64 sum = len;

    for (gsize at = 0; at < len; at += sizeof(guint64)) {
        guint64 word = 0;
        memcpy(&word, octets + at, MIN(sizeof word, len - at));
        sum = (sum ^ word) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
        sum ^= sum >> 29;
    }
    return sum;
}

/* ---- the arrays, in their order ---- */

static NameTable *name_table(SearchIndex *s, guint i)
{
    NameTable *tables[NAME_TABLES] = { &s->names, &s->sounds, &s->initials };

    return tables[i];
}

static void list_parts(SearchIndex *s, const Header *h, Part parts[PART_COUNT])
{
    Postings *p = s->postings;
    const Part fixed[] = {
        { (gpointer *)&p->lists, h->list_count * sizeof *p->lists },
        { (gpointer *)&p->slots, h->slot_count * sizeof *p->slots },
        { (gpointer *)&p->octets, h->octet_count },
        { (gpointer *)&p->skips, h->skip_count * sizeof *p->skips },
        { (gpointer *)&s->unit_kind, h->unit_count },
        { (gpointer *)&s->unit_once, h->unit_count * sizeof *s->unit_once },
        { (gpointer *)&s->first_unit, ((gsize)h->topic_count + 1) * sizeof *s->first_unit },
        { (gpointer *)&s->official_terms->data, h->term_count * sizeof(Term) },
        { (gpointer *)&s->officials->data, h->official_count * sizeof(guint32) },
    };

    memcpy(parts, fixed, sizeof fixed);
    for (guint i = 0; i < NAME_TABLES; i++) {
        NameTable *t = name_table(s, i);
        Part *part = parts + G_N_ELEMENTS(fixed) + 2 * i;
        part[0] = (Part){ (gpointer *)&t->refs->data, h->names[i].ref_count * sizeof(NameRef) };
        part[1] = (Part){ (gpointer *)&t->buckets,
                          ((gsize)h->names[i].bucket_count + 1) * sizeof(guint32) };
    }
}

/* ---- writing ---- */

static GByteArray *write_image(SearchIndex *s, const char *digest)
{
    GByteArray *image = g_byte_array_new();
    Part parts[PART_COUNT];
    Header h;

    memset(&h, 0, sizeof h); /* also between the fields: it is summed up */
    h.magic = MAGIC;
    h.topic_count = s->topic_count;
    h.unit_count = s->unit_count;
    h.list_count = s->postings->list_count;
    h.slot_count = s->postings->slot_mask + 1;
    h.octet_count = s->postings->octet_count;
    h.skip_count = s->postings->skip_count;
    h.term_count = s->official_terms->len;
    h.official_count = s->officials->len;
    h.unknown_idf = s->unknown_idf;
    make_key(digest, h.key);
    for (guint i = 0; i < NAME_TABLES; i++) {
        const NameTable *t = name_table(s, i);
        h.names[i].ref_count = t->sorted;
        h.names[i].shift = t->shift;
        h.names[i].bucket_count = 1U << (32 - t->shift);
    }
    g_byte_array_append(image, (const guint8 *)&h, sizeof h);
    list_parts(s, &h, parts);
    for (guint i = 0; i < PART_COUNT; i++)
        g_byte_array_append(image, *parts[i].at, (guint)parts[i].size);
    h.checksum = checksum(image->data + G_STRUCT_OFFSET(Header, key),
                          image->len - G_STRUCT_OFFSET(Header, key));
    memcpy(image->data, &h, sizeof h);
    return image;
}

static gboolean write_rows(sqlite3 *db, const GByteArray *image, GError **error)
{
    g_autoptr(sqlite3_stmt) insert =
        store_prepare(db, "INSERT INTO search_index (octets) VALUES (?1)", error);
    GError *trouble = NULL;

    for (guint at = 0; insert && at < image->len; at += PART_OCTETS) {
        int len = (int)MIN(PART_OCTETS, image->len - at);
        sqlite3_bind_blob(insert, 1, image->data + at, len, SQLITE_STATIC);
        store_step(insert, &trouble);
        sqlite3_reset(insert);
        if (trouble) {
            g_propagate_error(error, trouble);
            return FALSE;
        }
    }
    return insert != NULL;
}

gboolean search_image_store(sqlite3 *db, const char *digest, GError **error)
{
    g_autoptr(Catalogue) catalogue = catalogue_read(db, error);
    g_autoptr(GByteArray) image = NULL;
    SearchIndex *index;

    if (!catalogue || !store_exec(db, "DELETE FROM search_index", error)) return FALSE;
    index = search_index_new(catalogue);
    image = write_image(index, digest);
    search_index_free(index);
    return store_exec(db, "BEGIN", error) && write_rows(db, image, error) &&
           store_exec(db, "COMMIT", error);
}

/* ---- reading ---- */

static char *read_seal(sqlite3 *db)
{
    g_autoptr(sqlite3_stmt) seal = store_prepare(db, "SELECT digest FROM seal", NULL);

    return seal && store_step(seal, NULL) ? g_strdup(store_text(seal, 0)) : NULL;
}

/* The rows' octets one behind the other, *len of them. What SQLite keeps of each is given back at
 * once: nobody reads it again, and memory is short. */
static guint8 *read_rows(sqlite3 *db, gsize *len)
{
    g_autoptr(sqlite3_stmt) rows =
        store_prepare(db, "SELECT octets FROM search_index ORDER BY part", NULL);
    guint8 *image = NULL;

    *len = 0;
    while (rows && store_step(rows, NULL) && *len < G_MAXINT32) {
        const void *octets = sqlite3_column_blob(rows, 0);
        int count = sqlite3_column_bytes(rows, 0);
        if (!octets || count <= 0) continue;
        image = g_realloc(image, *len + (gsize)count);
        memcpy(image + *len, octets, (gsize)count);
        *len += (gsize)count;
        store_release_memory(db);
    }
    return image;
}

/* Numbers within their bounds, so that the arrays are as long as is said. */
static gboolean is_whole(const Header *h, const guint8 *image, gsize len, const guint8 key[16])
{
    gsize from = G_STRUCT_OFFSET(Header, key);

    if (h->magic != MAGIC || memcmp(h->key, key, sizeof h->key) != 0) return FALSE;
    if (h->slot_count == 0 || (h->slot_count & (h->slot_count - 1)) != 0) return FALSE;
    for (guint i = 0; i < NAME_TABLES; i++) {
        guint32 shift = h->names[i].shift;
        if (shift < 1 || shift > 32 || h->names[i].bucket_count != 1U << (32 - shift)) return FALSE;
    }
    return h->checksum == checksum(image + from, len - from);
}

static SearchIndex *index_for(const Catalogue *catalogue, const Header *h)
{
    SearchIndex *s = search_index_empty(catalogue);

    s->topic_count = h->topic_count;
    s->unit_count = h->unit_count;
    s->unknown_idf = h->unknown_idf;
    s->postings = g_new0(Postings, 1);
    s->postings->list_count = h->list_count;
    s->postings->slot_mask = h->slot_count - 1;
    s->postings->octet_count = h->octet_count;
    s->postings->skip_count = h->skip_count;
    g_array_set_size(s->official_terms, h->term_count);
    g_array_set_size(s->officials, h->official_count);
    for (guint i = 0; i < NAME_TABLES; i++) {
        NameTable *t = name_table(s, i);
        g_clear_pointer(&t->buckets, g_free);
        g_array_set_size(t->refs, h->names[i].ref_count);
        t->sorted = h->names[i].ref_count;
        t->shift = h->names[i].shift;
    }
    return s;
}

static gboolean fits(const Part parts[PART_COUNT], gsize octets)
{
    gsize size = 0;

    for (guint i = 0; i < PART_COUNT; i++)
        size += parts[i].size;
    return size == octets;
}

/* The last part first, so that the image can shrink: never both of them whole in memory. Frees it.
 */
static void take_parts(const Part parts[PART_COUNT], guint8 *image, gsize len)
{
    for (guint i = PART_COUNT; i > 0; i--) {
        const Part *part = &parts[i - 1];
        len -= part->size;
        if (!*part->at) *part->at = g_malloc(part->size + 1);
        memcpy(*part->at, image + len, part->size);
        image = g_realloc(image, len);
    }
    g_free(image);
}

SearchIndex *search_image_load(const Catalogue *catalogue)
{
    gsize len = 0;
    g_autofree char *digest = read_seal(catalogue->db);
    g_autofree guint8 *image = digest ? read_rows(catalogue->db, &len) : NULL;
    guint8 key[16];
    Part parts[PART_COUNT];
    SearchIndex *s;
    Header h;

    store_release_memory(catalogue->db);
    if (!image || len < sizeof h) return NULL;
    memcpy(&h, image, sizeof h);
    make_key(digest, key);
    if (!is_whole(&h, image, len, key) ||
        h.topic_count != catalogue->topic_count + redirect_row_count())
        return NULL;
    s = index_for(catalogue, &h);
    list_parts(s, &h, parts);
    if (!fits(parts, len - sizeof h)) {
        search_index_free(s);
        return NULL;
    }
    take_parts(parts, g_steal_pointer(&image), len);
    return s;
}

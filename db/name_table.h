#pragma once
/* Names by their hash (term.h), and what each leads to. Filled, sorted into buckets once in a
 * while, then looked up; a name may lead to several targets. 12 octets a name and one or two a
 * bucket. Two names of the same length are taken for one when 48 bits of their hashes are alike:
 * among a million names one question in ten million. */
#include <glib.h>

typedef struct {
    guint32 hash;  /* the upper half … */
    guint16 check; /* … and the lowest bits */
    guint8 length; /* characters or syllables */
    guint8 kind;   /* the owner's: what `target` counts */
    guint32 target;
} NameRef;

typedef struct {
    GArray *refs;     /* NameRef; in buckets up to `sorted`, then as they came */
    guint32 *buckets; /* first ref of each; one more at the end */
    guint sorted;
    guint shift; /* hash >> shift is the bucket */
} NameTable;

void name_table_init(NameTable *table);
void name_table_clear(NameTable *table);
void name_table_add(NameTable *table, guint64 hash, guint length, guint kind, guint target);
/* Makes what was added since the last time findable; what was there twice is there once. */
void name_table_sort(NameTable *table);

/* The first ref with this name, or NULL; then each further one. */
const NameRef *name_table_find(const NameTable *table, guint64 hash, guint length);
const NameRef *name_table_next(const NameTable *table, const NameRef *ref);

#pragma once
/* What suggest.c walks over at each key: every text that may be typed towards a topic, as a run of
 * glyphs. Read-only once built; the catalogue must outlive it. Only suggest.c includes this.
 *
 * A glyph is a folded character together with its readings, the one in this context first; there
 * are a few thousand of them, however many topics, so two octets a character suffice. Punctuation
 * and spaces are no glyphs: nobody types them. */
#include "charset/pinyin.h"
#include "db/catalogue.h"

typedef enum {
    SURFACE_CATEGORY, /* before the name, which stands before all others */
    SURFACE_NAME,
    SURFACE_ALIAS,
    SURFACE_PROJECT,
    SURFACE_LAY_WORD, /* also a synonym of a name */
    SURFACE_CODE,
    SURFACE_QUESTION,
} SurfaceKind;

#define SURFACE_UNITS_MAX 100 /* characters of a text that can be typed; the rest is ignored */

typedef struct {
    const char *text; /* the catalogue's */
    guint32 first;    /* into `units` */
    guint16 question; /* of a SURFACE_QUESTION: which of its topic's */
    guint8 unit_count;
    guint8 kind; /* SurfaceKind */
} Surface;

/* One way to write a syllable. Letters are packed an octet each, the first one lowest, so that a
 * comparison is one operation whatever the length. */
typedef struct {
    guint64 letters;
    guint64 keys; /* the same on the pad */
    guint8 len;
    gboolean is_alike; /* not its own letters, but those of what sounds like it to many */
} Spelling;

typedef struct {
    const Catalogue *catalogue;
    GArray *surfaces;        /* Surface, those of a topic together */
    guint32 *first_surface;  /* of each topic; one more at the end */
    GArray *units;           /* guint16, index into `glyphs` */
    GArray *glyphs;          /* PinyinReading */
    GArray *spellings;       /* Spelling */
    guint16 *first_spelling; /* of each syllable, its own letters first; one more at the end */
} SuggestIndex;

SuggestIndex *suggest_index_new(const Catalogue *catalogue);
void suggest_index_free(SuggestIndex *index); /* NULL is fine */

/* The characters by which `ch` can be typed: folded, none for punctuation, several for ㎡. */
#define SUGGEST_UNITS_OF_CHAR 4
guint suggest_units_of(gunichar ch, gunichar units[SUGGEST_UNITS_OF_CHAR]);

/* The key that bears a letter a–z on a phone's pad (ITU-T E.161): '2' … '9'. */
char suggest_key_of(char letter);

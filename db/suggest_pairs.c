#include "db/suggest_pairs.h"

guint suggest_pair_class(gunichar ch)
{
    if (ch >= 'a' && ch <= 'z') return PAIR_CLASS_A + (ch - 'a');
    if (ch >= '0' && ch <= '9') return PAIR_CLASS_0 + (ch - '0');
    return PAIR_CLASS_OTHER;
}

static guint64 classes_of(const PinyinReading *glyph)
{
    guint64 classes = 0;

    for (guint i = 0; i < glyph->count; i++)
        classes |= G_GUINT64_CONSTANT(1)
                   << suggest_pair_class((guchar)*pinyin_syllable(glyph->syllable[i]));
    return classes ? classes : G_GUINT64_CONSTANT(1) << suggest_pair_class(glyph->ch);
}

/* ---- counted first, then filled ---- */

typedef struct {
    SuggestPairs *pairs;
    guint32 *last; /* of each pair: the surface it was met in last, + 1 */
    guint32 *next; /* of each pair: how many, then where the next one goes */
    guint32 surface;
} Filler;

static void add_pair(Filler *f, guint pair)
{
    if (f->last[pair] == f->surface + 1) return;
    f->last[pair] = f->surface + 1;
    if (f->pairs->surfaces) f->pairs->surfaces[f->next[pair]] = f->surface;
    f->next[pair]++;
}

static void add_surface(Filler *f, const guint64 *classes, const guint16 *units, guint count)
{
    for (guint i = 0; i < count; i++) {
        guint64 seconds =
            i + 1 < count ? classes[units[i + 1]] : G_GUINT64_CONSTANT(1) << PAIR_CLASS_END;
        for (guint64 a = classes[units[i]]; a; a &= a - 1)
            for (guint64 b = seconds; b; b &= b - 1)
                add_pair(f, (guint)__builtin_ctzll(a) * PAIR_CLASSES + (guint)__builtin_ctzll(b));
    }
}

static void add_surfaces(Filler *f, const SuggestIndex *index)
{
    memset(f->last, 0, PAIR_CLASSES * PAIR_CLASSES * sizeof *f->last);
    for (f->surface = 0; f->surface < index->surfaces->len; f->surface++) {
        const Surface *s = &g_array_index(index->surfaces, Surface, f->surface);
        add_surface(f, f->pairs->classes, &g_array_index(index->units, guint16, s->first),
                    s->unit_count);
    }
}

SuggestPairs *suggest_pairs_new(const SuggestIndex *index)
{
    SuggestPairs *p = g_new0(SuggestPairs, 1);
    guint pair_count = PAIR_CLASSES * PAIR_CLASSES;
    g_autofree guint32 *last = g_new(guint32, pair_count), *next = g_new0(guint32, pair_count);
    Filler f = { .pairs = p, .last = last, .next = next };

    p->glyph_count = index->glyphs->len;
    p->classes = g_new(guint64, p->glyph_count);
    for (guint i = 0; i < p->glyph_count; i++)
        p->classes[i] = classes_of(&g_array_index(index->glyphs, PinyinReading, i));

    add_surfaces(&f, index);
    p->first = g_new0(guint32, pair_count + 1);
    for (guint i = 0; i < pair_count; i++) {
        p->first[i + 1] = p->first[i] + next[i];
        next[i] = p->first[i];
    }
    p->surfaces = g_new(guint32, (gsize)p->first[pair_count] + 1);
    add_surfaces(&f, index);
    return p;
}

void suggest_pairs_free(SuggestPairs *p)
{
    if (!p) return;
    g_free(p->classes);
    g_free(p->first);
    g_free(p->surfaces);
    g_free(p);
}

gsize suggest_pairs_size(const SuggestPairs *p)
{
    guint pair_count = PAIR_CLASSES * PAIR_CLASSES;

    return sizeof *p + p->glyph_count * sizeof *p->classes +
           (pair_count + 2 + p->first[pair_count]) * sizeof(guint32);
}

void suggest_pairs_mark(const SuggestPairs *p, guint first, guint64 second, guint64 *wanted)
{
    for (; second; second &= second - 1) {
        guint pair = first * PAIR_CLASSES + (guint)__builtin_ctzll(second);
        for (guint32 i = p->first[pair]; i < p->first[pair + 1]; i++)
            wanted[p->surfaces[i] / 64] |= G_GUINT64_CONSTANT(1) << (p->surfaces[i] % 64);
    }
}

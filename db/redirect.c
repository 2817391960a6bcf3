#include "db/redirect.h"

#include <string.h>

#include "db/redirect_table.h"

typedef struct {
    guint64 start; /* its first two characters, by which it is found */
    const char *text;
    gsize len;
    RedirectStrength strength;
    const RedirectRow *row;
} Word;

/* ---- the index: all words, those that start alike side by side, longer ones first ---- */

/* 0 if there are not two characters. */
static guint64 start_of(const char *text)
{
    gunichar first = g_utf8_get_char(text);
    gunichar second = first ? g_utf8_get_char(g_utf8_next_char(text)) : 0;

    return second ? (guint64)first << 32 | second : 0;
}

static gint compare(gconstpointer a, gconstpointer b)
{
    const Word *left = a, *right = b;

    if (left->start != right->start) return left->start < right->start ? -1 : 1;
    return (left->len < right->len) - (left->len > right->len);
}

static void add_words(GArray *index, const RedirectRow *row, RedirectStrength strength,
                      const char *words)
{
    for (const char *p = words ? words : ""; *p; p += strspn(p, " ")) {
        Word word = {
            .start = start_of(p),
            .text = p,
            .len = strcspn(p, " "),
            .strength = strength,
            .row = row,
        };
        g_array_append_val(index, word);
        p += word.len;
    }
}

static const GArray *index_get(void)
{
    static GArray *index;

    if (g_once_init_enter(&index)) {
        GArray *fresh = g_array_new(FALSE, FALSE, sizeof(Word));
        for (gsize i = 0; i < G_N_ELEMENTS(redirect_rows); i++) {
            add_words(fresh, &redirect_rows[i], REDIRECT_STRONG, redirect_rows[i].strong);
            add_words(fresh, &redirect_rows[i], REDIRECT_WEAK, redirect_rows[i].weak);
            add_words(fresh, &redirect_rows[i], REDIRECT_OURS, redirect_rows[i].ours);
        }
        g_array_sort(fresh, compare);
        g_once_init_leave(&index, fresh);
    }
    return index;
}

/* Letters and digits match as whole words only: "nba" does not stand in "shenban". */
static gboolean is_whole(const char *text, const char *at, gsize len)
{
    gboolean joined_left = at > text && g_ascii_isalnum(at[-1]) && g_ascii_isalnum(at[0]);
    gboolean joined_right = g_ascii_isalnum(at[len - 1]) && g_ascii_isalnum(at[len]);

    return !joined_left && !joined_right;
}

/* The longest word of the table that stands at `at`, or NULL. */
static const Word *word_at(const GArray *index, const char *text, const char *at)
{
    guint64 start = start_of(at);
    guint low = 0, high = index->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(index, Word, middle).start < start)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < index->len; low++) {
        const Word *word = &g_array_index(index, Word, low);
        if (word->start != start) return NULL;
        if (strncmp(at, word->text, word->len) == 0 && is_whole(text, at, word->len)) return word;
    }
    return NULL;
}

/* ---- which word counts ---- */

static gboolean is_better(const Word *word, const Word *than, gboolean by_priority)
{
    if (!than) return TRUE;
    if (by_priority && word->row->priority != than->row->priority)
        return word->row->priority > than->row->priority;
    if (word->strength != than->strength) return word->strength > than->strength;
    return word->len > than->len;
}

static const Word *find(const char *folded, gboolean by_priority)
{
    const GArray *index = index_get();
    const Word *best = NULL;
    const char *covered = folded; /* up to here longer words reach */

    for (const char *p = folded; *p; p = g_utf8_next_char(p)) {
        const Word *word = word_at(index, folded, p);
        if (!word || p + word->len <= covered) continue;
        covered = p + word->len;
        if (word->row->where && is_better(word, best, by_priority)) best = word;
    }
    return best;
}

RedirectStrength redirect_find(const char *folded, char **word)
{
    const Word *best = find(folded, FALSE);
    RedirectStrength strength = best ? best->strength : REDIRECT_OURS;

    if (word) *word = strength > REDIRECT_OURS ? g_strndup(best->text, best->len) : NULL;
    return strength;
}

const char *redirect_for(const char *folded)
{
    const Word *best = find(folded, TRUE);

    return best ? best->row->where : NULL;
}

const char *redirect_urgent(const char *folded)
{
    const Word *best = find(folded, TRUE);

    return best && best->row->priority == REDIRECT_URGENT && best->strength > REDIRECT_OURS
               ? best->row->where
               : NULL;
}

gboolean redirect_is_small_talk(const char *folded)
{
    const Word *word = *folded ? word_at(index_get(), folded, folded) : NULL;

    return word && word->row->priority == REDIRECT_SMALL_TALK && strlen(folded) == word->len;
}

/* ---- for the search ---- */

guint redirect_row_count(void)
{
    return G_N_ELEMENTS(redirect_rows);
}

const char *redirect_row_where(guint row)
{
    return redirect_rows[row].where;
}

void redirect_row_words(guint row, void (*take)(const char *word, gpointer data), gpointer data)
{
    const char *lists[] = { redirect_rows[row].strong, redirect_rows[row].weak };

    if (!redirect_rows[row].where) return;
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_auto(GStrv) words = g_strsplit(lists[i] ? lists[i] : "", " ", -1);
        for (char **word = words; *word; word++)
            if (**word) take(*word, data);
    }
}

#pragma once
/* A folded text as the terms it is found by. A term is a number: its kind and what it consists of.
 *   BIGRAM    two Han characters that stand side by side
 *   CHAR      one Han character that carries meaning (的 了 吗 … are dropped)
 *   WORD      a run of Latin letters or digits
 *   PINYIN    two neighbouring syllables, toneless and fuzzy (pinyin.h): what sounds alike is alike
 *   INITIALS  two to four neighbouring first letters of syllables
 * No knowledge of topics or weights in here. Source: SEARCH.md §3. */
#include <glib.h>

typedef guint64 Term;
typedef enum { TERM_BIGRAM, TERM_CHAR, TERM_WORD, TERM_PINYIN, TERM_INITIALS, TERM_KINDS } TermKind;

static inline TermKind term_kind(Term term)
{
    return (TermKind)(term >> 56);
}

/* Texts longer than this (characters) are looked at up to here: a question of a megabyte costs no
 * more than one of a page. */
#define TERM_TEXT_MAX 1000

/* A text taken apart once. Free with term_text_free(). */
typedef struct {
    char *folded;
    GArray *chars;     /* gunichar */
    GArray *syllables; /* guint16, one a Han character (context reading) or a pinyin syllable that
                          was typed; PINYIN_NONE where the chain of sounds is broken */
    gboolean is_latin; /* holds Latin letters and no Han character */
} TermText;

TermText *term_text_new(const char *text);
void term_text_set(TermText *parts, const char *text); /* another text in place of the one before */
void term_text_free(TermText *text);                   /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TermText, term_text_free)

/* Appends Terms of the kinds in the mask (1 << TERM_BIGRAM | …); as often as they occur. */
void term_collect(const TermText *text, guint kinds, GArray *terms);

/* Hashes of names, character by character or syllable by syllable (fuzzy: what sounds alike is
 * alike): begin with TERM_HASH_…, then add one after the other. */
#define TERM_HASH_CHARS     G_GUINT64_CONSTANT(0x6368)
#define TERM_HASH_SYLLABLES G_GUINT64_CONSTANT(0x7379)
guint64 term_hash_add_char(guint64 hash, gunichar ch);
guint64 term_hash_add_syllable(guint64 hash, guint16 syllable);
guint64 term_hash_chars(const gunichar *chars, gsize count);

/* A character that says nothing of the subject: 的 吗 我 怎 … */
gboolean term_is_function_char(gunichar ch);
gboolean term_is_han(gunichar ch);

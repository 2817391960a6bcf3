#pragma once
/* What people and machines send besides questions: words for help, more, stop and start, thanks,
 * numbers, notes for staff, automatic replies. Whole messages only: 退订 within a question is a
 * question. Nothing is kept. `folded` is fold_text()'s; strings that are returned: g_free(). */
#include <glib.h>

typedef enum {
    PHRASE_NONE,
    PHRASE_HELP,
    PHRASE_MORE,
    PHRASE_STOP,
    PHRASE_START,
    PHRASE_THANKS, /* what an answer to an answer is made of: 好的, 收到, ok */
} PhraseWord;

PhraseWord phrase_word(const char *folded);
char *phrase_bare(const char *folded); /* without punctuation and spaces at its ends */
/* 1, 第1个, 选2, 二: 1 to 99; 0 if it is no number. */
guint phrase_number(const char *bare);
gboolean phrase_has_letters(const char *text); /* or digits */
/* What machines write: answers to those would go round for ever, or are wasted. */
gboolean phrase_is_from_machine(const char *folded);
/* 查 and digits, or an ID number alone: one's own record. */
gboolean phrase_asks_own_record(const char *bare);
/* What follows 留言 or ly, at most 500 characters; "" if nothing does or it asks how to; NULL if it
 * is no such message. Of the text as it was sent. */
char *phrase_note(const char *text);

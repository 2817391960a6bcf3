#pragma once
/* Type-ahead: what the characters typed so far may be meant for, after each key of the kiosk. Rows
 * lead to a topic (by its name, another name, a lay word, a project of its, its code, its category)
 * or to one of its questions; what is typed is matched as one run, without gaps, from any character
 * on. Where few topics have such a run, those follow whose names hold it in parts, in order, each
 * of two characters or more: 残疾人补贴 in 重度残疾人护理补贴 (suggest_run.h).
 *
 * Each character of a name takes up, of what is typed:
 *   itself                      残疾人证, 70岁, etc
 *   its pinyin                  canjirenzheng; of the last one as much as there is yet: canjirenz
 *   its first letter            cjrz; zh ch sh count as one, too
 *   the same on a phone's pad   226543736, 2579 (2 = abc … 9 = wxyz)
 * in any mixture: 残疾人bt, 低bao, canji证. Spaces and apostrophes force the border of a syllable
 * (xi'an). Sounds that many do not tell apart are taken for each other (pinyin.h); all common
 * readings of a character count.
 *
 * Nothing is found by a chance of single characters far apart: if there is no row, the caller asks
 * search.h. A Suggest is for one thread; the catalogue must outlive it. A key costs a look at the
 * names that hold a likely pair of characters, and no allocation but that of folding what was
 * typed.
 */
#include "db/catalogue.h"

typedef struct Suggest Suggest; /* opaque */

Suggest *suggest_new(const Catalogue *catalogue);
void suggest_free(Suggest *suggest); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Suggest, suggest_free)

#define SUGGEST_MAX                 8  /* rows */
#define SUGGEST_QUESTIONS_PER_TOPIC 2  /* rows of one topic, beside its own */
#define SUGGEST_TYPED_MAX           63 /* characters without spaces; more lead nowhere */

typedef enum {
    SUGGEST_WRITTEN,     /* as it is written */
    SUGGEST_BY_SOUND,    /* pinyin, the last syllable perhaps unfinished */
    SUGGEST_BY_INITIALS, /* first letters, at least one */
    SUGGEST_BY_DIGITS,   /* keys of the pad, at least one */
} SuggestManner;

typedef struct {
    const char *text;    /* to show, as it stands in the sheet; the catalogue's */
    guint topic;         /* index into Catalogue.topics */
    int qa;              /* index into Catalogue.qas; -1: leads to the topic itself */
    guint start, length; /* characters of `text` that were typed; in parts: with those between */
    SuggestManner manner;
    gboolean is_in_parts; /* some characters between were not typed */
} SuggestRow;

/* Fills `rows`, best first, and returns how many; 0 if nothing matches. `typed` is any octets.
 * Topics come before questions, whole runs before those in parts; then as written before sound
 * before initials before digits. Then a whole name; what a topic is about: its own name holds what
 * was typed, and another of its names or its category begins so; what only begins or holds it;
 * categories; lay words. Last, exact before what only sounds alike, and the order of the sheets. A
 * topic has at most one row beside its questions. */
guint suggest_query(Suggest *suggest, const char *typed, SuggestRow rows[SUGGEST_MAX]);

/* Overwrites what was typed last. */
void suggest_forget(Suggest *suggest);

/* Octets it takes in memory, the catalogue apart. */
gsize suggest_size(const Suggest *suggest);

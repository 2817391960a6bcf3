#include "db/search_question.h"

#include <math.h>

#include "charset/pinyin.h"

/* ---- the question's terms ---- */

gboolean search_is_function_bigram(Term term)
{
    return term_kind(term) == TERM_BIGRAM &&
           (term_is_function_char((gunichar)(term >> 24 & 0xffffff)) ||
            term_is_function_char((gunichar)(term & 0xffffff)));
}

static double weight_of(const SearchQuestion *q, Term term)
{
    double weight = search_weights.kind[term_kind(term)];

    if (search_is_function_bigram(term)) return weight * search_weights.function_bigram;
    if (term_kind(term) == TERM_PINYIN && !q->text->is_latin) return search_weights.sound_of_han;
    return weight;
}

static int compare_terms(gconstpointer a, gconstpointer b)
{
    const QueryTerm *x = a, *y = b;

    if (x->term != y->term) return x->term < y->term ? -1 : 1;
    return x->weight > y->weight ? -1 : x->weight < y->weight;
}

/* Each term once, with its greatest weight. */
static void keep_one_of_each(GArray *terms)
{
    guint kept = 0;

    g_array_sort(terms, compare_terms);
    for (guint i = 0; i < terms->len; i++) {
        QueryTerm *t = &g_array_index(terms, QueryTerm, i);
        if (kept > 0 && g_array_index(terms, QueryTerm, kept - 1).term == t->term) continue;
        g_array_index(terms, QueryTerm, kept++) = *t;
    }
    g_array_set_size(terms, kept);
}

#define INITIALS_MAX 20 /* letters; chance finds a topic for any longer run */

/* Letters that are no syllables: "cjrbt". */
static gboolean is_initials(const TermText *text)
{
    if (text->chars->len > INITIALS_MAX) return FALSE;
    for (guint i = 0; i < text->syllables->len; i++) {
        if (g_array_index(text->syllables, guint16, i) != PINYIN_NONE) return FALSE;
    }
    return text->is_latin;
}

/* First letters of 申请 标准 条件 电话 材料 地址 流程 办理 查询 补贴 多少钱, with which people end.
 */
static const char *const asking_ends[] = { "sq", "bz", "tj", "dh", "cl",
                                           "dz", "lc", "bl", "cx", "dsq" };

/* Letters before such ends: two at least. */
static guint count_subject(const TermText *text)
{
    guint length = text->chars->len, before;

    do {
        before = length;
        for (gsize i = 0; i < G_N_ELEMENTS(asking_ends); i++) {
            guint end = (guint)strlen(asking_ends[i]);
            if (length >= end + 2 && memcmp(text->folded + length - end, asking_ends[i], end) == 0)
                length -= end;
        }
    } while (length < before);
    return length;
}

static void collect_terms(SearchQuestion *q)
{
    g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(Term));
    guint kinds = 1 << TERM_BIGRAM | 1 << TERM_CHAR | 1 << TERM_WORD | 1 << TERM_PINYIN;

    term_collect(q->text, q->is_initials ? kinds | 1 << TERM_INITIALS : kinds, terms);
    for (guint i = 0; i < terms->len; i++) {
        Term term = g_array_index(terms, Term, i);
        QueryTerm t = { .term = term, .weight = (float)weight_of(q, term) };
        g_array_append_val(q->terms, t);
    }
    keep_one_of_each(q->terms);
    g_array_append_vals(q->expanded, q->terms->data, q->terms->len);
}

/* ---- names that stand in the question ---- */

typedef struct {
    const SearchIndex *index;
    SearchQuestion *question;
    GArray *officials; /* guint32: rows already taken */
} NameHunt;

static gboolean is_taken(const NameHunt *hunt, guint32 row)
{
    for (guint i = 0; i < hunt->officials->len; i++) {
        if (g_array_index(hunt->officials, guint32, i) == row) return TRUE;
    }
    return FALSE;
}

static void take_official(NameHunt *hunt, guint32 row, double factor)
{
    const SearchIndex *index = hunt->index;
    guint32 end = g_array_index(index->officials, guint32, row + 1);

    if (is_taken(hunt, row)) return;
    g_array_append_val(hunt->officials, row);
    for (guint32 i = g_array_index(index->officials, guint32, row); i < end; i++) {
        Term term = g_array_index(index->official_terms, Term, i);
        QueryTerm t = { term, (float)(factor * search_weights.synonym *
                                      search_weights.kind[term_kind(term)]) };
        g_array_append_val(hunt->question->expanded, t);
    }
}

/* All that is called by the characters or syllables of `match`, which hash to `hash`. */
static void take_names(NameHunt *hunt, const NameTable *table, guint64 hash, NameMatch match,
                       double factor)
{
    const NameRef *first = name_table_find(table, hash, match.length);
    guint sharing = 0;
    double score;

    for (const NameRef *r = first; r; r = name_table_next(table, r))
        sharing += r->kind == NAME_OF_TOPIC;
    if (!first || sharing > NAME_SHARED_MAX) return;
    score =
        factor * sqrt(match.length) * log(1 + (double)hunt->index->topic_count / MAX(1, sharing));
    for (const NameRef *r = first; r; r = name_table_next(table, r)) {
        if (r->kind == NAME_OF_OFFICIAL) {
            take_official(hunt, r->target, factor);
            continue;
        }
        match.topic = r->target;
        match.score = score;
        g_array_append_val(hunt->question->names, match);
    }
}

static char ascii_at(const TermText *text, guint i)
{
    gunichar ch = i < text->chars->len ? g_array_index(text->chars, gunichar, i) : 0;
    return ch < 0x80 ? (char)ch : 0;
}

/* The 120 within an ID number is no name, nor the gdp in "uagdp"; but "gdpzengzhang" has one. */
static gboolean cuts_word(const TermText *text, guint from, guint count)
{
    char before = from > 0 ? ascii_at(text, from - 1) : 0, first = ascii_at(text, from);
    char last = ascii_at(text, from + count - 1), after = ascii_at(text, from + count);

    return (g_ascii_isdigit(before) && g_ascii_isdigit(first)) ||
           (g_ascii_isdigit(last) && g_ascii_isdigit(after)) ||
           (g_ascii_isalpha(before) && g_ascii_isalpha(first));
}

static void hunt_written(NameHunt *hunt)
{
    const TermText *text = hunt->question->text;
    guint subject = hunt->question->subject;

    for (guint i = 0; i < text->chars->len; i++) {
        guint most = MIN(NAME_MAX_LENGTH, text->chars->len - i);
        guint64 hash = TERM_HASH_CHARS;

        for (guint n = 1; n <= most; n++) {
            NameMatch match = { .start = (guint16)i, .length = (guint16)n };

            hash = term_hash_add_char(hash, g_array_index(text->chars, gunichar, i + n - 1));
            if (n < NAME_MIN_LENGTH) continue;
            if (!cuts_word(text, i, n)) take_names(hunt, &hunt->index->names, hash, match, 1);
            match.manner = NAME_BY_INITIALS;
            if (hunt->question->is_initials &&
                (n > 2 || (i == 0 && n == subject && n < text->chars->len)))
                take_names(hunt, &hunt->index->initials, hash, match,
                           search_weights.phrase_by_initials * n / text->chars->len);
        }
    }
}

static void hunt_sounds(NameHunt *hunt)
{
    const TermText *text = hunt->question->text;
    const guint16 *syllables = (const guint16 *)text->syllables->data;
    double by_sound = text->is_latin ? 1 : search_weights.phrase_by_sound;

    for (guint i = 0; i < text->syllables->len; i++) {
        guint most = MIN(NAME_MAX_LENGTH, text->syllables->len - i);
        guint64 hash = TERM_HASH_SYLLABLES;

        for (guint n = 1; n <= most && syllables[i + n - 1] != PINYIN_NONE; n++) {
            NameMatch match = { .start = (guint16)i,
                                .length = (guint16)n,
                                .manner = NAME_BY_SOUND };

            hash = term_hash_add_syllable(hash, syllables[i + n - 1]);
            if (n < NAME_MIN_LENGTH) continue;
            take_names(hunt, &hunt->index->sounds, hash, match,
                       n > 2 || text->is_latin ? by_sound : search_weights.phrase_by_two_sounds);
        }
    }
}

static int compare_matches(gconstpointer a, gconstpointer b)
{
    const NameMatch *x = a, *y = b;

    if (x->topic != y->topic) return x->topic < y->topic ? -1 : 1;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    return x->manner < y->manner ? -1 : x->manner > y->manner;
}

/* A topic's best name counts whole, others of it that stand elsewhere in the question in part. */
static void count_names(SearchQuestion *q)
{
    NamedTopic *named = NULL;
    guint64 taken = 0;

    g_array_sort(q->names, compare_matches);
    for (guint i = 0; i < q->names->len; i++) {
        NameMatch *m = &g_array_index(q->names, NameMatch, i);
        guint64 place = m->start < 64 ? ((G_GUINT64_CONSTANT(1) << m->length) - 1) << m->start : 0;

        if (!named || named->topic != m->topic) {
            NamedTopic fresh = { m->topic, m->length, m->length, m->score };
            g_array_append_val(q->named, fresh);
            named = &g_array_index(q->named, NamedTopic, q->named->len - 1);
            taken = place;
        } else if (place && !(taken & place)) {
            named->score += search_weights.phrase_more * m->score;
            named->covered += m->length;
            taken |= place;
        } else {
            continue;
        }
        m->is_counted = TRUE;
    }
}

/* ---- public ---- */

SearchQuestion *search_question_new(Search *search, const char *text)
{
    SearchQuestion *q = g_new0(SearchQuestion, 1);
    g_autoptr(GArray) officials = g_array_new(FALSE, FALSE, sizeof(guint32));
    NameHunt hunt = { search_get_index(search), q, officials };

    q->text = term_text_new(text);
    q->terms = g_array_new(FALSE, FALSE, sizeof(QueryTerm));
    q->expanded = g_array_new(FALSE, FALSE, sizeof(QueryTerm));
    q->names = g_array_new(FALSE, FALSE, sizeof(NameMatch));
    q->named = g_array_new(FALSE, FALSE, sizeof(NamedTopic));
    q->is_initials = is_initials(q->text);
    q->subject = q->is_initials ? count_subject(q->text) : q->text->chars->len;
    collect_terms(q);
    hunt_written(&hunt);
    hunt_sounds(&hunt);
    count_names(q);
    if (q->expanded->len > q->terms->len) keep_one_of_each(q->expanded);
    return q;
}

const NamedTopic *search_question_named(const SearchQuestion *q, guint topic)
{
    guint low = 0, high = q->named->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(q->named, NamedTopic, middle).topic < topic)
            low = middle + 1;
        else
            high = middle;
    }
    return low < q->named->len && g_array_index(q->named, NamedTopic, low).topic == topic
               ? &g_array_index(q->named, NamedTopic, low)
               : NULL;
}

void search_question_free(SearchQuestion *q)
{
    if (!q) return;
    term_text_free(q->text);
    g_array_unref(q->terms);
    g_array_unref(q->expanded);
    g_array_unref(q->names);
    g_array_unref(q->named);
    g_free(q);
}

#include "db/search.h"

#include <math.h>

#include "charset/fold.h"
#include "charset/pinyin.h"
#include "db/intent.h"
#include "db/place.h"
#include "db/redirect.h"
#include "db/search_index.h"

struct Search {
    const Catalogue *catalogue;
    SearchIndex *index;
    /* scratch of one query */
    float *unit_score;
    GArray *touched; /* guint32: units with a score */
    double *topic_score, *row_score, *qa_score;
    int *best_qa;
};

typedef struct {
    Term term;
    float weight;
} QueryTerm;

struct SearchQuestion {
    TermText *text;
    GArray *terms;    /* QueryTerm, each once */
    GArray *expanded; /* … and those of the official words behind everyday ones */
    double *name_score; /* by topic: the best name that stands in the question … */
    guint *name_length; /* … and its length */
    gboolean is_initials;
};

#include "db/confidence_weights.h"

Search *search_new(const Catalogue *catalogue)
{
    Search *s = g_new0(Search, 1);
    guint topics = catalogue->topic_count;

    s->catalogue = catalogue;
    s->index = search_index_new(catalogue);
    s->unit_score = g_new0(float, s->index->units->len + 1);
    s->touched = g_array_new(FALSE, FALSE, sizeof(guint32));
    s->topic_score = g_new0(double, topics + 1);
    s->row_score = g_new0(double, topics + 1);
    s->qa_score = g_new0(double, topics + 1);
    s->best_qa = g_new0(int, topics + 1);
    return s;
}

void search_free(Search *s)
{
    if (!s) return;
    search_index_free(s->index);
    g_free(s->unit_score);
    g_array_unref(s->touched);
    g_free(s->topic_score);
    g_free(s->row_score);
    g_free(s->qa_score);
    g_free(s->best_qa);
    g_free(s);
}

/* ---- the question's terms ---- */

static gboolean has_function_char(Term bigram)
{
    return term_is_function_char((gunichar)(bigram >> 24 & 0xffffff)) ||
           term_is_function_char((gunichar)(bigram & 0xffffff));
}

static double weight_of(const SearchQuestion *q, Term term)
{
    double weight = search_weights.kind[term_kind(term)];

    if (term_kind(term) == TERM_BIGRAM && has_function_char(term))
        return weight * search_weights.function_bigram;
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
    const Search *search;
    SearchQuestion *query;
    GHashTable *synonyms; /* rows already taken */
} NameHunt;

static void take_synonym(NameHunt *hunt, guint row, double factor)
{
    const GArray *terms = g_ptr_array_index(hunt->search->index->official_terms, row);

    if (!g_hash_table_add(hunt->synonyms, GUINT_TO_POINTER(row + 1))) return;
    for (guint i = 0; i < terms->len; i++) {
        Term term = g_array_index(terms, Term, i);
        QueryTerm t = { term, (float)(factor * search_weights.synonym *
                                      search_weights.kind[term_kind(term)]) };
        g_array_append_val(hunt->query->expanded, t);
    }
}

static void take_names(NameHunt *hunt, const NameTable *table, guint64 hash, double factor)
{
    const Search *s = hunt->search;
    SearchQuestion *q = hunt->query;
    guint sharing = 0;

    for (const NameRef *r = name_table_first(table, hash); r; r = name_table_next(table, r))
        sharing += !r->is_synonym;
    for (const NameRef *r = name_table_first(table, hash); r; r = name_table_next(table, r)) {
        double score;

        if (r->is_synonym) {
            take_synonym(hunt, r->target, factor);
            continue;
        }
        score = factor * sqrt(r->length) * log(1 + (double)s->catalogue->topic_count / sharing);
        if (score <= q->name_score[r->target]) continue;
        q->name_score[r->target] = score;
        q->name_length[r->target] = r->length;
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

static void hunt_names(NameHunt *hunt)
{
    const SearchIndex *index = hunt->search->index;
    const TermText *text = hunt->query->text;
    const gunichar *chars = (const gunichar *)text->chars->data;
    const guint16 *syllables = (const guint16 *)text->syllables->data;
    double by_sound = text->is_latin ? 1 : search_weights.phrase_by_sound;

    for (guint i = 0; i < text->chars->len; i++) {
        guint most = MIN(NAME_MAX_LENGTH, text->chars->len - i);
        for (guint n = NAME_MIN_LENGTH; n <= most; n++) {
            if (!cuts_word(text, i, n))
                take_names(hunt, &index->names, term_hash_chars(chars + i, n), 1);
            if (hunt->query->is_initials && n > 2)
                take_names(hunt, &index->initials, term_hash_chars(chars + i, n),
                           search_weights.phrase_by_initials * n / text->chars->len);
        }
    }
    for (guint i = 0; i < text->syllables->len; i++) {
        guint most = MIN(NAME_MAX_LENGTH, text->syllables->len - i);
        for (guint n = 1; n <= most && syllables[i + n - 1] != PINYIN_NONE; n++) {
            if (n >= NAME_MIN_LENGTH)
                take_names(hunt, &index->sounds, term_hash_syllables(syllables + i, n),
                           n > 2 || text->is_latin ? by_sound : search_weights.phrase_by_two_sounds);
        }
    }
}

/* ---- scores ---- */

static void add_up(Search *s, const SearchQuestion *q)
{
    for (guint i = 0; i < q->expanded->len; i++) {
        const QueryTerm *t = &g_array_index(q->expanded, QueryTerm, i);
        const Entry *e = search_index_find(s->index, t->term);
        const Posting *p = e ? s->index->postings + e->first : NULL;

        for (guint32 k = 0; e && k < e->count; k++) {
            if (s->unit_score[p[k].unit] == 0) g_array_append_val(s->touched, p[k].unit);
            s->unit_score[p[k].unit] += t->weight * p[k].weight;
        }
    }
}

/* From units to topics: a topic's own text, and the best of its rows. */
static void gather(Search *s, const SearchQuestion *q)
{
    gboolean asks_number = (intent_of(q->text->folded) & INTENT_FIGURE) != 0;

    for (guint i = 0; i < s->touched->len; i++) {
        guint32 unit = g_array_index(s->touched, guint32, i);
        const Unit *u = &g_array_index(s->index->units, Unit, unit);
        double score = s->unit_score[unit];

        if (u->kind == UNIT_FIGURE && asks_number) score *= search_weights.figure_asked;

        if (u->kind == UNIT_TOPIC)
            s->topic_score[u->topic] += score;
        else
            s->row_score[u->topic] = MAX(s->row_score[u->topic], score);
        if (u->kind == UNIT_QA && score > s->qa_score[u->topic]) {
            s->qa_score[u->topic] = score;
            s->best_qa[u->topic] = (int)search_index_qa(s->index, unit);
        }
        s->unit_score[unit] = 0;
    }
    g_array_set_size(s->touched, 0);
}

static void keep_best(SearchResult *result, guint topic, double score)
{
    guint at = result->hit_count;

    while (at > 0 && result->hits[at - 1].score < score) at--;
    if (at >= SEARCH_HITS_MAX) return;
    if (result->hit_count < SEARCH_HITS_MAX) result->hit_count++;
    memmove(&result->hits[at + 1], &result->hits[at],
            (result->hit_count - 1 - at) * sizeof(SearchHit));
    result->hits[at] = (SearchHit){ .topic = topic, .score = score, .qa = -1 };
}

static void rank(const Search *s, const SearchQuestion *q, SearchResult *result)
{
    for (guint i = 0; i < s->catalogue->topic_count; i++) {
        double score = s->topic_score[i] + search_weights.row * s->row_score[i] +
                       search_weights.phrase * q->name_score[i];
        if (score > 0) keep_best(result, i, score);
    }
}

/* ---- how sure ---- */

/* The part of the question's weight in terms of `kind` that the topic has. */
static double covered(const Search *s, const SearchQuestion *q, TermKind kind, guint topic)
{
    double all = 0, found = 0;

    for (guint i = 0; i < q->expanded->len; i++) {
        Term term = g_array_index(q->expanded, QueryTerm, i).term;
        double weight;

        if (term_kind(term) != kind) continue;
        weight = search_index_idf(s->index, term);
        if (kind == TERM_BIGRAM && has_function_char(term)) weight *= search_weights.function_bigram;
        all += weight;
        if (search_index_has(s->index, term, topic)) found += weight;
    }
    return all > 0 ? found / all : 0;
}

/* The longest stretch of the question that the topic has, as a part of the whole. */
static double common_run(const Search *s, const SearchQuestion *q, guint topic)
{
    guint longest = 0, run = 0, count = 0;
    const GArray *chars = q->text->chars;

    for (guint i = 1; i < chars->len; i++) {
        gunichar a = g_array_index(chars, gunichar, i - 1), b = g_array_index(chars, gunichar, i);
        Term bigram = (Term)TERM_BIGRAM << 56 | (Term)a << 24 | b;

        count++;
        run = search_index_has(s->index, bigram, topic) ? run + 1 : 0;
        longest = MAX(longest, run);
    }
    return count ? (double)longest / count : 0;
}

/* A word of another office's business that the topic knows nothing of. */
static gboolean is_other_office(const Search *s, const SearchQuestion *q, guint topic)
{
    g_autofree char *word = redirect_word(q->text->folded);
    g_autoptr(TermText) text = word ? term_text_new(word) : NULL;
    g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(Term));

    if (!word) return FALSE;
    term_collect(text, 1 << TERM_BIGRAM, terms);
    for (guint i = 0; i < terms->len; i++) {
        if (!search_index_has(s->index, g_array_index(terms, Term, i), topic)) return TRUE;
    }
    return terms->len == 0;
}

static void measure(const Search *s, const SearchQuestion *q, SearchResult *result)
{
    const SearchHit *best = &result->hits[0];
    double second = result->hit_count > 1 ? result->hits[1].score : 0;
    double *f = result->features;

    f[FEATURE_ONE] = 1;
    f[FEATURE_SCORE_BY_LENGTH] = best->score / sqrt(MAX(1, q->text->chars->len));
    f[FEATURE_LOG_SCORE] = log(1 + best->score);
    f[FEATURE_LEAD] = (best->score - second) / best->score;
    f[FEATURE_COVERED_TERMS] = covered(s, q, TERM_BIGRAM, best->topic);
    f[FEATURE_COVERED_CHARS] = covered(s, q, TERM_CHAR, best->topic);
    f[FEATURE_COVERED_SOUNDS] = covered(s, q, TERM_PINYIN, best->topic);
    f[FEATURE_NAME_LENGTH] = sqrt(q->name_length[best->topic]);
    f[FEATURE_COMMON_RUN] = common_run(s, q, best->topic);
    f[FEATURE_LATIN] = q->text->is_latin;
    f[FEATURE_LATIN_SOUNDS] = f[FEATURE_LATIN] * f[FEATURE_COVERED_SOUNDS];
    f[FEATURE_OTHER_PLACE] = place_is_elsewhere(q->text->folded);
    f[FEATURE_OTHER_OFFICE] = is_other_office(s, q, best->topic);
}

static void decide(SearchResult *result)
{
    double sum = 0;

    for (guint i = 0; i < FEATURE_COUNT; i++) sum += confidence_weights[i] * result->features[i];
    for (guint i = 0; i < result->hit_count; i++)
        result->hits[i].confidence =
            1 / (1 + exp(-sum)) * result->hits[i].score / result->hits[0].score;
    result->outcome = result->hits[0].confidence >= search_weights.answer_from    ? SEARCH_ANSWER
                      : result->hits[0].confidence >= search_weights.choices_from ? SEARCH_CHOICES
                                                                                  : SEARCH_NONE;
}

/* ---- public ---- */

SearchQuestion *search_question_new(Search *s, const char *text)
{
    g_autoptr(GHashTable) synonyms = g_hash_table_new(NULL, NULL);
    SearchQuestion *q = g_new0(SearchQuestion, 1);
    NameHunt hunt = { s, q, synonyms };

    q->text = term_text_new(text);
    q->terms = g_array_new(FALSE, FALSE, sizeof(QueryTerm));
    q->expanded = g_array_new(FALSE, FALSE, sizeof(QueryTerm));
    q->name_score = g_new0(double, s->catalogue->topic_count + 1);
    q->name_length = g_new0(guint, s->catalogue->topic_count + 1);
    q->is_initials = is_initials(q->text);
    collect_terms(q);
    hunt_names(&hunt);
    keep_one_of_each(q->expanded);
    return q;
}

void search_question_free(SearchQuestion *q)
{
    if (!q) return;
    term_text_free(q->text);
    g_array_unref(q->terms);
    g_array_unref(q->expanded);
    g_free(q->name_score);
    g_free(q->name_length);
    g_free(q);
}

static void forget(Search *s)
{
    guint topics = s->catalogue->topic_count;

    memset(s->topic_score, 0, topics * sizeof(double));
    memset(s->row_score, 0, topics * sizeof(double));
    memset(s->qa_score, 0, topics * sizeof(double));
    for (guint i = 0; i < topics; i++) s->best_qa[i] = -1;
}

void search_query(Search *s, const SearchQuestion *q, SearchResult *result)
{
    memset(result, 0, sizeof *result);
    result->outcome = SEARCH_NONE;
    forget(s);
    add_up(s, q);
    gather(s, q);
    rank(s, q, result);
    if (result->hit_count > 0) {
        measure(s, q, result);
        decide(result);
    }
    for (guint i = 0; i < result->hit_count; i++) {
        SearchHit *hit = &result->hits[i];
        hit->qa = s->best_qa[hit->topic];
        if (hit->qa >= 0)
            hit->qa_match = search_match_text(s, q, s->catalogue->qas[hit->qa].question);
    }
}

/* The question's weight, and the part of it for which `has` holds. */
static double share(const Search *s, const SearchQuestion *q,
                    gboolean (*has)(const Search *s, Term term, gconstpointer where),
                    gconstpointer where)
{
    double all = 0, found = 0;

    for (guint i = 0; i < q->terms->len; i++) {
        const QueryTerm *t = &g_array_index(q->terms, QueryTerm, i);
        double weight = t->weight * search_index_idf(s->index, t->term);
        all += weight;
        if (has(s, t->term, where)) found += weight;
    }
    return all > 0 ? found / all : 0;
}

static gboolean unit_has(const Search *s, Term term, gconstpointer unit)
{
    return search_index_unit_has(s->index, term, *(const guint32 *)unit);
}

double search_match_figure(const Search *s, const SearchQuestion *q, guint figure)
{
    guint32 unit = search_index_figure_unit(s->index, figure);

    return share(s, q, unit_has, &unit);
}

double search_match_project(const Search *s, const SearchQuestion *q, guint project)
{
    guint32 unit = search_index_project_unit(s->index, project);

    return share(s, q, unit_has, &unit);
}

static gboolean set_has(const Search *s, Term term, gconstpointer set)
{
    (void)s;
    return g_hash_table_contains((GHashTable *)set, (gpointer)(guintptr)term);
}

double search_match_text(const Search *s, const SearchQuestion *q, const char *text)
{
    g_autoptr(GHashTable) present = g_hash_table_new(NULL, NULL);
    g_autoptr(TermText) parts = term_text_new(text);
    g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(Term));

    term_collect(parts, 1 << TERM_BIGRAM | 1 << TERM_CHAR | 1 << TERM_WORD | 1 << TERM_PINYIN, terms);
    for (guint i = 0; i < terms->len; i++)
        g_hash_table_add(present, (gpointer)(guintptr)g_array_index(terms, Term, i));
    return share(s, q, set_has, present);
}

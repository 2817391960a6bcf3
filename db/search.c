#include "db/search.h"

#include <math.h>

#include "db/intent.h"
#include "db/place.h"
#include "db/redirect.h"
#include "db/search_question.h"

struct Search {
    const Catalogue *catalogue;
    SearchIndex *index;
    /* scratch of one query */
    float *unit_score;
    GArray *touched; /* guint32: units with a score */
    double *topic_score, *row_score, *qa_score;
    int *best_qa;
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

    while (at > 0 && result->hits[at - 1].score < score)
        at--;
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
        if (search_is_function_bigram(term)) weight *= search_weights.function_bigram;
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

/* How surely a word says that this is another office's business, unless the topic knows that word.
 */
static double other_office(const Search *s, const SearchQuestion *q, guint topic)
{
    g_autofree char *word = NULL;
    double found = (double)redirect_find(q->text->folded, &word);
    double strength = found / (double)REDIRECT_STRONG;
    g_autoptr(TermText) text = word ? term_text_new(word) : NULL;
    g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(Term));

    if (!word) return 0;
    term_collect(text, 1 << TERM_BIGRAM, terms);
    for (guint i = 0; i < terms->len; i++) {
        if (!search_index_has(s->index, g_array_index(terms, Term, i), topic)) return strength;
    }
    return terms->len == 0 ? strength : 0;
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
    f[FEATURE_OTHER_OFFICE] = other_office(s, q, best->topic);
}

/* The part of a question that may be believed: of first letters, those that a name or its parts
 * account for; of words that only ask ("带什么", "多少钱": of what?), none unless a topic is called
 * so. */
static double believable(const Search *s, const SearchQuestion *q, guint topic)
{
    if (q->is_initials)
        return MAX(MIN(1, (double)q->name_length[topic] / q->text->chars->len),
                   covered(s, q, TERM_INITIALS, topic));
    return q->name_length[topic] > 0 || intent_has_subject(q->text->folded);
}

static void decide(const Search *s, const SearchQuestion *q, SearchResult *result)
{
    double sum = 0, best;

    for (guint i = 0; i < FEATURE_COUNT; i++)
        sum += confidence_weights[i] * result->features[i];
    best = believable(s, q, result->hits[0].topic) / (1 + exp(-sum));
    for (guint i = 0; i < result->hit_count; i++)
        result->hits[i].confidence = best * result->hits[i].score / result->hits[0].score;
    result->outcome = result->hits[0].confidence >= search_weights.answer_from    ? SEARCH_ANSWER
                      : result->hits[0].confidence >= search_weights.choices_from ? SEARCH_CHOICES
                                                                                  : SEARCH_NONE;
}

/* ---- public ---- */

static void forget(Search *s)
{
    guint topics = s->catalogue->topic_count;

    memset(s->topic_score, 0, topics * sizeof(double));
    memset(s->row_score, 0, topics * sizeof(double));
    memset(s->qa_score, 0, topics * sizeof(double));
    for (guint i = 0; i < topics; i++)
        s->best_qa[i] = -1;
}

double search_confidence_weight(SearchFeature feature)
{
    return confidence_weights[feature];
}

const SearchIndex *search_get_index(const Search *s)
{
    return s->index;
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
        decide(s, q, result);
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
        /* a word that stands nowhere (去年) tells no row from another */
        if (!search_index_find(s->index, t->term)) weight *= search_weights.unknown_term;
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

    term_collect(parts, 1 << TERM_BIGRAM | 1 << TERM_CHAR | 1 << TERM_WORD | 1 << TERM_PINYIN,
                 terms);
    for (guint i = 0; i < terms->len; i++)
        g_hash_table_add(present, (gpointer)(guintptr)g_array_index(terms, Term, i));
    return share(s, q, set_has, present);
}

#include "db/search.h"

#include <math.h>

#include "db/intent.h"
#include "db/place.h"
#include "db/redirect.h"
#include "db/search_image.h"
#include "db/search_question.h"

struct Search {
    const Catalogue *catalogue;
    SearchIndex *index;
    float *unit_score; /* scratch of one query; zero between two */
};

#include "db/confidence_weights.h"

Search *search_new(const Catalogue *catalogue)
{
    Search *s = g_new0(Search, 1);

    s->catalogue = catalogue;
    s->index = search_image_load(catalogue);
    if (!s->index) s->index = search_index_new(catalogue);
    s->unit_score = g_new0(float, s->index->unit_count + 1);
    return s;
}

void search_free(Search *s)
{
    if (!s) return;
    search_index_free(s->index);
    g_free(s->unit_score);
    g_free(s);
}

/* ---- scores ---- */

static void add_up(Search *s, const SearchQuestion *q)
{
    const Postings *postings = s->index->postings;

    for (guint i = 0; i < q->expanded->len; i++) {
        const QueryTerm *t = &g_array_index(q->expanded, QueryTerm, i);
        const PostingList *list = postings_find(postings, t->term);
        PostingCursor cursor;
        float weight;

        if (!list) continue;
        weight = t->weight * list->idf;
        cursor = posting_cursor(postings, list);
        while (posting_next(&cursor))
            s->unit_score[cursor.unit] +=
                search_index_share(s->index, weight, cursor.unit, cursor.count);
    }
}

/* What a question's terms come to for one topic. */
typedef struct {
    double own;  /* its text and its everyday words */
    double row;  /* the best of its rows */
    double qa;   /* the best of its questions … */
    int best_qa; /* … and which; -1: none */
} TopicScore;

/* From units to a topic: its own text, and the best of its rows. Leaves the scratch empty. */
static TopicScore gather(Search *s, guint topic, double figure_weight)
{
    const SearchIndex *index = s->index;
    TopicScore t = { .best_qa = -1 };

    for (guint32 unit = index->first_unit[topic]; unit < index->first_unit[topic + 1]; unit++) {
        UnitKind kind = index->unit_kind[unit];
        double score = s->unit_score[unit];

        s->unit_score[unit] = 0;
        if (kind == UNIT_TOPIC) {
            t.own += score;
            continue;
        }
        if (kind == UNIT_LAY) {
            t.own += search_weights.lay * score;
            continue;
        }
        if (kind == UNIT_FIGURE) score *= figure_weight;
        t.row = MAX(t.row, score);
        if (kind == UNIT_QA && score > t.qa) {
            t.qa = score;
            t.best_qa = (int)search_index_qa(index, topic, unit);
        }
    }
    return t;
}

/* Of equal ones the first in the sheet stays first. */
static void keep_best(SearchResult *result, SearchHit hit)
{
    guint at = result->hit_count;

    while (at > 0 && result->hits[at - 1].score < hit.score)
        at--;
    if (at >= SEARCH_HITS_MAX) return;
    if (result->hit_count < SEARCH_HITS_MAX) result->hit_count++;
    memmove(&result->hits[at + 1], &result->hits[at],
            (result->hit_count - 1 - at) * sizeof(SearchHit));
    result->hits[at] = hit;
}

static void rank(Search *s, const SearchQuestion *q, SearchResult *result)
{
    gboolean asks_number = (intent_of(q->text->folded) & INTENT_FIGURE) != 0;
    double figure_weight = asks_number ? search_weights.figure_asked : 1;
    guint ours = s->catalogue->topic_count, named = 0;

    for (guint topic = 0; topic < s->index->topic_count; topic++) {
        TopicScore t = gather(s, topic, figure_weight);
        double score = t.own + search_weights.row * t.row;

        if (named < q->named->len && g_array_index(q->named, NamedTopic, named).topic == topic)
            score += search_weights.phrase * g_array_index(q->named, NamedTopic, named++).score;
        if (score <= 0) continue;
        if (topic < ours) {
            keep_best(result, (SearchHit){ .topic = topic, .score = score, .qa = t.best_qa });
        } else if (score > result->other_score) {
            result->other = (int)(topic - ours);
            result->other_score = score;
        }
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

/* How surely a word says that this is another office's business, unless the topic knows that word
 * and more was asked. */
static double other_office(const Search *s, const SearchQuestion *q, guint topic)
{
    g_autofree char *word = NULL;
    double found = (double)redirect_find(q->text->folded, &word);
    double strength = found / (double)REDIRECT_STRONG;
    g_autoptr(TermText) text = word ? term_text_new(word) : NULL;
    g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(Term));

    if (!word) return 0;
    if (strcmp(word, q->text->folded) == 0) return 1; /* nothing else was asked */
    term_collect(text, 1 << TERM_BIGRAM, terms);
    for (guint i = 0; i < terms->len; i++) {
        if (!search_index_has(s->index, g_array_index(terms, Term, i), topic)) return strength;
    }
    return terms->len == 0 ? strength : 0;
}

/* The part of the question that names of the topic cover. */
static double named_share(const SearchQuestion *q, guint topic)
{
    const NamedTopic *named = search_question_named(q, topic);
    guint length = MAX(q->text->chars->len, q->text->syllables->len);

    return named && length > 0 ? MIN(1, (double)named->covered / length) : 0;
}

static double name_score(const SearchQuestion *q, guint topic)
{
    const NamedTopic *named = search_question_named(q, topic);

    return named ? named->score : 0;
}

static guint name_length(const SearchQuestion *q, guint topic)
{
    const NamedTopic *named = search_question_named(q, topic);

    return named ? named->length : 0;
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
    f[FEATURE_NAME_LENGTH] = sqrt(name_length(q, best->topic));
    f[FEATURE_NAME_SCORE] = log(1 + name_score(q, best->topic));
    f[FEATURE_NAMED] = named_share(q, best->topic);
    f[FEATURE_COMMON_RUN] = common_run(s, q, best->topic);
    f[FEATURE_LATIN] = q->text->is_latin;
    f[FEATURE_LATIN_SOUNDS] = f[FEATURE_LATIN] * f[FEATURE_COVERED_SOUNDS];
    f[FEATURE_OTHER_OFFICE] = other_office(s, q, best->topic);
    f[FEATURE_OTHER_SCORE] = result->other_score / (best->score + result->other_score);
}

#define ELSEWHERE 0.4 /* below choices_from */

/* The part of a question that may be believed: of first letters, those that a name or its parts
 * account for; of words that only ask ("带什么", "多少钱": of what?), none unless a topic is called
 * so; little of what another city pays. */
static double believable(const Search *s, const SearchQuestion *q, guint topic)
{
    guint length = name_length(q, topic);

    if (redirect_is_small_talk(q->text->folded)) return 0;
    if (place_is_elsewhere(q->text->folded)) return ELSEWHERE;
    if (q->is_initials)
        return MAX(MIN(1, (double)length / q->subject), covered(s, q, TERM_INITIALS, topic));
    return length > 0 || intent_has_subject(q->text->folded);
}

/* sydj is 生育登记 and 失业登记, and nothing is called cjrbt: first letters are only sure where one
 * topic alone has them all. */
static gboolean is_collision(const SearchQuestion *q, const SearchResult *result)
{
    return q->is_initials && result->hit_count > 1 &&
           (name_length(q, result->hits[0].topic) < q->subject ||
            result->hits[1].score >= search_weights.collision * result->hits[0].score);
}

/* One topic alone that sounds like it, and another office that does more so: nothing to choose. */
static gboolean is_outdone(const SearchResult *result)
{
    return result->hit_count == 1 && result->hits[0].score < result->other_score;
}

static void decide(const Search *s, const SearchQuestion *q, SearchResult *result)
{
    double sum = 0, best;

    for (guint i = 0; i < FEATURE_COUNT; i++)
        sum += confidence_weights[i] * result->features[i];
    result->believed = believable(s, q, result->hits[0].topic);
    best = result->believed / (1 + exp(-sum));
    for (guint i = 0; i < result->hit_count; i++)
        result->hits[i].confidence = best * result->hits[i].score / result->hits[0].score;
    result->outcome = best < search_weights.choices_from || is_outdone(result) ? SEARCH_NONE
                      : best < search_weights.answer_from || is_collision(q, result)
                          ? SEARCH_CHOICES
                          : SEARCH_ANSWER;
}

/* ---- guesses: rather none than a wrong one ---- */

/* A word of two characters, or syllables, that says something of the subject. 护 alone does not
 * make 护理补贴 of 护照. */
static gboolean shares_word(const Search *s, const SearchQuestion *q, guint topic)
{
    TermKind kind = q->text->is_latin ? TERM_PINYIN : TERM_BIGRAM;

    if (name_length(q, topic) > 0) return TRUE;
    for (guint i = 0; i < q->expanded->len; i++) {
        Term term = g_array_index(q->expanded, QueryTerm, i).term;
        if (term_kind(term) == kind && !search_is_function_bigram(term) &&
            search_index_has(s->index, term, topic))
            return TRUE;
    }
    return FALSE;
}

/* None where it is another office's or another city's business. */
static void mark_guesses(const Search *s, const SearchQuestion *q, SearchResult *result)
{
    gboolean is_elsewhere =
        result->believed <= ELSEWHERE || result->features[FEATURE_OTHER_OFFICE] >= 1;

    for (guint i = 0; i < result->hit_count && !is_elsewhere; i++) {
        SearchHit *hit = &result->hits[i];
        hit->is_guess = hit->confidence >= search_weights.guess_from &&
                        hit->score >= result->other_score && shares_word(s, q, hit->topic);
    }
}

/* ---- public ---- */

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
    result->other = -1;
    add_up(s, q);
    rank(s, q, result);
    if (result->hit_count > 0) {
        measure(s, q, result);
        decide(s, q, result);
        mark_guesses(s, q, result);
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
        if (!postings_find(s->index->postings, t->term)) weight *= search_weights.unknown_term;
        all += weight;
        if (has(s, t->term, where)) found += weight;
    }
    return all > 0 ? found / all : 0;
}

static gboolean unit_has(const Search *s, Term term, gconstpointer unit)
{
    return search_index_count(s->index, term, *(const guint32 *)unit) > 0;
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

/* A question counts twice what an answer does (search_index.c). */
static gboolean qa_question_has(const Search *s, Term term, gconstpointer unit)
{
    return search_index_count(s->index, term, *(const guint32 *)unit) > 1;
}

double search_match_qa(const Search *s, const SearchQuestion *q, guint qa)
{
    guint32 unit = search_index_qa_unit(s->index, qa);

    return share(s, q, qa_question_has, &unit);
}

#include "db/search_index.h"

#include <math.h>

#include "charset/pinyin.h"
#include "db/redirect.h"

const SearchWeights search_weights = {
    .bm25_k1 = 1.2,
    .bm25_b = 0.4,
    .title = 5,
    .alias = 6,
    .body = 1,
    .kind = { [TERM_BIGRAM] = 1.0,
              [TERM_CHAR] = 1.0,
              [TERM_WORD] = 0.6,
              [TERM_PINYIN] = 1.0,
              [TERM_INITIALS] = 1.2 },
    .sound_of_han = 0.3,
    .row = 1.0,
    .lay = 1.5,
    .figure_asked = 1.5,
    .phrase = 2.0,
    .phrase_more = 0.5,
    .phrase_by_sound = 0.8,
    .phrase_by_two_sounds = 0.2,
    .phrase_by_initials = 0.8,
    .synonym = 0.5,
    .function_bigram = 0.2,
    .unknown_term = 0.4,
    .answer_from = 0.55,
    .choices_from = 0.48,
    .guess_from = 0.15,
    .near = 0.7,
    .collision = 0.7,
};

/* ---- looking up ---- */

double search_index_idf(const SearchIndex *s, Term term)
{
    const PostingList *list = postings_find(s->postings, term);

    return list ? list->idf : s->unknown_idf;
}

gboolean search_index_has(const SearchIndex *s, Term term, guint topic)
{
    const PostingList *list = postings_find(s->postings, term);
    PostingCursor cursor;

    return list && posting_seek(s->postings, list, s->first_unit[topic], &cursor) &&
           cursor.unit < s->first_unit[topic + 1];
}

guint search_index_count(const SearchIndex *s, Term term, guint32 unit)
{
    const PostingList *list = postings_find(s->postings, term);
    PostingCursor cursor;

    return list && posting_seek(s->postings, list, unit, &cursor) && cursor.unit == unit
               ? cursor.count
               : 0;
}

/* The units of a topic: itself, its questions, figures, projects. */
guint search_index_qa(const SearchIndex *s, guint topic, guint32 unit)
{
    return s->catalogue->topics[topic].first_qa + unit - s->first_unit[topic] - 1;
}

guint32 search_index_qa_unit(const SearchIndex *s, guint qa)
{
    guint topic = s->catalogue->qas[qa].topic;

    return s->first_unit[topic] + 1 + qa - s->catalogue->topics[topic].first_qa;
}

guint32 search_index_figure_unit(const SearchIndex *s, guint figure)
{
    guint topic = s->catalogue->figures[figure].topic;
    const Topic *t = &s->catalogue->topics[topic];

    return s->first_unit[topic] + 1 + t->qa_count + figure - t->first_figure;
}

guint32 search_index_project_unit(const SearchIndex *s, guint project)
{
    guint topic = s->catalogue->projects[project].topic;
    const Topic *t = &s->catalogue->topics[topic];

    return s->first_unit[topic] + 1 + t->qa_count + t->figure_count + project - t->first_project;
}

/* ---- building ---- */

/* An everyday word that means a topic. */
typedef struct {
    guint32 topic;
    const char *word;
} LayPair;

typedef struct {
    guint32 topic;
    UnitKind kind;
    float length; /* bigrams, weighted */
} Unit;

typedef struct {
    SearchIndex *index;
    PostingsBuilder *postings;
    GArray *units;        /* Unit */
    TermText *text;       /* of what is being added */
    GArray *terms;        /* Term, the same */
    GArray *lay;          /* LayPair … */
    GStringChunk *words;  /* … and their words */
    GHashTable *official; /* word → row of officials + 1 */
} Build;

#define TEXT_KINDS (1 << TERM_BIGRAM | 1 << TERM_CHAR | 1 << TERM_WORD | 1 << TERM_PINYIN)
#define NAME_KINDS (TEXT_KINDS | 1 << TERM_INITIALS)

/* Adds the terms of `text` to the unit that is being built: the last one. */
static void add_text(Build *b, const char *text, guint weight, guint kinds)
{
    guint32 unit = b->units->len - 1;
    guint bigrams = 0;

    if (!*text) return;
    term_text_set(b->text, text);
    g_array_set_size(b->terms, 0);
    term_collect(b->text, kinds, b->terms);
    for (guint i = 0; i < b->terms->len; i++) {
        Term term = g_array_index(b->terms, Term, i);
        postings_add(b->postings, term, unit, weight);
        bigrams += term_kind(term) == TERM_BIGRAM;
    }
    g_array_index(b->units, Unit, unit).length += (float)(weight * bigrams);
}

static void begin_unit(Build *b, guint topic, UnitKind kind)
{
    Unit unit = { .topic = topic, .kind = kind, .length = 1 };

    g_array_append_val(b->units, unit);
}

static void add_topic(Build *b, guint index)
{
    const Topic *t = &b->index->catalogue->topics[index];
    const char *body[] = { t->category,           t->short_answer,     t->description,
                           t->eligibility,        t->benefit_standard, t->application_process,
                           t->required_documents, t->location };

    begin_unit(b, index, UNIT_TOPIC);
    add_text(b, t->name, search_weights.title, NAME_KINDS);
    for (char **a = t->alternate_names; *a; a++)
        add_text(b, *a, search_weights.alias, NAME_KINDS);
    for (guint i = 0; i < G_N_ELEMENTS(body); i++)
        add_text(b, body[i], search_weights.body, TEXT_KINDS);
}

static void add_rows(Build *b, guint topic)
{
    const Catalogue *c = b->index->catalogue;
    const Topic *t = &c->topics[topic];

    for (guint i = t->first_qa; i < t->first_qa + t->qa_count; i++) {
        begin_unit(b, topic, UNIT_QA);
        add_text(b, c->qas[i].question, 2, TEXT_KINDS);
        add_text(b, c->qas[i].answer, 1, TEXT_KINDS);
    }
    for (guint i = t->first_figure; i < t->first_figure + t->figure_count; i++) {
        const Figure *f = &c->figures[i];
        begin_unit(b, topic, UNIT_FIGURE);
        add_text(b, f->subject, 2, TEXT_KINDS);
        add_text(b, f->indicator, 2, TEXT_KINDS);
        add_text(b, f->unit, 1, TEXT_KINDS);
        add_text(b, f->qualifier_text, 1, TEXT_KINDS);
    }
    for (guint i = t->first_project; i < t->first_project + t->project_count; i++) {
        const Project *p = &c->projects[i];
        begin_unit(b, topic, UNIT_PROJECT);
        add_text(b, p->name, 3, NAME_KINDS);
        add_text(b, p->type, 1, TEXT_KINDS);
        add_text(b, p->place, 1, TEXT_KINDS);
        add_text(b, p->progress, 1, TEXT_KINDS);
        add_text(b, p->note, 1, TEXT_KINDS);
    }
}

static int compare_lay(gconstpointer a, gconstpointer b)
{
    const LayPair *x = a, *y = b;

    if (x->topic != y->topic) return x->topic < y->topic ? -1 : 1;
    return strcmp(x->word, y->word);
}

/* All units, topic by topic. */
static void add_units(Build *b)
{
    SearchIndex *s = b->index;

    g_array_sort(b->lay, compare_lay);
    for (guint i = 0, lay = 0; i < s->topic_count; i++) {
        s->first_unit[i] = b->units->len;
        if (i < s->catalogue->topic_count) {
            add_topic(b, i);
            add_rows(b, i);
        }
        if (lay < b->lay->len && g_array_index(b->lay, LayPair, lay).topic == i)
            begin_unit(b, i, UNIT_LAY);
        for (; lay < b->lay->len && g_array_index(b->lay, LayPair, lay).topic == i; lay++)
            add_text(b, g_array_index(b->lay, LayPair, lay).word, 1, TEXT_KINDS);
    }
    s->first_unit[s->topic_count] = b->units->len;
}

static double idf_of(guint topics, guint with_term)
{
    return log(1 + (topics - with_term + 0.5) / (with_term + 0.5));
}

/* idf counts topics, not rows: a word in ten rows of one topic is as rare as in one. */
static guint count_topics(const Build *b, const PostingList *list)
{
    PostingCursor cursor = posting_cursor(b->index->postings, list);
    guint32 last = G_MAXUINT32;
    guint topics = 0;

    while (posting_next(&cursor)) {
        guint32 topic = g_array_index(b->units, Unit, cursor.unit).topic;
        topics += topic != last;
        last = topic;
    }
    return topics;
}

/* BM25's share of what does not depend on the question. */
static void weigh_units(const Build *b)
{
    enum { TEXT, ROW, LAY, GROUPS };
    static const guint8 group_of[UNIT_KINDS] = { [UNIT_TOPIC] = TEXT,
                                                 [UNIT_QA] = ROW,
                                                 [UNIT_FIGURE] = ROW,
                                                 [UNIT_PROJECT] = ROW,
                                                 [UNIT_LAY] = LAY };
    SearchIndex *s = b->index;
    double sum[GROUPS] = { 0 }, count[GROUPS] = { 0 };

    s->unit_count = b->units->len;
    s->unit_kind = g_new(guint8, s->unit_count + 1);
    s->unit_once = g_new(float, s->unit_count + 1);
    for (guint i = 0; i < s->unit_count; i++) {
        const Unit *u = &g_array_index(b->units, Unit, i);
        sum[group_of[u->kind]] += u->length;
        count[group_of[u->kind]]++;
    }
    for (guint i = 0; i < s->unit_count; i++) {
        const Unit *u = &g_array_index(b->units, Unit, i);
        guint g = group_of[u->kind];
        double by_length = search_weights.bm25_b * u->length / (sum[g] / count[g]);
        double damping = search_weights.bm25_k1 * (1 - search_weights.bm25_b + by_length);
        s->unit_kind[i] = (guint8)u->kind;
        s->unit_once[i] = (float)((search_weights.bm25_k1 + 1) / (1 + damping));
    }
}

static void weigh_terms(const Build *b)
{
    SearchIndex *s = b->index;

    for (guint32 i = 0; i < s->postings->list_count; i++) {
        PostingList *list = &s->postings->lists[i];
        list->idf = (float)idf_of(s->topic_count, count_topics(b, list));
    }
    s->unknown_idf = (float)idf_of(s->topic_count, 0);
}

/* ---- building: names ---- */

guint64 name_hash_initials(guint64 hash, guint16 syllable)
{
    return term_hash_add_char(hash, (gunichar)pinyin_syllable(syllable)[0]);
}

/* How a name may be met: as it is written, as it sounds, by its first letters. */
enum { BY_WRITING = 1 << 0, BY_SOUND = 1 << 1, BY_INITIALS = 1 << 2 };
#define BY_ALL (BY_WRITING | BY_SOUND | BY_INITIALS)

static gboolean is_name_length(guint length)
{
    return length >= NAME_MIN_LENGTH && length <= NAME_MAX_LENGTH;
}

/* The name that b->text holds from its character `from` on, which is also its syllable `from`. */
static void add_part(Build *b, guint from, NameKind kind, guint target, guint manners)
{
    SearchIndex *s = b->index;
    const TermText *text = b->text;
    guint64 sound = TERM_HASH_SYLLABLES, initials = TERM_HASH_CHARS;
    guint chars = text->chars->len - from, syllables = text->syllables->len - from;

    if (is_name_length(chars))
        name_table_add(&s->names,
                       term_hash_chars(&g_array_index(text->chars, gunichar, from), chars), chars,
                       kind, target);
    if (!is_name_length(syllables)) return;
    for (guint i = from; i < text->syllables->len; i++) {
        guint16 syllable = g_array_index(text->syllables, guint16, i);
        if (syllable == PINYIN_NONE) return;
        sound = term_hash_add_syllable(sound, syllable);
        initials = name_hash_initials(initials, syllable);
    }
    if (manners & BY_SOUND) name_table_add(&s->sounds, sound, syllables, kind, target);
    if (manners & BY_INITIALS) name_table_add(&s->initials, initials, syllables, kind, target);
}

static void add_name(Build *b, const char *name, NameKind kind, guint target, guint manners)
{
    term_text_set(b->text, name);
    add_part(b, 0, kind, target, manners);
}

/* 困难残疾人生活补贴 is also asked for as 生活补贴: a title's last characters. */
static void add_endings(Build *b, guint topic)
{
    guint length = b->text->chars->len;

    if (length != b->text->syllables->len) return; /* Latin letters: which are its last sounds? */
    for (guint n = ENDING_MIN_LENGTH; n < length && n <= ENDING_MAX_LENGTH; n++)
        add_part(b, length - n, NAME_OF_TOPIC, topic, BY_ALL);
}

/* 最低生活保障（低保） is known by each of its two names. */
static void add_names_of_title(Build *b, const char *title, guint topic)
{
    g_auto(GStrv) parts = NULL;

    add_name(b, title, NAME_OF_TOPIC, topic, BY_ALL);
    if (!strpbrk(title, "()") && !g_utf8_strchr(title, -1, 0xff08) && /* （“、 */
        !g_utf8_strchr(title, -1, 0x201c) && !g_utf8_strchr(title, -1, 0x3001)) {
        add_endings(b, topic);
        return;
    }
    parts = g_regex_split_simple("[（）()“”、]", title, 0, 0);
    for (char **part = parts; *part; part++) {
        add_name(b, *part, NAME_OF_TOPIC, topic, BY_ALL);
        add_endings(b, topic);
    }
}

/* The one topic whose name holds `word`, or -1: 残疾人证 means 残疾人证办理, but 最低生活保障 does
 * not mean 最低生活保障边缘家庭 as well. */
static int only_name_with(const Catalogue *c, const char *word)
{
    int found = -1;

    if (g_utf8_strlen(word, -1) < 3) return -1;
    for (guint t = 0; t < c->topic_count; t++) {
        if (!strstr(c->topics[t].name, word)) continue;
        if (found >= 0) return -1;
        found = (int)t;
    }
    return found;
}

/* Appends the topics that are called `word`. */
static void find_called(Build *b, const char *word, GArray *topics)
{
    const NameTable *names = &b->index->names;
    const NameRef *r;
    guint before = topics->len;
    int only;

    term_text_set(b->text, word);
    r = name_table_find(
        names, term_hash_chars((const gunichar *)b->text->chars->data, b->text->chars->len),
        b->text->chars->len);
    for (; r; r = name_table_next(names, r)) {
        if (r->kind == NAME_OF_TOPIC) g_array_append_val(topics, r->target);
    }
    if (topics->len == before && (only = only_name_with(b->index->catalogue, word)) >= 0)
        g_array_append_val(topics, only);
}

/* An official word that everyday ones stand for: its row, and the topics that are called so. */
typedef struct {
    guint row;
    GArray *topics; /* guint */
} Official;

static void official_free(gpointer data)
{
    Official *o = data;

    g_array_unref(o->topics);
    g_free(o);
}

static const Official *official_of(Build *b, const char *word)
{
    SearchIndex *s = b->index;
    Official *o = g_hash_table_lookup(b->official, word);

    if (o) return o;
    o = g_new0(Official, 1);
    o->row = s->officials->len - 1;
    o->topics = g_array_new(FALSE, FALSE, sizeof(guint));
    find_called(b, word, o->topics); /* which leaves the word in b->text */
    term_collect(b->text, 1 << TERM_BIGRAM | 1 << TERM_CHAR, s->official_terms);
    g_array_append_val(s->officials, s->official_terms->len);
    g_hash_table_insert(b->official, (gpointer)word, o);
    return o;
}

/* `word` stands for the official one: it leads to its terms, and to the topics called so. */
static void add_everyday(Build *b, const char *word, const Official *official, guint manners)
{
    term_text_set(b->text, word);
    for (guint i = 0; i < official->topics->len; i++)
        add_part(b, 0, NAME_OF_TOPIC, g_array_index(official->topics, guint, i), manners);
    add_part(b, 0, NAME_OF_OFFICIAL, official->row, manners);
}

static void add_synonym(Build *b, const Synonym *row)
{
    const Official *official = official_of(b, row->term);

    for (guint i = 0; i < official->topics->len; i++)
        add_name(b, row->term, NAME_OF_TOPIC, g_array_index(official->topics, guint, i), BY_ALL);
    for (char **v = row->variants; *v; v++)
        add_everyday(b, *v, official, BY_ALL);
}

static void add_lay_pair(Build *b, guint topic, const char *word)
{
    LayPair pair = { topic, g_string_chunk_insert(b->words, word) };

    g_array_append_val(b->lay, pair);
}

/* An everyday word is typed as it is; two syllables of it, or its first letters, are met by chance.
 */
static void add_lay_word(Build *b, const LayWord *row)
{
    guint manners = g_utf8_strlen(row->word, -1) > 2 ? BY_WRITING | BY_SOUND : BY_WRITING;

    for (char **meaning = row->meanings; *meaning; meaning++) {
        int topic = catalogue_find_topic(b->index->catalogue, *meaning);
        const Official *official = topic < 0 ? official_of(b, *meaning) : NULL;

        if (topic >= 0) {
            add_name(b, row->word, NAME_OF_TOPIC, (guint)topic, manners);
            add_lay_pair(b, (guint)topic, row->word);
            continue;
        }
        add_everyday(b, row->word, official, manners);
        for (guint i = 0; i < official->topics->len; i++)
            add_lay_pair(b, g_array_index(official->topics, guint, i), row->word);
    }
}

/* The words of one other office. */
typedef struct {
    Build *build;
    guint topic;
} Other;

static void add_other_word(const char *word, gpointer data)
{
    Other *o = data;
    guint manners = g_utf8_strlen(word, -1) > 2 ? BY_WRITING | BY_SOUND : BY_WRITING;

    add_name(o->build, word, NAME_OF_TOPIC, o->topic, manners);
    add_lay_pair(o->build, o->topic, word);
}

static void add_others(Build *b)
{
    for (guint row = 0; row < redirect_row_count(); row++) {
        Other other = { b, b->index->catalogue->topic_count + row };
        redirect_row_words(row, add_other_word, &other);
    }
}

static void sort_names(SearchIndex *s)
{
    name_table_sort(&s->names);
    name_table_sort(&s->sounds);
    name_table_sort(&s->initials);
}

/* What things are called first: official words are looked up among it. */
static void add_names(Build *b)
{
    const Catalogue *c = b->index->catalogue;

    for (guint i = 0; i < c->topic_count; i++) {
        add_names_of_title(b, c->topics[i].name, i);
        for (char **a = c->topics[i].alternate_names; *a; a++)
            add_name(b, *a, NAME_OF_TOPIC, i, BY_ALL);
    }
    for (guint i = 0; i < c->project_count; i++)
        add_names_of_title(b, c->projects[i].name, c->projects[i].topic);
    name_table_sort(&b->index->names);
    for (guint i = 0; i < c->synonym_count; i++)
        add_synonym(b, &c->synonyms[i]);
    name_table_sort(&b->index->names);
    g_hash_table_remove_all(b->official); /* a term may now be called what it was not before */
    for (guint i = 0; i < c->lay_word_count; i++)
        add_lay_word(b, &c->lay_words[i]);
    add_others(b);
    sort_names(b->index);
}

/* ---- public ---- */

SearchIndex *search_index_empty(const Catalogue *catalogue)
{
    SearchIndex *s = g_new0(SearchIndex, 1);

    s->catalogue = catalogue;
    s->official_terms = g_array_new(FALSE, FALSE, sizeof(Term));
    s->officials = g_array_new(FALSE, FALSE, sizeof(guint32));
    name_table_init(&s->names);
    name_table_init(&s->sounds);
    name_table_init(&s->initials);
    return s;
}

static void build_clear(Build *b)
{
    term_text_free(b->text);
    g_array_unref(b->units);
    g_array_unref(b->terms);
    g_array_unref(b->lay);
    g_string_chunk_free(b->words);
    g_hash_table_unref(b->official);
}

SearchIndex *search_index_new(const Catalogue *catalogue)
{
    SearchIndex *s = search_index_empty(catalogue);
    Build b = { .index = s, .postings = postings_builder_new(), .text = term_text_new("") };
    guint32 zero = 0;

    b.units = g_array_new(FALSE, FALSE, sizeof(Unit));
    b.terms = g_array_new(FALSE, FALSE, sizeof(Term));
    b.lay = g_array_new(FALSE, FALSE, sizeof(LayPair));
    b.words = g_string_chunk_new(4096);
    b.official = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, official_free);
    s->topic_count = catalogue->topic_count + redirect_row_count();
    s->first_unit = g_new0(guint32, s->topic_count + 1);
    g_array_append_val(s->officials, zero);
    add_names(&b);
    add_units(&b);
    s->postings = postings_finish(b.postings);
    weigh_units(&b);
    weigh_terms(&b);
    build_clear(&b);
    return s;
}

void search_index_free(SearchIndex *s)
{
    if (!s) return;
    g_array_unref(s->official_terms);
    g_array_unref(s->officials);
    g_free(s->unit_kind);
    g_free(s->unit_once);
    g_free(s->first_unit);
    postings_free(s->postings);
    name_table_clear(&s->names);
    name_table_clear(&s->sounds);
    name_table_clear(&s->initials);
    g_free(s);
}

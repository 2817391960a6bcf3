#include "db/search_index.h"

#include <math.h>

#include "charset/pinyin.h"

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
    .figure_asked = 1.5,
    .phrase = 2.0,
    .phrase_more = 0.5,
    .phrase_by_sound = 0.8,
    .phrase_by_two_sounds = 0.2,
    .phrase_by_initials = 0.8,
    .synonym = 0.5,
    .function_bigram = 0.2,
    .unknown_term = 0.4,
    .answer_from = 0.65,
    .choices_from = 0.35,
};

typedef struct {
    guint32 entry, unit;
    float weight;
} RawPosting;

G_STATIC_ASSERT(sizeof(gpointer) == sizeof(guint64));
#define KEY(number) ((gpointer)(guintptr)(number))

static guint32 entry_index(SearchIndex *s, Term term)
{
    guint32 index = GPOINTER_TO_UINT(g_hash_table_lookup(s->entry_of, KEY(term)));
    Entry fresh = { 0 };

    if (index > 0) return index - 1;
    g_array_append_val(s->entries, fresh);
    g_hash_table_insert(s->entry_of, KEY(term), GUINT_TO_POINTER(s->entries->len));
    return s->entries->len - 1;
}

const Entry *search_index_find(const SearchIndex *s, Term term)
{
    guint32 index = GPOINTER_TO_UINT(g_hash_table_lookup(s->entry_of, KEY(term)));

    return index ? &g_array_index(s->entries, Entry, index - 1) : NULL;
}

double search_index_idf(const SearchIndex *s, Term term)
{
    const Entry *e = search_index_find(s, term);

    return e ? e->idf : s->unknown_idf;
}

/* Is there a posting of `term` in the units from `first` up to `end`? */
static gboolean has_within(const SearchIndex *s, Term term, guint32 first, guint32 end)
{
    const Entry *e = search_index_find(s, term);
    guint32 low = 0, high = e ? e->count : 0;

    while (low < high) {
        guint32 middle = low + (high - low) / 2;
        if (s->postings[e->first + middle].unit < first)
            low = middle + 1;
        else
            high = middle;
    }
    return e && low < e->count && s->postings[e->first + low].unit < end;
}

gboolean search_index_has(const SearchIndex *s, Term term, guint topic)
{
    return has_within(s, term, s->first_unit[topic], s->first_unit[topic + 1]);
}

gboolean search_index_unit_has(const SearchIndex *s, Term term, guint32 unit)
{
    return has_within(s, term, unit, unit + 1);
}

/* The units of a topic: itself, its questions, figures, projects. */
guint search_index_qa(const SearchIndex *s, guint32 unit)
{
    guint topic = g_array_index(s->units, Unit, unit).topic;

    return s->catalogue->topics[topic].first_qa + unit - s->first_unit[topic] - 1;
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

/* ---- building: texts → raw postings ---- */

#define TERMS_A_ROW 128 /* about as many as there are, so that the arrays seldom grow */
#define TEXT_KINDS  (1 << TERM_BIGRAM | 1 << TERM_CHAR | 1 << TERM_WORD | 1 << TERM_PINYIN)

/* Adds the terms of `text` to the unit that is being built: the last one. */
static void add_text(SearchIndex *s, const char *text, float weight, guint kinds)
{
    g_autoptr(TermText) parts = NULL;
    g_autoptr(GArray) terms = NULL;
    guint32 unit = s->units->len - 1;

    if (!*text) return;
    parts = term_text_new(text);
    terms = g_array_new(FALSE, FALSE, sizeof(Term));
    term_collect(parts, kinds, terms);
    for (guint i = 0; i < terms->len; i++) {
        Term term = g_array_index(terms, Term, i);
        guint32 entry = entry_index(s, term);
        Entry *e = &g_array_index(s->entries, Entry, entry);
        if (e->first == 0 || g_array_index(s->raw, RawPosting, e->first - 1).unit != unit) {
            RawPosting fresh = { .entry = entry, .unit = unit };
            g_array_append_val(s->raw, fresh);
            e->first = s->raw->len; /* until sort_postings(): its latest raw posting + 1 */
        }
        g_array_index(s->raw, RawPosting, e->first - 1).weight += weight;
        if (term_kind(term) == TERM_BIGRAM) g_array_index(s->units, Unit, unit).length += weight;
    }
}

static void begin_unit(SearchIndex *s, guint topic, UnitKind kind)
{
    Unit unit = { .topic = topic, .kind = kind, .length = 1 };

    g_array_append_val(s->units, unit);
}

static void add_topic(SearchIndex *s, guint index)
{
    const Topic *t = &s->catalogue->topics[index];
    const char *body[] = { t->category,           t->short_answer,     t->description,
                           t->eligibility,        t->benefit_standard, t->application_process,
                           t->required_documents, t->location };

    begin_unit(s, index, UNIT_TOPIC);
    add_text(s, t->name, search_weights.title, TEXT_KINDS | 1 << TERM_INITIALS);
    for (char **a = t->alternate_names; *a; a++)
        add_text(s, *a, search_weights.alias, TEXT_KINDS | 1 << TERM_INITIALS);
    for (guint i = 0; i < G_N_ELEMENTS(body); i++)
        add_text(s, body[i], search_weights.body, TEXT_KINDS);
}

static void add_rows(SearchIndex *s, guint topic)
{
    const Catalogue *c = s->catalogue;
    const Topic *t = &c->topics[topic];

    for (guint i = t->first_qa; i < t->first_qa + t->qa_count; i++) {
        begin_unit(s, topic, UNIT_QA);
        add_text(s, c->qas[i].question, 2, TEXT_KINDS);
        add_text(s, c->qas[i].answer, 1, TEXT_KINDS);
    }
    for (guint i = t->first_figure; i < t->first_figure + t->figure_count; i++) {
        const Figure *f = &c->figures[i];
        begin_unit(s, topic, UNIT_FIGURE);
        add_text(s, f->subject, 2, TEXT_KINDS);
        add_text(s, f->indicator, 2, TEXT_KINDS);
        add_text(s, f->unit, 1, TEXT_KINDS);
        add_text(s, f->qualifier_text, 1, TEXT_KINDS);
    }
    for (guint i = t->first_project; i < t->first_project + t->project_count; i++) {
        const Project *p = &c->projects[i];
        begin_unit(s, topic, UNIT_PROJECT);
        add_text(s, p->name, 3, TEXT_KINDS | 1 << TERM_INITIALS);
        add_text(s, p->type, 1, TEXT_KINDS);
        add_text(s, p->place, 1, TEXT_KINDS);
        add_text(s, p->progress, 1, TEXT_KINDS);
        add_text(s, p->note, 1, TEXT_KINDS);
    }
}

/* ---- building: raw postings → postings by term, with their share of the score ---- */

static double idf_of(guint topics, guint with_term)
{
    return log(1 + (topics - with_term + 0.5) / (with_term + 0.5));
}

/* A counting sort by term: within a term the units stay in their order. */
static void sort_postings(SearchIndex *s)
{
    guint32 at = 0;

    s->postings = g_new0(Posting, s->raw->len + 1);
    for (guint i = 0; i < s->raw->len; i++)
        g_array_index(s->entries, Entry, g_array_index(s->raw, RawPosting, i).entry).count++;
    for (guint i = 0; i < s->entries->len; i++) {
        Entry *e = &g_array_index(s->entries, Entry, i);
        e->first = at;
        at += e->count;
        e->count = 0;
    }
    for (guint i = 0; i < s->raw->len; i++) {
        const RawPosting *raw = &g_array_index(s->raw, RawPosting, i);
        Entry *e = &g_array_index(s->entries, Entry, raw->entry);
        s->postings[e->first + e->count++] = (Posting){ .unit = raw->unit, .weight = raw->weight };
    }
    g_array_set_size(s->raw, 0);
}

/* idf counts topics, not rows: a word in ten rows of one topic is as rare as in one. */
static void weigh_postings(SearchIndex *s)
{
    double sum[2] = { 0, 0 }, count[2] = { 0, 0 };

    for (guint i = 0; i < s->units->len; i++) {
        const Unit *u = &g_array_index(s->units, Unit, i);
        sum[u->kind != UNIT_TOPIC] += u->length;
        count[u->kind != UNIT_TOPIC]++;
    }
    for (guint i = 0; i < s->entries->len; i++) {
        Entry *e = &g_array_index(s->entries, Entry, i);
        Posting *p = s->postings + e->first;
        guint topics = 0;

        for (guint k = 0; k < e->count; k++) {
            if (k == 0 || g_array_index(s->units, Unit, p[k].unit).topic !=
                              g_array_index(s->units, Unit, p[k - 1].unit).topic)
                topics++;
        }
        e->idf = (float)idf_of(s->catalogue->topic_count, topics);
        for (guint k = 0; k < e->count; k++) {
            const Unit *u = &g_array_index(s->units, Unit, p[k].unit);
            gsize kind = u->kind != UNIT_TOPIC;
            double norm = 1 - search_weights.bm25_b +
                          search_weights.bm25_b * u->length / (sum[kind] / count[kind]);
            double tf = p[k].weight;
            p[k].weight = (float)(e->idf * tf * (search_weights.bm25_k1 + 1) /
                                  (tf + search_weights.bm25_k1 * norm));
        }
    }
}

/* ---- building: names ---- */

static void name_table_init(NameTable *table)
{
    table->by_hash = g_hash_table_new(NULL, NULL);
    table->refs = g_array_new(FALSE, FALSE, sizeof(NameRef));
}

const NameRef *name_table_first(const NameTable *table, guint64 hash)
{
    guint32 index = GPOINTER_TO_UINT(g_hash_table_lookup(table->by_hash, KEY(hash)));

    return index ? &g_array_index(table->refs, NameRef, index - 1) : NULL;
}

const NameRef *name_table_next(const NameTable *table, const NameRef *ref)
{
    return ref->next ? &g_array_index(table->refs, NameRef, ref->next - 1) : NULL;
}

static void name_add(NameTable *table, guint64 hash, guint length, guint target,
                     gboolean is_synonym)
{
    NameRef ref = { .target = target, .length = (guint16)length, .is_synonym = is_synonym };

    if (length < NAME_MIN_LENGTH || length > NAME_MAX_LENGTH) return;
    for (const NameRef *r = name_table_first(table, hash); r; r = name_table_next(table, r)) {
        if (r->target == target && r->is_synonym == is_synonym) return;
    }
    ref.next = GPOINTER_TO_UINT(g_hash_table_lookup(table->by_hash, KEY(hash)));
    g_array_append_val(table->refs, ref);
    g_hash_table_insert(table->by_hash, KEY(hash), GUINT_TO_POINTER(table->refs->len));
}

guint64 name_hash_initials(const guint16 *syllables, gsize count)
{
    gunichar letters[NAME_MAX_LENGTH];

    for (gsize i = 0; i < count; i++)
        letters[i] = (gunichar)pinyin_syllable(syllables[i])[0];
    return term_hash_chars(letters, count);
}

/* How a name may be met: as it is written, as it sounds, by its first letters. */
enum { BY_WRITING = 1 << 0, BY_SOUND = 1 << 1, BY_INITIALS = 1 << 2 };
#define BY_ALL (BY_WRITING | BY_SOUND | BY_INITIALS)

static void add_name(SearchIndex *s, const char *name, guint target, gboolean is_synonym,
                     guint manners)
{
    g_autoptr(TermText) text = term_text_new(name);
    const gunichar *chars = (const gunichar *)text->chars->data;
    const guint16 *syllables = (const guint16 *)text->syllables->data;
    guint count = text->syllables->len;

    name_add(&s->names, term_hash_chars(chars, text->chars->len), text->chars->len, target,
             is_synonym);
    if (count > NAME_MAX_LENGTH) return;
    for (guint i = 0; i < count; i++) {
        if (syllables[i] == PINYIN_NONE) return;
    }
    if (manners & BY_SOUND)
        name_add(&s->sounds, term_hash_syllables(syllables, count), count, target, is_synonym);
    if (manners & BY_INITIALS)
        name_add(&s->initials, name_hash_initials(syllables, count), count, target, is_synonym);
}

/* An everyday word is typed as it is; two syllables of it, or its first letters, are met by chance.
 */
static guint manners_of_everyday(const char *word)
{
    return g_utf8_strlen(word, -1) > 2 ? BY_WRITING | BY_SOUND : BY_WRITING;
}

/* 困难残疾人生活补贴 is also asked for as 生活补贴: a title's last characters. */
static void add_endings(SearchIndex *s, const char *name, guint topic)
{
    glong length = g_utf8_strlen(name, -1);

    for (glong n = ENDING_MIN_LENGTH; n < length; n++)
        add_name(s, g_utf8_offset_to_pointer(name, length - n), topic, FALSE, BY_ALL);
}

/* 最低生活保障（低保） is known by each of its two names. */
static void add_names_of_title(SearchIndex *s, const char *title, guint topic)
{
    g_auto(GStrv) parts = g_regex_split_simple("[（）()“”、]", title, 0, 0);

    add_name(s, title, topic, FALSE, BY_ALL);
    for (char **part = parts; *part; part++) {
        add_name(s, *part, topic, FALSE, BY_ALL);
        add_endings(s, *part, topic);
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

/* The topics that are called `word`. */
static GArray *topics_called(const SearchIndex *s, const char *word)
{
    g_autoptr(TermText) text = term_text_new(word);
    guint64 hash = term_hash_chars((const gunichar *)text->chars->data, text->chars->len);
    GArray *topics = g_array_new(FALSE, FALSE, sizeof(guint));
    int only;

    for (const NameRef *r = name_table_first(&s->names, hash); r;
         r = name_table_next(&s->names, r)) {
        if (!r->is_synonym) g_array_append_val(topics, r->target);
    }
    if (topics->len == 0 && (only = only_name_with(s->catalogue, word)) >= 0)
        g_array_append_val(topics, only);
    return topics;
}

/* The terms of an official word, as a row of official_terms. */
static guint add_official(SearchIndex *s, const char *word)
{
    g_autoptr(TermText) text = term_text_new(word);
    GArray *terms = g_array_new(FALSE, FALSE, sizeof(Term));

    term_collect(text, 1 << TERM_BIGRAM | 1 << TERM_CHAR, terms);
    g_ptr_array_add(s->official_terms, terms);
    return s->official_terms->len - 1;
}

/* `word` stands for `official`: it leads to its terms, and to the topics called so. */
static void add_everyday(SearchIndex *s, const char *word, guint official, const GArray *topics,
                         guint manners)
{
    for (guint i = 0; i < topics->len; i++)
        add_name(s, word, g_array_index(topics, guint, i), FALSE, manners);
    add_name(s, word, official, TRUE, manners);
}

static void add_synonym(SearchIndex *s, const Synonym *row)
{
    g_autoptr(GArray) topics = topics_called(s, row->term);
    guint official = add_official(s, row->term);

    for (guint i = 0; i < topics->len; i++)
        add_name(s, row->term, g_array_index(topics, guint, i), FALSE, BY_ALL);
    for (char **v = row->variants; *v; v++)
        add_everyday(s, *v, official, topics, BY_ALL);
}

static void add_lay_word(SearchIndex *s, const LayWord *row)
{
    guint manners = manners_of_everyday(row->word);

    for (char **meaning = row->meanings; *meaning; meaning++) {
        int topic = catalogue_find_topic(s->catalogue, *meaning);
        g_autoptr(GArray) topics = NULL;

        if (topic >= 0) {
            add_name(s, row->word, (guint)topic, FALSE, manners);
            continue;
        }
        topics = topics_called(s, *meaning);
        add_everyday(s, row->word, add_official(s, *meaning), topics, manners);
    }
}

static void add_names(SearchIndex *s)
{
    const Catalogue *c = s->catalogue;

    for (guint i = 0; i < c->topic_count; i++) {
        add_names_of_title(s, c->topics[i].name, i);
        for (char **a = c->topics[i].alternate_names; *a; a++)
            add_name(s, *a, i, FALSE, BY_ALL);
    }
    for (guint i = 0; i < c->project_count; i++)
        add_names_of_title(s, c->projects[i].name, c->projects[i].topic);
    for (guint i = 0; i < c->synonym_count; i++)
        add_synonym(s, &c->synonyms[i]);
    for (guint i = 0; i < c->lay_word_count; i++)
        add_lay_word(s, &c->lay_words[i]);
}

SearchIndex *search_index_new(const Catalogue *catalogue)
{
    SearchIndex *s = g_new0(SearchIndex, 1);
    guint topics = catalogue->topic_count;
    guint rows = topics + catalogue->qa_count + catalogue->figure_count + catalogue->project_count;

    s->catalogue = catalogue;
    s->units = g_array_sized_new(FALSE, FALSE, sizeof(Unit), rows);
    s->first_unit = g_new0(guint32, topics + 1);
    s->entry_of = g_hash_table_new(NULL, NULL);
    s->entries = g_array_sized_new(FALSE, FALSE, sizeof(Entry), rows * TERMS_A_ROW);
    s->raw = g_array_sized_new(FALSE, FALSE, sizeof(RawPosting), rows * TERMS_A_ROW);
    s->official_terms = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    name_table_init(&s->names);
    name_table_init(&s->sounds);
    name_table_init(&s->initials);
    for (guint i = 0; i < topics; i++) {
        s->first_unit[i] = s->units->len;
        add_topic(s, i);
        add_rows(s, i);
    }
    s->first_unit[topics] = s->units->len;
    sort_postings(s);
    weigh_postings(s);
    s->unknown_idf = (float)idf_of(topics, 0);
    add_names(s);
    return s;
}

static void name_table_clear(NameTable *table)
{
    g_hash_table_unref(table->by_hash);
    g_array_unref(table->refs);
}

void search_index_free(SearchIndex *s)
{
    if (!s) return;
    g_ptr_array_unref(s->official_terms);
    g_array_unref(s->units);
    g_free(s->first_unit);
    g_hash_table_unref(s->entry_of);
    g_array_unref(s->entries);
    g_free(s->postings);
    g_array_unref(s->raw);
    name_table_clear(&s->names);
    name_table_clear(&s->sounds);
    name_table_clear(&s->initials);
    g_free(s);
}

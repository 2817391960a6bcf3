#include "db/catalogue.h"

#include <string.h>

#include "db/generation.h"
#include "db/store.h"

/* ---- strings ---- */

static const char *keep(Catalogue *c, sqlite3_stmt *row, int column)
{
    const char *text = store_text(row, column);

    return *text ? g_string_chunk_insert(c->strings, text) : "";
}

/* What many rows say alike: a category, a source. */
static const char *keep_once(Catalogue *c, sqlite3_stmt *row, int column)
{
    return g_string_chunk_insert_const(c->strings, store_text(row, column));
}

static char **keep_list(Catalogue *c, const char *text)
{
    static char *nothing[] = { NULL };
    char **list;

    if (!*text) return nothing;
    list = g_hash_table_lookup(c->lists, text);
    if (list) return list; /* 12345 is the telephone of many */
    list = g_strsplit(text, ";", -1);
    g_hash_table_insert(c->lists, g_strdup(text), list);
    return list;
}

/* ---- one function a table: the statement beside the struct it fills ---- */

static void read_topic(Catalogue *c, sqlite3_stmt *row, guint topic, gpointer out)
{
    Topic *t = out;

    (void)topic;
    t->code = keep(c, row, 0);
    t->name = keep(c, row, 1);
    t->category = keep_once(c, row, 2);
    t->short_answer = keep(c, row, 3);
    t->description = keep(c, row, 4);
    t->eligibility = keep(c, row, 5);
    t->benefit_standard = keep(c, row, 6);
    t->application_process = keep(c, row, 7);
    t->required_documents = keep(c, row, 8);
    t->location = keep(c, row, 9);
    t->opening_hours = keep(c, row, 10);
    t->phones = keep_list(c, store_text(row, 11));
    t->legal_basis = keep_once(c, row, 12);
    t->as_of_date = keep_once(c, row, 13);
    t->is_verified = g_str_equal(store_text(row, 14), "已核实");
    t->alternate_names = keep_list(c, store_text(row, 15));
}

static void read_figure(Catalogue *c, sqlite3_stmt *row, guint topic, gpointer out)
{
    Figure *f = out;

    f->topic = topic;
    f->year = sqlite3_column_int(row, 1);
    f->subject = keep_once(c, row, 2);
    f->indicator = keep(c, row, 3);
    f->value = keep(c, row, 4);
    f->unit = keep_once(c, row, 5);
    f->qualifier_text = keep(c, row, 6);
    f->source = keep_once(c, row, 7);
}

static void read_project(Catalogue *c, sqlite3_stmt *row, guint topic, gpointer out)
{
    Project *p = out;

    p->topic = topic;
    p->name = keep(c, row, 1);
    p->type = keep(c, row, 2);
    p->place = keep(c, row, 3);
    p->status = keep(c, row, 4);
    p->progress = keep(c, row, 5);
    p->year = sqlite3_column_int(row, 6);
    p->note = keep(c, row, 7);
    p->source = keep_once(c, row, 8);
}

static void read_qa(Catalogue *c, sqlite3_stmt *row, guint topic, gpointer out)
{
    Qa *q = out;

    q->topic = topic;
    q->question = keep(c, row, 1);
    q->answer = keep(c, row, 2);
}

static void read_synonym(Catalogue *c, sqlite3_stmt *row, guint topic, gpointer out)
{
    Synonym *s = out;

    (void)topic;
    s->term = keep(c, row, 0);
    s->variants = keep_list(c, store_text(row, 1));
}

static void read_lay_word(Catalogue *c, sqlite3_stmt *row, guint topic, gpointer out)
{
    LayWord *w = out;

    (void)topic;
    w->word = keep(c, row, 0);
    w->meanings = keep_list(c, store_text(row, 1));
}

static void read_notice(Catalogue *c, sqlite3_stmt *row, guint topic, gpointer out)
{
    Notice *n = out;

    (void)topic;
    n->title = keep(c, row, 0);
    n->body = keep(c, row, 1);
    n->valid_from = keep(c, row, 2);
    n->valid_to = keep(c, row, 3);
    n->category = keep(c, row, 4);
}

/* `topic`: the one that the row belongs to; 0 in tables that know no topics. */
typedef void (*ReadRow)(Catalogue *c, sqlite3_stmt *row, guint topic, gpointer out);

/* A table's rows, as they come. */
typedef struct {
    GArray *structs;
    GArray *topics; /* guint, beside them */
} Rows;

static gpointer append_struct(GArray *structs)
{
    g_array_set_size(structs, structs->len + 1);
    return structs->data + (structs->len - 1) * g_array_get_element_size(structs);
}

static gpointer give_structs(GArray *structs, guint *count)
{
    *count = structs->len;
    g_array_set_size(structs, structs->len + 1); /* never NULL, also without rows */
    return g_array_free(structs, FALSE);
}

/* All rows of `sql` as an array of `size`-octet structs; NULL is a failure. */
static gpointer load(Catalogue *c, const char *sql, gsize size, ReadRow read, guint *count,
                     GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, (guint)size);
    g_autoptr(sqlite3_stmt) statement = store_prepare(c->db, sql, error);
    GError *trouble = NULL;

    if (!statement) return NULL;
    while (store_step(statement, &trouble))
        read(c, statement, 0, append_struct(rows));
    if (trouble) {
        g_propagate_error(error, trouble);
        return NULL;
    }
    return give_structs(g_steal_pointer(&rows), count);
}

/* At most CATALOGUE_ROWS_PER_TOPIC rows of each topic, whose code is column 0. One pass over the
 * table: cheaper than an index that a sheet of a million rows would have to wait for. */
static gboolean read_by_topic(Catalogue *c, sqlite3_stmt *statement, ReadRow read, Rows *rows,
                              GError **error)
{
    g_autoptr(GHashTable) topic_of = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree guint *seen = g_new0(guint, c->topic_count + 1);
    GError *trouble = NULL;

    for (guint i = 0; i < c->topic_count; i++)
        g_hash_table_insert(topic_of, (gpointer)c->topics[i].code, GUINT_TO_POINTER(i + 1));
    while (store_step(statement, &trouble)) {
        guint topic = GPOINTER_TO_UINT(g_hash_table_lookup(topic_of, store_text(statement, 0)));

        if (topic == 0 || seen[--topic]++ >= CATALOGUE_ROWS_PER_TOPIC) continue;
        read(c, statement, topic, append_struct(rows->structs));
        g_array_append_val(rows->topics, topic);
    }
    if (trouble) g_propagate_error(error, trouble);
    return trouble == NULL;
}

/* The rows of a topic together, in their order: a counting sort. */
static GArray *group(const Catalogue *c, const Rows *rows)
{
    guint size = g_array_get_element_size(rows->structs);
    GArray *grouped = g_array_sized_new(FALSE, TRUE, size, rows->structs->len + 1);
    g_autofree guint *place = g_new0(guint, c->topic_count + 1);

    g_array_set_size(grouped, rows->structs->len);
    for (guint i = 0; i < rows->topics->len; i++)
        place[g_array_index(rows->topics, guint, i) + 1]++;
    for (guint i = 0; i < c->topic_count; i++)
        place[i + 1] += place[i];
    for (guint i = 0; i < rows->topics->len; i++)
        memcpy(grouped->data + (gsize)place[g_array_index(rows->topics, guint, i)]++ * size,
               rows->structs->data + (gsize)i * size, size);
    return grouped;
}

static gpointer load_by_topic(Catalogue *c, const char *sql, gsize size, ReadRow read, guint *count,
                              GError **error)
{
    g_autoptr(GArray) structs = g_array_new(FALSE, TRUE, (guint)size);
    g_autoptr(GArray) topics = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(sqlite3_stmt) statement = store_prepare(c->db, sql, error);
    Rows rows = { structs, topics };

    if (!statement || !read_by_topic(c, statement, read, &rows, error)) return NULL;
    return give_structs(group(c, &rows), count);
}

#define BY_TOPIC(columns, table) "SELECT topic_code, " columns " FROM " table " ORDER BY id"

static gboolean load_topics(Catalogue *c, GError **error)
{
    c->topics = load(c,
                     "SELECT code, name, category, short_answer, description, eligibility, "
                     "benefit_standard, application_process, required_documents, location, "
                     "opening_hours, phones, legal_basis, as_of_date, verification_status, "
                     "(SELECT coalesce(group_concat(a.name, ';'), '') FROM (SELECT name FROM alias "
                     "WHERE topic_code = code ORDER BY position) a) FROM topic "
                     "ORDER BY position, code",
                     sizeof(Topic), read_topic, &c->topic_count, error);
    return c->topics != NULL;
}

static gboolean load_rows(Catalogue *c, GError **error)
{
    c->figures = load_by_topic(
        c, BY_TOPIC("year, subject, indicator, value, unit, qualifier_text, source", "figure"),
        sizeof(Figure), read_figure, &c->figure_count, error);
    if (!c->figures) return FALSE;
    c->projects = load_by_topic(
        c, BY_TOPIC("name, type, place, status, progress, year, note, source", "project"),
        sizeof(Project), read_project, &c->project_count, error);
    if (!c->projects) return FALSE;
    c->qas = load_by_topic(c, BY_TOPIC("question, answer", "qa"), sizeof(Qa), read_qa, &c->qa_count,
                           error);
    return c->qas != NULL;
}

static gboolean load_lists(Catalogue *c, GError **error)
{
    c->synonyms = load(c, "SELECT term, variants FROM synonym ORDER BY id", sizeof(Synonym),
                       read_synonym, &c->synonym_count, error);
    if (!c->synonyms) return FALSE;
    c->lay_words = load(c, "SELECT word, meanings FROM lay_word ORDER BY id", sizeof(LayWord),
                        read_lay_word, &c->lay_word_count, error);
    if (!c->lay_words) return FALSE;
    c->notices =
        load(c, "SELECT title, body, valid_from, valid_to, category FROM notice ORDER BY id",
             sizeof(Notice), read_notice, &c->notice_count, error);
    return c->notices != NULL;
}

/* Where each topic's rows begin, and how many they are. */
static void count_rows(Catalogue *c)
{
    for (guint i = c->figure_count; i-- > 0;) {
        c->topics[c->figures[i].topic].first_figure = i;
        c->topics[c->figures[i].topic].figure_count++;
    }
    for (guint i = c->project_count; i-- > 0;) {
        c->topics[c->projects[i].topic].first_project = i;
        c->topics[c->projects[i].topic].project_count++;
    }
    for (guint i = c->qa_count; i-- > 0;) {
        c->topics[c->qas[i].topic].first_qa = i;
        c->topics[c->qas[i].topic].qa_count++;
    }
}

static int compare_codes(gconstpointer a, gconstpointer b, gpointer topics)
{
    const Topic *x = (const Topic *)topics + *(const guint *)a;
    const Topic *y = (const Topic *)topics + *(const guint *)b;

    return g_ascii_strcasecmp(x->code, y->code);
}

static void sort_codes(Catalogue *c)
{
    c->by_code = g_new(guint, c->topic_count + 1);
    for (guint i = 0; i < c->topic_count; i++)
        c->by_code[i] = i;
    g_qsort_with_data(c->by_code, (gint)c->topic_count, sizeof *c->by_code, compare_codes,
                      c->topics);
}

/* ---- public ---- */

Catalogue *catalogue_read(sqlite3 *db, GError **error)
{
    g_autoptr(Catalogue) c = g_new0(Catalogue, 1);

    c->db = db;
    c->strings = g_string_chunk_new(64 * 1024);
    c->lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
    if (!load_topics(c, error) || !load_rows(c, error) || !load_lists(c, error)) return NULL;
    count_rows(c);
    sort_codes(c);
    return g_steal_pointer(&c);
}

Catalogue *catalogue_load(Generation *generation, GError **error)
{
    Catalogue *c = catalogue_read(generation->db, error);

    if (c)
        c->generation = generation;
    else
        generation_free(generation);
    return c;
}

Catalogue *catalogue_open(const char *data_dir, GError **error)
{
    Generation *generation = generation_open(data_dir, error);
    Catalogue *catalogue = generation ? catalogue_load(generation, error) : NULL;

    if (catalogue) store_release_memory(generation->db); /* all of it has been read */
    return catalogue;
}

void catalogue_free(Catalogue *c)
{
    if (!c) return;
    generation_free(c->generation);
    g_free(c->topics);
    g_free(c->by_code);
    g_free(c->figures);
    g_free(c->projects);
    g_free(c->qas);
    g_free(c->synonyms);
    g_free(c->lay_words);
    g_free(c->notices);
    g_string_chunk_free(c->strings);
    g_hash_table_unref(c->lists);
    g_free(c);
}

int catalogue_find_topic(const Catalogue *c, const char *code)
{
    guint low = 0, high = c->topic_count;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        int order = g_ascii_strcasecmp(c->topics[c->by_code[middle]].code, code);

        if (order == 0) return (int)c->by_code[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

gboolean catalogue_is_stale(const Catalogue *catalogue)
{
    return generation_is_stale(catalogue->generation);
}

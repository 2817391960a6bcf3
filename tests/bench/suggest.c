/* suggest DEV.tsv [TOPICS]: what a key of type-ahead costs, and how soon it finds, beside two peers
 * in the same run; what suggest_bench.sh prints. Without TOPICS the starter content, else so many
 * topics made of its words. Typed key by key: titles, and the texts of DEV.tsv; in five forms. The
 * peers hold the same texts in SQLite, in memory, with columns for writing, pinyin, first letters
 * and both on the pad: FTS5 with prefix indexes, and LIKE '%…%' by length. */
#include "db/suggest.h"

#include <malloc.h>
#include <sqlite3.h>
#include <time.h>

#include "charset/fold.h"
#include "charset/pinyin.h"
#include "tests/db/starter.h"

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); /* the machine may have other work */
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double heap_kib(void)
{
    struct mallinfo2 m = mallinfo2();

    return (double)(m.uordblks + m.hblkhd) / 1024;
}

/* ---- topics made of words of the starter: place, two words of names; three aliases, a question */

static char *made_name(const Catalogue *from, GRand *random, guint words)
{
    GString *name = g_string_new(NULL);

    for (guint i = 0; i < words; i++) {
        const char *word =
            from->lay_words[g_rand_int_range(random, 0, (int)from->lay_word_count)].word;
        g_string_append(name, word);
    }
    return g_string_free(name, FALSE);
}

static Catalogue *made_catalogue(const Catalogue *from, guint count)
{
    Catalogue *c = g_new0(Catalogue, 1);
    g_autoptr(GRand) random = g_rand_new_with_seed(1);

    c->topics = g_new0(Topic, count);
    c->qas = g_new0(Qa, count);
    c->topic_count = c->qa_count = count;
    for (guint i = 0; i < count; i++) {
        Topic *t = &c->topics[i];
        t->code = g_strdup_printf("Z%c%04u", 'A' + (int)(i / 10000), i % 10000);
        t->name = made_name(from, random, 2);
        t->category = from->topics[i % from->topic_count].category;
        t->alternate_names = g_new0(char *, 4);
        for (guint k = 0; k < 3; k++)
            t->alternate_names[k] = made_name(from, random, 1);
        t->first_qa = i;
        t->qa_count = 1;
        c->qas[i] = (Qa){ .topic = i, .question = made_name(from, random, 3) };
    }
    return c;
}

/* ---- the five forms of a text ---- */

typedef enum { FORM_HAN, FORM_PINYIN, FORM_INITIALS, FORM_MIXED, FORM_KEYS, FORM_COUNT } Form;
static const char *const form_names[] = { "汉字", "拼音", "首字母", "混合", "九键" };

static char *letters_only(char *text)
{
    GString *out = g_string_new(NULL);

    for (const char *at = text; *at; at = g_utf8_next_char(at))
        if (g_unichar_isalnum(g_utf8_get_char(at)))
            g_string_append_unichar(out, g_utf8_get_char(at));
    g_free(text);
    return g_string_free(out, FALSE);
}

static char *to_keys(char *text)
{
    static const char keys[] = "22233344455566677778889999";

    for (char *at = text; *at; at++)
        if (*at >= 'a' && *at <= 'z') *at = keys[*at - 'a'];
    return text;
}

static char *form_of(const char *text, Form form)
{
    g_autofree char *folded = letters_only(fold_text(text, -1));
    g_autofree char *head = NULL, *tail = NULL;

    switch (form) {
    case FORM_PINYIN:
        return letters_only(pinyin_text(folded));
    case FORM_INITIALS:
        return letters_only(pinyin_initials(folded));
    case FORM_MIXED: /* the first half chosen, the rest still letters */
        head = g_utf8_substring(folded, 0, g_utf8_strlen(folded, -1) / 2);
        tail = letters_only(pinyin_text(folded + strlen(head)));
        return g_strconcat(head, tail, NULL);
    case FORM_KEYS:
        return to_keys(letters_only(pinyin_text(folded)));
    case FORM_HAN:
    case FORM_COUNT:
        break;
    }
    return g_strdup(folded);
}

/* ---- who is measured: what was typed → topics ---- */

typedef struct {
    const char *name;
    double load_ms, heap_kib;
    Suggest *suggest; /* or the statement of a peer, and how it wants what was typed */
    sqlite3_stmt *query;
    const char *before, *after;
} Engine;

static guint ask_peer(const Engine *e, const char *typed, guint topics[SUGGEST_MAX])
{
    g_autofree char *folded = fold_text(typed, -1);
    g_autofree char *pattern = g_strconcat(e->before, folded, e->after, NULL);
    guint count = 0;

    sqlite3_bind_text(e->query, 1, pattern, -1, SQLITE_STATIC);
    while (count < SUGGEST_MAX && sqlite3_step(e->query) == SQLITE_ROW)
        topics[count++] = (guint)sqlite3_column_int(e->query, 0);
    sqlite3_reset(e->query);
    return count;
}

static guint ask(const Engine *e, const char *typed, guint topics[SUGGEST_MAX])
{
    SuggestRow rows[SUGGEST_MAX];

    if (!e->suggest) return ask_peer(e, typed, topics);
    guint count = suggest_query(e->suggest, typed, rows);
    for (guint i = 0; i < count; i++)
        topics[i] = rows[i].topic;
    return count;
}

/* ---- the peers' tables ---- */

static void insert(sqlite3_stmt *into, const char *text, guint topic)
{
    g_autofree char *columns[FORM_COUNT + 1] = { form_of(text, FORM_HAN),
                                                 form_of(text, FORM_PINYIN),
                                                 form_of(text, FORM_INITIALS),
                                                 form_of(text, FORM_KEYS),
                                                 to_keys(form_of(text, FORM_INITIALS)),
                                                 NULL };
    for (int i = 0; i < 5; i++)
        sqlite3_bind_text(into, i + 1, columns[i], -1, SQLITE_TRANSIENT);
    sqlite3_bind_int(into, 6, (int)topic);
    g_assert_cmpint(sqlite3_step(into), ==, SQLITE_DONE);
    sqlite3_reset(into);
}

static void fill(sqlite3_stmt *into, const Catalogue *c)
{
    for (guint i = 0; i < c->topic_count; i++) {
        insert(into, c->topics[i].name, i);
        for (char **name = c->topics[i].alternate_names; *name; name++)
            insert(into, *name, i);
    }
    for (guint i = 0; i < c->project_count; i++)
        insert(into, c->projects[i].name, c->projects[i].topic);
    for (guint i = 0; i < c->qa_count; i++)
        insert(into, c->qas[i].question, c->qas[i].topic);
    for (guint i = 0; i < c->lay_word_count; i++)
        for (char **meaning = c->lay_words[i].meanings; *meaning; meaning++)
            if (catalogue_find_topic(c, *meaning) >= 0)
                insert(into, c->lay_words[i].word, (guint)catalogue_find_topic(c, *meaning));
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), ==, SQLITE_OK);
    return statement;
}

/* ---- engines ---- */

static Engine ours_load(const Catalogue *c)
{
    Engine e = { .name = "bianmin" };
    double heap = heap_kib(), start = now_us();

    e.suggest = suggest_new(c);
    e.load_ms = (now_us() - start) / 1e3;
    e.heap_kib = heap_kib() - heap;
    return e;
}

static Engine peer_load(const Catalogue *c, const char *name, const char *create, const char *query)
{
    gboolean is_fts = *name == 'F';
    Engine e = { .name = name, .before = is_fts ? "\"" : "%", .after = is_fts ? "\"*" : "%" };
    double heap = heap_kib(), start = now_us();
    sqlite3 *db = NULL;

    sqlite3_open(":memory:", &db);
    g_assert_cmpint(sqlite3_exec(db, create, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
    sqlite3_stmt *into = prepare(db, "INSERT INTO name VALUES (?1,?2,?3,?4,?5,?6)");
    fill(into, c);
    sqlite3_finalize(into);
    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    e.query = prepare(db, query);
    e.load_ms = (now_us() - start) / 1e3;
    e.heap_kib = heap_kib() - heap;
    return e;
}

#define COLUMNS  "han, pinyin, initials, keys, initial_keys"
#define SHORTEST "GROUP BY topic ORDER BY min(length(han)), min(rowid) LIMIT 8"

static Engine fts5_load(const Catalogue *c)
{
    return peer_load(c, "FTS5 prefix",
                     "CREATE VIRTUAL TABLE name USING fts5(" COLUMNS
                     ", topic UNINDEXED, prefix='1 2 3 4')",
                     "SELECT topic FROM name WHERE name MATCH ?1 " SHORTEST);
}

static Engine like_load(const Catalogue *c)
{
    return peer_load(c, "LIKE", "CREATE TABLE name (" COLUMNS ", topic)",
                     "SELECT topic FROM name WHERE han LIKE ?1 OR pinyin LIKE ?1 OR initials LIKE "
                     "?1 OR keys LIKE ?1 OR initial_keys LIKE ?1 " SHORTEST);
}

/* ---- measuring ---- */

typedef struct {
    char *text;
    int topic; /* that it is the name of; -1: a question of the dev set */
} Typed;

typedef struct {
    GArray *times_us;
    guint keys, titles, found, first;
    double share; /* of the keys of a title, until it is shown; summed up */
} Result;

static void type_text(const Engine *e, const char *text, int topic, Result *result)
{
    glong length = g_utf8_strlen(text, -1), shown = 0;
    guint topics[SUGGEST_MAX], count = 0;

    for (glong i = 1; i <= length; i++) {
        g_autofree char *so_far = g_utf8_substring(text, 0, i);
        double start = now_us();
        count = ask(e, so_far, topics);
        double took = now_us() - start;
        g_array_append_val(result->times_us, took);
        for (guint k = 0; k < count && !shown; k++)
            if ((int)topics[k] == topic) shown = i;
    }
    if (topic < 0) return;
    result->titles++;
    result->found += shown > 0;
    result->first += count > 0 && (int)topics[0] == topic;
    result->share += shown ? (double)shown / (double)length : 1;
}

static int compare_doubles(gconstpointer a, gconstpointer b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static double quantile(const GArray *sorted, double q)
{
    return g_array_index(sorted, double, (guint)(q * (sorted->len - 1)));
}

static void measure(const Engine *e, GArray *texts, Form form)
{
    Result r = { .times_us = g_array_new(FALSE, FALSE, sizeof(double)) };

    for (guint i = 0; i < texts->len; i++) {
        const Typed *t = &g_array_index(texts, Typed, i);
        g_autofree char *text = form_of(t->text, form);
        if (g_utf8_strlen(text, -1) <= SUGGEST_TYPED_MAX) type_text(e, text, t->topic, &r);
    }
    g_array_sort(r.times_us, compare_doubles);
    double titles = MAX(r.titles, 1);
    printf("%-12s %-7s %6u %9.1f %9.1f %9.1f %7.0f%% %7.0f%% %7.0f%%\n", e->name, form_names[form],
           r.times_us->len, quantile(r.times_us, 0.5), quantile(r.times_us, 0.99),
           quantile(r.times_us, 1), 100 * r.found / titles, 100 * r.first / titles,
           100 * r.share / titles);
    g_array_unref(r.times_us);
}

static GArray *texts_to_type(const Catalogue *c, const char *dev, guint at_most)
{
    GArray *texts = g_array_new(FALSE, FALSE, sizeof(Typed));
    g_autofree char *contents = NULL;
    g_autoptr(GError) error = NULL;
    guint step = MAX(1, c->topic_count / at_most);

    for (guint i = 0; i < c->topic_count; i += step) {
        Typed typed = { .text = g_strdup(c->topics[i].name), .topic = (int)i };
        g_array_append_val(texts, typed);
    }
    g_file_get_contents(dev, &contents, NULL, &error);
    g_assert_no_error(error);
    g_auto(GStrv) lines = g_strsplit(contents, "\n", -1);
    for (guint i = 1; lines[i] && i <= 2 * at_most; i++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], "\t", -1);
        if (g_strv_length(cells) < 4) continue;
        Typed typed = { .text = g_strdup(cells[1]), .topic = -1 };
        g_array_append_val(texts, typed);
    }
    return texts;
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, >=, 2);
    guint count = argc > 2 ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : 0;
    Catalogue *starter = starter_catalogue();
    sqlite3_hard_heap_limit64(0); /* the product's own, set while the starter was read */
    Catalogue *c = count ? made_catalogue(starter, count) : starter;
    /* LIKE takes 16 ms a key at ten thousand, and a tenth of a second beyond: that is not waited
     * for */
    GArray *texts = texts_to_type(c, argv[1], count > 5000 ? 12 : 60);
    guint engine_count = count > 20000 ? 2 : 3;
    Engine engines[3] = { ours_load(c), fts5_load(c) };
    if (engine_count > 2) engines[2] = like_load(c);

    printf("%u topics\n%-12s %10s %10s %14s\n", c->topic_count, "", "load ms", "heap KiB",
           "octets/topic");
    for (guint i = 0; i < engine_count; i++)
        printf("%-12s %10.2f %10.0f %14.0f\n", engines[i].name, engines[i].load_ms,
               engines[i].heap_kib, engines[i].heap_kib * 1024 / c->topic_count);
    printf("\n%-12s %-7s %6s %9s %9s %9s %8s %8s %8s\n", "", "form", "keys", "p50 us", "p99 us",
           "max us", "shown", "first", "of keys");
    for (guint i = 0; i < engine_count; i++)
        for (Form form = 0; form < FORM_COUNT; form++)
            measure(&engines[i], texts, form);
    return 0;
}

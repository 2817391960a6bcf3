/* What growth_bench.py measures with, one engine a process so that its memory is its own.
 *   growth make TOPICS FILE           a catalogue of the rows of TOPICS: code, name, short answer,
 *                                     description
 *   growth ours FILE|- QUESTIONS      our search over that catalogue; -: over the built-in starter
 *   growth fts5 GRAMS QUESTIONS       SQLite's FTS5 over rows of code, title, body, cut into grams
 * QUESTIONS: the right code, the question, the same as an FTS5 expression. Fields end at a tab.
 * Prints seconds to load, octets of memory that took, questions asked, seconds for them and for
 * each question: median ms, codes of what was found, best first. growth loading ms to open the
 * built-in starter and be ready, a median */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "db/search.h"
#include "db/store.h"

#define CODES_MAX  SEARCH_HITS_MAX
#define ROUNDS_MAX 25     /* a round is every question once; two at least … */
#define ROUNDS_MS  8000.0 /* … and as many as fit into this */
#define LOADINGS   20
#define NOWHERE    "/nonexistent" /* a data folder; there, the built-in starter is read */

/* ---- rows of a file ---- */

typedef gboolean (*UseRow)(gpointer user, char **fields, GError **error);

/* Each row has `count` fields. */
static gboolean read_rows(const char *path, guint count, UseRow use, gpointer user, GError **error)
{
    FILE *file = fopen(path, "r");
    g_autofree char *line = NULL;
    gsize size = 0;
    gboolean ok = TRUE;

    if (!file) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s cannot be read", path);
        return FALSE;
    }
    while (ok && getline(&line, &size, file) > 0) {
        g_auto(GStrv) fields = g_strsplit(g_strchomp(line), "\t", -1);

        ok = g_strv_length(fields) == count;
        if (!ok)
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: not %u fields", path, count);
        ok = ok && use(user, fields, error);
    }
    fclose(file);
    return ok;
}

static gboolean insert(gpointer statement, char **fields, GError **error)
{
    GError *trouble = NULL;

    for (int i = 0; fields[i]; i++)
        sqlite3_bind_text(statement, i + 1, fields[i], -1, SQLITE_TRANSIENT);
    store_step(statement, &trouble);
    sqlite3_reset(statement);
    if (trouble) g_propagate_error(error, trouble);
    return trouble == NULL;
}

/* ---- the catalogue ---- */

/* The sheets' codes are two letters and two digits, 67,600 of them: the one rule of the schema that
 * 10^5 topics cannot keep. */
static gboolean make_catalogue(const char *topics, const char *file, GError **error)
{
    g_autoptr(sqlite3) db = store_create_content(file, error);
    g_autoptr(sqlite3_stmt) row = NULL;

    if (!db || !store_exec(db, "PRAGMA ignore_check_constraints = ON; BEGIN", error)) return FALSE;
    row = store_prepare(db,
                        "INSERT INTO topic (position, code, name, category, short_answer, "
                        "description, phones, legal_basis, as_of_date, verification_status) VALUES "
                        "(0, ?1, ?2, '其他', ?3, ?4, '12345', '条例', '2026-01-01', '已核实')",
                        error);
    return row && read_rows(topics, 4, insert, row, error) && store_exec(db, "COMMIT", error);
}

/* ---- the engines ---- */

typedef struct {
    const char *text, *match; /* kept until the process ends */
} Question;

typedef struct {
    const char *name;
    gpointer (*load)(const char *path, GError **error); /* kept until the process ends */
    guint (*ask)(gpointer engine, const Question *question, const char *codes[CODES_MAX]);
} Engine;

typedef struct {
    Catalogue *catalogue;
    Search *search;
} Ours;

static gpointer ours_load(const char *path, GError **error)
{
    g_autofree Ours *ours = g_new0(Ours, 1);
    gboolean is_starter = g_str_equal(path, "-");
    sqlite3 *db = is_starter ? NULL : store_open_content(path, error);

    if (is_starter)
        ours->catalogue = catalogue_open(NOWHERE, error);
    else if (db)
        ours->catalogue = catalogue_read(db, error);
    if (!ours->catalogue) return NULL;
    ours->search = search_new(ours->catalogue);
    return g_steal_pointer(&ours);
}

static guint ours_ask(gpointer engine, const Question *question, const char *codes[CODES_MAX])
{
    Ours *ours = engine;
    g_autoptr(SearchQuestion) parts = search_question_new(ours->search, question->text);
    SearchResult result;

    search_query(ours->search, parts, &result);
    for (guint i = 0; i < result.hit_count; i++)
        codes[i] = ours->catalogue->topics[result.hits[i].topic].code;
    return result.hit_count;
}

typedef struct {
    sqlite3 *db;
    sqlite3_stmt *insert, *query;
    GPtrArray *codes; /* by rowid - 1 */
} Fts5;

static gboolean fts5_insert(gpointer user, char **fields, GError **error)
{
    Fts5 *fts5 = user;

    g_ptr_array_add(fts5->codes, g_strdup(fields[0]));
    return insert(fts5->insert, fields + 1, error);
}

/* Without the text, of which an index needs no second copy; all in one piece; and within one read
 * transaction: as fast as it goes. */
static gpointer fts5_load(const char *path, GError **error)
{
    g_autofree Fts5 *fts5 = g_new0(Fts5, 1);

    fts5->codes = g_ptr_array_new();
    if (sqlite3_open(":memory:", &fts5->db) != SQLITE_OK) return NULL;
    if (!store_exec(fts5->db,
                    "CREATE VIRTUAL TABLE t USING fts5 (title, body, content='');"
                    "INSERT INTO t (t, rank) VALUES ('rank', 'bm25(5.0, 1.0)'); BEGIN",
                    error))
        return NULL;
    fts5->insert = store_prepare(fts5->db, "INSERT INTO t (title, body) VALUES (?1, ?2)", error);
    if (!fts5->insert || !read_rows(path, 3, fts5_insert, fts5, error)) return NULL;
    if (!store_exec(fts5->db, "INSERT INTO t (t) VALUES ('optimize'); COMMIT; BEGIN", error))
        return NULL;
    fts5->query = store_prepare(
        fts5->db, "SELECT rowid FROM t WHERE t MATCH ?1 ORDER BY rank LIMIT 5", error);
    return fts5->query ? g_steal_pointer(&fts5) : NULL;
}

static guint fts5_ask(gpointer engine, const Question *question, const char *codes[CODES_MAX])
{
    Fts5 *fts5 = engine;
    guint found = 0;

    sqlite3_bind_text(fts5->query, 1, question->match, -1, SQLITE_STATIC);
    while (found < CODES_MAX && sqlite3_step(fts5->query) == SQLITE_ROW)
        codes[found++] = fts5->codes->pdata[sqlite3_column_int64(fts5->query, 0) - 1];
    sqlite3_reset(fts5->query);
    return found;
}

static const Engine engines[] = {
    { "ours", ours_load, ours_ask },
    { "fts5", fts5_load, fts5_ask },
};

/* ---- measuring ---- */

typedef struct {
    Question question;
    double ms[ROUNDS_MAX];
    const char *codes[CODES_MAX];
    guint found;
} Trial;

static double now_ms(void)
{
    struct timespec now = { 0 };

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Of this process alone: resident pages less those of files, which hold the program's own code and
 * tables however large the catalogue is. */
static gint64 own_octets(void)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) pages = NULL; /* size, resident, shared */

    if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL)) return 0;
    pages = g_strsplit(text, " ", 4);
    if (g_strv_length(pages) < 4) return 0;
    return (g_ascii_strtoll(pages[1], NULL, 10) - g_ascii_strtoll(pages[2], NULL, 10)) *
           sysconf(_SC_PAGESIZE);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static gboolean keep_trial(gpointer trials, char **fields, GError **error)
{
    Trial trial = { .question = { g_strdup(fields[1]), g_strdup(fields[2]) } };

    (void)error;
    g_array_append_val(trials, trial);
    return TRUE;
}

/* Every question once; how long all of them took. */
static double ask_all(const Engine *engine, gpointer loaded, GArray *trials, guint round)
{
    double sum = 0;

    for (guint i = 0; i < trials->len; i++) {
        Trial *trial = &g_array_index(trials, Trial, i);
        double began = now_ms();

        trial->found = engine->ask(loaded, &trial->question, trial->codes);
        trial->ms[round] = now_ms() - began;
        sum += trial->ms[round];
    }
    return sum;
}

static void print_trial(Trial *trial, guint rounds)
{
    qsort(trial->ms, rounds, sizeof trial->ms[0], by_size);
    printf("%.6f", trial->ms[(rounds - 1) / 2]);
    for (guint i = 0; i < trial->found; i++)
        printf("\t%s", trial->codes[i]);
    putchar('\n');
}

/* Of its times each question counts with the lower median: the slow ones shall be those that are
 * hard, not those that found cold caches or during which the machine did something else. */
static gboolean measure(const Engine *engine, const char *path, const char *questions,
                        GError **error)
{
    g_autoptr(GArray) trials = g_array_new(FALSE, TRUE, sizeof(Trial));
    gint64 before = 0;
    double began = 0, load_ms = 0, ms = 0;
    guint rounds = 0;
    gpointer loaded = NULL;

    if (!read_rows(questions, 3, keep_trial, trials, error)) return FALSE;
    before = own_octets();
    began = now_ms();
    loaded = engine->load(path, error);
    load_ms = now_ms() - began;
    if (!loaded) return FALSE;
    printf("%.6f\t%" G_GINT64_FORMAT, load_ms / 1e3, own_octets() - before);

    ms = ask_all(engine, loaded, trials, 0);
    rounds = (guint)CLAMP(ROUNDS_MS / ms, 2, ROUNDS_MAX);
    for (guint i = 1; i < rounds; i++)
        ms += ask_all(engine, loaded, trials, i);
    printf("\t%u\t%.6f\n", rounds * trials->len, ms / 1e3);
    for (guint i = 0; i < trials->len; i++)
        print_trial(&g_array_index(trials, Trial, i), rounds);
    return TRUE;
}

/* The built-in starter, from nothing to the first question. */
static gboolean print_loading(GError **error)
{
    double ms[LOADINGS];

    for (guint i = 0; i < LOADINGS; i++) {
        double began = now_ms();
        g_autoptr(Catalogue) catalogue = catalogue_open(NOWHERE, error);
        g_autoptr(Search) search = catalogue ? search_new(catalogue) : NULL;

        if (!search) return FALSE;
        ms[i] = now_ms() - began;
    }
    qsort(ms, LOADINGS, sizeof ms[0], by_size);
    printf("%.6f\n", ms[LOADINGS / 2]);
    return TRUE;
}

static gboolean run(int argc, char **argv, GError **error)
{
    if (argc == 2 && g_str_equal(argv[1], "loading")) return print_loading(error);
    if (argc == 4 && g_str_equal(argv[1], "make")) return make_catalogue(argv[2], argv[3], error);
    for (guint i = 0; argc == 4 && i < G_N_ELEMENTS(engines); i++) {
        if (g_str_equal(argv[1], engines[i].name))
            return measure(&engines[i], argv[2], argv[3], error);
    }
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                "usage: growth make|ours|fts5|loading …");
    return FALSE;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;

    if (run(argc, argv, &error)) return 0;
    fprintf(stderr, "growth: %s\n", error ? error->message : "SQLite cannot be opened");
    return 1;
}

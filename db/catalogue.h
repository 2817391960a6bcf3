#pragma once
/* One published generation in memory: every row as a struct, in the order of the sheets. Read-only;
 * all strings belong to the catalogue and are never NULL ("" is "not known").
 * The structs carry the column names of catalogue.sql; lists are NULL-ended string arrays. */
#include <glib.h>

typedef struct Generation Generation; /* generation.h; front ends need not see it, nor SQLite */
typedef struct sqlite3 sqlite3;

typedef struct {
    const char *code; /* CL01 */
    const char *name, *category, *short_answer, *description;
    const char *eligibility, *benefit_standard, *application_process, *required_documents;
    const char *location, *opening_hours;
    const char *legal_basis; /* ';'-separated */
    const char *as_of_date;
    gboolean is_verified;
    char **phones;
    char **alternate_names;
    guint first_figure, figure_count; /* ranges of Catalogue.figures … */
    guint first_project, project_count;
    guint first_qa, qa_count;
} Topic;

typedef struct {
    guint topic; /* index into Catalogue.topics */
    int year;
    const char *subject, *indicator, *value, *unit, *qualifier_text, *source;
} Figure;

typedef struct {
    guint topic;
    int year;
    const char *name, *type, *place, *status, *progress, *note, *source;
} Project;

typedef struct {
    guint topic;
    const char *question, *answer;
} Qa;

typedef struct {
    const char *term;
    char **variants;
} Synonym;

typedef struct {
    const char *word;
    char **meanings; /* codes of topics, or official words */
} LayWord;

typedef struct {
    const char *title, *body, *valid_from, *valid_to, *category;
} Notice;

typedef struct {
    sqlite3 *db;
    Generation *generation; /* owned; NULL after catalogue_read() */
    Topic *topics;
    guint topic_count;
    guint *by_code;  /* topics in the order of their codes */
    Figure *figures; /* grouped by topic, like projects and qas */
    guint figure_count;
    Project *projects;
    guint project_count;
    Qa *qas;
    guint qa_count;
    Synonym *synonyms;
    guint synonym_count;
    LayWord *lay_words;
    guint lay_word_count;
    Notice *notices;
    guint notice_count;
    GStringChunk *strings;
    GHashTable *lists; /* text → GStrv, owned */
} Catalogue;

/* A topic takes at most this many rows of each kind into memory: a sheet of a million figures must
 * not fill a kiosk's. The rest stays in the file. */
#define CATALOGUE_ROWS_PER_TOPIC 400

/* What is published in `data_dir` (generation_open). NULL with *error if nothing can be read at
 * all. */
Catalogue *catalogue_open(const char *data_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A newer one has been published since: reopen before the next question. About 1 µs. */
gboolean catalogue_is_stale(const Catalogue *catalogue);
/* From an open generation, which the catalogue takes over, also on failure. */
Catalogue *catalogue_load(Generation *generation, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* From an open database, which stays the caller's and must outlive the catalogue. */
Catalogue *catalogue_read(sqlite3 *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void catalogue_free(Catalogue *catalogue); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Catalogue, catalogue_free)

/* Index of the topic with this code, or -1. */
int catalogue_find_topic(const Catalogue *catalogue, const char *code);

/* The writing and reading halves of generation.h as a program without the importer, so that crash_test.py
 * can stop it at every file operation.
 *   publisher DIR publish N    publishes a catalogue with N questions; prints its digest
 *   publisher DIR rollback     the one before
 *   publisher DIR served       prints number, digest and count of warnings */
#include "tests/db/sample.h"

static int fail(const GError *error)
{
    fprintf(stderr, "publisher: %s\n", error->message);
    return 74;
}

/* No assertions here: a failing disk is what this program is for. */
static gboolean fill(const char *path, guint count, GError **error)
{
    g_autoptr(sqlite3) db = store_create_content(path, error);
    if (!db || !store_exec(db, "BEGIN;" SAMPLE_BASE, error)) return FALSE;
    g_autofree char *sql = g_strdup_printf(
        "INSERT INTO qa (topic_code, question, answer) WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL "
        "SELECT x + 1 FROM r WHERE x < %u) SELECT 'JZ01', '第' || x || '问？', '答' FROM r", count);
    if (!store_exec(db, sql, error)) return FALSE;
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++) {
        g_autofree char *row = g_strdup_printf("INSERT INTO sheet SELECT '%s', count(*), '', '', '' FROM %s",
                                               content_sheets[i].file, content_sheets[i].table);
        if (!store_exec(db, row, error)) return FALSE;
    }
    return store_exec(db, "COMMIT", error);
}

static int publish(const char *dir, guint count)
{
    guint number = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(GenerationDraft) draft = generation_draft_new(dir, &error);
    if (!draft || !fill(generation_draft_path(draft), count, &error) ||
        !generation_draft_publish(draft, "测试", &number, &error))
        return fail(error);
    return 0;
}

static int rollback(const char *dir)
{
    guint number = 0;
    g_autoptr(GError) error = NULL;
    return generation_rollback(dir, GENERATION_BEFORE, &number, &error) ? 0 : fail(error);
}

static int served(const char *dir)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Generation) generation = generation_open(dir, &error);
    if (!generation) return fail(error);
    g_autofree char *digest = generation_digest(generation->db, &error);
    if (!digest || strcmp(digest, generation->digest) != 0) return 70;
    printf("%u %s %u\n", generation->number, digest, generation->warnings->len);
    return 0;
}

int main(int argc, char **argv)
{
    guint64 count = 0;
    if (argc == 4 && strcmp(argv[2], "publish") == 0 &&
        g_ascii_string_to_unsigned(argv[3], 10, 1, 1000000, &count, NULL))
        return publish(argv[1], (guint)count);
    if (argc == 3 && strcmp(argv[2], "rollback") == 0) return rollback(argv[1]);
    if (argc == 3 && strcmp(argv[2], "served") == 0) return served(argv[1]);
    return 64;
}

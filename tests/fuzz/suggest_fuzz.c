/* Any octets as what was typed so far: rows in order and within bounds, their spans within their
 * texts, one row a topic; and what found a whole run still finds one when its last character is not
 * typed yet. (In parts it need not: a part takes two characters.) */
#include <stdint.h>

#include "db/suggest.h"

static Catalogue *catalogue;
static Suggest *suggest;

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

/* The content of the data folder named by BIANMIN_DATA, or the built-in starter. */
static void start(void)
{
    const char *folder = g_getenv("BIANMIN_DATA");
    g_autoptr(GError) error = NULL;

    catalogue = catalogue_open(folder ? folder : "/nonexistent", &error);
    g_assert_no_error(error);
    suggest = suggest_new(catalogue);
}

static void check_row(const SuggestRow *rows, guint count, guint i)
{
    g_assert_cmpuint(rows[i].topic, <, catalogue->topic_count);
    g_assert_cmpint(rows[i].qa, >=, -1);
    g_assert_cmpint(rows[i].qa, <, (int)catalogue->qa_count);
    g_assert_cmpuint(rows[i].length, >, 0);
    g_assert_cmpuint(rows[i].start, <, G_MAXUINT / 2);
    g_assert_cmpuint(rows[i].start + rows[i].length, <=, (guint)g_utf8_strlen(rows[i].text, -1));
    g_assert_true(rows[i].qa < 0 || catalogue->qas[rows[i].qa].topic == rows[i].topic);
    for (guint k = i + 1; k < count; k++)
        g_assert_true(rows[k].topic != rows[i].topic || rows[k].qa != rows[i].qa);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
    g_autofree char *typed = g_strndup((const char *)octets, len);
    SuggestRow rows[SUGGEST_MAX];

    if (!catalogue) start();
    guint count = suggest_query(suggest, typed, rows);
    g_assert_cmpuint(count, <=, SUGGEST_MAX);
    gboolean has_run = FALSE;
    for (guint i = 0; i < count; i++) {
        check_row(rows, count, i);
        has_run = has_run || !rows[i].is_in_parts;
    }
    /* a single letter or digit less; in front of it something must be left */
    gsize end = strlen(typed);
    if (!has_run || end < 2 || !g_ascii_islower(typed[end - 1]) || !g_ascii_islower(typed[end - 2]))
        return 0;
    typed[end - 1] = '\0';
    g_assert_cmpuint(suggest_query(suggest, typed, rows), >, 0);
    return 0;
}

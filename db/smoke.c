#include "db/smoke.h"

#include "db/generation.h"
#include "db/search.h"

#define QUESTIONS 20
#define LEAST     0.5 /* of them; the starter reaches 1 */

/* Is the question's own topic among the first? */
static gboolean is_found(Search *search, const Qa *qa)
{
    g_autoptr(SearchQuestion) question = search_question_new(search, qa->question);
    SearchResult result;

    search_query(search, question, &result);
    for (guint i = 0; i < result.hit_count; i++) {
        if (result.hits[i].topic == qa->topic) return TRUE;
    }
    return FALSE;
}

static gboolean check(const Catalogue *catalogue, GError **error)
{
    g_autoptr(Search) search = search_new(catalogue);
    guint asked = MIN(QUESTIONS, catalogue->qa_count), found = 0;
    const Qa *missed = NULL;

    for (guint i = 0; i < asked; i++) { /* spread over the sheet */
        const Qa *qa = &catalogue->qas[(guint64)i * catalogue->qa_count / asked];
        if (is_found(search, qa))
            found++;
        else
            missed = qa;
    }
    if (!missed || found >= LEAST * asked) return TRUE;
    g_set_error(error, GENERATION_ERROR, GENERATION_ERROR_CHECK,
                "用问答.csv里的 %u 个问题试着问，只有 %u 个找得到自己的事项，例如“%s”找不到%s。"
                "请核对问答.csv的编号和事项.csv的别名",
                asked, found, missed->question, catalogue->topics[missed->topic].code);
    return FALSE;
}

gboolean smoke_test(sqlite3 *db, gpointer data, GError **error)
{
    g_autoptr(Catalogue) catalogue = catalogue_read(db, error);

    (void)data;
    return catalogue && check(catalogue, error);
}

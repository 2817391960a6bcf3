/* For fit_confidence.py: a question a line on stdin; a line out with the code of the best topic and
 * the features its confidence is made of. Data folder: $BIANMIN_DATA. */
#include <stdio.h>

#include "db/folder.h"
#include "db/search.h"

static void measure(const Catalogue *catalogue, Search *search, const char *question)
{
    g_autoptr(SearchQuestion) parts = search_question_new(search, question);
    SearchResult result;

    search_query(search, parts, &result);
    printf("%s", result.hit_count ? catalogue->topics[result.hits[0].topic].code : "-");
    for (guint i = 0; i < FEATURE_COUNT; i++)
        printf(" %.6f", result.features[i]);
    putchar('\n');
}

int main(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = folder_locate(NULL);
    g_autoptr(Catalogue) catalogue = catalogue_open(folder, &error);
    g_autoptr(Search) search = NULL;
    g_autofree char *line = NULL;
    size_t size = 0;

    if (!catalogue) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    search = search_new(catalogue);
    for (ssize_t len; (len = getline(&line, &size, stdin)) > 0;) {
        if (line[len - 1] == '\n') line[len - 1] = '\0';
        measure(catalogue, search, line);
    }
    return 0;
}

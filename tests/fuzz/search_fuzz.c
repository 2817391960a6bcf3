/* Any octets as a question: a result in order, a text for every outcome, valid UTF-8 throughout. */
#include <stdint.h>

#include "db/answer.h"

#include "db/search.h"

static Catalogue *catalogue;
static Search *search;

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

/* The content of the data folder named by BIANMIN_DATA, or the built-in starter. */
static void start(void)
{
    const char *folder = g_getenv("BIANMIN_DATA");
    g_autoptr(GError) error = NULL;

    catalogue = catalogue_open(folder ? folder : "/nonexistent", &error);
    g_assert_no_error(error);
    search = search_new(catalogue);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
    g_autofree char *question = g_strndup((const char *)octets, len);
    g_autoptr(Answer) answer = NULL;
    g_autofree char *sms = NULL;

    if (!catalogue) start();
    answer = answer_question(catalogue, search, question);
    sms = answer_sms(answer);
    g_assert_true(g_utf8_validate(answer->text, -1, NULL) && *answer->text);
    g_assert_true(g_utf8_validate(sms, -1, NULL) && *sms);
    g_assert_cmpint((int)g_utf8_strlen(sms, -1), <=, 134);
    g_assert_true(answer->outcome == SEARCH_NONE || answer->items->len > 0);
    g_assert_true((answer->outcome == SEARCH_NONE) == (*answer->redirect != '\0'));
    return 0;
}

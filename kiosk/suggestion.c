#include "kiosk/suggestion.h"

static const char *manner_of(const SuggestRow *suggestion)
{
    switch (suggestion->manner) {
    case SUGGEST_WRITTEN:
        return "名字里有这几个字";
    case SUGGEST_BY_SOUND:
        return "按拼音找到";
    case SUGGEST_BY_INITIALS:
        return "按拼音首字母找到";
    case SUGGEST_BY_DIGITS:
        return "按九键拼音找到";
    }
    g_return_val_if_reached("");
}

static char *why(const Topic *topic, const SuggestRow *suggestion)
{
    if (suggestion->qa >= 0) return g_strdup(topic->name);
    if (g_str_equal(suggestion->text, topic->name)) return g_strdup(manner_of(suggestion));
    if (g_str_equal(suggestion->text, topic->category))
        return g_strdup_printf("属于“%s”", suggestion->text);
    return g_strdup_printf("也叫“%s”", suggestion->text);
}

void suggestion_add(KioskRowList *rows, const Catalogue *catalogue, const SuggestRow *suggestion,
                    gboolean has_code)
{
    const Topic *topic = &catalogue->topics[suggestion->topic];
    gboolean is_question = suggestion->qa >= 0;
    g_autofree char *note = why(topic, suggestion);
    g_autofree char *argument = is_question
                                    ? g_strdup_printf("%s %s", topic->code, suggestion->text)
                                    : g_strdup(topic->code);

    kiosk_row_list_add(rows, has_code ? topic->code : NULL,
                       is_question ? suggestion->text : topic->name, note, "topic", argument);
}

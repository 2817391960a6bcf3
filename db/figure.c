#include "db/figure.h"

#include <string.h>

static gboolean starts_with_number(const char *text, const char *value)
{
    gsize len = strlen(value);

    return strncmp(text, value, len) == 0 && !g_ascii_isdigit(text[len]) && text[len] != '.';
}

/* "400多名", "超50万元", "达946%": a qualifier that says the number itself, only more truly.
 * Returns where in `clause` the number stands; NULL if it is no such. */
static const char *restated_number(const Figure *f, const char *clause)
{
    const char *number = clause;

    while (*number && !g_ascii_isdigit(*number))
        number++;
    return number - clause <= (gssize)(2 * strlen("超")) && starts_with_number(number, f->value) &&
                   g_utf8_strlen(clause, -1) <=
                       (glong)strlen(f->value) + g_utf8_strlen(f->unit, -1) + 4
               ? number
               : NULL;
}

/* The qualifier up to its first comma; *rest is what follows that. */
static char *first_clause(const Figure *f, const char **rest)
{
    const char *comma = strstr(f->qualifier_text, "，");

    *rest = comma ? comma + strlen("，") : "";
    return comma ? g_strndup(f->qualifier_text, (gsize)(comma - f->qualifier_text))
                 : g_strdup(f->qualifier_text);
}

char *figure_text(const Figure *f)
{
    const char *rest;
    g_autofree char *clause = first_clause(f, &rest);
    gsize len = strlen(f->indicator);
    const char *colon = len > 0 && g_ascii_isdigit(f->indicator[len - 1]) ? "：" : "";

    if (!*f->qualifier_text) return g_strconcat(f->indicator, colon, f->value, f->unit, NULL);
    if (!restated_number(f, clause))
        return g_strdup_printf("%s%s%s%s（%s）", f->indicator, colon, f->value, f->unit,
                               f->qualifier_text);
    if (!*rest) return g_strconcat(f->indicator, colon, clause, NULL);
    return g_strdup_printf("%s%s%s（%s）", f->indicator, colon, clause, rest);
}

static gboolean is_at_least(const char *before, const char *after)
{
    static const char *const words[] = { "多", "余", "以上" };

    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (strstr(after, words[i])) return TRUE;
    return strstr(before, "超") != NULL;
}

void figure_parts(const Figure *f, FigureParts *out)
{
    const char *rest;
    g_autofree char *clause = first_clause(f, &rest);
    const char *number = restated_number(f, clause);

    out->number = g_strdup(f->value);
    if (number) {
        out->before = g_strndup(clause, (gsize)(number - clause));
        out->after = g_strdup(number + strlen(f->value));
        out->note = g_strdup(rest);
    } else {
        out->before = g_strdup("");
        out->after = g_strdup(f->unit);
        out->note = g_strdup(f->qualifier_text);
    }
    out->is_open_ended = number && is_at_least(out->before, out->after);
}

void figure_parts_clear(FigureParts *parts)
{
    g_free(parts->before);
    g_free(parts->number);
    g_free(parts->after);
    g_free(parts->note);
    *parts = (FigureParts){ 0 };
}

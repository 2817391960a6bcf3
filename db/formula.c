#include "db/formula.h"

#include <string.h>

static gboolean is_formula_start(char octet)
{
    return octet != '\0' && strchr("=+-@\t\r", octet) != NULL;
}

static gboolean is_negative_number(const char *text)
{
    if (text[0] != '-') return FALSE;
    gsize whole = strspn(text + 1, "0123456789");
    const char *rest = text + 1 + whole;
    if (whole == 0) return FALSE;
    return *rest == '\0' ||
           (*rest == '.' && rest[1] && strspn(rest + 1, "0123456789") == strlen(rest + 1));
}

gboolean formula_needs_guard(const char *text)
{
    return is_formula_start(text[strspn(text, "'")]) && !is_negative_number(text);
}

const char *formula_unguard(const char *text)
{
    return text[0] == '\'' && is_formula_start(text[strspn(text, "'")]) ? text + 1 : text;
}

#include "db/stick_name.h"

#include "db/rule.h"
#include "db/stick_key.h"

#include <string.h>

#define MB             (1000ull * 1000)
#define PACKAGE_DIGITS 6u

char *stick_name_fold(const char *name)
{
    g_autofree char *composed = g_utf8_normalize(name, -1, G_NORMALIZE_NFC);
    return g_utf8_casefold(composed ? composed : "", -1);
}

guint stick_name_package(const char *folded)
{
    const char *digits = folded + strlen(STICK_NAME_PACKAGE);
    gboolean is_one = g_str_has_prefix(folded, STICK_NAME_PACKAGE) &&
                      strspn(digits, "0123456789") == PACKAGE_DIGITS &&
                      strcmp(digits + PACKAGE_DIGITS, ".bmp") == 0;
    return is_one ? (guint)g_ascii_strtoull(digits, NULL, 10) : 0;
}

static guint64 table_octets_max(const char *folded)
{
    static const struct {
        const char *ending;
        guint64 octets_max;
    } kinds[] = { { ".csv", 200 * MB }, { ".xlsx", 50 * MB } };
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++)
        for (guint i = 0; g_str_has_prefix(folded, rule_sheets[id].stem) && i < G_N_ELEMENTS(kinds);
             i++)
            if (strcmp(folded + strlen(rule_sheets[id].stem), kinds[i].ending) == 0)
                return kinds[i].octets_max;
    return 0;
}

guint64 stick_name_octets_max(const char *folded)
{
    if (strcmp(folded, STICK_KEY_NAME) == 0) return 4096;
    if (strcmp(folded, STICK_NAME_SUBFOLDER ".xlsx") == 0) return 50 * MB;
    return stick_name_package(folded) > 0 ? 200 * MB : table_octets_max(folded);
}

gboolean stick_name_is_similar(const char *folded, gboolean is_own)
{
    static const char *const endings[] = { ".csv", ".xlsx", ".xls", ".xlsm", ".et", ".ods", NULL };
    const char *ending = strrchr(folded, '.');
    if (!ending || !g_strv_contains(endings, ending)) return FALSE;
    if (is_own) return TRUE;
    if (g_str_has_prefix(folded, "~$") || g_str_has_prefix(folded, ".~")) folded += 2;
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++)
        if (g_str_has_prefix(folded, rule_sheets[id].stem)) return TRUE;
    return FALSE;
}

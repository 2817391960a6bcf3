#pragma once
/* What changes from one catalogue to another, sheet by sheet, as staff have to see it before they
 * publish. A row is known by its key columns (content.h); moving it changes nothing here.
 * Counts are exact, lists end at DIFF_ENTRIES_MAX. Memory: 36 octets a row of the older catalogue.
 */
#include "db/diff_phones.h"

#include <sqlite3.h>

#define DIFF_ERROR (diff_error_quark())
GQuark diff_error_quark(void);
typedef enum { DIFF_ERROR_READ } DiffError; /* one of the catalogues cannot be read */

#define DIFF_ENTRIES_MAX  1000u
#define DIFF_MASS_PERCENT 30u
#define DIFF_MASS_CHANGES 10u /* fewer are none, however few rows there are */

typedef struct {
    const char *header; /* 咨询电话; constant */
    char *before, *after;
} DiffField;

typedef struct {
    char *key;         /* "CL01 2023 残疾人补贴 受益残疾人" */
    GPtrArray *fields; /* DiffField, those that differ; NULL for a row that was added or removed */
} DiffEntry;

typedef struct {
    const char *file; /* 事项.csv; constant */
    guint64 before_count, after_count;
    guint64 added_count, changed_count, removed_count;
    GPtrArray *added, *changed, *removed; /* DiffEntry, in the order of the sheets */
} DiffSheet;

typedef struct {
    DiffSheet sheets[CONTENT_SHEET_COUNT];
    guint64 added_count, changed_count, removed_count;
    gboolean is_mass_removal; /* more than DIFF_MASS_PERCENT % of some sheet's rows go */
    /* Or change, DIFF_MASS_CHANGES at least; or more than can be listed. Source: SAFETY.md (b) 13
     */
    gboolean is_mass_change;
    DiffPhones *phones; /* to be dialled before residents do */
} Diff;

Diff *diff_new(sqlite3 *before, sqlite3 *after, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void diff_free(Diff *diff); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Diff, diff_free)

gboolean diff_is_empty(const Diff *diff);
gboolean diff_has_phone_change(const Diff *diff);
/* Why this takes a second confirmation: sentences for staff, without full stops; empty if it takes
 * none. Free with g_strfreev(). */
char **diff_cautions(const Diff *diff);
/* Chinese, for staff: what goes first, then what changes, then what comes; at most `max_entries`
 * rows a list, the rest as a count. Ends with a line end. Free with g_free(). */
char *diff_text(const Diff *diff, guint max_entries);

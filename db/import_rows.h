#pragma once
/* One sheet: its header, each row by the rules, what concerns several rows (duplicates,
 * references), and into the catalogue. Where anything of the whole import has been refused, rows
 * are still checked but no longer written. */
#include "db/import.h"
#include "db/import_find.h"

typedef struct {
    ImportReport *report;
    sqlite3 *target;
    const char *topic_file;         /* what the report calls the sheet of topics */
    const char *loaded;             /* when, ISO 8601: for the table `sheet` */
    guint sheet_index, sheet_count; /* for the progress: of those brought along */
    gboolean has_topics; /* FALSE: 事项.csv is unreadable, so no reference can be checked */
    guint8 topics[RULE_CODE_COUNT / 8]; /* a bit for each code of the resulting content */
} ImportContext;

gboolean import_has_topic(const ImportContext *context, int code_index);
void import_add_topic(ImportContext *context, int code_index);

/* Reads the sheet `file`, whose fd it takes. FALSE with *error if the medium or the disk failed; a
 * sheet that is refused is in the report. */
gboolean import_rows(ImportContext *context, RuleSheetId id, ImportFile *file,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

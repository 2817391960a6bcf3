#pragma once
/* How the parts of the importer write into its report; the report itself is import.h's. */
#include "db/import.h"

/* Copies all texts; `value` is shortened. What is beyond the bounds of import.h is only counted. */
void import_report_add(ImportReport *report, gboolean is_error, const char *file, guint64 row,
                       const char *column, const char *value, const char *message,
                       const char *remedy);
void import_report_add_sheet(ImportReport *report, const char *name, guint64 rows,
                             const char *charset);
/* Puts the issues from number `errors_from` and `warnings_from` on in the order of their rows. */
void import_report_sort(ImportReport *report, guint errors_from, guint warnings_from);

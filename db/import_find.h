#pragma once
/* Finds the sheets at a path: a folder (looked at itself and in its subfolder 便民数据), or one
 * file. Names count without regard to case and Unicode form; what is not a sheet's name is passed
 * over, with a warning where it looks meant as one. Opens what it finds: regular files only, no
 * link is followed, nothing can block. Source: SAFETY.md (c) Stick, (b) 4 and 5. */
#include "db/import.h"
#include "db/rule.h"

typedef struct {
    int fd[RULE_SHEET_COUNT]; /* -1: not brought along; who reads it takes it and sets -1 */
} ImportFiles;

/* What is found but cannot be used (a link, an .xls, two of a kind) is an error in the report.
 * FALSE with *error if there is no such path or nothing at it has to do with sheets. */
gboolean import_find(const char *path, ImportFiles *files, ImportReport *report,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void import_files_close(ImportFiles *files);

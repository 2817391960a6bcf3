#pragma once
/* Sheets → a catalogue. Reads a folder of sheets (or one sheet), checks every cell by the rules of
 * the data dictionary, and fills a new catalogue; sheets that were not brought along are copied
 * from `base`. One bad row refuses the whole: the report then lists *all* errors by file, row,
 * column and remedy. What was mended on the way in is a warning. Knows nothing of pointers and
 * publication (generation.h). */
#include <glib.h>
#include <sqlite3.h>

typedef struct {
    char *file;    /* 事项.csv, 事项.xlsx, 资料.xlsx（工作表 事项） */
    guint64 row;   /* physical line of a CSV or row of a workbook, from 1; 0: the file as a whole */
    char *column;  /* 编号; "" if it is the row or the file */
    char *value;   /* what stood there, shortened; masked on the personal sheet */
    char *message; /* 错在哪 */
    char *remedy;  /* 怎么改 */
} ImportIssue;

typedef struct {
    char *name;    /* the sheet, as in ImportIssue.file */
    guint64 rows;  /* data rows that were read */
    char *charset; /* the encoding it had; xlsx */
} ImportSheet;

/* How far it is: reading sheet `index` (from 0) of `count`, of which `rows` rows are checked. */
typedef struct {
    const char *sheet; /* as in ImportIssue.file */
    guint index, count;
    guint64 rows;
} ImportProgress;
typedef void (*ImportProgressFunc)(const ImportProgress *progress, gpointer data);

typedef struct {
    GPtrArray *errors;                  /* ImportIssue, in the order of files and rows */
    GPtrArray *warnings;                /* ImportIssue */
    guint64 error_count, warning_count; /* also those that are not listed */
    GPtrArray *sheets;                  /* ImportSheet, those that were brought along */
    ImportProgressFunc progress; /* NULL: nobody wants to know; called when a sheet begins and every
                                    IMPORT_PROGRESS_ROWS rows */
    gpointer progress_data;
} ImportReport;

/* A list that is as long takes no more than IMPORT_ISSUES_EACH of any further file: a sheet that is
 * wrong in every row must not hide that another one is wrong, too. */
#define IMPORT_ISSUES_MAX    1000
#define IMPORT_ISSUES_EACH   20
#define IMPORT_PROGRESS_ROWS 8192u

#define IMPORT_ERROR (import_error_quark())
GQuark import_error_quark(void);
typedef enum {
    IMPORT_ERROR_NO_INPUT, /* no such path, or no right to read it */
    IMPORT_ERROR_NO_SHEET, /* nothing at that path has to do with sheets */
} ImportError;

ImportReport *import_report_new(void);
void import_report_free(ImportReport *report); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImportReport, import_report_free)

/* Reads the sheets at `path` into the empty catalogue `target` (store_create_content). `base`
 * supplies the sheets not brought along; NULL: they stay empty. FALSE with *error only for trouble
 * that is not the sheets' (cannot read, disk full, nothing that is a sheet); bad rows are in the
 * report, and then `target` is not to be published. */
gboolean import_sheets(const char *path, sqlite3 *base, sqlite3 *target, ImportReport *report,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

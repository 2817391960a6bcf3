#pragma once
/* What became of an update, as a file for the clerk who brought the tables: 结果 (published or not,
 * when, which generation, how many rows), 问题 (every error and warning: where, what stands there,
 * what is wrong, what to do), 变化 (what was removed, changed field by field, added). A workbook of
 * three worksheets, or a CSV (csv_text.h) with the three below each other. Both open in Excel as
 * they are; no cell runs as a formula. No personal data: what the importer reports is masked
 * already, and tables of persons have no part in a diff. Knows nothing of how an update is made;
 * who makes it fills a ReportSheet. */
#include "db/update_report.h"

typedef struct {
    UpdateOutcome outcome;
    gboolean is_check;   /* nothing was to be published */
    guint number;        /* the generation that was published; 0: none was */
    const char *source;  /* where the tables came from, UTF-8; NULL: not said */
    const char *trouble; /* why it failed apart from the tables; NULL: it did not */
    const ImportReport *report;
    const Diff *diff; /* NULL: there is none */
    GDateTime *when;  /* local time */
} ReportSheet;

typedef enum { REPORT_SHEET_XLSX, REPORT_SHEET_CSV } ReportSheetFormat;

/* 更新结果-20260305-0910.xlsx; free with g_free(). */
char *report_sheet_name(GDateTime *when, ReportSheetFormat format);
/* Why that may not be the file (another ending than .xlsx and .csv, the name of a table); NULL: it
 * may, and *format is the one by its ending. Constant. */
const char *report_sheet_complaint(const char *path, ReportSheetFormat *format);

/* Makes `name` in `folder` hold it: whole or not at all, durable when TRUE. DISK_ERROR,
 * XLSX_WRITER_ERROR. */
gboolean report_sheet_write(const ReportSheet *sheet, int folder, const char *name,
                            ReportSheetFormat format, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same by a path that report_sheet_complaint() has nothing against. */
gboolean report_sheet_write_path(const ReportSheet *sheet, const char *path,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

#pragma once
/* Number formats, as far as they decide what the clerk sees in a cell: a date, a percentage, 0577
 * with its 0, 元 behind it. A number cell arrives as the text that the CSV of the same sheet would
 * hold, but without thousands commas and without 0s behind the last decimal that counts; dates
 * arrive as 2023-01-05, with just those of year, month and day that are shown. Source: ECMA-376
 * part 1 §18.8.30 (codes, built-in numbers), §18.17.4 (dates, the leap day of 1900). */
#include "db/sheet.h"

typedef enum {
    XLSX_NUMBER,
    XLSX_PERCENT,
    XLSX_DATE,
    XLSX_DISGUISE, /* shown as something else: in 万, with marks between its digits */
} XlsxFormatKind;

typedef enum {
    XLSX_YEAR = 1 << 0,
    XLSX_MONTH = 1 << 1,
    XLSX_DAY = 1 << 2,
    XLSX_TIME = 1 << 3,
} XlsxDatePart;

#define XLSX_AFFIX_MAX 32u

typedef struct {
    XlsxFormatKind kind;
    guint parts;      /* XlsxDatePart */
    guint min_digits; /* before the point */
    char prefix[XLSX_AFFIX_MAX], suffix[XLSX_AFFIX_MAX];
} XlsxFormat;

void xlsx_format_parse(const char *code, XlsxFormat *out);
/* The code of a built-in number as Chinese programs show it; NULL: general. */
const char *xlsx_format_builtin(guint id);

/* Appends what is shown of `value` (a number as XML has it) to `out`. NULL, or what is wrong with
 * the cell; then `value` itself has been appended. `format` NULL: general. */
const SheetComplaint *xlsx_number_text(const XlsxFormat *format, const char *value,
                                       gboolean is_1904, GString *out);

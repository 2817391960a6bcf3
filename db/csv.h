#pragma once
/* RFC 4180 as Excel and WPS write it, in any of our encodings, in blocks of 64 KiB: the Sheet
 * behind sheet_open(SHEET_CSV). A physical line ends with LF, CR LF or CR. A first line `sep=;`
 * names the separator.
 *
 * Quotes are libcsv's business (strict mode: a quote only where RFC 4180 has one). A physical line
 * that holds no quote and lies in no quoted cell is cut at its separators in place, which is the
 * same and three times as fast; csv_reader_set_slow() switches that off, for the test that both
 * agree. */
#include "charset/detect.h"
#include "db/sheet.h"

typedef struct CsvReader CsvReader; /* opaque */

/* Takes `fd` in any case. */
CsvReader *csv_reader_new(int fd, SheetPlausible is_plausible, gpointer data,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void csv_reader_free(CsvReader *reader); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CsvReader, csv_reader_free)

SheetStatus csv_reader_next(CsvReader *reader, SheetRow *row, SheetFault *fault, GError **error);
Charset csv_reader_charset(const CsvReader *reader);
void csv_reader_set_slow(CsvReader *reader, gboolean is_slow);

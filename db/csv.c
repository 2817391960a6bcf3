#include "db/csv.h"

#include "charset/errno_text.h"

#include <csv.h>
#include <errno.h>
#include <unistd.h>

#define BLOCK_LEN  (64u * 1024)
#define FAULTS_MAX 1000u /* broken characters; beyond it the file is not worth reading on */

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

struct CsvReader {
    int fd;
    Converter *converter;
    Charset charset;
    char separator;
    gboolean is_slow;

    guint8 *block;
    gsize block_len; /* octets read ahead by the detection, not yet converted */
    gsize block_at;
    guint64 octets_read;
    guint64 stream_at; /* octets the converter has seen since its last reset */
    guint fault_count;
    gboolean is_end;     /* nothing left to read */
    gboolean is_stopped; /* a fault after which nothing can be told apart any more */

    GString *text; /* converted; `at` is where the next physical line begins */
    gsize at;
    gsize next_lf; /* where the next LF at or after `at` stands; text->len: none yet */
    guint64 line;

    struct csv_parser parser;
    gboolean is_row_done;
    GString *row;  /* the cells libcsv handed over, each NUL-ended */
    GArray *cells; /* SheetCell */
    gboolean is_too_wide;
};

/* ---- octets ---- */

static gboolean read_block(CsvReader *reader, GError **error)
{
    reader->block_at = reader->block_len = 0;
    while (reader->block_len < BLOCK_LEN && !reader->is_end) {
        gssize got =
            read(reader->fd, reader->block + reader->block_len, BLOCK_LEN - reader->block_len);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            g_set_error(error, SHEET_ERROR, SHEET_ERROR_READ,
                        "读到第 %" G_GUINT64_FORMAT " 字节时出错：%s", reader->octets_read,
                        errno_text(errno));
            return FALSE;
        }
        reader->is_end = got == 0;
        reader->block_len += (gsize)got;
        reader->octets_read += (guint64)got;
    }
    if (reader->octets_read <= SHEET_FILE_MAX) return TRUE;
    g_set_error(error, SHEET_ERROR, SHEET_ERROR_TOO_LONG, "文件超过 200 MB");
    return FALSE;
}

/* Where to go on after the broken character that the converter has just met in the block. It may
 * have begun in the block before, whose octets are gone: then this block is read from its start. */
static gsize resume_at(const CsvReader *reader)
{
    gsize unit = reader->charset == CHARSET_UTF16LE || reader->charset == CHARSET_UTF16BE ? 2 : 1;
    guint64 after = converter_fault_offset(reader->converter) + unit;
    if (after <= reader->stream_at) return reader->block_at;
    return (gsize)MIN(reader->block_at + (after - reader->stream_at), reader->block_len);
}

/* Converts what the block holds; each octet that is no character becomes U+FFFD. */
static void convert_block(CsvReader *reader)
{
    for (;;) {
        gsize len = reader->block_len - reader->block_at;
        if (converter_push(reader->converter, reader->block + reader->block_at, len, reader->is_end,
                           reader->text, NULL)) {
            reader->stream_at += len;
            reader->block_at = reader->block_len;
            return;
        }
        g_string_append(reader->text, replacement);
        gboolean is_past = converter_fault_offset(reader->converter) >= reader->stream_at;
        gsize next = resume_at(reader);
        converter_reset(reader->converter);
        reader->stream_at = 0;
        if ((next == reader->block_at && is_past) || ++reader->fault_count > FAULTS_MAX) {
            reader->block_at = reader->block_len;
            return;
        }
        reader->block_at = next;
        if (next == reader->block_len) return;
    }
}

/* Drops what has been handed out and converts one block more. */
static gboolean fill(CsvReader *reader, GError **error)
{
    g_string_erase(reader->text, 0, (gssize)reader->at);
    reader->at = 0;
    if (reader->block_at == reader->block_len && !read_block(reader, error)) return FALSE;
    convert_block(reader);
    reader->next_lf = 0;
    return TRUE;
}

/* ---- opening ---- */

static gboolean plausible_or_sep(const char *first_line, gpointer data)
{
    gpointer *closure = data;
    SheetPlausible is_plausible = (SheetPlausible)(void (*)(void))closure[0];
    return g_ascii_strncasecmp(first_line, "sep=", 4) == 0 || is_plausible(first_line, closure[1]);
}

/* The header alone tells the encodings apart, so the first block suffices; it is cut after a line
 * so that no character is. */
static gboolean detect(CsvReader *reader, SheetPlausible is_plausible, gpointer data,
                       GError **error)
{
    gsize len = reader->block_len;
    if (!reader->is_end)
        while (len > 0 && reader->block[len - 1] != '\n' && reader->block[len - 1] != '\r')
            len--;
    if (len > 0 && len < reader->block_len && reader->block[len] == 0) len++; /* UTF-16LE */
    gpointer closure[2] = { (gpointer)(void (*)(void))is_plausible, data };
    DetectResult found = { 0 };
    if (!(is_plausible && detect_charset(reader->block, len, plausible_or_sep, closure, &found)) &&
        !detect_charset(reader->block, len, NULL, NULL, &found)) {
        g_set_error(error, SHEET_ERROR, SHEET_ERROR_ENCODING, "认不出文字编码，内容是乱码");
        return FALSE;
    }
    reader->charset = found.charset;
    reader->block_at = MIN(found.bom_len, reader->block_len);
    return TRUE;
}

/* Excel's first line `sep=;`, which is no row. */
static gboolean take_separator_line(CsvReader *reader, GError **error)
{
    if (!fill(reader, error)) return FALSE;
    const char *text = reader->text->str;
    gsize quote = text[0] == '"' ? 1 : 0;
    if (reader->text->len < quote + 5 || g_ascii_strncasecmp(text + quote, "sep=", 4) != 0)
        return TRUE;
    char separator = text[quote + 4];
    gsize at = quote + 5;
    if (!strchr(",;\t|", separator) || (quote && text[at++] != '"')) return TRUE;
    if (text[at] == '\r') at++;
    if (text[at] == '\n') at++;
    reader->separator = separator;
    reader->at = at;
    reader->line = 2;
    return TRUE;
}

static int no_space(unsigned char octet)
{
    (void)octet;
    return 0;
}

static void start_parser(CsvReader *reader)
{
    csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
    csv_set_delim(&reader->parser, (unsigned char)reader->separator);
    csv_set_space_func(&reader->parser,
                       no_space); /* spaces are content here; import.c mends them */
}

CsvReader *csv_reader_new(int fd, SheetPlausible is_plausible, gpointer data, GError **error)
{
    g_autoptr(CsvReader) reader = g_new0(CsvReader, 1);
    reader->fd = fd;
    reader->separator = ',';
    reader->line = 1;
    reader->block = g_malloc(BLOCK_LEN);
    reader->text = g_string_sized_new(2 * BLOCK_LEN);
    reader->row = g_string_new(NULL);
    reader->cells = g_array_new(FALSE, FALSE, sizeof(SheetCell));
    if (!read_block(reader, error) || !detect(reader, is_plausible, data, error)) return NULL;
    reader->converter = converter_new(reader->charset, CHARSET_UTF8, error);
    if (!reader->converter || !take_separator_line(reader, error)) return NULL;
    start_parser(reader);
    return g_steal_pointer(&reader);
}

void csv_reader_free(CsvReader *reader)
{
    if (!reader) return;
    csv_free(&reader->parser);
    converter_free(reader->converter);
    if (reader->text) g_string_free(reader->text, TRUE);
    if (reader->row) g_string_free(reader->row, TRUE);
    if (reader->cells) g_array_unref(reader->cells);
    g_free(reader->block);
    close(reader->fd);
    g_free(reader);
}

Charset csv_reader_charset(const CsvReader *reader)
{
    return reader->charset;
}

void csv_reader_set_slow(CsvReader *reader, gboolean is_slow)
{
    reader->is_slow = is_slow;
}

/* ---- physical lines ---- */

/* The line at `at`, without its end, if all of it is there. The place of the next LF is remembered,
 * so that a file whose lines end with CR alone is not searched to the end of the block for each
 * line. */
static gboolean find_line(CsvReader *reader, gsize *len, gsize *end_len)
{
    const char *line = reader->text->str + reader->at;
    gsize rest = reader->text->len - reader->at;
    if (reader->next_lf < reader->at || reader->next_lf == 0) {
        const char *lf = memchr(line, '\n', rest);
        reader->next_lf = lf ? (gsize)(lf - reader->text->str) : reader->text->len;
    }
    gsize limit = reader->next_lf - reader->at;
    const char *cr = memchr(line, '\r', limit);
    if (cr) {
        *len = (gsize)(cr - line);
        *end_len = *len + 1 == limit && limit < rest ? 2 : 1;
        return *len + 1 < rest || reader->is_end; /* an LF may follow */
    }
    *len = limit;
    *end_len = limit < rest ? 1 : 0;
    return limit < rest || (reader->is_end && rest > 0);
}

typedef enum { LINE_FOUND, LINE_NONE, LINE_TOO_LONG, LINE_FAILED } LineStatus;

static LineStatus next_line(CsvReader *reader, gsize *len, gsize *end_len, GError **error)
{
    while (!find_line(reader, len, end_len)) {
        gboolean is_drained = reader->is_end && reader->block_at == reader->block_len;
        if (is_drained) return LINE_NONE;
        if (reader->text->len - reader->at > SHEET_ROW_MAX) return LINE_TOO_LONG;
        if (!fill(reader, error)) return LINE_FAILED;
    }
    return LINE_FOUND;
}

/* ---- rows ---- */

static void add_cell(CsvReader *reader, const char *text, gsize len)
{
    SheetCell cell = { text, len, NULL };
    if (reader->cells->len < SHEET_COLUMNS_MAX)
        g_array_append_val(reader->cells, cell);
    else if (len > 0)
        reader->is_too_wide = TRUE;
}

static void cut_in_place(CsvReader *reader, char *line, gsize len)
{
    char *end = line + len;
    char *from = line;
    for (;;) {
        char *to = memchr(from, reader->separator, (gsize)(end - from));
        if (!to) to = end;
        *to = '\0';
        add_cell(reader, from, (gsize)(to - from));
        if (to == end) return;
        from = to + 1;
    }
}

/* While a row grows, `text` holds the offset; row_cells() turns it into the address. */
static void on_field(void *field, size_t len, void *data)
{
    CsvReader *reader = data;
    gsize offset = reader->row->len;
    g_string_append_len(reader->row, field, (gssize)len);
    g_string_append_c(reader->row, '\0');
    add_cell(reader, (const char *)offset, len);
}

static void on_row(int last, void *data)
{
    (void)last;
    ((CsvReader *)data)->is_row_done = TRUE;
}

static void settle_cells(CsvReader *reader)
{
    for (guint i = 0; i < reader->cells->len; i++) {
        SheetCell *cell = &g_array_index(reader->cells, SheetCell, i);
        cell->text = reader->row->str + (gsize)cell->text;
    }
}

static gboolean feed(CsvReader *reader, const char *text, gsize len)
{
    return csv_parse(&reader->parser, text, len, on_field, on_row, reader) == len;
}

static SheetStatus fault_at(SheetFault *fault, guint64 line, guint column, const char *message,
                            const char *remedy)
{
    *fault = (SheetFault){ line, column, NULL, message, remedy };
    return SHEET_FAULT;
}

static SheetStatus too_long(CsvReader *reader, SheetFault *fault, guint64 line)
{
    reader->is_stopped = TRUE;
    return fault_at(fault, line, 0, "这一行太长（超过 256 KB），后面的内容没有读",
                    "检查这一行有没有多出的引号“\"”，或误粘进来的大段内容");
}

/* The row that begins at `first`, whose quotes libcsv follows from line to line. */
static SheetStatus quoted_row(CsvReader *reader, gsize len, gsize end_len, SheetFault *fault,
                              GError **error)
{
    const guint64 first = reader->line;
    gsize octets = 0;
    g_string_truncate(reader->row, 0);
    reader->is_row_done = FALSE;
    for (;;) {
        const char *line = reader->text->str + reader->at;
        octets += len + end_len;
        gboolean is_fine = feed(reader, line, len) && feed(reader, "\n", 1);
        reader->at += len + end_len;
        guint64 this_line = reader->line++;
        if (!is_fine) {
            guint column = reader->cells->len + 1;
            csv_free(&reader->parser);
            start_parser(reader);
            return fault_at(fault, this_line, column, "引号“\"”用得不对",
                            "有逗号、引号、换行的格子整格用“\"”括起，里面的“\"”写两个；或用表格软件"
                            "重新另存为 CSV");
        }
        if (reader->is_row_done) {
            settle_cells(reader);
            return SHEET_ROW;
        }
        if (octets > SHEET_ROW_MAX) return too_long(reader, fault, first);
        switch (next_line(reader, &len, &end_len, error)) {
        case LINE_FOUND:
            break;
        case LINE_TOO_LONG:
            return too_long(reader, fault, first);
        case LINE_FAILED:
            return SHEET_FAILED;
        case LINE_NONE:
            reader->is_stopped = TRUE;
            return fault_at(fault, first, reader->cells->len + 1,
                            "引号“\"”没有配对，从这里到文件末尾都连成了一格",
                            "在这一格的末尾补上“\"”，或用表格软件重新另存为 CSV");
        }
    }
}

static SheetStatus read_row(CsvReader *reader, gsize len, gsize end_len, SheetFault *fault,
                            GError **error)
{
    char *line = reader->text->str + reader->at;
    g_array_set_size(reader->cells, 0);
    reader->is_too_wide = FALSE;
    gboolean has_quotes = memchr(line, '"', len) != NULL;
    if (len > SHEET_ROW_MAX && has_quotes) return too_long(reader, fault, reader->line);
    if (len <= SHEET_ROW_MAX && (has_quotes || reader->is_slow))
        return quoted_row(reader, len, end_len, fault, error);
    reader->at += len + end_len;
    reader->line++;
    if (len > SHEET_ROW_MAX)
        return fault_at(fault, reader->line - 1, 0, "这一行太长（超过 256 KB）",
                        "检查有没有误粘进来的大段内容");
    cut_in_place(reader, line, len);
    return SHEET_ROW;
}

SheetStatus csv_reader_next(CsvReader *reader, SheetRow *row, SheetFault *fault, GError **error)
{
    gsize len = 0, end_len = 0;
    for (;;) {
        if (reader->is_stopped) return SHEET_END;
        if (reader->fault_count > FAULTS_MAX) {
            reader->is_stopped = TRUE;
            return fault_at(fault, reader->line, 0, "乱码太多，后面的内容没有读",
                            "用表格软件打开原来的表，另存为“CSV UTF-8”");
        }
        LineStatus status = next_line(reader, &len, &end_len, error);
        if (status == LINE_FAILED) return SHEET_FAILED;
        if (status == LINE_NONE) return SHEET_END;
        if (status == LINE_TOO_LONG) return too_long(reader, fault, reader->line);
        if (len > 0) break;
        reader->at += end_len;
        reader->line++;
    }
    guint64 line = reader->line;
    SheetStatus status = read_row(reader, len, end_len, fault, error);
    if (status == SHEET_ROW && reader->is_too_wide)
        return fault_at(fault, line, SHEET_COLUMNS_MAX + 1, "列太多，第 64 列以后还有内容",
                        "删掉多出的列");
    *row = (SheetRow){ line, reader->cells->len, (const SheetCell *)(gpointer)reader->cells->data };
    return status;
}

#include "db/xlsx_writer.h"

#include "charset/errno_text.h"
#include "db/disk.h"
#include "db/sheet.h"
#include "db/zip_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define PATH_LEN         32u
#define TEXT_FORMAT      49   /* @: ECMA-376 part 1 §18.8.30 */
#define LINE_HEIGHT      15.0 /* points */
#define LINES_MAX        27u  /* a row is at most 409 points high */
#define PAPER_WIDTH      220u /* digits that can still be read on a page across */
#define NOTE_LINE_HEIGHT 19   /* pixels */
#define NOTE_LINE_CHARS  20u  /* Chinese ones in NOTE_WIDTH */
#define NOTE_WIDTH       290  /* pixels */

G_DEFINE_QUARK(bianmin_xlsx_writer_error, xlsx_writer_error)

/* What was written, to be found again. */
typedef struct {
    char *name;
    XlsxColumn *columns;
    guint column_count;
    lxw_row_t row_count; /* the header included */
    guint64 cell_count;  /* that are not empty */
} Worksheet;

struct XlsxWriter {
    int fd; /* of the workbook, in memory */
    lxw_workbook *book;
    lxw_format *header, *text, *wrapped;
    lxw_worksheet *sheet; /* the last one */
    GPtrArray *sheets;    /* Worksheet */
    lxw_error fault;      /* the first that the library told */
};

static void worksheet_free(gpointer data)
{
    Worksheet *sheet = data;
    g_free(sheet->name);
    g_free(sheet->columns);
    g_free(sheet);
}

/* The library wants a name. */
static void name_of(const XlsxWriter *writer, char path[PATH_LEN])
{
    g_snprintf(path, PATH_LEN, "/proc/self/fd/%d", writer->fd);
}

static lxw_format *add_format(XlsxWriter *writer)
{
    lxw_format *format = workbook_add_format(writer->book);
    format_set_num_format_index(format, TEXT_FORMAT);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    return format;
}

XlsxWriter *xlsx_writer_new(GError **error)
{
    char path[PATH_LEN];
    lxw_workbook_options options = { .constant_memory = LXW_TRUE };
    g_autoptr(XlsxWriter) writer = g_new0(XlsxWriter, 1);
    writer->sheets = g_ptr_array_new_with_free_func(worksheet_free);
    writer->fd = memfd_create("bianmin-xlsx", MFD_CLOEXEC);
    name_of(writer, path);
    writer->book = writer->fd >= 0 ? workbook_new_opt(path, &options) : NULL;
    if (!writer->book) {
        g_set_error(error, XLSX_WRITER_ERROR, XLSX_WRITER_ERROR_TEMPORARY, "不能生成工作簿：%s",
                    errno_text(writer->fd < 0 ? errno : ENOMEM));
        return NULL;
    }
    writer->text = add_format(writer);
    writer->wrapped = add_format(writer);
    format_set_text_wrap(writer->wrapped);
    writer->header = add_format(writer);
    format_set_bold(writer->header);
    format_set_bg_color(writer->header, 0xDDE8F0);
    format_set_bottom(writer->header, LXW_BORDER_THIN);
    return g_steal_pointer(&writer);
}

void xlsx_writer_free(XlsxWriter *writer)
{
    if (!writer) return;
    if (writer->book) lxw_workbook_free(writer->book);
    if (writer->fd >= 0) close(writer->fd);
    g_ptr_array_unref(writer->sheets);
    g_free(writer);
}

static void note_fault(XlsxWriter *writer, lxw_error code)
{
    if (writer->fault == LXW_NO_ERROR) writer->fault = code;
}

/* ---- texts ---- */

/* _x000D_ stands for the character U+000D (ECMA-376 part 1 §22.9.2.19); who means just these
 * letters writes _x005F_ for the first of them. */
static gboolean looks_escaped(const char *at)
{
    if (at[0] != '_' || at[1] != 'x') return FALSE;
    for (guint i = 2; i < 6; i++)
        if (!g_ascii_isxdigit(at[i])) return FALSE;
    return at[6] == '_';
}

/* The text as XML can hold it; NULL: it can as it is. Free with g_free(). */
static char *mended(const char *text)
{
    gboolean is_fine = g_utf8_validate(text, -1, NULL) && !strstr(text, "\xef\xbf\xbe") &&
                       !strstr(text, "\xef\xbf\xbf") && !strstr(text, "_x");
    if (is_fine) return NULL;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar ch = g_utf8_get_char(at);
        if (looks_escaped(at)) g_string_append(out, "_x005F");
        g_string_append_unichar(out, ch == 0xfffe || ch == 0xffff ? 0xfffd : ch);
    }
    return g_string_free(out, FALSE);
}

static void put_text(XlsxWriter *writer, Worksheet *sheet, guint column, const char *text,
                     lxw_format *format)
{
    if (!*text) return;
    g_autofree char *other = mended(text);
    note_fault(writer, worksheet_write_string(writer->sheet, sheet->row_count, (lxw_col_t)column,
                                              other ? other : text, format));
    sheet->cell_count++;
}

/* ---- a worksheet ---- */

static guint count_lines(const char *note)
{
    guint count = 0;
    g_auto(GStrv) lines = g_strsplit(note, "\n", -1);
    for (char **line = lines; *line; line++)
        count += 1 + (guint)g_utf8_strlen(*line, -1) / NOTE_LINE_CHARS;
    return count;
}

static void put_note(XlsxWriter *writer, guint column, const char *note)
{
    char author[] = "便民查询";
    lxw_comment_options options = {
        .author = author,
        .font_size = 10,
        .width = NOTE_WIDTH,
        .height = (uint16_t)(NOTE_LINE_HEIGHT * (int)(count_lines(note) + 1)),
    };
    note_fault(writer,
               worksheet_write_comment_opt(writer->sheet, 0, (lxw_col_t)column, note, &options));
}

/* What a spreadsheet says to somebody who types something else. It is only advice: the rules are
 * the importer's, and a text that is pasted is not looked at. */
static void put_validation(XlsxWriter *writer, guint column, const XlsxColumn *what)
{
    if (!what->choices && what->max_chars == 0) return;
    char title[] = "便民查询";
    g_autofree char *message = what->choices
                                   ? g_strdup("请点右边的箭头，从列表里选一个。")
                                   : g_strdup_printf("这一格最多 %u 个字。", what->max_chars);
    lxw_data_validation rule = {
        .validate = what->choices ? LXW_VALIDATION_TYPE_LIST : LXW_VALIDATION_TYPE_LENGTH,
        .criteria = LXW_VALIDATION_CRITERIA_LESS_THAN_OR_EQUAL_TO,
        .value_number = what->max_chars,
        .value_list = (char **)what->choices,
        .error_type = LXW_VALIDATION_ERROR_TYPE_STOP,
        .error_title = title,
        .error_message = message,
    };
    note_fault(writer,
               worksheet_data_validation_range(writer->sheet, 1, (lxw_col_t)column,
                                               XLSX_ROWS_MAX - 1, (lxw_col_t)column, &rule));
}

static void put_column(XlsxWriter *writer, Worksheet *sheet, guint column)
{
    const XlsxColumn *what = &sheet->columns[column];
    lxw_col_t at = (lxw_col_t)column;
    note_fault(writer, worksheet_set_column(writer->sheet, at, at, what->width,
                                            what->is_wrapped ? writer->wrapped : writer->text));
    put_text(writer, sheet, column, what->header, writer->header);
    if (what->note) put_note(writer, column, what->note);
    put_validation(writer, column, what);
}

/* On paper: A4, across, the header on each page; the columns beside each other where they can still
 * be read. */
static void set_up_printing(XlsxWriter *writer, const Worksheet *sheet)
{
    enum { A4 = 9 };
    guint width = 0;
    for (guint i = 0; i < sheet->column_count; i++)
        width += sheet->columns[i].width;
    worksheet_set_paper(writer->sheet, A4);
    worksheet_set_landscape(writer->sheet);
    if (width <= PAPER_WIDTH) worksheet_fit_to_pages(writer->sheet, 1, 0);
    note_fault(writer, worksheet_repeat_rows(writer->sheet, 0, 0));
}

void xlsx_writer_add_sheet(XlsxWriter *writer, const char *name, const XlsxColumn *columns,
                           guint column_count)
{
    Worksheet *sheet = g_new0(Worksheet, 1);
    sheet->name = g_strdup(name);
    sheet->columns = g_memdup2(columns, sizeof *columns * column_count);
    sheet->column_count = column_count;
    g_ptr_array_add(writer->sheets, sheet);

    writer->sheet = workbook_add_worksheet(writer->book, name);
    g_assert(writer->sheet != NULL); /* memory, or a name that we made wrong */
    for (guint i = 0; i < column_count; i++)
        put_column(writer, sheet, i);
    sheet->row_count = 1;
    worksheet_freeze_panes(writer->sheet, 1, 0);
    set_up_printing(writer, sheet);
    /* no green corners on numbers that are to be texts */
    note_fault(writer, worksheet_ignore_errors(writer->sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT,
                                               "A1:XFD1048576"));
}

static guint lines_of(const char *text, guint width)
{
    guint line = 0, count = 1;
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        guint wide = g_unichar_iswide(g_utf8_get_char(at)) ? 2 : 1;
        gboolean is_full = line + wide > width;
        if (is_full || *at == '\n') count++;
        line = *at == '\n' ? 0 : is_full ? wide : line + wide;
    }
    return count;
}

/* Not every program makes a row higher by itself when a text in it takes several lines. */
static void set_height(XlsxWriter *writer, const Worksheet *sheet, const char *const *cells)
{
    guint count = 1;
    for (guint i = 0; i < sheet->column_count; i++)
        if (sheet->columns[i].is_wrapped && g_utf8_validate(cells[i], -1, NULL))
            count = MAX(count, lines_of(cells[i], sheet->columns[i].width));
    if (count > 1)
        note_fault(writer, worksheet_set_row(writer->sheet, sheet->row_count,
                                             LINE_HEIGHT * MIN(count, LINES_MAX), NULL));
}

void xlsx_writer_add_row(XlsxWriter *writer, const char *const *cells)
{
    Worksheet *sheet = writer->sheets->pdata[writer->sheets->len - 1];
    if (sheet->row_count >= XLSX_ROWS_MAX) {
        note_fault(writer, LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE);
        return;
    }
    set_height(writer, sheet, cells);
    for (guint i = 0; i < sheet->column_count; i++)
        put_text(writer, sheet, i, cells[i],
                 sheet->columns[i].is_wrapped ? writer->wrapped : writer->text);
    sheet->row_count++;
}

/* ---- finishing ---- */

static gboolean fail(GError **error, XlsxWriterError code, const char *name, const char *message)
{
    g_set_error(error, XLSX_WRITER_ERROR, (int)code, "%s：%s", name, message);
    return FALSE;
}

static gboolean fail_library(GError **error, lxw_error code, const char *name)
{
    if (code == LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE ||
        code == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED)
        return fail(error, XLSX_WRITER_ERROR_TOO_BIG, name, "放不进一张工作表，请用 CSV");
    g_autofree char *message =
        g_strdup_printf("临时文件夹 %s 满了或不能写（%d）", g_get_tmp_dir(), (int)code);
    return fail(error, XLSX_WRITER_ERROR_TEMPORARY, name, message);
}

/* The worksheet by our own reader: FALSE, perhaps with *error, if it has not the cells it got. */
static gboolean has_its_cells(const XlsxWriter *writer, const Worksheet *sheet, GError **error)
{
    char path[PATH_LEN];
    const SheetWanted wanted = { .worksheet = sheet->name };
    SheetStatus status = SHEET_ROW;
    SheetRow row = { 0 };
    SheetFault fault = { 0 };
    guint64 count = 0;
    name_of(writer, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    g_autoptr(Sheet) reader = fd >= 0 ? sheet_open(fd, SHEET_XLSX, &wanted, error) : NULL;
    while (reader && (status = sheet_next_row(reader, &row, &fault, error)) == SHEET_ROW)
        for (guint i = 0; i < row.cell_count; i++)
            count += row.cells[i].len > 0 && !row.cells[i].fault;
    return reader && status == SHEET_END && count == sheet->cell_count;
}

static gboolean reads_back(const XlsxWriter *writer, const char *name, GError **error)
{
    for (guint i = 0; i < writer->sheets->len; i++) {
        g_autoptr(GError) cause = NULL;
        if (has_its_cells(writer, writer->sheets->pdata[i], &cause)) continue;
        gboolean is_over_limit = g_error_matches(cause, SHEET_ERROR, SHEET_ERROR_UNSAFE);
        return fail_library(error,
                            is_over_limit ? LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE
                                          : LXW_ERROR_READING_TMPFILE,
                            name);
    }
    return TRUE;
}

gboolean xlsx_writer_save(XlsxWriter *writer, int folder, const char *name, GError **error)
{
    struct stat status = { 0 };
    lxw_error code = workbook_close(writer->book); /* frees it, whatever comes of it */
    writer->book = NULL;
    if (writer->fault != LXW_NO_ERROR) return fail_library(error, writer->fault, name);
    if (code != LXW_NO_ERROR) return fail_library(error, code, name);
    if (fstat(writer->fd, &status) != 0 || (guint64)status.st_size > ZIP_FILE_MAX)
        return fail(error, XLSX_WRITER_ERROR_TOO_BIG, name, "工作簿超过 50 MB，请用 CSV");
    if (!reads_back(writer, name, error)) return FALSE;

    gsize len = (gsize)status.st_size;
    void *octets = mmap(NULL, len, PROT_READ, MAP_PRIVATE, writer->fd, 0);
    if (octets == MAP_FAILED) return disk_fail(error, DISK_ERROR_WRITE, errno, name);
    gboolean is_written = disk_replace(folder, name, octets, len, 0644, error);
    munmap(octets, len);
    return is_written;
}

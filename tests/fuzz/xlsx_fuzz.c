/* Any octets as a workbook, in two ways: as the file itself, or (first octet odd) as its parts,
 * separated by NUL octets, in a ZIP file that is whole, so that the XML is reached: worksheet,
 * shared strings, styles, workbook, relationships; what is lacking is a plain one. Each row comes
 * in order and within its limits, each cell is valid UTF-8; a result or an error, never both; and
 * it ends. */
#include "db/sheet.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

#define MAIN   "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define RELS   "http://schemas.openxmlformats.org/package/2006/relationships"

static const struct {
    const char *name, *text;
} parts[] = {
    { "xl/s.xml", "<worksheet xmlns='" MAIN "'/>" },
    { "xl/t.xml", "<sst xmlns='" MAIN "'/>" },
    { "xl/f.xml", "<styleSheet xmlns='" MAIN "'/>" },
    { "xl/w.xml", "<workbook xmlns='" MAIN "' xmlns:r='" OFFICE "'><sheets>"
                  "<sheet name='a' r:id='a'/></sheets></workbook>" },
    { "xl/_rels/w.xml.rels", "<Relationships xmlns='" RELS "'><Relationship Id='a' Type='" OFFICE
                             "/worksheet' Target='s.xml'/><Relationship Id='b' Type='" OFFICE
                             "/sharedStrings' Target='t.xml'/><Relationship Id='c' Type='" OFFICE
                             "/styles' Target='f.xml'/></Relationships>" },
    { "_rels/.rels", "<Relationships xmlns='" RELS "'><Relationship Id='a' Type='" OFFICE
                     "/officeDocument' Target='xl/w.xml'/></Relationships>" },
};

/* ---- a ZIP file of stored parts ---- */

static guint32 crc_of(const guint8 *octets, gsize len)
{
    guint32 crc = ~0u;
    for (gsize i = 0; i < len; i++) {
        crc ^= octets[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

static void put(GByteArray *out, guint64 value, guint octets)
{
    for (guint i = 0; i < octets; i++, value >>= 8)
        g_byte_array_append(out, &(guint8){ (guint8)value }, 1);
}

/* What local and central header have in common. */
static void put_facts(GByteArray *out, const char *name, const guint8 *octets, gsize len)
{
    put(out, 20, 2);    /* version */
    put(out, 0x800, 2); /* names are UTF-8 */
    put(out, 0, 2);     /* stored */
    put(out, 0x21, 4);  /* time and date */
    put(out, crc_of(octets, len), 4);
    put(out, len, 4);
    put(out, len, 4);
    put(out, strlen(name), 2);
    put(out, 0, 2);
}

static void add_part(GByteArray *file, GByteArray *directory, const char *name,
                     const guint8 *octets, gsize len)
{
    put(directory, 0x02014b50, 4);
    put(directory, 20, 2);
    put_facts(directory, name, octets, len);
    put(directory, 0, 10);
    put(directory, file->len, 4);
    g_byte_array_append(directory, (const guint8 *)name, (guint)strlen(name));
    put(file, 0x04034b50, 4);
    put_facts(file, name, octets, len);
    g_byte_array_append(file, (const guint8 *)name, (guint)strlen(name));
    g_byte_array_append(file, octets, (guint)len);
}

static GByteArray *zip_of_parts(const guint8 *data, gsize size)
{
    GByteArray *file = g_byte_array_new();
    g_autoptr(GByteArray) directory = g_byte_array_new();
    const guint8 *end = data + size;
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        gboolean is_given = data < end && i + 1 < G_N_ELEMENTS(parts);
        const guint8 *nul = is_given ? memchr(data, 0, (gsize)(end - data)) : NULL;
        gsize len = is_given ? (gsize)((nul ? nul : end) - data) : 0;
        if (len > 0)
            add_part(file, directory, parts[i].name, data, len);
        else
            add_part(file, directory, parts[i].name, (const guint8 *)parts[i].text,
                     strlen(parts[i].text));
        data += is_given ? len + (nul ? 1 : 0) : 0;
    }
    guint32 at = file->len;
    g_byte_array_append(file, directory->data, directory->len);
    put(file, 0x06054b50, 4);
    put(file, 0, 4);
    put(file, G_N_ELEMENTS(parts), 2);
    put(file, G_N_ELEMENTS(parts), 2);
    put(file, directory->len, 4);
    put(file, at, 4);
    put(file, 0, 2);
    return file;
}

/* ---- reading ---- */

static int file_of(const guint8 *data, gsize size)
{
    int fd = memfd_create("book", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (gssize)size || lseek(fd, 0, SEEK_SET) != 0) abort();
    return fd;
}

static void check_row(const SheetRow *row)
{
    g_assert_cmpuint(row->cell_count, <=, SHEET_COLUMNS_MAX);
    g_assert_cmpuint(row->line, <=, 1048576);
    for (guint i = 0; i < row->cell_count; i++) {
        const SheetCell *cell = &row->cells[i];
        g_assert_true(cell->text[cell->len] == '\0');
        for (gsize at = 0; at < cell->len; at += strlen(cell->text + at) + 1)
            g_assert_true(g_utf8_validate(cell->text + at, -1, NULL));
        g_assert_true(!cell->fault || (cell->fault->message && cell->fault->remedy));
    }
}

static void read_all(int fd)
{
    static const char *const columns[] = { "编号", "名称" };
    static const SheetWanted wanted = { columns, G_N_ELEMENTS(columns), NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(Sheet) sheet = sheet_open(fd, SHEET_XLSX, &wanted, &error);
    g_assert_true((sheet == NULL) == (error != NULL));
    guint64 line = 0;
    SheetStatus status = sheet ? SHEET_ROW : SHEET_END;
    while (status == SHEET_ROW || status == SHEET_FAULT) {
        SheetRow row = { 0 };
        SheetFault fault = { 0 };
        status = sheet_next_row(sheet, &row, &fault, &error);
        g_assert_true((status == SHEET_FAILED) == (error != NULL));
        if (status == SHEET_ROW) {
            g_assert_cmpuint(row.line, >, line);
            line = row.line;
            check_row(&row);
        } else if (status == SHEET_FAULT) {
            g_assert_true(fault.message && fault.remedy && fault.line >= 1);
        }
    }
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size == 0) return 0;
    if (data[0] % 2 == 0) {
        read_all(file_of(data + 1, size - 1));
        return 0;
    }
    g_autoptr(GByteArray) file = zip_of_parts(data + 1, size - 1);
    read_all(file_of(file->data, file->len));
    return 0;
}

#include "db/zip_archive.h"

#include <unistd.h>
#include <zip.h>

#include "db/sheet.h"
#include "db/zip_directory.h"

struct ZipArchive {
    zip_t *zip;
    GArray *entries; /* ZipEntry */
    guint64 inflated;
};

struct ZipStream {
    ZipArchive *archive;
    zip_file_t *file;
    guint64 left; /* octets that may still come */
};

/* libzip's reason: the medium's or the file's. */
static void set_error(const zip_error_t *reason, GError **error)
{
    int code = zip_error_code_zip(reason);
    if (code == ZIP_ER_READ || code == ZIP_ER_SEEK || code == ZIP_ER_TELL)
        g_set_error_literal(error, SHEET_ERROR, SHEET_ERROR_READ, "读文件时出错");
    else if (code == ZIP_ER_CRC)
        g_set_error_literal(error, SHEET_ERROR, SHEET_ERROR_DAMAGED,
                            "文件坏了，内容和校验码对不上");
    else
        g_set_error_literal(error, SHEET_ERROR, SHEET_ERROR_DAMAGED, "文件坏了或没有复制完");
}

static gboolean is_same_entry(zip_t *zip, guint index, const ZipEntry *entry)
{
    const zip_uint64_t wanted =
        ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_CRC | ZIP_STAT_COMP_METHOD;
    zip_stat_t seen;
    zip_stat_init(&seen);
    return zip_stat_index(zip, index, ZIP_FL_ENC_RAW, &seen) == 0 &&
           (seen.valid & wanted) == wanted && strcmp(seen.name, entry->name) == 0 &&
           seen.size == entry->len && seen.comp_size == entry->packed_len &&
           seen.crc == entry->crc && seen.comp_method == entry->method;
}

static gboolean is_same_directory(const ZipArchive *archive)
{
    zip_int64_t count = zip_get_num_entries(archive->zip, 0);
    gboolean is_same = count == archive->entries->len;
    for (guint i = 0; is_same && i < archive->entries->len; i++)
        is_same = is_same_entry(archive->zip, i, &g_array_index(archive->entries, ZipEntry, i));
    return is_same;
}

static zip_t *open_zip(int fd, GError **error)
{
    int code = 0;
    zip_t *zip = zip_fdopen(fd, ZIP_CHECKCONS, &code);
    if (zip) return zip;
    zip_error_t reason;
    zip_error_init_with_code(&reason, code);
    set_error(&reason, error);
    zip_error_fini(&reason);
    close(fd); /* libzip keeps it only when all went well */
    return NULL;
}

ZipArchive *zip_archive_open(int fd, GError **error)
{
    g_autoptr(ZipArchive) archive = g_new0(ZipArchive, 1);
    archive->entries = zip_directory_read(fd, error);
    if (!archive->entries) {
        close(fd);
        return NULL;
    }
    archive->zip = open_zip(fd, error);
    if (!archive->zip) return NULL;
    if (is_same_directory(archive)) return g_steal_pointer(&archive);
    g_set_error_literal(error, SHEET_ERROR, SHEET_ERROR_DAMAGED, "文件坏了，目录前后不一");
    return NULL;
}

void zip_archive_close(ZipArchive *archive)
{
    if (!archive) return;
    if (archive->zip) zip_discard(archive->zip);
    if (archive->entries) g_array_unref(archive->entries);
    g_free(archive);
}

static gint64 find(const ZipArchive *archive, const char *name)
{
    for (guint i = 0; i < archive->entries->len; i++)
        if (g_ascii_strcasecmp(g_array_index(archive->entries, ZipEntry, i).name, name) == 0)
            return i;
    return -1;
}

gboolean zip_archive_has(const ZipArchive *archive, const char *name)
{
    return find(archive, name) >= 0;
}

ZipStream *zip_stream_open(ZipArchive *archive, const char *name, guint64 max, GError **error)
{
    gint64 index = find(archive, name);
    if (index < 0) {
        g_set_error(error, SHEET_ERROR, SHEET_ERROR_DAMAGED, "文件坏了，里面缺“%s”", name);
        return NULL;
    }
    const ZipEntry *entry = &g_array_index(archive->entries, ZipEntry, index);
    if (entry->len > max) {
        g_set_error(error, SHEET_ERROR, SHEET_ERROR_UNSAFE, "里面的“%s”太大", name);
        return NULL;
    }
    g_autoptr(ZipStream) stream = g_new0(ZipStream, 1);
    stream->archive = archive;
    stream->left = entry->len;
    stream->file = zip_fopen_index(archive->zip, (zip_uint64_t)index, 0);
    if (stream->file) return g_steal_pointer(&stream);
    set_error(zip_get_error(archive->zip), error);
    return NULL;
}

void zip_stream_close(ZipStream *stream)
{
    if (!stream) return;
    if (stream->file) zip_fclose(stream->file);
    g_free(stream);
}

gssize zip_stream_read(ZipStream *stream, void *out, gsize len, GError **error)
{
    zip_int64_t got = zip_fread(stream->file, out, len);
    if (got < 0) {
        set_error(zip_file_get_error(stream->file), error);
        return -1;
    }
    if ((guint64)got > stream->left || (got == 0 && stream->left > 0)) {
        g_set_error_literal(error, SHEET_ERROR, SHEET_ERROR_DAMAGED,
                            "文件坏了，内容的长度和目录对不上");
        return -1;
    }
    stream->left -= (guint64)got;
    stream->archive->inflated += (guint64)got;
    if (stream->archive->inflated <= ZIP_INFLATED_MAX) return (gssize)got;
    g_set_error_literal(error, SHEET_ERROR, SHEET_ERROR_UNSAFE, "里面的内容展开后超过 256 MB");
    return -1;
}

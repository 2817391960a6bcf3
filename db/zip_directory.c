#include "db/zip_directory.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "charset/errno_text.h"
#include "db/sheet.h"

enum { END_LEN = 22, CENTRAL_LEN = 46, LOCAL_LEN = 30, NAME_MAX_LEN = 512 };
enum { FLAG_ENCRYPTED = 1 << 0, FLAG_DESCRIPTOR = 1 << 3, FLAG_STRONG = 1 << 6 };
#define DIRECTORY_MAX (4u * 1024 * 1024)
#define SMALL_LEN     (1024u * 1024) /* below it any ratio is harmless */
#define RATIO_MAX     200u
#define IN_EXTRA      0xffffffffu /* the size stands in the ZIP64 field */

static guint16 get16(const guint8 *at)
{
    return (guint16)(at[0] | at[1] << 8);
}

static guint32 get32(const guint8 *at)
{
    return get16(at) | (guint32)get16(at + 2) << 16;
}

static guint64 get64(const guint8 *at)
{
    return get32(at) | (guint64)get32(at + 4) << 32;
}

static gboolean refuse(GError **error, SheetError code, const char *message)
{
    g_set_error_literal(error, SHEET_ERROR, (int)code, message);
    return FALSE;
}

static gboolean damaged(GError **error)
{
    return refuse(error, SHEET_ERROR_DAMAGED, "文件坏了或没有复制完");
}

static gboolean read_at(int fd, guint64 offset, guint8 *out, gsize len, GError **error)
{
    for (gsize have = 0; have < len;) {
        gssize got = pread(fd, out + have, len - have, (off_t)(offset + have));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            g_set_error(error, SHEET_ERROR, SHEET_ERROR_READ, "读文件时出错：%s",
                        errno_text(errno));
            return FALSE;
        }
        if (got == 0) return damaged(error);
        have += (gsize)got;
    }
    return TRUE;
}

/* ---- one entry ---- */

static void clear_entry(gpointer data)
{
    g_free(((ZipEntry *)data)->name);
}

static gboolean is_safe_name(const char *name, gsize len)
{
    if (len == 0 || memchr(name, '\0', len) || !g_utf8_validate(name, (gssize)len, NULL))
        return FALSE;
    if (name[0] == '/' || strchr(name, '\\')) return FALSE;
    g_auto(GStrv) parts = g_strsplit(name, "/", -1);
    return !g_strv_contains((const char *const *)parts, "..");
}

/* Replaces a size that stands in the ZIP64 field (APPNOTE §4.5.3): *at goes on behind it. */
static gboolean widen(guint64 *size, const guint8 **at, const guint8 *end)
{
    if (*size != IN_EXTRA) return TRUE;
    if (!*at || end - *at < 8) return FALSE;
    *size = get64(*at);
    *at += 8;
    return TRUE;
}

/* The ZIP64 field among the extra ones, *field_end behind it; NULL: there is none. */
static const guint8 *find_zip64(const guint8 *extra, gsize len, const guint8 **field_end)
{
    enum { ID_ZIP64 = 1, HEAD_LEN = 4 };
    const guint8 *end = extra + len;
    for (const guint8 *at = extra; end - at >= HEAD_LEN; at = *field_end) {
        gsize field_len = get16(at + 2);
        if (field_len > (gsize)(end - at) - HEAD_LEN) return NULL;
        *field_end = at + HEAD_LEN + field_len;
        if (get16(at) == ID_ZIP64) return at + HEAD_LEN;
    }
    return NULL;
}

static gboolean read_zip64(const guint8 *extra, gsize len, guint64 *unpacked, guint64 *packed)
{
    const guint8 *field_end = NULL;
    const guint8 *field = find_zip64(extra, len, &field_end);
    return widen(unpacked, &field, field_end) && widen(packed, &field, field_end);
}

static gboolean check_sizes(const ZipEntry *entry, guint64 *total, GError **error)
{
    *total += MIN(entry->len, ZIP_INFLATED_MAX + 1);
    if (entry->packed_len > ZIP_FILE_MAX) return damaged(error);
    if (*total > ZIP_INFLATED_MAX)
        return refuse(error, SHEET_ERROR_UNSAFE, "里面的内容展开后超过 256 MB");
    if (entry->len > SMALL_LEN && entry->len / RATIO_MAX > entry->packed_len)
        return refuse(error, SHEET_ERROR_UNSAFE, "压缩得太厉害，不像表格");
    return TRUE;
}

/* One entry of the directory at *at. */
static gboolean take_central(const guint8 **at, const guint8 *end, ZipEntry *entry, GError **error)
{
    const guint8 *head = *at;
    if (end - head < CENTRAL_LEN || get32(head) != 0x02014b50) return damaged(error);
    gsize name_len = get16(head + 28), extra_len = get16(head + 30), comment_len = get16(head + 32);
    const char *name = (const char *)head + CENTRAL_LEN;
    if ((gsize)(end - head) - CENTRAL_LEN < name_len + extra_len + comment_len)
        return damaged(error);
    g_autofree char *copy = g_strndup(name, name_len);
    if (name_len > NAME_MAX_LEN || !is_safe_name(copy, name_len) || strlen(copy) != name_len)
        return refuse(error, SHEET_ERROR_UNSAFE, "里面有不合规矩的文件名");
    if (get16(head + 8) & (FLAG_ENCRYPTED | FLAG_STRONG))
        return refuse(error, SHEET_ERROR_FORMAT, "文件加了密码");
    *entry = (ZipEntry){ .method = get16(head + 10),
                         .crc = get32(head + 16),
                         .packed_len = get32(head + 20),
                         .len = get32(head + 24),
                         .local_at = get32(head + 42) };
    if (entry->method != 0 && entry->method != 8)
        return refuse(error, SHEET_ERROR_FORMAT, "压缩方法不是表格软件用的");
    if (!read_zip64((const guint8 *)name + name_len, extra_len, &entry->len, &entry->packed_len))
        return damaged(error);
    if (entry->method == 0 && entry->len != entry->packed_len) return damaged(error);
    entry->name = g_steal_pointer(&copy);
    *at = head + CENTRAL_LEN + name_len + extra_len + comment_len;
    return TRUE;
}

/* What a local header says may be left to the descriptor behind the data, then it is 0. */
static gboolean agrees(guint64 local, guint64 central, guint flags)
{
    return local == central || (local == 0 && (flags & FLAG_DESCRIPTOR));
}

/* The local header says the same; *data_end is where the entry's data ends. */
static gboolean check_local(int fd, const ZipEntry *entry, guint64 *data_end, GError **error)
{
    guint8 head[LOCAL_LEN];
    if (!read_at(fd, entry->local_at, head, sizeof head, error)) return FALSE;
    gsize name_len = get16(head + 26), extra_len = get16(head + 28);
    guint flags = get16(head + 6);
    if (get32(head) != 0x04034b50 || name_len != strlen(entry->name) ||
        get16(head + 8) != entry->method || ((flags & FLAG_ENCRYPTED) != 0))
        return damaged(error);
    g_autofree guint8 *rest = g_malloc0(name_len + extra_len + 1);
    if (!read_at(fd, entry->local_at + LOCAL_LEN, rest, name_len + extra_len, error)) return FALSE;
    guint64 len = get32(head + 22), packed_len = get32(head + 18);
    if (memcmp(rest, entry->name, name_len) != 0 ||
        !read_zip64(rest + name_len, extra_len, &len, &packed_len) ||
        !agrees(get32(head + 14), entry->crc, flags) || !agrees(len, entry->len, flags) ||
        !agrees(packed_len, entry->packed_len, flags))
        return damaged(error);
    *data_end = entry->local_at + LOCAL_LEN + name_len + extra_len + entry->packed_len;
    return TRUE;
}

/* ---- the whole ---- */

typedef struct {
    guint64 at, len; /* of the directory */
    guint count;
} Directory;

/* The end record: the last thing in the file but for its comment. */
static gboolean find_directory(int fd, guint64 size, Directory *out, GError **error)
{
    gsize len = (gsize)MIN(size, END_LEN + 65535u);
    g_autofree guint8 *tail = g_malloc0(len + 1);
    if (size < END_LEN) return damaged(error);
    if (!read_at(fd, size - len, tail, len, error)) return FALSE;
    gsize at = len - END_LEN;
    while (get32(tail + at) != 0x06054b50 || at + END_LEN + get16(tail + at + 20) != len)
        if (at-- == 0) return damaged(error);
    const guint8 *end = tail + at;
    *out = (Directory){ get32(end + 16), get32(end + 12), get16(end + 10) };
    if (out->count > ZIP_ENTRIES_MAX)
        return refuse(error, SHEET_ERROR_UNSAFE, "里面的文件超过 1000 个");
    if (get16(end + 4) != 0 || get16(end + 6) != 0 || get16(end + 8) != out->count ||
        out->len > DIRECTORY_MAX || out->at + out->len != size - len + at)
        return damaged(error);
    return TRUE;
}

static gboolean read_entries(int fd, const Directory *directory, GArray *entries, GError **error)
{
    g_autofree guint8 *octets = g_malloc0(directory->len + 1);
    if (!read_at(fd, directory->at, octets, (gsize)directory->len, error)) return FALSE;
    const guint8 *at = octets, *end = octets + directory->len;
    guint64 total = 0;
    for (guint i = 0; i < directory->count; i++) {
        ZipEntry entry = { 0 };
        if (!take_central(&at, end, &entry, error)) return FALSE;
        g_array_append_val(entries, entry);
        if (!check_sizes(&entry, &total, error)) return FALSE;
    }
    return at == end || damaged(error);
}

static gboolean check_names(const GArray *entries, GError **error)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < entries->len; i++)
        if (!g_hash_table_add(names, g_utf8_casefold(g_array_index(entries, ZipEntry, i).name, -1)))
            return refuse(error, SHEET_ERROR_UNSAFE, "里面有两个同名的文件");
    return TRUE;
}

typedef struct {
    guint64 from, to;
} Extent;

static int compare_extents(gconstpointer a, gconstpointer b)
{
    const Extent *one = a, *other = b;
    return one->from < other->from ? -1 : one->from > other->from;
}

static gboolean check_extents(int fd, const Directory *directory, const GArray *entries,
                              GError **error)
{
    g_autoptr(GArray) extents = g_array_new(FALSE, FALSE, sizeof(Extent));
    for (guint i = 0; i < entries->len; i++) {
        const ZipEntry *entry = &g_array_index(entries, ZipEntry, i);
        Extent extent = { entry->local_at, 0 };
        if (!check_local(fd, entry, &extent.to, error)) return FALSE;
        g_array_append_val(extents, extent);
    }
    g_array_sort(extents, compare_extents);
    for (guint i = 0; i < extents->len; i++) {
        guint64 limit =
            i + 1 < extents->len ? g_array_index(extents, Extent, i + 1).from : directory->at;
        if (g_array_index(extents, Extent, i).to > limit)
            return refuse(error, SHEET_ERROR_UNSAFE, "里面的文件互相重叠");
    }
    return TRUE;
}

GArray *zip_directory_read(int fd, GError **error)
{
    struct stat status = { 0 };
    Directory directory = { 0 };
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(ZipEntry));
    g_array_set_clear_func(entries, clear_entry);
    if (fstat(fd, &status) != 0) {
        g_set_error(error, SHEET_ERROR, SHEET_ERROR_READ, "读文件时出错：%s", errno_text(errno));
        return NULL;
    }
    if ((guint64)status.st_size > ZIP_FILE_MAX) {
        refuse(error, SHEET_ERROR_UNSAFE, "工作簿超过 50 MB");
        return NULL;
    }
    if (!find_directory(fd, (guint64)status.st_size, &directory, error) ||
        !read_entries(fd, &directory, entries, error) || !check_names(entries, error) ||
        !check_extents(fd, &directory, entries, error))
        return NULL;
    return g_steal_pointer(&entries);
}

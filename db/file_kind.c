#include "db/file_kind.h"

#include <string.h>
#include <unistd.h>

enum { HEAD_LEN = 512, SECTORS_LEN = 16 * 1024 };

static gsize read_at(int fd, guint64 offset, guint8 *out, gsize len)
{
    gssize got = pread(fd, out, len, (off_t)offset);
    return got > 0 ? (gsize)got : 0;
}

static gboolean begins(const guint8 *head, gsize len, const char *magic)
{
    return len >= strlen(magic) && memcmp(head, magic, strlen(magic)) == 0;
}

/* Whether the folder of a compound file names the stream in which an encrypted workbook lies. */
static gboolean is_locked(int fd, const guint8 *head)
{
    static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    const guint shift = head[30] <= 12 ? head[30] : 9; /* of the sector's length */
    const guint64 sector =
        head[48] | (guint64)head[49] << 8 | (guint64)head[50] << 16 | (guint64)head[51] << 24;
    g_autofree guint8 *folder = g_malloc(SECTORS_LEN);
    gsize len = read_at(fd, (sector + 1) << shift, folder, SECTORS_LEN);
    return memmem(folder, len, name, sizeof name - 1) != NULL;
}

static gboolean is_markup(const guint8 *head, gsize len)
{
    gsize at = begins(head, len, "\xef\xbb\xbf") ? 3 : 0;
    while (at < len && g_ascii_isspace(head[at]))
        at++;
    return at + 1 < len && head[at] == '<' &&
           (g_ascii_isalpha(head[at + 1]) || head[at + 1] == '!' || head[at + 1] == '?');
}

FileKind file_kind_of(int fd)
{
    guint8 head[HEAD_LEN] = { 0 };
    gsize len = read_at(fd, 0, head, sizeof head);
    if (len == 0) return FILE_KIND_EMPTY;
    if (begins(head, len, "PK\3\4") || begins(head, len, "PK\5\6")) return FILE_KIND_ZIP;
    if (begins(head, len, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
        return is_locked(fd, head) ? FILE_KIND_LOCKED : FILE_KIND_OLD;
    if (begins(head, len, "%PDF-")) return FILE_KIND_PDF;
    return is_markup(head, len) ? FILE_KIND_MARKUP : FILE_KIND_TEXT;
}

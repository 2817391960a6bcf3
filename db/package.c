#include "db/package.h"

#include "db/stick_name.h"
#include "db/store.h"

#include <sodium.h>

#define FIRST_LINE  "bianmin-package 1\n"
#define VERSION_MAX 999999u
#define HEX         "0123456789abcdef"
#define ID_DIGITS   (PACKAGE_ID_HEX - 1)

G_DEFINE_QUARK(bianmin_package_error, package_error)

static gboolean fail_format(GError **error, const char *why)
{
    g_set_error(error, PACKAGE_ERROR, PACKAGE_ERROR_FORMAT, "更新包不能用：%s", why);
    return FALSE;
}

/* ---- the header ---- */

typedef struct {
    const char *at, *end;
} Cursor;

/* "NAME value\n": the value, as a copy of less than `size` octets in `out`. */
static gboolean take_line(Cursor *cursor, const char *name, char *out, gsize size)
{
    gsize name_len = strlen(name), left = (gsize)(cursor->end - cursor->at);
    if (left <= name_len + 1 || memcmp(cursor->at, name, name_len) != 0 ||
        cursor->at[name_len] != ' ')
        return FALSE;
    const char *value = cursor->at + name_len + 1;
    const char *stop = memchr(value, '\n', (gsize)(cursor->end - value));
    if (!stop || (gsize)(stop - value) >= size) return FALSE;
    memcpy(out, value, (gsize)(stop - value));
    out[stop - value] = '\0';
    cursor->at = stop + 1;
    return TRUE;
}

static gboolean take_number(Cursor *cursor, const char *name, guint64 max, guint64 *number)
{
    char text[21];
    return take_line(cursor, name, text, sizeof text) &&
           g_ascii_string_to_unsigned(text, 10, 1, max, number, NULL);
}

static gboolean take_id(Cursor *cursor, const char *name, char id[PACKAGE_ID_HEX])
{
    return take_line(cursor, name, id, PACKAGE_ID_HEX) && strspn(id, HEX) == ID_DIGITS &&
           id[ID_DIGITS] == '\0';
}

static gboolean take_time(Cursor *cursor, char created[PACKAGE_TIME_LEN])
{
    if (!take_line(cursor, "created", created, PACKAGE_TIME_LEN)) return FALSE;
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(created, NULL);
    g_autofree char *again = time ? g_date_time_format(time, "%FT%T%:z") : NULL;
    return g_strcmp0(again, created) == 0;
}

static gboolean take_sheets(Cursor *cursor, PackageManifest *manifest)
{
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++) {
        g_autofree char *name = g_strconcat("sheet ", content_sheets[i].file, NULL);
        if (!take_number(cursor, name, PACKAGE_FILE_MAX, &manifest->lens[i])) return FALSE;
    }
    return cursor->at < cursor->end && *cursor->at++ == '\n';
}

static gboolean take_manifest(Cursor *cursor, PackageManifest *manifest)
{
    guint64 version = 0, schema = 0;
    if (!take_number(cursor, "version", VERSION_MAX, &version) ||
        !take_id(cursor, "key", manifest->key) || !take_id(cursor, "digest", manifest->digest) ||
        !take_time(cursor, manifest->created) ||
        !take_number(cursor, "schema", G_MAXINT32, &schema))
        return FALSE;
    manifest->version = (guint)version;
    manifest->schema = (guint)schema;
    return TRUE;
}

/* There is one way to write it: what does not read back to the same octets is refused. */
static gboolean is_canonical(const PackageManifest *manifest, const char *octets, gsize len)
{
    gsize again_len = 0;
    g_autofree char *again = package_format(manifest, &again_len);
    return again_len == len && memcmp(again, octets, len) == 0;
}

gboolean package_parse(const char *octets, gsize len, PackageManifest *manifest, gsize *header_len,
                       GError **error)
{
    Cursor cursor = { octets, octets + MIN(len, PACKAGE_HEADER_MAX) };
    *manifest = (PackageManifest){ 0 };
    if (len < strlen(FIRST_LINE) || memcmp(octets, FIRST_LINE, strlen(FIRST_LINE)) != 0)
        return fail_format(error, "这不是便民查询的更新包");
    cursor.at += strlen(FIRST_LINE);
    if (!take_manifest(&cursor, manifest)) return fail_format(error, "开头的说明已损坏");
    if (manifest->schema != CATALOGUE_SCHEMA_VERSION) {
        g_set_error(error, PACKAGE_ERROR, PACKAGE_ERROR_NEWER,
                    "更新包是给别的版本的程序做的（数据格式第 %u 版，本程序是第 %d 版），"
                    "请把两边的程序升到同一版",
                    manifest->schema, CATALOGUE_SCHEMA_VERSION);
        return FALSE;
    }
    if (!take_sheets(&cursor, manifest) ||
        !is_canonical(manifest, octets, (gsize)(cursor.at - octets)))
        return fail_format(error, "开头的说明已损坏");
    *header_len = (gsize)(cursor.at - octets);
    return TRUE;
}

char *package_format(const PackageManifest *manifest, gsize *len)
{
    GString *text = g_string_new(FIRST_LINE);
    g_string_append_printf(text, "version %u\nkey %s\ndigest %s\ncreated %s\nschema %u\n",
                           manifest->version, manifest->key, manifest->digest, manifest->created,
                           manifest->schema);
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        g_string_append_printf(text, "sheet %s %" G_GUINT64_FORMAT "\n", content_sheets[i].file,
                               manifest->lens[i]);
    g_string_append_c(text, '\n');
    *len = text->len;
    return g_string_free(text, FALSE);
}

/* ---- names ---- */

char *package_name(guint version)
{
    return g_strdup_printf(STICK_NAME_PACKAGE "%06u.bmp", version);
}

static char *find_in(const char *folder)
{
    guint highest = 0;
    char *found = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *folded = stick_name_fold(name);
        guint number = stick_name_package(folded);
        if (number <= highest) continue;
        highest = number;
        g_free(found);
        found = g_build_filename(folder, name, NULL);
    }
    return found;
}

char *package_find(const char *path)
{
    gsize len = strlen(path);
    if (!g_file_test(path, G_FILE_TEST_IS_DIR))
        return len > 4 && g_ascii_strcasecmp(path + len - 4, ".bmp") == 0 ? g_strdup(path) : NULL;
    g_autofree char *below = g_build_filename(path, STICK_NAME_SUBFOLDER, NULL);
    char *found = find_in(path);
    return found ? found : find_in(below);
}

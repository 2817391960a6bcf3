#include "db/pointer.h"

#include "db/store.h"

#include <json-glib/json-glib.h>

#define POINTER_MAX 1024

G_DEFINE_QUARK(bianmin_pointer_error, pointer_error)

char *pointer_content_name(guint number)
{
    return g_strdup_printf("content/content-%06u.db", number);
}

char *pointer_format(const Pointer *pointer, gsize *len)
{
    g_autofree char *line = g_strdup_printf(
        "{\"v\":1,\"content\":%u,\"content_b2\":\"%s\",\"digest\":\"%s\",\"personal\":null,"
        "\"personal_b2\":null,\"schema\":%u,\"published\":\"%s\",\"prev\":%u,\"last\":%u}",
        pointer->content, pointer->content_b2, pointer->digest, pointer->schema, pointer->published,
        pointer->prev, pointer->last);
    char hash[33];
    disk_short_digest(line, strlen(line), hash);
    char *text = g_strconcat(line, "\n\n", hash, "\n", NULL);
    *len = strlen(text);
    return text;
}

static gboolean is_hex(const char *text, gsize len)
{
    return strlen(text) == len && strspn(text, "0123456789abcdef") == len;
}

static gboolean take_number(JsonObject *object, const char *name, guint *out)
{
    JsonNode *node = json_object_get_member(object, name);
    if (!node || json_node_get_value_type(node) != G_TYPE_INT64) return FALSE;
    gint64 number = json_node_get_int(node);
    *out = (guint)CLAMP(number, 0, POINTER_NUMBER_MAX);
    return number >= 0 && number <= POINTER_NUMBER_MAX;
}

static gboolean take_text(JsonObject *object, const char *name, char *out, gsize size)
{
    JsonNode *node = json_object_get_member(object, name);
    if (!node || json_node_get_value_type(node) != G_TYPE_STRING) return FALSE;
    return g_strlcpy(out, json_node_get_string(node), size) < size;
}

static gboolean take_fields(JsonObject *object, Pointer *out)
{
    if (!take_number(object, "content", &out->content) ||
        !take_number(object, "prev", &out->prev) || !take_number(object, "last", &out->last) ||
        !take_number(object, "schema", &out->schema) ||
        !take_text(object, "content_b2", out->content_b2, sizeof out->content_b2) ||
        !take_text(object, "digest", out->digest, sizeof out->digest) ||
        !take_text(object, "published", out->published, sizeof out->published))
        return FALSE;
    if (out->content > out->last || out->prev > out->last) return FALSE;
    if (strspn(out->published, "0123456789-:+TZ") != strlen(out->published)) return FALSE;
    if (strlen(out->published) < strlen("2026-03-05T09:10:11Z") && *out->published) return FALSE;
    gsize hex_scale = out->content == 0 ? 0 : 1;
    if (out->content > 0 && !*out->published) return FALSE;
    return is_hex(out->content_b2, 64 * hex_scale) && is_hex(out->digest, 32 * hex_scale);
}

static gboolean parse_line(const char *line, gsize len, Pointer *out)
{
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    if (!json_parser_load_from_data(parser, line, (gssize)len, NULL)) return FALSE;
    JsonNode *root = json_parser_get_root(parser);
    return root && JSON_NODE_HOLDS_OBJECT(root) && take_fields(json_node_get_object(root), out);
}

/* The hash first, so that the JSON parser sees only what we have written ourselves; then the form.
 */
static gboolean parse_whole(const char *octets, gsize len, Pointer *out)
{
    const char *end = len > 0 && len <= POINTER_MAX ? memchr(octets, '\n', len) : NULL;
    if (!end || !g_utf8_validate(octets, end - octets, NULL)) return FALSE;
    gsize line_len = (gsize)(end - octets), again_len = 0;
    char hash[33];
    disk_short_digest(octets, line_len, hash);
    g_autofree char *tail = g_strconcat("\n\n", hash, "\n", NULL);
    if (len - line_len != strlen(tail) || memcmp(end, tail, len - line_len) != 0) return FALSE;
    if (!parse_line(octets, line_len, out)) return FALSE;
    g_autofree char *again = pointer_format(out, &again_len);
    return again_len == len && memcmp(again, octets, len) == 0;
}

gboolean pointer_parse(const char *octets, gsize len, Pointer *out, GError **error)
{
    Pointer parsed = { 0 };
    if (parse_whole(octets, len, &parsed)) {
        *out = parsed;
        return TRUE;
    }
    g_set_error(error, POINTER_ERROR, POINTER_ERROR_DAMAGED, "内容与校验码不符");
    return FALSE;
}

gboolean pointer_load(int folder, const char *name, Pointer *out, GError **error)
{
    g_autoptr(GError) cause = NULL;
    gsize len = 0;
    g_autofree char *octets = disk_read(folder, name, POINTER_MAX, &len, &cause);
    if (octets && pointer_parse(octets, len, out, &cause)) return TRUE;
    if (g_error_matches(cause, DISK_ERROR, DISK_ERROR_MISSING))
        g_set_error(error, POINTER_ERROR, POINTER_ERROR_MISSING, "指针文件 %s 不见了", name);
    else if (g_error_matches(cause, DISK_ERROR, DISK_ERROR_NO_RIGHT))
        g_set_error(error, POINTER_ERROR, POINTER_ERROR_NO_RIGHT, "没有权限读指针文件 %s", name);
    else
        g_set_error(error, POINTER_ERROR, POINTER_ERROR_DAMAGED, "指针文件 %s 已损坏（%s）", name,
                    cause->message);
    return FALSE;
}

gboolean pointer_verify(int folder, const Pointer *pointer, GError **error)
{
    if (pointer->content == 0) return TRUE;
    if (pointer->schema != CATALOGUE_SCHEMA_VERSION) {
        g_set_error(error, POINTER_ERROR, POINTER_ERROR_DAMAGED,
                    "第 %u 版的数据格式（%u）与本程序（%d）不同", pointer->content, pointer->schema,
                    CATALOGUE_SCHEMA_VERSION);
        return FALSE;
    }
    g_autoptr(GError) cause = NULL;
    g_autofree char *name = pointer_content_name(pointer->content);
    char hex[DISK_DIGEST_HEX];
    if (!disk_digest(folder, name, hex, &cause)) {
        if (g_error_matches(cause, DISK_ERROR, DISK_ERROR_NO_RIGHT)) {
            g_set_error(error, POINTER_ERROR, POINTER_ERROR_NO_RIGHT,
                        "没有权限读第 %u 版数据（%s）", pointer->content, name);
            return FALSE;
        }
        g_set_error(error, POINTER_ERROR, POINTER_ERROR_DAMAGED, "第 %u 版数据读不出来（%s）",
                    pointer->content, cause->message);
        return FALSE;
    }
    if (strcmp(hex, pointer->content_b2) == 0) return TRUE;
    g_set_error(error, POINTER_ERROR, POINTER_ERROR_DAMAGED, "第 %u 版数据文件已损坏（校验码不符）",
                pointer->content);
    return FALSE;
}

#include "db/update_source.h"

#include "db/import_find.h"

struct UpdateSource {
    char *data_dir, *path;
    Package *package; /* NULL: sheets at `path` */
};

G_DEFINE_QUARK(bianmin_update_source_error, update_source_error)

void update_source_free(UpdateSource *source)
{
    if (!source) return;
    package_free(source->package);
    g_free(source->data_dir);
    g_free(source->path);
    g_free(source);
}

/* ---- what to do ---- */

const char *update_source_remedy(const GError *error, UpdateReader reader)
{
    static const char *const remedies[][2] = {
        [UPDATE_SOURCE_ERROR_KEY] = { "在做包的机器上运行 bianmin package key，核对指纹一样，"
                                      "再在本机运行 bianmin package trust 公钥",
                                      "请叫技术人员，把指纹告诉他" },
        [UPDATE_SOURCE_ERROR_DISTRUSTED] = { "还要用的，再运行 bianmin package trust 公钥",
                                             "请叫技术人员，把指纹告诉他" },
        [UPDATE_SOURCE_ERROR_OLD] = { "要退回，用 bianmin rollback",
                                      "要换回以前的内容，请按“恢复上一版”" },
        [UPDATE_SOURCE_ERROR_OTHER] = { "请在做包的机器上重做一个", "请做包的人重做一个" },
        [UPDATE_SOURCE_ERROR_FAR] = { "确实没有问题的，请在做包的机器上换一把公钥",
                                      "请不要用，叫技术人员来看" },
        [UPDATE_SOURCE_ERROR_BOTH] = { NULL, NULL },
    };

    return error->domain == UPDATE_SOURCE_ERROR ? remedies[error->code][reader] : NULL;
}

char *update_source_explain(const GError *error, UpdateReader reader)
{
    const char *remedy = update_source_remedy(error, reader);

    return g_strconcat(error->message, remedy ? "。" : NULL, remedy, NULL);
}

/* ---- keys and versions ---- */

static void fail_key(GError **error, const PackageManifest *manifest, const TrustKey *key)
{
    if (key)
        g_set_error(error, UPDATE_SOURCE_ERROR, UPDATE_SOURCE_ERROR_DISTRUSTED,
                    "这个更新包的公钥“%s”（指纹 %s）已经停用", key->label, key->id);
    else
        g_set_error(error, UPDATE_SOURCE_ERROR, UPDATE_SOURCE_ERROR_KEY,
                    "不认得这个更新包的公钥（指纹 %s）", manifest->key);
}

TrustKey *update_source_key(const char *data_dir, const PackageManifest *manifest, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(Trust) trust = trust_open(data_dir, TRUST_FIND, NULL, &cause);
    g_autoptr(TrustKey) key = trust ? trust_key_find(trust, manifest->key, &cause) : NULL;
    if (cause && !g_error_matches(cause, TRUST_ERROR, TRUST_ERROR_MISSING)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    if (key && !*key->distrusted) return g_steal_pointer(&key);
    fail_key(error, manifest, key);
    return NULL;
}

gboolean update_source_judge(const TrustKey *key, const PackageManifest *manifest, GError **error)
{
    switch (trust_key_judge(key, manifest->version, manifest->digest)) {
    case TRUST_VERSION_NEW:
    case TRUST_VERSION_SAME:
        return TRUE;
    case TRUST_VERSION_OLD:
        g_set_error(error, UPDATE_SOURCE_ERROR, UPDATE_SOURCE_ERROR_OLD,
                    "这是旧的更新包（第 %u 号），已经用过第 %u 号", manifest->version,
                    key->version);
        break;
    case TRUST_VERSION_OTHER:
        g_set_error(error, UPDATE_SOURCE_ERROR, UPDATE_SOURCE_ERROR_OTHER,
                    "已经用过另一个第 %u 号更新包，内容和这个不一样", manifest->version);
        break;
    case TRUST_VERSION_FAR:
        g_set_error(error, UPDATE_SOURCE_ERROR, UPDATE_SOURCE_ERROR_FAR,
                    "更新包的号数（%u）比上一次的（%u）大得太多，可能是公钥被人盗用",
                    manifest->version, key->version);
        break;
    }
    return FALSE;
}

static gboolean judge(const UpdateSource *source, GError **error)
{
    const PackageManifest *manifest = package_manifest(source->package);
    g_autoptr(TrustKey) key = update_source_key(source->data_dir, manifest, error);
    return key && package_verify(source->package, key->key, error) &&
           update_source_judge(key, manifest, error);
}

/* ---- opening ---- */

/* Which of the two was meant nobody can say. */
static gboolean check_alone(const char *path, GError **error)
{
    ImportFiles files;
    g_autoptr(ImportReport) report = import_report_new();
    gboolean is_found = import_find(path, &files, report, NULL);
    import_files_close(&files);
    if (!is_found) return TRUE;
    g_set_error_literal(error, UPDATE_SOURCE_ERROR, UPDATE_SOURCE_ERROR_BOTH,
                        "这里又有更新包（便民更新-….bmp）又有表，不知道用哪个，请只留一样");
    return FALSE;
}

static gboolean open_package(UpdateSource *source, const char *file, GError **error)
{
    gboolean is_folder = strcmp(file, source->path) != 0;
    if (is_folder && !check_alone(source->path, error)) return FALSE;
    source->package = package_open(file, error);
    return source->package && judge(source, error);
}

UpdateSource *update_source_open(const char *data_dir, const char *path, GError **error)
{
    g_autoptr(UpdateSource) source = g_new0(UpdateSource, 1);
    g_autofree char *file = package_find(path);
    source->data_dir = g_strdup(data_dir);
    source->path = g_strdup(path);
    if (file && !open_package(source, file, error)) return NULL;
    return g_steal_pointer(&source);
}

const PackageManifest *update_source_package(const UpdateSource *source)
{
    return source->package ? package_manifest(source->package) : NULL;
}

/* ---- use ---- */

gboolean update_source_import(UpdateSource *source, sqlite3 *base, sqlite3 *target,
                              ImportReport *report, GError **error)
{
    if (!source->package) return import_sheets(source->path, base, target, report, error);
    return judge(source, error) && package_import(source->package, target, report, error);
}

char *update_source_summary(const UpdateSource *source)
{
    const PackageManifest *manifest = update_source_package(source);
    return manifest ? g_strdup_printf(" package=%s/%u", manifest->key, manifest->version)
                    : g_strdup("");
}

gboolean update_source_settle(UpdateSource *source, GError **error)
{
    const PackageManifest *manifest = update_source_package(source);
    if (!manifest) return TRUE;
    g_autoptr(TrustKey) key = update_source_key(source->data_dir, manifest, error);
    if (!key || !update_source_judge(key, manifest, error)) return FALSE;
    g_autoptr(Trust) trust = trust_open(source->data_dir, TRUST_FIND, NULL, error);
    return trust &&
           trust_key_advance(trust, manifest->key, manifest->version, manifest->digest, error);
}

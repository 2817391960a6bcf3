#include "db/trust.h"

#include "db/audit.h"
#include "db/disk.h"
#include "db/trust_private.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#define PEPPER_NAME "pepper"

G_DEFINE_QUARK(bianmin_trust_error, trust_error)

static const SalvageTable kept[] = {
    { "SELECT * FROM pepper", "SELECT * FROM pepper ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO pepper VALUES (?,?)" },
    { "SELECT * FROM holder", "SELECT * FROM holder ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO holder VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)" },
    { "SELECT * FROM package_key", "SELECT * FROM package_key ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO package_key VALUES (?,?,?,?,?,?,?)" },
    { "SELECT * FROM own_key", "SELECT * FROM own_key ORDER BY 1 DESC",
      "INSERT OR IGNORE INTO own_key VALUES (?,?,?)" },
};

static const RuntimeKind kind_of_trust = {
    .schema = { "/bianmin/db/trust.sql", 0x62696d74, 1, TRUE },
    .folder = "update",
    .file = "trust.db",
    .folder_mode = 0755, /* report/ in it is for others, too */
    .busy = "正在核对别的U盘，请过一会儿再试",
    .missing = "还没有登记过U盘",
    .salvage = { kept, G_N_ELEMENTS(kept),
                 "DELETE FROM own_key WHERE key NOT IN (SELECT id FROM package_key)" },
};

gboolean trust_fail(GError **error, TrustError code, const char *message)
{
    g_set_error_literal(error, TRUST_ERROR, (gint)code, message);
    return FALSE;
}

char *trust_time(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    return g_date_time_format(now, "%FT%T%:z");
}

gboolean trust_record(Trust *trust, const char *event, const char *subject, const char *result,
                      GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    const char *const fields[] = { "id", subject, "result", result, NULL };
    return audit_append(trust->data_dir, now, event, fields, error);
}

void trust_subkey(const Trust *trust, const char *purpose, guint8 key[32])
{
    crypto_generichash(key, 32, (const guint8 *)purpose, strlen(purpose), trust->pepper,
                       PIN_PEPPER_LEN);
}

gboolean trust_from_hex(const char *hex, guint8 *octets, gsize len)
{
    gsize got = 0;
    return strlen(hex) == 2 * len &&
           sodium_hex2bin(octets, len, hex, 2 * len, NULL, &got, NULL) == 0 && got == len;
}

gboolean trust_check_label(const char *label, gboolean may_be_empty, GError **error)
{
    glong chars = g_utf8_validate(label, -1, NULL) ? g_utf8_strlen(label, -1) : -1;
    gboolean is_plain = chars >= 0;
    for (const char *at = label; is_plain && *at; at = g_utf8_next_char(at))
        is_plain = g_unichar_isgraph(g_utf8_get_char(at)) || *at == ' ';
    if (is_plain && chars <= (glong)TRUST_LABEL_MAX && (may_be_empty || chars > 0)) return TRUE;
    return trust_fail(error, TRUST_ERROR_LABEL, "名字要 1 到 40 个字，不能有换行");
}

gboolean trust_find_one(Trust *trust, const char *sql, const char *which, const char *what,
                        char id[TRUST_ID_HEX], GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *lower = g_ascii_strdown(which, -1);
    gboolean is_id = strlen(lower) >= 8 && strspn(lower, "0123456789abcdef") == strlen(lower);
    g_autofree char *pattern = is_id ? g_strconcat(lower, "*", NULL) : g_strdup("");
    guint count = 0;
    sqlite3_stmt *row = runtime_bind(trust->runtime, error, sql, "ss", which, pattern);
    if (!row) return FALSE;
    for (; store_step(row, &cause); count++)
        g_strlcpy(id, store_text(row, 0), TRUST_ID_HEX);
    if (!runtime_end(row, g_steal_pointer(&cause), error)) return FALSE;
    if (count == 1) return TRUE;
    g_set_error(error, TRUST_ERROR, TRUST_ERROR_NOT_FOUND,
                count > 1 ? "“%s”有好几个%s，请写全编号" : "没有“%s”这个%s", which, what);
    return FALSE;
}

/* ---- the folder ---- */

/* The service has to get at what an administrator has made: SQLite itself gives -wal and -shm to
 * the owner of the database, once that is right. */
static void give_to_owner(const char *data_dir, int folder)
{
    static const char *const names[] = { "lock", "trust.db", "trust.db-wal", "trust.db-shm",
                                         PEPPER_NAME };
    struct stat status = { 0 };
    if (geteuid() != 0 || fstat(folder, &status) != 0) return;
    for (guint i = 0; status.st_uid != 0 && i < G_N_ELEMENTS(names); i++)
        if (fchownat(folder, names[i], status.st_uid, status.st_gid, AT_SYMLINK_NOFOLLOW) != 0 &&
            errno != ENOENT)
            g_warning("%s/update/%s: %s", data_dir, names[i], g_strerror(errno));
}

/* A new folder is the owner's of the one it is in. */
static gboolean settle_folder(const char *data_dir, const char *path, GError **error)
{
    struct stat status = { 0 };
    int parent = open(data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0 || fstat(parent, &status) != 0) {
        int saved_errno = errno;
        if (parent >= 0) close(parent);
        return disk_fail(error, DISK_ERROR_WRITE, saved_errno, "数据文件夹");
    }
    gboolean is_settled = geteuid() != 0 || status.st_uid == 0 ||
                          lchown(path, status.st_uid, status.st_gid) == 0 ||
                          disk_fail(error, DISK_ERROR_WRITE, errno, "update 文件夹");
    is_settled = is_settled && disk_sync(parent, error);
    close(parent);
    return is_settled;
}

static gboolean make_folder(const char *data_dir, GError **error)
{
    g_autofree char *path = g_build_filename(data_dir, kind_of_trust.folder, NULL);
    if (g_mkdir_with_parents(data_dir, 0755) != 0)
        return disk_fail(error, DISK_ERROR_WRITE, errno, "不能新建数据文件夹");
    if (mkdir(path, (mode_t)kind_of_trust.folder_mode) == 0)
        return settle_folder(data_dir, path, error);
    return errno == EEXIST || disk_fail(error, DISK_ERROR_WRITE, errno, "不能新建 update 文件夹");
}

/* ---- the pepper ---- */

static gboolean make_pepper(int folder, guint8 *pepper, GError **error)
{
    randombytes_buf(pepper, PIN_PEPPER_LEN);
    return disk_replace(folder, PEPPER_NAME, (const char *)pepper, PIN_PEPPER_LEN, 0600, error);
}

static gboolean read_pepper(int folder, guint8 *pepper, GError **error)
{
    gsize len = 0;
    char *octets = disk_read(folder, PEPPER_NAME, PIN_PEPPER_LEN, &len, error);
    if (!octets) return FALSE;
    if (len == PIN_PEPPER_LEN) memcpy(pepper, octets, len);
    sodium_memzero(octets, len);
    g_free(octets);
    return len == PIN_PEPPER_LEN || trust_fail(error, TRUST_ERROR_PEPPER, "update/pepper 不完整");
}

/* What the database says was made with another pepper can never be compared again. */
static gboolean check_mark(Trust *trust, const char *mark, gboolean is_new, GError **error)
{
    g_autoptr(GError) cause = NULL;
    sqlite3_stmt *row = runtime_bind(trust->runtime, error, "SELECT mark FROM pepper", "");
    if (!row) return FALSE;
    gboolean is_marked = store_step(row, &cause);
    gboolean is_same = is_marked && strcmp(store_text(row, 0), mark) == 0;
    if (!runtime_end(row, g_steal_pointer(&cause), error)) return FALSE;
    if (!is_marked)
        return runtime_run(trust->runtime, error, "INSERT INTO pepper VALUES (1, ?)", "s", mark);
    return (is_same && !is_new) ||
           trust_fail(
               error, TRUST_ERROR_PEPPER,
               "登记簿和密钥 update/pepper 对不上（丢了，或是别的机器的）。请删掉数据文件夹里的 "
               "update/trust.db 和 update/pepper，再重新登记U盘");
}

static gboolean has_mark(Trust *trust, gboolean *has, GError **error)
{
    gint64 count = 0;
    sqlite3_stmt *row = runtime_bind(trust->runtime, error, "SELECT count(*) FROM pepper", "");
    if (!runtime_number(row, 0, &count, error)) return FALSE;
    *has = count > 0;
    return TRUE;
}

static gboolean open_pepper(Trust *trust, int folder, GError **error)
{
    guint8 digest[32];
    char mark[65];
    gboolean is_needed = FALSE, is_new = disk_id(folder, PEPPER_NAME) == 0;
    trust->pepper = sodium_malloc(PIN_PEPPER_LEN);
    if (!trust->pepper) return trust_fail(error, TRUST_ERROR_PEPPER, "内存不够");
    if (is_new && !has_mark(trust, &is_needed, error)) return FALSE;
    if (is_needed) return check_mark(trust, "", TRUE, error); /* lost: not made anew in silence */
    if (!(is_new ? make_pepper : read_pepper)(folder, trust->pepper, error)) return FALSE;
    trust_subkey(trust, "mark", digest);
    sodium_bin2hex(mark, sizeof mark, digest, sizeof digest);
    return check_mark(trust, mark, FALSE, error);
}

/* ---- opening ---- */

/* Somebody else has it for a moment: a check takes as long as Argon2id. */
static Runtime *open_patiently(const char *data_dir, gboolean *was_damaged, GError **error)
{
    for (guint waited_ms = 0;; waited_ms += 50) {
        g_autoptr(GError) cause = NULL;
        Runtime *runtime = runtime_open(&kind_of_trust, data_dir, was_damaged, &cause);
        if (runtime) return runtime;
        if (!g_error_matches(cause, RUNTIME_ERROR, RUNTIME_ERROR_BUSY) ||
            waited_ms >= TRUST_WAIT_MS) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return NULL;
        }
        g_usleep(50 * 1000);
    }
}

static gboolean open_all(Trust *trust, GError **error)
{
    gboolean was_damaged = FALSE;
    g_autofree char *path = g_build_filename(trust->data_dir, kind_of_trust.folder, NULL);
    trust->runtime = open_patiently(trust->data_dir, &was_damaged, error);
    int folder = trust->runtime ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (folder < 0)
        return trust->runtime ? disk_fail(error, DISK_ERROR_READ, errno, "update 文件夹") : FALSE;
    gboolean is_open = open_pepper(trust, folder, error);
    give_to_owner(trust->data_dir, folder);
    close(folder);
    if (was_damaged && is_open) g_message("trust.db was damaged, what can be read of it was kept");
    return is_open && (!was_damaged || trust_record(trust, "trust-damaged", "", "", error));
}

Trust *trust_open(const char *data_dir, TrustMode mode, const PinCost *cost, GError **error)
{
    g_autofree char *path =
        g_build_filename(data_dir, kind_of_trust.folder, kind_of_trust.file, NULL);
    g_autoptr(Trust) trust = g_new0(Trust, 1);
    if (sodium_init() < 0) {
        trust_fail(error, TRUST_ERROR_PEPPER, "libsodium 不能用");
        return NULL;
    }
    if (mode == TRUST_FIND && access(path, F_OK) != 0 && errno == ENOENT) {
        trust_fail(error, TRUST_ERROR_MISSING, kind_of_trust.missing);
        return NULL;
    }
    trust->data_dir = g_strdup(data_dir);
    trust->cost = cost ? *cost : pin_cost_staff;
    if (!make_folder(data_dir, error) || !open_all(trust, error)) return NULL;
    return g_steal_pointer(&trust);
}

void trust_free(Trust *trust)
{
    if (!trust) return;
    runtime_free(trust->runtime);
    sodium_free(trust->pepper); /* and wipes it */
    g_free(trust->data_dir);
    g_free(trust);
}

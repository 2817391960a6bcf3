#include "db/package.h"

#include "db/export.h"
#include "tests/db/sample.h"

#include <sodium.h>
#include <unistd.h>

typedef struct {
    char *dir, *path;
    sqlite3 *db;
    char *digest;
    guint8 key[PACKAGE_KEY_LEN], secret[PACKAGE_SECRET_LEN];
} Fixture;

/* As staff would write them; SAMPLE_BASE does not keep the rules of the sheets. */
static const struct {
    const char *name, *text;
} sheets[] = {
    { "事项.csv",
      "编号,名称,类别,别名,一句话答复,详细说明,办理对象,补贴标准,办理流程,所需材料,办理地点,办理时间,"
      "咨询电话,依据,数据日期,核实状态\n"
      "JZ01,最低生活保障,社会救助,低保;吃低保;低保金,向户口所在地街道申请。,\"说明，\n两行\",,,,,,,"
      "12345,国发〔2012〕45号,2023-12-31,待社区核实\n" },
    { "公示数据.csv", "编号,年份,项目,指标,数值,单位,说明,来源\n"
                      "JZ01,2023,低保救助金,发放金额,100,万元,发放100余万元,报道\n" },
};

static sqlite3 *content_new(const char *dir)
{
    g_autofree char *path = g_build_filename(dir, "content.db", NULL);
    g_autoptr(ImportReport) report = import_report_new();
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(sheets); i++) {
        g_autofree char *sheet = g_build_filename(dir, sheets[i].name, NULL);
        g_assert_true(g_file_set_contents(sheet, sheets[i].text, -1, NULL));
    }
    sqlite3 *db = store_create_content(path, &error);
    g_assert_true(import_sheets(dir, NULL, db, report, &error));
    g_assert_cmpuint(report->error_count, ==, 0);
    return db;
}

static PackageManifest manifest_of(const Fixture *f, guint version)
{
    guint8 id[16];
    PackageManifest manifest = { .version = version, .created = "2026-03-05T09:10:11+08:00" };
    crypto_generichash(id, sizeof id, f->key, sizeof f->key, NULL, 0);
    sodium_bin2hex(manifest.key, sizeof manifest.key, id, sizeof id);
    g_strlcpy(manifest.digest, f->digest, sizeof manifest.digest);
    return manifest;
}

static void write_package(Fixture *f, guint version)
{
    g_autoptr(GError) error = NULL;
    PackageManifest manifest = manifest_of(f, version);
    g_assert_true(package_write(f->path, f->db, &manifest, f->secret, &error));
    g_assert_no_error(error);
}

static void set_up(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    (void)unused;
    f->dir = g_dir_make_tmp("package-XXXXXX", NULL);
    f->path = g_build_filename(f->dir, "便民更新-000007.bmp", NULL);
    f->db = content_new(f->dir);
    f->digest = generation_digest(f->db, &error);
    crypto_sign_keypair(f->key, f->secret);
    write_package(f, 7);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
    (void)unused;
    store_close(f->db);
    sample_remove(f->dir);
    g_free(f->digest);
    g_free(f->path);
    g_free(f->dir);
}

/* Opened, verified, imported: what it gives; NULL with *error. */
static char *digest_of(Fixture *f, GError **error)
{
    g_autoptr(Package) package = package_open(f->path, error);
    g_autoptr(ImportReport) report = import_report_new();
    if (!package || !package_verify(package, f->key, error)) return NULL;
    g_autoptr(sqlite3) target = store_create_scratch(error);
    if (!package_import(package, target, report, error)) return NULL;
    g_assert_cmpuint(report->error_count, ==, 0);
    return generation_digest(target, error);
}

static void test_round_trip(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    (void)unused;
    g_autofree char *digest = digest_of(f, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(digest, ==, f->digest);
    g_autoptr(Package) package = package_open(f->path, &error);
    const PackageManifest expected = manifest_of(f, 7), *manifest = package_manifest(package);
    g_assert_cmpuint(manifest->version, ==, 7);
    g_assert_cmpstr(manifest->key, ==, expected.key);
    g_assert_cmpstr(manifest->created, ==, expected.created);
}

/* Nothing of an unverified one reaches a catalogue. */
static void test_order(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Package) package = package_open(f->path, &error);
    g_autoptr(ImportReport) report = import_report_new();
    g_autoptr(sqlite3) target = store_create_scratch(&error);
    guint8 other[PACKAGE_KEY_LEN], secret[PACKAGE_SECRET_LEN];
    (void)unused;
    g_assert_false(package_import(package, target, report, &error));
    g_assert_error(error, PACKAGE_ERROR, PACKAGE_ERROR_SIGNATURE);
    g_clear_error(&error);
    crypto_sign_keypair(other, secret);
    g_assert_false(package_verify(package, other, &error));
    g_assert_error(error, PACKAGE_ERROR, PACKAGE_ERROR_SIGNATURE);
    g_clear_error(&error);
    g_assert_false(package_import(package, target, report, &error));
    g_clear_error(&error);
    g_assert_true(package_verify(package, f->key, &error));
    g_assert_true(package_import(package, target, report, &error));
    g_assert_no_error(error);
    g_assert_false(package_import(package, target, report, NULL)); /* once */
}

static void put(Fixture *f, const char *octets, gsize len)
{
    g_autoptr(GError) error = NULL;
    g_unlink(f->path); /* without CONSISTENT it is written over, not cut */
    g_assert_true(g_file_set_contents_full(f->path, octets, (gssize)len, G_FILE_SET_CONTENTS_NONE,
                                           0644, &error));
    g_assert_no_error(error);
}

static gboolean is_refused(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Package) package = package_open(f->path, &error);
    gboolean is_good = package && package_verify(package, f->key, &error);
    g_assert_true(is_good == (error == NULL));
    if (error) g_assert_true(error->domain == PACKAGE_ERROR);
    return !is_good;
}

static void test_flipped(Fixture *f, gconstpointer unused)
{
    g_autofree char *octets = NULL;
    gsize len = 0;
    (void)unused;
    g_assert_true(g_file_get_contents(f->path, &octets, &len, NULL));
    for (gsize i = 0; i < len; i++) {
        for (guint bit = (guint)(i % 3); bit < 8; bit += 3) {
            octets[i] ^= (char)(1u << bit);
            put(f, octets, len);
            if (!is_refused(f)) g_error("octet %zu bit %u is not missed", i, bit);
            octets[i] ^= (char)(1u << bit);
        }
    }
    put(f, octets, len);
    g_assert_false(is_refused(f));
    g_test_message("%zu octets", len);
}

static void test_cut(Fixture *f, gconstpointer unused)
{
    g_autofree char *octets = NULL;
    gsize len = 0;
    (void)unused;
    g_assert_true(g_file_get_contents(f->path, &octets, &len, NULL));
    for (gsize i = 0; i < len; i++) {
        put(f, octets, i);
        g_assert_true(is_refused(f));
    }
    g_autofree char *longer = g_malloc0(len + 1);
    memcpy(longer, octets, len);
    put(f, longer, len + 1);
    g_assert_true(is_refused(f));
}

/* A promise that the sheets do not keep, truly signed. */
static void test_promise(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    (void)unused;
    f->digest[0] = f->digest[0] == '0' ? '1' : '0';
    write_package(f, 8);
    g_assert_false(is_refused(f));
    g_assert_null(digest_of(f, &error));
    g_assert_error(error, PACKAGE_ERROR, PACKAGE_ERROR_CONTENT);
}

static void test_header(Fixture *f, gconstpointer unused)
{
    static const struct {
        const char *what, *old, *new;
    } rows[] = {
        { "an older format", "package 1", "package 2" },
        { "version 0", "version 7", "version 0" },
        { "a leading zero", "version 7", "version 07" },
        { "a sign", "version 7", "version +7" },
        { "seven digits", "version 7", "version 1000000" },
        { "2^64", "version 7", "version 18446744073709551617" },
        { "capitals", "key ", "key A" },
        { "no such day", "2026-03-05", "2026-02-30" },
        { "another form of the time", "+08:00", "+0800" },
        { "another schema", "schema 1", "schema 2" },
        { "another sheet", "sheet 事项.csv", "sheet 人员.csv" },
        { "a path", "sheet 事项.csv", "sheet ../事项.csv" },
        { "two spaces", "sheet 事项.csv", "sheet  事项.csv" },
        { "CR LF", "schema 1\n", "schema 1\r\n" },
    };
    PackageManifest manifest = manifest_of(f, 7), again;
    gsize len = 0, header_len = 0;
    (void)unused;
    manifest.schema = CATALOGUE_SCHEMA_VERSION;
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        manifest.lens[i] = 100 + i;
    g_autofree char *text = package_format(&manifest, &len);
    g_assert_true(package_parse(text, len, &again, &header_len, NULL));
    g_assert_cmpuint(header_len, ==, len);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(GStrv) parts = g_strsplit(text, rows[i].old, 2);
        g_autofree char *bad = g_strjoinv(rows[i].new, parts);
        g_test_message("%s", rows[i].what);
        g_assert_cmpstr(bad, !=, text);
        g_assert_false(package_parse(bad, strlen(bad), &again, &header_len, &error));
        g_assert_nonnull(error);
    }
}

static void test_find(Fixture *f, gconstpointer unused)
{
    g_autofree char *found = package_find(f->dir), *self = package_find(f->path);
    g_autofree char *newer = g_build_filename(f->dir, "便民更新-000010.BMP", NULL);
    g_autofree char *picture = g_build_filename(f->dir, "便民更新-99.bmp", NULL);
    g_autofree char *name = package_name(123);
    (void)unused;
    g_assert_cmpstr(name, ==, "便民更新-000123.bmp");
    g_assert_cmpstr(found, ==, f->path);
    g_assert_cmpstr(self, ==, f->path);
    g_assert_true(g_file_set_contents(newer, "", 0, NULL));
    g_assert_true(g_file_set_contents(picture, "", 0, NULL));
    g_autofree char *newest = package_find(f->dir);
    g_assert_cmpstr(newest, ==, newer);
    g_assert_null(package_find("/nonexistent/事项.csv"));
}

/* A link, a folder, a file that is not there. */
static void test_not_a_file(Fixture *f, gconstpointer unused)
{
    g_autofree char *link = g_build_filename(f->dir, "link.bmp", NULL);
    g_autofree char *none = g_build_filename(f->dir, "none.bmp", NULL);
    g_autoptr(GError) error = NULL;
    (void)unused;
    g_assert_cmpint(symlink(f->path, link), ==, 0);
    g_assert_null(package_open(link, NULL));
    g_assert_null(package_open(f->dir, NULL));
    g_assert_null(package_open(none, &error));
    g_assert_error(error, PACKAGE_ERROR, PACKAGE_ERROR_MISSING);
}

/* 300 MB of nothing: refused by its size. */
static void test_huge(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_assert_cmpint(truncate(f->path, 300 * 1000 * 1000), ==, 0);
    gint64 begun = g_get_monotonic_time();
    g_assert_true(is_refused(f));
    g_assert_cmpint(g_get_monotonic_time() - begun, <, G_USEC_PER_SEC);
}

#define ADD(name, function) g_test_add("/package/" name, Fixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (sodium_init() < 0) return 1;
    ADD("round-trip", test_round_trip);
    ADD("order", test_order);
    ADD("flipped", test_flipped);
    ADD("cut", test_cut);
    ADD("promise", test_promise);
    ADD("header", test_header);
    ADD("find", test_find);
    ADD("not-a-file", test_not_a_file);
    ADD("huge", test_huge);
    return g_test_run();
}

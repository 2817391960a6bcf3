#include "db/package_command.h"

#include "charset/terminal.h"
#include "db/disk.h"
#include "db/folder.h"
#include "db/generation.h"
#include "db/json_line.h"
#include "db/store.h"
#include "db/trust_status.h"
#include "db/update_source.h"

#include <fcntl.h>
#include <sodium.h>

#define USAGE                                                                                          \
    "package make 文件夹|文件.bmp        把现用的内容做成签了名的更新包\n"         \
    "      bianmin package verify 更新包       核对一个更新包（什么也不改）\n"        \
    "      bianmin package key                 本机的公钥和指纹\n"                             \
    "      bianmin package trust 公钥|文件     认一台机器的公钥，收它做的更新包\n" \
    "      bianmin package distrust 指纹|名字  不再认\n"                                        \
    "      bianmin package list                认得哪些公钥"
#define KEY_DIGITS   (2 * TRUST_KEY_LEN)
#define KEY_FILE_MAX 4096u

typedef struct {
    char *data_dir, *label;
    gboolean is_json;
} Command;

static void command_clear(Command *command)
{
    g_free(command->data_dir);
    g_free(command->label);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Command, command_clear)

static int exit_status(const GError *error)
{
    int status = trust_status(error);
    if (status) return status;
    if (g_error_matches(error, STORE_ERROR, STORE_ERROR_NO_RIGHT)) return EX_NOPERM;
    return error->domain == GENERATION_ERROR ? EX_DATAERR : EX_IOERR;
}

static int fail(const GError *error)
{
    g_autofree char *trouble = update_source_explain(error, UPDATE_READER_TECHNICIAN);
    int status = cli_fail(exit_status(error), "%s", trouble);
    if (status == EX_NOPERM && error->domain != UPDATE_SOURCE_ERROR)
        terminal_printf(stderr, "请换有权限的用户来运行（例如 sudo），或用 --data 指定文件夹。\n");
    return status;
}

static void add_text(JsonBuilder *builder, const char *name, const char *text)
{
    json_builder_set_member_name(builder, name);
    if (text)
        json_builder_add_string_value(builder, text);
    else
        json_builder_add_null_value(builder);
}

static void put_json(JsonBuilder *builder)
{
    json_builder_end_object(builder);
    g_autofree char *text = json_line(builder);
    fputs(text, stdout); /* JSON is UTF-8 whatever the terminal */
    fputc('\n', stdout);
}

static void add_manifest(JsonBuilder *builder, const PackageManifest *manifest)
{
    json_builder_set_member_name(builder, "version");
    json_builder_add_int_value(builder, manifest->version);
    add_text(builder, "key", manifest->key);
    add_text(builder, "digest", manifest->digest);
    add_text(builder, "created", manifest->created);
}

/* ---- make ---- */

static Generation *open_published(const char *data_dir, GError **error)
{
    Generation *generation = generation_open(data_dir, error);
    for (guint i = 0; generation && i < generation->warnings->len; i++)
        cli_fail(EX_OK, "%s", (const char *)generation->warnings->pdata[i]);
    if (generation && !generation->digest)
        generation->digest = generation_digest(generation->db, error);
    if (generation && generation->digest) return generation;
    generation_free(generation);
    return NULL;
}

static gboolean fill_manifest(Trust *trust, const Generation *generation,
                              guint8 secret[TRUST_SECRET_LEN], PackageManifest *manifest,
                              GError **error)
{
    g_autoptr(TrustKey) key = trust_own_key(trust, secret, error);
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *created = g_date_time_format(now, "%FT%T%:z");
    if (!key) return FALSE;
    g_strlcpy(manifest->key, key->id, sizeof manifest->key);
    g_strlcpy(manifest->digest, generation->digest, sizeof manifest->digest);
    g_strlcpy(manifest->created, created, sizeof manifest->created);
    return trust_own_version(trust, generation->digest, generation->number, &manifest->version,
                             error);
}

static int say_made(const Command *command, const PackageManifest *manifest, const char *path)
{
    g_autofree char *shown = terminal_to_utf8(path, -1);
    if (command->is_json) {
        g_autoptr(JsonBuilder) builder = json_builder_new();
        json_builder_begin_object(builder);
        add_text(builder, "file", shown);
        add_manifest(builder, manifest);
        put_json(builder);
        return EX_OK;
    }
    terminal_printf(stdout,
                    "已做好 %s（第 %u 号）。\n拷到U盘，在别的机器上：bianmin update 更新包。"
                    "那台机器要先认得本机的公钥：bianmin package key\n",
                    shown, manifest->version);
    return EX_OK;
}

static int make(const Command *command, const char *where)
{
    guint8 secret[TRUST_SECRET_LEN] = { 0 };
    PackageManifest manifest = { 0 };
    g_autoptr(GError) error = NULL;
    gboolean is_folder = g_file_test(where, G_FILE_TEST_IS_DIR);
    if (!is_folder && !g_str_has_suffix(where, ".bmp"))
        return cli_fail(EX_USAGE, "请写出放在哪个文件夹（要先建好），或写一个 .bmp 的文件名");
    g_autoptr(Generation) generation = open_published(command->data_dir, &error);
    g_autoptr(Trust) trust =
        generation ? trust_open(command->data_dir, TRUST_MAKE, NULL, &error) : NULL;
    if (!trust) return fail(error);
    sodium_mlock(secret, sizeof secret);
    gboolean is_made = fill_manifest(trust, generation, secret, &manifest, &error);
    g_autofree char *name = package_name(manifest.version);
    g_autofree char *path = is_folder ? g_build_filename(where, name, NULL) : g_strdup(where);
    is_made = is_made && package_write(path, generation->db, &manifest, secret, &error);
    sodium_munlock(secret, sizeof secret); /* and wipes it */
    return is_made ? say_made(command, &manifest, path) : fail(error);
}

/* ---- verify ---- */

typedef struct {
    UpdateSource *source;
    TrustKey *key;
} Verified;

static void verified_clear(Verified *verified)
{
    update_source_free(verified->source);
    trust_key_free(verified->key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Verified, verified_clear)

/* All that `update` would ask, short of publishing. */
static gboolean verify_all(const Command *command, const char *path, Verified *verified,
                           GError **error)
{
    g_autoptr(ImportReport) report = import_report_new();
    verified->source = update_source_open(command->data_dir, path, error);
    if (!verified->source) return FALSE;
    const PackageManifest *manifest = update_source_package(verified->source);
    if (!manifest) {
        g_set_error_literal(error, PACKAGE_ERROR, PACKAGE_ERROR_FORMAT,
                            "这不是更新包（便民更新-….bmp）");
        return FALSE;
    }
    verified->key = update_source_key(command->data_dir, manifest, error);
    g_autoptr(sqlite3) target = verified->key ? store_create_scratch(error) : NULL;
    if (!target || !update_source_import(verified->source, NULL, target, report, error))
        return FALSE;
    if (report->error_count == 0) return TRUE;
    const ImportIssue *issue = report->errors->pdata[0];
    g_set_error(error, PACKAGE_ERROR, PACKAGE_ERROR_CONTENT, "%s 第 %" G_GUINT64_FORMAT " 行：%s",
                issue->file, issue->row, issue->message);
    return FALSE;
}

static void put_verdict(const Verified *verified, const GError *error)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    const PackageManifest *manifest =
        verified->source && verified->key ? update_source_package(verified->source) : NULL;
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "valid");
    json_builder_add_boolean_value(builder, error == NULL);
    g_autofree char *trouble =
        error ? update_source_explain(error, UPDATE_READER_TECHNICIAN) : NULL;
    add_text(builder, "error", trouble);
    if (manifest) {
        add_manifest(builder, manifest);
        add_text(builder, "label", verified->key->label);
    }
    put_json(builder);
}

static int verify(const Command *command, const char *path)
{
    g_auto(Verified) verified = { 0 };
    g_autoptr(GError) error = NULL;
    gboolean is_valid = verify_all(command, path, &verified, &error);
    if (command->is_json) put_verdict(&verified, error);
    if (!is_valid) return fail(error);
    if (command->is_json) return EX_OK;
    const PackageManifest *manifest = update_source_package(verified.source);
    terminal_printf(stdout,
                    "更新包没有问题：第 %u 号，%.10s %.5s 做的，签名人“%s”（指纹 %s）。\n"
                    "内容校验码：%s\n",
                    manifest->version, manifest->created, manifest->created + 11,
                    verified.key->label, manifest->key, manifest->digest);
    return EX_OK;
}

/* ---- keys ---- */

static void hex_of(const TrustKey *key, char hex[KEY_DIGITS + 1])
{
    sodium_bin2hex(hex, KEY_DIGITS + 1, key->key, TRUST_KEY_LEN);
}

static int show_key(const Command *command, const char *unused)
{
    char hex[KEY_DIGITS + 1];
    g_autoptr(GError) error = NULL;
    g_autoptr(Trust) trust = trust_open(command->data_dir, TRUST_MAKE, NULL, &error);
    g_autoptr(TrustKey) key = trust ? trust_own_key(trust, NULL, &error) : NULL;
    (void)unused;
    if (!key) return fail(error);
    hex_of(key, hex);
    if (command->is_json) {
        g_autoptr(JsonBuilder) builder = json_builder_new();
        json_builder_begin_object(builder);
        add_text(builder, "key", hex);
        add_text(builder, "id", key->id);
        put_json(builder);
        return EX_OK;
    }
    terminal_printf(stdout, "%s\n指纹 %s\n", hex, key->id);
    return EX_OK;
}

/* The first line of what `package key` prints, or that line itself. */
static gboolean parse_key(const char *text, guint8 key[TRUST_KEY_LEN])
{
    gsize len = strspn(text, "0123456789abcdefABCDEF"), got = 0;
    return len == KEY_DIGITS && (text[len] == '\0' || g_ascii_isspace(text[len])) &&
           sodium_hex2bin(key, TRUST_KEY_LEN, text, len, NULL, &got, NULL) == 0 &&
           got == TRUST_KEY_LEN;
}

static gboolean read_key(const char *word, guint8 key[TRUST_KEY_LEN], GError **error)
{
    gsize len = 0;
    if (parse_key(word, key)) return TRUE;
    g_autofree char *text = disk_read(AT_FDCWD, word, KEY_FILE_MAX, &len, NULL);
    if (text && parse_key(text, key)) return TRUE;
    g_set_error(error, TRUST_ERROR, TRUST_ERROR_KEY,
                text ? "文件里没有公钥" : "这不是公钥（64 位十六进制数字），也没有这个文件");
    return FALSE;
}

static int trust_key(const Command *command, const char *word)
{
    guint8 key[TRUST_KEY_LEN];
    char id[TRUST_ID_HEX];
    g_autofree char *label = terminal_to_utf8(command->label ? command->label : "", -1);
    g_autoptr(GError) error = NULL;
    if (!read_key(word, key, &error)) return fail(error);
    g_autoptr(Trust) trust = trust_open(command->data_dir, TRUST_MAKE, NULL, &error);
    if (!trust || !trust_key_add(trust, key, label, &error)) return fail(error);
    trust_key_id(key, id);
    terminal_printf(stdout, "已认得这把公钥，指纹 %s。请打电话和那边核对一下指纹。\n", id);
    return EX_OK;
}

static int distrust_key(const Command *command, const char *word)
{
    char id[TRUST_ID_HEX] = "";
    g_autofree char *which = terminal_to_utf8(word, -1);
    g_autoptr(GError) error = NULL;
    g_autoptr(Trust) trust = trust_open(command->data_dir, TRUST_FIND, NULL, &error);
    if (!trust || !trust_key_remove(trust, which, id, &error)) return fail(error);
    terminal_printf(stdout, "不再认这把公钥，指纹 %s。\n", id);
    return EX_OK;
}

static void add_key(JsonBuilder *builder, const TrustKey *key)
{
    char hex[KEY_DIGITS + 1];
    hex_of(key, hex);
    json_builder_begin_object(builder);
    add_text(builder, "id", key->id);
    add_text(builder, "key", hex);
    add_text(builder, "label", key->label);
    add_text(builder, "trusted", key->trusted);
    add_text(builder, "distrusted", *key->distrusted ? key->distrusted : NULL);
    json_builder_set_member_name(builder, "version");
    json_builder_add_int_value(builder, key->version);
    json_builder_set_member_name(builder, "own");
    json_builder_add_boolean_value(builder, key->is_own);
    json_builder_end_object(builder);
}

static void print_key(const TrustKey *key)
{
    terminal_printf(stdout, "%s  %s", key->id, *key->label ? key->label : "（没有名字）");
    if (key->version > 0)
        terminal_printf(stdout, "，%s到第 %u 号", key->is_own ? "做" : "用", key->version);
    if (*key->distrusted) terminal_printf(stdout, "，%.10s 停用", key->distrusted);
    terminal_printf(stdout, "\n");
}

static int list(const Command *command, const char *unused)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Trust) trust = trust_open(command->data_dir, TRUST_FIND, NULL, &error);
    g_autoptr(GPtrArray) keys = trust ? trust_keys(trust, &error) : NULL;
    g_autoptr(JsonBuilder) builder = json_builder_new();
    (void)unused;
    if (!keys && !g_error_matches(error, TRUST_ERROR, TRUST_ERROR_MISSING)) return fail(error);
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "keys");
    json_builder_begin_array(builder);
    for (guint i = 0; keys && i < keys->len; i++) {
        add_key(builder, keys->pdata[i]);
        if (!command->is_json) print_key(keys->pdata[i]);
    }
    json_builder_end_array(builder);
    if (command->is_json)
        put_json(builder);
    else if (!keys || keys->len == 0)
        terminal_printf(stdout, "还不认得任何公钥。\n");
    return EX_OK;
}

/* ---- the command ---- */

static const struct {
    const char *name;
    int words; /* after it */
    int (*run)(const Command *command, const char *word);
} verbs[] = {
    { "make", 1, make },       { "verify", 1, verify },         { "key", 0, show_key },
    { "trust", 1, trust_key }, { "distrust", 1, distrust_key }, { "list", 0, list },
};

static int run_verb(const Command *command, int argc, char **argv)
{
    const char *names[G_N_ELEMENTS(verbs) + 1] = { NULL };
    const char *typed = argc > 1 ? argv[1] : "";

    for (guint i = 0; i < G_N_ELEMENTS(verbs); i++) {
        names[i] = verbs[i].name;
        if (strcmp(typed, names[i]) != 0) continue;
        if (argc == 2 + verbs[i].words)
            return verbs[i].run(command, verbs[i].words > 0 ? argv[2] : NULL);
        return cli_fail(EX_USAGE,
                        verbs[i].words == 0 ? "package %s 后面不用再写别的"
                                            : "package %s 后面要写一样：bianmin package --help",
                        typed);
    }
    const char *nearest = *typed ? cli_nearest(typed, names) : NULL;
    if (nearest)
        return cli_fail(EX_USAGE, "没有 package %s。是不是 bianmin package %s？", typed, nearest);
    return cli_fail(EX_USAGE,
                    "请写出要做什么：bianmin package make、verify、key、trust、distrust 或 list");
}

int package_main(CliGlobals *globals, int argc, char **argv)
{
    gboolean is_done = FALSE;
    g_auto(Command) command = { 0 };
    const GOptionEntry entries[] = {
        { "label", 0, 0, G_OPTION_ARG_FILENAME, &command.label, "trust：哪一台机器的", "名字" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &command.is_json, "输出一行 JSON", NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    int status = cli_parse(globals, USAGE, entries, &argc, &argv, &is_done);
    if (is_done) return status;
    command.data_dir = folder_locate(globals->data_dir);
    return run_verb(&command, argc, argv);
}

#include "charset/convert_command.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "charset/detect.h"
#include "charset/errno_text.h"
#include "charset/json_text.h"
#include "charset/terminal.h"

#define BLOCK_LEN           (256 * 1024)
#define KEPT_MAX            (200u * 1024 * 1024) /* of a pipe, while its encoding is being detected */
#define UNREPRESENTABLE_MAX 100                  /* reported one by one */

/* ---- input: a file, or a pipe of which what has been read is kept ---- */

typedef struct {
    int fd;
    gboolean is_file; /* can be read twice */
    GByteArray *kept; /* what detection has read of a pipe */
    gsize kept_used;
    guint8 *block; /* BLOCK_LEN octets */
} Input;

static void input_clear(Input *input)
{
    if (input->fd > STDIN_FILENO) close(input->fd);
    if (input->kept) g_byte_array_unref(input->kept);
    g_free(input->block);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Input, input_clear)

/* `path` NULL or "-": stdin. FALSE: errno tells. */
static gboolean input_open(Input *input, const char *path)
{
    gboolean is_stdin = !path || g_str_equal(path, "-");
    input->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (input->fd < 0) return FALSE;
    struct stat st;
    if (fstat(input->fd, &st) != 0) return FALSE;
    if (S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return FALSE;
    }
    input->is_file = S_ISREG(st.st_mode) && lseek(input->fd, 0, SEEK_CUR) == 0;
    input->block = g_malloc(BLOCK_LEN);
    return TRUE;
}

static gssize read_block(int fd, guint8 *block)
{
    gsize len = 0;
    while (len < BLOCK_LEN) {
        ssize_t got = read(fd, block + len, BLOCK_LEN - len);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) break;
        len += (gsize)got;
    }
    return (gssize)len;
}

/* The next block in input->block, short only at the end; -1: errno tells. */
static gssize input_next(Input *input)
{
    if (!input->kept) return read_block(input->fd, input->block);
    gsize len = MIN(input->kept->len - input->kept_used, (gsize)BLOCK_LEN);
    if (len > 0) memcpy(input->block, input->kept->data + input->kept_used, len);
    input->kept_used += len;
    return (gssize)len;
}

/* ---- what is known of the conversion ---- */

typedef struct {
    gunichar ch;
    guint64 offset;
} Unrepresentable;

typedef struct {
    Charset from, to;
    gboolean is_detected, is_known, is_json;
    gboolean is_utf16; /* --from utf-16: which half comes first is to be detected */
    gsize bom_len;
    guint64 octets, characters, private_use; /* converted, the mark included */
    GArray *unrepresentable;                 /* of Unrepresentable, the first of them */
    guint64 unrepresentable_count;
    GError *fault; /* of the source */
    guint64 fault_offset;
    GString *fault_hex;
} Job;

static void job_clear(Job *job)
{
    g_clear_pointer(&job->unrepresentable, g_array_unref);
    g_clear_error(&job->fault);
    if (job->fault_hex) g_string_free(job->fault_hex, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

static gboolean job_is_ok(const Job *job)
{
    return job->is_known && !job->fault && job->unrepresentable_count == 0;
}

static void append_hex(GString *hex, const void *octets, gsize len)
{
    for (gsize i = 0; i < len; i++)
        g_string_append_printf(hex, "%02x", ((const guint8 *)octets)[i]);
}

static void note_unrepresentable(gunichar ch, guint64 offset, gpointer data)
{
    Job *job = data;
    Unrepresentable item = { ch, offset + job->bom_len };
    job->unrepresentable_count++;
    if (job->unrepresentable->len < UNREPRESENTABLE_MAX)
        g_array_append_val(job->unrepresentable, item);
    if (job->is_json || job->unrepresentable_count > UNREPRESENTABLE_MAX) return;
    char utf8[7] = "";
    utf8[g_unichar_to_utf8(ch, utf8)] = '\0';
    terminal_printf(stderr,
                    "bianmin: 第 %" G_GUINT64_FORMAT
                    " 字节处的字符 %s（U+%04X）在 %s 中没有，以 ? 代替\n",
                    item.offset, utf8, ch, charset_name(job->to));
}

/* The offset of a converter starts behind the mark; the message should not. */
static void note_fault(Job *job, const Converter *c, const GError *error)
{
    gsize len;
    const guint8 *octets = converter_fault_octets(c, &len);
    job->fault_offset = converter_fault_offset(c) + job->bom_len;
    append_hex(job->fault_hex, octets, len);
    gboolean is_cut = g_error_matches(error, CONVERT_ERROR, CONVERT_ERROR_TRUNCATED);
    job->fault =
        g_error_new(CONVERT_ERROR, error->code, "第 %" G_GUINT64_FORMAT " 字节处%s %s 字符：%s",
                    job->fault_offset, is_cut ? "是文件中断而不完整的" : "不是",
                    charset_name(job->from), job->fault_hex->str);
}

static gboolean is_private_use(gunichar ch)
{
    return (ch >= 0xe000 && ch <= 0xf8ff) || (ch >= 0xf0000 && ch <= 0xffffd) ||
           (ch >= 0x100000 && ch <= 0x10fffd);
}

static void count_characters(Job *job, const GString *utf8)
{
    const char *end = utf8->str + utf8->len;
    for (const char *p = utf8->str; p < end; p = g_utf8_next_char(p)) {
        job->characters++;
        if ((guint8)*p >= 0xee) job->private_use += is_private_use(g_utf8_get_char(p));
    }
}

/* ---- detection ---- */

static void note_unknown(Job *job, const Detector *detector)
{
    guint64 utf8 = detector_valid_len(detector, CHARSET_UTF8);
    guint64 gb18030 = detector_valid_len(detector, CHARSET_GB18030);
    job->fault_offset = MAX(utf8, gb18030);
    job->fault = g_error_new(CONVERT_ERROR, CONVERT_ERROR_INVALID,
                             "认不出编码：作 UTF-8 第 %" G_GUINT64_FORMAT
                             " 字节处不通，作 GB18030 第 %" G_GUINT64_FORMAT " 字节处不通",
                             utf8, gb18030);
}

/* 0, or the exit status of what went wrong with the input itself. */
static int detect_input(Job *job, Input *input)
{
    g_autoptr(Detector) detector = detector_new();
    g_autoptr(GByteArray) kept = input->is_file ? NULL : g_byte_array_new();
    gssize len;
    while ((len = input_next(input)) > 0) {
        detector_push(detector, input->block, (gsize)len);
        if (!kept) continue;
        if (kept->len + (gsize)len > KEPT_MAX)
            return cli_fail(EX_DATAERR, "管道中的内容超过 200 MB，请用 --from 写明编码");
        g_byte_array_append(kept, input->block, (guint)len);
    }
    if (len < 0) return cli_fail(EX_IOERR, "读取失败：%s", errno_text(errno));
    if (input->is_file && lseek(input->fd, 0, SEEK_SET) != 0)
        return cli_fail(EX_IOERR, "读取失败：%s", errno_text(errno));
    input->kept = g_steal_pointer(&kept);

    DetectResult result;
    job->is_known = detector_finish(detector, NULL, NULL, &result);
    if (job->is_utf16) {
        gboolean is_big = job->is_known && result.charset == CHARSET_UTF16BE;
        job->from = is_big ? CHARSET_UTF16BE : CHARSET_UTF16LE; /* as Windows writes it */
        job->is_known = TRUE;
    } else if (job->is_known) {
        job->from = result.charset;
    } else {
        note_unknown(job, detector);
    }
    return 0;
}

/* ---- output ---- */

static gboolean write_all(const char *octets, gsize len)
{
    while (len > 0) {
        ssize_t put = write(STDOUT_FILENO, octets, len);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return FALSE;
        octets += put;
        len -= (gsize)put;
    }
    return TRUE;
}

static void json_append_bool(GString *out, const char *key, gboolean value)
{
    g_string_append_printf(out, ",\"%s\":%s", key, value ? "true" : "false");
}

static void json_append_count(GString *out, const char *key, guint64 value)
{
    g_string_append_printf(out, ",\"%s\":%" G_GUINT64_FORMAT, key, value);
}

static void json_append_head(GString *out, const Job *job)
{
    g_string_append(out, "{\"from\":");
    json_text_string(out, job->is_known ? charset_name(job->from) : NULL);
    g_string_append(out, ",\"to\":");
    json_text_string(out, charset_name(job->to));
    json_append_bool(out, "detected", job->is_detected && job->is_known);
    json_append_bool(out, "bom", job->bom_len > 0);
    g_string_append(out, ",\"text\":\"");
}

static const char *fault_kind(const GError *fault)
{
    return g_error_matches(fault, CONVERT_ERROR, CONVERT_ERROR_TRUNCATED) ? "truncated" : "invalid";
}

static void json_append_fault(GString *out, guint64 offset, const char *hex, const char *kind,
                              const char *message)
{
    g_string_append_printf(out,
                           ",\"fault\":{\"offset\":%" G_GUINT64_FORMAT
                           ",\"octets\":\"%s\",\"kind\":\"%s\",\"message\":",
                           offset, hex, kind);
    json_text_string(out, message);
    g_string_append_c(out, '}');
}

/* A character the target lacks is the fault if the source has none. */
static void json_append_unrepresentable_fault(GString *out, const Job *job,
                                              const Unrepresentable *item)
{
    char utf8[6];
    gsize len;
    g_autofree char *octets = convert_text(
        CHARSET_UTF8, job->from, utf8, (gsize)g_unichar_to_utf8(item->ch, utf8), &len, NULL, NULL);
    g_autoptr(GString) hex = g_string_new(NULL);
    if (octets) append_hex(hex, octets, len);
    g_autofree char *message =
        g_strdup_printf("第 %" G_GUINT64_FORMAT " 字节处的字符 U+%04X 在 %s 中没有", item->offset,
                        item->ch, charset_name(job->to));
    json_append_fault(out, item->offset, hex->str, "unrepresentable", message);
}

static void json_append_unrepresentable(GString *out, const GArray *items)
{
    g_string_append(out, ",\"unrepresentable\":[");
    for (guint i = 0; i < items->len; i++) {
        const Unrepresentable *item = &g_array_index(items, Unrepresentable, i);
        char utf8[7] = "";
        utf8[g_unichar_to_utf8(item->ch, utf8)] = '\0';
        g_string_append_printf(out, "%s{\"offset\":%" G_GUINT64_FORMAT ",\"character\":",
                               i > 0 ? "," : "", item->offset);
        json_text_string(out, utf8);
        g_string_append_printf(out, ",\"codepoint\":\"U+%04X\"}", item->ch);
    }
    g_string_append_c(out, ']');
}

static void json_append_tail(GString *out, const Job *job)
{
    g_string_append_c(out, '"');
    json_append_bool(out, "ok", job_is_ok(job));
    json_append_count(out, "octets", job->octets);
    json_append_count(out, "characters", job->characters);
    json_append_count(out, "private_use", job->private_use);
    if (job->fault)
        json_append_fault(out, job->fault_offset, job->fault_hex->str, fault_kind(job->fault),
                          job->fault->message);
    else if (job->unrepresentable->len > 0)
        json_append_unrepresentable_fault(out, job,
                                          &g_array_index(job->unrepresentable, Unrepresentable, 0));
    else
        g_string_append(out, ",\"fault\":null");
    json_append_unrepresentable(out, job->unrepresentable);
    json_append_count(out, "unrepresentable_count", job->unrepresentable_count);
    g_string_append(out, "}\n");
}

/* ---- the conversion ---- */

typedef struct {
    Converter *text;   /* → UTF-8, for --json */
    Converter *target; /* → job->to; NULL if that is UTF-8 and `text` does it */
    GString *block, *out;
} Run;

static void run_clear(Run *run)
{
    converter_free(run->text);
    converter_free(run->target);
    if (run->block) g_string_free(run->block, TRUE);
    if (run->out) g_string_free(run->out, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

static gboolean run_open(Run *run, Job *job, GError **error)
{
    run->block = g_string_sized_new(2 * BLOCK_LEN);
    run->out = g_string_new(NULL);
    if (job->is_json && !(run->text = converter_new(job->from, CHARSET_UTF8, error))) return FALSE;
    if (job->is_json && job->to == CHARSET_UTF8) return TRUE;
    run->target = converter_new(job->from, job->to, error);
    if (run->target) converter_on_unrepresentable(run->target, note_unrepresentable, job);
    return run->target != NULL;
}

/* One block through one converter; FALSE at a fault, which is noted once. */
static gboolean convert_block(Job *job, Converter *c, const guint8 *octets, gsize len,
                              gboolean is_last, GString *out)
{
    g_autoptr(GError) error = NULL;
    g_string_truncate(out, 0);
    if (converter_push(c, octets, len, is_last, out, &error)) return TRUE;
    if (!job->fault) note_fault(job, c, error);
    return FALSE;
}

/* FALSE: the block cannot be written. */
static gboolean run_block(Run *run, Job *job, const guint8 *octets, gsize len, gboolean is_last)
{
    if (run->target) (void)convert_block(job, run->target, octets, len, is_last, run->block);
    if (!run->text) return write_all(run->block->str, run->block->len);
    (void)convert_block(job, run->text, octets, len, is_last, run->block);
    count_characters(job, run->block);
    json_text_escape(run->out, run->block->str, (gssize)run->block->len);
    gboolean is_written = write_all(run->out->str, run->out->len);
    g_string_truncate(run->out, 0);
    return is_written;
}

/* 0, or the exit status of what went wrong with reading or writing. */
static int run_all(Run *run, Job *job, Input *input)
{
    gssize len;
    do {
        len = input_next(input);
        if (len < 0) return cli_fail(EX_IOERR, "读取失败：%s", errno_text(errno));
        gsize skip = 0;
        if (job->octets == 0) {
            skip = job->bom_len = detect_bom_len(job->from, input->block, (gsize)len);
            if (run->text) json_append_head(run->out, job);
        }
        gboolean is_last = len < BLOCK_LEN;
        if (!run_block(run, job, input->block + skip, (gsize)len - skip, is_last))
            return cli_fail(EX_IOERR, "写出失败：%s", errno_text(errno));
        job->octets += (gsize)len;
    } while (len == BLOCK_LEN && !job->fault);
    if (job->fault) job->octets = job->fault_offset;
    return 0;
}

static void report(const Job *job)
{
    if (job->is_detected && job->is_known)
        terminal_printf(stderr, "bianmin: 编码是 %s%s\n", charset_name(job->from),
                        job->bom_len > 0 ? "，带标记（BOM）" : "");
    if (job->unrepresentable_count > UNREPRESENTABLE_MAX)
        terminal_printf(stderr, "bianmin: 另有 %" G_GUINT64_FORMAT " 个字符在 %s 中没有\n",
                        job->unrepresentable_count - UNREPRESENTABLE_MAX, charset_name(job->to));
    if (job->fault) (void)cli_fail(EX_DATAERR, "%s", job->fault->message);
}

static int convert_input(Job *job, Input *input)
{
    g_auto(Run) run = { 0 };
    g_autoptr(GError) error = NULL;
    job->is_known = TRUE;
    if (job->is_detected) {
        int status = detect_input(job, input);
        if (status != 0) return status;
    }
    if (!job->is_known) {
        run.out = g_string_new(NULL);
        if (job->is_json) json_append_head(run.out, job);
    } else {
        if (!run_open(&run, job, &error)) return cli_fail(EX_UNAVAILABLE, "%s", error->message);
        int status = run_all(&run, job, input);
        if (status != 0) return status;
    }
    if (job->is_json) {
        json_append_tail(run.out, job);
        if (!write_all(run.out->str, run.out->len))
            return cli_fail(EX_IOERR, "写出失败：%s", errno_text(errno));
    } else {
        report(job);
    }
    return job_is_ok(job) ? EX_OK : EX_DATAERR;
}

/* ---- the command line ---- */

static gboolean parse_charset(const char *option, const char *name, Charset *out)
{
    if (charset_from_name(name, out)) return TRUE;
    static const char *const words[] = { "utf-8",    "gbk",     "gb18030", "utf-16le",
                                         "utf-16be", "ucs-2be", NULL };
    const char *nearest = cli_nearest(name, words);
    g_autofree char *shown = terminal_to_utf8(name, -1);
    (void)cli_fail(
        EX_USAGE, "%s：没有叫“%s”的编码%s%s%s；可用 utf-8 gbk gb18030 utf-16le utf-16be ucs-2be",
        option, shown, nearest ? "（是不是 " : "", nearest ? nearest : "", nearest ? "？）" : "");
    return FALSE;
}

int convert_main(CliGlobals *globals, int argc, char **argv)
{
    g_autofree char *from = NULL, *to = NULL;
    g_auto(Job) job = { 0 };
    const GOptionEntry entries[] = {
        { "from", 'f', 0, G_OPTION_ARG_FILENAME, &from, "原来的编码；auto（默认）：自己认",
          "编码" },
        { "to", 't', 0, G_OPTION_ARG_FILENAME, &to, "要转成的编码，默认 utf-8", "编码" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &job.is_json, "输出一行 JSON", NULL },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };
    gboolean is_done;
    int status = cli_parse(globals, "convert [--from 编码|auto] [--to 编码] [--json] [文件]",
                           entries, &argc, &argv, &is_done);
    if (is_done) return status;
    if (argc > 2) return cli_fail(EX_USAGE, "convert：一次只能转换一个文件");

    job.is_utf16 =
        from && (!g_ascii_strcasecmp(from, "utf-16") || !g_ascii_strcasecmp(from, "utf16"));
    job.is_detected = !from || !g_ascii_strcasecmp(from, "auto") || job.is_utf16;
    job.unrepresentable = g_array_new(FALSE, FALSE, sizeof(Unrepresentable));
    job.fault_hex = g_string_new(NULL);
    if (!job.is_detected && !parse_charset("--from", from, &job.from)) return EX_USAGE;
    if (to && !parse_charset("--to", to, &job.to)) return EX_USAGE;

    g_auto(Input) input = { .fd = -1 };
    if (!input_open(&input, argc > 1 ? argv[1] : NULL)) {
        int saved = errno;
        g_autofree char *shown = terminal_to_utf8(argc > 1 ? argv[1] : "-", -1);
        return cli_fail(EX_NOINPUT, "打不开 %s：%s", shown, errno_text(saved));
    }
    return convert_input(&job, &input);
}

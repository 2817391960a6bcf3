#include "db/template.h"

#include "db/column_help.h"
#include "db/disk.h"
#include "db/export.h"
#include "db/table_sheet.h"

#include <unistd.h>

static const char guide_file[] = "填表说明.xlsx";
static const char blank_folder[] = "空白";
static const char example_folder[] = "示例";
static const char example_file[] = "便民数据.xlsx";

/* Takes the writer. */
static gboolean save(XlsxWriter *writer, int folder, const char *file, GError **error)
{
    GError *cause = NULL;
    g_autoptr(XlsxWriter) own = writer;
    return xlsx_writer_save(own, folder, file, &cause) || export_fail(error, file, cause);
}

static XlsxWriter *begin(const char *file, GError **error)
{
    GError *cause = NULL;
    XlsxWriter *writer = xlsx_writer_new(&cause);
    if (!writer) export_fail(error, file, cause);
    return writer;
}

/* ---- 填表说明.xlsx ---- */

static const char *const steps[][2] = {
    { "1",
      "“空白”里一张表一个文件；“示例”里的“便民数据.xlsx”是现在发布的全部内容，照着它的样子填。" },
    { "2",
      "平常改内容：复制“便民数据.xlsx”，直接在里面改、加、删。只改一张表，也可以只带那一张。" },
    { "3", "新做一张表：从“空白”里复制，不改表头，从第二行起填，一行一件事，中间不合并格子。" },
    { "4", "鼠标放在表头上，有这一列的说明和例子；“各列说明”里也有。有箭头的格子从列表里选。" },
    { "5", "每一列都是“文本”，不要改成数字或日期：身份证号、电话、日期照样子打字就行。" },
    { "6", "不知道的就空着，不写“无”“待定”。编造的电话比没有电话更坏。" },
    { "7", "存成 .xlsx，或者 CSV；文件名和工作表的名字不改。" },
    { "8", "把文件放在U盘最外面，或文件夹“便民数据”里；一张表只放一份。不用的表不放。" },
    { "9", "插到机器上，或运行 bianmin update "
           "文件夹。有一处错就整批不发布，会逐条说明哪一格、怎么改。" },
    { "10", "带来的表整张替换原来的：表里没有的行，发布后就没有了。" },
    { "11", "“个人补贴”有身份证号和金额：只放在自己的U盘里，用完删掉。" },
};

static void add_steps(XlsxWriter *writer)
{
    static const XlsxColumn columns[] = {
        { .header = "步骤", .width = 8 }, { .header = "怎么做", .width = 100, .is_wrapped = TRUE }
    };
    xlsx_writer_add_sheet(writer, "填表步骤", columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
        xlsx_writer_add_row(writer, steps[i]);
}

static void add_column_row(XlsxWriter *writer, RuleSheetId id, guint column)
{
    const RuleColumn *rule = &rule_sheets[id].columns[column];
    const ColumnHelp *help = column_help(id, column);
    g_autofree char *chars = g_strdup_printf("%u", rule->max_chars);
    g_autofree char *form = column_help_form(id, column);
    xlsx_writer_add_row(writer, (const char *const[]){ rule_sheets[id].stem, rule->name,
                                                       rule->is_required ? "必填" : "可以空着",
                                                       help->meaning, form, chars, help->example });
}

static void add_column_list(XlsxWriter *writer)
{
    static const XlsxColumn columns[] = {
        { .header = "表", .width = 12 },
        { .header = "列", .width = 14 },
        { .header = "要不要填", .width = 10 },
        { .header = "填什么", .width = 50, .is_wrapped = TRUE },
        { .header = "怎么写", .width = 40, .is_wrapped = TRUE },
        { .header = "最多几个字", .width = 12 },
        { .header = "例子", .width = 50, .is_wrapped = TRUE },
    };
    xlsx_writer_add_sheet(writer, "各列说明", columns, G_N_ELEMENTS(columns));
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++)
        for (guint i = 0; i < rule_sheets[id].column_count; i++)
            add_column_row(writer, id, i);
}

static gboolean write_guide(int folder, GError **error)
{
    XlsxWriter *writer = begin(guide_file, error);
    if (!writer) return FALSE;
    add_steps(writer);
    add_column_list(writer);
    return save(writer, folder, guide_file, error);
}

/* ---- the tables ---- */

static char *blank_name(RuleSheetId id)
{
    return g_strconcat(rule_sheets[id].stem, ".xlsx", NULL);
}

static gboolean write_blanks(int folder, GError **error)
{
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++) {
        g_autofree char *file = blank_name(id);
        XlsxWriter *writer = begin(file, error);
        if (!writer) return FALSE;
        table_sheet_begin(writer, id);
        if (!save(writer, folder, file, error)) return FALSE;
    }
    return TRUE;
}

static gboolean write_example(int folder, sqlite3 *db, GError **error)
{
    GError *cause = NULL;
    g_autoptr(XlsxWriter) writer = begin(example_file, error);
    if (!writer) return FALSE;
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++) {
        table_sheet_begin(writer, table_sheet_id(&content_sheets[i]));
        if (!table_sheet_add_rows(writer, db, &content_sheets[i], &cause))
            return export_fail(error, example_file, cause);
    }
    return save(g_steal_pointer(&writer), folder, example_file, error);
}

/* ---- the folder ---- */

static gboolean check_absent(const char *dir, const char *file, GError **error)
{
    g_autofree char *path = g_build_filename(dir, file, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
        return TRUE;
    g_set_error(error, EXPORT_ERROR, EXPORT_ERROR_EXISTS, "文件夹里已有 %s，没有覆盖", file);
    return FALSE;
}

static gboolean check_all_absent(const char *dir, GError **error)
{
    g_autofree char *example = g_build_filename(example_folder, example_file, NULL);
    if (!check_absent(dir, guide_file, error) || !check_absent(dir, example, error)) return FALSE;
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++) {
        g_autofree char *file = blank_name(id);
        g_autofree char *blank = g_build_filename(blank_folder, file, NULL);
        if (!check_absent(dir, blank, error)) return FALSE;
    }
    return TRUE;
}

gboolean template_write(sqlite3 *db, const char *dir, gboolean may_replace, GError **error)
{
    if (!may_replace && !check_all_absent(dir, error)) return FALSE;
    g_autofree char *blank_path = g_build_filename(dir, blank_folder, NULL);
    g_autofree char *example_path = g_build_filename(dir, example_folder, NULL);
    int folder = export_open_folder(dir, error);
    int blank = folder >= 0 ? export_open_folder(blank_path, error) : -1;
    int example = blank >= 0 ? export_open_folder(example_path, error) : -1;
    gboolean is_done = example >= 0 && write_guide(folder, error) && write_blanks(blank, error) &&
                       write_example(example, db, error);
    const int fds[] = { folder, blank, example };
    for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
        if (fds[i] >= 0) close(fds[i]);
    return is_done;
}

#include "db/import_find.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "charset/errno_text.h"
#include "db/file_kind.h"
#include "db/import_report.h"
#include "db/stick_name.h"
#include "db/xlsx_workbook.h"
#include "db/zip_directory.h"

#define SHEET_NAMES "事项、公示数据、工程项目、问答、同义词、俗语、公告，.csv 或 .xlsx"

/* A file that is named after a table but whose format we do not read. */
typedef struct {
    char *name, *message, *remedy;
} Stranger;

typedef struct {
    ImportFiles *files;
    ImportReport *report;
    const char *prefix;            /* "便民数据/" while that is looked at */
    char *taken[RULE_SHEET_COUNT]; /* where each table was found, also if it could not be opened */
    Stranger other[RULE_SHEET_COUNT]; /* 事项.xls */
    guint relevant;                   /* names that had to do with sheets */
} Search;

static void search_clear(Search *search)
{
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++) {
        g_free(search->taken[id]);
        g_free(search->other[id].name);
        g_free(search->other[id].message);
        g_free(search->other[id].remedy);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static void refuse(Search *search, const char *file, const char *message, const char *remedy)
{
    import_report_add(search->report, TRUE, file, 0, "", "", message, remedy);
}

static void warn(Search *search, const char *file, const char *message, const char *remedy)
{
    import_report_add(search->report, FALSE, file, 0, "", "", message, remedy);
}

/* Opens one entry so that a link is not followed and a FIFO does not block. */
static int open_regular(Search *search, int folder, const char *name, const char *file)
{
    gboolean is_workbook = !g_str_has_suffix(file, ".csv");
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat status = { 0 };
    if (fd < 0 && errno_is_no_right(errno)) {
        refuse(search, file, "没有权限读这个文件", "换有权限的用户来更新，或把文件改成大家可读");
        return -1;
    }
    if (fd < 0 && errno != ELOOP && errno != ENXIO) {
        refuse(search, file, "打不开这个文件", "换一个U盘，重新复制一次");
        return -1;
    }
    if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        refuse(search, file, "不是普通文件（是快捷方式、链接或设备）", "把文件本身复制到U盘");
    } else if ((guint64)status.st_size > (is_workbook ? ZIP_FILE_MAX : SHEET_FILE_MAX)) {
        refuse(search, file, is_workbook ? "工作簿超过 50 MB" : "文件超过 200 MB",
               "检查是不是放错了文件");
    } else {
        return fd;
    }
    if (fd >= 0) close(fd);
    return -1;
}

/* ---- what a file is ---- */

static XlsxWorkbook *open_workbook(int fd, GError **error)
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (copy >= 0) return xlsx_workbook_open(copy, error);
    g_set_error(error, SHEET_ERROR, SHEET_ERROR_READ, "打不开这个文件：%s", errno_text(errno));
    return NULL;
}

/* Why a file of this content is not what its name says; NULL: it is a ZIP file. Both free. */
static char *content_message(FileKind kind, const char *ending, RuleSheetId id, char **remedy)
{
    *remedy = g_strdup("用表格软件打开（有密码的先去掉密码），请另存为 .xlsx 或 CSV");
    switch (kind) {
    case FILE_KIND_TEXT:
        g_free(*remedy);
        *remedy = g_strdup_printf("把文件名改成“%s”；或者用表格软件打开，另存为 .xlsx",
                                  rule_sheets[id].file);
        return g_strdup_printf("文件名是 %s，内容却是文字（像 CSV）", ending);
    case FILE_KIND_EMPTY:
        g_free(*remedy);
        *remedy = g_strdup("检查U盘上的文件是不是没有复制完");
        return g_strdup("文件是空的");
    case FILE_KIND_OLD:
        return g_strdup("这是旧格式的表格（.xls 或 .et）");
    case FILE_KIND_LOCKED:
        return g_strdup("这是加了打开密码的工作簿");
    case FILE_KIND_MARKUP:
        return g_strdup("内容是网页或 XML，不是表格");
    case FILE_KIND_PDF:
        return g_strdup("这是 PDF 文件，不是表格");
    case FILE_KIND_ZIP:
        break;
    }
    g_clear_pointer(remedy, g_free);
    return NULL;
}

/* The same for a name that promises no workbook: then a ZIP file is wrong as well. */
static char *stranger_message(int fd, const char *ending, RuleSheetId id, char **remedy)
{
    char *message = content_message(file_kind_of(fd), ending, id, remedy);
    if (message) return message;
    g_autoptr(GError) error = NULL;
    g_autoptr(XlsxWorkbook) workbook = open_workbook(fd, &error);
    if (workbook) {
        *remedy = g_strdup_printf("把文件名改成“%s.xlsx”；打不开的，用表格软件另存为 .xlsx",
                                  rule_sheets[id].stem);
        return g_strdup_printf("文件名是 %s，内容却是 .xlsx 工作簿", ending);
    }
    const char *known = sheet_error_remedy(error);
    *remedy = g_strdup(known ? known : "换一个U盘，重新复制一次");
    return g_strdup(error->message);
}

/* ---- taking ---- */

/* FALSE, with an error that names both, if that table was there already. */
static gboolean claim(Search *search, RuleSheetId id, const char *label)
{
    search->relevant++;
    g_autofree char *where = g_strconcat(search->prefix, label, NULL);
    if (search->taken[id]) {
        g_autofree char *message =
            g_strdup_printf("同一张表有两份：%s 和 %s", search->taken[id], where);
        refuse(search, label, message, "只留一份，把另一份删掉或改名");
        return FALSE;
    }
    search->taken[id] = g_steal_pointer(&where);
    return TRUE;
}

static void put(Search *search, RuleSheetId id, int fd, SheetFormat format, const char *label,
                const char *worksheet)
{
    search->files->at[id] = (ImportFile){ fd, format, g_strdup(label), g_strdup(worksheet) };
}

static void take_csv(Search *search, int folder, const char *name, RuleSheetId id)
{
    const char *file = rule_sheets[id].file;
    if (!claim(search, id, file)) return;
    int fd = open_regular(search, folder, name, file);
    if (fd < 0) return;
    FileKind kind = file_kind_of(fd);
    if (kind == FILE_KIND_TEXT || kind == FILE_KIND_EMPTY) {
        put(search, id, fd, SHEET_CSV, file, NULL);
        return;
    }
    g_autofree char *remedy = NULL;
    g_autofree char *message = stranger_message(fd, ".csv", id, &remedy);
    refuse(search, file, message, remedy);
    close(fd);
}

static int table_of_worksheet(const XlsxWorksheet *worksheet)
{
    g_autofree char *key = g_strstrip(stick_name_fold(worksheet->name));
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++)
        if (worksheet->is_visible && strcmp(key, rule_sheets[id].stem) == 0) return (int)id;
    return -1;
}

static void take_worksheet(Search *search, int fd, RuleSheetId id, const char *label,
                           const char *worksheet)
{
    if (!claim(search, id, label)) return;
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (copy >= 0)
        put(search, id, copy, SHEET_XLSX, label, worksheet);
    else
        refuse(search, label, "打不开这个文件", "换一个U盘，重新复制一次");
}

/* The worksheets that are tables; `own` (-1: none) is the one the workbook itself is named after.
 */
static guint take_worksheets(Search *search, int fd, const XlsxWorkbook *workbook, const char *file,
                             int own)
{
    guint count = 0;
    gboolean has_own = FALSE;
    for (guint i = 0; i < workbook->worksheets->len; i++) {
        const XlsxWorksheet *worksheet = workbook->worksheets->pdata[i];
        int id = table_of_worksheet(worksheet);
        if (id < 0) continue;
        g_autofree char *label = g_strdup_printf("%s（工作表 %s）", file, rule_sheets[id].stem);
        take_worksheet(search, fd, (RuleSheetId)id, id == own ? file : label, worksheet->name);
        has_own = has_own || id == own;
        count++;
    }
    if (own >= 0 && !has_own) take_worksheet(search, fd, (RuleSheetId)own, file, NULL);
    return count;
}

static void refuse_workbook(Search *search, const char *file, const GError *error)
{
    const char *remedy = sheet_error_remedy(error);
    refuse(search, file, error->message, remedy ? remedy : "换一个U盘，重新复制一次");
}

/* 事项.xlsx */
static void take_named_workbook(Search *search, int folder, const char *name, RuleSheetId id)
{
    g_autofree char *file = g_strconcat(rule_sheets[id].stem, ".xlsx", NULL);
    g_autofree char *remedy = NULL;
    search->relevant++;
    int fd = open_regular(search, folder, name, file);
    if (fd < 0) return;
    g_autofree char *message = content_message(file_kind_of(fd), ".xlsx", id, &remedy);
    g_autoptr(GError) error = NULL;
    g_autoptr(XlsxWorkbook) workbook = message ? NULL : open_workbook(fd, &error);
    if (message)
        refuse(search, file, message, remedy);
    else if (workbook)
        take_worksheets(search, fd, workbook, file, (int)id);
    else
        refuse_workbook(search, file, error);
    close(fd);
}

/* 资料.xlsx: whether it concerns us, only its worksheets tell. FALSE: it does not. */
static gboolean take_other_workbook(Search *search, int folder, const char *name)
{
    struct stat status = { 0 };
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode) ||
        (guint64)status.st_size > ZIP_FILE_MAX)
        return FALSE;
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return FALSE;
    g_autoptr(GError) error = NULL;
    g_autoptr(XlsxWorkbook) workbook =
        file_kind_of(fd) == FILE_KIND_ZIP ? open_workbook(fd, &error) : NULL;
    guint count = workbook ? take_worksheets(search, fd, workbook, name, -1) : 0;
    close(fd);
    if (!error) return count > 0;
    g_autofree char *message = g_strconcat("没有读：", error->message, NULL);
    const char *remedy = sheet_error_remedy(error);
    warn(search, name, message, remedy ? remedy : "换一个U盘，重新复制一次");
    return TRUE;
}

/* 事项.xls: told at the end, for beside a sheet that we read it does no harm. */
static void note_stranger(Search *search, int folder, const char *name, const char *ending,
                          RuleSheetId id)
{
    Stranger *other = &search->other[id];
    search->relevant++;
    if (other->name) return;
    other->name = g_strdup(name);
    int fd = open_regular(search, folder, name, name);
    if (fd < 0) return;
    other->message = stranger_message(fd, ending, id, &other->remedy);
    close(fd);
}

/* ---- names ---- */

/* What a spreadsheet leaves beside a file that is open: ~$ Excel, .~ WPS. */
static gboolean look_at_lock_file(Search *search, const char *name)
{
    gboolean is_lock = g_str_has_prefix(name, "~$") || g_str_has_prefix(name, ".~");
    g_autofree char *key = is_lock ? stick_name_fold(name + 2) : NULL;
    for (RuleSheetId id = 0; is_lock && id < RULE_SHEET_COUNT; id++)
        if (g_str_has_prefix(key, rule_sheets[id].stem) && key[strlen(rule_sheets[id].stem)] == '.')
            warn(search, name, "这是临时文件，没有读；复制的时候表可能还开着，最后改的没有存进去",
                 "在电脑上保存并关闭这张表，再复制一次；已经关闭的，删掉这个临时文件");
    return is_lock || name[0] == '.';
}

static gboolean look_at_table(Search *search, int folder, const char *name, const char *rest,
                              RuleSheetId id)
{
    static const char *const others[] = { ".xls", ".et",  ".xlsm",    ".xlsb", ".xlt",
                                          ".ett", ".ods", ".numbers", NULL };
    if (strcmp(rest, ".csv") == 0)
        take_csv(search, folder, name, id);
    else if (strcmp(rest, ".xlsx") == 0)
        take_named_workbook(search, folder, name, id);
    else if (g_strv_contains(others, rest))
        note_stranger(search, folder, name, rest, id);
    else
        return FALSE;
    return TRUE;
}

/* 事项 (1).csv, 事项 - 副本.xlsx */
static void warn_of_copy(Search *search, const char *name, const char *key, RuleSheetId id)
{
    const char *ending = g_str_has_suffix(key, ".csv")    ? ".csv"
                         : g_str_has_suffix(key, ".xlsx") ? ".xlsx"
                                                          : NULL;
    if (!ending) return;
    g_autofree char *remedy =
        g_strdup_printf("如果要用它，把文件名改成“%s%s”", rule_sheets[id].stem, ending);
    warn(search, name, "文件名不对，没有读", remedy);
}

static void look_at(Search *search, int folder, const char *name)
{
    if (!g_utf8_validate(name, -1, NULL) || look_at_lock_file(search, name)) return;
    g_autofree char *key = stick_name_fold(name);
    int like = -1;
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++) {
        if (!g_str_has_prefix(key, rule_sheets[id].stem)) continue;
        if (look_at_table(search, folder, name, key + strlen(rule_sheets[id].stem), id)) return;
        like = (int)id;
    }
    if (g_str_has_suffix(key, ".xlsx") && take_other_workbook(search, folder, name)) return;
    if (like >= 0) warn_of_copy(search, name, key, (RuleSheetId)like);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Some of the sheets may be among the names that were not looked at; what is found must not pass
 * for all there is. Beside a folder with sheets of its own it is only the rest of a stick. */
static void refuse_crowd(Search *search)
{
    search->relevant++;
    refuse(search, "", "文件太多（超过 500 个），没有看完，可能漏掉表",
           "在U盘上新建文件夹“" STICK_NAME_SUBFOLDER "”，把表放进去，里面不放别的文件");
}

/* Takes `fd`. In the order of names, so that a report does not depend on the medium. */
static void look_in_folder(Search *search, int fd)
{
    gboolean is_chosen = search->relevant > 0;
    DIR *dir = fdopendir(fd);
    if (!dir) {
        close(fd);
        return;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    struct dirent *entry = readdir(dir);
    for (; entry && names->len < STICK_NAMES_MAX; entry = readdir(dir))
        g_ptr_array_add(names, g_strdup(entry->d_name));
    gboolean is_cut = entry != NULL;
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++)
        look_at(search, dirfd(dir), names->pdata[i]);
    closedir(dir);
    if (is_cut && !is_chosen) refuse_crowd(search);
}

static void look_in_subfolder(Search *search, int folder)
{
    int fd = openat(folder, STICK_NAME_SUBFOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    search->prefix = STICK_NAME_SUBFOLDER "/";
    if (fd >= 0) look_in_folder(search, fd);
    search->prefix = "";
    if (fd >= 0) return;
    if (errno != ENOENT)
        refuse(search, STICK_NAME_SUBFOLDER, "不是普通文件夹", "把文件夹本身复制到U盘");
}

static void report_strangers(Search *search)
{
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++) {
        const Stranger *other = &search->other[id];
        if (!other->message) continue;
        if (!search->taken[id]) {
            refuse(search, other->name, other->message, other->remedy);
            continue;
        }
        g_autofree char *message = g_strdup_printf("没有读，只读了 %s", search->taken[id]);
        warn(search, other->name, message, "不用改；不要的话删掉");
    }
}

static gboolean fail(GError **error, ImportError code, const char *path, const char *message)
{
    g_set_error(error, IMPORT_ERROR, (int)code, "%s：%s", path, message);
    return FALSE;
}

static gboolean find_one(Search *search, const char *path, GError **error)
{
    g_autofree char *folder_path = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    int folder = open(folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return fail(error, IMPORT_ERROR_NO_INPUT, path, errno_text(errno));
    look_at(search, folder, name);
    close(folder);
    report_strangers(search);
    if (search->relevant > 0) return TRUE;
    return fail(error, IMPORT_ERROR_NO_SHEET, path, "不是便民查询的表（" SHEET_NAMES "）");
}

gboolean import_find(const char *path, ImportFiles *files, ImportReport *report, GError **error)
{
    g_auto(Search) search = { .files = files, .report = report, .prefix = "" };
    for (guint id = 0; id < RULE_SHEET_COUNT; id++)
        files->at[id] = (ImportFile){ .fd = -1 };
    struct stat status = { 0 };
    if (lstat(path, &status) != 0)
        return fail(error, IMPORT_ERROR_NO_INPUT, path,
                    errno == ENOENT ? "没有这个文件或文件夹" : errno_text(errno));
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == EACCES ? fail(error, IMPORT_ERROR_NO_INPUT, path, errno_text(errno))
                               : find_one(&search, path, error);
    look_in_subfolder(&search, fd);
    look_in_folder(&search, fd);
    report_strangers(&search);
    if (search.relevant > 0) return TRUE;
    return fail(error, IMPORT_ERROR_NO_SHEET, path, "里面没有便民查询的表（" SHEET_NAMES "）");
}

void import_files_close(ImportFiles *files)
{
    for (guint id = 0; id < RULE_SHEET_COUNT; id++) {
        if (files->at[id].fd >= 0) close(files->at[id].fd);
        g_free(files->at[id].label);
        g_free(files->at[id].worksheet);
    }
}

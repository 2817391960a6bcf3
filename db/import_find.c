#include "db/import_find.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "charset/errno_text.h"
#include "db/import_report.h"
#include "db/sheet.h"

#define SHEET_NAMES "事项.csv、公示数据.csv、工程项目.csv、问答.csv、同义词.csv、俗语.csv、公告.csv"
#define NAMES_MAX   500u /* names looked at in a folder */

static const char subfolder[] = "便民数据";

typedef struct {
    ImportFiles *files;
    ImportReport *report;
    gboolean is_other_format[RULE_SHEET_COUNT]; /* 事项.xlsx */
    guint relevant;                             /* names that had to do with sheets */
} Search;

static char *name_key(const char *name)
{
    g_autofree char *composed = g_utf8_normalize(name, -1, G_NORMALIZE_NFC);
    return g_utf8_casefold(composed ? composed : "", -1);
}

static gboolean is_lock_file(const char *name)
{
    return g_str_has_prefix(name, "~$") || g_str_has_prefix(name, ".");
}

static void refuse(Search *search, const char *file, const char *message, const char *remedy)
{
    import_report_add(search->report, TRUE, file, 0, "", "", message, remedy);
}

/* Opens one entry so that a link is not followed and a FIFO does not block. */
static int open_regular(Search *search, int folder, const char *name, const char *file)
{
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
    } else if ((guint64)status.st_size > SHEET_FILE_MAX) {
        refuse(search, file, "文件超过 200 MB", "检查是不是放错了文件");
    } else {
        return fd;
    }
    if (fd >= 0) close(fd);
    return -1;
}

static void take_sheet(Search *search, int folder, const char *name, RuleSheetId id)
{
    const char *file = rule_sheets[id].file;
    search->relevant++;
    if (search->files->fd[id] >= 0) {
        refuse(search, file, "同一张表有两份", "只留一份，把另一份删掉或改名");
        return;
    }
    search->files->fd[id] = open_regular(search, folder, name, file);
}

/* 事项.xlsx, 事项 (1).csv, 事项 - 副本.csv */
static void look_at_stranger(Search *search, const char *name, const char *key)
{
    static const char *const workbooks[] = { ".xlsx", ".xls", ".xlsm", ".et", ".ods", NULL };
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++) {
        if (!g_str_has_prefix(key, rule_sheets[id].stem)) continue;
        const char *rest = key + strlen(rule_sheets[id].stem);
        if (g_strv_contains(workbooks, rest)) {
            search->relevant++;
            search->is_other_format[id] = TRUE;
        } else if (g_str_has_suffix(key, ".csv")) {
            g_autofree char *remedy =
                g_strdup_printf("如果要用它，把文件名改成“%s”", rule_sheets[id].file);
            import_report_add(search->report, FALSE, name, 0, "", "", "文件名不对，没有读", remedy);
        }
        return;
    }
}

static void look_at(Search *search, int folder, const char *name)
{
    if (!g_utf8_validate(name, -1, NULL) || is_lock_file(name)) return;
    g_autofree char *key = name_key(name);
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++)
        if (strcmp(key, rule_sheets[id].file) == 0) {
            take_sheet(search, folder, name, id);
            return;
        }
    look_at_stranger(search, name, key);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Some of the sheets may be among the names that were not looked at; what is found must not pass
 * for all there is. Beside a folder with sheets of its own it is only the rest of a stick. */
static void refuse_crowd(Search *search)
{
    g_autofree char *remedy =
        g_strdup_printf("在U盘上新建文件夹“%s”，把表放进去，里面不放别的文件", subfolder);
    search->relevant++;
    refuse(search, "", "文件太多（超过 500 个），没有看完，可能漏掉表", remedy);
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
    for (; entry && names->len < NAMES_MAX; entry = readdir(dir))
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
    int fd = openat(folder, subfolder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0)
        look_in_folder(search, fd);
    else if (errno != ENOENT)
        refuse(search, subfolder, "不是普通文件夹", "把文件夹本身复制到U盘");
}

static void report_workbooks(Search *search)
{
    for (RuleSheetId id = 0; id < RULE_SHEET_COUNT; id++) {
        if (!search->is_other_format[id]) continue;
        gboolean has_csv = search->files->fd[id] >= 0;
        g_autofree char *remedy =
            g_strdup_printf("在表格软件里选“另存为 CSV UTF-8”，文件名用“%s”", rule_sheets[id].file);
        import_report_add(search->report, !has_csv, rule_sheets[id].file, 0, "", "",
                          has_csv ? "旁边还有一份工作簿，没有读，只读了 CSV"
                                  : "这张表是工作簿，现在只能读 CSV",
                          remedy);
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
    report_workbooks(search);
    if (search->relevant > 0) return TRUE;
    return fail(error, IMPORT_ERROR_NO_SHEET, path, "文件名不是便民查询的表（" SHEET_NAMES "）");
}

gboolean import_find(const char *path, ImportFiles *files, ImportReport *report, GError **error)
{
    Search search = { .files = files, .report = report };
    for (guint id = 0; id < RULE_SHEET_COUNT; id++)
        files->fd[id] = -1;
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
    report_workbooks(&search);
    if (search.relevant > 0) return TRUE;
    return fail(error, IMPORT_ERROR_NO_SHEET, path, "里面没有便民查询的表（" SHEET_NAMES "）");
}

void import_files_close(ImportFiles *files)
{
    for (guint id = 0; id < RULE_SHEET_COUNT; id++)
        if (files->fd[id] >= 0) close(files->fd[id]);
}

#include "kiosk/rime.h"

#include <gmodule.h>

#include "kiosk/input.h"

#define LIBRARY "librime.so.1"

static const char *const needed_files[] = {
    "bianmin.schema.yaml",        "bianmin.prism.bin",        "bianmin.table.bin",
    "bianmin_nine.schema.yaml",   "bianmin_nine.prism.bin",   "bianmin_nine_long.prism.bin",
    "bianmin_stroke.schema.yaml", "bianmin_stroke.prism.bin", "bianmin_stroke.table.bin",
};

static gboolean has_data(const char *folder)
{
    for (guint i = 0; i < G_N_ELEMENTS(needed_files); i++) {
        g_autofree char *path = g_build_filename(folder, needed_files[i], NULL);
        if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) return FALSE;
    }
    return TRUE;
}

static char *find_data(GError **error)
{
    const char *named = g_getenv("BIANMIN_RIME");
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *beside = g_path_get_dirname(program ? program : "/");
    char *folders[] = { named ? g_strdup(named) : g_build_filename(beside, "rime", NULL),
                        named ? NULL
                              : g_build_filename(beside, "..", "share", "bianmin", "rime", NULL) };
    char *found = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        if (!found && folders[i] && has_data(folders[i]))
            found = folders[i];
        else
            g_free(folders[i]);
    }
    if (!found) g_set_error(error, INPUT_ERROR, INPUT_ERROR_DATA, "没有拼音输入用的数据文件");
    return found;
}

static RimeApi *load_library(GError **error)
{
    GModule *module = g_module_open(LIBRARY, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
    gpointer get_api = NULL;

    if (!module || !g_module_symbol(module, "rime_get_api", &get_api)) {
        g_set_error(error, INPUT_ERROR, INPUT_ERROR_LIBRARY, "没有装拼音输入（librime1）");
        if (module) g_module_close(module);
        return NULL;
    }
    g_module_make_resident(module); /* it registers destructors with the C++ library */
    return ((RimeApi * (*)(void)) get_api)();
}

/* All four of librime's folders are one and the same: there is nothing to deploy, and no user. */
static void set_up(RimeApi *api, const char *folder)
{
    RIME_STRUCT(RimeTraits, traits);
    traits.shared_data_dir = folder;
    traits.user_data_dir = folder;
    traits.prebuilt_data_dir = folder;
    traits.staging_dir = folder;
    traits.distribution_name = "bianmin";
    traits.distribution_code_name = "bianmin";
    traits.distribution_version = BIANMIN_VERSION;
    traits.app_name = "rime.bianmin";
    traits.min_log_level = 3; /* fatal alone: then the program ends in any case */
    traits.log_dir = "";      /* no file */
    api->setup(&traits);
}

/* librime's service is one a process, and set up twice its logging library aborts: so this is one
 * a process, too. */
static struct {
    RimeApi *api; /* set up; stays when nobody uses it */
    guint users;
} shared;

static RimeApi *load_and_set_up(GError **error)
{
    g_autofree char *folder = find_data(error);
    if (!folder) return NULL;
    RimeApi *api = load_library(error);
    if (api) set_up(api, folder);
    return api;
}

RimeApi *rime_open(GError **error)
{
    if (!shared.api) shared.api = load_and_set_up(error);
    if (!shared.api) return NULL;
    if (shared.users++ == 0) shared.api->initialize(NULL);
    return shared.api;
}

void rime_close(void)
{
    if (--shared.users == 0) shared.api->finalize();
}

#include "db/folder.h"

#define SYSTEM_FOLDER "/var/lib/bianmin"

char *folder_locate(const char *option)
{
    if (option && *option) return g_strdup(option);
    const char *environment = g_getenv("BIANMIN_DATA");
    if (environment && *environment) return g_strdup(environment);
    if (g_file_test(SYSTEM_FOLDER, G_FILE_TEST_IS_DIR)) return g_strdup(SYSTEM_FOLDER);
    return g_build_filename(g_get_user_data_dir(), "bianmin", NULL);
}

#include "db/folder.h"

static void test_order(void)
{
    g_setenv("BIANMIN_DATA", "/srv/数据", TRUE);
    g_autofree char *option = folder_locate("/mnt/x");
    g_assert_cmpstr(option, ==, "/mnt/x");
    g_autofree char *environment = folder_locate(NULL);
    g_assert_cmpstr(environment, ==, "/srv/数据");
    g_autofree char *empty_option = folder_locate("");
    g_assert_cmpstr(empty_option, ==, "/srv/数据");
    g_unsetenv("BIANMIN_DATA");
    g_autofree char *fallback = folder_locate(NULL);
    g_assert_true(g_str_has_suffix(fallback, "/bianmin"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/folder/order", test_order);
    return g_test_run();
}

#include "db/kiosk_health.h"

#include <glib/gstdio.h>
#include <string.h>

#include "db/kiosk_store.h"

static void test_rights(void)
{
    g_autofree char *data_dir = g_dir_make_tmp("health-XXXXXX", NULL);
    g_autofree char *folder = g_build_filename(data_dir, "kiosk", NULL);
    g_autofree char *path = g_build_filename(folder, "kiosk.db", NULL);
    g_autofree char *lock = g_build_filename(folder, "lock", NULL);

    g_assert_cmpint(kiosk_health(data_dir), ==, KIOSK_HEALTH_NONE);
    kiosk_store_free(kiosk_store_open(data_dir, NULL));
    g_assert_cmpint(kiosk_health(data_dir), ==, KIOSK_HEALTH_WELL);
    g_assert_cmpint(g_chmod(path, 0400), ==, 0);
    g_assert_cmpint(kiosk_health(data_dir), ==, KIOSK_HEALTH_NO_RIGHT);
    g_assert_cmpint(g_chmod(path, 0600), ==, 0);
    g_assert_cmpint(g_chmod(folder, 0500), ==, 0);
    g_assert_cmpint(kiosk_health(data_dir), ==, KIOSK_HEALTH_NO_RIGHT);
    g_assert_cmpint(g_chmod(folder, 0700), ==, 0);
    g_remove(path);
    g_remove(lock);
    g_assert_cmpint(kiosk_health(data_dir), ==, KIOSK_HEALTH_WELL);
    g_remove(folder);
    g_assert_cmpint(g_rmdir(data_dir), ==, 0);
}

static void test_words(void)
{
    for (guint i = KIOSK_HEALTH_NONE; i <= KIOSK_HEALTH_NO_RIGHT; i++) {
        g_assert_cmpstr(kiosk_health_name(i), !=, "");
        g_assert_cmpint(*kiosk_health_text(i) != '\0', ==, kiosk_health_is_bad(i));
        if (kiosk_health_is_bad(i)) g_assert_nonnull(strstr(kiosk_health_text(i), "请"));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/kiosk-health/rights", test_rights);
    g_test_add_func("/kiosk-health/words", test_words);
    return g_test_run();
}

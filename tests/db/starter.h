#pragma once
/* The starter content as a catalogue, made by the product's own importer from db/starter. */
#include "db/catalogue.h"
#include "db/generation.h"

#include <glib/gstdio.h>

#include "db/import.h"
#include "db/store.h"

static inline Catalogue *starter_catalogue(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ImportReport) report = import_report_new();
    g_autofree char *folder = g_dir_make_tmp("bianmin-test-XXXXXX", &error);
    g_autofree char *path = g_build_filename(folder, "content.db", NULL);
    g_autofree char *sheets = g_test_build_filename(G_TEST_DIST, "db", "starter", NULL);
    Generation *generation = g_new0(Generation, 1);
    sqlite3 *target = store_create_content(path, &error);
    Catalogue *catalogue;

    g_assert_no_error(error);
    g_assert_true(import_sheets(sheets, NULL, target, report, &error));
    g_assert_cmpuint(report->error_count, ==, 0);
    store_close(target);
    generation->db = store_open_content(path, &error);
    g_assert_no_error(error);
    generation->warnings = g_ptr_array_new_with_free_func(g_free);
    catalogue = catalogue_load(generation, &error);
    g_assert_no_error(error);
    g_unlink(path); /* the handle keeps it */
    g_rmdir(folder);
    return catalogue;
}

#pragma once
/* A small catalogue for the tests of db/: rows given as SQL, the sheet table filled to match. */
#include "db/content.h"
#include "db/generation.h"
#include "db/store.h"

#include <glib/gstdio.h>

#define SAMPLE_TOPIC(code, name, phones)                                                           \
    "INSERT INTO topic SELECT '" code "', count(*) + 1, '" name                                    \
    "', '社会救助', '一句话', '说明', '', "                                               \
    "'', '', '', '', '', '" phones "', '依据', '2023-12-31', '待社区核实' FROM topic;"
#define SAMPLE_ALIAS(code, name)                                                                   \
    "INSERT INTO alias SELECT '" code "', count(*) + 1, '" name                                    \
    "' FROM alias WHERE topic_code = '" code "';"
#define SAMPLE_FIGURE(code, subject, indicator, value)                                             \
    "INSERT INTO figure (topic_code, year, subject, indicator, value, unit, qualifier_text, "      \
    "source)"                                                                                      \
    " VALUES ('" code "', 2023, '" subject "', '" indicator "', '" value                           \
    "', '万元', '余', '报道');"
#define SAMPLE_QA(code, question, answer)                                                          \
    "INSERT INTO qa (topic_code, question, answer) VALUES ('" code "', '" question "', '" answer   \
    "');"

#define SAMPLE_BASE                                                                                \
    SAMPLE_TOPIC("JZ01", "最低生活保障", "12345;0577-12345")                                       \
    SAMPLE_ALIAS("JZ01", "低保")                                                                   \
    SAMPLE_ALIAS("JZ01", "吃低保")                                                                 \
    SAMPLE_TOPIC("CL01", "困难残疾人生活补贴", "12385")                                            \
    SAMPLE_FIGURE("JZ01", "低保救助金", "发放金额", "100")                                         \
    SAMPLE_QA("JZ01", "低保怎么申请？", "向街道申请。")

static inline void sample_fill_sheets(sqlite3 *db)
{
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++) {
        g_autofree char *sql =
            g_strdup_printf("INSERT INTO sheet SELECT '%s', count(*), 'test', 'utf-8', '' FROM %s",
                            content_sheets[i].file, content_sheets[i].table);
        g_autoptr(GError) error = NULL;
        g_assert_true(store_exec(db, sql, &error));
        g_assert_no_error(error);
    }
}

static inline void sample_create(const char *path, const char *rows)
{
    g_autoptr(GError) error = NULL;
    sqlite3 *db = store_create_content(path, &error);
    g_assert_no_error(error);
    gboolean is_done = store_exec(db, rows, &error);
    g_assert_no_error(error);
    g_assert_true(is_done);
    sample_fill_sheets(db);
    store_close(db);
}

/* Deletes a folder with everything in it. */
static inline void sample_remove(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        if (g_file_test(below, G_FILE_TEST_IS_DIR) && !g_file_test(below, G_FILE_TEST_IS_SYMLINK))
            sample_remove(below);
        else
            g_remove(below);
    }
    g_rmdir(path);
}

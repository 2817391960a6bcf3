#include "tests/db/sample.h"

#include "db/diff.h"

static sqlite3 *open_sample(const char *dir, const char *rows)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(dir, "x.db", NULL);
    sample_create(path, rows);
    sqlite3 *db = store_open_content(path, &error);
    g_assert_no_error(error);
    g_remove(path); /* the handle keeps it */
    return db;
}

/* Changes against SAMPLE_BASE, and what they come to. */
static const struct {
    const char *name, *sql;
    guint64 added, changed, removed;
    gboolean is_mass, has_phone;
    const char *text; /* part of diff_text() */
} rows[] = {
    { "nothing", "", 0, 0, 0, FALSE, FALSE, "内容没有变化" },
    { "moved only", "UPDATE topic SET position = 9 WHERE code = 'JZ01'", 0, 0, 0, FALSE, FALSE,
      "没有变化" },
    { "sheet table only", "INSERT INTO sheet VALUES ('x', 1, '', '', '')", 0, 0, 0, FALSE, FALSE,
      "" },
    { "answer", "UPDATE qa SET answer = ''||'新'", 0, 1, 0, FALSE, FALSE,
      "答复：“向街道申请。” → “新”" },
    { "emptied", "UPDATE figure SET qualifier_text = ''", 0, 1, 0, FALSE, FALSE,
      "说明：“余” → （空）" },
    { "phone", "UPDATE topic SET phones = '12346' WHERE code = 'CL01'", 0, 1, 0, FALSE, TRUE,
      "请拨打核对：12346。" },
    { "known phone", "UPDATE topic SET phones = '12345;12385' WHERE code = 'CL01'", 0, 1, 0, FALSE,
      TRUE, "请拨打核对：12345。" },
    { "phone gone", "UPDATE topic SET phones = '12345' WHERE code = 'JZ01'", 0, 1, 0, FALSE, TRUE,
      "有电话号码变了，请拨打核对。" },
    { "alias", SAMPLE_ALIAS("JZ01", "低保户"), 0, 1, 0, FALSE, FALSE, "低保;吃低保" },
    { "key of a figure", "UPDATE figure SET year = 2024", 1, 0, 1, TRUE, FALSE,
      "JZ01 2023 低保救助金 发放金额" },
    { "question", "UPDATE qa SET question = '新？'", 1, 0, 1, TRUE, FALSE, "问答.csv 删除 1 行" },
    { "new topic, known phone", SAMPLE_TOPIC("ZF01", "公租房", "12345"), 1, 0, 0, FALSE, FALSE,
      "ZF01 公租房" },
    { "new topic, new phone", SAMPLE_TOPIC("ZF01", "公租房", "12345;12329"), 1, 0, 0, FALSE, TRUE,
      "新增" },
    { "new topic, its phone in an answer before", SAMPLE_TOPIC("ZF01", "公租房", "12385"), 1, 0, 0,
      FALSE, FALSE, "新增" },
    { "phone in an answer", "UPDATE qa SET answer = '请拨0577-65810000'", 0, 1, 0, FALSE, TRUE,
      "请拨打核对：057765810000。" },
    { "known phone in an answer", "UPDATE qa SET answer = '打12345'", 0, 1, 0, FALSE, FALSE, "" },
    { "phone in a new notice",
      "INSERT INTO notice (title, body, category) VALUES ('补贴', '请打15400000001领', '生活')", 1,
      0, 0, FALSE, TRUE, "核对：15400000001" },
    { "topic gone", "DELETE FROM topic WHERE code = 'CL01'", 0, 0, 1, TRUE, FALSE,
      "CL01 困难残疾人生活补贴" },
};

static void test_rows(void)
{
    g_autofree char *dir = g_dir_make_tmp("diff-XXXXXX", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].name);
        g_autoptr(GError) error = NULL;
        g_autofree char *changed = g_strconcat(SAMPLE_BASE, rows[i].sql, NULL);
        g_autoptr(sqlite3) before = open_sample(dir, SAMPLE_BASE);
        g_autoptr(sqlite3) after = open_sample(dir, changed);
        g_autoptr(Diff) diff = diff_new(before, after, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(diff->added_count, ==, rows[i].added);
        g_assert_cmpuint(diff->changed_count, ==, rows[i].changed);
        g_assert_cmpuint(diff->removed_count, ==, rows[i].removed);
        g_assert_cmpint(diff->is_mass_removal, ==, rows[i].is_mass);
        g_assert_cmpint(diff_has_phone_change(diff), ==, rows[i].has_phone);
        g_autofree char *text = diff_text(diff, 5);
        g_assert_nonnull(strstr(text, rows[i].text));
        g_assert_cmpint(diff_is_empty(diff), ==, strstr(text, "没有变化") != NULL);
    }
    sample_remove(dir);
}

/* 5,000 rows: 1,400 go (28 %), 1,200 change, 1,300 come; lists are bounded, counts exact. */
static void test_many(void)
{
#define MANY(from, to, answer)                                                                     \
    "INSERT INTO qa (topic_code, question, answer) WITH RECURSIVE r(x) AS (SELECT " #from          \
    " UNION ALL SELECT x + 1 FROM r WHERE x < " #to ") SELECT 'JZ01', '问' || x || '？', '" answer \
    "' FROM r;"
    static const char before_rows[] = SAMPLE_TOPIC("JZ01", "低保", "12345") MANY(1, 5000, "甲");
    static const char after_rows[] = SAMPLE_TOPIC("JZ01", "低保", "12345") MANY(5001, 6300, "甲")
        MANY(1401, 2600, "乙") MANY(2601, 5000, "甲");
    g_autofree char *dir = g_dir_make_tmp("diff-XXXXXX", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(sqlite3) before = open_sample(dir, before_rows);
    g_autoptr(sqlite3) after = open_sample(dir, after_rows);
    g_autoptr(Diff) diff = diff_new(before, after, &error);
    g_assert_no_error(error);
    const DiffSheet *sheet = &diff->sheets[3];
    g_assert_cmpstr(sheet->file, ==, "问答.csv");
    g_assert_cmpuint(sheet->added_count, ==, 1300);
    g_assert_cmpuint(sheet->changed_count, ==, 1200);
    g_assert_cmpuint(sheet->removed_count, ==, 1400);
    g_assert_cmpuint(sheet->before_count, ==, 5000);
    g_assert_cmpuint(sheet->after_count, ==, 4900);
    g_assert_cmpuint(sheet->removed->len, ==, DIFF_ENTRIES_MAX);
    g_assert_cmpuint(sheet->changed->len, ==, DIFF_ENTRIES_MAX);
    g_assert_false(diff->is_mass_removal);
    g_assert_true(diff->is_mass_change); /* 1,200: more than are listed */
    const DiffEntry *first = sheet->removed->pdata[0];
    g_assert_cmpstr(first->key, ==, "问1？");
    g_autofree char *text = diff_text(diff, 3);
    g_assert_nonnull(strstr(text, "还有 1397 行"));
    g_assert_true(strstr(text, "删除") < strstr(text, "改动") &&
                  strstr(text, "改动") < strstr(text, "新增"));
    sample_remove(dir);
}

/* Ten of thirty is a third; nine of ten are too few to be a mass. */
static void test_mass_change(void)
{
    static const char *const bases[] = { SAMPLE_TOPIC("JZ01", "低保", "12345") MANY(1, 30, "甲"),
                                         SAMPLE_TOPIC("JZ01", "低保", "12345") MANY(1, 10, "甲") };
    static const struct {
        guint base;
        const char *sql;
        gboolean is_mass;
    } cases[] = { { 0, "UPDATE qa SET answer = '乙' WHERE id <= 10", TRUE },
                  { 0, "UPDATE qa SET answer = '乙' WHERE id <= 9", FALSE },
                  { 1, "UPDATE qa SET answer = '乙' WHERE id <= 9", FALSE } };
    g_autofree char *dir = g_dir_make_tmp("diff-XXXXXX", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *changed = g_strconcat(bases[cases[i].base], cases[i].sql, NULL);
        g_autoptr(sqlite3) before = open_sample(dir, bases[cases[i].base]);
        g_autoptr(sqlite3) after = open_sample(dir, changed);
        g_autoptr(Diff) diff = diff_new(before, after, &error);
        g_assert_no_error(error);
        g_auto(GStrv) cautions = diff_cautions(diff);
        g_assert_cmpint(diff->is_mass_change, ==, cases[i].is_mass);
        g_assert_cmpstr(cautions[0], ==, cases[i].is_mass ? "有一张表改了很多行" : NULL);
    }
    sample_remove(dir);
}

/* Where a long text differs, not how it begins. */
static void test_long(void)
{
#define LONG "replace(hex(zeroblob(50)), '00', '街道')"
    g_autofree char *dir = g_dir_make_tmp("diff-XXXXXX", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(sqlite3) before =
        open_sample(dir, SAMPLE_BASE "UPDATE qa SET answer = " LONG " || '甲'");
    g_autoptr(sqlite3) after =
        open_sample(dir, SAMPLE_BASE "UPDATE qa SET answer = " LONG " || '乙' || " LONG);
    g_autoptr(Diff) diff = diff_new(before, after, &error);
    g_assert_no_error(error);
    g_autofree char *text = diff_text(diff, 5);
    g_assert_nonnull(
        strstr(text, "答复：“…街道街道街道街道街道甲” → “…街道街道街道街道街道乙街道"));
    g_assert_nonnull(strstr(text, "街…”\n"));
    sample_remove(dir);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/diff/rows", test_rows);
    g_test_add_func("/diff/many", test_many);
    g_test_add_func("/diff/mass-change", test_mass_change);
    g_test_add_func("/diff/long", test_long);
    return g_test_run();
}

#include "kiosk/staff_view.h"

#include <string.h>

static JsonObject *object_of(const char *text)
{
    g_autoptr(JsonNode) node = json_from_string(text, NULL);
    g_assert_nonnull(node);
    return json_object_ref(json_node_get_object(node));
}

/* The lines one below the other, each behind a letter of its kind. */
static char *text_of(GArray *lines)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < lines->len; i++) {
        const StaffLine *line = &g_array_index(lines, StaffLine, i);
        g_string_append_printf(text, "%c%s|", "HRT"[line->kind], line -> text);
    }
    g_array_unref(lines);
    return g_string_free(text, FALSE);
}

static void test_changes(void)
{
    g_autoptr(JsonObject) checked = object_of(
        "{\"is\":\"checked\",\"report\":{\"outcome\":\"accept\",\"diff\":"
        "{\"added\":1,\"changed\":1,\"removed\":3}},\"changes\":["
        "{\"file\":\"事项.csv\",\"added_count\":1,\"changed_count\":1,\"removed_count\":0,"
        "\"added\":[{\"key\":\"ZZ01 新的\",\"fields\":[]}],"
        "\"changed\":[{\"key\":\"CL01 补贴\",\"fields\":[{\"name\":\"咨询电话\",\"before\":\"\","
        "\"after\":\"12345\"}]}],\"removed\":[]},"
        "{\"file\":\"公告.csv\",\"added_count\":0,\"changed_count\":0,\"removed_count\":3,"
        "\"added\":[],\"changed\":[],\"removed\":[{\"key\":\"停水\",\"fields\":[]}]}]}");
    g_autofree char *lines = text_of(staff_view_changes(checked));
    g_autofree char *counts = staff_view_counts(checked);

    g_assert_cmpstr(lines, ==,
                    "H公告：删除 3 行|R停水|T还有 2 行没有列出，导出结果可以看到|"
                    "H事项：修改 1 行|TCL01 补贴\n咨询电话：（空） → 12345|"
                    "H事项：新增 1 行|TZZ01 新的|");
    g_assert_cmpstr(counts, ==, "新增 1 行，修改 1 行，删除 3 行");
    g_assert_cmpstr(staff_view_outcome(checked), ==, "accept");
}

static void test_issues(void)
{
    g_autoptr(JsonObject) checked = object_of(
        "{\"report\":{\"outcome\":\"reject\",\"errors\":[{\"file\":\"事项.csv\",\"row\":12,"
        "\"column\":\"编号\",\"value\":\"CL1\",\"message\":\"编号不对\",\"remedy\":\"写成两位\"},"
        "{\"file\":\"\",\"row\":0,\"column\":\"\",\"value\":\"\",\"message\":\"磁盘已满\","
        "\"remedy\":\"\"}],\"warnings\":[{\"file\":\"公告.csv\",\"row\":0,\"message\":\"空的\"}]}"
        ",\"error_count\":1002,\"warning_count\":1}");
    g_autofree char *lines = text_of(staff_view_issues(checked));

    g_assert_cmpstr(
        lines, ==,
        "H错误（1002 处）|T事项.csv 第 12 行“编号”：编号不对（写的是“CL1”）\n怎么改：写成两位|"
        "T磁盘已满|H提醒（1 处）|T公告.csv：空的|");
}

static void test_cautions(void)
{
    g_autoptr(JsonObject) checked =
        object_of("{\"cautions\":[\"有一张表删掉了三成以上的行\",7,null,[]],\"changes\":[]}");
    g_autofree char *lines = text_of(staff_view_changes(checked));

    g_assert_cmpstr(lines, ==, "H发布前要再确认一次|T有一张表删掉了三成以上的行|");
}

/* The remedy is said once for all rows of a column that are wrong alike, and each value once. */
static void test_alike(void)
{
#define ROW(row, value)                                                                            \
    "{\"file\":\"事项.csv\",\"row\":" #row ",\"column\":\"类别\",\"value\":\"" value               \
    "\",\"message\":\"不在允许的值里\",\"remedy\":\"只能填：甲、乙\"}"
    g_autoptr(JsonObject) checked = object_of("{\"report\":{\"errors\":[" ROW(3, "丙") "," ROW(
        5, "") ",{\"file\":\"事项.csv\",\"row\":6,"
               "\"column\":\"名称\",\"value\":\"\",\"message\":\"必须填\",\"remedy\":\"\"}," ROW(
                   8, "丙") "," ROW(9, "丁") "]},"
                                             "\"error_count\":5}");
#undef ROW
    g_autofree char *lines = text_of(staff_view_issues(checked));

    g_assert_cmpstr(lines, ==,
                    "H错误（5 处）|T事项.csv“类别”：不在允许的值里（4 行）\n"
                    "第 3、8 行写的是“丙”；第 5 行；第 9 行写的是“丁”\n怎么改：只能填：甲、乙|"
                    "T事项.csv 第 6 行“名称”：必须填|");
}

#define LONG "一二三四五六七八九十，一二三四五六七八九十，一二三四五六七八九十。"

static void test_shortened(void)
{
    static const struct {
        const char *before, *after, *shown;
    } rows[] = {
        { "短的", "短短的", "短的 → 短短的" },
        { "", LONG, "（空） → " LONG },
        { LONG, "", LONG " → （空）" },
        { LONG "甲" LONG, LONG "乙丙" LONG,
          "……一二三四五六七八九十。甲一二三四五六七八九十…… → "
          "……一二三四五六七八九十。乙丙一二三四五六七八九十……" },
        { LONG, LONG "完", "……一二三四五六七八九十。 → ……一二三四五六七八九十。完" },
        { LONG "电话0577658123451", LONG "电话0577658123452", /* a number is whole */
          "……电话0577658123451 → ……电话0577658123452" },
        { LONG "\xe4\xb8\x80", LONG "\xe4\xb8\x81", /* 一, 丁: alike but for the last octet */
          "……一二三四五六七八九十。一 → ……一二三四五六七八九十。丁" },
        { LONG LONG, LONG, "……一二三四五六七八九十。" LONG " → ……一二三四五六七八九十。" },
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *json = g_strdup_printf(
            "{\"changes\":[{\"file\":\"事项.csv\",\"changed_count\":1,\"changed\":[{\"key\":"
            "\"CL01\","
            "\"fields\":[{\"name\":\"详细说明\",\"before\":\"%s\",\"after\":\"%s\"}]}]}]}",
            rows[i].before, rows[i].after);
        g_autoptr(JsonObject) checked = object_of(json);
        g_autofree char *lines = text_of(staff_view_changes(checked));
        g_autofree char *expected =
            g_strdup_printf("H事项：修改 1 行%s|TCL01\n详细说明：%s|",
                            strstr(rows[i].shown, "……") ? "（……没变）" : "", rows[i].shown);
        g_assert_cmpstr(lines, ==, expected);
    }
}

/* Whatever the other side says, nothing is read beyond it. */
static void test_odd(void)
{
    static const char *const texts[] = {
        "{}",
        "{\"report\":7,\"changes\":{}}",
        "{\"report\":{\"errors\":[1,null,\"x\"],\"diff\":[]},\"changes\":[1,{\"removed_count\":1}]"
        "}",
        "{\"changes\":[{\"file\":null,\"added_count\":2,\"added\":[[],{\"fields\":[3]}]}]}",
    };
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(JsonObject) checked = object_of(texts[i]);
        g_autofree char *changes = text_of(staff_view_changes(checked));
        g_autofree char *issues = text_of(staff_view_issues(checked));
        g_autofree char *counts = staff_view_counts(checked);
        g_assert_cmpstr(counts, ==, "内容没有变化，可以不发布");
        g_assert_cmpstr(staff_view_outcome(checked), ==, "");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/staff_view/changes", test_changes);
    g_test_add_func("/staff_view/issues", test_issues);
    g_test_add_func("/staff_view/cautions", test_cautions);
    g_test_add_func("/staff_view/alike", test_alike);
    g_test_add_func("/staff_view/shortened", test_shortened);
    g_test_add_func("/staff_view/odd", test_odd);
    return g_test_run();
}

#include "kiosk/topic_slip.h"

#include <string.h>

#include "kiosk/slip_wrap.h"
#include "tests/db/starter.h"

#define TODAY       "2026-05-06"
#define FILL_GOLDEN "BIANMIN_WRITE_GOLDEN" /* set: writes the golden file anew, then look at it */

static Catalogue *catalogue;

static const Topic *topic_of(const char *code)
{
    int index = catalogue_find_topic(catalogue, code);
    g_assert_cmpint(index, >=, 0);
    return &catalogue->topics[index];
}

static void set(char **field, const char *text)
{
    g_free(*field);
    *field = g_strdup(text);
}

static KioskSettings *settings_with_sms(void)
{
    KioskSettings *settings = kiosk_settings_new();
    set(&settings->sms_number, "10690000");
    set(&settings->counter, "3 号窗口");
    return settings;
}

static char *preview_of(const Topic *topic, const KioskSettings *settings, const char *today)
{
    g_autoptr(Slip) slip = topic_slip_new(topic, settings, today);
    return slip_preview(slip);
}

/* ---- the octets of one slip, to the last ---- */

static void assert_golden(const char *code, const char *name, guint paper_mm, gboolean has_qr)
{
    g_autoptr(KioskSettings) settings = settings_with_sms();
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "tests", "kiosk", name, NULL);
    g_autofree char *wanted = NULL;
    g_autoptr(GError) error = NULL;
    gsize len = 0;

    settings->paper_mm = paper_mm;
    settings->has_printer_qr = has_qr;
    g_autoptr(Slip) slip = topic_slip_new(topic_of(code), settings, TODAY);
    g_autoptr(GBytes) bytes = slip_finish(slip);
    if (g_getenv(FILL_GOLDEN))
        g_file_set_contents(path, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes),
                            &error);
    g_assert_no_error(error);
    g_file_get_contents(path, &wanted, &len, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), wanted, len);
}

static void test_golden(void)
{
    assert_golden("CL01", "slip_CL01_58.bin", 58, FALSE);
    assert_golden("HJ03", "slip_HJ03_80.bin", 80, TRUE);
}

/* ---- what stands in it ---- */

static const struct {
    const char *code;
    const char *words; /* all of them, separated by '|' */
    const char *not_there;
} slips[] = {
    { "CL01",
      "编号：CL01\n|谁能办：有残疾人证|要带：\n□申请表\n□身份证\n□残疾人证\n□本人银行卡|\n"
      "低保情况由受理窗口核对\n|怎么办：\n1.本人|\n2.街道初审。\n3.|\n5.合格的|"
      "电话：12345、12385\n|"
      "补贴标准：金额待社区核实|内容截至：2023年12月31日\n|待社区核实|〔二维码〕\n|"
      "发短信 CL01 到 10690000\n|打印日期：2026年5月6日\n|3 号窗口",
      "去哪里" },
    { "HJ03", "收费：首次申领免费|□户口簿或居住证等能证明身份的材料\n□换领的交回旧证\n",
      "补贴标准" },
    { "SB01", "补贴标准：养老金由", "金额待" },
    { "SB02", "□身份证\n□代办的，另带代办人身份证\n", "金额待" },
    { "JY01", "□户口簿\n|\n以当年招生公告为准\n", "□以当年" },
    { "YB01", "□身份证或户口簿\n已经参过保的", "□已经" },
    { "AQ03", "□房东：身份证、房产证明、租房合同\n□租客：身份证\n", "金额" },
    { "SQ10", "电话：12345、110、119", "怎么办" },
};

static void test_words(void)
{
    g_autoptr(KioskSettings) settings = settings_with_sms();

    settings->paper_mm = 80; /* few lines are broken */
    for (gsize i = 0; i < G_N_ELEMENTS(slips); i++) {
        g_autofree char *preview = preview_of(topic_of(slips[i].code), settings, TODAY);
        g_auto(GStrv) words = g_strsplit(slips[i].words, "|", -1);
        for (char **word = words; *word; word++)
            if (!strstr(preview, *word)) g_error("“%s” is missing in: %s", *word, preview);
        if (strstr(preview, slips[i].not_there))
            g_error("“%s” stands in: %s", slips[i].not_there, preview);
    }
}

/* Official words that residents do not use are no label of ours. */
static void test_plain_labels(void)
{
    static const char *const official[] = { "所需材料：", "办理地点：", "办理对象：",
                                            "办理流程：", "办理时间：", "咨询电话：" };
    g_autoptr(KioskSettings) settings = settings_with_sms();

    for (guint t = 0; t < catalogue->topic_count; t++) {
        g_autofree char *preview = preview_of(&catalogue->topics[t], settings, TODAY);
        for (gsize i = 0; i < G_N_ELEMENTS(official); i++)
            g_assert_null(strstr(preview, official[i]));
    }
}

/* Every topic on either paper: no line too wide, none begun by a mark that ends one, all in GBK. */
static void test_every_topic_fits(void)
{
    g_autoptr(KioskSettings) settings = settings_with_sms();

    for (guint t = 0; t < 2 * catalogue->topic_count; t++) {
        settings->paper_mm = t % 2 ? 80 : 58;
        g_autofree char *preview = preview_of(&catalogue->topics[t / 2], settings, TODAY);
        g_auto(GStrv) lines = g_strsplit(preview, "\n", -1);
        g_assert_null(strstr(preview, "〓"));
        for (char **line = lines; *line; line++) {
            g_assert_cmpuint(slip_wrap_cells(*line, strlen(*line)), <=, t % 2 ? 48 : 32);
            g_assert_null(**line ? g_utf8_strchr("。，、；：）”", -1, g_utf8_get_char(*line))
                                 : NULL);
        }
    }
}

/* ---- what a community fills in, and what it leaves empty ---- */

static void test_filled_in(void)
{
    g_autoptr(KioskSettings) settings = kiosk_settings_new();
    Topic topic = *topic_of("CL01");
    topic.is_verified = TRUE;
    topic.benefit_standard = "每人每月325元。";
    topic.location = "锦湖街道1楼";
    topic.opening_hours = "周一到周五 8:30—11:30";
    topic.application_process = "到窗口说一声就行，1.5小时办好。";
    topic.required_documents = "身份证（原件；复印件也行。）;照片";
    topic.as_of_date = "去年";

    g_autofree char *preview = preview_of(&topic, settings, NULL);
    g_assert_nonnull(strstr(preview, "补贴标准：每人每月325元。\n"));
    g_assert_nonnull(strstr(preview, "去哪里：锦湖街道1楼\n"));
    g_assert_nonnull(strstr(preview, "几点：周一到周五 8:30—11:30\n"));
    g_assert_nonnull(strstr(preview, "怎么办：到窗口说一声就行，\n1.5小时办好。\n"));
    g_assert_nonnull(strstr(preview, "□身份证（原件；复印件也行。）\n□照片\n"));
    g_assert_nonnull(strstr(preview, "内容截至：去年\n"));
    g_assert_null(strstr(preview, "待社区核实"));
    g_assert_null(strstr(preview, "二维码")); /* no gateway */
    g_assert_null(strstr(preview, "打印日期"));
}

static void test_empty(void)
{
    g_autoptr(KioskSettings) settings = kiosk_settings_new();
    char *none[] = { NULL };
    Topic topic = { "AA01", "名", "",   "",   "",   "", "", "", "", "", "",
                    "",     "",   TRUE, none, none, 0,  0,  0,  0,  0,  0 };
    g_autofree char *preview = preview_of(&topic, settings, "");

    g_assert_cmpstr(preview, ==,
                    "名\n编号：AA01\n--------------------------------\n"
                    "--------------------------------\n--------------------------------\n"
                    "锦湖街道便民查询\n有问题请打12345。\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    catalogue = starter_catalogue();
    g_test_add_func("/topic_slip/golden", test_golden);
    g_test_add_func("/topic_slip/words", test_words);
    g_test_add_func("/topic_slip/plain-labels", test_plain_labels);
    g_test_add_func("/topic_slip/every-topic-fits", test_every_topic_fits);
    g_test_add_func("/topic_slip/filled-in", test_filled_in);
    g_test_add_func("/topic_slip/empty", test_empty);
    int status = g_test_run();
    catalogue_free(catalogue);
    return status;
}

#include "kiosk/looks.h"

#include <string.h>

static void test_scale(void)
{
    static const struct {
        int width, height;
        double scale;
    } rows[] = {
        { 1080, 1920, 1 },      { 1366, 768, 1 },
        { 1920, 1080, 1.406 },  { 1280, 720, 720.0 / 768 },
        { 540, 960, 0.5 },      { 2160, 3840, 2 },
        { 3840, 2160, 2.811 },  { 768, 1366, 768.0 / 1080 },
        { 1080, 1080, 0.5625 }, { 1440, 900, 1.054 },
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpfloat_with_epsilon(looks_scale(rows[i].width, rows[i].height), rows[i].scale,
                                       0.02);
}

static void test_css(void)
{
    g_autofree char *same = looks_scale_css("a { font-size: 40px; border: 2px; margin: 0; }", 1);
    g_autofree char *half = looks_scale_css("a { font-size: 40px; border: 1px; top: 0px; }", 0.5);

    g_assert_cmpstr(same, ==, "a { font-size: 40px; border: 2px; margin: 0; }");
    g_assert_cmpstr(half, ==, "a { font-size: 20px; border: 1px; top: 0px; }");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/looks/scale", test_scale);
    g_test_add_func("/looks/css", test_css);
    return g_test_run();
}

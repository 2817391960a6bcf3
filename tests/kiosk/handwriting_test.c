#include "kiosk/handwriting.h"

#include "kiosk/kiosk_settings.h"

#define SIDE 300

static char *model_path(void)
{
    g_autoptr(KioskSettings) settings = kiosk_settings_new();

    return g_strdup(settings->handwriting_model);
}

/* NULL, and the test is skipped: no model on this machine. */
static Handwriting *open_or_skip(const char *wanted)
{
    g_autofree char *path = model_path();
    g_autoptr(GError) error = NULL;
    Handwriting *h = handwriting_new(path, wanted, &error);

    if (h) return h;
    g_assert_error(error, HANDWRITING_ERROR, HANDWRITING_ERROR_ABSENT);
    g_test_skip("no handwriting model: package tegaki-zinnia-simplified-chinese");
    return NULL;
}

/* "30,150 270,150 | 150,20 …": strokes by |. */
static GArray *draw(const char *strokes)
{
    GArray *points = g_array_new(FALSE, FALSE, sizeof(HandwritingPoint));
    g_auto(GStrv) each = g_strsplit(strokes, "|", -1);

    for (guint s = 0; each[s]; s++) {
        g_auto(GStrv) pairs = g_strsplit(g_strstrip(each[s]), " ", -1);
        for (guint i = 0; pairs[i]; i++) {
            char *y = NULL;
            HandwritingPoint point = { .stroke = s };
            point.x = (int)g_ascii_strtoll(pairs[i], &y, 10);
            point.y = (int)g_ascii_strtoll(y + 1, NULL, 10);
            g_array_append_val(points, point);
        }
    }
    return points;
}

static const struct {
    const char *ch, *strokes;
} drawn[] = {
    { "一", "30,150 150,148 270,150" },
    { "二", "80,90 150,88 220,90|40,220 150,218 260,220" },
    { "三", "70,60 150,58 230,60|85,150 150,148 215,150|40,240 150,238 260,240" },
    { "十", "40,130 150,128 260,130|150,30 150,150 150,270" },
    { "人", "150,40 140,120 100,190 40,260|145,110 180,180 265,260" },
    { "口", "70,80 75,160 80,230|70,80 150,76 230,75 225,150 220,225|80,225 150,222 220,222" },
    { "工", "70,70 150,68 230,70|150,70 150,150 150,230|30,230 150,228 270,230" },
};

static gboolean is_among(char **texts, const char *text)
{
    return g_strv_contains((const char *const *)texts, text);
}

static void test_simple(void)
{
    g_autoptr(Handwriting) h = open_or_skip("");

    for (guint i = 0; h && i < G_N_ELEMENTS(drawn); i++) {
        g_autoptr(GArray) points = draw(drawn[i].strokes);
        g_auto(GStrv) texts =
            handwriting_recognize(h, (gpointer)points->data, points->len, SIDE, SIDE);
        g_test_message("%s: %s …", drawn[i].ch, texts[0]);
        g_assert_true(is_among(texts, drawn[i].ch));
        g_assert_cmpuint(g_strv_length(texts), ==, HANDWRITING_CANDIDATES_MAX);
    }
}

/* What is wanted comes first, however unlikely; others fill up. */
static void test_wanted(void)
{
    g_autoptr(GArray) points = draw(drawn[1].strokes);
    g_autoptr(Handwriting) all = open_or_skip("");
    if (!all) return;
    g_auto(GStrv) before =
        handwriting_recognize(all, (gpointer)points->data, points->len, SIDE, SIDE);
    g_autofree char *wanted = g_strdup_printf("，ABC%s", before[HANDWRITING_CANDIDATES_MAX - 1]);
    g_autoptr(Handwriting) h = open_or_skip(wanted);
    g_auto(GStrv) after = handwriting_recognize(h, (gpointer)points->data, points->len, SIDE, SIDE);

    g_assert_cmpstr(after[0], ==, before[HANDWRITING_CANDIDATES_MAX - 1]);
    for (guint i = 1; i < HANDWRITING_CANDIDATES_MAX; i++)
        g_assert_cmpstr(after[i], ==, before[i - 1]);
}

/* Small in a corner, or large: the same. */
static void test_anywhere(void)
{
    g_autoptr(GArray) points = draw(drawn[5].strokes);
    g_autoptr(Handwriting) h = open_or_skip("");
    if (!h) return;
    g_auto(GStrv) large = handwriting_recognize(h, (gpointer)points->data, points->len, SIDE, SIDE);

    for (guint i = 0; i < points->len; i++) {
        HandwritingPoint *point = &g_array_index(points, HandwritingPoint, i);
        point->x = SIDE + 2 * point->x;
        point->y = 2 * point->y;
    }
    g_auto(GStrv) small =
        handwriting_recognize(h, (gpointer)points->data, points->len, 4 * SIDE, 4 * SIDE);
    for (guint i = 0; i < HANDWRITING_CANDIDATES_MAX; i++)
        g_assert_cmpstr(small[i], ==, large[i]);
}

/* The model never gives 水 and 山; what it gives instead tells. */
static void test_blind(void)
{
    static const struct {
        const char *ch, *strokes;
    } rows[] = {
        { "水", "150,30 150,150 148,260 125,240|40,110 120,110 90,180 40,220"
                "|235,80 200,120 165,140|160,130 200,190 265,230" },
        { "山",
          "150,40 150,130 150,220|60,120 60,180 60,235 150,235 240,235|240,110 240,180 240,250" },
    };
    g_autoptr(Handwriting) h = open_or_skip("水山一人工");

    for (guint i = 0; h && i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GArray) points = draw(rows[i].strokes);
        g_auto(GStrv) texts =
            handwriting_recognize(h, (gpointer)points->data, points->len, SIDE, SIDE);
        g_assert_cmpstr(texts[0], ==, rows[i].ch);
        g_assert_cmpuint(g_strv_length(texts), ==, HANDWRITING_CANDIDATES_MAX);
    }
}

static void test_absent(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Handwriting) h = handwriting_new("/nonexistent", "", &error);

    g_assert_null(h);
    g_assert_error(error, HANDWRITING_ERROR, HANDWRITING_ERROR_ABSENT);
    g_assert_cmpstr(error->message, ==, "没有装手写");
}

/* Anything a finger can do: nothing, a dot, far outside, more strokes and points than there may be,
 * numbers that jump. */
static void test_odd_drawings(void)
{
    g_autoptr(Handwriting) h = open_or_skip("一");
    g_autoptr(GArray) many = g_array_new(FALSE, FALSE, sizeof(HandwritingPoint));
    HandwritingPoint far[] = { { 7, G_MININT / 2, G_MAXINT / 2 }, { 4000000000u, 0, -5 } };
    if (!h) return;

    for (guint i = 0; i < 3 * HANDWRITING_POINTS_MAX; i++)
        g_array_append_vals(many, &(HandwritingPoint){ i / 3, (int)(i % 300), (int)(i / 30) }, 1);
    g_auto(GStrv) none = handwriting_recognize(h, NULL, 0, SIDE, SIDE);
    g_assert_cmpuint(g_strv_length(none), ==, 0);
    for (guint count = 1; count <= 2; count++) {
        g_auto(GStrv) texts = handwriting_recognize(h, far, count, 0, 0);
        g_assert_cmpuint(g_strv_length(texts), <=, HANDWRITING_CANDIDATES_MAX);
    }
    g_auto(GStrv) texts = handwriting_recognize(h, (gpointer)many->data, many->len, SIDE, SIDE);
    g_assert_cmpuint(g_strv_length(texts), <=, HANDWRITING_CANDIDATES_MAX);
}

/* ---- in another thread ---- */

typedef struct {
    GMainLoop *loop;
    Handwriting *handwriting;
    GError *error;
    char **texts;
} Wait;

static void on_open(GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer data)
{
    Wait *wait = data;

    wait->handwriting = handwriting_new_finish(result, &wait->error);
    g_main_loop_quit(wait->loop);
}

static void on_recognized(GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer data)
{
    Wait *wait = data;

    wait->texts = handwriting_recognize_finish(result, &wait->error);
    g_main_loop_quit(wait->loop);
}

static void recognize_async(Wait *wait, const char *strokes, gboolean cancelled)
{
    g_autoptr(GArray) points = draw(strokes);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();

    handwriting_recognize_async(wait->handwriting, (gpointer)points->data, points->len, SIDE, SIDE,
                                cancellable, on_recognized, wait);
    if (cancelled) g_cancellable_cancel(cancellable);
    /* it lives on with the drawing */
    g_clear_pointer(&wait->handwriting, handwriting_free);
    g_main_loop_run(wait->loop);
}

static void test_async(void)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autofree char *path = model_path();

    for (int cancelled = 0; cancelled < 2; cancelled++) {
        Wait wait = { .loop = loop };
        handwriting_new_async(path, "二", NULL, on_open, &wait);
        g_main_loop_run(loop);
        if (!wait.handwriting) {
            g_assert_error(wait.error, HANDWRITING_ERROR, HANDWRITING_ERROR_ABSENT);
            g_clear_error(&wait.error);
            g_test_skip("no handwriting model");
            return;
        }
        recognize_async(&wait, drawn[1].strokes, cancelled);
        if (cancelled) {
            g_assert_error(wait.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
            g_assert_null(wait.texts);
            g_clear_error(&wait.error);
        } else {
            g_assert_no_error(wait.error);
            g_assert_cmpstr(wait.texts[0], ==, "二");
        }
        g_strfreev(wait.texts);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/handwriting/simple", test_simple);
    g_test_add_func("/handwriting/wanted", test_wanted);
    g_test_add_func("/handwriting/anywhere", test_anywhere);
    g_test_add_func("/handwriting/blind", test_blind);
    g_test_add_func("/handwriting/absent", test_absent);
    g_test_add_func("/handwriting/odd-drawings", test_odd_drawings);
    g_test_add_func("/handwriting/async", test_async);
    return g_test_run();
}

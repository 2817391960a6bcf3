#include "kiosk/handwriting.h"

#include <gmodule.h>
#include <string.h>
#include <zinnia.h>

#include "kiosk/handwriting_alike.h"

#define LIBRARY     "libzinnia.so.0"
#define RESULTS_MAX 200 /* of the model's 6763, among which the wanted ones are looked for */
#define NOT_THERE   "没有装手写"

G_DEFINE_QUARK(bianmin - handwriting - error - quark, handwriting_error)

typedef struct {
    __typeof__(zinnia_recognizer_new) *recognizer_new;
    __typeof__(zinnia_recognizer_open) *recognizer_open;
    __typeof__(zinnia_recognizer_destroy) *recognizer_destroy;
    __typeof__(zinnia_recognizer_classify) *recognizer_classify;
    __typeof__(zinnia_character_new) *character_new;
    __typeof__(zinnia_character_set_width) *character_set_width;
    __typeof__(zinnia_character_set_height) *character_set_height;
    __typeof__(zinnia_character_add) *character_add;
    __typeof__(zinnia_character_destroy) *character_destroy;
    __typeof__(zinnia_result_size) *result_size;
    __typeof__(zinnia_result_value) *result_value;
    __typeof__(zinnia_result_destroy) *result_destroy;
} Zinnia;

#define SYMBOL(name)                                                                               \
    {                                                                                              \
        "zinnia_" #name, offsetof(Zinnia, name)                                                    \
    }
static const struct {
    const char *name;
    gsize offset;
} symbols[] = {
    SYMBOL(recognizer_new),       SYMBOL(recognizer_open), SYMBOL(recognizer_destroy),
    SYMBOL(recognizer_classify),  SYMBOL(character_new),   SYMBOL(character_set_width),
    SYMBOL(character_set_height), SYMBOL(character_add),   SYMBOL(character_destroy),
    SYMBOL(result_size),          SYMBOL(result_value),    SYMBOL(result_destroy),
};

struct Handwriting {
    Zinnia zinnia;
    GMutex lock; /* around the recognizer: zinnia does not say that it may be shared */
    zinnia_recognizer_t *recognizer;
    GHashTable *wanted; /* gunichar */
};

/* ---- opening ---- */

static gboolean load_library(Zinnia *zinnia)
{
    GModule *module = g_module_open(LIBRARY, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
    gboolean is_whole = module != NULL;

    for (guint i = 0; is_whole && i < G_N_ELEMENTS(symbols); i++)
        is_whole = g_module_symbol(module, symbols[i].name,
                                   (gpointer *)((guint8 *)zinnia + symbols[i].offset));
    if (is_whole)
        g_module_make_resident(module);
    else if (module)
        g_module_close(module);
    return is_whole;
}

static void dispose(gpointer data)
{
    Handwriting *h = data;

    if (h->recognizer) h->zinnia.recognizer_destroy(h->recognizer);
    g_hash_table_unref(h->wanted);
    g_mutex_clear(&h->lock);
}

void handwriting_free(Handwriting *handwriting)
{
    if (handwriting) g_atomic_rc_box_release_full(handwriting, dispose);
}

static gboolean open_model(Handwriting *h, const char *path)
{
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) return FALSE;
    h->recognizer = h->zinnia.recognizer_new();
    return h->recognizer && h->zinnia.recognizer_open(h->recognizer, path);
}

Handwriting *handwriting_new(const char *model_path, const char *wanted, GError **error)
{
    g_autoptr(Handwriting) h = g_atomic_rc_box_new0(Handwriting);

    g_mutex_init(&h->lock);
    h->wanted = g_hash_table_new(NULL, NULL);
    if (!load_library(&h->zinnia) || !open_model(h, model_path)) {
        g_set_error_literal(error, HANDWRITING_ERROR, HANDWRITING_ERROR_ABSENT, NOT_THERE);
        return NULL;
    }
    for (; *wanted; wanted = g_utf8_next_char(wanted))
        if (g_unichar_get_script(g_utf8_get_char(wanted)) == G_UNICODE_SCRIPT_HAN)
            g_hash_table_add(h->wanted, GUINT_TO_POINTER(g_utf8_get_char(wanted)));
    return g_steal_pointer(&h);
}

/* ---- recognition ---- */

#define CANVAS 1000.0
#define MARGIN 0.18 /* fit_handwriting.py; on either side */

typedef struct {
    double scale, x, y; /* a point is (x + scale * point.x, y + scale * point.y) on the canvas */
} Placing;

/* The model wants characters of one size in the middle: a small one in a corner is the right one
 * half as often. What is tiny on its pad is not blown up: a dot is no line. */
static Placing place(const HandwritingPoint *points, guint count, guint width, guint height)
{
    double left = points[0].x, right = left, top = points[0].y, bottom = top;

    for (guint i = 1; i < count; i++) {
        left = MIN(left, points[i].x);
        right = MAX(right, points[i].x);
        top = MIN(top, points[i].y);
        bottom = MAX(bottom, points[i].y);
    }
    double side = MAX(MAX(right - left, bottom - top), MAX(MAX(width, height) / 4.0, 1));
    double scale = CANVAS * (1 - 2 * MARGIN) / side;
    return (Placing){ scale, CANVAS / 2 - scale * (left + right) / 2,
                      CANVAS / 2 - scale * (top + bottom) / 2 };
}

/* Strokes are numbered anew: an empty one between two others would be read beyond its end. */
static zinnia_character_t *make_character(const Zinnia *zinnia, const HandwritingPoint *points,
                                          guint count, Placing at)
{
    zinnia_character_t *character = zinnia->character_new();
    gsize stroke = 0;

    zinnia->character_set_width(character, (gsize)CANVAS);
    zinnia->character_set_height(character, (gsize)CANVAS);
    for (guint i = 0; i < count; i++) {
        if (i && points[i].stroke != points[i - 1].stroke) stroke++;
        if (stroke == HANDWRITING_STROKES_MAX) break;
        zinnia->character_add(character, stroke, (int)(at.x + at.scale * points[i].x),
                              (int)(at.y + at.scale * points[i].y));
    }
    return character;
}

static gboolean is_wanted(const Handwriting *h, gunichar ch)
{
    return g_hash_table_contains(h->wanted, GUINT_TO_POINTER(ch));
}

/* ---- which come first ---- */

#define LOOKED_AT    12  /* results in which look-alikes count */
#define ALIKE_WEIGHT 0.8 /* fit_handwriting.py: least harm to the others */

typedef struct {
    gunichar ch;
    double score;
} Scored;

static void add_score(GArray *scored, gunichar ch, double score)
{
    for (guint i = 0; i < scored->len; i++) {
        Scored *known = &g_array_index(scored, Scored, i);
        if (known->ch != ch) continue;
        known->score = MAX(known->score, score);
        return;
    }
    g_array_append_vals(scored, &(Scored){ ch, score }, 1);
}

/* How much the results look like those of a character that the model does not know. */
static double alike_score(const gunichar *alike, const GArray *results)
{
    double score = 0;

    for (guint i = 0; i < MIN(results->len, LOOKED_AT); i++)
        for (guint place = 0; place < ALIKE; place++)
            if (alike[place] == g_array_index(results, gunichar, i))
                score += 1.0 / ((1 + i) * (1 + place));
    return ALIKE_WEIGHT * score;
}

static int compare_scores(gconstpointer a, gconstpointer b)
{
    const Scored *left = a, *right = b;

    return (left->score < right->score) - (left->score > right->score);
}

/* Those that are wanted, the best first: results by their place, unknown ones by what they look
 * like. */
static GArray *rank_wanted(const Handwriting *h, const GArray *results)
{
    GArray *scored = g_array_new(FALSE, FALSE, sizeof(Scored));

    for (guint i = 0; i < results->len; i++) {
        gunichar ch = g_array_index(results, gunichar, i);
        if (is_wanted(h, ch)) add_score(scored, ch, 1.0 / (1 + i));
    }
    for (guint i = 0; i < G_N_ELEMENTS(blind); i++) {
        double score = is_wanted(h, blind[i][0]) ? alike_score(blind[i] + 1, results) : 0;
        if (score > 0) add_score(scored, blind[i][0], score);
    }
    g_array_sort(scored, compare_scores);
    return scored;
}

static void add_text(GPtrArray *texts, gunichar ch)
{
    char text[7] = "";

    g_unichar_to_utf8(ch, text);
    if (texts->len < HANDWRITING_CANDIDATES_MAX) g_ptr_array_add(texts, g_strdup(text));
}

static void take_candidates(const Handwriting *h, const GArray *results, GPtrArray *texts)
{
    g_autoptr(GArray) ranked = rank_wanted(h, results);

    for (guint i = 0; i < ranked->len; i++)
        add_text(texts, g_array_index(ranked, Scored, i).ch);
    for (guint i = 0; i < results->len; i++) {
        gunichar ch = g_array_index(results, gunichar, i);
        if (!is_wanted(h, ch)) add_text(texts, ch);
    }
}

static GArray *read_results(const Handwriting *h, zinnia_result_t *result)
{
    GArray *results = g_array_new(FALSE, FALSE, sizeof(gunichar));

    for (gsize i = 0; i < h->zinnia.result_size(result); i++) {
        const char *text = h->zinnia.result_value(result, i);
        gunichar ch = text ? g_utf8_get_char_validated(text, -1) : 0;
        if (ch > 0 && ch <= 0x10ffff) g_array_append_val(results, ch);
    }
    return results;
}

char **handwriting_recognize(Handwriting *h, const HandwritingPoint *points, guint count,
                             guint width, guint height)
{
    GPtrArray *texts = g_ptr_array_new();

    if (count > 0) {
        count = MIN(count, HANDWRITING_POINTS_MAX);
        zinnia_character_t *character =
            make_character(&h->zinnia, points, count, place(points, count, width, height));
        g_mutex_lock(&h->lock);
        zinnia_result_t *result =
            h->zinnia.recognizer_classify(h->recognizer, character, RESULTS_MAX);
        g_mutex_unlock(&h->lock);
        if (result) {
            g_autoptr(GArray) results = read_results(h, result);
            take_candidates(h, results, texts);
            h->zinnia.result_destroy(result);
        }
        h->zinnia.character_destroy(character);
    }
    g_ptr_array_add(texts, NULL);
    return (char **)g_ptr_array_free(texts, FALSE);
}

/* ---- in another thread ---- */

typedef struct {
    char *model_path, *wanted;
} Opening;

static void opening_free(gpointer data)
{
    Opening *opening = data;

    g_free(opening->model_path);
    g_free(opening->wanted);
    g_free(opening);
}

static void open_in_thread(GTask *task, gpointer source G_GNUC_UNUSED, gpointer data,
                           GCancellable *cancellable G_GNUC_UNUSED)
{
    const Opening *opening = data;
    GError *error = NULL;
    Handwriting *h = handwriting_new(opening->model_path, opening->wanted, &error);

    if (h)
        g_task_return_pointer(task, h, (GDestroyNotify)handwriting_free);
    else
        g_task_return_error(task, error);
}

void handwriting_new_async(const char *model_path, const char *wanted, GCancellable *cancellable,
                           GAsyncReadyCallback on_ready, gpointer data)
{
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, on_ready, data);
    Opening *opening = g_new0(Opening, 1);

    opening->model_path = g_strdup(model_path);
    opening->wanted = g_strdup(wanted);
    g_task_set_source_tag(task, handwriting_new_async);
    g_task_set_task_data(task, opening, opening_free);
    g_task_run_in_thread(task, open_in_thread);
}

Handwriting *handwriting_new_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

typedef struct {
    Handwriting *handwriting;
    HandwritingPoint *points;
    guint count, width, height;
} Drawing;

static void drawing_free(gpointer data)
{
    Drawing *drawing = data;

    explicit_bzero(drawing->points, sizeof(HandwritingPoint) * drawing->count);
    g_free(drawing->points);
    handwriting_free(drawing->handwriting);
    g_free(drawing);
}

static void recognize_in_thread(GTask *task, gpointer source G_GNUC_UNUSED, gpointer data,
                                GCancellable *cancellable G_GNUC_UNUSED)
{
    const Drawing *d = data;

    /* out of date before its turn came */
    if (g_task_return_error_if_cancelled(task)) return;
    g_task_return_pointer(
        task, handwriting_recognize(d->handwriting, d->points, d->count, d->width, d->height),
        (GDestroyNotify)g_strfreev);
}

void handwriting_recognize_async(Handwriting *handwriting, const HandwritingPoint *points,
                                 guint count, guint width, guint height, GCancellable *cancellable,
                                 GAsyncReadyCallback on_ready, gpointer data)
{
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, on_ready, data);
    Drawing *drawing = g_new0(Drawing, 1);

    drawing->handwriting = g_atomic_rc_box_acquire(handwriting);
    drawing->count = MIN(count, HANDWRITING_POINTS_MAX);
    drawing->points = g_memdup2(points, sizeof(HandwritingPoint) * drawing->count);
    drawing->width = width;
    drawing->height = height;
    g_task_set_source_tag(task, handwriting_recognize_async);
    g_task_set_task_data(task, drawing, drawing_free);
    g_task_run_in_thread(task, recognize_in_thread);
}

char **handwriting_recognize_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

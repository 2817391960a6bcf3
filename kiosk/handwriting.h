#pragma once
/* A drawn character → the characters it may be: zinnia and a model (package
 * tegaki-zinnia-simplified-chinese), both opened when first asked for, so that a kiosk without them
 * is only one without handwriting. An extra behind a button: of characters drawn as in print every
 * seventh is not the first candidate. So the characters that occur in our content come first, and
 * others after them. Some everyday ones the model never gives (老 安 医 水); those are concluded
 * from what it gives instead (handwriting_alike.h), if they are wanted.
 *
 * A Handwriting may be used from several threads; recognition is one at a time. Opening takes 28 ms
 * and 30 MB, recognition 5 to 30 ms: the keyboard calls the _async functions, which work in another
 * thread and call back in the caller's main context. Drawings are overwritten when done with. */
#include <gio/gio.h>

#define HANDWRITING_CANDIDATES_MAX 8
#define HANDWRITING_STROKES_MAX    48   /* no character has more; what goes beyond is left out */
#define HANDWRITING_POINTS_MAX     2048 /* likewise */

#define HANDWRITING_ERROR (handwriting_error_quark())
GQuark handwriting_error_quark(void);
typedef enum { HANDWRITING_ERROR_ABSENT } HandwritingError; /* no library, or no model */

/* The pen touched x, y, in px from the upper left corner. A stroke's points stand together, in
 * order; the numbers of the strokes need only differ from one to the next. */
typedef struct {
    guint stroke;
    int x, y;
} HandwritingPoint;

typedef struct Handwriting Handwriting; /* opaque, counted */

/* `wanted`: the characters of the content, in any order, any other text among them. */
Handwriting *handwriting_new(const char *model_path, const char *wanted,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
void handwriting_new_async(const char *model_path, const char *wanted, GCancellable *cancellable,
                           GAsyncReadyCallback on_ready, gpointer data);
Handwriting *handwriting_new_finish(GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A recognition that is under way goes on until it is done. NULL is fine. */
void handwriting_free(Handwriting *handwriting);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Handwriting, handwriting_free)

/* `width`, `height` are those of the pad; where on it and how large one drew does not matter. At
 * most HANDWRITING_CANDIDATES_MAX characters, most likely first: those wanted, then others. No
 * points: none. Free with g_strfreev(). */
char **handwriting_recognize(Handwriting *handwriting, const HandwritingPoint *points, guint count,
                             guint width, guint height);
/* Copies the points. When `cancellable` is cancelled, the finish function gives
 * G_IO_ERROR_CANCELLED: for the drawing that another stroke has made out of date. */
void handwriting_recognize_async(Handwriting *handwriting, const HandwritingPoint *points,
                                 guint count, guint width, guint height, GCancellable *cancellable,
                                 GAsyncReadyCallback on_ready, gpointer data);
char **handwriting_recognize_finish(GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#pragma once
/* style.css, in pixels of the two screens it was drawn for (0.25 mm each), made smaller where the
 * screen has fewer of them and larger where it has more: every screen shows what these two show. */
#include <gtk/gtk.h>

#define LOOKS_TALL_WIDTH  1080
#define LOOKS_TALL_HEIGHT 1920
#define LOOKS_WIDE_WIDTH  1366
#define LOOKS_WIDE_HEIGHT 768

/* For the default display. */
void looks_apply(int width, int height);
/* 1 on those two screens; as large as fits in both directions on any other. */
double looks_scale(int width, int height);
/* Each length in px times `scale`, 1 px at least; free with g_free(). */
char *looks_scale_css(const char *css, double scale);

#pragma once
/* A published figure in words. Its qualifier (多, 余, 以上, 超) stands with the number always: a
 * figure is never shown without it. */
#include "db/catalogue.h"

/* "发放金额100万余元". Free with g_free(). */
char *figure_text(const Figure *figure);

/* The same in pieces, to draw the number large: 超|50|万元, ""|100|万余元, ""|400|多名. */
typedef struct {
    char *before, *number, *after;
    char *note;             /* what else the qualifier says, or "" */
    gboolean is_open_ended; /* 多, 余, 以上, 超: at least so many */
} FigureParts;

void figure_parts(const Figure *figure, FigureParts *out); /* clear with figure_parts_clear() */
void figure_parts_clear(FigureParts *parts);

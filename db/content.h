#pragma once
/* The catalogue's tables seen as the sheets staff know: which file, which columns, in which order,
 * and by what a row is recognised. Digest, diff, export and status all walk this one table. */
#include <glib.h>

typedef struct {
    const char *header;     /* 编号 */
    const char *expression; /* SQL, over the sheet's table */
    gboolean is_key;        /* the key columns together name one row */
} ContentColumn;

typedef struct {
    const char *file;   /* 事项.csv */
    const char *table;  /* topic */
    const char *row_id; /* integer column: the order of the sheet's rows */
    const ContentColumn *columns;
    guint column_count;
} ContentSheet;

#define CONTENT_SHEET_COUNT 7u
#define CONTENT_COLUMNS_MAX 16u
#define CONTENT_TOPIC       0u /* index of 事项.csv */

extern const ContentSheet content_sheets[CONTENT_SHEET_COUNT];

/* "SELECT row_id, columns… FROM table" and, with `condition` NULL, in the order of the sheet; else
 * " WHERE " `condition`. Free with g_free(). */
char *content_select(const ContentSheet *sheet, const char *condition);
/* The sheet with this file name, or NULL. */
const ContentSheet *content_find(const char *file);

#pragma once
/* All pages by name: the window makes one of each when it is first shown. */
#include <glib-object.h>

typedef struct {
    const char *name;
    GType (*type)(void);
} PageTableRow;

#define PAGE_TABLE_COUNT 18
extern const PageTableRow page_table[PAGE_TABLE_COUNT];

/* -1: there is none of that name. */
int page_table_find(const char *name);

#pragma once
/* A list of rows, as many on a page as fit, with 上一页 and 下一页 below it, which keep their
 * place. It asks for the height of its highest page and does with that of one row. Showing other
 * rows only changes their words. Tapping one emits "go" with its page and argument. */
#include <gtk/gtk.h>

#include "kiosk/row.h"

#define KIOSK_TYPE_ROW_LIST (kiosk_row_list_get_type())
G_DECLARE_FINAL_TYPE(KioskRowList, kiosk_row_list, KIOSK, ROW_LIST, GtkWidget)

typedef struct {
    char *mark, *title, *note; /* mark: a topic's code; NULL: the row's number */
    char *page, *argument;
} KioskRowItem;

/* At most so many on one page, even where there is room for more. */
void kiosk_row_list_set_rows(KioskRowList *self, guint rows);
void kiosk_row_list_clear(KioskRowList *self);
/* Copies the texts; `mark` and `note` may be NULL. */
void kiosk_row_list_add(KioskRowList *self, const char *mark, const char *title, const char *note,
                        const char *page, const char *argument);
/* Shows the first page of what was added. */
void kiosk_row_list_show(KioskRowList *self);
/* A word above the rows, at the height of 上一页 and 下一页, which then stand there, too. */
void kiosk_row_list_set_caption(KioskRowList *self, const char *text);
GtkWidget *kiosk_row_list_get_caption(KioskRowList *self);
guint kiosk_row_list_count(KioskRowList *self);
const KioskRowItem *kiosk_row_list_item(KioskRowList *self, guint index);
/* The widget that shows item `index`, or NULL if it stands on another page. */
GtkWidget *kiosk_row_list_widget(KioskRowList *self, guint index);

#pragma once
/* The blocks that a pager turns: label-like widgets of the CSS classes block and fact, heading,
 * step, text, source. */
#include <gtk/gtk.h>

/* Icon, word, text. `title` "": the text stands under the one before. */
GtkWidget *block_fact(const char *icon, const char *title, const char *text);
GtkWidget *block_heading(const char *text);
/* "谁能领（接上页）": above what goes on from the page before. */
GtkWidget *block_again(const char *title);
GtkWidget *block_step(const char *number, const char *text);
GtkWidget *block_text(const char *text, const char *class);
/* A number to ring in this label: very large (CSS class huge) as long as it is a short one. */
void block_set_phone(GtkLabel *label, const char *phone);
/* A label that wraps between any two Chinese characters and begins left. */
GtkWidget *block_label(const char *text, const char *class);

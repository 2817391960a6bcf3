#include "kiosk/block.h"

#include <string.h>

#include "kiosk/icon.h"

#define SHORT_PHONE 7u /* 12345, 12385, 96110: digits */

GtkWidget *block_label(const char *text, const char *class)
{
    GtkWidget *label = gtk_label_new(text);

    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_widget_set_hexpand(label, TRUE);
    if (class) gtk_widget_add_css_class(label, class);
    return label;
}

GtkWidget *block_fact(const char *icon, const char *title, const char *text)
{
    GtkWidget *block = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    GtkWidget *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    GtkWidget *image = kiosk_icon_new(icon);

    gtk_widget_set_valign(head, GTK_ALIGN_START);
    gtk_widget_add_css_class(head, "fact-head");
    gtk_widget_set_valign(image, GTK_ALIGN_START);
    gtk_box_append(GTK_BOX(head), image);
    if (*title) {
        GtkWidget *word = gtk_label_new(title);
        gtk_widget_add_css_class(word, "strong");
        gtk_widget_set_valign(word, GTK_ALIGN_START);
        gtk_box_append(GTK_BOX(head), word);
    }
    gtk_widget_set_hexpand(head, FALSE);
    gtk_box_append(GTK_BOX(block), head);
    gtk_box_append(GTK_BOX(block), block_label(text, NULL));
    gtk_widget_add_css_class(block, "block");
    gtk_widget_add_css_class(block, *title ? "fact" : "fact-more");
    return block;
}

GtkWidget *block_heading(const char *text)
{
    GtkWidget *block = block_label(text, "heading");
    gtk_widget_add_css_class(block, "block");
    return block;
}

GtkWidget *block_again(const char *title)
{
    g_autofree char *text = g_strdup_printf("%s（接上页）", title);

    return block_text(text, "again");
}

GtkWidget *block_step(const char *number, const char *text)
{
    GtkWidget *block = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    GtkWidget *disc = gtk_label_new(number);

    gtk_widget_add_css_class(disc, "disc");
    gtk_widget_set_valign(disc, GTK_ALIGN_START);
    gtk_box_append(GTK_BOX(block), disc);
    gtk_box_append(GTK_BOX(block), block_label(text, NULL));
    gtk_widget_add_css_class(block, "block");
    gtk_widget_add_css_class(block, "step");
    return block;
}

GtkWidget *block_text(const char *text, const char *class)
{
    GtkWidget *block = block_label(text, class);
    gtk_widget_add_css_class(block, "block");
    return block;
}

void block_set_phone(GtkLabel *label, const char *phone)
{
    gtk_label_set_label(label, phone);
    if (strlen(phone) <= SHORT_PHONE)
        gtk_widget_add_css_class(GTK_WIDGET(label), "huge");
    else
        gtk_widget_remove_css_class(GTK_WIDGET(label), "huge");
}

#include "kiosk/figure_group.h"

#include <string.h>

#include "kiosk/block.h"
#include "kiosk/figure.h"

#define GROUP_MAX      4u
#define PAIR           2u
#define PAIR_CHARS_MAX 7 /* of the number: a longer one needs the whole width */

static gboolean is_year_said(const Figure *figure, const Figure *origin)
{
    return origin && figure->year == origin->year;
}

static GtkWidget *figure_in(GtkWidget *block, const Figure *figure, KioskFigureForm form,
                            const Figure *origin)
{
    GtkWidget *widget = kiosk_figure_new();

    kiosk_figure_set(KIOSK_FIGURE(widget), figure);
    kiosk_figure_set_form(KIOSK_FIGURE(widget), form);
    if (origin) kiosk_figure_hide_source(KIOSK_FIGURE(widget));
    if (is_year_said(figure, origin)) kiosk_figure_hide_year(KIOSK_FIGURE(widget));
    gtk_box_append(GTK_BOX(block), widget);
    return widget;
}

static GtkWidget *block_new(GtkOrientation way, const char *class)
{
    GtkWidget *block = gtk_box_new(way, 0);

    gtk_widget_add_css_class(block, "block");
    gtk_widget_add_css_class(block, class);
    return block;
}

/* ---- below each other ---- */

static gboolean is_together(const Figure *one, const Figure *other)
{
    return one->topic == other->topic && one->year == other->year &&
           g_str_equal(one->subject, other->subject);
}

/* 5 are 3 and 2, not 4 and 1. */
guint figure_group_length(const Figure *const *figures, guint count)
{
    guint length = 1;

    while (length < count && is_together(figures[0], figures[length]))
        length++;
    guint blocks = (length + GROUP_MAX - 1) / GROUP_MAX;
    return (length + blocks - 1) / blocks;
}

/* Two characters in a row: 发现隐患 and 整改落实重大隐患 count the same, 重构跑道 and 收集信息 do
 * not, both in 条 though they are. */
static gboolean has_word_in_common(const char *one, const char *other)
{
    for (const char *from = one; *from; from = g_utf8_next_char(from)) {
        const char *second = g_utf8_next_char(from);
        if (!*second) return FALSE;
        g_autofree char *word = g_strndup(from, (gsize)(g_utf8_next_char(second) - from));
        if (strstr(other, word)) return TRUE;
    }
    return FALSE;
}

/* The largest of those that count the same as `figure`; 0: there is no other. */
static double largest_of_kind(const Figure *const *figures, guint count, const Figure *figure)
{
    double largest = 0;
    guint found = 0;

    for (guint i = 0; i < count; i++) {
        if (!g_str_equal(figures[i]->unit, figure->unit) ||
            !has_word_in_common(figures[i]->indicator, figure->indicator))
            continue;
        largest = MAX(largest, g_ascii_strtod(figures[i]->value, NULL));
        found++;
    }
    return found > 1 ? largest : 0;
}

static void compare(KioskFigure *widget, const Figure *figure, double largest)
{
    double value = g_ascii_strtod(figure->value, NULL);
    if (largest > 0 && value >= 0 && !g_str_equal(figure->unit, "%"))
        kiosk_figure_compare(widget, value / largest);
}

GtkWidget *figure_group_new(const Figure *const *figures, guint count, const Figure *origin)
{
    GtkWidget *block = block_new(GTK_ORIENTATION_VERTICAL, "figures");
    g_autofree char *dated = g_strdup_printf("%d 年，%s", figures[0]->year, figures[0]->subject);
    const char *heading = is_year_said(figures[0], origin) ? figures[0]->subject : dated;

    if (count > 1) gtk_box_append(GTK_BOX(block), block_label(heading, "subject"));
    for (guint i = 0; i < count; i++) {
        double largest = largest_of_kind(figures, count, figures[i]);
        GtkWidget *widget = figure_in(block, figures[i], KIOSK_FIGURE_LINE, origin);
        if (count > 1) kiosk_figure_set_caption(KIOSK_FIGURE(widget), figures[i]->indicator);
        compare(KIOSK_FIGURE(widget), figures[i], largest);
    }
    return block;
}

/* ---- side by side ---- */

static gboolean is_short(const Figure *figure)
{
    return g_utf8_strlen(figure->value, -1) + g_utf8_strlen(figure->unit, -1) < PAIR_CHARS_MAX;
}

guint figure_pair_length(const Figure *const *figures, guint count)
{
    return count >= PAIR && is_short(figures[0]) && is_short(figures[1]) ? PAIR : 1;
}

GtkWidget *figure_pair_new(const Figure *const *figures, guint count, const Figure *origin)
{
    GtkWidget *block = block_new(GTK_ORIENTATION_HORIZONTAL, "pair");

    gtk_box_set_homogeneous(GTK_BOX(block), TRUE);
    for (guint i = 0; i < count; i++)
        figure_in(block, figures[i], KIOSK_FIGURE_CARD, origin);
    return block;
}

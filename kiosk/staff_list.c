#include "kiosk/staff_list.h"

#include <string.h>

#include "kiosk/block.h"
#include "kiosk/staff_view.h"

/* A block higher than a column would be cut off: what fits in 大字, in characters */
#define PIECE_STANDING 120u
#define PIECE_LYING    64u
#define LINE_WORTH     12u /* of them, of a line that ends early */

/* Where the piece that begins here ends: at a line's end if there is one, else after a mark, else
 * between characters. */
static const char *piece_end(const char *text, guint max)
{
    const char *line_end = NULL, *mark_end = NULL;
    guint worth = 0;

    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        worth += *at == '\n' ? LINE_WORTH : 1;
        if (worth > max) return line_end ? line_end : mark_end ? mark_end : at;
        if (*at == '\n') line_end = at;
        if (g_unichar_ispunct(g_utf8_get_char(at))) mark_end = g_utf8_next_char(at);
    }
    return text + strlen(text);
}

/* The first of several lines says which row, or what is wrong. */
static void strengthen_first_line(GtkWidget *label, const char *text)
{
    g_autoptr(PangoAttrList) list = pango_attr_list_new();
    const char *end = strchr(text, '\n');
    PangoAttribute *bold = pango_attr_weight_new(PANGO_WEIGHT_BOLD);

    bold->end_index = end ? (guint)(end - text) : 0;
    pango_attr_list_insert(list, bold);
    gtk_label_set_attributes(GTK_LABEL(label), list);
}

static void append_text(KioskPager *pager, const char *text, guint max)
{
    gboolean is_more = FALSE;

    while (*text) {
        const char *end = piece_end(text, max);
        g_autofree char *piece = g_strndup(text, (gsize)(end - text));
        GtkWidget *block = block_text(piece, *end ? "goes-on" : "text");
        if (is_more)
            kiosk_pager_append_more(pager, block, block_text("（接上文）", "goes-on"));
        else
            kiosk_pager_append(pager, block);
        if (!is_more) strengthen_first_line(block, text);
        is_more = TRUE;
        text = *end == '\n' ? end + 1 : end;
    }
}

void staff_list_append(KioskPager *pager, const GArray *lines, gboolean is_landscape)
{
    for (guint i = 0; i < lines->len; i++) {
        const StaffLine *line = &g_array_index(lines, StaffLine, i);
        g_autofree char *text = line->kind == STAFF_LINE_REMOVED
                                    ? g_strconcat("删除：", line->text, NULL)
                                    : g_strdup(line->text);
        if (line->kind == STAFF_LINE_HEADING)
            kiosk_pager_append(pager, block_heading(text));
        else
            append_text(pager, text, is_landscape ? PIECE_LYING : PIECE_STANDING);
    }
}

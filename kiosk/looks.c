#include "kiosk/looks.h"

#include <math.h>

#define TWICE 1.9

double looks_scale(int width, int height)
{
    gboolean is_wide = width > height;
    double x = (double)width / (is_wide ? LOOKS_WIDE_WIDTH : LOOKS_TALL_WIDTH);
    double y = (double)height / (is_wide ? LOOKS_WIDE_HEIGHT : LOOKS_TALL_HEIGHT);
    double scale = MIN(x, y);

    return scale < 1 ? scale : scale < TWICE ? 1 : 2;
}

static gboolean scale_one(const GMatchInfo *match, GString *out, gpointer data)
{
    const double *scale = data;
    g_autofree char *number = g_match_info_fetch(match, 1);
    double px = g_ascii_strtod(number, NULL);

    g_string_append_printf(out, "%ldpx", px == 0 ? 0 : MAX(lround(px * *scale), 1));
    return FALSE;
}

char *looks_scale_css(const char *css, double scale)
{
    g_autoptr(GRegex) length = g_regex_new("([0-9]+)px", 0, 0, NULL);
    return g_regex_replace_eval(length, css, -1, 0, 0, scale_one, &scale, NULL);
}

static char *style_sheet(void)
{
    g_autoptr(GBytes) octets =
        g_resources_lookup_data("/bianmin/kiosk/ui/style.css", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_assert(octets); /* built in */
    return g_strndup(g_bytes_get_data(octets, NULL), g_bytes_get_size(octets));
}

void looks_apply(int width, int height)
{
    g_autofree char *css = style_sheet();
    g_autofree char *scaled = looks_scale_css(css, looks_scale(width, height));
    g_autoptr(GtkCssProvider) looks = gtk_css_provider_new();

    gtk_css_provider_load_from_data(looks, scaled, -1);
    gtk_style_context_add_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(looks),
                                               GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

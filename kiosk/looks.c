#include "kiosk/looks.h"

#include <math.h>
#include <string.h>

double looks_scale(int width, int height)
{
    gboolean is_wide = width > height;
    double x = (double)width / (is_wide ? LOOKS_WIDE_WIDTH : LOOKS_TALL_WIDTH);
    double y = (double)height / (is_wide ? LOOKS_WIDE_HEIGHT : LOOKS_TALL_HEIGHT);

    return MIN(x, y);
}

/* Every whole number before "px"; by hand, because GRegex took a twentieth of the start. */
char *looks_scale_css(const char *css, double scale)
{
    GString *out = g_string_sized_new(strlen(css) + 64);

    while (*css) {
        size_t plain = strcspn(css, "0123456789");
        size_t digits = strspn(css + plain, "0123456789");
        const char *number = css + plain;

        g_string_append_len(out, css, (gssize)plain);
        css = number + digits;
        if (digits > 0 && g_str_has_prefix(css, "px")) {
            double px = g_ascii_strtod(number, NULL);
            g_string_append_printf(out, "%ld", px == 0 ? 0 : MAX(lround(px * scale), 1));
        } else {
            g_string_append_len(out, number, (gssize)digits);
        }
    }
    return g_string_free(out, FALSE);
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

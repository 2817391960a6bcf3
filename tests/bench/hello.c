/* The least that GTK can show of the same size: what the kiosk's first picture is measured against.
 */
#include <gtk/gtk.h>

static void on_activate(GtkApplication *application)
{
    GtkWidget *window = gtk_application_window_new(application);
    GtkWidget *label = gtk_label_new("您好");
    GtkCssProvider *looks = gtk_css_provider_new();

    gtk_css_provider_load_from_data(
        looks, "window { background: #0B4F6C; color: #FFFFFF; font-size: 40px; }", -1);
    gtk_style_context_add_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(looks),
                                               GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    gtk_window_set_decorated(GTK_WINDOW(window), FALSE);
    gtk_window_set_default_size(GTK_WINDOW(window), 1080, 1920);
    gtk_window_set_child(GTK_WINDOW(window), label);
    gtk_window_present(GTK_WINDOW(window));
}

int main(void)
{
    GtkApplication *application = gtk_application_new("bianmin.Hello", G_APPLICATION_NON_UNIQUE);
    g_signal_connect(application, "activate", G_CALLBACK(on_activate), NULL);
    return g_application_run(G_APPLICATION(application), 0, NULL);
}

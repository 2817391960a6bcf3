#include "kiosk/window.h"

#include "db/answer.h"

struct _KioskWindow {
    GtkApplicationWindow parent_instance;
    GtkScrolledWindow *scroller;
    GtkLabel *answer;
    GtkBox *choices;
    GtkEntry *question;
    GtkButton *ask;

    char *data_dir;
    Catalogue *catalogue;
    Search *search;
    Answer *last; /* points into the catalogue */
};

G_DEFINE_FINAL_TYPE(KioskWindow, kiosk_window, GTK_TYPE_APPLICATION_WINDOW)

static void close_catalogue(KioskWindow *self)
{
    g_clear_pointer(&self->last, answer_free);
    g_clear_pointer(&self->search, search_free);
    g_clear_pointer(&self->catalogue, catalogue_free);
}

static gboolean open_catalogue(KioskWindow *self, GError **error)
{
    Catalogue *fresh = catalogue_open(self->data_dir, error);
    if (!fresh) return FALSE;
    close_catalogue(self);
    self->catalogue = fresh;
    self->search = search_new(fresh);
    return TRUE;
}

/* What is open stays if the newer one cannot be read. */
static void take_newer_catalogue(KioskWindow *self)
{
    g_autoptr(GError) error = NULL;

    if (!catalogue_is_stale(self->catalogue)) return;
    if (!open_catalogue(self, &error)) g_warning("catalogue not reopened: %s", error->message);
}

static void on_choice(KioskWindow *self, GtkButton *button);

static void add_choice(KioskWindow *self, guint number, const char *name)
{
    GtkWidget *button = gtk_button_new_with_label(name);
    g_object_set_data(G_OBJECT(button), "choice", GUINT_TO_POINTER(number));
    g_signal_connect_swapped(button, "clicked", G_CALLBACK(on_choice), self);
    gtk_box_append(self->choices, button);
}

static void clear_choices(KioskWindow *self)
{
    GtkWidget *child;
    while ((child = gtk_widget_get_first_child(GTK_WIDGET(self->choices))))
        gtk_box_remove(self->choices, child);
}

/* Takes `answer` over. */
static void show_answer(KioskWindow *self, Answer *answer)
{
    clear_choices(self);
    gtk_label_set_label(self->answer, answer->text);
    if (answer->outcome == SEARCH_CHOICES)
        for (guint i = 0; i < answer->items->len; i++) {
            const AnswerItem *item = g_ptr_array_index(answer->items, i);
            add_choice(self, i, item->topic->name);
        }
    gtk_adjustment_set_value(gtk_scrolled_window_get_vadjustment(self->scroller), 0);
    g_clear_pointer(&self->last, answer_free);
    self->last = answer;
}

static void on_choice(KioskWindow *self, GtkButton *button)
{
    guint number = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(button), "choice"));
    const AnswerItem *item = g_ptr_array_index(self->last->items, number);
    guint topic = (guint)(item->topic - self->catalogue->topics);

    show_answer(self, answer_topic(self->catalogue, self->search, self->last->query, topic));
    gtk_widget_grab_focus(GTK_WIDGET(self->question));
}

static void on_ask(KioskWindow *self)
{
    g_autofree char *question = g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->question)));

    if (!*g_strstrip(question)) return;
    take_newer_catalogue(self);
    show_answer(self, answer_question(self->catalogue, self->search, question));
}

static void kiosk_window_dispose(GObject *object)
{
    KioskWindow *self = KIOSK_WINDOW(object);

    close_catalogue(self);
    g_clear_pointer(&self->data_dir, g_free);
    G_OBJECT_CLASS(kiosk_window_parent_class)->dispose(object);
}

static void kiosk_window_class_init(KioskWindowClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = kiosk_window_dispose;
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/window.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskWindow, scroller);
    gtk_widget_class_bind_template_child(widget_class, KioskWindow, answer);
    gtk_widget_class_bind_template_child(widget_class, KioskWindow, choices);
    gtk_widget_class_bind_template_child(widget_class, KioskWindow, question);
    gtk_widget_class_bind_template_child(widget_class, KioskWindow, ask);
    gtk_widget_class_bind_template_callback(widget_class, on_ask);
}

static void kiosk_window_init(KioskWindow *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}

KioskWindow *kiosk_window_new(GtkApplication *application, const char *data_dir, GError **error)
{
    KioskWindow *self = g_object_new(KIOSK_TYPE_WINDOW, "application", application, NULL);

    self->data_dir = g_strdup(data_dir);
    if (open_catalogue(self, error)) return self;
    gtk_window_destroy(GTK_WINDOW(self));
    return NULL;
}

#include "kiosk/keyboard.h"

#include <string.h>

#include "kiosk/drawing.h"
#include "kiosk/input.h"
#include "kiosk/key_grid.h"
#include "kiosk/tile.h"

#define CANDIDATES_SHOWN 6
#define CANDIDATE_CHARS  15 /* of all that stand in the row: each takes 1.5 characters more */

typedef enum { KEYS_NINE, KEYS_FULL, KEYS_STROKE, KEYS_HAND, KEYS_DIGITS, KEYS_COUNT } Keys;

struct _KioskKeyboard {
    GtkWidget parent_instance;
    GtkWidget *box;
    GtkBox *candidates, *holder;
    GtkToggleButton *nine, *full, *stroke, *hand;
    GtkWidget *slots[CANDIDATES_SHOWN], *more;

    Desk *desk;
    Keys keys;
    GtkWidget *grids[KEYS_COUNT]; /* each made when it is first shown */
    Input *inputs[KEYS_STROKE + 1];
    char *letters;     /* composed without librime */
    char **drawn;      /* candidates of the drawing */
    guint first_shown; /* index of the row's first candidate */
    guint shown;
};

G_DEFINE_FINAL_TYPE(KioskKeyboard, kiosk_keyboard, GTK_TYPE_WIDGET)

static guint commit_signal, composing_signal, erase_signal, clear_signal, search_signal;

/* ---- composing ---- */

/* NULL: these keys compose nothing, or librime is not there. */
static Input *input_of(KioskKeyboard *self)
{
    static const PinyinInputKind kinds[] = { PINYIN_INPUT_NINE, PINYIN_INPUT_FULL,
                                             PINYIN_INPUT_STROKE };
    g_autoptr(GError) error = NULL;

    if (self->keys > KEYS_STROKE) return NULL;
    if (!self->inputs[self->keys]) {
        self->inputs[self->keys] = pinyin_input_new(kinds[self->keys], &error);
        if (error) g_warning_once("no candidates: %s", error->message);
    }
    return self->inputs[self->keys];
}

static void set_letters(KioskKeyboard *self, char *letters)
{
    if (self->letters) explicit_bzero(self->letters, strlen(self->letters));
    g_free(self->letters);
    self->letters = letters;
}

const char *kiosk_keyboard_get_preedit(KioskKeyboard *self)
{
    Input *input = input_of(self);
    return input ? input_preedit(input) : self->letters ? self->letters : "";
}

const char *kiosk_keyboard_get_raw(KioskKeyboard *self)
{
    Input *input = input_of(self);
    return input ? input_raw(input) : self->letters ? self->letters : "";
}

static gboolean is_composing(KioskKeyboard *self)
{
    return *kiosk_keyboard_get_preedit(self) != '\0';
}

static const char *candidate(KioskKeyboard *self, guint i)
{
    Input *input = input_of(self);
    if (self->keys == KEYS_HAND)
        return self->drawn && i < g_strv_length(self->drawn) ? self->drawn[i] : NULL;
    return input && is_composing(self) ? input_candidate(input, i) : NULL;
}

const char *kiosk_keyboard_get_likely(KioskKeyboard *self)
{
    return candidate(self, 0);
}

/* ---- the row of candidates ---- */

static void show_candidates(KioskKeyboard *self)
{
    double left = CANDIDATE_CHARS;
    const char *text;

    self->shown = 0;
    while (self->shown < CANDIDATES_SHOWN &&
           (text = candidate(self, self->first_shown + self->shown))) {
        left -= (double)g_utf8_strlen(text, -1) + 1.5;
        if (left < 0 && self->shown > 0) break;
        kiosk_tile_set_title(KIOSK_TILE(self->slots[self->shown]), text);
        gtk_widget_set_visible(self->slots[self->shown++], TRUE);
    }
    for (guint i = self->shown; i < CANDIDATES_SHOWN; i++) {
        gtk_widget_set_visible(self->slots[i], FALSE);
        kiosk_tile_set_title(KIOSK_TILE(self->slots[i]), "");
    }
    gtk_widget_set_visible(self->more,
                           self->first_shown > 0 || candidate(self, self->shown) != NULL);
}

static void tell_composing(KioskKeyboard *self)
{
    self->first_shown = 0;
    show_candidates(self);
    g_signal_emit(self, composing_signal, 0);
}

/* Round: after the last ones the first ones again. */
static void on_more(KioskKeyboard *self)
{
    self->first_shown += self->shown;
    if (!candidate(self, self->first_shown)) self->first_shown = 0;
    show_candidates(self);
}

static void clear_drawing(KioskKeyboard *self)
{
    g_clear_pointer(&self->drawn, g_strfreev);
    if (self->grids[KEYS_HAND]) kiosk_drawing_clear(KIOSK_DRAWING(self->grids[KEYS_HAND]));
}

static void choose(KioskKeyboard *self, guint i)
{
    Input *input = input_of(self);
    g_autofree char *text = NULL;

    if (self->keys == KEYS_HAND) {
        text = g_strdup(candidate(self, i));
        clear_drawing(self);
    } else if (input) {
        text = input_choose(input, i);
    }
    if (text) g_signal_emit(self, commit_signal, 0, text);
    tell_composing(self);
}

static void on_candidate(KioskKeyboard *self, GtkWidget *slot)
{
    for (guint i = 0; i < self->shown; i++)
        if (self->slots[i] == slot) {
            choose(self, self->first_shown + i);
            return;
        }
}

/* ---- keys ---- */

static void commit_key(KioskKeyboard *self, char key)
{
    char text[] = { key, '\0' };
    g_signal_emit(self, commit_signal, 0, text);
}

static void type_key(KioskKeyboard *self, char key)
{
    Input *input = input_of(self);

    if (self->keys == KEYS_DIGITS) {
        commit_key(self, key);
        return;
    }
    if (!input && self->keys <= KEYS_FULL)
        set_letters(self, g_strdup_printf("%s%c", self->letters ? self->letters : "", key));
    else if (input && !input_key(input, key))
        return;
    tell_composing(self);
}

static gboolean has_strokes(KioskKeyboard *self)
{
    GtkWidget *drawing = self->grids[KEYS_HAND];
    return drawing && kiosk_drawing_has_strokes(KIOSK_DRAWING(drawing));
}

static void erase(KioskKeyboard *self)
{
    Input *input = input_of(self);

    if (self->drawn || has_strokes(self)) {
        clear_drawing(self);
    } else if (input && is_composing(self)) {
        input_backspace(input);
    } else if (self->letters && *self->letters) {
        set_letters(self, g_strndup(self->letters, strlen(self->letters) - 1));
    } else {
        g_signal_emit(self, erase_signal, 0);
        return;
    }
    tell_composing(self);
}

void kiosk_keyboard_forget(KioskKeyboard *self)
{
    for (guint i = 0; i < G_N_ELEMENTS(self->inputs); i++)
        if (self->inputs[i]) input_clear(self->inputs[i]);
    set_letters(self, NULL);
    clear_drawing(self);
    self->first_shown = 0;
    show_candidates(self);
}

static void show_keys(KioskKeyboard *self, Keys keys);

static void on_key(KioskKeyboard *self, int command)
{
    switch (command) {
    case KEY_GRID_ERASE:
        erase(self);
        break;
    case KEY_GRID_CLEAR:
        kiosk_keyboard_forget(self);
        g_signal_emit(self, clear_signal, 0);
        break;
    case KEY_GRID_SEARCH:
        g_signal_emit(self, search_signal, 0);
        break;
    case KEY_GRID_DIGITS:
        show_keys(self, KEYS_DIGITS);
        break;
    case KEY_GRID_LETTERS:
        show_keys(self, KEYS_NINE);
        break;
    default:
        type_key(self, (char)command);
        break;
    }
}

static gboolean takes(KioskKeyboard *self, char key)
{
    switch (self->keys) {
    case KEYS_NINE:
    case KEYS_DIGITS:
        return g_ascii_isdigit(key) || key == '\'';
    case KEYS_FULL:
        return g_ascii_islower(key) || key == '\'';
    case KEYS_STROKE:
        return strchr("hspnz", key) != NULL;
    case KEYS_HAND:
    case KEYS_COUNT:
        break;
    }
    return FALSE;
}

/* Letters of a real keyboard are full pinyin, whatever keys are on the screen. */
gboolean kiosk_keyboard_press(KioskKeyboard *self, guint keyval)
{
    guint32 c = gdk_keyval_to_unicode(gdk_keyval_to_lower(keyval));

    if (keyval == GDK_KEY_BackSpace) {
        erase(self);
    } else if (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter) {
        g_signal_emit(self, search_signal, 0);
    } else if (keyval == GDK_KEY_space && is_composing(self)) {
        choose(self, 0);
    } else if (c < 128 && (g_ascii_isalnum((char)c) || c == '\'')) {
        Keys wanted = g_ascii_isdigit((char)c) ? KEYS_DIGITS : KEYS_FULL;
        if (!takes(self, (char)c) && !is_composing(self)) show_keys(self, wanted);
        if (takes(self, (char)c)) type_key(self, (char)c);
    } else {
        return FALSE;
    }
    return TRUE;
}

/* ---- drawing ---- */

static void on_drawn(KioskKeyboard *self, char **candidates)
{
    g_strfreev(self->drawn);
    self->drawn = candidates && *candidates ? g_strdupv(candidates) : NULL;
    tell_composing(self);
}

/* ---- kinds of keys ---- */

static GtkWidget *grid_new(KioskKeyboard *self, Keys keys)
{
    static const KeyGridKind kinds[] = { KEY_GRID_NINE, KEY_GRID_FULL, KEY_GRID_STROKE,
                                         KEY_GRID_NINE, KEY_GRID_NUMBERS };
    if (keys == KEYS_HAND) {
        GtkWidget *drawing = kiosk_drawing_new(self->desk);
        g_signal_connect_swapped(drawing, "drawn", G_CALLBACK(on_drawn), self);
        g_signal_connect_swapped(drawing, "key", G_CALLBACK(on_key), self);
        return drawing;
    }
    GtkWidget *grid = kiosk_key_grid_new(kinds[keys], self->desk->is_landscape);
    g_signal_connect_swapped(grid, "key", G_CALLBACK(on_key), self);
    return grid;
}

/* A focus that is taken out with its widget takes the keys of a real keyboard with it. */
static void remove_keys(KioskKeyboard *self, GtkWidget *old)
{
    GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));
    GtkWidget *focus = root ? gtk_root_get_focus(root) : NULL;

    if (focus && gtk_widget_is_ancestor(focus, old)) gtk_root_set_focus(root, NULL);
    gtk_box_remove(self->holder, old);
}

static void show_keys(KioskKeyboard *self, Keys keys)
{
    static const char *const names[] = { "nine", "full", "stroke", "hand", NULL };
    GtkWidget *old = gtk_widget_get_first_child(GTK_WIDGET(self->holder));
    GtkToggleButton *tabs[] = { self->nine, self->full, self->stroke, self->hand, self->nine };

    kiosk_keyboard_forget(self);
    if (old) remove_keys(self, old);
    if (!self->grids[keys]) self->grids[keys] = g_object_ref_sink(grid_new(self, keys));
    gtk_box_append(self->holder, self->grids[keys]);
    self->keys = keys;
    gtk_toggle_button_set_active(tabs[keys], TRUE);
    if (old && keys < KEYS_DIGITS)
        kiosk_store_count(self->desk->store, KIOSK_COUNT_INPUT, names[keys]);
    g_signal_emit(self, composing_signal, 0);
}

static void on_tab(KioskKeyboard *self, GtkToggleButton *tab)
{
    GtkToggleButton *tabs[] = { self->nine, self->full, self->stroke, self->hand };

    if (!gtk_toggle_button_get_active(tab) || !self->desk) return;
    for (guint i = 0; i < G_N_ELEMENTS(tabs); i++)
        if (tabs[i] == tab && self->keys != i && !(i == KEYS_NINE && self->keys == KEYS_DIGITS))
            show_keys(self, (Keys)i);
}

void kiosk_keyboard_reset(KioskKeyboard *self)
{
    show_keys(self, KEYS_NINE);
}

void kiosk_keyboard_set_desk(KioskKeyboard *self, Desk *desk)
{
    self->desk = desk;
    gtk_widget_set_visible(GTK_WIDGET(self->hand), kiosk_drawing_is_there(desk));
    show_keys(self, KEYS_NINE);
}

/* ---- object ---- */

static void kiosk_keyboard_dispose(GObject *object)
{
    KioskKeyboard *self = KIOSK_KEYBOARD(object);

    g_clear_pointer(&self->box, gtk_widget_unparent);
    for (guint i = 0; i < KEYS_COUNT; i++)
        g_clear_object(&self->grids[i]);
    for (guint i = 0; i < G_N_ELEMENTS(self->inputs); i++)
        g_clear_pointer(&self->inputs[i], input_free);
    set_letters(self, NULL);
    g_clear_pointer(&self->drawn, g_strfreev);
    G_OBJECT_CLASS(kiosk_keyboard_parent_class)->dispose(object);
}

static void kiosk_keyboard_class_init(KioskKeyboardClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    GType type = KIOSK_TYPE_KEYBOARD;

    G_OBJECT_CLASS(class)->dispose = kiosk_keyboard_dispose;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
    gtk_widget_class_set_css_name(widget_class, "keyboard");
    gtk_widget_class_set_template_from_resource(widget_class, "/bianmin/kiosk/ui/keyboard.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskKeyboard, box);
    gtk_widget_class_bind_template_child(widget_class, KioskKeyboard, candidates);
    gtk_widget_class_bind_template_child(widget_class, KioskKeyboard, holder);
    gtk_widget_class_bind_template_child(widget_class, KioskKeyboard, nine);
    gtk_widget_class_bind_template_child(widget_class, KioskKeyboard, full);
    gtk_widget_class_bind_template_child(widget_class, KioskKeyboard, stroke);
    gtk_widget_class_bind_template_child(widget_class, KioskKeyboard, hand);
    gtk_widget_class_bind_template_callback(widget_class, on_tab);
    commit_signal = g_signal_new("commit", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
    composing_signal =
        g_signal_new("composing", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    erase_signal =
        g_signal_new("erase", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    clear_signal =
        g_signal_new("clear", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    search_signal =
        g_signal_new("search", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void add_slots(KioskKeyboard *self)
{
    for (guint i = 0; i < CANDIDATES_SHOWN; i++) {
        self->slots[i] = kiosk_tile_new(NULL, "", NULL);
        g_object_set(self->slots[i], "centered", TRUE, NULL);
        gtk_widget_add_css_class(self->slots[i], "candidate");
        gtk_widget_set_visible(self->slots[i], FALSE);
        g_signal_connect_swapped(self->slots[i], "clicked", G_CALLBACK(on_candidate), self);
        gtk_box_append(self->candidates, self->slots[i]);
    }
    self->more = kiosk_tile_new("next", NULL, NULL);
    g_object_set(self->more, "centered", TRUE, NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(self->more), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   "更多字", -1);
    gtk_widget_add_css_class(self->more, "candidate");
    gtk_widget_set_visible(self->more, FALSE);
    g_signal_connect_swapped(self->more, "clicked", G_CALLBACK(on_more), self);
    gtk_box_append(self->candidates, self->more);
}

static void kiosk_keyboard_init(KioskKeyboard *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    gtk_toggle_button_set_group(self->full, self->nine);
    gtk_toggle_button_set_group(self->stroke, self->nine);
    gtk_toggle_button_set_group(self->hand, self->nine);
    add_slots(self);
}

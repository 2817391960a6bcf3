#include "kiosk/key_grid.h"

#include <string.h>

#include "kiosk/icon.h"

struct _KioskKeyGrid {
    GtkWidget parent_instance;
    GtkGrid *grid;
};

G_DEFINE_FINAL_TYPE(KioskKeyGrid, kiosk_key_grid, GTK_TYPE_WIDGET)

static guint key_signal;

typedef struct {
    int command;
    const char *big, *small; /* as they stand on the key; `small` of a command is its icon */
    const char *name;        /* NULL: "键 " and `big` */
    int column, row, width;
} Key;

#define COMMANDS(column, last)                                                                     \
    { KEY_GRID_ERASE, "删除", "backspace", "删除", column, 0, 1 },                                 \
        { KEY_GRID_CLEAR, "清空", "delete", "清空", column, 1, 1 },                                \
    {                                                                                              \
        KEY_GRID_SEARCH, "查找", "search", "查找", last, 3, 4 - (last)                             \
    }
#define DIGITS                                                                                     \
    { '1', "1", NULL, NULL, 0, 0, 1 }, { '2', "2", NULL, NULL, 1, 0, 1 },                          \
        { '3', "3", NULL, NULL, 2, 0, 1 }, { '4', "4", NULL, NULL, 0, 1, 1 },                      \
        { '5', "5", NULL, NULL, 1, 1, 1 }, { '6', "6", NULL, NULL, 2, 1, 1 },                      \
        { '7', "7", NULL, NULL, 0, 2, 1 }, { '8', "8", NULL, NULL, 1, 2, 1 },                      \
        { '9', "9", NULL, NULL, 2, 2, 1 },                                                         \
    {                                                                                              \
        '0', "0", NULL, NULL, 0, 3, 1                                                              \
    }

static const Key nine_keys[] = {
    { '\'', "1", "分词", NULL, 0, 0, 1 },
    { '2', "2", "ABC", NULL, 1, 0, 1 },
    { '3', "3", "DEF", NULL, 2, 0, 1 },
    { '4', "4", "GHI", NULL, 0, 1, 1 },
    { '5', "5", "JKL", NULL, 1, 1, 1 },
    { '6', "6", "MNO", NULL, 2, 1, 1 },
    { '7', "7", "PQRS", NULL, 0, 2, 1 },
    { '8', "8", "TUV", NULL, 1, 2, 1 },
    { '9', "9", "WXYZ", NULL, 2, 2, 1 },
    { KEY_GRID_DIGITS, "数字", "keyboard", "数字", 3, 2, 1 },
    COMMANDS(3, 0),
    { 0 },
};

static const Key number_keys[] = {
    DIGITS,
    { KEY_GRID_LETTERS, "拼音", "keyboard", "拼音", 3, 2, 1 },
    COMMANDS(3, 1),
    { 0 },
};

static const Key pin_keys[] = {
    DIGITS,
    { KEY_GRID_ERASE, "删除", NULL, "删除", 3, 0, 1 },
    { KEY_GRID_CLEAR, "清空", NULL, "清空", 3, 1, 1 },
    { KEY_GRID_SEARCH, "确定", "check", "确定", 1, 3, 3 },
    { 0 },
};

static const Key stroke_keys[] = {
    { 'h', "一", "横", "横", 0, 0, 1 },
    { 's', "丨", "竖", "竖", 1, 0, 1 },
    { 'p', "丿", "撇", "撇", 2, 0, 1 },
    { 'n', "丶", "点、捺", "点", 0, 1, 1 },
    { 'z', "乙", "折", "折", 1, 1, 1 },
    COMMANDS(3, 0),
    { 0 },
};

/* ---- keys ---- */

GtkWidget *kiosk_key_new(int command, const char *big, const char *small, const char *name)
{
    GtkWidget *key = gtk_button_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    g_autofree char *spoken = name ? g_strdup(name) : g_strconcat("键 ", big, NULL);

    gtk_widget_add_css_class(key, command == KEY_GRID_SEARCH ? "primary" : "key");
    gtk_widget_set_halign(box, GTK_ALIGN_CENTER);
    if (command >= KEY_GRID_ERASE) {
        gtk_widget_add_css_class(key, "command");
        if (small) gtk_box_append(GTK_BOX(box), kiosk_icon_new(small));
        gtk_box_append(GTK_BOX(box), gtk_label_new(big));
    } else {
        if (big) gtk_box_append(GTK_BOX(box), gtk_label_new(big));
        if (small) {
            GtkWidget *letters = gtk_label_new(small);
            gtk_widget_add_css_class(letters, "small");
            gtk_box_append(GTK_BOX(box), letters);
        }
    }
    gtk_button_set_child(GTK_BUTTON(key), box);
    gtk_widget_set_hexpand(key, TRUE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(key), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    g_object_set_data(G_OBJECT(key), "command", GINT_TO_POINTER(command));
    return key;
}

static void on_clicked(KioskKeyGrid *self, GtkWidget *key)
{
    int command = GPOINTER_TO_INT(g_object_get_data(G_OBJECT(key), "command"));
    g_signal_emit(self, key_signal, 0, command);
}

static void add(KioskKeyGrid *self, int command, const char *big, const char *small,
                const char *name, int column, int row, int width)
{
    GtkWidget *key = kiosk_key_new(command, big, small, name);
    g_signal_connect_swapped(key, "clicked", G_CALLBACK(on_clicked), self);
    gtk_grid_attach(self->grid, key, column, row, width, 1);
}

static void add_all(KioskKeyGrid *self, const Key *keys)
{
    for (const Key *key = keys; key->command; key++)
        add(self, key->command, key->big, key->small, key->name, key->column, key->row, key->width);
}

/* A mark that has no name is not known for what it does: the word stands alone. */
static void add_separator(KioskKeyGrid *self, int column, int row, int width)
{
    add(self, '\'', NULL, "分词", "分词", column, row, width);
}

static void add_letter(KioskKeyGrid *self, char letter, int column, int row, int width)
{
    char big[] = { g_ascii_toupper(letter), '\0' };
    add(self, letter, big, NULL, NULL, column, row, width);
}

/* As on a telephone; each key is two columns wide, so that a row can begin half a key later. */
static void add_qwerty(KioskKeyGrid *self)
{
    static const char *const rows[] = { "qwertyuiop", "asdfghjkl", "zxcvbnm" };

    for (int row = 0; row < 3; row++)
        for (int i = 0; rows[row][i]; i++)
            add_letter(self, rows[row][i], 2 * i + (row == 0 ? 0 : row == 1 ? 1 : 2), row, 2);
    add_separator(self, 0, 2, 2);
    add(self, KEY_GRID_ERASE, "删除", "backspace", "删除", 16, 2, 4);
    add(self, KEY_GRID_CLEAR, "清空", "delete", "清空", 0, 3, 5);
    add(self, KEY_GRID_DIGITS, "数字", "keyboard", "数字", 5, 3, 5);
    add(self, KEY_GRID_SEARCH, "查找", "search", "查找", 10, 3, 10);
}

/* Ten keys do not fit half a wide screen: eight in a row, in the order of the alphabet. */
static void add_alphabet(KioskKeyGrid *self)
{
    for (int i = 0; i < 26; i++)
        add_letter(self, (char)('a' + i), i % 8, i / 8, 1);
    add_separator(self, 2, 3, 1);
    add(self, KEY_GRID_ERASE, "删除", NULL, "删除", 3, 3, 1);
    add(self, KEY_GRID_CLEAR, "清空", NULL, "清空", 4, 3, 1);
    add(self, KEY_GRID_DIGITS, "数字", NULL, "数字", 5, 3, 1);
    add(self, KEY_GRID_SEARCH, "查找", "search", "查找", 6, 3, 2);
}

/* ---- object ---- */

static void kiosk_key_grid_dispose(GObject *object)
{
    KioskKeyGrid *self = KIOSK_KEY_GRID(object);
    if (self->grid) gtk_widget_unparent(GTK_WIDGET(self->grid));
    self->grid = NULL;
    G_OBJECT_CLASS(kiosk_key_grid_parent_class)->dispose(object);
}

static void kiosk_key_grid_class_init(KioskKeyGridClass *class)
{
    G_OBJECT_CLASS(class)->dispose = kiosk_key_grid_dispose;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "keys");
    key_signal = g_signal_new("key", KIOSK_TYPE_KEY_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 1, G_TYPE_INT);
}

static void kiosk_key_grid_init(KioskKeyGrid *self)
{
    self->grid = GTK_GRID(gtk_grid_new());
    gtk_grid_set_column_homogeneous(self->grid, TRUE);
    gtk_grid_set_row_homogeneous(self->grid, TRUE);
    gtk_widget_add_css_class(GTK_WIDGET(self->grid), "keys");
    gtk_widget_set_hexpand(GTK_WIDGET(self), TRUE);
    gtk_widget_set_parent(GTK_WIDGET(self->grid), GTK_WIDGET(self));
}

GtkWidget *kiosk_key_grid_new(KeyGridKind kind, gboolean is_landscape)
{
    KioskKeyGrid *self = g_object_new(KIOSK_TYPE_KEY_GRID, NULL);

    switch (kind) {
    case KEY_GRID_NINE:
        add_all(self, nine_keys);
        break;
    case KEY_GRID_NUMBERS:
        add_all(self, number_keys);
        break;
    case KEY_GRID_PIN:
        add_all(self, pin_keys);
        break;
    case KEY_GRID_STROKE:
        add_all(self, stroke_keys);
        break;
    case KEY_GRID_FULL:
        gtk_widget_add_css_class(GTK_WIDGET(self), "many");
        if (is_landscape)
            add_alphabet(self);
        else
            add_qwerty(self);
        break;
    }
    return GTK_WIDGET(self);
}
